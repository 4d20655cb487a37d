//! What any engine must do.

use std::sync::Arc;

use segue::operation::{Changes, JournalEntry, RowChange, Standing};
use segue::outside::store::{Bulk, Imported, Modes, PendingFile};
use segue::progress::EndReason;
use segue::record::{Record, RecordUpdate, Said};
use segue::sequence::State;
use segue::shape::Value;
use segue::text::{Digest, FilePath};

use super::world::{
    Anew, Engine, Place, at, connect, connection, decide, delete, end, end_all, entry, file, id, import, lead, moved, publish,
    record, rename, resume, rows, serve, version,
};

/// The contract, part by part: each begins with a store that nobody wrote to.
fn contract<E: Engine>() -> [fn(&mut E); 15] {
    [
        what_is_published_is_told,
        a_deleted_sequence_keeps_its_versions_and_numbers,
        a_renamed_sequence_is_the_same_sequence,
        a_version_is_published_once,
        records_come_back_as_they_were,
        a_record_runs_once_through_a_sequence_at_a_time,
        connecting_rests_on_what_is_served,
        all_connections_of_a_sequence_end_at_once,
        what_ended_goes_on_where_it_stood,
        what_an_operation_let_run_ends,
        a_refused_commit_leaves_nothing,
        files_are_pending_until_they_are_settled,
        records_and_connections_are_told_in_order,
        the_journal_keeps_what_was_done,
        work_in_batches_is_one_operation,
    ]
}

#[test]
fn sqlite_keeps_the_contract() {
    for part in contract() {
        let place = Place::new();
        part(&mut place.store());
    }
}

/// Whatever holds is in the file, and in no handle.
#[test]
fn a_store_that_is_opened_for_every_question_keeps_the_contract() {
    for part in contract() {
        let place = Place::new();
        part(&mut Anew(place.path()));
    }
}

fn active(engine: &mut impl Engine, sequence: &str) {
    decide(engine, vec![publish(sequence, 1), serve(sequence, State::Active)]).unwrap();
}

fn what_is_published_is_told(engine: &mut impl Engine) {
    let sequence = id("inbound");
    assert_eq!(engine.published(&sequence), Ok(None));
    assert_eq!(engine.versions(&sequence), Ok(Vec::new()));
    active(engine, "inbound");
    let published = engine.published(&sequence).unwrap().expect("it is published");
    let newest = version(1, "name: inbound 1\n");
    assert_eq!((published.state, published.number, published.meaning), (State::Active, 1, newest.meaning));
    assert_eq!(published.versions, [(1, newest.meaning)]);
    assert_eq!(engine.version(&sequence, 1).unwrap(), Some(newest));
    decide(engine, vec![serve("inbound", State::Revision)]).unwrap();
    decide(engine, vec![publish("inbound", 2), serve("inbound", State::Active)]).unwrap();
    active(engine, "cold");
    assert_eq!(engine.published(&sequence).unwrap().map(|published| published.number), Some(2));
    let both = vec![(1, Digest::of("name: inbound 1\n")), (2, Digest::of("name: inbound 2\n"))];
    assert_eq!(engine.versions(&sequence), Ok(both));
    assert_eq!(engine.version(&sequence, 1), Ok(Some(version(1, "name: inbound 1\n"))));
    assert_eq!(engine.version(&sequence, 3), Ok(None));
    assert_eq!(engine.serving(), Ok(vec![id("cold"), id("inbound")]));
    decide(engine, vec![serve("cold", State::Inactive)]).unwrap();
    assert_eq!(engine.serving(), Ok(vec![id("inbound")]));
    assert_eq!(engine.published(&id("cold")).unwrap().map(|published| published.state), Some(State::Inactive));
}

