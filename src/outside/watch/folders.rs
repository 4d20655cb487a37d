//! Which folders are watched, under which names the workspace knows them, and where its links lead.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::outside::disk::{Folder, Identity, Link, Root, identity};
use crate::text::FilePath;

use super::ears::Ears;
use super::hints::Shared;

/// The folders of the workspace. By way of links one real folder can have several names; it is watched once.
pub(super) struct Folders {
    pub ears: Ears,
    root: Root,
    shared: Arc<Shared>,
    real: BTreeMap<PathBuf, Watched>,
    names: BTreeMap<FilePath, PathBuf>,
    links: BTreeMap<FilePath, PathBuf>,
    targets: BTreeMap<PathBuf, BTreeSet<FilePath>>,
}

/// A real folder.
#[derive(Default)]
struct Watched {
    /// Its names in the workspace; none where it is only watched because a link leads into it.
    names: BTreeSet<FilePath>,
    /// Which folder it was when it was last entered.
    identity: Option<Identity>,
    heard: bool,
}

impl Folders {
    pub fn new(root: Root, ears: Ears, shared: Arc<Shared>) -> Self {
        let (real, names, links, targets) = Default::default();
        Self { ears, root, shared, real, names, links, targets }
    }

    /// The names that a path may have in the workspace, and those that hang on it by a link.
    pub fn names_at(&self, path: &Path) -> Vec<FilePath> {
        let itself = self.real.get(path).into_iter().flat_map(|watched| &watched.names).cloned();
        let linked = self.targets.get(path).into_iter().flatten().cloned();
        let mut names: Vec<FilePath> = itself.chain(linked).collect();
        if let (Some(folder), Some(name)) = (path.parent().and_then(|folder| self.real.get(folder)), path.file_name()) {
            // A name that is not UTF-8 has no place in the workspace: its folder is listed again, which reports it.
            let name_in = |folder: &FilePath| name.to_str().map_or_else(|| folder.clone(), |name| within(folder, name));
            names.extend(folder.names.iter().map(name_in));
        }
        names
    }

    /// Takes the watches at a path and below away, as something may have happened to the folders themselves. Returns all
    /// names that must be looked at for the watches to come back.
    pub fn doubt(&mut self, path: &Path) -> Vec<FilePath> {
        let mut names = Vec::new();
        let below = (Bound::Included(path), Bound::Unbounded);
        for (real, watched) in self.real.range_mut::<Path, _>(below).take_while(|(real, _)| real.starts_with(path)) {
            watched.deafen(real, &mut self.ears);
            names.extend(watched.names.iter().cloned());
        }
        let targets = self.targets.range::<Path, _>(below).take_while(|(target, _)| target.starts_with(path));
        names.extend(targets.flat_map(|(_, links)| links.iter().cloned()));
        names
    }

    /// Takes the watches of folders away that are no longer the ones they were.
    pub fn verify(&mut self, folder: &FilePath) {
        for (_, real) in below(&self.names, folder) {
            if let Some(watched) = self.real.get_mut(real)
                && watched.heard
                && watched.identity != identity(real)
            {
                watched.deafen(real, &mut self.ears);
            }
        }
    }

    /// Notes a folder and watches it. To be called before it is listed.
    pub fn enter(&mut self, folder: &Folder) {
        if self.names.get(&folder.name).is_some_and(|real| *real != folder.path) {
            self.leave(&folder.name);
        }
        self.names.insert(folder.name.clone(), folder.path.clone());
        self.watch(&folder.path).names.insert(folder.name.clone());
    }

    fn watch(&mut self, real: &Path) -> &mut Watched {
        let watched = self.real.entry(real.to_owned()).or_default();
        let identity = identity(real);
        if watched.identity != identity {
            watched.deafen(real, &mut self.ears);
        }
        if !watched.heard {
            watched.identity = identity;
            watched.heard = self.ears.listen(real);
        }
        watched
    }

