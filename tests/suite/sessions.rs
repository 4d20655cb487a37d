//! Sessions at the command line: pages of Markdown with what a person types and what the program answers.
//!
//! A page lies in `tests/cases/cli` (and the repository's README is one, and so are the pages of `docs` that show commands) and runs from top to bottom in a folder of its own, empty at first:
//!
//! - a block ```` ```console ```` holds commands behind `$ `, gone on with behind `> `, each followed by all that it prints
//!   (standard error among it) and by `? 1` if it exits with 1 and not with 0;
//! - a block ```` ```yaml file=sequences/a.yaml ```` writes that file, whatever its language is called;
//! - `workspace: samples` in the front matter starts with a copy of this repository's `segue.yaml`, `sequences` and
//!   `scripts`;
//! - everything else is prose.
//!
//! Commands run by `sh`, with the built `segue` in the path, 80 columns, an empty home and nothing else of the environment.
//! In expected output `[..]` stands for anything within a line, `...` alone on a line for any lines, `[DIR]` for the
//! session's folder.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::data;

/// How long one command may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn every_session_goes_as_written() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let docs = documents().into_iter().filter(|path| fs::read_to_string(path).unwrap().contains("```console\n"));
    let pages = data::cases("cli", "md").into_iter().chain([readme]).chain(docs);
    let failures: Vec<String> = pages.filter_map(|path| check(&path).err()).collect();
    data::report(&failures);
}

/// The pages in `docs`, sorted.
fn documents() -> Vec<PathBuf> {
    let entries = fs::read_dir(data::folder("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|found| found == "md")).collect();
    pages.sort();
    pages
}

/// The text of every session, one behind the other.
pub(crate) fn all() -> String {
    data::cases("cli", "md").iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// One page: its lines, cut where something happens.
struct Page {
    samples: bool,
    pieces: Vec<Piece>,
}

enum Piece {
    /// Lines that say something to the reader only, fences among them.
    Prose(String),
    /// A file to be written; the block's own lines are prose before and behind.
    File { path: String, content: String },
    /// A command and what is expected of it.
    Exchange(Exchange),
}

struct Exchange {
    /// The lines as written, `$ ` and `> ` included.
    typed: String,
    command: String,
    answer: Answer,
}

#[derive(Clone, Debug, PartialEq)]
struct Answer {
    output: String,
    code: i32,
}

/// A session's folder and home, gone with this value.
struct Room {
    folder: PathBuf,
    home: PathBuf,
    _both: tempfile::TempDir,
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let page = Page::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let room = Room::new();
    if page.samples {
        room.copy_samples();
    }
    data::settle(path, &text, &page.play(&room)?)
}

impl Page {
    fn parse(text: &str) -> Result<Page, String> {
        let mut page = Page { samples: false, pieces: Vec::new() };
        let mut lines = text.split_inclusive('\n').peekable();
        if text.starts_with("---\n") {
            page.prose(lines.next().expect("it starts with this line"));
            for line in lines.by_ref() {
                page.prose(line);
                match line.trim_end() {
                    "---" => break,
                    "workspace: samples" => page.samples = true,
                    other => return Err(format!("no setting of a session is called `{other}`")),
                }
            }
        }
        while let Some(line) = lines.next() {
            page.prose(line);
            let Some(fence) = Fence::open(line) else { continue };
            let block: Vec<&str> = std::iter::from_fn(|| lines.next_if(|line| !fence.closes(line))).collect();
            match fence {
                Fence { language: "console", .. } => page.exchanges(&block)?,
                Fence { file: Some(path), .. } => {
                    page.pieces.push(Piece::File { path: path.to_owned(), content: block.concat() });
                }
                Fence { .. } => page.prose(&block.concat()),
            }
            page.prose(lines.next().ok_or("a block is never closed")?);
        }
        Ok(page)
    }

    fn prose(&mut self, line: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Prose(text)) => text.push_str(line),
            _ => self.pieces.push(Piece::Prose(line.to_owned())),
        }
    }

    fn exchanges(&mut self, block: &[&str]) -> Result<(), String> {
        let mut lines = block.iter().peekable();
        while let Some(line) = lines.next() {
            let first = line.strip_prefix("$ ").ok_or_else(|| format!("`{}` is the answer to no command", line.trim_end()))?;
            let mut exchange = Exchange {
                typed: (*line).to_owned(),
                command: first.to_owned(),
                answer: Answer { output: String::new(), code: 0 },
            };
            while let Some(more) = lines.next_if(|line| line.starts_with("> ")) {
                exchange.typed.push_str(more);
                exchange.command.push_str(&more[2..]);
            }
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                match line.strip_prefix("? ").and_then(|code| code.trim_end().parse().ok()) {
                    Some(code) => exchange.answer.code = code,
                    None => exchange.answer.output.push_str(line),
                }
            }
            self.pieces.push(Piece::Exchange(exchange));
        }
        Ok(())
    }

    /// Does what the page says, and returns the page as it should read.
    fn play(&self, room: &Room) -> Result<String, String> {
        let mut page = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Prose(text) => page.push_str(text),
                Piece::File { path, content } => {
                    room.write(path, content);
                    page.push_str(content);
                }
                Piece::Exchange(exchange) => {
                    page.push_str(&exchange.typed);
                    page.push_str(&exchange.settled(&room.run(&exchange.command)?));
                }
            }
        }
        Ok(page)
    }
}

