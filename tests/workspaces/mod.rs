//! Workspaces made to measure: as many realistic sequences as wanted, with mistakes whose places are known.
//!
//! A sequence has about 5 KB, comments, block texts, conditions within conditions and references to others. The same recipe
//! gives the same bytes on every machine, so that figures can be compared. Needs nothing but the standard library: tests,
//! benches and the example `generate` all take it in.
#![allow(dead_code, reason = "each of those who take this in uses another part")]

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

const TEAMS: [&str; 8] = ["sdr", "ae", "csm", "partner", "marketing", "renewals", "field", "events"];
const REGIONS: [&str; 8] = ["emea", "amer", "apac", "latam", "dach", "nordics", "uki", "anz"];
const OWNERS: [&str; 6] = ["ana.ruiz", "bo.lind", "chris.ode", "dina.aziz", "eli.stern", "fay.wong"];
const COUNTRIES: [&str; 10] = ["DE", "FR", "ES", "US", "BR", "JP", "SE", "GB", "IN", "AU"];
const RATINGS: [&str; 3] = ["cold", "warm", "hot"];
const WORDS: [&str; 36] = [
    "pipeline",
    "quota",
    "renewal",
    "forecast",
    "demo",
    "trial",
    "onboarding",
    "champion",
    "budget",
    "procurement",
    "security",
    "integration",
    "rollout",
    "stakeholder",
    "review",
    "pricing",
    "discovery",
    "follow",
    "agenda",
    "calendar",
    "roadmap",
    "value",
    "metric",
    "dashboard",
    "adoption",
    "seat",
    "contract",
    "quarter",
    "outreach",
    "reply",
    "intro",
    "context",
    "team",
    "launch",
    "pilot",
    "handover",
];

const SETTINGS: &str = "\
# Settings of the generated workspace.
record_types:
  lead:
    fields:
      name: text
      email: text
      country: text
      employees: number
      rating: {options: [cold, warm, hot]}
      do_not_email: {options: [allow, do_not_allow]}
    stages:
      lead-to-opportunity: [qualify, develop, propose, close]
  opportunity:
    fields:
      name: text
      value: number
      budget: {options: [no_committed_budget, may_buy, can_buy, will_buy]}
    stages:
      opportunity-sales: [develop, propose, close]
people:
";

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// How many sequences, one a file.
    pub sequences: usize,
    /// Where chance starts: another seed, other words, waits and places of the mistakes.
    pub seed: u64,
    /// How many mistakes, at most one a file, of all kinds in turn.
    pub mistakes: usize,
    /// The share of sequences that are written as active, from 0 to 1.
    pub active: f64,
}

/// A workspace that is not on a disk yet.
pub struct Workspace {
    /// Paths with `/` and contents; the settings come first.
    pub files: Vec<(String, String)>,
    /// The mistakes. Files that are not named here have no error.
    pub planted: Vec<Planted>,
}

/// A mistake and what must be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The file.
    pub path: String,
    /// The code of the finding.
    pub code: &'static str,
    /// The line, from 1. A finding up to three lines away is right: it may point at the step or at its value.
    pub line: usize,
    /// Other errors that may follow from the mistake.
    pub also: &'static [&'static str],
}

/// What is wrong in a planted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    TrailingWait,
    UnknownSequence,
    DuplicateStepId,
    UnknownKey,
    UnknownStepType,
    BadDuration,
    WaitTooLong,
    ConditionWithoutEmail,
    BadExpression,
    MissingKey,
    DuplicateKey,
    AdvanceNotLast,
}

impl Mistake {
    const ALL: [Mistake; 12] = [
        Mistake::TrailingWait,
        Mistake::UnknownSequence,
        Mistake::DuplicateStepId,
        Mistake::UnknownKey,
        Mistake::UnknownStepType,
        Mistake::BadDuration,
        Mistake::WaitTooLong,
        Mistake::ConditionWithoutEmail,
        Mistake::BadExpression,
        Mistake::MissingKey,
        Mistake::DuplicateKey,
        Mistake::AdvanceNotLast,
    ];

    fn code(self) -> &'static str {
        match self {
            Mistake::TrailingWait => "trailing-wait",
            Mistake::UnknownSequence => "unknown-sequence",
            Mistake::DuplicateStepId => "duplicate-step-id",
            Mistake::UnknownKey => "unknown-key",
            Mistake::UnknownStepType => "unknown-step-type",
            Mistake::BadDuration => "bad-duration",
            Mistake::WaitTooLong => "wait-too-long",
            Mistake::ConditionWithoutEmail => "condition-without-email",
            Mistake::BadExpression => "bad-expression",
            Mistake::MissingKey => "missing-key",
            Mistake::DuplicateKey => "duplicate-key",
            Mistake::AdvanceNotLast => "advance-not-last",
        }
    }

    /// Codes that may follow from the mistake in the same file.
    fn also(self) -> &'static [&'static str] {
        match self {
            // What stands behind it is not reached, the mail of the part before included.
            Mistake::AdvanceNotLast => &["unreachable-step", "condition-without-email"],
            _ => &[],
        }
    }
}

