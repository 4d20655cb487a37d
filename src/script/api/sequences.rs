//! Sequences as scripts see them, and the verbs.

use std::rc::Rc;

use rhai::{Dynamic, Engine, FnPtr, FuncRegistration, Map, NativeCallContext};

use crate::diagnostic::Code;
use crate::lifecycle::Verb;
use crate::operation::{self, Blank, Copy, Decision, Facts, Failure, Ground, Refusal};
use crate::sequence::{SEQUENCE, SequenceId};
use crate::text::suggest;
use crate::yaml::edit::Value;

use super::connections::connections_of;
use super::desk::{Answer, Desk, Told, asked};
use super::kinds;
use super::listing::List;
use super::node::{At, Node, Steps};
use super::offer::offer;
use super::records::Record;
use super::sheet::{atomic, edited};
use super::steps::{get, set};
use super::values::{one_or_more, to_file};

/// A sequence.
#[derive(Clone)]
pub(super) struct Sequence(pub Node);

impl Sequence {
    fn new(desk: &Rc<Desk>, id: SequenceId) -> Self {
        Self(Node { desk: Rc::clone(desk), sequence: id, edit: None, at: At::Root })
    }

    fn id(&self) -> &SequenceId {
        &self.0.sequence
    }
}

/// The sequence of that id, which a file declares.
fn find(desk: &Rc<Desk>, id: &str) -> Told<Option<Sequence>> {
    let Some(id) = SequenceId::parse(id) else { return Ok(None) };
    let staging = desk.staging.borrow();
    if staging.find(&id).is_none() {
        return Ok(None);
    }
    staging.get(&id)?;
    Ok(Some(Sequence::new(desk, id)))
}

fn known(desk: &Rc<Desk>, id: &str) -> Told<Sequence> {
    if let Some(sequence) = find(desk, id)? {
        return Ok(sequence);
    }
    // Of one whose file is gone the core says more.
    if let Some(id) = SequenceId::parse(id) {
        desk.ask(|ground| ground.file(&id).map(drop))?;
    }
    Err(desk.staging.borrow().unknown(id).into())
}

fn new_sequence(desk: &Rc<Desk>, id: &str, says: &Map) -> Told<Sequence> {
    let mut blank = Blank { id: id.to_owned(), ..Blank::default() };
    for (key, value) in says {
        let value = to_file(value)?;
        match key.as_str() {
            "folder" => blank.folder = value.as_str().map(str::to_owned).ok_or_else(|| no_text("`folder`"))?,
            // What these say is written by verbs; the core has the words for it.
            "state" | "version" | "message" | "cloned_from" | "formerly" => blank.values.push((key.to_string(), value)),
            name => {
                let Some(known) = SEQUENCE.keys().find(|known| known.name == name) else {
                    return Err(kinds::unknown_key(&SEQUENCE, name).into());
                };
                if !value.is_null() {
                    let value = kinds::fitted(&known.kind, value, &format!("`{name}`"))?;
                    blank.values.push((name.to_owned(), value));
                }
            }
        }
    }
    in_order(&mut blank.values);
    let asked: Vec<SequenceId> = SequenceId::parse(id).into_iter().collect();
    desk.perform(Verb::New, &asked, |ground| operation::new(ground, &blank))?;
    known(desk, id)
}

fn in_order(values: &mut [(String, Value)]) {
    let place = |name: &str| SEQUENCE.keys().position(|key| key.name == name);
    values.sort_by_key(|(name, _)| place(name));
}

