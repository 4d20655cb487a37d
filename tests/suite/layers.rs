//! The order of the rooms: data flows one way, and a module uses only those that stand above it in `src/lib.rs`.
//!
//! What stands in comments and in texts does not count; tests do.

use std::fmt;
use std::fs;
use std::path::Path;

use crate::data;

#[test]
fn arrows_point_upwards() {
    let rooms = rooms();
    let breaches: Vec<String> = sources()
        .iter()
        .filter(|file| !["lib.rs", "main.rs", "allocator.rs"].contains(&file.as_str()))
        .flat_map(|file| {
            let breaches = breaches(file, &fs::read_to_string(data::folder("src").join(file)).unwrap(), &rooms);
            breaches.into_iter().map(move |(line, breach)| format!("src/{file}:{line}: {breach}"))
        })
        .collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_map_names_every_room() {
    let rooms = rooms();
    let unnamed: Vec<String> = sources()
        .into_iter()
        .filter(|file| {
            !["lib.rs", "main.rs", "allocator.rs"].contains(&file.as_str()) && !rooms.iter().any(|room| room == room_of(file))
        })
        .collect();
    assert!(unnamed.is_empty(), "src/lib.rs does not name the room of: {}", unnamed.join(", "));
}

/// What a file does that it may not.
#[derive(Debug, PartialEq)]
enum Breach {
    /// It uses a room that stands below its own.
    Below { own: String, used: String },
    /// It uses a name of the root that is no room.
    NoRoom(String),
    /// It takes everything from a module of ours.
    Glob,
    /// It climbs more than one step.
    SuperSuper,
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::Below { own, used } => write!(formatter, "`{own}` uses `{used}`, which stands below it in src/lib.rs"),
            Breach::NoRoom(name) => write!(formatter, "`crate::{name}` is no room that src/lib.rs names"),
            Breach::Glob => formatter.write_str("a glob takes names from a module of ours; name them"),
            Breach::SuperSuper => formatter.write_str("`super::super` climbs two steps; start from `crate`"),
        }
    }
}

/// The rooms in the order of `src/lib.rs`.
fn rooms() -> Vec<String> {
    rooms_of(&fs::read_to_string(data::folder("src/lib.rs")).unwrap())
}

fn rooms_of(lib: &str) -> Vec<String> {
    let tokens = tokens(lib);
    tokens.windows(3).filter(|run| run[0].text == "mod" && run[2].text == ";").map(|run| run[1].text.clone()).collect()
}

/// Every source file, by its path below `src`, with `/`.
fn sources() -> Vec<String> {
    fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), files);
            } else if name.ends_with(".rs") {
                files.push(name);
            }
        }
    }
    let mut files = Vec::new();
    collect(&data::folder("src"), "", &mut files);
    files.sort();
    files
}

fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// How many modules deep below the root the content of a file lies: 1 in `text/mod.rs`, 2 in `text/span.rs`.
fn depth_of(file: &str) -> usize {
    file.split('/').filter(|part| *part != "mod.rs").count()
}

/// What the file does that it may not, by line.
fn breaches(file: &str, source: &str, rooms: &[String]) -> Vec<(usize, Breach)> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    // The braces around the place, each with the name of the module that it opens, if it opens one.
    let mut braces: Vec<Option<&str>> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let text = |step: usize| tokens.get(index + step).map_or("", |token| token.text.as_str());
        let before = |step: usize| index.checked_sub(step).map_or("", |index| tokens[index].text.as_str());
        match token.text.as_str() {
            "{" => braces.push((before(2) == "mod").then(|| before(1))),
            "}" => {
                braces.pop();
            }
            "crate" | "super" | "self" if text(1) == "::" && before(1) != "::" => {
                let inner: Vec<&str> = braces.iter().copied().flatten().collect();
                let depth = depth_of(file) + inner.len();
                if text(0) == "super" && text(2) == "super" {
                    found.push((token.line, Breach::SuperSuper));
                }
                let test = inner.last() == Some(&"tests") || file.ends_with("/tests.rs");
                let of_a_test = test && text(0) == "super" && text(2) == "*";
                let tree = tree(&tokens[index + 2..]);
                if tree.iter().any(|token| token.text == "*") && !of_a_test {
                    found.push((token.line, Breach::Glob));
                }
                if text(0) == "crate" || (text(0) == "super" && depth == 1) {
                    let used = first_names(tree).into_iter().filter(|name| name.text != "*");
                    found.extend(used.filter_map(|name| Some((name.line, judge(room_of(file), &name.text, rooms)?))));
                }
            }
            _ => {}
        }
    }
    found
}

fn judge(own: &str, used: &str, rooms: &[String]) -> Option<Breach> {
    let place = |room: &str| rooms.iter().position(|other| other == room);
    match (place(used), place(own)) {
        (None, _) => Some(Breach::NoRoom(used.to_owned())),
        (Some(used_at), own_at) if own_at.is_none_or(|own_at| used_at > own_at) => {
            Some(Breach::Below { own: own.to_owned(), used: used.to_owned() })
        }
        (Some(_), _) => None,
    }
}

