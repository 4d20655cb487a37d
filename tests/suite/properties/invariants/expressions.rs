//! Any text as an expression, in each of the ways in which a file may hold it.

use segue::expression;
use segue::sequence::When;
use segue::text::{FilePath, Located, Source};
use segue::yaml::{self, Node};

use super::{Held, hold, reading, text};

/// The text behind `when`, plain, in either quotes and as a block.
pub fn expressions(bytes: &[u8]) -> Held {
    let text = text(bytes);
    let line = text.replace(['\n', '\r'], " ");
    let written = [
        line.clone(),
        format!("'{}'", line.replace('\'', "''")),
        format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\"")),
        format!("|\n      {}", text.replace('\n', "\n      ")),
    ];
    written.iter().try_for_each(|written| {
        let file =
            format!("name: A\nrecord_type: lead\nowner: ana\nsteps:\n  - id: c\n    type: condition\n    when: {written}\n");
        reading::reading(file.as_bytes())?;
        fields_stand_in_the_file(&file)
    })
}

/// Each field that an expression names is found at its place.
fn fields_stand_in_the_file(file: &str) -> Held {
    let source = Source::new(FilePath::new("sequences/made-up.yaml"), file.to_owned());
    let tree = yaml::read(&source);
    let Some(node) = tree.root.as_ref().and_then(when) else { return Ok(()) };
    let Some(scalar) = node.as_scalar() else { return Ok(()) };
    let when = When { text: Located::new(scalar.text.to_string(), node.span), style: scalar.style };
    let fields = expression::read(&source, &when, None).fields;
    fields.iter().try_for_each(|field| {
        let written = source.text().get(field.span.range());
        hold(written.is_some_and(|written| !written.is_empty()), || format!("{field:?} stands nowhere in {file:?}"))
    })
}

fn when<'n, 't>(root: &'n Node<'t>) -> Option<&'n Node<'t>> {
    let steps = &root.as_mapping()?.entry("steps")?.value;
    let yaml::Content::List(list) = &steps.content else { return None };
    Some(&list.items.first()?.as_mapping()?.entry("when")?.value)
}