fn cloned(sequence: &Sequence, id: &str, says: &Map) -> Told<Sequence> {
    let desk = &sequence.0.desk;
    desk.is_not_open(sequence.id(), Verb::Clone)?;
    let mut copy = Copy { id: id.to_owned(), ..Copy::default() };
    for (key, value) in says {
        let text = || value.clone().into_string().map_err(|_| no_text(&format!("`{key}`")));
        match key.as_str() {
            "name" => copy.name = Some(text()?),
            "description" => copy.description = Some(text()?),
            "version" => copy.version = Some(number(value)?),
            other => {
                let refusal = Refusal::new(Code::UnknownKey, format!("a clone is not told its `{other}`")).about(sequence.id());
                let refusal = match suggest(other, ["name", "description", "version"]) {
                    Some(near) => refusal.help(format!("did you mean `{near}`?")),
                    None => refusal.help("it takes name, description and version; edit the copy for anything else"),
                };
                return Err(refusal.into());
            }
        }
    }
    let source = sequence.id();
    desk.perform(Verb::Clone, std::slice::from_ref(source), |ground| operation::clone(ground, source, &copy))?;
    known(desk, id)
}

/// The number of a version.
fn number(value: &Dynamic) -> Result<u32, Refusal> {
    let number = value.as_int().ok().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| Refusal::new(Code::WrongType, "`version` takes the number of a version").help("like `#{ version: 2 }`"))
}

fn renamed(sequence: &mut Sequence, id: &str) -> Told<()> {
    let node = &mut sequence.0;
    text_verb(&node.desk, Verb::Rename, &node.sequence, |ground, from| operation::rename(ground, from, id))?;
    node.sequence = SequenceId::parse(id).unwrap_or_else(|| node.sequence.clone());
    Ok(())
}

fn restored(desk: &Rc<Desk>, id: &str) -> Told<Sequence> {
    let Some(parsed) = SequenceId::parse(id) else { return Err(desk.staging.borrow().unknown(id).into()) };
    text_verb(desk, Verb::Edit, &parsed, |ground, id| operation::restore(ground, id, None))?;
    known(desk, id)
}

fn no_text(what: &str) -> Refusal {
    Refusal::new(Code::WrongType, format!("{what} takes text"))
}

fn activated(desk: &Rc<Desk>, ids: &[SequenceId], message: Option<&str>) -> Told<()> {
    desk.perform(Verb::Activate, ids, |ground| operation::activate(ground, ids, message))
}

/// Handles or ids as ids.
fn several(desk: &Rc<Desk>, sequences: &Dynamic) -> Told<Vec<SequenceId>> {
    let items = match (sequences.read_lock::<List>(), sequences.read_lock::<rhai::Array>()) {
        (Some(list), _) => list.0.to_vec(),
        (None, Some(array)) => array.clone(),
        (None, None) => {
            let refusal = Refusal::new(Code::WrongType, "`activate` takes a list of sequences");
            return Err(refusal.help("`activate([sequence(\"a\"), sequence(\"b\")])`").into());
        }
    };
    let id = |item: &Dynamic| match item.read_lock::<Sequence>() {
        Some(sequence) => Ok(sequence.id().clone()),
        None => {
            let text =
                item.clone().into_string().map_err(|_| Refusal::new(Code::WrongType, "this is neither a sequence nor an id"))?;
            Ok(known(desk, &text)?.id().clone())
        }
    };
    items.iter().map(id).collect()
}

/// A verb on one sequence, which is handed on.
fn verb(
    context: &NativeCallContext<'_>,
    sequence: &Sequence,
    work: impl FnOnce(&Rc<Desk>, &SequenceId) -> Told<()>,
) -> Answer<Sequence> {
    asked(context, &sequence.0.desk, |_| work(&sequence.0.desk, sequence.id()))?;
    Ok(sequence.clone())
}

