//! What lists and pages show.

use std::ops::ControlFlow;

use segue::operation::RowChange;
use segue::outside::store::{EventKind, RecordCount, SequenceLine, Store, VersionLine, Which};
use segue::progress::EndReason;
use segue::record::RecordUpdate;
use segue::sequence::State;
use segue::text::Digest;

use super::world::{
    Place, at, connect, connection, decide, end, end_all, entry, id, import, lead, publish, record, resume, rows, serve,
};

/// Leads 1 to 4; `inbound` with two versions and three connections, one of them ended, `cold` stopped, `gone` deleted.
fn filled(place: &Place) -> Store {
    let mut store = place.store();
    import(&mut store, &["1", "2", "3", "4"]);
    let closed = RecordUpdate { is_open: Some(false), ..RecordUpdate::from(record("4")) };
    store.import(&mut segue::outside::store::Bulk::new(entry("close")), [closed]).unwrap();
    decide(&mut store, vec![publish("inbound", 1), serve("inbound", State::Active), connect("1", "inbound", 1, 1)]).unwrap();
    decide(&mut store, vec![serve("inbound", State::Revision), publish("inbound", 2)]).unwrap();
    let mut further = connection("2", "inbound", 2, 1);
    further.step = "call".to_owned();
    decide(&mut store, vec![RowChange::Connect(further), connect("3", "inbound", 2, 1)]).unwrap();
    decide(&mut store, vec![end("3", "inbound")]).unwrap();
    decide(&mut store, vec![publish("cold", 1), serve("cold", State::Active), connect("1", "cold", 1, 1)]).unwrap();
    let stop = vec![end_all("cold", EndReason::SequenceDeactivated), serve("cold", State::Inactive)];
    store.decide(&entry("deactivate"), &rows(stop), &Default::default()).unwrap();
    decide(&mut store, vec![publish("gone", 1), super::world::delete("gone")]).unwrap();
    let note = RowChange::Note { sequence: id("draft"), verb: "clone", detail: "from inbound".to_owned() };
    decide(&mut store, vec![note]).unwrap();
    store
}

#[test]
fn sequences_are_listed_with_what_runs() {
    let place = Place::new();
    let store = filled(&place);
    let line = |name: &str, state, newest_version, running, due, in_error| SequenceLine {
        id: id(name),
        state,
        newest_version,
        running,
        due,
        in_error,
    };
    let expected = [line("cold", State::Inactive, 1, 0, 0, 0), line("inbound", State::Revision, 2, 2, 0, 0)];
    assert_eq!(store.sequences(at(0)).unwrap(), expected);
    // What moves connections is not this room's; it writes these columns.
    let database = rusqlite::Connection::open(place.path()).unwrap();
    let due = at(100).as_microsecond();
    database.execute("UPDATE connection SET due = ?1", [due]).unwrap();
    database.execute("UPDATE connection SET error_code = 'no-address' WHERE step = 'call'", []).unwrap();
    assert_eq!(store.sequences(at(99)).unwrap()[1], line("inbound", State::Revision, 2, 2, 0, 1));
    assert_eq!(store.sequences(at(100)).unwrap()[1], line("inbound", State::Revision, 2, 2, 2, 1));
}

#[test]
fn connections_are_shown_by_sequence_and_by_record() {
    let place = Place::new();
    let store = filled(&place);
    let shown = |which| {
        let mut lines = Vec::new();
        let visit = |line: segue::outside::store::ConnectionLine| {
            lines.push((
                line.record_name.unwrap(),
                line.connection.version,
                line.connection.step,
                line.connection.ended.is_some(),
            ));
            ControlFlow::Continue(())
        };
        store.each_connection(&id("inbound"), which, visit).unwrap();
        lines
    };
    let line = |name: &str, version, step: &str, ended| (name.to_owned(), version, step.to_owned(), ended);
    let running = [line("Lead 1", 1, "intro", false), line("Lead 2", 2, "call", false)];
    assert_eq!(shown(Which::Running), running);
    assert_eq!(shown(Which::All).len(), 3);
    let of_lead: Vec<_> = store.connections_of(&lead("1")).unwrap().into_iter().map(|line| line.connection.sequence).collect();
    assert_eq!(of_lead, [id("cold"), id("inbound")]);
    let mut first = None;
    let visit = |line| {
        assert!(first.replace(line).is_none(), "nothing comes behind the end");
        ControlFlow::Break(())
    };
    store.each_connection(&id("inbound"), Which::All, visit).unwrap();
    assert!(first.is_some());
}

