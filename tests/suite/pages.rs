//! The pages of the codes: each has the same parts, and its examples do what they say.
//!
//! A page is the doc comment at the head of the file that holds a code's rule. It reads like this, with the last two parts
//! only where they help:
//!
//! ````markdown
//! # unknown-key
//!
//! What is found, in one to three sentences.
//!
//! ## Why
//!
//! What would happen to those in the sequence, or to those who work with the file.
//!
//! ## Bad
//!
//! ```yaml
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   templte: intro-lead
//! ```
//!
//! ## Good
//!
//! The same, mended.
//!
//! ## Settings
//!
//! What in segue.yaml changes it.
//!
//! ## See also
//!
//! `missing-key`, `unknown-value`
//! ````
//!
//! **Examples are run.** The bad one is found to have this code and no other, the good one to have none. Either is a sequence
//! of which only what matters is written: a list of steps, or some top-level keys; what a sequence needs besides is put above
//! them, as `#! steps` does in a case. An example of several files, or of another one than a sequence, has a line
//! `# segue.yaml` or `# sequences/other.yaml` before each: a comment that is a path and nothing else.
//!
//! An example in `rhai` is a script, and is run; a line `// scripts/lib/dates.rhai` starts a file, and the last one is run.
//!
//! Lines end at column 110 with their `//! `, for whoever reads a page beside the rule.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::fs;

use segue::check::{Layer, layer, page};
use segue::diagnostic::{Code, Severity};

use crate::cases::{self, Case};
use crate::data;
use crate::scripts;

/// Codes whose examples are told in a `text` block and not run, and why they cannot be.
const TOLD: [(Code, &str); 12] = [
    (Code::OutsideEdit, "a page's example has no workspace"),
    (Code::InsideEdit, "nor has this one's"),
    (Code::UnknownTable, "what is named with a run stands on the command line"),
    (Code::LimitChanges, "what asks for a hundred thousand changes is no example"),
    (Code::LimitTime, "an example that takes half a minute helps nobody"),
    (Code::LimitMemory, "what takes a hundred mebibytes is no example"),
    (Code::LimitSource, "nor is a script of a quarter of one"),
    (Code::Internal, "we know no script that does it"),
    (Code::UnreadableFile, "what the system refuses is no text"),
    (Code::TooLarge, "an example of a mebibyte helps nobody"),
    (Code::NotUtf8, "a page is UTF-8"),
    (Code::ControlCharacter, "what nobody sees shows nothing"),
];

/// Whether a code needs something published, or somebody who asks for something. Its case is a session that shows it.
pub(crate) fn is_of_the_store(code: Code) -> bool {
    (Code::EditedWhileActive..Code::ScriptSyntax).contains(&code)
}

/// The parts after the first, in their order.
const NEEDED: [&str; 3] = ["Why", "Bad", "Good"];

/// The parts that may follow, in their order.
const OPTIONAL: [&str; 2] = ["Settings", "See also"];

/// The longest a line may be in the source.
const WIDTH: usize = 110;

#[test]
fn every_page_has_the_same_parts() {
    report(&Page::all(), parts);
}

#[test]
fn every_example_does_what_it_says() {
    report(&Page::all(), |page| if page.is_told() { told(page) } else { run(page) });
}

#[test]
fn every_page_fits_beside_the_code() {
    report(&Page::all(), |page| {
        let long = page.markdown.lines().filter(|line| "//! ".len() + line.chars().count() > WIDTH);
        long.map(|line| format!("longer than {WIDTH} columns: {line}")).collect()
    });
}

#[test]
fn no_page_gives_the_reason_of_another() {
    let mut given: HashMap<String, Code> = HashMap::new();
    for page in Page::all() {
        for sentence in page.part("Why").prose.split(". ") {
            let sentence = sentence.trim_end_matches('.').to_owned();
            if let Some(other) = given.insert(sentence.clone(), page.code) {
                panic!("the pages of {other} and {} both say: {sentence}", page.code);
            }
        }
    }
}

