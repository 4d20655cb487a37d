//! Which plain texts tools take for different things.

/// Whether YAML 1.1 or 1.2 readers take this text, unquoted, for something other than text.
pub fn is_ambiguous(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "<<" | "=") {
        return true;
    }
    let number = lower.trim_start_matches(['+', '-']);
    if matches!(number, ".inf" | ".nan") {
        return true;
    }
    let starts_like_number = number.starts_with(|c: char| c.is_ascii_digit()) || (number.starts_with('.') && number.len() > 1);
    starts_like_number && (is_number_in_some_reader(number) || is_date_in_some_reader(number))
}

fn is_number_in_some_reader(number: &str) -> bool {
    let hex = number.strip_prefix("0x").is_some_and(|digits| all(digits, |c| c.is_ascii_hexdigit() || c == '_'));
    let octal = number
        .strip_prefix("0o")
        .or_else(|| number.strip_prefix("0b"))
        .is_some_and(|digits| all(digits, |c| c.is_ascii_digit() || c == '_'));
    let decimal =
        all(number, |c| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | 'e' | '+' | '-')) && number.parse::<f64>().is_ok();
    let grouped = all(number, |c| c.is_ascii_digit() || matches!(c, '_' | '.')) && number.contains('_');
    let clock = number.split(':').count() > 1 && number.split(':').all(|part| all(part, |c| c.is_ascii_digit() || c == '.'));
    hex || octal || decimal || grouped || clock
}

fn is_date_in_some_reader(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5].is_ascii_digit()
        && text[5..].contains('-')
}

fn all(text: &str, is: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(is)
}
