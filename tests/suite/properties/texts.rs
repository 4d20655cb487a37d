//! Made-up texts: pieces of YAML in any order, and sound files with something done to them.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::sample::{Index, select};
use proptest::strategy::Union;

/// What YAML, sequences and trouble are made of.
#[rustfmt::skip]
const PIECES: [&str; 114] = [
    "\n", "\n", "\n", "\n", "\n  ", "\n    ", "\n      ", "\n ", "\r\n", "\r\n  ", "\r", "\t", "\n\t", " ", "  ", " #", "# ",
    "#", "- ", "-", "\n- ", "\n  - ", "\n    - ", "- - ", "? ", "?", ": ", ":", ":\n", ", ", ",", "[", "]", "{", "}", "[]",
    "{}", "{{", "}}", "\"", "'", "''", "\\", "\\\"", "\\n", "\\x4", "\\u00e9", "\\q", "\\\n", "|", "|\n", "|2\n", "|-\n  ",
    ">\n", ">+\n", ">-\n  ", "&a ", "*a", "!a ", "!!str ", "!", "<<: ", "---", "\n---\n", "--- ", "\n...\n", "%YAML 1.2\n",
    "@", "`", "%", "&", "*", "=", "name: ", "name", "steps:", "steps:\n  - ", "id: ", "id: intro", "type: ", "type: email",
    "type: condition", "type: wait", "for: 2d", "when: ", "when:", "when: record.employees > 500", "when: [", "when: !",
    "when: \"a\" == ", "{when: ", "record", ".country", " && ", " == ", "(", ")", "then:\n", "else:",
    "any_of: [email_opened]", "a", "b", "1", "true", "~", "null", "12:30", "\u{feff}", "\0", "\u{7f}", "\u{85}\u{2028}",
    "äöü", "日本", "🙂\u{200d}",
];

/// Texts that look like YAML from far away.
pub fn scraps() -> impl Strategy<Value = String> {
    let piece = Union::new_weighted(vec![
        (20, select(PIECES.to_vec()).prop_map(str::to_owned).boxed()),
        (1, any::<char>().prop_map(String::from).boxed()),
    ]);
    (select(vec!["", "", "", "\u{feff}", "name: A\nsteps:\n"]), vec(piece, 0..40))
        .prop_map(|(start, pieces)| start.to_owned() + &pieces.concat())
}

/// A text with something done to it.
#[derive(Clone, Debug)]
pub enum Damage {
    DeleteLine,
    DoubleLine,
    SwapLines,
    IndentLine(usize),
    OutdentLine,
    DeleteCharacter,
    Insert(String),
    InsertLine(String),
    CutOff,
}

/// What is done, and where.
pub type Blow = (Damage, Index);

/// One thing that may happen to a text.
pub fn blow() -> impl Strategy<Value = Blow> {
    let plain = select(vec![
        Damage::DeleteLine,
        Damage::DoubleLine,
        Damage::SwapLines,
        Damage::IndentLine(1),
        Damage::IndentLine(2),
        Damage::OutdentLine,
        Damage::DeleteCharacter,
        Damage::DeleteCharacter,
        Damage::CutOff,
    ]);
    let piece = || {
        Union::new(vec![select(PIECES.to_vec()).prop_map(str::to_owned).boxed(), any::<char>().prop_map(String::from).boxed()])
    };
    let damage = Union::new_weighted(vec![
        (3, plain.boxed()),
        (3, piece().prop_map(Damage::Insert).boxed()),
        (1, vec(piece(), 1..4).prop_map(|pieces| Damage::InsertLine(pieces.concat())).boxed()),
    ]);
    (damage, any::<Index>())
}

/// One of the texts, with a few things done to it.
pub fn damaged(texts: Vec<String>) -> impl Strategy<Value = String> {
    (select(texts), vec(blow(), 1..5)).prop_map(|(text, blows)| blows.iter().fold(text, struck))
}

fn struck(text: String, (damage, place): &Blow) -> String {
    if text.is_empty() {
        return text;
    }
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line = place.index(lines.len());
    let character = text.floor_char_boundary(place.index(text.len()));
    let (before, behind) = text.split_at(character);
    match damage {
        Damage::DeleteLine => drop(lines.remove(line)),
        Damage::DoubleLine => lines.insert(line, lines[line]),
        Damage::SwapLines => lines.swap(line, (line + 1) % text.split_inclusive('\n').count()),
        Damage::IndentLine(by) => {
            let indented = " ".repeat(*by) + lines[line];
            lines[line] = &indented;
            return lines.concat();
        }
        Damage::OutdentLine => lines[line] = lines[line].strip_prefix(' ').unwrap_or(lines[line]),
        Damage::DeleteCharacter => return before.to_owned() + &behind.chars().skip(1).collect::<String>(),
        Damage::Insert(piece) => return format!("{before}{piece}{behind}"),
        Damage::InsertLine(piece) => {
            let inserted = format!("{piece}\n");
            lines.insert(line, &inserted);
            return lines.concat();
        }
        Damage::CutOff => return before.to_owned(),
    }
    lines.concat()
}

/// A text in the other ways in which it may lie on a disk.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    AsItIs,
    WithReturns,
    WithMark,
    WithMarkAndReturns,
}

impl Form {
    pub const ALL: [Form; 4] = [Form::AsItIs, Form::WithReturns, Form::WithMark, Form::WithMarkAndReturns];

    pub fn of(self, text: &str) -> String {
        match self {
            Form::AsItIs => text.to_owned(),
            Form::WithReturns => text.replace('\n', "\r\n"),
            Form::WithMark => format!("\u{feff}{text}"),
            Form::WithMarkAndReturns => format!("\u{feff}{}", text.replace('\n', "\r\n")),
        }
    }
}

/// Any of the forms.
pub fn form() -> impl Strategy<Value = Form> {
    Union::new_weighted(vec![
        (3, Just(Form::AsItIs)),
        (1, Just(Form::WithReturns)),
        (1, Just(Form::WithMark)),
        (1, Just(Form::WithMarkAndReturns)),
    ])
}