/// A verb that changes the file of one sequence.
fn text_verb(
    desk: &Desk,
    verb: Verb,
    id: &SequenceId,
    decide: impl FnOnce(&Ground<'_>, &SequenceId) -> Result<Decision, Failure>,
) -> Told<()> {
    desk.perform(verb, std::slice::from_ref(id), |ground| decide(ground, id))
}

fn tagged(
    context: &NativeCallContext<'_>,
    sequence: &Sequence,
    tags: &Dynamic,
    which: Verb,
    decide: fn(&Ground<'_>, &SequenceId, &[String]) -> Result<Decision, Failure>,
) -> Answer<Sequence> {
    verb(context, sequence, |desk, id| {
        let tags = one_or_more(tags, "a tag")?;
        text_verb(desk, which, id, |ground, id| decide(ground, id, &tags))
    })
}

pub(super) fn register(engine: &mut Engine, desk: &Rc<Desk>) {
    lookups(engine, desk);
    verbs(engine);
    properties(engine);
}

fn lookups(engine: &mut Engine, desk: &Rc<Desk>) {
    let [one, perhaps, all, new, blank, together, with_message, back, whole] = std::array::from_fn(|_| Rc::clone(desk));
    offer! { engine;
        /// The sequence of that id.
        ///
        /// Refused with `unknown-sequence` where no file declares it.
        ///
        /// `print(sequence("inbound-lead").name);`
        "sequence"("id: string") -> "Sequence" = move |context: NativeCallContext<'_>, id: &str| -> Answer<Sequence> {
            asked(&context, &one, |_| known(&one, id))
        };
        /// The sequence of that id, or `()`.
        ///
        /// `if find_sequence("inbound-lead") == () { print("there is none"); }`
        "find_sequence"("id: string") -> "Sequence | ()" = move |context: NativeCallContext<'_>, id: &str| -> Answer<Dynamic> {
            asked(&context, &perhaps, |_| Ok(find(&perhaps, id)?.map_or(Dynamic::UNIT, Dynamic::from)))
        };
        /// All sequences, sorted by id, as they are now: those that are made while one goes through the list are not in it.
        ///
        /// `for s in sequences().filter(|s| s.record_type == "lead") { print(s.id); }`
        "sequences"() -> "List" = move |context: NativeCallContext<'_>| -> Answer<List> {
            asked(&context, &all, |desk| {
                let ids = desk.staging.borrow().ids();
                Ok(List::new(ids.into_iter().map(|id| Dynamic::from(Sequence::new(&all, id))).collect()))
            })
        };
        /// Makes a sequence, inactive. The map says what its file says, `steps` with it; `folder` is where the file goes, below
        /// `sequences/`. What is not said is said as in an example.
        ///
        /// Refused with `bad-id`, `sequence-exists`, `not-editable`, `unknown-key`, `missing-key`, `not-sound`, and what is wrong
        /// with a value, like `wrong-type`.
        ///
        /// `new_sequence("fair", #{ record_type: "lead", steps: [#{ id: "hello", type: "phone_call", name: "Say hello" }] });`
        "new_sequence"("id: string", "says: map") -> "Sequence" =
            move |context: NativeCallContext<'_>, id: &str, says: Map| -> Answer<Sequence> {
                asked(&context, &new, |_| new_sequence(&new, id, &says))
            };
        /// Makes a sequence, inactive, that says what an example says.
        ///
        /// Refused with `bad-id`, `sequence-exists`.
        ///
        /// `new_sequence("fair");`
        "new_sequence"("id: string") -> "Sequence" = move |context: NativeCallContext<'_>, id: &str| -> Answer<Sequence> {
            asked(&context, &blank, |_| new_sequence(&blank, id, &Map::new()))
        };
        /// Activates sequences together, so that they may refer to each other; handles or ids.
        ///
        /// Refused with `unknown-sequence`, `already-active`, `not-sound`, `too-many-active`, `message-missing`,
        /// `immutable-property`, `inside-edit`.
        ///
        /// `activate([sequence("inbound-lead"), sequence("enterprise-lead")]);`
        "activate"("sequences: array") -> "()" = move |context: NativeCallContext<'_>, sequences: Dynamic| -> Answer<()> {
            asked(&context, &together, |_| activated(&together, &several(&together, &sequences)?, None))
        };
        /// Activates sequences together, with the reason for their new versions.
        ///
        /// Refused with `unknown-sequence`, `already-active`, `not-sound`, `too-many-active`, `message-missing`,
        /// `immutable-property`, `inside-edit`.
        ///
        /// `activate(["inbound-lead", "enterprise-lead"], "shorter waits");`
        "activate"("sequences: array", "message: string") -> "()" =
            move |context: NativeCallContext<'_>, sequences: Dynamic, message: &str| -> Answer<()> {
                asked(&context, &with_message, |_| activated(&with_message, &several(&with_message, &sequences)?, Some(message)))
            };
        /// Writes what is published of a sequence back into its file, also where that is gone.
        ///
        /// Refused with `unknown-sequence`, `unknown-version` where nothing was published.
        ///
        /// `if find_sequence("inbound-lead") == () { restore("inbound-lead"); }`
        "restore"("id: string") -> "Sequence" = move |context: NativeCallContext<'_>, id: &str| -> Answer<Sequence> {
            asked(&context, &back, |_| restored(&back, id))
        };
        /// Calls a closure and returns what it returns. Where it throws, nothing of what it asked for stays, and the error goes on.
        ///
        /// `try { atomic(|| { copy.tag("emea"); copy.activate(); }); } catch (refusal) { print(refusal.message); }`
        "atomic"("closure: function") -> "anything" = move |context: NativeCallContext<'_>, closure: FnPtr| -> Answer<Dynamic> {
            atomic(&context, &whole, &closure)
        };
    }
}