#[test]
fn pages_refer_to_pages() {
    report(&Page::all(), |page| {
        let Some(part) = page.parts.iter().find(|part| part.heading == "See also") else { return Vec::new() };
        let names = part.prose.split(", ").map(|name| (name, name.strip_prefix('`').and_then(|name| name.strip_suffix('`'))));
        let wrong = names.filter(|(_, name)| name.and_then(Code::from_name).is_none_or(|code| code == page.code));
        wrong.map(|(name, _)| format!("this is no other code in backticks: {name}")).collect()
    });
}

/// `docs/rules.md` holds all pages, with what their findings are like as the cases show it. `UPDATE=1 cargo test` writes it.
#[test]
fn the_list_of_rules_says_what_the_rules_do() {
    let path = data::folder("docs/rules.md");
    let written = fs::read_to_string(&path).unwrap_or_default();
    data::report(&data::settle(&path, &written, &rules()).err().into_iter().collect::<Vec<_>>());
}

/// What the findings of a code are like.
#[derive(Default)]
struct Shown {
    severities: BTreeSet<Severity>,
    has_fix: bool,
    has_guess: bool,
}

impl Shown {
    fn severity(&self, code: Code) -> String {
        let all: BTreeSet<Severity> = self.severities.iter().copied().chain([code.severity()]).collect();
        all.into_iter().map(Severity::word).collect::<Vec<_>>().join(" or ")
    }

    fn fix(&self) -> &'static str {
        match (self.has_fix, self.has_guess) {
            (true, _) => "yes",
            (false, true) => "a guess",
            (false, false) => "",
        }
    }
}

fn rules() -> String {
    let mut shown: BTreeMap<Code, Shown> = BTreeMap::new();
    for finding in cases::all().iter().flat_map(Case::findings) {
        let shown = shown.entry(finding.code).or_default();
        shown.severities.insert(finding.severity);
        shown.has_fix |= finding.fix.as_ref().is_some_and(|fix| fix.safe);
        shown.has_guess |= finding.fix.as_ref().is_some_and(|fix| !fix.safe);
    }
    let mut text = OPENING.to_owned();
    for layer_of_all in Layer::ALL {
        let codes: Vec<Code> = Code::ALL.iter().copied().filter(|code| layer(*code) == *layer_of_all).collect();
        writeln!(text, "\n## {}\n\n{}\n", layer_of_all.heading(), layer_of_all.words()).unwrap();
        writeln!(text, "| code | severity | fix | |\n|---|---|---|---|").unwrap();
        for code in &codes {
            let of_code = shown.remove(code).unwrap_or_default();
            let (severity, fix) = (of_code.severity(*code), of_code.fix());
            let sentence = page(*code).first_sentence().replace('|', "\\|");
            writeln!(text, "| [{code}](#{code}) | {severity} | {fix} | {sentence} |").unwrap();
        }
        for code in codes {
            write!(text, "\n{}", demoted(&page(code).markdown)).unwrap();
        }
    }
    text
}

/// A page two levels deeper, with links to the others.
fn demoted(markdown: &str) -> String {
    let mut text = String::new();
    let (mut is_code, mut is_list) = (false, false);
    for line in markdown.lines() {
        is_code ^= line.starts_with("```");
        match line {
            line if !is_code && line.starts_with('#') => {
                is_list = line == "## See also";
                writeln!(text, "##{line}").unwrap();
            }
            line if is_list && !line.is_empty() => {
                let links = line.split(", ").map(|name| name.trim_end_matches(',').trim_matches('`'));
                let links: Vec<String> = links.map(|name| format!("[{name}](#{name})")).collect();
                writeln!(text, "{}{}", links.join(", "), if line.ends_with(',') { "," } else { "" }).unwrap();
            }
            line => writeln!(text, "{line}").unwrap(),
        }
    }
    text
}

const OPENING: &str = "\
# Rules

Everything that Segue finds, by the layer that finds it. `segue explain CODE` prints the same pages.

This file is written from the rules: each page stands at the head of its rule's source, and severities and fixes are those of the
cases under `tests/cases/check`. Change it there, and `UPDATE=1 cargo test` writes it anew.

