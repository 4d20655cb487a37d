//! What is said of expressions, held against Rhai: the expressions are made up, and so are the records.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rhai::{Dynamic, Engine, Map, Scope};
use segue::diagnostic::{Code, Severity};
use segue::expression::{self, Answer, Expression};
use segue::record::{FieldKind, FieldWord, RecordType};
use segue::sequence::When;
use segue::text::{FilePath, Located, Source, Span};
use segue::yaml::Style;

use super::cases;

fn read(text: &str, record_type: Option<&RecordType>) -> Expression {
    let source = Source::new(FilePath::new("sequences/a.yaml"), text.to_owned());
    let when = When { text: Located::new(text.to_owned(), Span::new(0, text.len())), style: Style::Plain };
    let found = expression::read(&source, &when, record_type);
    for finding in &found.problems {
        let range = finding.primary.span.range();
        assert!(text.get(range.clone()).is_some(), "{text}: {range:?} is no part of it: {finding:?}");
    }
    found
}

/// What Rhai says of one record; `None` where it cannot say.
fn ask(engine: &Engine, text: &str, record: &Map) -> Option<bool> {
    let mut scope = Scope::new();
    scope.push("record", record.clone());
    engine.eval_expression_with_scope::<Dynamic>(&mut scope, text).ok()?.as_bool().ok()
}

/// Questions about fields of which nobody knows anything.
fn question() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec!["record.a", "record.b", "record[\"c\"]"]);
    let constant =
        prop::sample::select(vec!["1", "2", "2.5", "-1", "\"a\"", "\"b\"", "\"\"", "true", "false", "()", "1 + 1", "2 - 3"]);
    let operator = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let list = prop::collection::vec(constant.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", ")));
    let leaf = prop_oneof![
        6 => (field.clone(), operator.clone(), constant.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        2 => (constant.clone(), operator.clone(), field.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        2 => (field.clone(), operator.clone(), field.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (constant.clone(), operator.clone(), constant).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        2 => (field.clone(), list.clone()).prop_map(|(a, list)| format!("{a} in {list}")),
        1 => (field.clone(), list).prop_map(|(a, list)| format!("{a} !in {list}")),
        1 => (field.clone(), operator).prop_map(|(a, op)| format!("{a} + 1 {op} 2")),
        1 => field.clone().prop_map(str::to_owned),
        1 => field.prop_map(|a| format!("({a} ?? 1) == 1")),
        1 => prop::sample::select(vec!["true", "false"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" && "))),
            3 => prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" || "))),
            1 => inner.prop_map(|part| format!("!({part})")),
        ]
    })
}

fn anything() -> impl Strategy<Value = Dynamic> {
    prop_oneof![
        2 => Just(Dynamic::UNIT),
        2 => any::<bool>().prop_map(Dynamic::from),
        4 => (-2_i64..5).prop_map(Dynamic::from),
        2 => (-4_i64..10).prop_map(|halves| Dynamic::from(halves as f64 / 2.0)),
        4 => prop::sample::select(vec!["", "a", "a\0", "ab", "b", "c", "A"]).prop_map(Dynamic::from),
    ]
}

fn record() -> impl Strategy<Value = Map> {
    (anything(), anything(), anything()).prop_map(|(a, b, c)| [("a".into(), a), ("b".into(), b), ("c".into(), c)].into())
}

/// Fields of each kind, and a record in which each has a value.
fn declared() -> RecordType {
    let plain = |word| FieldKind::Plain(word);
    let fields = [
        ("text", plain(FieldWord::Text)),
        ("number", plain(FieldWord::Number)),
        ("flag", plain(FieldWord::Boolean)),
        ("date", plain(FieldWord::Date)),
        ("rating", FieldKind::Options(vec!["cold".into(), "warm".into()])),
    ];
    let fields = fields.map(|(name, kind)| (name.to_owned(), kind));
    RecordType { fields: Some(BTreeMap::from(fields)), stages: None }
}

fn full_record() -> impl Strategy<Value = Map> {
    let text = prop::sample::select(vec!["", "a", "GmbH", "12"]);
    let number = prop_oneof![(-3_i64..9).prop_map(Dynamic::from), (-3_i64..9).prop_map(|n| Dynamic::from(n as f64 / 2.0))];
    let date = prop::sample::select(vec!["2026-01-01", "2026-12-24"]);
    let rating = prop::sample::select(vec!["cold", "warm"]);
    (text, number, any::<bool>(), date, rating).prop_map(|(text, number, flag, date, rating)| {
        [
            ("text".into(), text.into()),
            ("number".into(), number),
            ("flag".into(), flag.into()),
            ("date".into(), date.into()),
            ("rating".into(), rating.into()),
            ("name".into(), "Ana".into()),
        ]
        .into()
    })
}