fn a_deleted_sequence_keeps_its_versions_and_numbers(engine: &mut impl Engine) {
    active(engine, "inbound");
    decide(engine, vec![delete("inbound")]).unwrap();
    assert_eq!(engine.published(&id("inbound")), Ok(None));
    assert_eq!(engine.serving(), Ok(Vec::new()));
    assert!(engine.version(&id("inbound"), 1).unwrap().is_some());
    moved(decide(engine, vec![serve("inbound", State::Active)]));
    moved(decide(engine, vec![publish("inbound", 1)]));
    decide(engine, vec![publish("inbound", 2)]).unwrap();
    let published = engine.published(&id("inbound")).unwrap().expect("it is published again");
    assert_eq!((published.state, published.number), (State::Inactive, 2));
    // One that was only ever a file can go too.
    decide(engine, vec![delete("draft")]).unwrap();
    assert_eq!(engine.versions(&id("draft")), Ok(Vec::new()));
}

fn a_renamed_sequence_is_the_same_sequence(engine: &mut impl Engine) {
    import(engine, &["1"]);
    active(engine, "inbound");
    decide(engine, vec![connect("1", "inbound", 1, 1)]).unwrap();
    decide(engine, vec![rename("inbound", "web"), publish("web", 2)]).unwrap();
    assert_eq!(engine.published(&id("inbound")), Ok(None));
    assert_eq!(engine.versions(&id("inbound")), Ok(Vec::new()));
    assert_eq!(engine.published(&id("web")).unwrap().map(|published| published.number), Some(2));
    assert_eq!(engine.serving(), Ok(vec![id("web")]));
    assert_eq!(engine.connection(&lead("1"), &id("web")), Ok(Some(connection("1", "web", 1, 1))));
    assert_eq!(engine.former_ids(&id("web")), Ok(vec![id("inbound")]));
    // What stops under one id stops under the other.
    moved(decide(engine, vec![serve("web", State::Inactive), rename("web", "other")]));
    // Nothing is published of what is in the way, so that it gives its id away.
    let noted = RowChange::Note { sequence: id("inbound"), verb: "new", detail: String::new() };
    decide(engine, vec![noted]).unwrap();
    decide(engine, vec![rename("web", "inbound")]).unwrap();
    assert_eq!(engine.published(&id("inbound")).unwrap().map(|published| published.number), Some(2));
    assert_eq!(engine.published(&id("web")), Ok(None));
    assert_eq!(engine.former_ids(&id("inbound")), Ok(vec![id("web")]));
    active(engine, "cold");
    assert!(moved(decide(engine, vec![rename("inbound", "cold")])).contains("another sequence"));
    decide(engine, vec![delete("cold")]).unwrap();
    moved(decide(engine, vec![rename("inbound", "cold")]));
    // One that the store has never heard of has a history from then on.
    decide(engine, vec![rename("new", "newer")]).unwrap();
    assert_eq!(engine.former_ids(&id("newer")), Ok(vec![id("new")]));
}

fn a_version_is_published_once(engine: &mut impl Engine) {
    active(engine, "inbound");
    let words = moved(decide(engine, vec![publish("inbound", 1)]));
    assert!(words.contains("version 1 of `inbound`"), "{words}");
    decide(engine, vec![publish("inbound", 4)]).unwrap();
    moved(decide(engine, vec![publish("inbound", 3)]));
    moved(decide(engine, vec![serve("unknown", State::Active)]));
    // Two sequences may say the same, and so may two versions.
    let same = |number| RowChange::Publish {
        sequence: id("twin"),
        version: version(number, "name: inbound 1\n"),
        skip_non_working_days: true,
    };
    decide(engine, vec![same(1), same(2)]).unwrap();
    assert_eq!(engine.version(&id("twin"), 2).unwrap().unwrap().text.as_ref(), "name: inbound 1\n");
}