/// Makes the workspace of a recipe.
pub fn workspace(recipe: Recipe) -> Workspace {
    let mut chance = Chance(recipe.seed);
    let wrong = chance.pick_some(recipe.sequences, recipe.mistakes);
    let mut files = vec![("segue.yaml".to_owned(), settings())];
    let mut planted = Vec::new();
    for (number, wrong) in wrong.into_iter().enumerate() {
        let state = if chance.share() < recipe.active { "active" } else { "inactive" };
        let path = path(number);
        let mut text = sequence(number, recipe.sequences, state, &mut chance);
        if wrong {
            let mistake = Mistake::ALL[planted.len() % Mistake::ALL.len()];
            let line;
            (text, line) = plant(mistake, &text, RecordType::of(number));
            planted.push(Planted { path: path.clone(), code: mistake.code(), line, also: mistake.also() });
        }
        files.push((path, text));
    }
    Workspace { files, planted }
}

impl Workspace {
    /// Writes all files below `root`, and `planted.json` beside them.
    pub fn write(&self, root: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a file of a workspace lies in its root"))?;
            fs::write(path, text)?;
        }
        fs::write(root.join("planted.json"), self.planted_as_json())
    }

    fn planted_as_json(&self) -> String {
        let entries: Vec<String> = self.planted.iter().map(Planted::as_json).collect();
        format!("{{\n{}\n}}\n", entries.join(",\n"))
    }
}

impl Planted {
    fn as_json(&self) -> String {
        let Planted { path, code, line, also } = self;
        let also: Vec<String> = also.iter().map(|code| format!("\"{code}\"")).collect();
        format!(" \"{path}\": {{\"code\": \"{code}\", \"line\": {line}, \"also\": [{}]}}", also.join(", "))
    }
}

/// Writes `root/records.csv` with that many leads.
pub fn write_records(root: &Path, records: usize, seed: u64) -> io::Result<()> {
    let mut chance = Chance(seed ^ 0x005E_60E5);
    let mut file = BufWriter::new(File::create(root.join("records.csv"))?);
    writeln!(file, "id,name,owner,email,country,employees,rating")?;
    for number in 0..records {
        let (first, last) = (chance.one_of(&WORDS), chance.one_of(&WORDS));
        let (owner, country, rating) = (chance.one_of(&OWNERS), chance.one_of(&COUNTRIES), chance.one_of(&RATINGS));
        let employees = chance.between(1, 5000);
        writeln!(file, "lead-{number:07},{first} {last},{owner},p{number}@example.com,{country},{employees},{rating}")?;
    }
    file.flush()
}

fn settings() -> String {
    let people: String = OWNERS.iter().map(|owner| format!("  {owner}: {{roles: [sequence_manager]}}\n")).collect();
    format!("{SETTINGS}{people}undeclared_actor: sequence_manager\nlimits:\n  active_sequences: 1000000\n")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordType {
    Lead,
    Opportunity,
}

impl RecordType {
    /// Every fifth sequence is for opportunities.
    fn of(number: usize) -> RecordType {
        if number % 5 == 4 { RecordType::Opportunity } else { RecordType::Lead }
    }

    fn name(self) -> &'static str {
        match self {
            RecordType::Lead => "lead",
            RecordType::Opportunity => "opportunity",
        }
    }
}

fn id(number: usize) -> String {
    format!("seq-{number:05}")
}

fn place(number: usize) -> (&'static str, &'static str) {
    (TEAMS[number % TEAMS.len()], REGIONS[number / TEAMS.len() % REGIONS.len()])
}

fn path(number: usize) -> String {
    let (team, region) = place(number);
    format!("sequences/{team}/{region}/{}.yaml", id(number))
}

fn sequence(number: usize, all: usize, state: &str, chance: &mut Chance) -> String {
    let mut text = head(number, state, chance);
    for part in 0..4 {
        text += &steps_of_part(part, all, chance);
    }
    text + &last_steps(number, chance)
}

