//! Lists what matters to a workspace: the settings, and everything in `sequences` and `scripts`.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::text::FilePath;

use super::read::{is_gone, plain};
use super::{Root, Signature};

/// The files at the root that matter. The second is a misspelling that somebody must be told of.
const SETTINGS: [&str; 2] = ["segue.yaml", "segue.yml"];

/// The folders at the root that matter.
const FOLDERS: [&str; 2] = ["scripts", "sequences"];

/// How many links to folders may follow each other on the way to a file. Folders that link to each other could
/// otherwise be listed in more ways than anybody can wait for.
const MAX_LINKS: usize = 4;

/// How many bytes a name may have: as many as every system opens. Folders that link to each other could otherwise lie deeper in
/// each other than anybody can go down.
const MAX_NAME: usize = 1_024;

/// All that was found in a workspace, or in one folder of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Everything that is no folder, sorted. Whether it can be read shows when it is.
    pub files: Vec<FilePath>,
    /// The folders, each before those in it; the root, with an empty name, if it was asked for.
    pub folders: Vec<Folder>,
    /// The links among the files and folders, and those that lead to nothing.
    pub links: Vec<Link>,
    /// What was not listed, and why.
    pub troubles: Vec<Trouble>,
}

/// A folder of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its name in the workspace; empty for the root.
    pub name: FilePath,
    /// Where it really is: absolute, links followed, inside the root.
    pub path: PathBuf,
}

/// A name that is a link to another place in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its name in the workspace.
    pub name: FilePath,
    /// Where it leads in the end: absolute, inside the root. If it leads to nothing, the first name on the way that is missing.
    pub target: PathBuf,
}

/// Something in the workspace that cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// Its name in the workspace. Where the name is not UTF-8, as near as can be shown.
    pub path: FilePath,
    /// Why.
    pub reason: TroubleReason,
}

/// Why something in the workspace cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleReason {
    /// The system does not let us list the folder; says why.
    Unreadable(String),
    /// A file stands where a folder should.
    NotAFolder,
    /// A folder is called like a sequence.
    LikeAFile,
    /// The name is not UTF-8.
    NotUtf8,
    /// A link to a place outside the workspace, which is not read.
    Leaves(PathBuf),
    /// A link to nothing.
    Dangling,
    /// A link that leads back to a folder it lies in, or to itself.
    Loop,
    /// More links to folders on the way than we follow.
    TooManyLinks,
}

impl TroubleReason {
    /// Whether a link is the trouble: another thing than itself may end it.
    pub fn is_of_a_link(&self) -> bool {
        match self {
            Self::Leaves(_) | Self::Dangling | Self::Loop | Self::TooManyLinks => true,
            Self::Unreadable(_) | Self::NotAFolder | Self::LikeAFile | Self::NotUtf8 => false,
        }
    }
}

impl fmt::Display for TroubleReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(formatter, "cannot be listed: {reason}"),
            Self::NotAFolder => formatter.write_str("is not a folder"),
            Self::LikeAFile => formatter.write_str("is a folder that is called like a file"),
            Self::NotUtf8 => formatter.write_str("has a name that is not UTF-8"),
            Self::Leaves(target) => write!(formatter, "is a link out of the workspace, to {}", target.display()),
            Self::Dangling => formatter.write_str("is a link to nothing"),
            Self::Loop => formatter.write_str("is a link that leads back to itself"),
            Self::TooManyLinks => write!(formatter, "lies behind more than {MAX_LINKS} links"),
        }
    }
}

/// What a name in the workspace stands for at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing, or nothing that matters to a workspace.
    Gone,
    /// A file, or what must be looked at like one.
    File(Signature),
    /// A folder.
    Folder,
    /// A thing we do not look at.
    Trouble(TroubleReason),
}

/// Lists the whole workspace.
pub fn list(root: &Root) -> Listing {
    list_folder(root, &FilePath::new(""), &mut |_| ())
}

