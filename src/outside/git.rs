//! What a git repository holds at a revision, told by the `git` command.
//! In come the workspace's folder and a revision as somebody calls it; out go the sequence files as they were there.
//! Never runs a shell, never asks for a password, takes no lock, and changes nothing.
#![allow(clippy::disallowed_methods, reason = "this is where git is run")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use crate::outside::disk;
use crate::text::{FilePath, MAX_FILE_BYTES, suggest};
use crate::workspace::{Content, FileKind, SEQUENCES, kind_of};

/// Variables that name another repository than the one around the workspace, or another way to read paths. A hook that git
/// runs has some of them, relative to a folder that is not ours.
const OF_ANOTHER_REPOSITORY: [&str; 15] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "LANGUAGE",
];

/// How many links may follow each other on the way to a file.
const MAX_LINKS: usize = 4;

/// The repository around a workspace.
#[derive(Clone, Debug)]
pub struct Repository {
    folder: PathBuf,
}

/// A commit, by its name in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit(String);

/// Why git's answer is none.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `git` to be run.
    #[error("there is no `git` command: `--against` compares with what git holds, and asks it")]
    NoGit,
    /// It could not be run, or not be talked to.
    #[error("git cannot be asked: {0}")]
    Io(#[from] io::Error),
    /// No repository lies around the workspace.
    #[error("{} lies in no git repository, so that there is no revision to compare with", .0.display())]
    NoRepository(PathBuf),
    /// The repository belongs to somebody else, and git keeps away from it.
    #[error("git does not trust {}, since it belongs to another user: `git config --global --add safe.directory '{}'` says that you do", .0.display(), .0.display())]
    NotTrusted(PathBuf),
    /// The text can be no revision.
    #[error("`{text}` is no revision: {why}")]
    NoRevision {
        /// The text.
        text: String,
        /// Why.
        why: &'static str,
    },
    /// The repository has no such commit.
    #[error("there is no revision `{revision}` here: {help}")]
    Unknown {
        /// The revision as it was called.
        revision: String,
        /// What to do.
        help: String,
    },
    /// Two histories have nothing in common, as far as they are here.
    #[error("`{revision}` and HEAD have no commit in common here: {help}")]
    NoBase {
        /// The revision as it was called.
        revision: String,
        /// What to do.
        help: String,
    },
    /// The repository lacks what one of its commits names.
    #[error(
        "git has no object {0}, which the commit names: `git fetch` what is missing, or look at the repository with `git fsck`"
    )]
    NoObject(String),
    /// Git says no, in its own words.
    #[error("git {what}: {said}")]
    Refused {
        /// The subcommand.
        what: &'static str,
        /// What it said.
        said: String,
    },
}

/// Takes in one file of a commit.
pub type Take<'a> = dyn FnMut(FilePath, Content) + 'a;

