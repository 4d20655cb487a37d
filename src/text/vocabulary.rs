//! Did you mean, among words that come and go.
//!
//! A word is compared with its neighbours alone: the words that begin as it does, and those that end as it does. A slip of the
//! hand leaves one of the two ends whole, so the word that was meant is among them, and an answer costs the same however many
//! words there are. It depends on nothing but the words, in whatever order they came.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::sync::Arc;

use super::suggest::{fold, slips};

/// How many neighbours on each side are compared. Among no more words than this every word is.
const REACH: usize = 64;

/// Known words, or words that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    by_start: Order,
    by_end: Order,
}

/// Words in the order of what is left of them without case and separators, each with that.
type Order = BTreeSet<(String, Arc<str>)>;

impl Vocabulary {
    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.by_start.is_empty()
    }

    /// Adds a word; one that is there already stays.
    pub fn insert(&mut self, word: &Arc<str>) {
        self.by_start.insert((fold(word), Arc::clone(word)));
        self.by_end.insert((turned(word), Arc::clone(word)));
    }

    /// Takes a word away.
    pub fn remove(&mut self, word: &Arc<str>) {
        self.by_start.remove(&(fold(word), Arc::clone(word)));
        self.by_end.remove(&(turned(word), Arc::clone(word)));
    }

    /// All words.
    pub fn words(&self) -> impl Iterator<Item = &Arc<str>> {
        self.by_start.iter().map(|(_, word)| word)
    }

    /// The known word that somebody probably wanted to write, near as [`suggest`](super::suggest()) has it; of equally near
    /// ones the first.
    pub fn near(&self, word: &str) -> Option<&str> {
        let (folded, turned) = (fold(word), turned(word));
        let near = near_in(&self.by_start, &folded).chain(near_in(&self.by_end, &turned));
        near.filter(|(_, known)| *known != word).min().map(|(_, known)| known)
    }

    /// Those of the words asked for that are compared with this word, be it known or about to be: their answers may change
    /// when it comes or goes.
    pub fn comparing<'a>(&self, word: &str, asked: &'a Vocabulary) -> Vec<&'a Arc<str>> {
        let mut comparing = within_reach(&self.by_start, &fold(word), word, &asked.by_start);
        comparing.extend(within_reach(&self.by_end, &turned(word), word, &asked.by_end));
        comparing
    }
}

impl FromIterator<Arc<str>> for Vocabulary {
    fn from_iter<I: IntoIterator<Item = Arc<str>>>(words: I) -> Self {
        let words: Vec<Arc<str>> = words.into_iter().collect();
        Self {
            by_start: words.iter().map(|word| (fold(word), Arc::clone(word))).collect(),
            by_end: words.iter().map(|word| (turned(word), Arc::clone(word))).collect(),
        }
    }
}

/// What is left of a word without case and separators, from its end to its start.
fn turned(word: &str) -> String {
    fold(word).chars().rev().collect()
}

/// The least that an entry with these letters can be.
fn least(letters: &str) -> (String, Arc<str>) {
    (letters.to_owned(), Arc::from(""))
}

/// The neighbours that are near, each with how far it is. Words that are both turned are as far from each other as they were.
fn near_in<'o>(order: &'o Order, letters: &str) -> impl Iterator<Item = (usize, &'o str)> {
    let here = least(letters);
    let before = order.range((Unbounded, Excluded(&here))).rev().take(REACH);
    let behind = order.range((Included(&here), Unbounded)).take(REACH);
    let (count, own_kinds) = (letters.chars().count(), kinds(letters));
    let allowed = slips(count);
    before.chain(behind).filter_map(move |(other, known)| {
        // Most are seen to be far without their distance: a slip makes two kinds of letters come or go at most.
        let other_kinds = (own_kinds ^ kinds(other)).count_ones() as usize;
        let is_near = other_kinds <= 2 * allowed && other.chars().count().abs_diff(count) <= allowed;
        let distance = is_near.then(|| strsim::osa_distance(letters, other))?;
        (distance <= allowed).then_some((distance, &**known))
    })
}

