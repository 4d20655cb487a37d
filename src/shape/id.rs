//! Ids: what names a sequence, a step, a template.

/// The longest an id may be, in characters.
pub const MAX_ID_LENGTH: usize = 100;

/// Whether a text is an id: words of `a-z` and `0-9` joined by single `-`, at most [`MAX_ID_LENGTH`] long.
pub fn is_id(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= MAX_ID_LENGTH && text.split('-').all(is_word)
}

/// The id that a text comes nearest to: lower case, everything else turned into single `-`. `None` where nothing is left.
pub fn nearest_id(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut id = words.collect::<Vec<_>>().join("-");
    id.truncate(MAX_ID_LENGTH);
    let id = id.trim_end_matches('-').to_owned();
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_words_joined_by_dashes() {
        for good in ["a", "intro-2", "0"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "ä", "a b", &"a".repeat(101)] {
            assert!(!is_id(bad), "{bad}");
        }
        assert_eq!(nearest_id("Intro Mail_2!"), Some("intro-mail-2".to_owned()));
        assert_eq!(nearest_id("¿?"), None);
    }
}