fn verbs(engine: &mut Engine) {
    offer! { engine;
        /// Copies the sequence as its text stands, and returns the copy: inactive, called like the source with `(copy)`.
        ///
        /// Refused with `bad-id`, `sequence-exists`, `not-sound` where the source cannot be read.
        ///
        /// `let copy = sequence("inbound-lead").clone("inbound-lead-emea");`
        "clone"("sequence: Sequence", "id: string") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, id: &str| -> Answer<Sequence> {
                asked(&context, &sequence.0.desk, |_| cloned(sequence, id, &Map::new()))
            };
        /// Copies the sequence as its text stands, with another `name` and `description`, and returns the copy. With a `version`
        /// it copies that one.
        ///
        /// Refused with `bad-id`, `sequence-exists`, `unknown-key`, `unknown-version`, `not-sound` where the source cannot be
        /// read.
        ///
        /// `sequence("inbound-lead").clone("inbound-lead-emea", #{ name: "Inbound lead (EMEA)" });`
        "clone"("sequence: Sequence", "id: string", "says: map") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, id: &str, says: Map| -> Answer<Sequence> {
                asked(&context, &sequence.0.desk, |_| cloned(sequence, id, &says))
            };
        /// Opens the sequence, lets the closure change it, and takes all changes in at once, checked as one. Inside, a later line
        /// sees what an earlier one changed. Where the closure throws, or a change is refused, the sequence is as it was.
        ///
        /// Refused with `edited-while-active`, `immutable-property`, `not-editable`, `inside-edit`, `not-sound` where the edit
        /// brings an error that was not there.
        ///
        /// `sequence("inbound-lead").edit(|s| { s.name = "Inbound"; s.steps.remove("nudge"); });`
        "edit"("sequence: Sequence", "closure: function") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, closure: FnPtr| edited(&context, sequence, &closure);
        /// Adds one tag or several. One that is there stays.
        ///
        /// Refused with `not-sound` where a tag is none, `wrong-type`, `inside-edit`.
        ///
        /// `sequence("inbound-lead").tag("region/emea").tag(["inbound", "web"]);`
        "tag"("sequence: Sequence", "tags: string | array") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, tags: Dynamic| {
                tagged(&context, sequence, &tags, Verb::Tag, operation::tag)
            };
        /// Takes one tag or several away.
        ///
        /// Refused with `wrong-type`, `inside-edit`.
        ///
        /// `sequence("inbound-lead").untag("region/emea");`
        "untag"("sequence: Sequence", "tags: string | array") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, tags: Dynamic| {
                tagged(&context, sequence, &tags, Verb::Untag, operation::untag)
            };
        /// Lets it serve records, as it is written now.
        ///
        /// Refused with `already-active`, `not-sound`, `too-many-active`, `message-missing` for a version after the first,
        /// `inactive-target`, `immutable-property`, `inside-edit`.
        ///
        /// `sequence("inbound-lead").activate();`
        "activate"("sequence: Sequence") -> "Sequence" = |context: NativeCallContext<'_>, sequence: &mut Sequence| {
            verb(&context, sequence, |desk, id| activated(desk, std::slice::from_ref(id), None))
        };
        /// Lets it serve records, as it is written now, with the reason for the new version.
        ///
        /// Refused with `already-active`, `not-sound`, `too-many-active`, `inactive-target`, `immutable-property`, `inside-edit`.
        ///
        /// `sequence("inbound-lead").activate("shorter waits");`
        "activate"("sequence: Sequence", "message: string") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, message: &str| {
                verb(&context, sequence, |desk, id| activated(desk, std::slice::from_ref(id), Some(message)))
            };
        /// Gives it another id, and returns the handle: files that refer to it name it anew, versions and connections go along.
        /// Other handles of it still have the old id, which no file declares any more.
        ///
        /// Refused with `bad-id`, `sequence-exists`, `not-sound` where its file is no YAML, `inside-edit`.
        ///
        /// `sequence("inbound-lead").rename("web-lead").tag("web");`
        "rename"("sequence: Sequence", "id: string") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, id: &str| -> Answer<Sequence> {
                let desk = Rc::clone(&sequence.0.desk);
                asked(&context, &desk, |_| renamed(sequence, id))?;
                Ok(sequence.clone())
            };
        /// Gives it to another owner, in any state.
        ///
        /// Refused with `unknown-owner` where people are declared, `inside-edit`.
        ///
        /// `sequence("inbound-lead").assign("bo.lind");`
        "assign"("sequence: Sequence", "owner: string") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, owner: &str| {
                verb(&context, sequence, |desk, id| {
                    text_verb(desk, Verb::Assign, id, |ground, id| operation::assign(ground, id, owner))
                })
            };
        /// Writes what is published back into its file. Changes and comments since then are lost.
        ///
        /// Refused with `unknown-version` where nothing was published, `inside-edit`.
        ///
        /// `sequence("inbound-lead").restore();`
        "restore"("sequence: Sequence") -> "Sequence" = |context: NativeCallContext<'_>, sequence: &mut Sequence| {
            verb(&context, sequence, |desk, id| text_verb(desk, Verb::Edit, id, |ground, id| operation::restore(ground, id, None)))
        };
        /// Writes a version back into its file: an older one as a draft.
        ///
        /// Refused with `unknown-version`, `edited-while-active`, `inside-edit`.
        ///
        /// `sequence("inbound-lead").revise().restore(2);`
        "restore"("sequence: Sequence", "version: int") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, version: i64| {
                verb(&context, sequence, |desk, id| {
                    // No version has a number that is none.
                    let number = u32::try_from(version).unwrap_or(0);
                    text_verb(desk, Verb::Edit, id, |ground, id| operation::restore(ground, id, Some(number)))
                })
            };
        /// Begins the draft of its next version: edits go into it, and what is published serves on.
        ///
        /// Refused with `not-active`, `already-active` where there is a draft, `inside-edit`.
        ///
        /// `sequence("inbound-lead").revise().edit(|s| s.name = "Inbound").activate("a shorter name");`
        "revise"("sequence: Sequence") -> "Sequence" = |context: NativeCallContext<'_>, sequence: &mut Sequence| {
            verb(&context, sequence, |desk, id| text_verb(desk, Verb::Revise, id, operation::revise))
        };
        /// Throws the draft of its next version away: what is published comes back. Owner, tags and comments outside the steps stay.
        ///
        /// Refused with `not-active`, `already-active` where there is no draft, `inside-edit`.
        ///
        /// `sequence("inbound-lead").discard();`
        "discard"("sequence: Sequence") -> "Sequence" = |context: NativeCallContext<'_>, sequence: &mut Sequence| {
            verb(&context, sequence, |desk, id| text_verb(desk, Verb::Discard, id, operation::discard))
        };
        /// Lets it serve no longer. Its connections end.
        ///
        /// Refused with `already-inactive`, `inside-edit`.
        ///
        /// `sequence("inbound-lead").deactivate();`
        "deactivate"("sequence: Sequence") -> "Sequence" = |context: NativeCallContext<'_>, sequence: &mut Sequence| {
            verb(&context, sequence, |desk, id| text_verb(desk, Verb::Deactivate, id, operation::deactivate))
        };
        /// Removes it with its tests. Its connections end; its versions and history stay.
        ///
        /// Refused with `inside-edit`.
        ///
        /// `sequence("inbound-lead").delete();`
        "delete"("sequence: Sequence") -> "()" = |context: NativeCallContext<'_>, sequence: &mut Sequence| -> Answer<()> {
            verb(&context, sequence, |desk, id| text_verb(desk, Verb::Delete, id, operation::delete)).map(drop)
        };
        /// Connects a record to the newest published version.
        ///
        /// Refused with `not-active`, `wrong-record-type`, `record-closed`, `already-connected`.
        ///
        /// `sequence("inbound-lead").connect(record("lead", "L-1"));`
        "connect"("sequence: Sequence", "record: Record") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, record: Record| {
                verb(&context, sequence, |desk, id| {
                    desk.perform(Verb::Connect, std::slice::from_ref(id), |ground| operation::connect(ground, id, record.key()))
                })
            };
        /// Ends a record's way through the sequence.
        ///
        /// Refused with `not-connected`.
        ///
        /// `sequence("inbound-lead").disconnect(record("lead", "L-1"));`
        "disconnect"("sequence: Sequence", "record: Record") -> "Sequence" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, record: Record| {
                verb(&context, sequence, |desk, id| {
                    let own = std::slice::from_ref(id);
                    desk.perform(Verb::Disconnect, own, |ground| operation::disconnect(ground, id, record.key()))
                })
            };
        /// Its running connections, by record.
        ///
        /// `print(sequence("inbound-lead").connections().len);`
        "connections"("sequence: Sequence") -> "List" = |context: NativeCallContext<'_>, sequence: &mut Sequence| -> Answer<List> {
            let desk = Rc::clone(&sequence.0.desk);
            asked(&context, &desk, |known| known.ask(|ground| Ok(ground.connections(sequence.id())?)))
                .map(|running| connections_of(&desk, running))
        };
        /// Whether two handles mean the same sequence.
        ///
        /// `sequence("a") == sequence("a")`
        "=="("sequence: Sequence", "other: Sequence") -> "bool" =
            |sequence: &mut Sequence, other: Sequence| sequence.id() == other.id();
        /// Whether two handles mean different sequences.
        ///
        /// `sequence("a") != sequence("b")`
        "!="("sequence: Sequence", "other: Sequence") -> "bool" =
            |sequence: &mut Sequence, other: Sequence| sequence.id() != other.id();
        /// The sequence as `print` shows it: its id.
        ///
        /// `print(sequence("inbound-lead"));`
        "to_string"("sequence: Sequence") -> "string" = |sequence: &mut Sequence| sequence.id().to_string();
        /// The sequence as `debug` shows it: its id.
        ///
        /// `debug(sequence("inbound-lead"));`
        "to_debug"("sequence: Sequence") -> "string" = |sequence: &mut Sequence| sequence.id().to_string();
    }
}