fn head(number: usize, state: &str, chance: &mut Chance) -> String {
    let (team, region) = place(number);
    let id = id(number);
    let name = chance.title(4);
    let (first, second) = (chance.sentence(12), chance.sentence(10));
    let record_type = RecordType::of(number).name();
    let owner = chance.one_of(&OWNERS);
    let skip = !number.is_multiple_of(3);
    format!(
        "\
# {id}: {team} / {region}. Ask the owner before you change the waits.
name: \"{name} {number}\"
description: >-
  {first}
  {second}
record_type: {record_type}
owner: {owner}
state: {state}
tags: [{team}, region/{region}]
skip_non_working_days: {skip}
exit_on: [replied]  # a reply ends it

steps:
"
    )
}

/// A mail, whether it was heard, and what follows on either side.
fn steps_of_part(part: usize, all: usize, chance: &mut Chance) -> String {
    let heading = chance.one_of(&WORDS);
    let number = part + 1;
    let mail = if part.is_multiple_of(2) { "automated_email" } else { "email" };
    let (mail_name, call_name, nudge_name) = (chance.title(4), chance.title(3), chance.title(3));
    let (first, second) = (chance.sentence(9), chance.sentence(7));
    let template = chance.below((all / 50).max(10));
    let condition = if part.is_multiple_of(2) {
        let days = chance.between(1, 5);
        format!(
            "    any_of: [email_opened, link_opened]
    within: {days}d
    at_once: true  # do not wait for the day to end"
        )
    } else {
        let (days, hours) = (chance.between(1, 3), chance.between(1, 12));
        format!(
            "    all_of: [email_opened, attachment_downloaded]
    within: {days}d {hours}h"
        )
    };
    let (pause, settle) = (chance.between(4, 20), chance.between(1, 6));
    format!(
        "  # part {number}: {heading}
  - id: mail-{part}
    type: {mail}
    name: \"{mail_name}\"
    description: |
      {first}
      {second}
    template: tpl-{template:04}
  - id: heard-{part}
    type: condition
{condition}
    then:
      - id: call-{part}
        type: phone_call
        name: \"{call_name}\"
      - id: made-{part}
        type: condition
        any_of: [call_made, call_received]
        then:
          - {{id: meet-{part}, type: task, name: Book the meeting}}
        else:
          - id: pause-{part}
            type: wait
            for: {pause}h
          - id: again-{part}
            type: phone_call
            name: Try once more
    else:
      - id: settle-{part}
        type: wait
        for: {settle}d  # calendar days
      - id: nudge-{part}
        type: email
        name: \"{nudge_name}\"
"
    )
}

/// A condition over the record, with a way to another sequence in some files.
fn last_steps(number: usize, chance: &mut Chance) -> String {
    let record_type = RecordType::of(number);
    let when = match record_type {
        RecordType::Lead => {
            let (employees, one, two) = (chance.between(10, 900), chance.one_of(&COUNTRIES), chance.one_of(&COUNTRIES));
            format!("record.employees > {employees} && record.country in [\"{one}\", \"{two}\"]")
        }
        RecordType::Opportunity => {
            format!("record.value >= {}000 || record.budget == \"will_buy\"", chance.between(1, 90))
        }
    };
    let (field, value) = match record_type {
        RecordType::Lead => ("rating", chance.one_of(&RATINGS)),
        RecordType::Opportunity => ("budget", "may_buy"),
    };
    let then = if number % 4 == 1 && number > 8 {
        let earlier: Vec<usize> =
            (number.saturating_sub(40)..number).filter(|other| RecordType::of(*other) == record_type).collect();
        let target = id(earlier[chance.below(earlier.len())]);
        format!(
            "      - id: hand-over
        type: advance_to
        sequence: {target}"
        )
    } else {
        "      - {id: note, type: task, name: Write a note}".to_owned()
    };
    format!(
        "  - id: sized
    type: condition
    when: {when}
    then:
{then}
    else:
      - id: rate
        type: update_field
        field: {field}
        value: {value}
"
    )
}