/// Lists one folder with all below it; the whole workspace for an empty name.
///
/// `enter` hears of each folder before anything in it is listed, so that who starts to watch there misses nothing.
pub fn list_folder(root: &Root, name: &FilePath, enter: &mut dyn FnMut(&Folder)) -> Listing {
    let mut walk = Walk { root, enter, crossed: Vec::new(), listing: Listing::default() };
    if name.as_str().is_empty() {
        walk.top()
    } else {
        walk.below(name)
    }
    let mut listing = walk.listing;
    listing.files.sort_unstable();
    listing.troubles.sort_unstable();
    listing
}

/// Looks at one name of the workspace; a link counts as what it leads to, which is told beside it.
pub fn probe(root: &Root, name: &FilePath) -> (Entry, Option<Link>) {
    if name.as_str().is_empty() {
        let entry = if root.path().is_dir() { Entry::Folder } else { Entry::Gone };
        return (entry, None);
    }
    if !belongs(name) {
        return (Entry::Gone, None);
    }
    let path = root.path_of(name);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_symlink() => match follow(root, &path) {
            Ok((target, found)) => (entry_of(name, &found), Some(Link { name: name.clone(), target })),
            Err(reason) => {
                let target = break_of(root, &path, &reason);
                (Entry::Trouble(reason), target.map(|target| Link { name: name.clone(), target }))
            }
        },
        Ok(found) => (entry_of(name, &found), None),
        Err(error) if is_gone(&error) => (Entry::Gone, None),
        Err(error) => (Entry::Trouble(TroubleReason::Unreadable(plain(&error))), None),
    }
}

fn entry_of(name: &FilePath, found: &Metadata) -> Entry {
    match found.is_dir() {
        _ if SETTINGS.contains(&name.as_str()) => Entry::File(Signature::of(found)),
        true => Entry::Folder,
        false if FOLDERS.contains(&name.as_str()) => Entry::Trouble(TroubleReason::NotAFolder),
        false => Entry::File(Signature::of(found)),
    }
}

/// Which folder a path leads to: not the same once it was removed and made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    numbers: (u64, u64),
    born: Option<SystemTime>,
}

/// The identity of the folder that a path leads to; `None` where there is none.
pub fn identity(folder: &Path) -> Option<Identity> {
    let found = fs::metadata(folder).ok().filter(Metadata::is_dir)?;
    #[cfg(unix)]
    let numbers = {
        use std::os::unix::fs::MetadataExt;

        (found.dev(), found.ino())
    };
    #[cfg(not(unix))]
    let numbers = (0, 0);
    // Numbers are given again at once, birthdays are not; some file systems have none.
    Some(Identity { numbers, born: found.created().ok() })
}

/// Whether a name is one that a listing of the workspace could show.
pub fn belongs(name: &FilePath) -> bool {
    let mut parts = name.as_str().split('/');
    let top = parts.next().unwrap_or_default();
    SETTINGS.contains(&name.as_str()) || FOLDERS.contains(&top) && !parts.any(|part| is_temporary(OsStr::new(part)))
}

/// Whether a file or folder of this name is hidden, or something that editors make and take away.
pub fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".")
        || name.ends_with(b"~")
        || name.len() > 1 && name.starts_with(b"#") && name.ends_with(b"#")
        || name.ends_with(b"___jb_tmp___")
        || name.ends_with(b"___jb_old___")
}

/// One walk over a workspace.
struct Walk<'a> {
    root: &'a Root,
    enter: &'a mut dyn FnMut(&Folder),
    /// The real folders in which the links lie that led to the present folder.
    crossed: Vec<PathBuf>,
    listing: Listing,
}

