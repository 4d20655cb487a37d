//! What can be wrong with the YAML itself: one file a code, which holds its page and the words of its findings.

pub mod control_character;
pub mod bad_yaml;
pub mod unclosed_quote;
pub mod unclosed_bracket;
pub mod tab_indentation;
pub mod wrong_indentation;
pub mod quote_text;
pub mod quote_expression;
pub mod too_deep;
pub mod too_large;
pub mod several_documents;
pub mod duplicate_key;
pub mod merge_conflict;
pub mod anchors_not_supported;
pub mod tags_not_supported;
pub mod complex_key;

use crate::text::Span;

use super::scan;

/// What to delete so that one part of a list or mapping is gone: its line, or it with the comma before it. `None` where more
/// would go along.
pub fn removal(text: &str, part: Span) -> Option<Span> {
    let line = scan::line(text, part.start as usize);
    if !line.contains(part) {
        return None;
    }
    let before = &text[line.start as usize..part.start as usize];
    let behind = &text[part.end as usize..line.end as usize];
    if matches!(before.trim(), "" | "-") && behind.trim().is_empty() {
        let end = line.end as usize;
        let next = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
        return Some(Span::new(line.start as usize, next));
    }
    let comma = before.trim_end().strip_suffix(',')?;
    Some(Span::new(line.start as usize + comma.len(), part.end as usize))
}

/// What to delete so that one key is gone with its value: as [`removal`], but the item of a list whose first key it is stays.
pub fn removal_of_key(text: &str, entry: Span) -> Option<Span> {
    let line = scan::line(text, entry.start as usize);
    if !line.contains(entry) {
        return None;
    }
    let before = &text[line.start as usize..entry.start as usize];
    let behind = &text[entry.end as usize..line.end as usize];
    let is_first_of_item = before.contains('-') && before.trim_matches(['-', ' ']).is_empty();
    if is_first_of_item && behind.trim().is_empty() {
        // The next key of the same mapping moves up to the dash.
        let rest = &text[entry.end as usize..];
        let next = entry.end as usize + rest.len() - rest.trim_start().len();
        let column = next - scan::line(text, next).start as usize;
        let is_key = column == before.len() && !text[next..].starts_with('#');
        return is_key.then(|| Span::new(entry.start as usize, next));
    }
    if let Some(behind_comma) = behind.trim_start().strip_prefix(',').filter(|_| before.trim_end().ends_with('{')) {
        let end = line.end as usize - behind_comma.trim_start().len();
        return Some(Span::new(entry.start as usize, end));
    }
    removal(text, entry)
}

/// A text in quotes that every YAML reader takes as they stand: single ones, or double ones where it holds an apostrophe.
pub fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "''"))
}