fn records_come_back_as_they_were(engine: &mut impl Engine) {
    let mut bulk = Bulk::new(entry("records import"));
    assert_eq!(engine.record(&lead("1")), Ok(None));
    let odd = Record { key: lead("o'dd \u{1f600}"), name: None, owner: None, is_open: false, fields: Default::default() };
    let all = [record("1"), odd];
    let updates = || all.iter().cloned().map(RecordUpdate::from).collect();
    let imported = engine.import(&mut bulk, updates()).unwrap();
    assert_eq!(imported, Imported { new: 2, ..Imported::default() });
    for record in &all {
        assert_eq!(engine.record(&record.key).as_ref(), Ok(&Some(record.clone())));
    }
    let first = bulk.operation();
    assert!(first.is_some());
    assert_eq!(engine.import(&mut bulk, updates()).unwrap(), Imported { unchanged: 2, ..Imported::default() });
    let part = RecordUpdate {
        key: lead("1"),
        name: Said::Nothing,
        owner: Said::Empty,
        is_open: None,
        fields: [("country".to_owned(), Value::Null), ("rating".to_owned(), Value::Text("warm".to_owned()))].into(),
    };
    assert_eq!(engine.import(&mut bulk, vec![part]).unwrap(), Imported { changed: 1, ..Imported::default() });
    assert_eq!(bulk.operation(), first, "one piece of work is one line in the journal");
    let changed = engine.record(&lead("1")).unwrap().unwrap();
    assert_eq!((changed.name.as_deref(), changed.owner), (Some("Lead 1"), None));
    assert_eq!(changed.fields.keys().collect::<Vec<_>>(), ["employees", "enterprise", "rating", "score"]);
}

fn a_record_runs_once_through_a_sequence_at_a_time(engine: &mut impl Engine) {
    import(engine, &["1"]);
    active(engine, "inbound");
    active(engine, "cold");
    decide(engine, vec![connect("1", "inbound", 1, 1), connect("1", "cold", 1, 1)]).unwrap();
    assert_eq!(engine.connection(&lead("1"), &id("inbound")), Ok(Some(connection("1", "inbound", 1, 1))));
    assert_eq!(engine.running(&lead("1")), Ok(vec![connection("1", "cold", 1, 1), connection("1", "inbound", 1, 1)]));
    let words = moved(decide(engine, vec![connect("1", "inbound", 1, 2)]));
    assert!(words.contains("lead/1 is connected to `inbound` already"), "{words}");
    decide(engine, vec![end("1", "inbound")]).unwrap();
    let ended = engine.connection(&lead("1"), &id("inbound")).unwrap().unwrap();
    assert_eq!(ended.ended, Some((at(0), EndReason::UserDisconnected)));
    moved(decide(engine, vec![end("1", "inbound")]));
    moved(decide(engine, vec![connect("1", "inbound", 1, 1)]));
    decide(engine, vec![connect("1", "inbound", 1, 2)]).unwrap();
    assert_eq!(engine.connection(&lead("1"), &id("inbound")).unwrap().unwrap().run, 2);
    // A way may end as soon as it starts, and is then no hindrance.
    let mut short = connection("1", "cold", 1, 2);
    short.ended = Some((at(20), EndReason::Completed));
    decide(engine, vec![end("1", "cold"), RowChange::Connect(short), connect("1", "cold", 1, 3)]).unwrap();
    assert_eq!(engine.running(&lead("1")).unwrap().len(), 2);
}

fn connecting_rests_on_what_is_served(engine: &mut impl Engine) {
    import(engine, &["1", "2"]);
    let asked = connect("1", "inbound", 1, 1);
    moved(decide(engine, vec![asked.clone()]));
    decide(engine, vec![publish("inbound", 1)]).unwrap();
    assert!(moved(decide(engine, vec![asked.clone()])).contains("not active"));
    decide(engine, vec![serve("inbound", State::Revision), publish("inbound", 2)]).unwrap();
    assert!(moved(decide(engine, vec![asked])).contains("serves version 2 now"));
    moved(decide(engine, vec![connect("absent", "inbound", 2, 1)]));
    decide(engine, vec![connect("1", "inbound", 2, 1)]).unwrap();
    let closed = RecordUpdate { is_open: Some(false), ..RecordUpdate::from(record("1")) };
    let also_closed = RecordUpdate { is_open: Some(false), ..RecordUpdate::from(record("2")) };
    let imported = engine.import(&mut Bulk::new(entry("close")), vec![closed, also_closed]).unwrap();
    assert_eq!(imported, Imported { changed: 2, ended: 1, ..Imported::default() });
    let ended = engine.connection(&lead("1"), &id("inbound")).unwrap().unwrap();
    assert_eq!(ended.ended, Some((at(0), EndReason::RecordClosed)));
    assert!(moved(decide(engine, vec![connect("2", "inbound", 2, 1)])).contains("lead/2 was closed"));
}