/// Which kinds of letters there are, a bit each; some kinds share one.
fn kinds(letters: &str) -> u64 {
    letters.chars().fold(0, |kinds, letter| kinds | 1 << (u32::from(letter) % u64::BITS))
}

/// The words asked for from which a word is among the neighbours.
fn within_reach<'a>(known: &Order, letters: &str, word: &str, asked: &'a Order) -> Vec<&'a Arc<str>> {
    let here = (letters.to_owned(), Arc::from(word));
    let first = known.range((Unbounded, Excluded(&here))).rev().nth(REACH - 1);
    let last = known.range((Excluded(&here), Unbounded)).nth(REACH - 1);
    let from = first.map(|(letters, _)| least(letters)).map_or(Unbounded, Included);
    let from_there = asked.range((from, Unbounded));
    from_there.take_while(|(letters, _)| last.is_none_or(|(last, _)| letters <= last)).map(|(_, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::suggest;

    fn vocabulary<'w>(words: impl IntoIterator<Item = &'w str>) -> Vocabulary {
        words.into_iter().map(Arc::from).collect()
    }

    #[test]
    fn among_few_words_the_answer_is_that_of_a_comparison_with_all() {
        let words = ["phone_call", "email", "wait", "inbound-lead", "inbound-leads", "outbound-lead", "a", "b"];
        let known = vocabulary(words);
        for word in ["phonecall", "Email", "wiat", "inbuond-lead", "outbund", "lead", "c", "meeting", ""] {
            let all: Vec<&str> = known.words().map(|word| &**word).collect();
            let exact = suggest(word, all.iter().copied());
            assert_eq!(known.near(word).is_some(), exact.is_some(), "{word}");
        }
        assert_eq!(known.near("inbuond-lead"), Some("inbound-lead"));
        assert_eq!(known.near("wiat"), Some("wait"));
    }

    #[test]
    fn a_slip_is_found_among_very_many_words() {
        let words: Vec<String> =
            (0..20_000).map(|number| format!("lead-{:05}-emea-{}", number * 7 % 20_000, number % 13)).collect();
        let known = vocabulary(words.iter().map(String::as_str));
        assert_eq!(known.near("lead-01505-emae-7"), suggest("lead-01505-emae-7", words.iter().map(String::as_str)));
        assert!(known.near("laed-00301-emea-3").is_some());
    }

    #[test]
    fn whoever_may_change_their_answer_is_named() {
        let mut known = vocabulary([]);
        let asked: Vec<String> = (0..400).map(|number| format!("step-{:03}", number * 37 % 400)).collect();
        let asked = vocabulary(asked.iter().map(String::as_str));
        let mut chance: u32 = 1;
        for _ in 0..150 {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let word: Arc<str> = Arc::from(format!("setp-{:03}", (chance >> 16) % 500));
            let before: Vec<Option<String>> = asked.words().map(|asked| known.near(asked).map(str::to_owned)).collect();
            let comparing: BTreeSet<&Arc<str>> = known.comparing(&word, &asked).into_iter().collect();
            if chance & 0x100 == 0 {
                known.insert(&word)
            } else {
                known.remove(&word)
            }
            for (word, before) in asked.words().zip(before) {
                assert!(comparing.contains(word) || known.near(word).map(str::to_owned) == before, "{word}");
            }
        }
    }

    #[test]
    fn a_word_that_is_gone_is_as_if_it_had_never_been() {
        let mut known = vocabulary(["inbound-lead"]);
        let other: Arc<str> = Arc::from("inbound-leads");
        known.insert(&other);
        known.remove(&other);
        assert_eq!(known.words().count(), 1);
        assert_eq!(known.near("inbound-leeds"), Some("inbound-lead"));
        assert!(!known.is_empty() && vocabulary([]).is_empty());
    }
}