/// The rest of a path: names and `::`, up to `*` or a group in braces.
fn tree(tokens: &[Token]) -> &[Token] {
    let straight = tokens.iter().take_while(|token| token.text == "::" || is_name(&token.text)).count();
    match tokens.get(straight).map(|token| token.text.as_str()) {
        Some("*") if straight == 0 || tokens[straight - 1].text == "::" => &tokens[..=straight],
        Some("{") if straight == 0 || tokens[straight - 1].text == "::" => {
            let mut open = 0;
            let closed = tokens[straight..].iter().position(|token| {
                open += i32::from(token.text == "{") - i32::from(token.text == "}");
                open == 0
            });
            &tokens[..straight + closed.map_or(0, |closed| closed + 1)]
        }
        _ => &tokens[..straight],
    }
}

/// The names that stand first in each branch of a path's rest: `a` of `a::b`, `a` and `c` of `{a::{b}, c}`.
fn first_names(tree: &[Token]) -> Vec<&Token> {
    if tree.first().is_none_or(|token| token.text != "{") {
        return tree.first().into_iter().collect();
    }
    let mut open = 0;
    let mut names = Vec::new();
    for pair in tree.windows(2) {
        open += i32::from(pair[0].text == "{") - i32::from(pair[0].text == "}");
        if open == 1 && ["{", ","].contains(&pair[0].text.as_str()) && pair[1].text != "}" {
            names.push(&pair[1]);
        }
    }
    names
}

/// A word, `::`, or any other single character of code.
#[derive(Debug, PartialEq)]
struct Token {
    text: String,
    line: usize,
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The code of a source without its comments, texts, characters and lifetimes.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => block_comment(rest),
            '"' => text(rest),
            '\'' => character_or_lifetime(rest),
            _ if is_name(rest) => match literal_prefix(rest) {
                Some(length) => length,
                None => word(rest),
            },
            _ if first.is_ascii_digit() => word(rest),
            _ if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        let (token, behind) = rest.split_at(length);
        let code = is_name(token) && literal_prefix(rest).is_none();
        if code || token == "::" || (token.len() == 1 && first.is_ascii_punctuation()) {
            tokens.push(Token { text: token.trim_start_matches("r#").to_owned(), line });
        }
        line += token.matches('\n').count();
        rest = behind;
    }
    tokens
}

fn word(rest: &str) -> usize {
    let start = if rest.starts_with("r#") { 2 } else { 0 };
    start + rest[start..].find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len() - start)
}

/// The length of a literal that starts with letters, as in `b"..."`, `r#"..."#`, `b'x'`; `None` if a word starts here.
fn literal_prefix(rest: &str) -> Option<usize> {
    let letters = ["br", "cr", "r", "b", "c"].into_iter().find(|letters| {
        let behind = rest.strip_prefix(letters).map(|behind| behind.trim_start_matches('#'));
        behind.is_some_and(|behind| behind.starts_with('"')) || (*letters == "b" && rest.starts_with("b'"))
    })?;
    let behind = &rest[letters.len()..];
    if behind.starts_with('\'') {
        return Some(letters.len() + character_or_lifetime(behind));
    }
    if !letters.ends_with('r') {
        return Some(letters.len() + text(behind));
    }
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    let end = format!("\"{}", "#".repeat(hashes));
    let body = letters.len() + hashes + 1;
    Some(rest[body..].find(&end).map_or(rest.len(), |at| body + at + end.len()))
}

/// The length of a text in quotes.
fn text(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    rest.len()
}

fn character_or_lifetime(rest: &str) -> usize {
    let mut inner = rest.char_indices().skip(1);
    match (inner.next(), inner.next()) {
        (Some((_, '\\')), Some((escaped, c))) => {
            let behind = escaped + c.len_utf8();
            rest[behind..].find('\'').map_or(rest.len(), |at| behind + at + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1 + word(&rest[1..]),
    }
}

fn block_comment(rest: &str) -> usize {
    let (mut open, mut at) = (0, 0);
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (open, at) = (open + 1, at + 2),
            [b'*', b'/', ..] => (open, at) = (open - 1, at + 2),
            _ => at += 1,
        }
        if open == 0 {
            return at;
        }
    }
    rest.len()
}