fn all_connections_of_a_sequence_end_at_once(engine: &mut impl Engine) {
    import(engine, &["1", "2", "3"]);
    active(engine, "inbound");
    active(engine, "cold");
    let mut further = connection("3", "inbound", 1, 1);
    further.step = "call".to_owned();
    decide(engine, vec![connect("1", "inbound", 1, 1), connect("2", "inbound", 1, 1), connect("2", "cold", 1, 1)]).unwrap();
    decide(engine, vec![RowChange::Connect(further), end("1", "inbound")]).unwrap();
    let standing = |step: &str| Standing { version: 1, step: step.to_owned(), connections: 1 };
    assert_eq!(engine.standings(&id("inbound")), Ok(vec![standing("call"), standing("intro")]));
    assert!(moved(decide(engine, vec![serve("inbound", State::Inactive)])).contains("2 records are still connected"));
    assert!(moved(decide(engine, vec![delete("inbound")])).contains("still connected"));
    let deactivate = vec![serve("inbound", State::Inactive), end_all("inbound", EndReason::SequenceDeactivated)];
    decide(engine, deactivate).unwrap();
    assert_eq!(engine.standings(&id("inbound")), Ok(Vec::new()));
    let reason = |record: &str| engine.connection(&lead(record), &id("inbound")).unwrap().unwrap().ended.unwrap().1;
    assert_eq!([reason("1"), reason("2")], [EndReason::UserDisconnected, EndReason::SequenceDeactivated]);
    assert_eq!(engine.running(&lead("2")), Ok(vec![connection("2", "cold", 1, 1)]));
    assert_eq!(engine.running(&lead("3")), Ok(Vec::new()));
}

fn what_ended_goes_on_where_it_stood(engine: &mut impl Engine) {
    import(engine, &["1", "2", "3"]);
    active(engine, "inbound");
    let mut further = connection("1", "inbound", 1, 1);
    further.step = "call".to_owned();
    let connects = vec![RowChange::Connect(further.clone()), connect("2", "inbound", 1, 1), connect("3", "inbound", 1, 1)];
    decide(engine, connects).unwrap();
    let gone = vec![end_all("inbound", EndReason::SequenceDeleted), delete("inbound")];
    let operation = decide(engine, gone).unwrap();
    let resume_all = || resume("inbound", operation, EndReason::SequenceDeleted, 3);
    assert!(moved(decide(engine, vec![resume_all()])).contains("not active"));
    let undelete = || RowChange::Undelete { sequence: id("inbound") };
    decide(engine, vec![undelete(), serve("inbound", State::Active), resume_all()]).unwrap();
    moved(decide(engine, vec![undelete()]));
    moved(decide(engine, vec![RowChange::Undelete { sequence: id("unknown") }]));
    // Its step and its version are what they were.
    assert_eq!(engine.connection(&lead("1"), &id("inbound")), Ok(Some(further)));
    assert!(moved(decide(engine, vec![resume_all()])).contains("3 connections of `inbound` changed meanwhile"), "they run");
    let resume_one = |operation| resume("inbound", operation, EndReason::UserDisconnected, 1);
    let anew = decide(engine, vec![end("2", "inbound")]).unwrap();
    decide(engine, vec![connect("2", "inbound", 1, 2)]).unwrap();
    assert!(moved(decide(engine, vec![resume_one(anew)])).contains("1 connection of `inbound` changed meanwhile"));
    let ended = decide(engine, vec![end("3", "inbound")]).unwrap();
    let closed = RecordUpdate { is_open: Some(false), ..RecordUpdate::from(record("3")) };
    engine.import(&mut Bulk::new(entry("close")), vec![closed]).unwrap();
    assert!(moved(decide(engine, vec![resume_one(ended)])).contains("or their records did"));
    let operation = decide(engine, vec![end("1", "inbound")]).unwrap();
    let other = resume("inbound", operation, EndReason::SequenceDeactivated, 1);
    assert!(moved(decide(engine, vec![other])).contains("changed meanwhile"), "it did not end for that");
    decide(engine, vec![RowChange::Undo { operation }, resume_one(operation)]).unwrap();
    moved(decide(engine, vec![RowChange::Undo { operation: 99 }]));
}