impl Walk<'_> {
    fn top(&mut self) {
        self.listing.folders.push(Folder { name: FilePath::new(""), path: self.root.path().to_owned() });
        (self.enter)(&self.listing.folders[0]);
        for name in SETTINGS.into_iter().chain(FOLDERS) {
            self.named(self.root.path(), FilePath::new(name));
        }
    }

    /// Goes down to a folder, over the links on the way, and lists it.
    fn below(&mut self, name: &FilePath) {
        let mut place = self.root.path().to_owned();
        for part in Path::new(name.folder()) {
            let next = place.join(part);
            match fs::symlink_metadata(&next) {
                Ok(found) if !found.is_symlink() => place = next,
                Ok(_) => match follow(self.root, &next) {
                    Ok((target, _)) => self.crossed.push(std::mem::replace(&mut place, target)),
                    Err(_) => return,
                },
                Err(_) => return,
            }
        }
        self.named(&place, name.clone());
    }

    /// Lists what may stand under a name in a folder.
    fn named(&mut self, folder: &Path, name: FilePath) {
        let path = folder.join(name.file_name());
        match fs::symlink_metadata(&path) {
            Ok(found) => self.entry(folder, name, found.file_type()),
            Err(error) if is_gone(&error) => (),
            Err(error) => self.trouble(name, TroubleReason::Unreadable(plain(&error))),
        }
    }

    fn entry(&mut self, folder: &Path, name: FilePath, kind: FileType) {
        if kind.is_symlink() {
            self.link(folder, name);
        } else if kind.is_dir() && !SETTINGS.contains(&name.as_str()) {
            let path = folder.join(name.file_name());
            self.folder(name, path);
        } else {
            self.file(name);
        }
    }

    fn file(&mut self, name: FilePath) {
        if FOLDERS.contains(&name.as_str()) {
            self.trouble(name, TroubleReason::NotAFolder);
        } else {
            self.listing.files.push(name);
        }
    }

    fn link(&mut self, folder: &Path, name: FilePath) {
        let path = folder.join(name.file_name());
        let (target, found) = match follow(self.root, &path) {
            Ok(found) => found,
            Err(reason) => {
                let target = break_of(self.root, &path, &reason);
                self.listing.links.extend(target.map(|target| Link { name: name.clone(), target }));
                return self.trouble(name, reason);
            }
        };
        if !found.is_dir() || SETTINGS.contains(&name.as_str()) {
            self.listing.links.push(Link { name: name.clone(), target });
            return self.file(name);
        }
        let leads_back = self.crossed.iter().map(PathBuf::as_path).chain([folder]).any(|place| place.starts_with(&target));
        if leads_back {
            return self.trouble(name, TroubleReason::Loop);
        }
        if self.crossed.len() == MAX_LINKS {
            return self.trouble(name, TroubleReason::TooManyLinks);
        }
        self.listing.links.push(Link { name: name.clone(), target: target.clone() });
        self.crossed.push(folder.to_owned());
        self.folder(name, target);
        self.crossed.pop();
    }

    fn folder(&mut self, name: FilePath, path: PathBuf) {
        if name.as_str().len() > MAX_NAME {
            return self.trouble(name, TroubleReason::Unreadable(format!("its name has more than {MAX_NAME} bytes")));
        }
        let folder = Folder { name, path };
        (self.enter)(&folder);
        match self.children(&folder) {
            Ok(children) => {
                self.listing.folders.push(folder.clone());
                if is_called_like_a_sequence(&folder.name) {
                    self.trouble(folder.name.clone(), TroubleReason::LikeAFile);
                }
                // Only now, so that one folder at a time is open however deep they lie in each other.
                children.into_iter().for_each(|(name, kind)| self.entry(&folder.path, name, kind));
            }
            Err(error) if is_gone(&error) => (),
            Err(error) => self.trouble(folder.name, TroubleReason::Unreadable(plain(&error))),
        }
    }

    /// Takes in the plain files of a folder and returns the other things in it.
    fn children(&mut self, folder: &Folder) -> io::Result<Vec<(FilePath, FileType)>> {
        let mut name = format!("{}/", folder.name);
        let start = name.len();
        let mut others = Vec::new();
        for entry in fs::read_dir(&folder.path)? {
            let entry = entry?;
            let child = entry.file_name();
            if is_temporary(&child) {
                continue;
            }
            name.truncate(start);
            name.push_str(&child.to_string_lossy());
            let name = FilePath::new(name.as_str());
            match entry.file_type() {
                _ if child.to_str().is_none() => self.trouble(name, TroubleReason::NotUtf8),
                Ok(kind) if kind.is_dir() || kind.is_symlink() => others.push((name, kind)),
                Ok(_) => self.listing.files.push(name),
                Err(error) if is_gone(&error) => (),
                Err(error) => self.trouble(name, TroubleReason::Unreadable(plain(&error))),
            }
        }
        Ok(others)
    }

    fn trouble(&mut self, path: FilePath, reason: TroubleReason) {
        self.listing.troubles.push(Trouble { path, reason });
    }
}