#[test]
fn records_are_shown_in_order_from_anywhere() {
    let place = Place::new();
    let store = filled(&place);
    assert_eq!(store.record_counts().unwrap(), [RecordCount { record_type: "lead".into(), open: 3, closed: 1 }]);
    let ids = |record_type: &str, after| {
        let mut ids = Vec::new();
        let visit = |record: segue::record::Record| {
            ids.push(record.key.id);
            ControlFlow::Continue(())
        };
        store.each_record(record_type, after, visit).unwrap();
        ids
    };
    assert_eq!(ids("lead", None), ["1", "2", "3", "4"]);
    assert_eq!(ids("lead", Some("2")), ["3", "4"]);
    assert_eq!(ids("contact", None), [""; 0]);
}

#[test]
fn versions_tell_who_why_and_how_many() {
    let place = Place::new();
    let versions = filled(&place).version_lines(&id("inbound")).unwrap();
    let second = VersionLine {
        number: 2,
        meaning: Digest::of("name: inbound 2\n"),
        message: Some("edition 2".to_owned()),
        actor: "ana.ruiz".to_owned(),
        at: at(0),
        skip_non_working_days: false,
        running: 1,
        connections: 2,
    };
    assert_eq!(versions[1], second);
    assert_eq!((versions[0].running, versions[0].connections, versions.len()), (1, 1, 2));
    assert_eq!(filled(&Place::new()).version_lines(&id("gone")).unwrap().len(), 1);
}

#[test]
fn what_fell_due_while_a_connection_was_ended_is_due_now() {
    let place = Place::new();
    let mut store = filled(&place);
    let database = rusqlite::Connection::open(place.path()).unwrap();
    for (record, due) in [("1", Some(at(-100))), ("2", Some(at(500)))] {
        let sql = "UPDATE connection SET due = ?1, first_due = ?1 WHERE record = (SELECT number FROM record WHERE id = ?2)";
        database.execute(sql, (due.map(|due| due.as_microsecond()), record)).unwrap();
    }
    let operation = decide(&mut store, vec![end_all("inbound", EndReason::UserDisconnected)]).unwrap();
    decide(&mut store, vec![resume("inbound", operation, EndReason::UserDisconnected, 2)]).unwrap();
    let mut due = Vec::new();
    let visit = |line: segue::outside::store::ConnectionLine| {
        due.push((line.connection.record.id, line.due));
        ControlFlow::Continue(())
    };
    store.each_connection(&id("inbound"), Which::Running, visit).unwrap();
    due.sort();
    let expected = [("1", Some(at(0))), ("2", Some(at(500)))];
    assert_eq!(due, expected.map(|(record, due)| (record.to_owned(), due)));
    let first: i64 = database.query_row("SELECT min(first_due) FROM connection", [], |row| row.get(0)).unwrap();
    assert_eq!(first, at(-100).as_microsecond(), "what the sequence has is kept beside it");
}

#[test]
fn history_has_every_change_under_its_operation() {
    let place = Place::new();
    let store = filled(&place);
    let operations = store.operations(None, 100).unwrap();
    assert_eq!((operations[0].what.as_str(), operations[0].events), ("test", 1));
    assert_eq!(operations.last().map(|line| (line.what.as_str(), line.events)), Some(("records import", 4)));
    let older = store.operations(Some(operations[0].number), 2).unwrap();
    assert_eq!(older, operations[1..3]);
    let stopped = operations.iter().find(|line| line.what == "deactivate").unwrap();
    let mut events = Vec::new();
    let visit = |event: segue::outside::store::EventLine| {
        events.push((event.kind, event.record, event.word, event.step));
        ControlFlow::Continue(())
    };
    store.each_event(stopped.number, visit).unwrap();
    let ended = (EventKind::Ended, Some(lead("1")), Some("sequence_deactivated".to_owned()), Some("intro".to_owned()));
    assert_eq!(events, [ended, (EventKind::Served, None, Some("inactive".to_owned()), None)]);
    let kinds = |events: Vec<segue::outside::store::EventLine>| events.into_iter().map(|event| event.kind).collect::<Vec<_>>();
    let of_inbound = kinds(store.history_of(&id("inbound"), 10).unwrap());
    assert_eq!(of_inbound, [EventKind::Published, EventKind::Served, EventKind::Served, EventKind::Published]);
    let of_lead = kinds(store.history_of_record(&lead("4"), 10).unwrap());
    assert_eq!(of_lead, [EventKind::RecordClosed, EventKind::RecordAdded]);
    let draft = store.history_of(&id("draft"), 10).unwrap();
    assert_eq!((draft[0].word.as_deref(), draft[0].detail.as_deref()), (Some("clone"), Some("from inbound")));
    assert!(store.sequences(at(0)).unwrap().iter().all(|line| line.id != id("draft")));
}