/// The text with one mistake, and the line, from 1, on which it is.
fn plant(mistake: Mistake, text: &str, record_type: RecordType) -> (String, usize) {
    let find = |part: &str| text.find(part).expect("every sequence has the words that mistakes are made of");
    // Replaces the first `old`; the mistake is where `mark` stands in `new`.
    let swap = |old: &str, new: &str, mark: &str| {
        let at = find(old) + new.find(mark).expect("the mark is a part of what comes");
        let wrong = text.replacen(old, new, 1);
        let line = wrong[..at].matches('\n').count() + 1;
        (wrong, line)
    };
    let append = |steps: &str, mark: &str| {
        let last = &text[text.rfind("        value: ").expect("every sequence ends in an update of a field")..];
        swap(last, &format!("{last}{steps}"), mark)
    };
    match mistake {
        Mistake::TrailingWait => append("  - id: too-late\n    type: wait\n    for: 2d\n", "- id: too-late"),
        Mistake::UnknownSequence => {
            append("  - id: away\n    type: advance_to\n    sequence: nowhere-to-be-found\n", "nowhere-to-be-found")
        }
        Mistake::DuplicateStepId => swap("- id: mail-1", "- id: mail-0", "mail-0"),
        Mistake::UnknownKey => swap("    template: ", "    templte: ", "templte"),
        Mistake::UnknownStepType => swap("type: phone_call", "type: phonecall", "phonecall"),
        Mistake::BadDuration => swap("    within: ", "    within: soon ", "soon"),
        Mistake::WaitTooLong => swap("        for: ", "        for: 31d # ", "31d"),
        Mistake::ConditionWithoutEmail => {
            let keys = "  - id: early\n    type: condition\n    any_of: [email_opened]\n    within: 1d\n";
            let branch = "    then:\n      - {id: t0, type: task, name: T}\n";
            swap("steps:\n", &format!("steps:\n{keys}{branch}"), "any_of")
        }
        Mistake::BadExpression => {
            let line = text[find("    when: ")..].lines().next().expect("it was found in a line");
            swap(line, &format!("{line} &&"), "when")
        }
        Mistake::MissingKey => {
            let line = text[find("owner: ")..].split_inclusive('\n').next().expect("it was found in a line");
            // Nothing is wrong at a place of its own: what is missing is missing from the whole.
            (text.replacen(line, "", 1), 1)
        }
        Mistake::DuplicateKey => swap("exit_on:", &format!("record_type: {}\nexit_on:", record_type.name()), "record_type"),
        Mistake::AdvanceNotLast => {
            let target = match record_type {
                RecordType::Lead => id(0),
                RecordType::Opportunity => id(4),
            };
            let step = format!("  - id: too-soon\n    type: advance_to\n    sequence: {target}\n  # part 2");
            swap("  # part 2", &step, "- id: too-soon")
        }
    }
}

/// A small generator of numbers that are the same everywhere (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// A number from 0 to below 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// `some` of `all` places are true, or all if there are fewer.
    fn pick_some(&mut self, all: usize, some: usize) -> Vec<bool> {
        let mut left = some.min(all);
        let mut pick = |place: usize| {
            let picked = self.below(all - place) < left;
            left -= usize::from(picked);
            picked
        };
        (0..all).map(&mut pick).collect()
    }

    /// Words with a capital at the start.
    fn title(&mut self, words: usize) -> String {
        let mut title = String::new();
        for _ in 0..words {
            title += self.one_of(&WORDS);
            title.push(' ');
        }
        title.pop();
        title[..1].make_ascii_uppercase();
        title
    }

    fn sentence(&mut self, words: usize) -> String {
        self.title(words) + "."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECIPE: Recipe = Recipe { sequences: 120, seed: 1, mistakes: 24, active: 0.25 };

    #[test]
    fn the_same_recipe_gives_the_same_bytes() {
        assert_eq!(workspace(RECIPE).files, workspace(RECIPE).files);
        assert_ne!(workspace(RECIPE).files, workspace(Recipe { seed: 2, ..RECIPE }).files);
    }

    #[test]
    fn a_recipe_is_followed() {
        let made = workspace(RECIPE);
        let sequences = &made.files[1..];
        let active = sequences.iter().filter(|(_, text)| text.contains("\nstate: active\n")).count();
        let mean = sequences.iter().map(|(_, text)| text.len()).sum::<usize>() / sequences.len();
        assert_eq!((sequences.len(), made.planted.len()), (120, 24));
        assert!((15..45).contains(&active), "{active} of 120 are active");
        assert!((4000..6000).contains(&mean), "a sequence has {mean} bytes");
        assert_eq!(workspace(Recipe { sequences: 3, mistakes: 9, ..RECIPE }).planted.len(), 3);
    }

    #[test]
    fn every_kind_of_mistake_is_planted_where_it_says() {
        let sound = sequence(4, 120, "inactive", &mut Chance(7));
        let lines = Mistake::ALL.map(|mistake| {
            let (wrong, line) = plant(mistake, &sound, RecordType::of(4));
            wrong.lines().nth(line - 1).unwrap().trim_start().to_owned()
        });
        let starts = [
            "- id: too-late",
            "sequence: nowhere",
            "- id: mail-0",
            "templte:",
            "type: phonecall",
            "within: soon",
            "for: 31d",
            "any_of: [email_opened]",
            "when: record",
            "# seq-00004",
            "record_type: opportunity",
            "- id: too-soon",
        ];
        for (line, start) in lines.iter().zip(starts) {
            assert!(line.starts_with(start), "{line} does not start with {start}");
        }
    }
}
