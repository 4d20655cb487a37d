//! Large files written to take long: each is read to its end, and none earns findings without end. How long each takes is
//! no matter of a test; what was quadratic took a minute and would be felt.

use segue::text::FilePath;
use segue::workspace::Workspace;

use super::content;

/// How large each is. The gate lets in four times as much.
const BYTES: usize = 256 << 10;

/// How many findings one file may earn; there is a limit for each code.
const MANY: usize = 1_000;

const HEAD: &str = "name: A\nrecord_type: lead\nowner: ana\nsteps:\n";

#[test]
fn no_large_file_earns_findings_without_end() {
    for (name, text) in files() {
        for path in ["sequences/large.yaml", "segue.yaml"] {
            let mut workspace = Workspace::new();
            workspace.update(vec![(FilePath::new(path), content(&text))]);
            let found = workspace.findings().len();
            assert!(found > 0, "{name} as {path} earned none");
            assert!(found <= MANY, "{name} as {path} earned {found} findings");
        }
    }
}

fn files() -> Vec<(&'static str, String)> {
    let fill = |head: &str, unit: &str, tail: &str| format!("{head}{}{tail}", unit.repeat(BYTES / unit.len()));
    let count = |head: &str, each: &dyn Fn(usize) -> String| {
        let mut text = head.to_owned();
        (0..)
            .take_while(|number| {
                text += &each(*number);
                text.len() < BYTES
            })
            .for_each(drop);
        text
    };
    vec![
        ("brackets", fill("", "[", "")),
        ("dashes", fill("", "- ", "")),
        ("an open list on one line", fill("a: [", "a, ", "\nb: c\n")),
        ("an open list of quotes on one line", fill("a: [", "'a', ", "")),
        ("anchors on one line", fill("a: [", "&a a, ", "]")),
        ("tags on one line", fill("a: [", "!a a, ", "]")),
        ("directives", fill("", "%a\n", "")),
        ("quotes on lines", fill("", "a: \"b\n", "")),
        ("lines that are nothing", fill("a: b\n", "what is this\n", "")),
        ("keys", count("", &|number| format!("k{number}:\n"))),
        ("misspelt keys", count("", &|number| format!("nme{number}: a\n"))),
        ("the same key", fill("", "name: a\n", "")),
        ("the same tag", fill("tags: [", "a,", "a]\n")),
        ("steps", count(HEAD, &|number| format!("  - {{id: s{number}, type: task, name: T}}\n"))),
        ("steps that are nothing", fill(HEAD, "  -\n", "")),
        (
            "unknown steps",
            count(HEAD, &|number| format!("  - {{id: s{number}, type: condition, any_of: [call_made], of: t{number}}}\n")),
        ),
        ("expressions", count(HEAD, &|number| format!("  - {{id: s{number}, type: condition, when: record.a == ((((}}\n"))),
        ("one expression", fill(&format!("{HEAD}  - id: a\n    type: condition\n    when: "), "(", "\n")),
        ("one expression in quotes", fill(&format!("{HEAD}  - id: a\n    type: condition\n    when: \""), "\\u0061", " = 1\"\n")),
    ]
}
