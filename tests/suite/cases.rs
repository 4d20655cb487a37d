//! Check cases: the files of a small workspace and what is found in them, together in one file that reads like the input.
//!
//! A case lies in `tests/cases/check` and is called `CODE.yaml` or `CODE-anything.yaml`. Every code has one that announces
//! it; one that looks alike and is right ends in `-ok` and announces nothing. A line that starts with `#>`, however far it
//! is indented, is taken out before the rest is judged, and says what is found on the line above it:
//!
//! ```yaml
//! #! steps
//! - id: intro
//!   type: email
//!   name: Introduce ourselves
//!   templte: intro-lead
//!   #> 3-10 error[unknown-key]: no key is called `templte` here
//!   #> help: did you mean `template`?
//!   #> related 1:3-5 the step starts here
//!   #> fix "write `template`": template
//! ```
//!
//! A finding is its columns, severity, code and message, then its other lines in this order: `help`, `related`, and `fix`
//! or, if it wants a look before it is applied, `guess`. All that is found must be announced and nothing else.
//!
//! **Places** are `[FILE:][LINE:]COLUMN-[LINE:]COLUMN`. Columns count characters from 1 and the end is exclusive. Lines
//! are left out where they are the line above; they count from 1 in that file and leave the announcements out. A fix whose
//! edit lies elsewhere than the finding says `fix "title" at PLACE: text`, and every further edit is a line
//! `and at PLACE: text`. In the text `\n`, `\r`, `\t`, `\\` are escapes, and `\s` is a blank at its start or end.
//!
//! **Several files**: a line `#--- PATH` starts the next one. What stands before the first is `sequences/NAME.yaml`, NAME
//! being the case's.
//!
//! **Directives** stand at the very start of a file, before its first line, and never reach it:
//!
//! - `#! steps`: only a list of steps, or only some top-level keys; what a sequence needs besides is put above them, in
//!   lines that have no number: places there are written `above:COLUMN-COLUMN`
//! - `#! crlf`: lines end in `\r\n`
//! - `#! bom`: starts with a byte order mark
//! - `#! open end`: nothing ends the last line
//! - `#! escapes`: `\xFF` is that byte, `\\` a backslash
//! - `#! too large N`, `#! unreadable REASON`: the disk gave this instead of a content

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use segue::diagnostic::{Code, Diagnostic, Fix};
use segue::text::{FilePath, LineIndex, Location, Place, Span};
use segue::workspace::{Content, Workspace};

use crate::automation;
use crate::data;
use crate::pages::is_of_the_store;
use crate::properties::invariants::mending::never_worse;
use crate::scripts;
use crate::sessions;

/// The one code that no input earns: a unit test beside the runner of scripts does.
const NOT_TO_BE_HAD: Code = Code::Internal;

#[test]
fn every_case_finds_what_it_announces() {
    let failures: Vec<String> = data::cases("check", "yaml").iter().filter_map(|path| check(path).err()).collect();
    data::report(&failures);
}

/// What may not be done shows in a session, with these still to come, and why.
const NOT_IN_A_SESSION: [(Code, &str); 2] = [
    (Code::NothingChanged, "no command begins a revision yet"),
    (Code::CommitDiverged, "a session shows it: what is kept lies beside the files"),
];

#[test]
fn every_code_has_a_case() {
    let cases = all();
    let announced = |code: Code| {
        let mark = format!("[{}]: ", code.name());
        cases.iter().any(|case| belongs(&case.name, code) && case.announcements.iter().any(|line| line.contains(&mark)))
    };
    let run = [scripts::codes_with_a_case(), automation::codes_with_a_case()].concat();
    let sessions = sessions::all();
    let without = |code: &&Code| match is_of_the_store(**code) {
        true => {
            let mark = format!("[{}]", code.name());
            !sessions.contains(&mark) && !NOT_IN_A_SESSION.iter().any(|(other, _)| other == *code)
        }
        false => !announced(**code) && !run.contains(code) && **code != NOT_TO_BE_HAD,
    };
    let lacking: Vec<&str> = Code::ALL.iter().filter(without).map(|code| code.name()).collect();
    assert!(lacking.is_empty(), "no case is called after and announces: {}", lacking.join(", "));
}

