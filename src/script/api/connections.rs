//! Connections as scripts see them: frozen as the store knows them.

use std::rc::Rc;

use rhai::{Dynamic, Engine, FuncRegistration, NativeCallContext};

use crate::operation::{Facts, unknown_record};
use crate::progress;

use super::desk::{Answer, Desk, Told, asked};
use super::listing::List;
use super::node::{At, Node};
use super::records::Record;
use super::sequences::Sequence;

/// A record's way through a sequence.
#[derive(Clone)]
pub(super) struct Connection {
    desk: Rc<Desk>,
    known: Rc<progress::Connection>,
}

/// Connections as handles.
pub(super) fn connections_of(desk: &Rc<Desk>, connections: Vec<progress::Connection>) -> List {
    let handle = |known| Dynamic::from(Connection { desk: Rc::clone(desk), known: Rc::new(known) });
    List::new(connections.into_iter().map(handle).collect())
}

impl Connection {
    fn property(&self, name: &str) -> Told<Dynamic> {
        let known = &*self.known;
        Ok(match name {
            "record" => {
                let record = self.desk.ask(|ground| Ok(ground.record(&known.record)?))?;
                let record = record.ok_or_else(|| unknown_record(&known.record))?;
                Dynamic::from(Record { desk: Rc::clone(&self.desk), known: Rc::new(record) })
            }
            "sequence" => {
                let (desk, sequence) = (Rc::clone(&self.desk), known.sequence.clone());
                Dynamic::from(Sequence(Node { desk, sequence, edit: None, at: At::Root }))
            }
            "version" => Dynamic::from_int(known.version.into()),
            "step" => known.step.as_str().into(),
            "connected_at" => known.connected_at.to_string().into(),
            "connected_by" => known.connected_by.as_str().into(),
            _ => known.entered_at.to_string().into(),
        })
    }
}

pub(super) fn register(engine: &mut Engine) {
    let properties = [
        ("record", "Record", "The record."),
        ("sequence", "Sequence", "The sequence."),
        ("version", "int", "The version that it runs on, to its end."),
        ("step", "string", "The id of the step where it stands, in that version."),
        ("connected_at", "string", "When the record was connected, in UTC."),
        ("connected_by", "string", "Who connected it."),
        ("entered_at", "string", "When it came to the step, in UTC."),
    ];
    for (name, returns, doc) in properties {
        let example = format!("/// `sequence(\"inbound-lead\").connections().map(|c| c.{name})`");
        let page = [format!("/// {doc}"), "///".to_owned(), example];
        let getter = FuncRegistration::new_getter(name).with_comments(page);
        let _ = getter.with_params_info(["connection: Connection", returns]).register_into_engine(
            engine,
            move |context: NativeCallContext<'_>, connection: &mut Connection| -> Answer<Dynamic> {
                asked(&context, &connection.desk, |_| connection.property(name))
            },
        );
    }
    for name in ["to_string", "to_debug"] {
        let page = ["/// The connection as a line.", "///", "/// `print(sequence(\"inbound-lead\").connections());`"];
        let _ = FuncRegistration::new(name)
            .with_comments(page)
            .with_params_info(["connection: Connection", "string"])
            .register_into_engine(engine, |connection: &mut Connection| {
                format!("{} in {} at {}", connection.known.record, connection.known.sequence, connection.known.step)
            });
    }
}
