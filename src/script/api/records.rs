//! Records as scripts see them: frozen as the store knows them, page by page where there are many.

use std::rc::Rc;

use rhai::{Dynamic, Engine, NativeCallContext};

use crate::diagnostic::Code;
use crate::operation::{self, Facts, Refusal, unknown_record};
use crate::record::{self, RecordKey};
use crate::text::suggest;

use super::connections::connections_of;
use super::desk::{Answer, Desk, Told, asked};
use super::listing::{List, Listing, Walk};
use super::offer::offer;
use super::values::{of_field, or_unit};

/// How many records are read at once.
const PAGE: usize = 500;

/// A record.
#[derive(Clone)]
pub(super) struct Record {
    pub desk: Rc<Desk>,
    pub known: Rc<record::Record>,
}

/// All records of a type, or those of one owner.
#[derive(Clone)]
pub(super) struct Records {
    desk: Rc<Desk>,
    record_type: String,
    owner: Option<String>,
}

impl Record {
    fn new(desk: &Rc<Desk>, known: record::Record) -> Self {
        Self { desk: Rc::clone(desk), known: Rc::new(known) }
    }

    pub(super) fn key(&self) -> &RecordKey {
        &self.known.key
    }

    /// A field by its name, also one of those that every record has.
    fn field(&self, name: &str) -> Told<Dynamic> {
        let known = &*self.known;
        match name {
            "id" => return Ok(known.key.id.as_str().into()),
            "type" => return Ok(known.key.record_type.as_str().into()),
            "name" => return Ok(or_unit(known.name.as_deref())),
            "owner" => return Ok(or_unit(known.owner.as_deref())),
            "open" => return Ok(known.is_open.into()),
            _ => {}
        }
        if let Some(value) = known.fields.get(name) {
            return Ok(of_field(value));
        }
        self.is_declared(name).map(|()| Dynamic::UNIT)
    }

    /// Where fields are declared, a name that is none is a mistake.
    fn is_declared(&self, name: &str) -> Told<()> {
        let staging = self.desk.staging.borrow();
        let declared = staging.settings().record_type(&self.known.key.record_type).and_then(|of| of.fields.as_ref());
        let Some(fields) = declared.filter(|fields| !fields.contains_key(name)) else { return Ok(()) };
        let refusal = Refusal::new(Code::UnknownField, format!("a {} has no field `{name}`", self.known.key.record_type));
        let built_in = ["id", "type", "name", "owner", "open"];
        Err(match suggest(name, fields.keys().map(String::as_str).chain(built_in)) {
            Some(near) => refusal.help(format!("did you mean `{near}`?")),
            None => refusal.help("segue.yaml declares the fields of record types"),
        }
        .into())
    }
}