/// The line that opens a block.
struct Fence<'a> {
    ticks: &'a str,
    language: &'a str,
    file: Option<&'a str>,
}

impl<'a> Fence<'a> {
    fn open(line: &'a str) -> Option<Fence<'a>> {
        let line = line.trim_end();
        let (ticks, info) = line.split_at(line.len() - line.trim_start_matches('`').len());
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        (ticks.len() >= 3).then(|| Fence { ticks, language, file: words.find_map(|word| word.strip_prefix("file=")) })
    }

    fn closes(&self, line: &str) -> bool {
        line.trim_end() == self.ticks
    }
}

impl Exchange {
    /// The answer's lines: as they are written where they describe what came, else as it came.
    fn settled(&self, came: &Answer) -> String {
        let output = if data::matches(&self.answer.output, &came.output) { &self.answer.output } else { &came.output };
        let code = if came.code == 0 { String::new() } else { format!("? {}\n", came.code) };
        format!("{output}{code}")
    }
}

impl Room {
    fn new() -> Room {
        let both = tempfile::tempdir().unwrap();
        let root = both.path().canonicalize().unwrap();
        let room = Room { folder: root.join("workspace"), home: root.join("home"), _both: both };
        fs::create_dir(&room.folder).unwrap();
        fs::create_dir(&room.home).unwrap();
        room
    }

    fn copy_samples(&self) {
        for name in ["segue.yaml", "sequences", "scripts"] {
            data::copy(&data::folder(name), &self.folder.join(name));
        }
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().expect("it lies in the session's folder")).unwrap();
        fs::write(path, content).unwrap();
    }

    fn run(&self, command: &str) -> Result<Answer, String> {
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", path_with_segue())
            .env("HOME", &self.home)
            .env("COLUMNS", "80")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdout.take().expect("it was asked for");
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || {
            let mut output = Vec::new();
            pipe.read_to_end(&mut output).unwrap();
            // The test has given up where nobody receives this.
            let _ = send.send(output);
        });
        let output = receive.recv_timeout(PATIENCE);
        if output.is_err() {
            child.kill().unwrap();
        }
        let code = child.wait().unwrap().code().unwrap_or(-1);
        let output = output.map_err(|_| format!("after {} s this still ran: {command}", PATIENCE.as_secs()))?;
        let mut output = String::from_utf8_lossy(&output).replace(&*self.folder.to_string_lossy(), "[DIR]");
        if !output.is_empty() && !output.ends_with('\n') {
            output.push('\n');
        }
        Ok(Answer { output, code })
    }
}

fn path_with_segue() -> std::ffi::OsString {
    let segue = Path::new(env!("CARGO_BIN_EXE_segue")).parent().expect("the binary lies in a folder");
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(segue.to_owned()).chain(std::env::split_paths(&inherited))).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(page: &str) -> String {
        Page::parse(page).unwrap().play(&Room::new()).unwrap()
    }

    #[test]
    fn a_page_that_is_right_stays_as_it_is() {
        let page = "Prose.\n\n```text file=a/b.txt\none\ntwo\n```\n```console\n$ cat a/b.txt\n...\ntwo\n$ pwd; \\\n> echo x >&2; exit 3\n\
                    [DIR]\nx\n? 3\n```\n\n```yaml\n$ no command\n```\n";
        assert_eq!(played(page), page);
    }

    #[test]
    fn what_came_otherwise_is_written_as_it_came() {
        let page = "```console\n$ echo a; false\nb\n$ printf c\n? 2\n```\n";
        assert_eq!(played(page), "```console\n$ echo a; false\na\n? 1\n$ printf c\nc\n```\n");
    }

    #[test]
    fn commands_see_nothing_of_this_environment() {
        let page = "```console\n$ ls -A; ls -A ~; echo $COLUMNS $CARGO_MANIFEST_DIR\n80\n$ command -v segue\n[..]/segue\n```\n";
        assert_eq!(played(page), page);
    }

    #[test]
    fn a_page_that_cannot_be_played_says_why() {
        assert_eq!(Page::parse("```console\nanswer\n```\n").err().unwrap(), "`answer` is the answer to no command");
        assert_eq!(Page::parse("```console\n$ ls\n").err().unwrap(), "a block is never closed");
        assert_eq!(
            Page::parse("---\nworkspce: samples\n---\n").err().unwrap(),
            "no setting of a session is called `workspce: samples`"
        );
    }
}
