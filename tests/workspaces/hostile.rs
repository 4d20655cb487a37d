//! Texts written to hurt, as large as files may be: what costs most to read of everything there is. The tests hold that each is
//! told of in little memory, and a bench says how long each takes.

/// As large as a file may be that is read.
pub const LARGEST: usize = 1 << 20;

const HEAD: &str = "name: A\nrecord_type: lead\nowner: ana\nsteps:\n";

const CONDITION: &str = "name: A\nrecord_type: lead\nowner: ana\nsteps:\n  - id: a\n    type: condition\n    when: ";

/// A text that somebody may lay into a workspace, and the codes of which it earns one; none means any.
pub struct Text {
    /// What it is called.
    pub name: &'static str,
    /// What lies in the file.
    pub bytes: Vec<u8>,
    /// The codes of which it earns one.
    pub codes: &'static [&'static str],
}

/// The most that a file can hold of everything that costs much to read, and some files that are no text, or too much of it.
pub fn texts() -> Vec<Text> {
    let fill = |head: &str, unit: &str, tail: &str| filled(LARGEST, head, unit, tail);
    let count = |head: &str, each: &dyn Fn(usize) -> String| counted(LARGEST, head, each);
    let utf16: Vec<u8> = "name: A\nrecord_type: lead\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = |name, codes, text: String| Text { name, bytes: text.into_bytes(), codes };
    let bytes = |name, codes, bytes: Vec<u8>| Text { name, bytes, codes };
    vec![
        // not text, or too much of it
        bytes("not-utf8", &["not-utf8"], b"name: caf\xe9\n".to_vec()),
        bytes("utf16", &["not-utf8", "control-character"], [b"\xff\xfe".to_vec(), utf16].concat()),
        bytes("nul", &["control-character"], b"name: a\0b\n".to_vec()),
        text("controls", &["control-character"], fill("name: ", "\u{1b}[2J", "\n")),
        text("marks", &["control-character"], fill("\u{feff}", "\u{feff}", "")),
        bytes("scalar-of-50-mb", &["too-large"], filled(50 << 20, "name: ", "x", "\n").into_bytes()),
        bytes("list-of-a-million", &["too-large"], filled(4 << 20, "tags: [", "abc,", "]\n").into_bytes()),
        bytes("keys-by-the-million", &["too-large"], counted(8 << 20, "", &|number| format!("k{number}:\n")).into_bytes()),
        bytes("doubles-by-the-thousand", &["too-large"], filled(200_000 * 9, "", "key: val\n", "").into_bytes()),
        // many values, or none
        text("keys", &["too-large"], count("", &|number| format!("{number:x}:\n"))),
        text("items", &["too-large"], fill("tags: [", "a,", "a]\n")),
        text("empty-items", &["too-large"], fill("tags:\n", "-\n", "")),
        text("items-of-items", &["too-large"], fill("tags:\n", "- - a\n", "")),
        text("empty-mappings", &["too-large"], fill("a: [", "{},", "{}]\n")),
        text("pairs", &["too-large"], fill("a: [", "a: b,", "]\n")),
        text("the-same-key", &["duplicate-key", "too-large"], fill("", "name:\n", "")),
        text("the-same-key-on-one-line", &["too-large"], fill("{", "a: b, ", "}\n")),
        text("quoted-pairs-on-one-line", &["too-large"], fill("{", "\"a\":\"b\",", "}\n")),
        text("commas-in-brackets", &["too-large"], fill("[", ",", "]\n")),
        text("the-same-key-by-returns", &["duplicate-key", "too-large"], fill("", "a: b\r", "")),
        text("blanks", &[], fill("", " ", "")),
        text("line-ends", &[], fill("", "\r\n", "")),
        text("comment", &[], fill("", "#", "")),
        text("comments", &[], fill("", "#\n", "")),
        // nesting
        text("brackets", &[], fill("", "[", "")),
        text("braces", &[], fill("", "{a: ", "")),
        text("brackets-and-braces", &[], fill("", "[{a: ", "")),
        text("dashes", &[], fill("", "- ", "")),
        text("questions", &[], fill("", "? ", "")),
        text("closing", &[], fill("", "]\n", "")),
        text("steps-down", &["too-deep"], (0..1_400).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()),
        // what is no part of our YAML
        text("anchors", &["anchors-not-supported", "too-large"], fill("a: [", "&a a, ", "]\n")),
        text("anchors-of-nothing", &[], fill("", "&a ", "")),
        text("aliases", &["anchors-not-supported", "too-large"], fill("a: &a b\nc: [", "*a, ", "]\n")),
        text("laughs", &["anchors-not-supported"], laughs()),
        text("merges", &["anchors-not-supported", "too-large"], fill("a: &a {b: c}\nd:\n", "  <<: *a\n", "")),
        text("tags-of-yaml", &["tags-not-supported", "too-large"], fill("a:\n", "- !\n", "")),
        text("directives", &[], fill("", "%a\n", "")),
        text("documents", &["several-documents"], fill("", "--- a\n", "")),
        text("complex-keys", &["complex-key", "too-large"], fill("", "? [a]\n: b\n", "")),
        // mistakes without end
        text("quotes", &["unclosed-quote"], fill("", "a: \"b\n", "")),
        text("escapes", &["bad-yaml"], fill("name: \"", "\\q", "\"\n")),
        text("tabs", &[], fill("", "\t", "")),
        text("tabs-on-lines", &["tab-indentation"], fill("a:\n", "\ta: b\n", "")),
        text("colons", &[], fill("", ":\n", "")),
        text("colons-in-text", &["quote-text"], fill("", "a: b: c\n", "")),
        text("open-brackets", &["too-large"], fill("", "a: [b\n", "")),
        text("conflicts", &["merge-conflict"], fill("", "<<<<<<< a\n=======\n>>>>>>> b\n", "")),
        text("ignores", &["unused-ignore"], {
            let step = "  - {id: call, type: task, name: Call}\n";
            fill(HEAD, "  # segue: ignore[trailing-wait] x\n", step)
        }),
        text("codes-of-nothing", &["unknown-code"], fill("", "# segue: ignore[wiat-too-lnog] x\n", "")),
        // sequences
        text("name", &["too-long"], fill("name: ", "x", "\n")),
        text("steps", &["too-large", "too-many-steps"], count(HEAD, &|n| format!("  - {{id: s{n}, type: task, name: T}}\n"))),
        text("steps-by-mistake", &["too-large"], count(HEAD, &|n| format!("  - {{id: S {n}, type: tsak, nmae: T}}\n"))),
        text("steps-in-pieces", &[], count(HEAD, &|n| format!("  - id: s{n}\n    name: \"a\n    type: [task\n"))),
        text("empty-steps", &["too-large"], fill(HEAD, "  -\n", "")),
        text("targets", &["too-large"], count(HEAD, &|n| format!("  - {{id: s{n}, type: advance_to, sequence: q{n}}}\n"))),
        text("ids", &[], count(HEAD, &|n| format!("  - {{id: {}{n}, type: tsk, name: N}}\n", "s".repeat(2_000)))),
        // expressions
        text("brackets-of-code", &["bad-expression"], fill(CONDITION, "(", "\n")),
        text("sum", &["bad-expression"], fill(CONDITION, "record.a + ", "1\n")),
        text("not-not", &["bad-expression"], fill(&format!("{CONDITION}'"), "!", "a'\n")),
        text("escaped-code", &["bad-expression"], fill(&format!("{CONDITION}\""), "\\u0061", " = 1\"\n")),
        text("fields", &["bad-expression"], count(&format!("{CONDITION}'"), &|n| format!("record.f{n} || ")) + "true'\n"),
        // settings
        text("calendars", &[], count("calendars:\n", &|n| format!("  c{n}: {{time_zone: x}}\n"))),
        text("record-types", &[], count("record_types:\n", &|n| format!("  c{n}: {{fields: {{a: tex}}}}\n"))),
        text("people", &[], count("people:\n", &|n| format!("  p{n}: {{roles: [admn]}}\n"))),
        text("words", &[], count("templates: [", &|n| format!("t{n},")) + "]\n"),
    ]
}

fn laughs() -> String {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..20 {
        let below = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    text
}

fn filled(bytes: usize, head: &str, unit: &str, tail: &str) -> String {
    let room = bytes - head.len() - tail.len();
    format!("{head}{}{tail}", unit.repeat(room / unit.len()))
}

fn counted(bytes: usize, head: &str, each: &dyn Fn(usize) -> String) -> String {
    let mut text = head.to_owned();
    for number in 0.. {
        let next = each(number);
        // Room for whatever closes it.
        if text.len() + next.len() + 10 > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}