/// Expressions that know no kinds: most of them are wrong.
fn medley() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "record.text",
        "record.number",
        "record.flag",
        "record.date",
        "record.rating",
        "record.name",
        "1",
        "2.5",
        "\"a\"",
        "\"warm\"",
        "\"2026-12-24\"",
        "true",
        "[1, 2]",
        "[\"a\", \"warm\"]",
        "1..4",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    let binary = prop::sample::select(vec!["==", "!=", "<", ">=", "+", "-", "*", "&&", "||", "in", "!in"]);
    let of_one =
        prop::sample::select(vec!["len()", "is_empty()", "to_lower()", "to_upper()", "to_string()", "abs()", "is_zero()", "len"]);
    let of_two = prop::sample::select(vec!["contains", "starts_with", "ends_with", "index_of", "sub_string", "min", "max"]);
    leaf.prop_recursive(3, 8, 2, move |inner| {
        prop_oneof![
            5 => (inner.clone(), binary.clone(), inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            1 => inner.clone().prop_map(|a| format!("!({a})")),
            1 => inner.clone().prop_map(|a| format!("-({a})")),
            2 => (inner.clone(), of_one.clone()).prop_map(|(a, call)| format!("({a}).{call}")),
            2 => (inner.clone(), of_two.clone(), inner.clone()).prop_map(|(a, call, b)| format!("({a}).{call}({b})")),
            1 => (inner.clone(), inner).prop_map(|(a, b)| format!("`${{{a}}} ${{{b}}}`")),
        ]
    })
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn what_is_called_constant_never_differs(text in question(), records in prop::collection::vec(record(), 60)) {
        let engine = Engine::new();
        let found = read(&text, None);
        let constant: Vec<(&str, Answer)> = found
            .problems
            .iter()
            .filter(|finding| finding.code == Code::ConstantExpression)
            .map(|finding| {
                let answer = if finding.message.contains("true of every") { Answer::Always } else { Answer::Never };
                (&text[finding.primary.span.range()], answer)
            })
            .collect();
        let whole = found.answer.map(|answer| (text.as_str(), answer));
        for (part, answer) in constant.into_iter().chain(whole) {
            for record in &records {
                if let Some(said) = ask(&engine, part, record) {
                    prop_assert_eq!(said, answer == Answer::Always, "`{}` in `{}` on {:?}", part, text, record);
                }
            }
        }
    }

    #[test]
    fn what_fits_its_kinds_is_decided_for_every_record(text in medley(), records in prop::collection::vec(full_record(), 12)) {
        let found = read(&text, Some(&declared()));
        let is_fine = found.problems.iter().all(|finding| finding.severity == Severity::Warning);
        if is_fine && found.unknown_options.is_empty() {
            let engine = Engine::new();
            for record in &records {
                prop_assert!(ask(&engine, &text, record).is_some(), "`{}` on {:?}", text, record);
            }
        }
    }

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,40}", soup in prop::collection::vec(
        prop::sample::select(vec![
            "record", ".", "rating", "[", "]", "(", ")", "\"", "'", "`", "${", "}", "{", "==", "!", "in", "1", "-", "..", "x", " ",
            "\n", "é", "&&", "||", "??", "?.", ",", "#{", ":", "::", "|", "=>", "=", ";", "\\",
        ]),
        0..14,
    )) {
        read(&text, Some(&declared()));
        read(&soup.concat(), Some(&declared()));
    }
}

#[test]
fn constants_are_found() {
    let never = [
        "1 > 2",
        "record.a == 1 && record.a == 2",
        "record.a > 5 && record.a < 3",
        "record.a > 5 && record.b == \"x\" && record.a <= 5.0",
        "record.a in []",
        "record.a in [1, 2] && record.a == \"1\"",
        "record.a != record.a",
        "!(record.a == record.a)",
        "record.a && !record.a",
        "record.a > \"b\" && record.a < \"a\"",
        "record.a > \"a\" && record.a < \"a\\x00\"",
    ];
    let always = [
        "true",
        "true || record.a",
        "record.a != 1 || record.a != 2",
        "record.a == record.a",
        "record.a * 2 > 1 || !(record.a * 2 > 1)",
        "record.a == 1 || record.b == 2 || record.a != 1",
    ];
    let open = [
        "record.a > 5 || record.a <= 5",
        "record.a >= 5 && record.a <= 5",
        "record.a > 5 && record.a < 6",
        "record.a <= record.a",
        "record.a == 0.1 && record.a == 0.10000000000000002",
        "record.a * 2 > 1 && record.a * 2 < 0",
    ];
    for text in never {
        assert_eq!(read(text, None).answer, Some(Answer::Never), "{text}");
    }
    for text in always {
        assert_eq!(read(text, None).answer, Some(Answer::Always), "{text}");
    }
    for text in open {
        assert_eq!(read(text, None).answer, None, "{text}");
    }
}

#[test]
fn a_long_expression_is_not_played_through_for_ever() {
    let fields = |join: &str| (0..300).map(|at| format!("record.f{at} == {at}")).collect::<Vec<_>>().join(join);
    assert_eq!(read(&fields(" && "), None).answer, None);
    let list: Vec<String> = (0..5_000).map(|at| at.to_string()).collect();
    let text = format!("record.a in [{}] && record.a == 1", list.join(", "));
    assert_eq!(read(&text, None).answer, None);
}