fn is_called_like_a_sequence(folder: &FilePath) -> bool {
    let name = folder.file_name().to_ascii_lowercase();
    folder.as_str().starts_with("sequences/") && (name.ends_with(".yaml") || name.ends_with(".yml"))
}

/// Where a link leads in the end, and what is there.
fn follow(root: &Root, link: &Path) -> Result<(PathBuf, Metadata), TroubleReason> {
    let reason = |error: io::Error| match error.kind() {
        _ if is_gone(&error) => TroubleReason::Dangling,
        _ if is_loop(&error) => TroubleReason::Loop,
        _ => TroubleReason::Unreadable(plain(&error)),
    };
    let target = fs::canonicalize(link).map_err(reason)?;
    if !target.starts_with(root.path()) {
        return Err(TroubleReason::Leaves(target));
    }
    let found = fs::metadata(&target).map_err(reason)?;
    Ok((target, found))
}

/// The first name that is missing on the way of a link to nothing, if that way stays in the workspace.
fn break_of(root: &Root, link: &Path, reason: &TroubleReason) -> Option<PathBuf> {
    if *reason != TroubleReason::Dangling {
        return None;
    }
    let mut place = PathBuf::new();
    let mut way: Vec<OsString> = parts(link);
    // Every link on the way is replaced by what it says; the system follows forty of them at most.
    let mut links = 40;
    while let Some(part) = way.pop() {
        if part == ".." {
            place.pop();
            continue;
        }
        let next = place.join(&part);
        match fs::symlink_metadata(&next) {
            Ok(found) if found.is_symlink() && links > 0 => {
                links -= 1;
                // An absolute one replaces the place as soon as it is joined.
                way.extend(parts(&fs::read_link(&next).ok()?));
            }
            Ok(_) => place = next,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return next.starts_with(root.path()).then_some(next),
            Err(_) => return place.starts_with(root.path()).then_some(place),
        }
    }
    None
}

/// The parts of a path, the first last.
fn parts(path: &Path) -> Vec<OsString> {
    let parts: Vec<OsString> = path.components().map(|part| part.as_os_str().to_owned()).collect();
    parts.into_iter().rev().collect()
}