fn what_an_operation_let_run_ends(engine: &mut impl Engine) {
    import(engine, &["1", "2", "3"]);
    active(engine, "inbound");
    let operation = decide(engine, vec![connect("1", "inbound", 1, 1), connect("2", "inbound", 1, 1)]).unwrap();
    decide(engine, vec![connect("3", "inbound", 1, 1)]).unwrap();
    let end_them =
        |count| RowChange::EndRunning { sequence: id("inbound"), operation, reason: EndReason::UserDisconnected, count };
    assert!(moved(decide(engine, vec![end_them(3)])).contains("changed meanwhile"));
    decide(engine, vec![end_them(2)]).unwrap();
    let runs = |record: &str| engine.connection(&lead(record), &id("inbound")).unwrap().unwrap().ended.is_none();
    assert_eq!(["1", "2", "3"].map(runs), [false, false, true]);
    assert!(moved(decide(engine, vec![end_them(2)])).contains("changed meanwhile"));
}

fn a_refused_commit_leaves_nothing(engine: &mut impl Engine) {
    import(engine, &["1"]);
    let changes = Changes {
        files: vec![file("sequences/inbound.yaml", None, Some("name: Inbound\n"))],
        rows: vec![publish("inbound", 1), serve("inbound", State::Active), connect("absent", "inbound", 1, 1)],
    };
    moved(engine.decide(&entry("activate"), &changes, &Modes::new()));
    assert_eq!(engine.published(&id("inbound")), Ok(None));
    assert_eq!(engine.versions(&id("inbound")), Ok(Vec::new()));
    assert_eq!(engine.pending().unwrap(), []);
}

fn files_are_pending_until_they_are_settled(engine: &mut impl Engine) {
    let (changed, gone) = (FilePath::new("sequences/a.yaml"), FilePath::new("sequences/b.yaml"));
    let mut changes = rows(vec![publish("a", 1)]);
    changes.files = vec![
        file("sequences/a.yaml", Some("old\n"), Some("new\n")),
        file("sequences/b.yaml", Some("b\n"), None),
        file("sequences/c.yaml", None, Some("")),
    ];
    let modes = Modes::from([(changed.clone(), 0o640)]);
    let first = engine.decide(&entry("edit"), &changes, &modes).unwrap();
    let second = engine.decide(&entry("edit"), &changes, &Modes::new());
    moved(second);
    changes.rows.clear();
    let second = engine.decide(&entry("edit"), &changes, &Modes::new()).unwrap();
    assert!(second > first);
    let pending = engine.pending().unwrap();
    let expected = PendingFile {
        operation: first,
        path: changed,
        before: Some(Digest::of("old\n")),
        mode: Some(0o640),
        after: Some(Arc::from("new\n")),
    };
    assert_eq!(pending[0], expected);
    assert_eq!((pending[1].after.as_deref(), pending[1].mode), (None, None));
    assert_eq!((pending[2].before, pending[2].after.as_deref()), (None, Some("")));
    engine.settle(first, &[gone]).unwrap();
    let left: Vec<(i64, String)> =
        engine.pending().unwrap().into_iter().map(|file| (file.operation, file.path.to_string())).collect();
    let names = [(first, "a"), (first, "c"), (second, "a"), (second, "b"), (second, "c")];
    assert_eq!(left, names.map(|(operation, name)| (operation, format!("sequences/{name}.yaml"))));
    let all = ["a", "b", "c"].map(|name| FilePath::new(format!("sequences/{name}.yaml")));
    engine.settle(second, &all[..2]).unwrap();
    engine.settle(first, &all).unwrap();
    engine.settle(first, &all).unwrap();
    assert_eq!(engine.pending().unwrap().len(), 1);
    engine.settle(second, &all).unwrap();
    assert_eq!(engine.pending().unwrap(), []);
}

