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
pub mod several_documents;
pub mod duplicate_key;
pub mod merge_conflict;
pub mod anchors_not_supported;
pub mod tags_not_supported;
pub mod complex_key;

/// A text in quotes that every YAML reader takes as they stand: single ones, or double ones where it holds an apostrophe.
pub fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "''"))
}
