//! What the reader takes is valid under the schema, and what it finds wrong by the table is not.
//!
//! What a schema cannot say, and these documents do not hold: text that is written like a number or a truth value and is none
//! in JSON (`0x1F` as an id, `1.0` as a whole number, `null` where text is expected), instants and days that no calendar has,
//! names of time zones, and working hours that end before they start.

use proptest::prelude::{any, prop_assert_eq};
use proptest::test_runner::{TestCaseResult, TestRunner};
use segue::sequence::{self, SEQUENCE, SequenceId, StepType, step_shape};
use segue::settings::{self, SETTINGS};
use segue::shape::{Kind, Need, Shape};
use segue::text::{FilePath, Source};
use segue::trial::{self, TESTS};
use segue::yaml;
use serde_json::{Map, Value as Json, json};

use super::chance::Chance;
use super::{Sound, cases};
use crate::cases::Case;
use crate::data;
use crate::schemas::{json_of, validator};

/// Choices of what documents are made of.
impl Chance {
    fn json(&mut self, of: &[Json]) -> Json {
        of[self.below(of.len())].clone()
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Something that may or may not fit anywhere.
    fn anything(&mut self) -> Json {
        let long = "x".repeat([100, 101, 160, 161, 2_000, 2_001][self.below(6)]);
        self.json(&[
            json!("text"),
            json!("12"),
            json!(12),
            json!(0),
            json!(-3),
            json!(1.5),
            json!(true),
            json!(false),
            Json::Null,
            json!(""),
            json!("  "),
            json!("2d"),
            json!("0d"),
            json!("1d 4h"),
            json!("4h 1d"),
            json!("2 days"),
            json!("2d  3h 0m"),
            json!("d"),
            json!("a--b"),
            json!("A"),
            json!("intro-2"),
            json!("2026-12-24"),
            json!("2026-12-24T09:00:00Z"),
            json!("24.12.2026"),
            json!([]),
            json!(["a"]),
            json!([[]]),
            json!([null]),
            json!({}),
            json!({"x-own": 1}),
            json!({"field": "a"}),
            json!(long),
            json!("replied"),
            json!("monday"),
            json!("inactive"),
            json!("record.a"),
            json!(500),
            json!(501),
            json!("null"),
        ])
    }

    fn shape(&mut self, shape: &'static Shape, depth: usize) -> Json {
        let mut mapping = Map::new();
        for key in shape.keys() {
            let is_there = if key.need == Need::Required { !self.once_in(25) } else { self.once_in(3) };
            if is_there {
                mapping.insert(key.name.to_owned(), self.kind(&key.kind, depth));
            }
        }
        self.strange_keys(&mut mapping);
        Json::Object(mapping)
    }

    fn strange_keys(&mut self, mapping: &mut Map<String, Json>) {
        if self.once_in(8) {
            mapping.insert("x-own".to_owned(), self.anything());
        }
        if self.once_in(25) {
            mapping.insert("zzzz".to_owned(), self.anything());
        }
    }

    fn kind(&mut self, kind: &'static Kind, depth: usize) -> Json {
        if self.once_in(25) {
            return self.anything();
        }
        match kind {
            Kind::Text { .. } => self.json(&[json!("some text"), json!("lead"), json!(12), json!(true), json!("08:00-17:00")]),
            Kind::Expression => self.json(&[json!("record.a > 5"), json!(true)]),
            Kind::Flag => self.json(&[json!(true), json!(false)]),
            Kind::Whole { least, most } => self.json(&[json!(least), json!(most)]),
            Kind::Duration => self.json(&[json!("2d"), json!("1d 4h 3m"), json!("0h"), json!("90m")]),
            Kind::Pause => self.json(&[json!("2d"), json!("0d 4h"), json!("030m")]),
            Kind::Date => json!("2026-12-24"),
            Kind::Instant => json!("2026-12-24T09:00:00Z"),
            Kind::Id => self.json(&[json!("intro"), json!("intro-2"), json!(7), json!(true), json!("0")]),
            Kind::Word(words) => json!(words[self.below(words.len())].name),
            Kind::WordOrInstant(words) => self.json(&[json!(words[0].name), json!("2026-12-24T09:00:00Z")]),
            Kind::Value => self.json(&[json!("warm"), json!(1.5), json!(-3), json!(false), Json::Null]),
            Kind::List(kind) => (0..self.below(3)).map(|_| self.kind(kind, depth + 1)).collect(),
            Kind::Mapping(shape) => self.shape(shape, depth + 1),
            Kind::Table { value, .. } => {
                let names = ["lead", "own", "12"];
                let mut mapping: Map<String, Json> =
                    (0..self.below(3)).map(|index| (names[index].to_owned(), self.kind(value, depth + 1))).collect();
                if self.once_in(8) {
                    mapping.insert("x-own".to_owned(), self.anything());
                }
                Json::Object(mapping)
            }
            Kind::Either(kind, shape) => {
                if self.once_in(2) {
                    self.kind(kind, depth)
                } else {
                    self.shape(shape, depth + 1)
                }
            }
            Kind::OrNothing(kind) => {
                if self.once_in(4) {
                    Json::Null
                } else {
                    self.kind(kind, depth)
                }
            }
            Kind::Steps if depth > 2 => self.json(&[json!([]), Json::Null]),
            Kind::Steps => (0..self.below(4)).map(|_| self.step(depth + 1)).collect(),
        }
    }

    fn step(&mut self, depth: usize) -> Json {
        let step_type = StepType::ALL[self.below(StepType::ALL.len())];
        let mut step = self.shape(step_shape(step_type), depth);
        if !self.once_in(25) {
            step["type"] = json!(step_type.word());
        }
        if step_type == StepType::Condition && !self.once_in(10) {
            self.ask_one_thing(&mut step);
        }
        step
    }

    fn ask_one_thing(&mut self, step: &mut Json) {
        let Some(keys) = step.as_object_mut() else { return };
        for key in ["any_of", "all_of", "when", "stage"] {
            keys.remove(key);
        }
        let (key, value) = [
            ("any_of", json!(["replied"])),
            ("all_of", json!(["replied", "link_opened"])),
            ("when", json!("record.a")),
            ("stage", json!({"sales": ["propose"]})),
        ][self.below(4)]
        .clone();
        keys.insert(key.to_owned(), value);
        if matches!(key, "when" | "stage") && !self.once_in(6) {
            for key in ["of", "within", "at_once"] {
                keys.remove(key);
            }
        }
    }
}

/// A document as somebody would write it: nothing behind a key is nothing, but a value that is told to be none. Under `record`
/// and `change` fields have such values.
fn written(value: &Json, key: &str, depth: usize) -> String {
    let pad = "  ".repeat(depth);
    match value {
        Json::Null if key == "value" => " null\n".to_owned(),
        Json::Null => "\n".to_owned(),
        Json::Object(entries) if entries.is_empty() => " {}\n".to_owned(),
        Json::Array(items) if items.is_empty() => " []\n".to_owned(),
        Json::Object(entries) => {
            let of_record = matches!(key, "record" | "change");
            let entry = |(key, value): (&String, &Json)| {
                let place = if of_record { "value" } else { key };
                format!("{pad}{}:{}", json!(key), written(value, place, depth + 1))
            };
            format!("\n{}", entries.iter().map(entry).collect::<String>())
        }
        Json::Array(items) => {
            format!("\n{}", items.iter().map(|item| format!("{pad}-{}", written(item, "", depth + 1))).collect::<String>())
        }
        single => format!(" {single}\n"),
    }
}

#[test]
fn a_sequence_is_valid_where_the_reader_finds_nothing() {
    let schema = validator(&sequence::schema(None));
    agree(&SEQUENCE, &schema, |source| {
        let id = SequenceId::parse("made-up").expect("it is an id");
        sequence::read(source, id, &yaml::read(source)).1.iter().map(|finding| finding.message.clone()).collect()
    });
}

#[test]
fn settings_are_valid_where_the_reader_finds_nothing() {
    let schema = validator(&settings::schema(None));
    // Which zones there are and when a day ends are no matter of shape.
    let is_of_shape = |message: &str| !message.contains("time zone") && !message.contains("working hours");
    agree(&SETTINGS, &schema, |source| {
        let findings = settings::read(source, &yaml::read(source)).1;
        findings.iter().map(|finding| finding.message.clone()).filter(|message| is_of_shape(message)).collect()
    });
}

#[test]
fn tests_are_valid_where_the_reader_finds_nothing() {
    let schema = validator(&trial::schema(None));
    agree(&TESTS, &schema, |source| {
        trial::read(source, &yaml::read(source)).1.iter().map(|finding| finding.message.clone()).collect()
    });
}

fn agree(shape: &'static Shape, schema: &jsonschema::Validator, read: impl Fn(&Source) -> Vec<String>) {
    let (mut valid, mut invalid) = (0, 0);
    let tried = std::cell::RefCell::new((&mut valid, &mut invalid));
    let check = |seed: u64| -> TestCaseResult {
        let document = Chance(seed).shape(shape, 0);
        let text = written(&document, "", 0);
        let source = Source::new(FilePath::new("sequences/made-up.yaml"), text.clone());
        assert!(yaml::read(&source).problems.is_empty(), "this is no YAML:\n{text}");
        let findings = read(&source);
        let errors: Vec<String> =
            schema.iter_errors(&json_of(&text)).map(|error| format!("{}: {error}", error.instance_path())).collect();
        prop_assert_eq!(findings.is_empty(), errors.is_empty(), "{}\nfindings: {:#?}\nerrors: {:#?}", text, findings, errors);
        let mut tried = tried.borrow_mut();
        *(if errors.is_empty() { &mut *tried.0 } else { &mut *tried.1 }) += 1;
        Ok(())
    };
    let outcome = TestRunner::new(cases(1_500)).run(&any::<u64>(), check);
    outcome.unwrap_or_else(|error| panic!("{}", error.to_string().replace("\\n", "\n")));
    assert!(valid > 100 && invalid > 100, "the documents are one-sided: {valid} are valid, {invalid} are not");
}

/// The samples and the generated corpus, under the schema that knows their workspace too.
#[test]
fn whole_workspaces_are_valid() {
    for sound in [Sound::samples(), Sound::generated()] {
        let workspace = sound.workspace();
        let names = |folder: &str, ending: &str| -> Vec<String> {
            let files =
                sound.files.iter().filter(|(path, _)| path.as_str().starts_with(folder) && path.as_str().ends_with(ending));
            files.map(|(path, _)| path.file_name().trim_end_matches(ending).to_owned()).collect()
        };
        let declared = sequence::Declared {
            settings: workspace.settings(),
            sequences: names("sequences/", ".yaml").into_iter().filter(|name| !name.ends_with(".test")).collect(),
            templates: names("sequences/templates/", ".md"),
        };
        let of_sequences = [validator(&sequence::schema(None)), validator(&sequence::schema(Some(&declared)))];
        let of_settings = [validator(&settings::schema(None)), validator(&settings::schema(Some(workspace.settings())))];
        let of_tests = [validator(&trial::schema(None)), validator(&trial::schema(Some(&declared)))];
        for (path, text) in sound.yaml() {
            let schemas = match path.as_str() {
                settings::FILE_NAME => &of_settings,
                path if path.ends_with(".test.yaml") => &of_tests,
                _ => &of_sequences,
            };
            for schema in schemas {
                let errors: Vec<String> = schema.iter_errors(&json_of(text)).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{path}: {errors:#?}");
            }
        }
    }
}

/// The cases under `tests/cases/check`, file by file: what is right is valid, and a mistake of shape is not.
#[test]
fn the_cases_are_valid_but_for_mistakes_of_shape() {
    let of_shape = [
        "unknown-key",
        "missing-key",
        "conflicting-keys",
        "wrong-type",
        "unknown-value",
        "too-long",
        "out-of-range",
        "unknown-step-type",
        "bad-id",
        "bad-duration",
        "bad-date",
        "unsupported-format",
    ];
    let schemas = [&sequence::schema(None), &settings::schema(None), &trial::schema(None)].map(validator);
    let mut wrong = Vec::new();
    for path in data::cases("check", "yaml") {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let Ok(case) = Case::parse(&stem, &std::fs::read_to_string(&path).unwrap()) else { continue };
        let findings = case.findings();
        for (file, text) in case.texts() {
            let schema = match file.as_str() {
                settings::FILE_NAME => &schemas[1],
                file if file.ends_with(".test.yaml") => &schemas[2],
                _ => &schemas[0],
            };
            let is_file = file.as_str() == settings::FILE_NAME
                || file.as_str().starts_with("sequences/") && file.as_str().ends_with(".yaml");
            let own: Vec<&str> =
                findings.iter().filter(|finding| finding.primary.file == file).map(|finding| finding.code.name()).collect();
            let source = Source::new(file.clone(), text.clone());
            // A day or an instant that no calendar has looks like one.
            let is_beyond = own.contains(&"ambiguous-scalar") || own == ["bad-date"];
            if is_beyond || !is_file || !yaml::read(&source).problems.is_empty() {
                continue;
            }
            let is_wanted = !own.iter().any(|code| of_shape.contains(code));
            let is_valid = schema.is_valid(&json_of(&text));
            if is_valid != is_wanted {
                wrong.push(format!("{stem}: {file} is {}valid, with {own:?}", if is_valid { "" } else { "not " }));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names are judged as `segue validate` judges them: what is an error there is one under the schema of the workspace, and what
/// is only a warning, like a template that is missing, is none.
#[test]
fn names_are_valid_where_they_are_no_error() {
    const OF_NAMES: [&str; 8] = [
        "unknown-sequence",
        "unknown-record-type",
        "unknown-field",
        "unknown-option",
        "unknown-process",
        "unknown-stage",
        "unknown-owner",
        "unknown-result",
    ];
    let plain = validator(&sequence::schema(None));
    let mut wrong = Vec::new();
    let mut refused = std::collections::BTreeSet::new();
    for path in data::cases("check", "yaml") {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let Ok(case) = Case::parse(&stem, &std::fs::read_to_string(&path).unwrap()) else { continue };
        let workspace = case.workspace();
        let templates =
            case.texts().iter().filter_map(|(file, _)| file.file_name().strip_suffix(".md").map(str::to_owned)).collect();
        let sequences = workspace.summaries().map(|summary| summary.id.as_str().to_owned()).collect();
        let declared = sequence::Declared { settings: workspace.settings(), sequences, templates };
        let schema = validator(&sequence::schema(Some(&declared)));
        for summary in workspace.summaries() {
            let file = &summary.file;
            let Some((_, text)) = case.texts().into_iter().find(|(path, _)| path == file) else { continue };
            let is_read = yaml::read(&Source::new(file.clone(), text.clone())).problems.is_empty();
            let is_well_shaped = is_read && plain.is_valid(&json_of(&text));
            if !is_well_shaped {
                continue;
            }
            let findings = case.findings();
            let own = findings.iter().filter(|finding| finding.primary.file == *file);
            let of_names: Vec<&str> = own.map(|finding| finding.code.name()).filter(|code| OF_NAMES.contains(code)).collect();
            let is_valid = schema.is_valid(&json_of(&text));
            // A field or an option that only an expression names stands where no schema looks.
            let is_hidden =
                of_names.iter().all(|code| ["unknown-field", "unknown-option"].contains(code)) && text.contains("when:");
            if is_valid != of_names.is_empty() && !is_hidden {
                wrong.push(format!("{stem}: {file} is {}valid, with {of_names:?}", if is_valid { "" } else { "not " }));
            }
            if !is_valid {
                refused.extend(of_names);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(refused.len(), OF_NAMES.len(), "not every kind of name has a case: {refused:?}");
}