#[cfg(unix)]
fn is_loop(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_loop(_: &io::Error) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    struct Place {
        _top: tempfile::TempDir,
        root: Root,
    }

    impl Place {
        fn with(files: &[&str]) -> Self {
            let top = tempfile::tempdir().expect("a folder");
            fs::create_dir(top.path().join("w")).expect("a folder");
            let root = Root::at(&top.path().join("w")).expect("a root");
            for file in files {
                let path = root.path().join(file);
                fs::create_dir_all(path.parent().expect("it has one")).expect("folders");
                fs::write(path, "x").expect("written");
            }
            Self { _top: top, root }
        }

        fn link(&self, name: &str, target: &str) {
            symlink(target, self.root.path().join(name)).expect("linked");
        }

        fn files(&self) -> Vec<String> {
            list(&self.root).files.iter().map(FilePath::to_string).collect()
        }

        fn troubles(&self) -> Vec<(String, TroubleReason)> {
            list(&self.root).troubles.into_iter().map(|trouble| (trouble.path.to_string(), trouble.reason)).collect()
        }
    }

    #[test]
    fn what_matters_is_listed_sorted_and_nothing_else() {
        let place = Place::with(&[
            "segue.yaml",
            "segue.yml",
            "README.md",
            "sequences/b.yaml",
            "sequences/a-b.yaml",
            "sequences/a/c.yaml",
            "sequences/notes.txt",
            "scripts/lib/x.rhai",
            "other/d.yaml",
            "sequences/.hidden.yaml",
            "sequences/.git/e.yaml",
            "sequences/b.yaml~",
            "sequences/#b.yaml#",
            "sequences/b.yaml___jb_tmp___",
            "sequences/b.yaml___jb_old___",
        ]);
        let expected = [
            "scripts/lib/x.rhai",
            "segue.yaml",
            "segue.yml",
            "sequences/a-b.yaml",
            "sequences/a/c.yaml",
            "sequences/b.yaml",
            "sequences/notes.txt",
        ];
        assert_eq!(place.files(), expected);
        let folders: Vec<String> = list(&place.root).folders.iter().map(|folder| folder.name.to_string()).collect();
        assert_eq!(folders, ["", "scripts", "scripts/lib", "sequences", "sequences/a"]);
        assert!(place.troubles().is_empty());
    }

    #[test]
    fn an_empty_workspace_lists_nothing() {
        let place = Place::with(&[]);
        assert!(place.files().is_empty());
        assert_eq!(list(&place.root).folders.len(), 1);
    }

    #[test]
    fn one_folder_lists_as_it_does_within_the_whole() {
        let place = Place::with(&["sequences/a/b/c.yaml", "sequences/a/d.yaml", "sequences/ab.yaml", "shared/e.yaml"]);
        place.link("sequences/a/s", "../../shared");
        place.link("shared/back", "../sequences/a");
        let all = list(&place.root);
        let mut entered = Vec::new();
        let part = list_folder(&place.root, &FilePath::new("sequences/a"), &mut |folder| entered.push(folder.name.to_string()));
        assert_eq!(entered, ["sequences/a", "sequences/a/b", "sequences/a/s"].map(String::from).to_vec());
        let below: Vec<FilePath> = all.files.into_iter().filter(|file| file.as_str().starts_with("sequences/a/")).collect();
        assert_eq!(part.files, below);
        assert_eq!(part.troubles, all.troubles);
        let deeper = list_folder(&place.root, &FilePath::new("sequences/a/s"), &mut |_| ());
        assert_eq!(deeper.troubles, all.troubles, "the way there counts");
    }

    #[test]
    fn links_are_followed_inside_the_workspace_and_reported_elsewhere() {
        let place = Place::with(&["sequences/a.yaml", "shared/team/b.yaml"]);
        fs::write(place.root.path().join("../secret"), "x").expect("written");
        place.link("sequences/c.yaml", "a.yaml");
        place.link("sequences/team", "../shared/team");
        place.link("sequences/out.yaml", "../../secret");
        place.link("sequences/up", "..");
        place.link("sequences/self", "self");
        place.link("sequences/nothing.yaml", "absent");
        assert_eq!(place.files(), ["sequences/a.yaml", "sequences/c.yaml", "sequences/team/b.yaml"]);
        let secret = fs::canonicalize(place.root.path().join("../secret")).expect("it is there");
        let expected = [
            ("sequences/nothing.yaml", TroubleReason::Dangling),
            ("sequences/out.yaml", TroubleReason::Leaves(secret)),
            ("sequences/self", TroubleReason::Loop),
            ("sequences/up", TroubleReason::Loop),
        ];
        assert_eq!(place.troubles(), expected.map(|(path, reason)| (path.to_string(), reason)));
        let links: Vec<(String, PathBuf)> =
            list(&place.root).links.into_iter().map(|link| (link.name.to_string(), link.target)).collect();
        let targets = ["sequences/a.yaml", "sequences/absent", "shared/team"].map(|name| place.root.path().join(name));
        let names = ["sequences/c.yaml", "sequences/nothing.yaml", "sequences/team"].map(String::from);
        assert!(names.into_iter().zip(targets).all(|link| links.contains(&link)) && links.len() == 3, "{links:?}");
    }

    #[test]
    fn a_link_to_nothing_tells_where_its_way_breaks_off() {
        let place = Place::with(&["sequences/a.yaml", "shared/b/c.yaml"]);
        place.link("sequences/by", "../shared");
        place.link("sequences/x.yaml", "by/./b/../gone/deep/x.yaml");
        place.link("sequences/y.yaml", "a.yaml/y.yaml");
        place.link("sequences/z.yaml", "../../elsewhere");
        place.link("sequences/w.yaml", place.root.path().join("sequences/x.yaml").to_str().expect("text"));
        let target = |name: &str| {
            let target = probe(&place.root, &FilePath::new(name)).1?.target;
            Some(target.strip_prefix(place.root.path()).expect("inside").to_owned())
        };
        assert_eq!(target("sequences/x.yaml"), Some("shared/gone".into()));
        assert_eq!(target("sequences/w.yaml"), Some("shared/gone".into()));
        assert_eq!(target("sequences/y.yaml"), Some("sequences/a.yaml".into()));
        assert_eq!(target("sequences/z.yaml"), None);
    }

    #[test]
    fn folders_that_link_to_each_other_come_to_an_end() {
        let names: Vec<String> = (0..8).map(|number| format!("sequences/d{number}/x.yaml")).collect();
        let place = Place::with(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for (from, to) in (0..8).flat_map(|from| (0..8).map(move |to| (from, to))) {
            place.link(&format!("sequences/d{from}/to{to}"), &format!("../d{to}"));
        }
        let listing = list(&place.root);
        assert_eq!(listing.files.len(), 8 * (1 + 7 + 7 * 6 + 7 * 6 * 5 + 7 * 6 * 5 * 4));
        assert!(listing.troubles.iter().any(|trouble| trouble.reason == TroubleReason::TooManyLinks));
        assert!(listing.troubles.iter().any(|trouble| trouble.reason == TroubleReason::Loop));
    }

    #[test]
    fn nobody_goes_down_deeper_than_a_name_can_say() {
        let deep = |top: &str| format!("sequences/{top}{}/x.yaml", "/a".repeat(400));
        let tops = ["d0", "d1", "d2", "d3", "d4"];
        let place = Place::with(&tops.map(deep).each_ref().map(String::as_str));
        for (from, to) in tops.iter().zip(&tops[1..]) {
            let to = place.root.path().join("sequences").join(to);
            place.link(&deep(from).replace("x.yaml", "on"), to.to_str().expect("text"));
        }
        let listing = list(&place.root);
        assert!(
            listing.files.contains(&FilePath::new(deep("d0"))) && listing.files.iter().all(|file| file.as_str().len() < 1_100)
        );
        let is_long =
            |trouble: &Trouble| trouble.reason == TroubleReason::Unreadable("its name has more than 1024 bytes".to_owned());
        assert_eq!(listing.troubles.iter().filter(|trouble| is_long(trouble)).count(), 4);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_a_trouble() {
        let place = Place::with(&["sequences/a.yaml"]);
        let name = OsStr::from_bytes(b"b\xff.yaml");
        if fs::write(place.root.path().join("sequences").join(name), "x").is_ok() {
            assert_eq!(place.troubles(), [("sequences/b\u{fffd}.yaml".to_string(), TroubleReason::NotUtf8)]);
        }
        assert_eq!(place.files(), ["sequences/a.yaml"]);
    }

    #[test]
    fn a_folder_without_permission_is_a_trouble() {
        let place = Place::with(&["sequences/a/b.yaml"]);
        let folder = place.root.path().join("sequences/a");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).expect("changed");
        // For the superuser every folder is readable.
        if fs::read_dir(&folder).is_err() {
            let reason = TroubleReason::Unreadable("permission denied".to_string());
            assert_eq!(place.troubles(), [("sequences/a".to_string(), reason)]);
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("changed");
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_a_trouble_and_a_folder_in_the_place_of_settings_a_file() {
        let place = Place::with(&["sequences", "segue.yaml/x"]);
        assert_eq!(place.files(), ["segue.yaml"]);
        assert_eq!(place.troubles(), [("sequences".to_string(), TroubleReason::NotAFolder)]);
        assert_eq!(probe(&place.root, &FilePath::new("sequences")).0, Entry::Trouble(TroubleReason::NotAFolder));
        assert!(matches!(probe(&place.root, &FilePath::new("segue.yaml")).0, Entry::File(_)));
    }

    #[test]
    fn a_probe_agrees_with_the_listing() {
        let place = Place::with(&["sequences/a.yaml", "sequences/.b.yaml", "README.md"]);
        place.link("sequences/c.yaml", "a.yaml");
        let entry = |name: &str| probe(&place.root, &FilePath::new(name)).0;
        assert!(matches!(entry("sequences/a.yaml"), Entry::File(_)));
        assert!(matches!(entry("sequences/c.yaml"), Entry::File(_)));
        assert_eq!(entry("sequences"), Entry::Folder);
        for name in ["sequences/.b.yaml", "README.md", "sequences/absent", "sequences/a.yaml/x"] {
            assert_eq!(entry(name), Entry::Gone, "{name}");
        }
    }
}
