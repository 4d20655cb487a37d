//! Did you mean: the known word that somebody probably wanted to write.

/// The candidate nearest to `word`, if one is near enough to be a slip of the hand.
///
/// Near is at most a third of the word's letters changed, left out, added or swapped; of equally near ones the first wins.
/// A word that only differs in case or in `-`, `_` and blanks is always near.
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let letters = folded.chars().count();
    // One letter of two is no slip of the hand.
    let allowed = if letters < 3 { 0 } else { (letters / 3).max(1) };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn a_slip_is_mended_and_a_different_word_is_not() {
        let types = ["phone_call", "email", "wait"];
        assert_eq!(suggest("phonecall", types), Some("phone_call"));
        assert_eq!(suggest("Email", types), Some("email"));
        assert_eq!(suggest("wiat", types), Some("wait"));
        assert_eq!(suggest("meeting", types), None);
    }
}