    /// Notes a link, and watches the folders that it leads into.
    pub fn link(&mut self, link: &Link) {
        if self.links.get(&link.name) != Some(&link.target) {
            self.unlink(&link.name);
            self.links.insert(link.name.clone(), link.target.clone());
            self.targets.entry(link.target.clone()).or_default().insert(link.name.clone());
            self.tell_targets();
        }
        let root = self.root.clone();
        for folder in link.target.ancestors().skip(1).take_while(|folder| folder.starts_with(root.path())) {
            self.watch(folder);
        }
    }

    /// Notes that a name is no link.
    pub fn unlink(&mut self, name: &FilePath) {
        let Some(target) = self.links.remove(name) else { return };
        if let Some(links) = self.targets.get_mut(&target) {
            links.remove(name);
            if links.is_empty() {
                self.targets.remove(&target);
            }
        }
        self.tell_targets();
    }

    /// The links at a name and below.
    pub fn links(&self, name: &FilePath) -> Vec<FilePath> {
        below(&self.links, name).map(|(name, _)| name.clone()).collect()
    }

    /// The folders at a name and below.
    pub fn names(&self, name: &FilePath) -> Vec<FilePath> {
        below(&self.names, name).map(|(name, _)| name.clone()).collect()
    }

    /// Notes that a name is no folder.
    pub fn leave(&mut self, name: &FilePath) {
        let Some(real) = self.names.remove(name) else { return };
        let Some(watched) = self.real.get_mut(&real) else { return };
        watched.names.remove(name);
        let is_linked_into = self.targets.keys().any(|target| target.starts_with(&real));
        if watched.names.is_empty() && !is_linked_into {
            watched.deafen(&real, &mut self.ears);
            self.real.remove(&real);
        }
    }

    fn tell_targets(&self) {
        self.shared.set_targets(self.targets.keys().cloned().collect());
    }
}

impl Watched {
    fn deafen(&mut self, real: &Path, ears: &mut Ears) {
        if std::mem::take(&mut self.heard) {
            ears.ignore(real);
        }
    }
}

/// The entries of a map at a name and below it; all for the empty name.
pub(super) fn below<'a, T>(
    map: &'a BTreeMap<FilePath, T>,
    name: &'a FilePath,
) -> impl Iterator<Item = (&'a FilePath, &'a T)> + use<'a, T> {
    let start = if name.as_str().is_empty() { FilePath::new("") } else { FilePath::new(format!("{name}/")) };
    let itself = (!name.as_str().is_empty()).then(|| map.get_key_value(name)).flatten();
    let end = start.clone();
    itself.into_iter().chain(map.range(start..).take_while(move |(key, _)| key.as_str().starts_with(end.as_str())))
}

/// Whether a name is that of a folder or lies below it.
pub(super) fn lies_in(name: &FilePath, folder: &FilePath) -> bool {
    let rest = name.as_str().strip_prefix(folder.as_str());
    folder.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn within(folder: &FilePath, name: &str) -> FilePath {
    if folder.as_str().is_empty() { FilePath::new(name) } else { FilePath::new(format!("{folder}/{name}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_name_is_itself_and_what_is_in_it() {
        let names = ["", "a", "a-b", "a/b", "a/b/c", "ab", "b"].map(FilePath::new);
        let map: BTreeMap<FilePath, ()> = names.iter().map(|name| (name.clone(), ())).collect();
        let found: Vec<&str> = below(&map, &names[1]).map(|(name, _)| name.as_str()).collect();
        assert_eq!(found, ["a", "a/b", "a/b/c"]);
        assert_eq!(below(&map, &names[0]).count(), 7);
        let lying: Vec<&str> = names.iter().filter(|name| lies_in(name, &names[1])).map(FilePath::as_str).collect();
        assert_eq!(lying, ["a", "a/b", "a/b/c"]);
        assert!(names.iter().all(|name| lies_in(name, &names[0])));
    }
}