#[test]
fn every_case_is_called_after_a_code() {
    let named = |name: &str| Code::ALL.iter().any(|code| belongs(name, *code));
    let strays: Vec<String> = all().into_iter().map(|case| case.name).filter(|name| !named(name)).collect();
    assert!(strays.is_empty(), "no code is called like the start of: {}", strays.join(", "));
}

#[test]
fn a_case_that_is_called_ok_announces_nothing() {
    let wrong = all().into_iter().filter(|case| case.name.ends_with("-ok") && !case.announcements.is_empty());
    let wrong: Vec<String> = wrong.map(|case| case.name).collect();
    assert!(wrong.is_empty(), "findings are announced in what should be right: {}", wrong.join(", "));
}

#[test]
fn findings_do_not_depend_on_the_order_in_which_files_arrive() {
    for case in all() {
        let mut workspace = Workspace::new();
        for file in case.files.iter().rev() {
            workspace.update(vec![(file.path.clone(), file.content())]);
        }
        assert_eq!(workspace.findings(), case.findings(), "{}: the files of this case, one by one from the last", case.name);
    }
}

#[test]
fn a_workspace_remembers_nothing_of_files_that_are_gone() {
    for case in all() {
        let mut workspace = case.workspace();
        let before = workspace.findings();
        workspace.update(case.files.iter().map(|file| (file.path.clone(), Content::Gone)).collect());
        workspace.update(case.contents());
        assert_eq!(workspace.findings(), before, "{}: the same files, gone and back again", case.name);
    }
}

#[test]
fn a_safe_fix_mends_what_it_is_offered_for() {
    for case in all() {
        let findings = case.findings();
        let count = |findings: &[Diagnostic], code| findings.iter().filter(|finding| finding.code == code).count();
        for finding in &findings {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safe) else { continue };
            let mended = case.mended(fix);
            assert!(
                count(&mended, finding.code) < count(&findings, finding.code),
                "{}: `{}` leaves {}: {}",
                case.name,
                fix.title,
                finding.code,
                finding.message
            );
        }
    }
}

