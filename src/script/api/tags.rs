//! Tags as scripts see them: the tree of all that sequences have, and what is done to one of them everywhere.

use std::rc::Rc;

use rhai::{Dynamic, Engine, FuncRegistration, INT, NativeCallContext};

use crate::lifecycle::Verb;
use crate::operation::{self, sequences_with_tag};
use crate::sequence::{SequenceId, TagCount, tag_tree};

use super::desk::{Answer, Desk, Told, asked};
use super::listing::List;
use super::offer::offer;

/// A tag, frozen as it was when it was asked for.
#[derive(Clone)]
pub(super) struct Tag(Rc<TagCount>);

fn all(desk: &Desk) -> List {
    let staging = desk.staging.borrow();
    let ids = staging.ids();
    let tags = ids.iter().filter_map(|id| staging.find(id)).map(|held| held.summary.tag_names());
    List::new(tag_tree(tags).into_iter().map(|count| Dynamic::from(Tag(Rc::new(count)))).collect())
}

/// Asks for verbs on every sequence that has a tag. Returns how many these are.
fn everywhere(
    desk: &Desk,
    tag: &str,
    verbs: &[Verb],
    decide: impl FnOnce(&operation::Ground<'_>) -> Told<operation::Decision>,
) -> Told<INT> {
    let ids = sequences_with_tag(&desk.staging.borrow(), tag);
    let asked: Vec<(Verb, &SequenceId)> = ids.iter().flat_map(|id| verbs.iter().map(move |verb| (*verb, id))).collect();
    desk.perform_together(&asked, decide)?;
    Ok(INT::try_from(ids.len()).unwrap_or(INT::MAX))
}

pub(super) fn register(engine: &mut Engine, desk: &Rc<Desk>) {
    let [listed, renamed, deleted] = std::array::from_fn(|_| Rc::clone(desk));
    offer! { engine;
        /// All tags that sequences have, each behind the one that it lies in, as they are now.
        ///
        /// `for tag in tags() { print(tag.name + ": " + tag.all); }`
        "tags"() -> "List" = move |context: NativeCallContext<'_>| -> Answer<List> { asked(&context, &listed, |desk| Ok(all(desk))) };
        /// Gives a tag another name in every sequence, and with it all that lies in it: `region/emea` goes with `region`.
        /// Where a sequence has the new one already, the two become one. Returns how many sequences changed.
        ///
        /// Refused with `unknown-tag`, `not-sound` where the new name is none, `inside-edit`.
        ///
        /// `rename_tag("region", "area");`
        "rename_tag"("old: string", "new: string") -> "int" =
            move |context: NativeCallContext<'_>, old: &str, new: &str| -> Answer<INT> {
                asked(&context, &renamed, |desk| {
                    everywhere(desk, old, &[Verb::Untag, Verb::Tag], |ground| operation::rename_tag(ground, old, new))
                })
            };
        /// Takes a tag away from every sequence; what lies in it moves up a level. Returns how many sequences changed.
        ///
        /// Refused with `unknown-tag`, `inside-edit`.
        ///
        /// `delete_tag("channel/fair");`
        "delete_tag"("tag: string") -> "int" = move |context: NativeCallContext<'_>, tag: &str| -> Answer<INT> {
            asked(&context, &deleted, |desk| everywhere(desk, tag, &[Verb::Untag], |ground| operation::delete_tag(ground, tag)))
        };
        /// The tag as `print` shows it: its name.
        ///
        /// `print(tags()[0]);`
        "to_string"("tag: Tag") -> "string" = |tag: &mut Tag| tag.0.tag.clone();
        /// The tag as `debug` shows it: its name.
        ///
        /// `debug(tags()[0]);`
        "to_debug"("tag: Tag") -> "string" = |tag: &mut Tag| tag.0.tag.clone();
    }
    let count = |count: usize| Dynamic::from_int(INT::try_from(count).unwrap_or(INT::MAX));
    property(engine, "name", "string", "Its name with all levels, like `region/emea`.", |tag| tag.tag.as_str().into());
    property(engine, "own", "int", "How many sequences have it.", move |tag| count(tag.own));
    property(engine, "all", "int", "How many sequences have it or one that lies in it.", move |tag| count(tag.all));
}

fn property(engine: &mut Engine, name: &str, returns: &str, doc: &str, read: impl Fn(&TagCount) -> Dynamic + 'static) {
    let page = [format!("/// {doc}"), "///".to_owned(), format!("/// `tags().map(|t| t.{name})`")];
    let getter = FuncRegistration::new_getter(name).with_comments(page);
    let _ = getter.with_params_info(["tag: Tag", returns]).register_into_engine(engine, move |tag: &mut Tag| read(&tag.0));
}
