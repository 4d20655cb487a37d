//! A place in a scalar's text is found again in the file.

use proptest::prelude::prop_assert;
use proptest::test_runner::{TestCaseResult, TestRunner};
use segue::yaml::{self, Content, Node, Style, offset_in_source};

use super::texts::Form;
use super::values::{self, written};
use super::{cases, sound_texts, source};

#[test]
fn every_character_of_sound_files_is_found() {
    for text in sound_texts() {
        for form in Form::ALL {
            characters_are_found(&form.of(&text)).unwrap_or_else(|error| panic!("{form:?}: {error}"));
        }
    }
}

#[test]
fn every_character_of_made_up_files_is_found() {
    let mut runner = TestRunner::new(cases(600));
    let outcome =
        runner.run(&(values::value(), super::texts::form()), |(value, form)| characters_are_found(&form.of(&written(&value))));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn characters_are_found(text: &str) -> TestCaseResult {
    let source = source(text);
    let tree = yaml::read(&source);
    tree.root.map_or(Ok(()), |root| in_node(text, &root))
}

fn in_node(text: &str, node: &Node<'_>) -> TestCaseResult {
    match &node.content {
        Content::Scalar(scalar) => in_scalar(&text[node.span.range()], scalar.style, &scalar.text),
        Content::List(list) => list.items.iter().try_for_each(|item| in_node(text, item)),
        Content::Mapping(mapping) => mapping.entries.iter().try_for_each(|entry| in_node(text, &entry.value)),
        Content::Unreadable => Ok(()),
    }
}

fn in_scalar(raw: &str, style: Style, text: &str) -> TestCaseResult {
    let mut behind = 0;
    for (offset, wanted) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let found = offset_in_source(raw, style, text, offset);
        let rest = raw.get(found..).unwrap_or_default();
        let is_escape = style == Style::DoubleQuoted && rest.starts_with('\\');
        prop_assert!(rest.starts_with(wanted) || is_escape, "{wanted:?} of {text:?} is not at {found} of {raw:?}");
        prop_assert!(found >= behind, "{wanted:?} of {text:?} stands before the one before it in {raw:?}");
        behind = found + 1;
    }
    Ok(())
}
