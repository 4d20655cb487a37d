//! Every node of the tree names the piece of text that it was read from.

use proptest::prelude::{prop_assert, prop_assert_eq};
use proptest::test_runner::{TestCaseResult, TestRunner};
use segue::expression;
use segue::sequence::When;
use segue::text::{Located, Source, Span};
use segue::yaml::{self, Content, Entry, Node, Style};

use super::texts::Form;
use super::values::{self, written};
use super::{cases, sound_texts, source};

#[test]
fn nodes_of_sound_files_name_their_text() {
    for text in sound_texts() {
        for form in Form::ALL {
            for text in [form.of(&text), form.of(&foreign(&text))] {
                let source = source(&text);
                let tree = yaml::read(&source);
                assert!(tree.problems.is_empty(), "{:?}", tree.problems);
                let root = tree.root.expect("a sound file has a value");
                node_names_its_text(&source, &root).unwrap_or_else(|error| panic!("{form:?}: {error}"));
            }
        }
    }
}

#[test]
fn nodes_of_made_up_files_name_their_text() {
    let mut runner = TestRunner::new(cases(600));
    let outcome = runner.run(&(values::value(), super::texts::form()), |(value, form)| {
        let text = form.of(&written(&value));
        let source = source(&text);
        let tree = yaml::read(&source);
        prop_assert!(tree.problems.is_empty(), "{:?} in {:?}", tree.problems, text);
        node_names_its_text(&source, &tree.root.expect("something is there"))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// The same text with words in it that take more bytes than they have letters.
fn foreign(text: &str) -> String {
    text.replace("the ", "thé ").replace("  # ", "  # 日本 🙂 ").replace("Introduce", "Ïntroduce")
}

fn node_names_its_text(source: &Source, node: &Node<'_>) -> TestCaseResult {
    prop_assert!(source.text().get(node.span.range()).is_some(), "{:?} is no part of the text", node.span);
    match &node.content {
        Content::Scalar(_) => scalar_names_its_text(source, node),
        Content::List(list) => {
            for item in &list.items {
                node_names_its_text(source, item)?;
            }
            stand_in_order(node.span, list.items.iter().map(|item| item.span))
        }
        Content::Mapping(mapping) => {
            for entry in &mapping.entries {
                entry_names_its_text(source, entry)?;
            }
            stand_in_order(node.span, mapping.entries.iter().flat_map(|entry| [entry.key_span, entry.value.span]))
        }
        Content::Unreadable => {
            prop_assert!(false, "nothing is unreadable in a sound file");
            Ok(())
        }
    }
}

fn entry_names_its_text(source: &Source, entry: &Entry<'_>) -> TestCaseResult {
    let written = source.slice(entry.key_span);
    prop_assert!(
        written == entry.key || read_alone(written).is_some_and(|(text, _)| text == entry.key),
        "{written:?} is not the key {:?}",
        entry.key
    );
    if entry.key == "when"
        && let Some(scalar) = entry.value.as_scalar()
    {
        let when = When { text: Located::new(scalar.text.to_string(), entry.value.span), style: scalar.style };
        for field in expression::read(source, &when, None).fields {
            let written = source.slice(field.span);
            let meant = match scalar.style {
                Style::SingleQuoted => read_alone(&format!("'{written}'")),
                Style::DoubleQuoted => read_alone(&format!("\"{written}\"")),
                Style::Plain | Style::Literal | Style::Folded => None,
            };
            let meant = meant.map_or(written.to_owned(), |(text, _)| text);
            prop_assert_eq!(
                meant.trim_matches('"'),
                &field.value,
                "the field {} in {}",
                &field.value,
                source.slice(entry.value.span)
            );
        }
    }
    node_names_its_text(source, &entry.value)
}

fn scalar_names_its_text(source: &Source, node: &Node<'_>) -> TestCaseResult {
    let written = source.slice(node.span);
    let scalar = node.as_scalar().expect("it is one");
    let has_signs = match scalar.style {
        Style::Plain => written.trim() == written,
        Style::SingleQuoted => written.len() > 1 && written.starts_with('\'') && written.ends_with('\''),
        Style::DoubleQuoted => written.len() > 1 && written.starts_with('"') && written.ends_with('"'),
        Style::Literal => written.starts_with('|'),
        Style::Folded => written.starts_with('>'),
    };
    prop_assert!(has_signs, "{written:?} is not written as {:?}", scalar.style);
    // Indentation that a sign names counts from the node around it, which is not there alone.
    let header = written.lines().next().unwrap_or_default();
    if matches!(scalar.style, Style::Literal | Style::Folded) && header.contains(|c: char| c.is_ascii_digit()) {
        return Ok(());
    }
    let Some((text, style)) = read_alone(written) else {
        prop_assert_eq!(written, &scalar.text, "cannot be read alone");
        return Ok(());
    };
    prop_assert_eq!(style, scalar.style);
    // The blanks and line ends behind the last line of text are no part of the span.
    let ends_open = matches!(scalar.style, Style::Literal | Style::Folded);
    let end = |text: &str| if ends_open { text.trim_end().to_owned() } else { text.to_owned() };
    prop_assert_eq!(end(&text), end(&scalar.text), "{:?}", written);
    Ok(())
}

/// What a piece of text says that is a document of its own.
fn read_alone(text: &str) -> Option<(String, Style)> {
    let source = source(text);
    let tree = yaml::read(&source);
    let scalar = tree.root.as_ref().and_then(|root| root.as_scalar())?;
    tree.problems.is_empty().then(|| (scalar.text.to_string(), scalar.style))
}

fn stand_in_order(around: Span, parts: impl Iterator<Item = Span>) -> TestCaseResult {
    let mut behind = around.start;
    for part in parts {
        prop_assert!(around.contains(part), "{part:?} does not lie in {around:?}");
        prop_assert!(behind <= part.start, "{part:?} starts before {behind}");
        behind = part.end;
    }
    Ok(())
}