fn properties(engine: &mut Engine) {
    offer! { engine;
        /// Its id: what its file is called.
        ///
        /// `print(sequences()[0].id);`
        "get$id"("sequence: Sequence") -> "string" = |sequence: &mut Sequence| sequence.id().to_string();
        /// The path of its file.
        ///
        /// `print(sequence("inbound-lead").file);`
        "get$file"("sequence: Sequence") -> "string" = |context: NativeCallContext<'_>, sequence: &mut Sequence| -> Answer<String> {
            asked(&context, &sequence.0.desk, |desk| Ok(desk.text_of(sequence.id())?.path().to_string()))
        };
        /// The state that counts: the published one, `inactive` where nothing is published. What the file says is
        /// `sequence["state"]`.
        ///
        /// `sequences().filter(|s| s.state == "active")`
        "get$state"("sequence: Sequence") -> "string" = |context: NativeCallContext<'_>, sequence: &mut Sequence| -> Answer<String> {
            asked(&context, &sequence.0.desk, |desk| {
                desk.text_of(sequence.id())?;
                desk.ask(|ground| Ok(ground.state(sequence.id())?.word().to_owned()))
            })
        };
        /// The number of the newest published version, or `()`. What the file says is `sequence["version"]`.
        ///
        /// `print(sequence("inbound-lead").version);`
        "get$version"("sequence: Sequence") -> "int | ()" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence| -> Answer<Dynamic> {
                asked(&context, &sequence.0.desk, |desk| {
                    desk.text_of(sequence.id())?;
                    let published = desk.ask(|ground| Ok(ground.published(sequence.id())?))?;
                    Ok(published.map_or(Dynamic::UNIT, |published| Dynamic::from_int(published.number.into())))
                })
            };
        /// Its steps, branches included, in the file's order.
        ///
        /// `for step in sequence("inbound-lead").steps { print(step.id); }`
        "get$steps"("sequence: Sequence") -> "Steps" = |context: NativeCallContext<'_>, sequence: &mut Sequence| -> Answer<Steps> {
            let Sequence(node) = sequence;
            asked(&context, &node.desk, |_| node.model().map(|_| ()))?;
            Ok(Steps { node: node.clone(), key: "steps" })
        };
        /// Any key of the file by its name.
        ///
        /// Refused with `unknown-key` where a sequence has no such key.
        ///
        /// `sequence("inbound-lead")["record_type"]`
        "index$get$"("sequence: Sequence", "key: string") -> "anything" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, key: &str| get(&context, &sequence.0, key);
        /// Writes a key of the file, inside `edit(|s| ...)`; `()` takes the key away.
        ///
        /// Refused with `outside-edit`, `unknown-key`, `not-editable`, and what is wrong with the value: `wrong-type`,
        /// `unknown-value`, `too-long`.
        ///
        /// `s["exit_on"] = ["replied"];`
        "index$set$"("sequence: Sequence", "key: string", "value: anything") -> "()" =
            |context: NativeCallContext<'_>, sequence: &mut Sequence, key: &str, value: Dynamic| {
                set(&context, &mut sequence.0, key, &value)
            };
    }
    for key in SEQUENCE.keys() {
        let name = key.name;
        let example = format!("/// In a file: `{name}: {}`", key.example);
        if !["state", "version", "steps"].contains(&name) {
            let page = [format!("/// {}", key.doc), "///".to_owned(), example.clone()];
            let getter = FuncRegistration::new_getter(name).with_comments(page);
            let _ = getter
                .with_params_info(["sequence: Sequence", "anything"])
                .register_into_engine(engine, move |context: NativeCallContext<'_>, sequence: &mut Sequence| {
                    get(&context, &sequence.0, name)
                });
        }
        let page = [format!("/// {} Written inside `edit(|s| ...)`.", key.doc), "///".to_owned(), example];
        let setter = FuncRegistration::new_setter(name).with_comments(page);
        let _ = setter.with_params_info(["sequence: Sequence", "value: anything", "()"]).register_into_engine(
            engine,
            move |context: NativeCallContext<'_>, sequence: &mut Sequence, value: Dynamic| {
                set(&context, &mut sequence.0, name, &value)
            },
        );
    }
}