#[test]
fn mending_makes_no_case_worse() {
    let mut mended = 0;
    for case in all() {
        mended += never_worse(&mut case.workspace()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    }
    assert!(mended > 20, "only {mended} fixes were applied");
}

#[test]
fn findings_are_worded_alike() {
    for case in all() {
        for finding in case.findings() {
            let words = std::iter::once(&finding.message).chain(&finding.help).chain(finding.related.iter().map(|r| &r.message));
            for sentence in words {
                assert!(
                    !sentence.is_empty() && !sentence.starts_with(char::is_uppercase) && !sentence.ends_with('.'),
                    "{}: {}: lower case, no full stop: {sentence}",
                    case.name,
                    finding.code
                );
            }
        }
    }
}

/// One case: the files that are judged, and the lines that say what is found.
pub struct Case {
    /// The name of the case's file without `.yaml`.
    name: String,
    files: Vec<File>,
    announcements: Vec<String>,
}

/// One file of a case.
struct File {
    path: FilePath,
    /// The lines of the case's file that come before the content: separator and directives, as written.
    opening: Vec<String>,
    directives: Vec<Directive>,
    lines: Vec<String>,
}

/// What a text file cannot say by itself about a content.
#[derive(Clone, Debug, PartialEq)]
enum Directive {
    Steps,
    Crlf,
    Bom,
    OpenEnd,
    Escapes,
    TooLarge(u64),
    Unreadable(String),
}

/// Where something stands, in the file's own lines: those that `#! steps` adds above them all count as line 0.
struct Extent {
    file: usize,
    start: Place,
    end: Place,
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let case = Case::read(path)?;
    let woven = panic::catch_unwind(AssertUnwindSafe(|| case.weave(&case.workspace())))
        .map_err(|_| format!("{}: judging this case panics; see above", case.name))??;
    if flush(&text) == flush(&woven) { Ok(()) } else { data::settle(path, &text, &woven) }
}

/// Every case.
pub fn all() -> Vec<Case> {
    data::cases("check", "yaml").iter().map(|path| Case::read(path).unwrap_or_else(|error| panic!("{error}"))).collect()
}

fn belongs(name: &str, code: Code) -> bool {
    name.strip_prefix(code.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The text with its announcements at the left edge: how far they are indented is a matter of looks.
fn flush(text: &str) -> String {
    text.lines()
        .map(|line| if is_announcement(line) { line.trim_start() } else { line })
        .map(|line| format!("{line}\n"))
        .collect()
}

fn is_announcement(line: &str) -> bool {
    line.trim_start().starts_with("#>")
}

impl Case {
    fn read(path: &Path) -> Result<Case, String> {
        let name = path.file_stem().and_then(|stem| stem.to_str()).ok_or("a case has no name")?;
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        Case::parse(name, &text).map_err(|error| format!("{name}: {error}"))
    }

    /// Takes a case apart that is written in `text`.
    pub fn parse(name: &str, text: &str) -> Result<Case, String> {
        let mut files = vec![File::new(&format!("sequences/{name}.yaml"))];
        let mut announcements = Vec::new();
        for line in text.lines() {
            let file = files.last_mut().expect("there is one from the start");
            if let Some(path) = line.strip_prefix("#--- ") {
                if file.is_untouched() {
                    files.pop();
                }
                let mut next = File::new(path.trim());
                next.opening.push(line.to_owned());
                files.push(next);
            } else if is_announcement(line) {
                announcements.push(line.trim_start().to_owned());
            } else if let Some(words) = line.strip_prefix("#! ") {
                if !file.lines.is_empty() {
                    return Err(format!("`{line}` stands behind the first line of its file"));
                }
                file.directives.push(Directive::parse(words)?);
                file.opening.push(line.to_owned());
            } else {
                file.lines.push(line.to_owned());
            }
        }
        Ok(Case { name: name.to_owned(), files, announcements })
    }

    fn contents(&self) -> Vec<(FilePath, Content)> {
        self.files.iter().map(|file| (file.path.clone(), file.content())).collect()
    }

    /// Its files, judged.
    pub fn workspace(&self) -> Workspace {
        let mut workspace = Workspace::new();
        workspace.update(self.contents());
        workspace
    }

    /// What is found in its files.
    pub fn findings(&self) -> Vec<Diagnostic> {
        self.workspace().findings()
    }

    /// Its files that are text, each with what it says.
    pub fn texts(&self) -> Vec<(FilePath, String)> {
        let texts = self.contents().into_iter().filter_map(|(path, content)| match content {
            Content::Bytes(bytes) => Some((path, String::from_utf8(bytes).ok()?)),
            Content::Gone | Content::TooLarge { .. } | Content::Unreadable(_) | Content::LeftOut(_) => None,
        });
        texts.collect()
    }

    /// What is found once a fix was applied.
    fn mended(&self, fix: &Fix) -> Vec<Diagnostic> {
        let mut workspace = self.workspace();
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by(|a, b| b.location.cmp(&a.location));
        let mended = edits.chunk_by(|a, b| a.location.file == b.location.file).map(|edits| {
            let path = &edits[0].location.file;
            let source = workspace.source(path).unwrap_or_else(|| panic!("{}: a fix edits {path}, which has no text", self.name));
            let mut text = source.text().to_owned();
            edits.iter().for_each(|edit| text.replace_range(edit.location.span.range(), &edit.text));
            (path.clone(), Content::Bytes(text.into_bytes()))
        });
        let mended = mended.collect();
        workspace.update(mended);
        workspace.findings()
    }

    /// The case as it should read: its lines, and below each what is found there.
    fn weave(&self, workspace: &Workspace) -> Result<String, String> {
        let mut below: Vec<Vec<Vec<String>>> = self.files.iter().map(|file| vec![Vec::new(); file.lines.len() + 1]).collect();
        for finding in workspace.findings() {
            let extent = self.extent(workspace, &finding.primary).map_err(|error| format!("{error}: {}", finding.message))?;
            let line = extent.start.line.min(self.files[extent.file].lines.len());
            below[extent.file][line].extend(self.announce(workspace, &finding, (extent.file, line))?);
        }
        let mut woven = String::new();
        let mut write = |line: &str| woven.extend([line, "\n"]);
        for (file, below) in self.files.iter().zip(&below) {
            file.opening.iter().for_each(|line| write(line));
            below[0].iter().for_each(|line| write(line));
            for (line, below) in file.lines.iter().zip(&below[1..]) {
                write(line);
                let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
                below.iter().for_each(|line| write(&format!("{indent}{line}")));
            }
        }
        Ok(woven)
    }

    /// One finding as the lines that announce it below a line of a file.
    fn announce(&self, workspace: &Workspace, finding: &Diagnostic, below: (usize, usize)) -> Result<Vec<String>, String> {
        let place = |location: &Location| Ok::<_, String>(self.extent(workspace, location)?.seen_from(below, &self.files));
        let Diagnostic { code, severity, message, primary, related, help, fix } = finding;
        let mut lines = vec![format!("{} {severity}[{code}]: {message}", place(primary)?)];
        lines.extend(help.iter().map(|help| format!("help: {help}")));
        for related in related {
            lines.push(format!("related {} {}", place(&related.location)?, related.message));
        }
        if let Some(Fix { title, safe, edits }) = fix {
            let word = if *safe { "fix" } else { "guess" };
            for (index, edit) in edits.iter().enumerate() {
                let start = if index == 0 { format!("{word} \"{title}\"") } else { "and".to_owned() };
                let at = if index == 0 && edit.location == *primary {
                    String::new()
                } else {
                    format!(" at {}", place(&edit.location)?)
                };
                lines.push(format!("{start}{at}: {}", escaped(&edit.text)));
            }
        }
        Ok(lines.into_iter().map(|line| format!("#> {line}").trim_end().to_owned()).collect())
    }

    fn extent(&self, workspace: &Workspace, location: &Location) -> Result<Extent, String> {
        let Location { file: path, span } = location;
        let index = self.files.iter().position(|file| file.path == *path);
        let index = index.ok_or_else(|| format!("{}: found in {path}, which is no file of this case", self.name))?;
        let file = &self.files[index];
        let text = workspace.source(path).map_or_else(|| file.readable_start(), |source| source.text().to_owned());
        let (start, end) = places(&text, *span).map_err(|error| format!("{}: {path}: {error}", self.name))?;
        let own = |place: Place| Place { line: place.line.saturating_sub(file.added().len()), ..place };
        Ok(Extent { file: index, start: own(start), end: own(end) })
    }
}

impl File {
    fn new(path: &str) -> File {
        File { path: FilePath::new(path), opening: Vec::new(), directives: Vec::new(), lines: Vec::new() }
    }

    fn is_untouched(&self) -> bool {
        self.opening.is_empty() && self.lines.is_empty()
    }

    fn says(&self, directive: &Directive) -> bool {
        self.directives.contains(directive)
    }

    fn content(&self) -> Content {
        let instead = self.directives.iter().find_map(|directive| match directive {
            Directive::TooLarge(bytes) => Some(Content::TooLarge { bytes: *bytes }),
            Directive::Unreadable(reason) => Some(Content::Unreadable(reason.clone())),
            Directive::Steps | Directive::Crlf | Directive::Bom | Directive::OpenEnd | Directive::Escapes => None,
        });
        instead.unwrap_or_else(|| Content::Bytes(self.bytes()))
    }

    fn bytes(&self) -> Vec<u8> {
        let end = if self.says(&Directive::Crlf) { "\r\n" } else { "\n" };
        let mut lines = self.added();
        lines.extend(self.lines.iter().cloned());
        let mut text = lines.join(end);
        if !lines.is_empty() && !self.says(&Directive::OpenEnd) {
            text.push_str(end);
        }
        if self.says(&Directive::Bom) {
            text.insert(0, '\u{feff}');
        }
        if self.says(&Directive::Escapes) { bytes_of_escapes(&text) } else { text.into_bytes() }
    }

    /// As much from the start as is text: what findings about the rest can be placed in.
    fn readable_start(&self) -> String {
        let bytes = self.bytes();
        let valid = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        String::from_utf8_lossy(&bytes[..valid]).into_owned()
    }

    /// The lines that `#! steps` puts in front. All stand in front, so that the end of the file stays its end.
    fn added(&self) -> Vec<String> {
        if !self.says(&Directive::Steps) {
            return Vec::new();
        }
        let name = self.path.file_name().trim_end_matches(".yaml");
        let needed = [("name", name), ("record_type", "lead"), ("owner", "ana.ruiz")];
        let has = |key: &str| self.lines.iter().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
        let mut added: Vec<String> =
            needed.iter().filter(|(key, _)| !has(key)).map(|(key, value)| format!("{key}: {value}")).collect();
        if self.lines.iter().any(|line| line.starts_with("- ")) {
            added.push("steps:".to_owned());
        } else if !has("steps") {
            added.push("steps: [{id: note, type: task, name: Write a note}]".to_owned());
        }
        added
    }
}

impl Directive {
    fn parse(words: &str) -> Result<Directive, String> {
        if let Some(bytes) = words.strip_prefix("too large ") {
            return bytes.parse().map(Directive::TooLarge).map_err(|error| format!("`#! {words}`: {error}"));
        }
        if let Some(reason) = words.strip_prefix("unreadable ") {
            return Ok(Directive::Unreadable(reason.to_owned()));
        }
        match words {
            "steps" => Ok(Directive::Steps),
            "crlf" => Ok(Directive::Crlf),
            "bom" => Ok(Directive::Bom),
            "open end" => Ok(Directive::OpenEnd),
            "escapes" => Ok(Directive::Escapes),
            _ => Err(format!("no directive is called `#! {words}`")),
        }
    }
}

impl Extent {
    /// The place as it is written below a line: what goes without saying is left out.
    fn seen_from(&self, (file, line): (usize, usize), files: &[File]) -> String {
        let Extent { start, end, .. } = self;
        let elsewhere = self.file != file;
        let path = if elsewhere { format!("{}:", files[self.file].path) } else { String::new() };
        let named = |line| if line == 0 { "above:".to_owned() } else { format!("{line}:") };
        let first = if elsewhere || start.line != line || line == 0 { named(start.line) } else { String::new() };
        let last = if end.line == start.line { String::new() } else { named(end.line) };
        format!("{path}{first}{}-{last}{}", start.column, end.column)
    }
}

/// Where a span starts and ends.
fn places(text: &str, span: Span) -> Result<(Place, Place), String> {
    let sound = text.get(span.range()).is_some();
    if !sound {
        return Err(format!("bytes {} to {} are no piece of the text", span.start, span.end));
    }
    let index = LineIndex::new(text);
    let lines = index.of(text);
    Ok((lines.place(span.start as usize), lines.place(span.end as usize)))
}

/// A replacement on one line; a blank at its edge is made visible, for editors take those away.
fn escaped(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    let inner = plain.trim_matches(' ');
    if inner.is_empty() {
        return "\\s".repeat(plain.len());
    }
    let before = plain.len() - plain.trim_start_matches(' ').len();
    let behind = plain.len() - plain.trim_end_matches(' ').len();
    format!("{}{inner}{}", "\\s".repeat(before), "\\s".repeat(behind))
}

/// The bytes that a text with `\xFF` and `\\` stands for.
fn bytes_of_escapes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend(rest[..at].bytes());
        let (byte, length) = match rest[at + 1..].strip_prefix('x').and_then(|digits| digits.get(..2)) {
            Some(digits) => (u8::from_str_radix(digits, 16).expect("two hexadecimal digits follow `\\x`"), 4),
            None => (b'\\', 2),
        };
        bytes.push(byte);
        rest = &rest[at + length..];
    }
    bytes.extend(rest.bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use segue::diagnostic::Safety;

    use super::*;

    fn file(text: &str) -> File {
        Case::parse("made-up", text).unwrap().files.remove(0)
    }

    #[test]
    fn announcements_are_no_input_and_separators_start_files() {
        let case = Case::parse("made-up", "a: 1\n  #> 1-2 error[x]: y\nb: 2\n#--- segue.yaml\n#! crlf\nc: 3\n").unwrap();
        let paths: Vec<&str> = case.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["sequences/made-up.yaml", "segue.yaml"]);
        assert_eq!(case.files[0].bytes(), b"a: 1\nb: 2\n");
        assert_eq!(case.files[1].bytes(), b"c: 3\r\n");
        assert_eq!(case.announcements, ["#> 1-2 error[x]: y"]);
        assert_eq!(Case::parse("made-up", "#--- segue.yaml\nc: 3\n").unwrap().files.len(), 1);
        assert!(Case::parse("made-up", "a: 1\n#! crlf\n").is_err());
        assert!(Case::parse("made-up", "#! crfl\n").is_err());
    }

    #[test]
    fn directives_say_what_a_text_file_cannot() {
        assert_eq!(file("#! bom\n#! open end\na: 1\n").bytes(), b"\xEF\xBB\xBFa: 1");
        assert_eq!(file("#! escapes\na: \\xFF\\\\b\n").bytes(), b"a: \xFF\\b\n");
        assert_eq!(file("").bytes(), b"");
        assert!(matches!(file("#! too large 9\n").content(), Content::TooLarge { bytes: 9 }));
        assert!(matches!(file("#! unreadable no right\n").content(), Content::Unreadable(reason) if reason == "no right"));
    }

    #[test]
    fn steps_brings_what_a_sequence_needs() {
        let needed = "name: made-up\nrecord_type: lead\nowner: ana.ruiz\nsteps:\n- id: a\n";
        assert_eq!(file("#! steps\n- id: a\n").bytes(), needed.as_bytes());
        let needed = "name: made-up\nrecord_type: lead\nsteps: [{id: note, type: task, name: Write a note}]\nowner: bo\n";
        assert_eq!(file("#! steps\nowner: bo\n").bytes(), needed.as_bytes());
    }

    #[test]
    fn a_finding_is_announced_below_its_line() {
        let case = Case::parse("made-up", "#! steps\n- id: a\n  tpye: x\n#--- segue.yaml\nb: 1\n").unwrap();
        let text = String::from_utf8(case.files[0].bytes()).unwrap();
        let at = |word: &str| Span::new(text.find(word).unwrap(), text.find(word).unwrap() + word.len());
        let settings = FilePath::new("segue.yaml");
        let finding = Diagnostic::new(Code::UnknownKey, case.files[0].path.at(at("tpye")), "no key is called `tpye` here")
            .did_you_mean(Some("type"))
            .related(case.files[0].path.at(at("- id: a\n  ")), "in this step")
            .related(settings.at(Span::new(0, 1)), "because of this")
            .fix("write `type`", Safety::Guess, at("tpye"), " type\n");
        let lines = case.announce(&case.workspace(), &finding, (0, 2)).unwrap();
        let expected = [
            "#> 3-7 error[unknown-key]: no key is called `tpye` here",
            "#> help: did you mean `type`?",
            "#> related 1:1-2:3 in this step",
            "#> related segue.yaml:1:1-2 because of this",
            "#> guess \"write `type`\": \\stype\\n",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_blanks_at_the_edge_of_a_replacement_are_seen() {
        assert_eq!(escaped(" a b  "), "\\sa b\\s\\s");
        assert_eq!(escaped("  "), "\\s\\s");
        assert_eq!(escaped("a\\\n"), "a\\\\\\n");
    }
}