impl Repository {
    /// The repository that a workspace's folder lies in; whether there is one shows when it is asked.
    pub fn around(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The commit that somebody calls so. `main...` is the newest commit that `main` and HEAD have in common.
    ///
    /// # Errors
    /// [`GitError::NoRevision`] for a text that can be none, [`GitError::Unknown`] for one that names nothing here, and what keeps
    /// git from telling.
    pub fn commit(&self, revision: &str) -> Result<Commit, GitError> {
        let wrong = |why| Err(GitError::NoRevision { text: revision.to_owned(), why });
        match revision.split_once("...") {
            _ if revision.trim().is_empty() => wrong("it is empty"),
            _ if revision.starts_with('-') => wrong("it starts with `-`"),
            _ if revision.contains(['\0', '\n']) => wrong("it has several lines"),
            Some(("", _)) => wrong("write what to compare with before the `...`"),
            Some((theirs, "" | "HEAD")) => self.base(theirs),
            Some(_) => wrong("the files as they are now are compared; write nothing behind the `...`"),
            None if revision.contains("..") => wrong("it is a range; name one commit"),
            None => self.known(revision),
        }
    }

    fn known(&self, revision: &str) -> Result<Commit, GitError> {
        let name = format!("{revision}^{{commit}}");
        let output = self.run("rev-parse", ["--verify", "--end-of-options", &name])?;
        if output.status.success() {
            return Ok(Commit(said(&output.stdout)));
        }
        match self.refusal("rev-parse", &output) {
            GitError::Refused { .. } => Err(self.unknown(revision)),
            other => Err(other),
        }
    }

    fn base(&self, revision: &str) -> Result<Commit, GitError> {
        let Commit(theirs) = self.known(revision)?;
        let output = self.run("merge-base", [theirs.as_str(), "HEAD"])?;
        if output.status.success() {
            return Ok(Commit(said(&output.stdout)));
        }
        let help = if self.is_shallow() {
            "this clone holds the newest commits only; `git fetch --unshallow` brings the others, `fetch-depth: 0` in GitHub Actions"
        } else {
            "name a revision without `...`"
        };
        Err(GitError::NoBase { revision: revision.to_owned(), help: help.to_owned() })
    }

    /// What to do about a revision that is not here.
    fn unknown(&self, revision: &str) -> GitError {
        let listed = self.run("for-each-ref", ["--format=%(refname:short)"]);
        let names = listed.map(|output| said(&output.stdout)).unwrap_or_default();
        let of_a_remote = names.lines().find(|name| name.split_once('/').is_some_and(|(_, branch)| branch == revision));
        let help = if let Some(near) = of_a_remote.or_else(|| suggest(revision, names.lines())) {
            format!("did you mean `{near}`?")
        } else if self.is_shallow() {
            "this clone is shallow, it holds the newest commits only; `git fetch --deepen=100` brings more, `git fetch --unshallow` \
             all, and in GitHub Actions `fetch-depth: 0` under `actions/checkout`"
                .to_owned()
        } else if let Some((remote, branch)) = revision.split_once('/') {
            format!("`git fetch {remote} {branch}` brings it, if that is a branch")
        } else {
            "`git branch --all` and `git log` show what is here; `git fetch` brings what is not".to_owned()
        };
        GitError::Unknown { revision: revision.to_owned(), help }
    }

    fn is_shallow(&self) -> bool {
        self.run("rev-parse", ["--is-shallow-repository"]).is_ok_and(|output| said(&output.stdout) == "true")
    }

    /// Whether a commit is no part of what HEAD builds on. As far as can be told: where it cannot, it is taken for a part.
    pub fn has_moved_on(&self, commit: &Commit) -> bool {
        self.run("merge-base", ["--is-ancestor", &commit.0, "HEAD"]).is_ok_and(|output| output.status.code() == Some(1))
    }

    /// Hands over every sequence file of the workspace as it was at a commit. Links are followed as far as the workspace goes.
    /// Returns the submodules among them, of which this repository holds nothing.
    ///
    /// # Errors
    /// What keeps git from telling.
    pub fn sequence_files(&self, commit: &Commit, take: &mut Take<'_>) -> Result<Vec<FilePath>, GitError> {
        let mut tree = self.tree(commit, Some(SEQUENCES))?;
        let names: Vec<String> = tree.links.keys().cloned().collect();
        if !names.is_empty() {
            // They may lead to any place of the workspace.
            tree = self.tree(commit, None)?;
            self.follow_links(&mut tree, &names)?;
        }
        let is_sequence = |path: &FilePath| disk::belongs(path) && matches!(kind_of(path), FileKind::Sequence(_));
        let files: Vec<(FilePath, String)> = tree
            .files
            .into_iter()
            .map(|(path, object)| (FilePath::new(path), object))
            .filter(|(path, _)| is_sequence(path))
            .collect();
        let objects: Vec<&str> = files.iter().map(|(_, object)| object.as_str()).collect();
        self.blobs(&objects, &mut |number, content| take(files[number].0.clone(), content))?;
        let lies_there =
            |path: &String| path.strip_prefix(SEQUENCES).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        Ok(tree.submodules.into_iter().filter(lies_there).map(FilePath::new).collect())
    }

    /// The files of the index that a sparse checkout leaves out: they are neither gone nor here.
    ///
    /// # Errors
    /// What keeps git from telling.
    pub fn not_checked_out(&self) -> Result<BTreeSet<FilePath>, GitError> {
        let is_sparse = self.run("config", ["--type=bool", "core.sparseCheckout"])?;
        if said(&is_sparse.stdout) != "true" {
            return Ok(BTreeSet::new());
        }
        let output = self.run("ls-files", ["-t", "-z", "--", SEQUENCES])?;
        if !output.status.success() {
            return Err(self.refusal("ls-files", &output));
        }
        let entries = output.stdout.split(|byte| *byte == 0).filter_map(|entry| std::str::from_utf8(entry).ok());
        Ok(entries.filter_map(|entry| entry.strip_prefix("S ")).map(FilePath::new).collect())
    }

    fn tree(&self, commit: &Commit, folder: Option<&str>) -> Result<Tree, GitError> {
        let arguments = ["-r", "-z", &commit.0].into_iter().chain(folder);
        let output = self.run("ls-tree", arguments)?;
        if !output.status.success() {
            return Err(self.refusal("ls-tree", &output));
        }
        let mut tree = Tree::default();
        for entry in output.stdout.split(|byte| *byte == 0) {
            // A name that is not UTF-8 is none of a sequence.
            let Some((about, path)) = std::str::from_utf8(entry).ok().and_then(|entry| entry.split_once('\t')) else { continue };
            let mut about = about.split(' ');
            let (mode, object) = (about.next().unwrap_or_default(), about.nth(1).unwrap_or_default());
            match mode {
                "120000" => drop(tree.links.insert(path.to_owned(), object.to_owned())),
                "160000" => tree.submodules.push(path.to_owned()),
                _ => drop(tree.files.insert(path.to_owned(), object.to_owned())),
            }
        }
        Ok(tree)
    }

    /// Adds what these links lead to: a file, or the files of a folder.
    fn follow_links(&self, tree: &mut Tree, names: &[String]) -> Result<(), GitError> {
        let (links, objects): (Vec<&String>, Vec<&str>) = tree.links.iter().map(|(path, object)| (path, object.as_str())).unzip();
        let mut targets = BTreeMap::new();
        self.blobs(&objects, &mut |number, content| {
            if let Content::Bytes(bytes) = content {
                targets.insert(links[number].clone(), String::from_utf8_lossy(&bytes).into_owned());
            }
        })?;
        for name in names {
            let Some(real) = resolved(name, &targets) else { continue };
            let below = format!("{real}/");
            let found: Vec<(String, String)> = tree
                .files
                .range(real.clone()..)
                .take_while(|(path, _)| path.starts_with(&real))
                .filter_map(|(path, object)| {
                    let rest = if *path == real { "" } else { path.strip_prefix(&below)? };
                    let path = if rest.is_empty() { name.clone() } else { format!("{name}/{rest}") };
                    Some((path, object.clone()))
                })
                .collect();
            tree.files.extend(found);
        }
        Ok(())
    }

    /// Hands over the contents of objects, in their order, by one process.
    fn blobs(&self, objects: &[&str], take: &mut dyn FnMut(usize, Content)) -> Result<(), GitError> {
        if objects.is_empty() {
            return Ok(());
        }
        let mut git = self.git("cat-file", ["--batch"]);
        let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(unstartable)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let done = thread::scope(|scope| {
            // It answers while it is asked; who asked all first would wait for ever once both pipes are full.
            scope.spawn(move || {
                let mut input = io::BufWriter::new(input?);
                objects.iter().try_for_each(|object| writeln!(input, "{object}")).and_then(|()| input.flush()).ok()
            });
            let mut output = BufReader::with_capacity(1 << 16, output.ok_or_else(|| io::Error::other("it has no output"))?);
            let read = objects
                .iter()
                .enumerate()
                .try_for_each(|(number, object)| blob(&mut output, object).map(|content| take(number, content)));
            // Where reading ended early, it may not wait for a reader.
            drop(output);
            read
        });
        ended(child, done)
    }

    /// The folder of the work tree; `None` where no repository lies around the workspace, or none can be asked.
    pub fn top(&self) -> Option<PathBuf> {
        let output = self.run("rev-parse", ["--show-toplevel"]).ok().filter(|output| output.status.success())?;
        Some(PathBuf::from(said(&output.stdout)))
    }

    /// Whether git would leave a path out of what it tracks; `None` where no repository lies around it, or none can be asked.
    pub fn leaves_out(&self, path: &Path) -> Option<bool> {
        let output = self.run("check-ignore", [OsStr::new("--quiet"), OsStr::new("--"), path.as_os_str()]).ok()?;
        match output.status.code() {
            Some(0) => Some(true),
            Some(1) => Some(false),
            Some(_) | None => None,
        }
    }

    /// A subcommand of git, in the workspace's folder, to be answered in English and without a pager, a lock or a question.
    fn git<I: AsRef<OsStr>>(&self, what: &'static str, arguments: impl IntoIterator<Item = I>) -> Command {
        let mut git = Command::new("git");
        git.arg("--no-pager").arg("-C").arg(&self.folder).arg(what).args(arguments);
        for name in OF_ANOTHER_REPOSITORY {
            git.env_remove(name);
        }
        git.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
        git
    }

    fn run<I: AsRef<OsStr>>(&self, what: &'static str, arguments: impl IntoIterator<Item = I>) -> Result<Output, GitError> {
        self.git(what, arguments).output().map_err(unstartable)
    }

    /// Why git says no, as far as its words are known.
    fn refusal(&self, what: &'static str, output: &Output) -> GitError {
        let said = said(&output.stderr);
        if said.contains("not a git repository") {
            return GitError::NoRepository(self.folder.clone());
        }
        if said.contains("dubious ownership") {
            // It names the top of the repository, which is what must be trusted.
            let top = said.split('\'').nth(1).map_or_else(|| self.folder.clone(), PathBuf::from);
            return GitError::NotTrusted(top);
        }
        let first = said.lines().next().unwrap_or_default();
        GitError::Refused { what, said: first.trim_start_matches("fatal: ").to_owned() }
    }
}

/// What a commit holds, by path relative to the workspace.
#[derive(Debug, Default)]
struct Tree {
    files: BTreeMap<String, String>,
    links: BTreeMap<String, String>,
    submodules: Vec<String>,
}

/// Where a path leads once its links are followed; `None` for what leaves the workspace and for what leads on too long.
fn resolved(path: &str, targets: &BTreeMap<String, String>) -> Option<String> {
    let mut path = path.to_owned();
    for _ in 0..=MAX_LINKS {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let Some((end, target)) = ends.into_iter().find_map(|end| Some((end, targets.get(&path[..end])?))) else {
            return Some(path);
        };
        let folder = path[..end].rsplit_once('/').map_or("", |(folder, _)| folder);
        path = joined(folder, &format!("{target}{}", &path[end..]))?;
    }
    None
}

/// A path counted from a folder, without `.` and `..`; `None` for one that leads out.
fn joined(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// One answer of `cat-file --batch`: a line that says what comes, the bytes, a line end.
fn blob(output: &mut impl BufRead, object: &str) -> Result<Content, GitError> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    let size: u64 =
        line.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(|| match line.is_empty() {
            true => GitError::Io(io::ErrorKind::UnexpectedEof.into()),
            false => GitError::NoObject(object.to_owned()),
        })?;
    let mut rest = output.take(size + 1);
    if size > MAX_FILE_BYTES as u64 {
        io::copy(&mut rest, &mut io::sink())?;
        return Ok(Content::TooLarge { bytes: size });
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    rest.read_to_end(&mut bytes)?;
    if bytes.len() as u64 != size + 1 {
        return Err(GitError::Io(io::ErrorKind::UnexpectedEof.into()));
    }
    bytes.pop();
    Ok(Content::Bytes(bytes))
}

/// Waits for a process whose pipes are closed. Why reading ended comes before how it ended.
fn ended(mut child: Child, done: Result<(), GitError>) -> Result<(), GitError> {
    let status = child.wait()?;
    done?;
    if status.success() {
        return Ok(());
    }
    Err(GitError::Refused { what: "cat-file", said: format!("it ended with {status}") })
}

fn unstartable(error: io::Error) -> GitError {
    if error.kind() == io::ErrorKind::NotFound { GitError::NoGit } else { GitError::Io(error) }
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_within_the_workspace_and_not_for_ever() {
        let targets = [("sequences/a.yaml", "../shared/a.yaml"), ("shared", "stock/now"), ("x", "y"), ("y", "x"), ("z", "/etc")];
        let targets: BTreeMap<String, String> = targets.map(|(path, target)| (path.to_owned(), target.to_owned())).into();
        assert_eq!(resolved("sequences/a.yaml", &targets).as_deref(), Some("stock/now/a.yaml"));
        assert_eq!(resolved("sequences/b.yaml", &targets).as_deref(), Some("sequences/b.yaml"));
        assert_eq!(resolved("x", &targets), None);
        assert_eq!(resolved("z/passwd", &targets), None);
        assert_eq!(joined("sequences", "../../a"), None);
    }

    #[test]
    fn what_git_hands_over_is_a_content() {
        let large = MAX_FILE_BYTES + 1;
        let mut answer = b"1a blob 3\na\nb\n1b blob 0\n\n".to_vec();
        answer.extend(format!("1c blob {large}\n").into_bytes());
        answer.resize(answer.len() + large, b'x');
        answer.extend(b"\n1d missing\n1e blob 5\nab");
        let mut answer = answer.as_slice();
        assert_eq!(blob(&mut answer, "1a").expect("it is there"), Content::Bytes(b"a\nb".to_vec()));
        assert_eq!(blob(&mut answer, "1b").expect("it is there"), Content::Bytes(Vec::new()));
        assert_eq!(blob(&mut answer, "1c").expect("it is there"), Content::TooLarge { bytes: large as u64 });
        assert!(matches!(blob(&mut answer, "1d"), Err(GitError::NoObject(object)) if object == "1d"));
        assert!(matches!(blob(&mut answer, "1e"), Err(GitError::Io(_))), "it ended in the middle");
    }

    #[test]
    fn what_can_be_no_revision_does_not_reach_git() {
        let repository = Repository::around(Path::new("/nowhere"));
        for text in ["", " ", "-p", "--all", "...main", "a..b", "main...other", "a\nb"] {
            assert!(matches!(repository.commit(text), Err(GitError::NoRevision { .. })), "{text:?}");
        }
    }
}
