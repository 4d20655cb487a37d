//! The canonical order of keys: the one in which their table names them.
//! In come a tree and its table, out comes the order of every mapping in which keys stand otherwise.

use crate::yaml::format::KeyOrder;
use crate::yaml::{Content, Mapping, Node};

use super::table::{Kind, Shape};

/// Says by which table a step is written.
pub type StepShape = fn(&Mapping<'_>) -> &'static Shape;

/// The order of all keys below a root that is written by a table.
///
/// Keys that no table names, the person's own among them, stay behind the key that they stand behind.
pub fn key_order(root: &Node<'_>, shape: &'static Shape, step_shape: StepShape) -> KeyOrder {
    let mut walk = Walk { step_shape, place: Vec::new(), found: KeyOrder::new() };
    walk.shape(root, shape);
    walk.found
}

struct Walk {
    step_shape: StepShape,
    place: Vec<usize>,
    found: KeyOrder,
}

impl Walk {
    fn shape(&mut self, node: &Node<'_>, shape: &'static Shape) {
        let Content::Mapping(mapping) = &node.content else { return };
        let order = order(mapping, shape);
        if !order.is_sorted() {
            self.found.insert(self.place.clone(), order);
        }
        for (index, entry) in mapping.entries.iter().enumerate() {
            if let Some(key) = shape.keys().find(|key| key.name == entry.key) {
                self.within(index, &entry.value, &key.kind);
            }
        }
    }

    fn within(&mut self, index: usize, node: &Node<'_>, kind: &'static Kind) {
        self.place.push(index);
        self.kind(node, kind);
        self.place.pop();
    }

    fn kind(&mut self, node: &Node<'_>, kind: &'static Kind) {
        match kind {
            Kind::Mapping(shape) | Kind::Either(_, shape) => self.shape(node, shape),
            Kind::OrNothing(kind) => self.kind(node, kind),
            Kind::List(kind) => items(node).for_each(|(index, item)| self.within(index, item, kind)),
            Kind::Table { value, .. } => {
                let entries = node.as_mapping().into_iter().flat_map(|mapping| &mapping.entries).enumerate();
                entries.for_each(|(index, entry)| self.within(index, &entry.value, value));
            }
            Kind::Steps => {
                for (index, item) in items(node) {
                    if let Some(mapping) = item.as_mapping() {
                        let shape = (self.step_shape)(mapping);
                        self.place.push(index);
                        self.shape(item, shape);
                        self.place.pop();
                    }
                }
            }
            Kind::Text { .. }
            | Kind::Flag
            | Kind::Whole { .. }
            | Kind::Duration
            | Kind::Pause
            | Kind::Date
            | Kind::Instant
            | Kind::Id
            | Kind::Word(_)
            | Kind::WordOrInstant(_)
            | Kind::Value
            | Kind::Expression => {}
        }
    }
}

fn items<'n, 't>(node: &'n Node<'t>) -> impl Iterator<Item = (usize, &'n Node<'t>)> {
    let items = match &node.content {
        Content::List(list) => list.items.as_slice(),
        Content::Scalar(_) | Content::Mapping(_) | Content::Unreadable => &[],
    };
    items.iter().enumerate()
}

/// The numbers of a mapping's entries in canonical order.
fn order(mapping: &Mapping<'_>, shape: &'static Shape) -> Vec<usize> {
    let mut rank = 0;
    let ranks: Vec<usize> = mapping
        .entries
        .iter()
        .map(|entry| {
            rank = shape.keys().position(|key| key.name == entry.key).map_or(rank, |position| position + 1);
            rank
        })
        .collect();
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by_key(|index| ranks[*index]);
    order
}