- **severity**: an error stands in the way of activation and fails a check, a warning does neither.
- **fix**: *yes* is a mend that cannot change what was meant; *a guess* is a good one that wants a look.
";

struct Page {
    code: Code,
    markdown: String,
    parts: Vec<Part>,
}

/// What stands under one heading.
#[derive(Debug, Default, PartialEq)]
struct Part {
    heading: String,
    /// The words, without the blocks, as one line.
    prose: String,
    blocks: Vec<Block>,
}

#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    text: String,
}

impl Page {
    fn all() -> Vec<Page> {
        Code::ALL.iter().map(|code| Page::new(*code, page(*code).markdown)).collect()
    }

    fn new(code: Code, markdown: String) -> Page {
        Page { code, parts: read(&markdown), markdown }
    }

    fn is_told(&self) -> bool {
        TOLD.iter().any(|(code, _)| *code == self.code) || is_of_the_store(self.code)
    }

    fn part(&self, heading: &str) -> &Part {
        let part = self.parts.iter().find(|part| part.heading == heading);
        part.unwrap_or_else(|| panic!("{}: there is no part `{heading}`", self.code))
    }

    fn example(&self, heading: &str) -> &Block {
        let block = self.part(heading).blocks.first();
        block.unwrap_or_else(|| panic!("{}: there is no example under `{heading}`", self.code))
    }
}

/// The parts of a page; the first is the one under the title.
fn read(markdown: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let mut open: Option<Block> = None;
    for line in markdown.lines() {
        let fence = line.strip_prefix("```");
        let part = parts.last_mut().expect("there is one from the start");
        match (fence, open.as_mut()) {
            (Some(_), Some(_)) => part.blocks.extend(open.take()),
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (Some(language), None) => open = Some(Block { language: language.to_owned(), text: String::new() }),
            (None, None) => match line.trim_start_matches('#') {
                heading if heading.len() < line.len() && part.is_untouched() => part.heading = heading.trim().to_owned(),
                heading if heading.len() < line.len() => {
                    parts.push(Part { heading: heading.trim().to_owned(), ..Part::default() });
                }
                words => part.prose = format!("{} {words}", part.prose).trim().to_owned(),
            },
        }
    }
    parts
}

impl Part {
    fn is_untouched(&self) -> bool {
        *self == Part::default()
    }
}

/// What a page's parts lack.
fn parts(page: &Page) -> Vec<String> {
    let mut lacks = Vec::new();
    let mut wants = |so: bool, what: &str| {
        if !so {
            lacks.push(what.to_owned())
        }
    };
    let headings: Vec<&str> = page.parts.iter().map(|part| part.heading.as_str()).collect();
    let optional = OPTIONAL.iter().filter(|heading| headings.contains(*heading));
    let expected: Vec<&str> = [page.code.name()].iter().chain(&NEEDED).chain(optional).copied().collect();
    wants(headings == expected, &format!("the headings should be {expected:?}, not {headings:?}"));
    for part in &page.parts {
        let is_example = ["Bad", "Good"].contains(&part.heading.as_str());
        let blocks = usize::from(is_example);
        wants(part.blocks.len() == blocks, &format!("`{}` should hold {blocks} examples", part.heading));
        let ends = part.prose.ends_with(['.', '?']) || part.heading == "See also";
        wants(ends || is_example && part.prose.is_empty(), &format!("`{}` should hold whole sentences", part.heading));
    }
    lacks
}

/// What is wrong with examples that are not run.
fn told(page: &Page) -> Vec<String> {
    let shown = ["Bad", "Good"].iter().filter(|heading| page.example(heading).language != "text");
    shown.map(|heading| format!("`{heading}` should be a `text` block: this code is listed as one that is told")).collect()
}