impl Listing for Records {
    fn length(&self) -> Answer<usize> {
        if self.owner.is_some() {
            return self.walk().try_fold(0, |count, record| record.map(|_| count + 1));
        }
        self.desk.is_open()?;
        let count = self.desk.ask(|ground| Ok(ground.record_count(&self.record_type)?));
        let count = count.map_err(|failure| self.desk.refuse(None, failure))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn walk(&self) -> Walk {
        let (records, mut page, mut is_last) = (self.clone(), Vec::new().into_iter(), false);
        let mut after: Option<String> = None;
        Box::new(std::iter::from_fn(move || {
            loop {
                if let Some(record) = page.next() {
                    let record: record::Record = record;
                    if records.owner.is_none() || record.owner == records.owner {
                        return Some(Ok(Dynamic::from(Record::new(&records.desk, record))));
                    }
                    continue;
                }
                if is_last {
                    return None;
                }
                match records.page(after.as_deref()) {
                    Ok(read) => {
                        is_last = read.len() < PAGE;
                        after = read.last().map(|record| record.key.id.clone());
                        page = read.into_iter();
                    }
                    Err(error) => {
                        is_last = true;
                        return Some(Err(error));
                    }
                }
            }
        }))
    }
}

impl Records {
    fn page(&self, after: Option<&str>) -> Answer<Vec<record::Record>> {
        self.desk.is_open()?;
        if let Some(run) = self.desk.run.get() {
            // A long way without a word of the script in between: the clock is looked at here.
            run.guard().check();
        }
        let page = self.desk.ask(|ground| Ok(ground.records(&self.record_type, after, PAGE)?));
        page.map_err(|failure| self.desk.refuse(None, failure))
    }
}

fn find(desk: &Rc<Desk>, record_type: &str, id: &str) -> Told<Option<Record>> {
    let key = RecordKey { record_type: record_type.to_owned(), id: id.to_owned() };
    let known = desk.ask(|ground| Ok(ground.record(&key)?))?;
    Ok(known.map(|known| Record::new(desk, known)))
}

pub(super) fn register(engine: &mut Engine, desk: &Rc<Desk>) {
    let [one, perhaps, all, of_owner] = std::array::from_fn(|_| Rc::clone(desk));
    offer! { engine;
        /// The record of a type with an id.
        ///
        /// Refused with `unknown-record` where the store knows none.
        ///
        /// `print(record("lead", "L-1").name);`
        "record"("type: string", "id: string") -> "Record" =
            move |context: NativeCallContext<'_>, record_type: &str, id: &str| -> Answer<Record> {
                asked(&context, &one, |_| {
                    let key = RecordKey { record_type: record_type.to_owned(), id: id.to_owned() };
                    Ok(find(&one, record_type, id)?.ok_or_else(|| unknown_record(&key))?)
                })
            };
        /// The record of a type with an id, or `()`.
        ///
        /// `if find_record("lead", "L-1") == () { print("not imported yet"); }`
        "find_record"("type: string", "id: string") -> "Record | ()" =
            move |context: NativeCallContext<'_>, record_type: &str, id: &str| -> Answer<Dynamic> {
                asked(&context, &perhaps, |_| Ok(find(&perhaps, record_type, id)?.map_or(Dynamic::UNIT, Dynamic::from)))
            };
        /// All records of a type, by id. They are read as the script goes on, so that there may be any number.
        ///
        /// `for lead in records("lead").filter(|r| r.region == "EMEA") { print(lead.id); }`
        "records"("type: string") -> "Records" = move |context: NativeCallContext<'_>, record_type: &str| -> Answer<Records> {
            asked(&context, &all, |_| Ok(Records { desk: Rc::clone(&all), record_type: record_type.to_owned(), owner: None }))
        };
        /// The records of a type that somebody owns, by id.
        ///
        /// `print(records("lead", "eli.stern").len);`
        "records"("type: string", "owner: string") -> "Records" =
            move |context: NativeCallContext<'_>, record_type: &str, owner: &str| -> Answer<Records> {
                let (record_type, owner) = (record_type.to_owned(), Some(owner.to_owned()));
                asked(&context, &of_owner, |_| Ok(Records { desk: Rc::clone(&of_owner), record_type, owner }))
            };
        /// Whether two records are the same one.
        ///
        /// `record("lead", "L-1") == record("lead", "L-1")`
        "=="("record: Record", "other: Record") -> "bool" = |record: &mut Record, other: Record| record.key() == other.key();
        /// Whether two records are different ones.
        ///
        /// `record("lead", "L-1") != record("lead", "L-2")`
        "!="("record: Record", "other: Record") -> "bool" = |record: &mut Record, other: Record| record.key() != other.key();
        /// The record as `print` shows it.
        ///
        /// `print(record("lead", "L-1"));`
        "to_string"("record: Record") -> "string" = |record: &mut Record| record.key().to_string();
        /// The record as `debug` shows it.
        ///
        /// `debug(record("lead", "L-1"));`
        "to_debug"("record: Record") -> "string" = |record: &mut Record| record.key().to_string();
        /// Its running connections, by sequence.
        ///
        /// `for connection in record("lead", "L-1").connections() { print(connection.sequence); }`
        "connections"("record: Record") -> "List" = |context: NativeCallContext<'_>, record: &mut Record| -> Answer<List> {
            let desk = Rc::clone(&record.desk);
            asked(&context, &record.desk, |known| known.ask(|ground| Ok(ground.running(record.key())?)))
                .map(|running| connections_of(&desk, running))
        };
        /// A field by its name: `record["case"]`, also where the name is a word that Rhai reserves. A field without a value is
        /// `()`. Where no fields are declared, so is every other name.
        ///
        /// Refused with `unknown-field` where the workspace declares fields and this is none.
        ///
        /// `record("lead", "L-1")["region"]`
        "index$get$"("record: Record", "field: string") -> "anything" =
            |context: NativeCallContext<'_>, record: &mut Record, name: &str| -> Answer<Dynamic> {
                asked(&context, &record.desk, |_| record.field(name))
            };
        /// Refused with `not-editable`: scripts read records and do not write them.
        ///
        /// `segue records import` brings other values.
        "index$set$"("record: Record", "field: string", "value: anything") -> "()" =
            |context: NativeCallContext<'_>, record: &mut Record, name: &str, _: Dynamic| -> Answer<()> {
                asked(&context, &record.desk, |_| {
                    let refusal = Refusal::new(Code::NotEditable, format!("`{name}` of {} is not written by scripts", record.key()));
                    Err(refusal.help("records change where they come from: `segue records import` takes it over").into())
                })
            };
    }
    let properties = [
        ("id", "string", "The record's id in the system that it comes from."),
        ("type", "string", "Its type, like `lead`."),
        ("name", "string | ()", "What people call it."),
        ("owner", "string | ()", "The person whose it is."),
        ("open", "bool", "Whether it is still worked on."),
    ];
    for (name, returns, doc) in properties {
        let page = [format!("/// {doc}"), "///".to_owned(), format!("/// `record(\"lead\", \"L-1\").{name}`")];
        let _ = rhai::FuncRegistration::new_getter(name)
            .with_comments(page)
            .with_params_info(["record: Record", returns])
            .register_into_engine(engine, move |context: NativeCallContext<'_>, record: &mut Record| -> Answer<Dynamic> {
                asked(&context, &record.desk, |_: &Desk| -> Result<Dynamic, operation::Failure> { record.field(name) })
            });
    }
}