fn records_and_connections_are_told_in_order(engine: &mut impl Engine) {
    import(engine, &["2", "10", "1", "3"]);
    let ids = |records: Vec<Record>| -> Vec<String> { records.into_iter().map(|record| record.key.id).collect() };
    assert_eq!(ids(engine.records("lead", None, 3).unwrap()), ["1", "10", "2"]);
    assert_eq!(ids(engine.records("lead", Some("2"), 3).unwrap()), ["3"]);
    assert_eq!(ids(engine.records("account", None, 3).unwrap()), [""; 0]);
    assert_eq!((engine.record_count("lead"), engine.record_count("account")), (Ok(4), Ok(0)));
    active(engine, "inbound");
    active(engine, "cold");
    let connects = ["2", "10", "1"].map(|record| connect(record, "inbound", 1, 1));
    decide(engine, connects.into_iter().chain([connect("3", "cold", 1, 1), end("1", "inbound")]).collect()).unwrap();
    let connected: Vec<String> =
        engine.connections(&id("inbound")).unwrap().into_iter().map(|connection| connection.record.id).collect();
    assert_eq!(connected, ["10", "2"]);
    assert_eq!(engine.connections(&id("absent")), Ok(Vec::new()));
}

fn the_journal_keeps_what_was_done(engine: &mut impl Engine) {
    let before = engine.mark().unwrap();
    active(engine, "inbound");
    let after = engine.mark().unwrap();
    assert_ne!(before, after, "a commit leaves its mark");
    let note = |detail: &str| RowChange::Note { sequence: id("inbound"), verb: "tag", detail: detail.to_owned() };
    let entry = JournalEntry { message: Some("for spring".to_owned()), ..entry("tag inbound spring") };
    let tagged = engine.decide(&entry, &rows(vec![note("spring")]), &Modes::new()).unwrap();
    let undone = decide(engine, vec![RowChange::Undo { operation: tagged }, note("nothing")]).unwrap();
    // What is still to come cannot be undone, and neither can an operation undo itself.
    for operation in [undone + 1, undone + 7, 0] {
        moved(decide(engine, vec![RowChange::Undo { operation }]));
    }
    let operations = engine.operations().unwrap();
    assert_eq!(operations.iter().map(|line| line.number).collect::<Vec<_>>(), [undone, tagged, tagged - 1]);
    let line = &operations[1];
    assert_eq!((line.what.as_str(), line.actor.as_str(), line.at), ("tag inbound spring", "ana.ruiz", at(0)));
    assert_eq!((line.message.as_deref(), line.events), (Some("for spring"), 1));
    let history = engine.history_of(&id("inbound")).unwrap();
    let told: Vec<(i64, Option<&str>)> = history.iter().map(|event| (event.operation, event.detail.as_deref())).collect();
    assert_eq!(told[..2], [(undone, Some("nothing")), (tagged, Some("spring"))]);
    assert_eq!(engine.history_of(&id("absent")).unwrap().len(), 0);
}

fn work_in_batches_is_one_operation(engine: &mut impl Engine) {
    import(engine, &["1", "2", "3"]);
    active(engine, "inbound");
    let before = engine.operations().unwrap().len();
    let mut bulk = Bulk::keyed(entry("connect --from"), "leads.csv");
    engine.write_rows(&mut bulk, &[]).unwrap();
    assert_eq!(bulk.operation(), None, "nothing is no operation");
    engine.write_rows(&mut bulk, &[connect("1", "inbound", 1, 1), connect("2", "inbound", 1, 1)]).unwrap();
    // A batch that is refused leaves the others, and nothing of itself.
    moved(engine.write_rows(&mut bulk, &[connect("3", "inbound", 1, 1), connect("absent", "inbound", 1, 1)]));
    assert_eq!(engine.running(&lead("3")), Ok(Vec::new()));
    let mut again = Bulk::keyed(entry("connect --from"), "leads.csv");
    engine.write_rows(&mut again, &[connect("3", "inbound", 1, 1)]).unwrap();
    assert_eq!(again.operation(), bulk.operation());
    assert_eq!(engine.operations().unwrap().len(), before + 1);
    assert_eq!(engine.connections(&id("inbound")).unwrap().len(), 3);
}
