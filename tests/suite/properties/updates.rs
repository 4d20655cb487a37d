//! A workspace that was told of changes one by one says what a fresh one says, and knows what it said before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, TestCaseError, prop_assert, prop_assert_eq, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::test_runner::TestRunner;
use segue::diagnostic::{Diagnostic, Severity};
use segue::lifecycle::{Publications, Published};
use segue::sequence::{SequenceId, State};
use segue::text::{Digest, FilePath};
use segue::workspace::{Content, Workspace};

use super::{Sound, cases, content};

type Batch = Vec<(FilePath, Content)>;

#[test]
fn findings_after_any_changes_are_those_of_a_fresh_look() {
    let outcome = TestRunner::new(cases(250)).run(&vec(vec(change(), 1..5), 1..12), |batches| compare(batches, Vec::new()));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn findings_between_files_after_any_changes_are_those_of_a_fresh_look() {
    let outcome = TestRunner::new(cases(150)).run(&vec(vec(knot(), 1..6), 1..14), |batches| compare(batches, Vec::new()));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn findings_beside_what_is_published_are_those_of_a_fresh_look() {
    let edition = (knot_text(), select(State::ALL.to_vec()), 1..4_u32, 0..3_u64);
    let edition = edition.prop_map(|(text, state, number, connections)| Edition { text, state, number, connections });
    let editions = proptest::collection::btree_map(select(IDS.to_vec()).prop_map(sequence_id), edition, 0..5);
    let worlds = (vec(editions, 1..4), vec(vec(knot(), 1..5), 1..12));
    let outcome = TestRunner::new(cases(120)).run(&worlds, |(published, batches)| compare(batches, published));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// What is published of some sequences.
type Editions = BTreeMap<SequenceId, Edition>;

/// What is published of a sequence, and how many connections run on it.
#[derive(Clone, Debug)]
struct Edition {
    text: String,
    state: State,
    number: u32,
    connections: u64,
}

/// Plays batches of changes, and looks at a fresh workspace after each. What is published becomes the next of `worlds` with
/// each batch; where there are none, nobody asks.
fn compare(batches: Vec<Batch>, worlds: Vec<Editions>) -> Result<(), TestCaseError> {
    let mut workspace = Workspace::new();
    let worlds: Vec<Arc<World>> = worlds.iter().map(|editions| Arc::new(World::new(editions))).collect();
    let now = Arc::new(Mutex::new(worlds.first().cloned()));
    if !worlds.is_empty() {
        workspace.follow(Box::new(Known { now: Arc::clone(&now), told: None }));
    }
    let mut state: BTreeMap<FilePath, Content> = BTreeMap::new();
    let mut told: BTreeMap<FilePath, Vec<Diagnostic>> = BTreeMap::new();
    for (number, batch) in batches.into_iter().enumerate() {
        *now.lock().unwrap() = worlds.get(number % worlds.len().max(1)).cloned();
        state.extend(batch.clone());
        workspace.update(batch);
        workspace.refresh().expect("it is told");
        let mut fresh = Workspace::new();
        fresh.update(state.clone().into_iter().filter(|(_, content)| *content != Content::Gone).collect());
        if !worlds.is_empty() {
            fresh.follow(Box::new(Known { now: Arc::clone(&now), told: None }));
            fresh.refresh().expect("it is told");
        }
        prop_assert_eq!(workspace.findings(), fresh.findings());
        prop_assert_eq!(workspace.counts(), fresh.counts());
        prop_assert_eq!(workspace.totals(), fresh.totals());
        prop_assert_eq!(workspace.settings(), fresh.settings());
        prop_assert_eq!(workspace.paths().collect::<Vec<_>>(), fresh.paths().collect::<Vec<_>>());
        prop_assert_eq!(workspace.summaries().collect::<Vec<_>>(), fresh.summaries().collect::<Vec<_>>());
        compare_told(&mut workspace, &mut told)?;
    }
    Ok(())
}

/// What is said to have changed is the difference to what was told before.
fn compare_told(workspace: &mut Workspace, told: &mut BTreeMap<FilePath, Vec<Diagnostic>>) -> Result<(), TestCaseError> {
    for changed in workspace.take_changed() {
        let before = told.insert(changed.file, changed.after.clone()).unwrap_or_default();
        prop_assert_eq!(&before, &changed.before);
        prop_assert!(before != changed.after, "said to have changed, and did not: {before:?}");
    }
    told.retain(|_, findings| !findings.is_empty());
    let findings = workspace.findings();
    prop_assert_eq!(&told.values().flatten().cloned().collect::<Vec<_>>(), &findings);
    let totals = workspace.totals();
    prop_assert_eq!(totals.errors, findings.iter().filter(|finding| finding.severity == Severity::Error).count());
    prop_assert_eq!(totals.errors + totals.warnings, findings.len());
    prop_assert_eq!(totals.files, told.len());
    for (file, findings) in told {
        prop_assert_eq!(workspace.findings_of(file), findings.as_slice());
    }
    Ok(())
}

/// What is published at a time.
#[derive(Debug)]
struct World {
    published: BTreeMap<SequenceId, Published>,
    editions: Editions,
}

impl World {
    fn new(editions: &Editions) -> Self {
        let published = editions.iter().filter_map(|(id, Edition { text, state, number, .. })| {
            let mut alone = Workspace::new();
            alone.update(vec![(FilePath::new(format!("sequences/{id}.yaml")), content(text))]);
            let meaning = alone.summaries().next()?.meaning?;
            let first = (*number > 1).then(|| (1, Digest::of("what it said first")));
            let versions = first.into_iter().chain([(*number, meaning)]).collect();
            Some((id.clone(), Published { state: *state, number: *number, meaning, message: None, versions }))
        });
        Self { published: published.collect(), editions: editions.clone() }
    }
}

/// Whoever knows what is published now, and tells of it when it is another than before.
struct Known {
    now: Arc<Mutex<Option<Arc<World>>>>,
    told: Option<Arc<World>>,
}

impl Publications for Known {
    fn refresh(&mut self) -> Result<Option<BTreeMap<SequenceId, Published>>, String> {
        let now = self.now.lock().unwrap().clone();
        let same = match (&now, &self.told) {
            (Some(now), Some(told)) => Arc::ptr_eq(now, told),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.told = now;
        Ok((!same).then(|| self.told.as_ref().map_or_else(BTreeMap::new, |world| world.published.clone())))
    }

    fn running(&self) -> Result<BTreeSet<(SequenceId, u32)>, String> {
        let editions = self.told.iter().flat_map(|world| &world.editions);
        Ok(editions.filter(|(_, edition)| edition.connections > 0).map(|(id, edition)| (id.clone(), edition.number)).collect())
    }

    fn connections(&self, sequence: &SequenceId, _: u32) -> u64 {
        self.told.iter().find_map(|world| world.editions.get(sequence)).map_or(0, |edition| edition.connections)
    }

    fn text(&self, sequence: &SequenceId, _: u32) -> Option<Arc<str>> {
        let edition = self.told.iter().find_map(|world| world.editions.get(sequence))?;
        Some(Arc::from(edition.text.as_str()))
    }
}

fn sequence_id(id: &str) -> SequenceId {
    SequenceId::parse(id).expect("it is an id")
}

/// Few enough that files refer to each other, and alike enough that one is near another.
const IDS: [&str; 7] = ["nurture", "nurture-us", "nurtures", "warm", "warm-up", "hand-over", "hand-ever"];

/// A file in a small knot of sequences that becomes another, comes or goes.
fn knot() -> impl Strategy<Value = (FilePath, Content)> {
    let path = (select(vec!["", "", "", "emea/", "z/"]), select(IDS.to_vec()));
    let file = path.prop_map(|(folder, id)| FilePath::new(format!("sequences/{folder}{id}.yaml")));
    let text = prop_oneof![6 => knot_text().prop_map(|text| content(&text)), 2 => Just(Content::Gone), 1 => unread()];
    let template =
        select(vec!["intro", "intros", "later"]).prop_map(|name| FilePath::new(format!("sequences/templates/{name}.md")));
    let settings = select(vec![
        "",
        "# a comment\n",
        "templates: [intro]\n",
        "templates: [\n",
        "store: a\n",
        "\nstore: a\n",
        "record_types: {lead: {fields: {country: text}}}\n",
        "# moved\nrecord_types:\n  lead:\n    fields: {employees: text}\n",
        "record_types: {account: {}}\n",
        "limits: {tags_per_level: 1}\n",
        "limits: {tags_per_level: 2}\ntemplates: [later]\n",
        "record_types: {lead: {fields: {country: text}}}\nrules: {unknown-field: warning, unknown-template: off}\n",
    ]);
    let tests = (select(vec!["", "emea/"]), select(vec!["nurture", "warm", "warmer"]));
    let tests = tests.prop_map(|(folder, id)| FilePath::new(format!("sequences/{folder}{id}.test.yaml")));
    let text_of_tests = select(vec![
        "tests: [{name: A, timeline: [{at: 0d, complete: note}, {at: 0m, expect: {step: mail-0, sent: [intro]}}]}]\n",
        "tests:\n  - name: A\n    record: {employees: many, country: ES}\n    timeline: [{at: 1d, skip: call}, {at: 2h, complete: memo, result: left_message}]\n",
        "tests: [\n",
        "tests: []  # segue: ignore[timeline-order] it was so\n",
    ]);
    prop_oneof![
        12 => (file, text),
        3 => (tests, prop_oneof![4 => text_of_tests.prop_map(content), 1 => Just(Content::Gone), 1 => unread()]),
        2 => (template, select(vec![Content::Gone, content("Hello")])),
        1 => (Just(FilePath::new("segue.yaml")), prop_oneof![2 => settings.prop_map(content), 1 => Just(Content::Gone)]),
    ]
}

fn knot_text() -> impl Strategy<Value = String> {
    let head = (
        0..3_usize,
        select(vec!["First", "Second"]),
        select(vec!["lead", "lead", "lead", "account"]),
        select(State::ALL.to_vec()),
    );
    let steps =
        (select(vec!["", "  - {id: rest, type: wait, for: 2d}\n", "  - {id: call, type: phone_call, name: Call}\n"]), 0..3_u8);
    let advances = vec(select(IDS.to_vec()), 0..3);
    let templates = subsequence(vec!["intro", "intor", "later"], 0..3);
    let formerly = subsequence(IDS.to_vec(), 0..2);
    let last = (
        subsequence(vec!["a", "a/b", "a/c", "b/c", "b/c/d", "x//y"], 0..3),
        select(vec!["note", "note", "memo"]),
        select(vec!["", ", renamed_from: note", ", renamed_from: memo", ", renamed_from: nota"]),
    );
    (head, steps, advances, templates, (formerly, last)).prop_map(|((lines, name, record_type, state), (step, waits), advances, templates, (formerly, (tags, last, renamed)))| {
        let mut text = "# moved down\n".repeat(lines);
        text += &format!("name: {name}\nrecord_type: {record_type}\nowner: ana\nstate: {}\nformerly: [{}]\ntags: [{}]\nsteps:\n{step}", state.word(), formerly.join(", "), tags.join(", "));
        for (number, template) in templates.iter().enumerate() {
            text += &format!("  - {{id: mail-{number}, type: automated_email, name: Mail, template: {template}}}\n");
        }
        for (number, target) in advances.iter().enumerate() {
            let rest = if u8::try_from(number).is_ok_and(|number| number < waits) { "{id: rest-NUMBER, type: wait, for: 1d}, " } else { "" };
            let rest = rest.replace("NUMBER", &number.to_string());
            text += &format!("  - id: asks-{number}\n    type: condition\n    when: record.employees > {number}\n    then: [{rest}{{id: on-{number}, type: advance_to, sequence: {target}}}]\n");
        }
        text + &format!("  - {{id: {last}, type: task, name: Write a note{renamed}}}\n")
    })
}

/// One file that becomes something, often enough what others refer to.
fn change() -> impl Strategy<Value = (FilePath, Content)> {
    let samples = Sound::samples();
    let as_they_are = select(samples.contents());
    let settings = prop_oneof![
        3 => select(vec![
            "", "x-own: 1\n", "record_types: [\n", "people: {ana.ruiz: {roles: [seller]}}\n", "limits: {active_sequences: 1, activities: 2}\n",
            "record_types:\n  lead:\n    fields: {name: text}\n", "call_results: [left_message]\n", "nothing: 1\n\tpeople: {}\n",
        ]).prop_map(content),
        2 => select(samples.files.iter().filter(|(path, _)| path.as_str() == "segue.yaml").map(|(_, text)| content(text)).collect::<Vec<_>>()),
        1 => unread(),
    ];
    let paths: Vec<FilePath> =
        samples.yaml().map(|(path, _)| path.clone()).filter(|path| path.as_str() != "segue.yaml").collect();
    let others = [
        "sequences/copy.yaml",
        "sequences/deep/copy.yaml",
        "sequences/a.yaml",
        "sequences/b.yaml",
        "sequences/b.yml",
        "sequences/B b.yaml",
        "sequences/a.test.yaml",
    ];
    let paths: Vec<FilePath> = paths.into_iter().chain(others.map(FilePath::new)).collect();
    let texts: Vec<Content> = samples.yaml().map(|(_, text)| content(text)).collect();
    let sequence = prop_oneof![
        3 => select(texts),
        2 => select(vec![
            "name: A\nrecord_type: lead\nowner: ana.ruiz\nsteps:\n  - {id: x, type: advance_to, sequence: b}\n",
            "name: A\nrecord_type: opportunity\nowner: bo\nstate: active\nsteps:\n  - {id: x, type: task, name: X}\n  - {id: y, type: advance_to, sequence: a}\n",
            "name: B\nrecord_type: lead\nowner: bo\nformerly: [a]\nsteps: []\n", "steps: [\n", "name: \"A\n", "",
        ]).prop_map(content),
        2 => unread(),
    ];
    let templates = select(vec![
        "sequences/templates/intro.md",
        "sequences/templates/lead/intro-lead.md",
        "sequences/templates/x/intro-lead.md",
    ]);
    prop_oneof![
        3 => as_they_are,
        1 => settings.prop_map(|content| (FilePath::new("segue.yaml"), content)),
        3 => (select(paths), sequence),
        1 => (templates.prop_map(FilePath::new), prop_oneof![unread(), select(vec![content("Hello")])]),
    ]
}

/// What a disk may give instead of a text.
fn unread() -> impl Strategy<Value = Content> {
    select(vec![
        Content::Gone,
        Content::Gone,
        Content::Gone,
        Content::Bytes(b"name: \xff".to_vec()),
        Content::TooLarge { bytes: 1 << 30 },
        Content::Unreadable("permission denied".to_owned()),
        Content::LeftOut("it is a link to nothing".to_owned()),
    ])
}