/// A rule that looks beyond one file sees summaries: neither it nor what it is handed may know a source, a tree, a typed
/// sequence or what only one file's rules see. The summary is where that ends.
#[test]
fn rules_beyond_one_file_take_summaries_only() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/rules");
    let list = fs::read_to_string(rules.join("mod.rs")).unwrap();
    let (_, behind) = list.split_once("LIBRARY_RULES").expect("the rules between files have a list");
    let words = behind.split(|letter: char| letter.is_whitespace() || "[],;".contains(letter));
    let names: Vec<&str> =
        words.filter_map(|word| word.split_once("::").filter(|(file, rule)| file == rule)).map(|(name, _)| name).collect();
    assert!(names.len() >= 7 && names.contains(&"advance_cycle"), "the lists are read: {names:?}");
    let library = fs::read_dir(rules.join("../library")).unwrap().map(|entry| entry.unwrap().path());
    let files = names.iter().map(|name| rules.join(format!("{name}.rs"))).chain(library);
    let failures: Vec<String> = files.flat_map(|path| sees_more_than_summaries(&path)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn sees_more_than_summaries(path: &Path) -> Vec<String> {
    const FORBIDDEN: [&str; 7] = ["Scene", "Ways", "Source", "crate::yaml", "crate::expression", "Sequence,", "Step"];
    // How a word is written in YAML says nothing of any tree.
    const FREE: &str = "use crate::yaml::did_you_mean_or;";
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//") && *line != FREE);
    let uses = code.filter(|line| line.starts_with("use ") || line.contains("&Source") || line.contains("&Scene"));
    let bad = uses.filter(|line| FORBIDDEN.iter().any(|word| line.contains(word)));
    bad.map(|line| format!("{}: `{line}` sees more than summaries", path.display())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, source: &str) -> Vec<(usize, Breach)> {
        breaches(file, source, &["text", "check", "outside"].map(str::to_owned))
    }

    fn below(own: &str, used: &str) -> Breach {
        Breach::Below { own: own.to_owned(), used: used.to_owned() }
    }

    #[test]
    fn the_map_is_read_in_its_order() {
        let lib = "//! mod no;\npub mod text;\n/* mod never; */\nmod check;\n#[cfg(test)]\nmod tests { }\n";
        assert_eq!(rooms_of(lib), ["text", "check"]);
    }

    #[test]
    fn a_use_of_what_stands_below_is_found() {
        assert_eq!(found("text/span.rs", "use crate::check::Rule;"), [(1, below("text", "check"))]);
        assert_eq!(found("text/span.rs", "\nfn f() -> crate::check::Rule {}"), [(2, below("text", "check"))]);
        assert_eq!(found("check/mod.rs", "use crate::text::{Span, Source};\nuse crate::check::Rule;"), []);
        assert_eq!(found("check.rs", "pub(in crate::outside) fn f() {}"), [(1, below("check", "outside"))]);
    }

    #[test]
    fn groups_and_macros_are_looked_into() {
        let source = "use crate::{\n    text::{Span, check},\n    outside::{disk, cli},\n};";
        assert_eq!(found("check/mod.rs", source), [(3, below("check", "outside"))]);
        assert_eq!(found("text/mod.rs", "macro_rules! m { () => { $crate::check::x() } }"), [(1, below("text", "check"))]);
        assert_eq!(found("text/mod.rs", "use crate::odds::x;"), [(1, Breach::NoRoom("odds".to_owned()))]);
    }

    #[test]
    fn the_way_over_super_is_no_way_round() {
        assert_eq!(found("text/mod.rs", "use super::check::Rule;"), [(1, below("text", "check"))]);
        assert_eq!(found("text/span.rs", "use super::check;"), []);
        assert_eq!(found("text/mod.rs", "mod inner { use super::check; } use super::outside;"), [(1, below("text", "outside"))]);
        assert_eq!(found("text/span.rs", "use super::super::text;"), [(1, Breach::SuperSuper)]);
    }

    #[test]
    fn globs_are_for_tests_of_their_own_module() {
        assert_eq!(found("check/mod.rs", "use crate::text::*;"), [(1, Breach::Glob)]);
        assert_eq!(found("check/mod.rs", "use crate::{text::{Span, lines::*}};"), [(1, Breach::Glob)]);
        assert_eq!(found("check/mod.rs", "use self::rules::*;"), [(1, Breach::Glob)]);
        assert_eq!(found("check/mod.rs", "use super::*;"), [(1, Breach::Glob)]);
        assert_eq!(found("check/mod.rs", "mod tests { use super::*; }"), []);
        assert_eq!(found("check/mod.rs", "use std::io::*; fn f() { crate::text::MAX * 2 }"), []);
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let source = r####"
            //! crate::check::x
            /* crate::check::x /* crate::outside::x */ crate::check::x */
            const A: &str = "crate::check::x \" crate::check::x";
            const B: &str = r#"crate::check::x " crate::check::x"#;
            const C: &[u8] = b"crate::check::x"; const D: char = '"'; const E: char = '\''; const F: u8 = b'"';
            fn f<'a>(r#type: &'a str) -> &'a str { crate::outside::x(r#type) }
        "####;
        assert_eq!(found("text/mod.rs", source), [(7, below("text", "outside"))]);
    }
}
