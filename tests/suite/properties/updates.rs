//! A workspace that was told of changes one by one says what a fresh one says.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_assert_eq, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use segue::text::FilePath;
use segue::workspace::{Content, Workspace};

use super::{Sound, cases, content};

#[test]
fn findings_after_any_changes_are_those_of_a_fresh_look() {
    let changes = vec(vec(change(), 1..5), 1..12);
    let mut runner = TestRunner::new(cases(250));
    let outcome = runner.run(&changes, |batches| {
        let mut workspace = Workspace::new();
        let mut state: BTreeMap<FilePath, Content> = BTreeMap::new();
        for batch in batches {
            state.extend(batch.clone());
            workspace.update(batch);
            let mut fresh = Workspace::new();
            fresh.update(state.clone().into_iter().filter(|(_, content)| *content != Content::Gone).collect());
            prop_assert_eq!(workspace.findings(), fresh.findings());
            prop_assert_eq!(workspace.counts(), fresh.counts());
            prop_assert_eq!(workspace.settings(), fresh.settings());
            prop_assert_eq!(workspace.paths().collect::<Vec<_>>(), fresh.paths().collect::<Vec<_>>());
            prop_assert_eq!(workspace.summaries().collect::<Vec<_>>(), fresh.summaries().collect::<Vec<_>>());
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
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
