//! Tags by level: which there are below the first, and which files have them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::rules::tag_too_deep::LEVELS;
use crate::text::FilePath;

/// The tags of a workspace that lie below another.
#[derive(Debug, Default)]
pub(super) struct Tags {
    /// For each level from the second on: each tag with all that it lies below, and the files that have it or one below it.
    levels: [BTreeMap<Arc<str>, BTreeSet<FilePath>>; LEVELS - 1],
}

/// The different tags of one level.
#[derive(Clone, Copy, Debug)]
pub(in crate::check) struct TagsOfLevel<'l> {
    number: usize,
    tags: &'l BTreeMap<Arc<str>, BTreeSet<FilePath>>,
}

impl<'l> TagsOfLevel<'l> {
    /// Which level: 2 lies below the first.
    pub(in crate::check) fn number(&self) -> usize {
        self.number
    }

    /// Each with the files that have it.
    pub(in crate::check) fn tags(&self) -> &'l BTreeMap<Arc<str>, BTreeSet<FilePath>> {
        self.tags
    }
}

impl Tags {
    /// Notes that a file has a tag.
    pub(super) fn tie(&mut self, tag: &str, file: &FilePath) {
        for (level, name) in nested(tag) {
            match self.levels[level].get_mut(name) {
                Some(files) => drop(files.insert(file.clone())),
                None => drop(self.levels[level].insert(Arc::from(name), BTreeSet::from([file.clone()]))),
            }
        }
    }

    /// Notes that a file has a tag no more.
    pub(super) fn untie(&mut self, tag: &str, file: &FilePath) {
        for (level, name) in nested(tag) {
            if let Some(files) = self.levels[level].get_mut(name) {
                files.remove(file);
                if files.is_empty() {
                    self.levels[level].remove(name);
                }
            }
        }
    }

    /// The levels below the first.
    pub(super) fn levels(&self) -> impl Iterator<Item = TagsOfLevel<'_>> {
        self.levels.iter().enumerate().map(|(level, tags)| TagsOfLevel { number: level + 2, tags })
    }
}

/// What a tag is on each level below the first, that it reaches. One that is written badly or too deep is told of by itself,
/// and is none.
fn nested(tag: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = tag.match_indices('/').map(|(at, _)| at).chain([tag.len()]).skip(1);
    let levels = tag.split('/').count();
    let is_good = levels <= LEVELS && tag.split('/').all(|level| !level.trim().is_empty());
    ends.enumerate().filter(move |_| is_good).map(|(level, end)| (level, &tag[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_on_each_level_that_it_reaches() {
        let levels = |tag: &'static str| nested(tag).collect::<Vec<_>>();
        assert_eq!(levels("inbound"), []);
        assert_eq!(levels("region/emea"), [(0, "region/emea")]);
        assert_eq!(levels("a/b/c/d"), [(0, "a/b"), (1, "a/b/c"), (2, "a/b/c/d")]);
        for bad in ["a/b/c/d/e", "a//b", "a/ /b", "/a", "a/", "", "/"] {
            assert_eq!(levels(bad), [], "{bad}");
        }
    }

    #[test]
    fn what_is_untied_is_forgotten() {
        let (mut tags, one, other) = (Tags::default(), FilePath::new("sequences/a.yaml"), FilePath::new("sequences/b.yaml"));
        tags.tie("a/b/c", &one);
        tags.tie("a/b", &other);
        tags.untie("a/b/c", &one);
        let counts = |tags: &Tags| tags.levels().map(|level| level.tags().len()).collect::<Vec<_>>();
        assert_eq!(counts(&tags), [1, 0, 0]);
        tags.untie("a/b", &other);
        assert_eq!(counts(&tags), [0, 0, 0]);
    }
}
