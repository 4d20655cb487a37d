//! Tags as a tree: `/` nests.
//! In come the tags of sequences, out come counts and what a tag becomes. Whether a tag may be called so is a rule's matter.

use std::collections::{BTreeMap, BTreeSet};

/// What stands between two levels.
const BETWEEN: char = '/';

/// A tag of the tree, with how many sequences have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagCount {
    /// The tag with all its levels.
    pub tag: String,
    /// How many sequences have it.
    pub own: usize,
    /// How many have it or one below it.
    pub all: usize,
}

impl TagCount {
    /// How deep it stands, from 0.
    pub fn depth(&self) -> usize {
        self.tag.matches(BETWEEN).count()
    }

    /// Its last level.
    pub fn name(&self) -> &str {
        self.tag.rsplit(BETWEEN).next().unwrap_or(&self.tag)
    }
}

/// The tree of the tags that sequences have, each tag behind the one that it lies in. Those that only others lie in are there, too.
pub fn tag_tree<'t>(sequences: impl IntoIterator<Item = impl Iterator<Item = &'t str>>) -> Vec<TagCount> {
    // By levels, so that what lies in a tag stands behind it, whatever else starts with the same letters.
    let mut counts: BTreeMap<Vec<&str>, TagCount> = BTreeMap::new();
    for tags in sequences {
        let own: BTreeSet<&str> = tags.collect();
        let all: BTreeSet<&str> = own.iter().flat_map(|tag| with_those_around(tag)).collect();
        for tag in all {
            let new = || TagCount { tag: tag.to_owned(), own: 0, all: 0 };
            let count = counts.entry(tag.split(BETWEEN).collect()).or_insert_with(new);
            count.all += 1;
            count.own += usize::from(own.contains(tag));
        }
    }
    counts.into_values().collect()
}

/// A tag, and each that it lies in.
fn with_those_around(tag: &str) -> impl Iterator<Item = &str> {
    tag.match_indices(BETWEEN).map(|(end, _)| &tag[..end]).chain([tag])
}

/// Whether a tag is that one, or lies in it.
pub fn lies_in(tag: &str, around: &str) -> bool {
    below(tag, around).is_some()
}

/// A tag after another was renamed: it, and what lies in it, gets the new name. `None` where it is none of them.
pub fn after_rename(tag: &str, old: &str, new: &str) -> Option<String> {
    below(tag, old).map(|rest| format!("{new}{rest}"))
}

/// A tag after another was deleted: what lay in that one moves up a level, as in the reference. `None` where it is none of
/// them, and nothing where it is the one that was deleted.
pub fn after_deletion(tag: &str, deleted: &str) -> Option<Option<String>> {
    let rest = below(tag, deleted)?.strip_prefix(BETWEEN);
    let around = deleted.rsplit_once(BETWEEN).map(|(around, _)| around);
    Some(rest.map(|rest| around.map_or_else(|| rest.to_owned(), |around| format!("{around}{BETWEEN}{rest}"))))
}

/// What stands behind `around` in a tag that is it or lies in it.
fn below<'t>(tag: &'t str, around: &str) -> Option<&'t str> {
    tag.strip_prefix(around).filter(|rest| rest.is_empty() || rest.starts_with(BETWEEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_counts_sequences_once_at_each_level() {
        let tags = |tags: &[&str]| -> Vec<String> { tags.iter().map(|tag| (*tag).to_owned()).collect() };
        let sequences = [tags(&["a/b", "a/c", "a/b"]), tags(&["a b", "a/b/d"]), tags(&["a", "a-z"]), tags(&[])];
        let told: Vec<(String, usize, usize)> = tag_tree(sequences.iter().map(|tags| tags.iter().map(String::as_str)))
            .into_iter()
            .map(|count| (count.tag, count.own, count.all))
            .collect();
        let expected = [("a", 1, 3), ("a/b", 1, 2), ("a/b/d", 1, 1), ("a/c", 1, 1), ("a b", 1, 1), ("a-z", 1, 1)];
        assert_eq!(told, expected.map(|(tag, own, all)| (tag.to_owned(), own, all)));
    }

    #[test]
    fn what_lies_in_a_tag_goes_with_it() {
        assert_eq!(after_rename("region/emea", "region", "area").as_deref(), Some("area/emea"));
        assert_eq!(after_rename("region", "region", "area/all").as_deref(), Some("area/all"));
        assert_eq!(after_rename("regional", "region", "area"), None);
        assert_eq!(after_rename("a/region", "region", "area"), None);
        assert_eq!(after_deletion("region", "region"), Some(None));
        assert_eq!(after_deletion("region/emea", "region"), Some(Some("emea".to_owned())));
        assert_eq!(after_deletion("region/emea/dach", "region/emea"), Some(Some("region/dach".to_owned())));
        assert_eq!(after_deletion("regional", "region"), None);
    }
}
