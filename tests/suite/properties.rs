//! What holds for every text, and not only for those that somebody thought of.
//!
//! Made-up files, mutations of the samples, and files that mean what is known beforehand. The same cases every time, so that
//! nobody's change fails by chance; `PROPTEST_CASES=10000 cargo test --test suite properties` tries others, and as many.
//! A text that breaks a property belongs into `tests/cases/check`, where it stays.

mod chance;
mod differences;
mod edits;
mod expressions;
mod formatting;
pub mod invariants;
mod large;
mod mending;
mod offsets;
mod reading;
mod recovery;
mod schema;
mod spans;
mod texts;
mod tries;
mod updates;
mod values;

use std::fs;

use proptest::test_runner::{Config, RngSeed};
use segue::text::{FilePath, Source};
use segue::workspace::{Content, Workspace};

use crate::data;
use crate::workspaces::{self, Recipe};

/// How many cases a property is tried on: `usual` of them, always the same, or as many as the environment asks for.
pub fn cases(usual: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    Config { cases: asked.unwrap_or(usual), rng_seed, failure_persistence: None, ..Config::default() }
}

/// A workspace in which nothing is wrong: its files by path.
struct Sound {
    files: Vec<(FilePath, String)>,
}

impl Sound {
    /// The samples of this repository.
    fn samples() -> Self {
        let root = data::folder("");
        let mut files = Vec::new();
        let mut folders = vec![root.join("sequences")];
        let mut paths = vec![root.join("segue.yaml")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { paths.push(path) }
            }
        }
        paths.sort();
        for path in paths {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((FilePath::new(name), fs::read_to_string(&path).unwrap()));
        }
        assert!(files.len() > 10, "the samples are gone");
        Self { files }
    }

    /// A workspace made to measure.
    fn generated() -> Self {
        let made = workspaces::workspace(Recipe { sequences: 12, seed: 3, mistakes: 0, active: 0.3 });
        Self { files: made.files.into_iter().map(|(path, text)| (FilePath::new(path), text)).collect() }
    }

    /// Its files that are YAML.
    fn yaml(&self) -> impl Iterator<Item = &(FilePath, String)> {
        self.files.iter().filter(|(path, _)| path.as_str().ends_with(".yaml"))
    }

    /// As the disk would give it.
    fn contents(&self) -> Vec<(FilePath, Content)> {
        self.files.iter().map(|(path, text)| (path.clone(), content(text))).collect()
    }

    fn workspace(&self) -> Workspace {
        let mut workspace = Workspace::new();
        workspace.update(self.contents());
        workspace
    }
}

/// Every YAML file of both.
fn sound_texts() -> Vec<String> {
    let both = [Sound::samples(), Sound::generated()];
    both.iter().flat_map(|sound| sound.yaml().map(|(_, text)| text.clone())).collect()
}

fn content(text: &str) -> Content {
    Content::Bytes(text.as_bytes().to_vec())
}

fn source(text: &str) -> Source {
    Source::new(FilePath::new("sequences/made-up.yaml"), text.to_owned())
}
