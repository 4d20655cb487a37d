//! Did you mean: the known word that somebody probably wanted to write.

use std::cell::Cell;

/// How many comparisons one [`Suggestions`] makes: thousands of wrong words among thousands of known ones would otherwise
/// take minutes, and nobody reads that many guesses.
const BUDGET: usize = 500_000;

/// The candidate nearest to `word`, if one is near enough to be a slip of the hand.
///
/// Near is at most a third of the word's letters changed, left out, added or swapped; of equally near ones the first wins.
/// A word that only differs in case or in `-`, `_` and blanks is always near.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Suggestions::new(candidates).near(word)
}

/// Whether two words differ in nothing but case, `-`, `_` and blanks: the one was meant for the other.
pub fn is_alike(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// Known words that many wrong ones are compared with.
#[derive(Debug)]
pub struct Suggestions<'a> {
    candidates: Vec<Candidate<'a>>,
    left: Cell<usize>,
}

#[derive(Debug)]
struct Candidate<'a> {
    word: &'a str,
    folded: String,
    letters: usize,
}

impl<'a> Suggestions<'a> {
    /// Takes the known words.
    pub fn new(candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let candidate = |word| {
            let folded = fold(word);
            Candidate { word, letters: folded.chars().count(), folded }
        };
        Self { candidates: candidates.into_iter().map(candidate).collect(), left: Cell::new(BUDGET) }
    }

    /// The word nearest to `word`, as [`suggest`] has it; after very many questions none is.
    pub fn near(&self, word: &str) -> Option<&'a str> {
        let folded = fold(word);
        let letters = folded.chars().count();
        let allowed = slips(letters);
        let alike =
            self.candidates.iter().filter(|candidate| candidate.word != word && candidate.letters.abs_diff(letters) <= allowed);
        let affordable = alike.take_while(|_| {
            let left = self.left.get();
            self.left.set(left.saturating_sub(1));
            left > 0
        });
        let distances = affordable.map(|candidate| (strsim::osa_distance(&folded, &candidate.folded), candidate.word));
        distances.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
    }
}

/// How many letters of so many may be wrong for a slip of the hand. One letter of two is none.
pub(super) fn slips(letters: usize) -> usize {
    if letters < 3 { 0 } else { (letters / 3).max(1) }
}

pub(super) fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_a_different_word_is_not() {
        let types = ["phone_call", "email", "wait", "a", "b"];
        assert_eq!(suggest("phonecall", types), Some("phone_call"));
        assert_eq!(suggest("Email", types), Some("email"));
        assert_eq!(suggest("wiat", types), Some("wait"));
        assert_eq!(suggest("meeting", types), None);
        assert_eq!(suggest("c", types), None);
    }

    #[test]
    fn very_many_questions_end_in_no_answer_and_not_in_a_long_wait() {
        let known: Vec<String> = (0..2_000).map(|number| format!("step-{number:05}")).collect();
        let suggestions = Suggestions::new(known.iter().map(String::as_str));
        let answers = (0..2_000).filter(|number| suggestions.near(&format!("stpe-{number:05}")).is_some()).count();
        assert!(answers > 0 && answers < 2_000, "{answers}");
    }
}