/// What is wrong with examples that are run.
fn run(page: &Page) -> Vec<String> {
    let languages = ["Bad", "Good"].map(|heading| page.example(heading).language.as_str());
    let findings: fn(&Block) -> Vec<(Code, String)> = match languages {
        ["yaml", "yaml"] => findings,
        ["rhai", "rhai"] => |example| scripts::codes_of(&example.text),
        _ => return vec![format!("the examples should be `yaml` or `rhai` blocks, not {languages:?}")],
    };
    let bad = findings(page.example("Bad"));
    let other = bad.iter().filter(|(code, _)| *code != page.code).map(|(code, message)| format!("bad: {code}: {message}"));
    let good = findings(page.example("Good")).into_iter().map(|(code, message)| format!("good: {code}: {message}"));
    let missed = bad.iter().all(|(code, _)| *code != page.code).then(|| "bad: this code is not found".to_owned());
    missed.into_iter().chain(other).chain(good).collect()
}

fn findings(example: &Block) -> Vec<(Code, String)> {
    let case = Case::parse("inbound-lead", &case_of(&example.text)).expect("an example has no directives of its own");
    case.findings().into_iter().map(|finding| (finding.code, finding.message)).collect()
}

/// An example as a case is written.
fn case_of(example: &str) -> String {
    let mut case = String::new();
    if example.lines().next().and_then(path_of).is_none() {
        case.push_str("#! steps\n");
    }
    for line in example.lines() {
        match path_of(line) {
            Some(path) if path.starts_with("sequences/") && path.ends_with(".yaml") && !path.ends_with(".test.yaml") => {
                case.push_str(&format!("#--- {path}\n#! steps\n"));
            }
            Some(path) => case.push_str(&format!("#--- {path}\n")),
            None => case.extend([line, "\n"]),
        }
    }
    case
}

/// The path in a comment that is a path and nothing else.
fn path_of(line: &str) -> Option<&str> {
    let path = line.strip_prefix("# ")?;
    (path == "segue.yaml" || path.starts_with("sequences/")).then_some(path)
}

/// Ends the test if anything is wrong with any page, with all of it.
fn report(pages: &[Page], judge: impl Fn(&Page) -> Vec<String>) {
    let wrong = pages.iter().flat_map(|page| judge(page).into_iter().map(|wrong| format!("{}: {wrong}", page.code)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# unknown-key

A key that
nothing reads.

## Why

It counts.

## Bad

```yaml
# a comment
- {id: note, type: task, nmae: Write a note}
```

## Good

```yaml
- {id: note, type: task, name: Write a note}
```
";

    fn page_of(markdown: &str) -> Page {
        Page::new(Code::UnknownKey, markdown.to_owned())
    }

    #[test]
    fn a_page_is_taken_apart() {
        let page = page_of(PAGE);
        assert_eq!(page.parts[0].prose, "A key that nothing reads.");
        assert_eq!(page.part("Why").prose, "It counts.");
        assert_eq!(page.example("Bad").text, "# a comment\n- {id: note, type: task, nmae: Write a note}\n");
        assert_eq!((parts(&page), run(&page)), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_a_page_lacks_is_said() {
        assert_eq!(parts(&page_of(&PAGE.replace("## Why", "## Wherefore"))).len(), 1);
        assert_eq!(parts(&page_of(&PAGE.replace("It counts.", ""))), ["`Why` should hold whole sentences"]);
        assert_eq!(parts(&page_of(&PAGE.replace("It counts.", "It counts.\n\n```yaml\n```"))).len(), 1);
        assert_eq!(run(&page_of(&PAGE.replace("nmae", "name"))), ["bad: this code is not found"]);
        assert_eq!(run(&page_of(&PAGE.replace(" name:", " nmae:"))), ["good: unknown-key: a task has no key `nmae`"]);
        assert_eq!(run(&page_of(&PAGE.replace("```yaml", "```text"))).len(), 1);
        assert_eq!(told(&page_of(PAGE)).len(), 2);
    }

    #[test]
    fn an_example_of_several_files_is_a_case_of_several() {
        let example = "# segue.yaml\nformat: 1\n\n# sequences/a.yaml\n# a comment\ntags: [a]\n# sequences/b.md\nhello\n";
        let case =
            "#--- segue.yaml\nformat: 1\n\n#--- sequences/a.yaml\n#! steps\n# a comment\ntags: [a]\n#--- sequences/b.md\nhello\n";
        assert_eq!(case_of(example), case);
        assert_eq!(case_of("- {id: a}\n"), "#! steps\n- {id: a}\n");
    }
}
