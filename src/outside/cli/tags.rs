//! `segue tags`: the tree of all tags, and what is done to one of them everywhere.

use serde::Serialize;

use crate::lifecycle::Verb;
use crate::operation::{self, sequences_with_tag};
use crate::outside::report::{Align, Layout, Table, json_document};
use crate::sequence::{SequenceId, TagCount, tag_tree};

use super::arguments::{AllTags, Arguments, DeleteTag, Format, ListTags, RenameTag, TagsCommand};
use super::desk::{Desk, Writes};
use super::open::{Beside, open};
use super::screen::Screen;
use super::{Exit, complain};

pub(super) fn run(arguments: &Arguments, command: &AllTags, screen: &Screen) -> anyhow::Result<Exit> {
    match &command.command {
        None => list(arguments, &command.list, screen),
        Some(TagsCommand::List(command)) => list(arguments, command, screen),
        Some(TagsCommand::Rename(command)) => rename(arguments, command, screen),
        Some(TagsCommand::Delete(command)) => delete(arguments, command, screen),
    }
}

/// A tag in the list.
#[derive(Serialize)]
struct Row<'t> {
    tag: &'t str,
    own: usize,
    all: usize,
}

#[derive(Serialize)]
struct Document<'t> {
    format_version: &'static str,
    tags: Vec<Row<'t>>,
}

fn list(arguments: &Arguments, command: &ListTags, screen: &Screen) -> anyhow::Result<Exit> {
    let workspace = open(arguments, Beside::default())?.workspace;
    let tags = tag_tree(workspace.summaries().map(|summary| summary.tag_names()));
    match command.format {
        Format::Json => {
            let rows = tags.iter().map(|TagCount { tag, own, all }| Row { tag, own: *own, all: *all }).collect();
            screen.print(|out| json_document(out, &Document { format_version: "1.0", tags: rows }))?;
        }
        Format::Human if tags.is_empty() => complain("no tags yet: `segue tag ID TAG` adds the first"),
        Format::Human => screen.print(|out| table(&tags, screen.layout()).write(out, screen.layout()))?,
    }
    Ok(Exit::Fine)
}

/// On a terminal a tree; a pipe gets the tags whole.
fn table(tags: &[TagCount], layout: Layout) -> Table {
    let mut table = Table::new(&[("TAG", Align::Whole), ("OWN", Align::Right), ("ALL", Align::Right)]);
    for count in tags {
        let tag = match layout {
            Layout::Terminal(_) => format!("{}{}", "  ".repeat(count.depth()), count.name()),
            Layout::Piped => count.tag.clone(),
        };
        table.row([tag, count.own.to_string(), count.all.to_string()]);
    }
    table
}

fn rename(arguments: &Arguments, command: &RenameTag, screen: &Screen) -> anyhow::Result<Exit> {
    let RenameTag { old, new, changing } = command;
    let desk = Desk::open(arguments, changing, screen, Writes::Files, format!("tags rename {old} {new}"))?;
    let ids = sequences_with_tag(&desk.staging.borrow(), old);
    let verbs: Vec<(Verb, &SequenceId)> = ids.iter().flat_map(|id| [(Verb::Untag, id), (Verb::Tag, id)]).collect();
    match desk.perform_together(&verbs, |ground| operation::rename_tag(ground, old, new))? {
        Ok(decision) => desk.finish(&[decision]),
        Err(refusal) => Ok(desk.refuse(&refusal)),
    }
}

fn delete(arguments: &Arguments, command: &DeleteTag, screen: &Screen) -> anyhow::Result<Exit> {
    let DeleteTag { tag, changing } = command;
    let desk = Desk::open(arguments, changing, screen, Writes::Files, format!("tags delete {tag}"))?;
    let ids = sequences_with_tag(&desk.staging.borrow(), tag);
    match desk.perform(Verb::Untag, &ids, |ground| operation::delete_tag(ground, tag))? {
        Ok(decision) => desk.finish(&[decision]),
        Err(refusal) => Ok(desk.refuse(&refusal)),
    }
}
