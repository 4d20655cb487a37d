//! `segue schema`, and the schemas that editors read.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::Value as Json;

use crate::outside::disk::{self, DiskError, Root};
use crate::outside::report::json_document;
use crate::sequence::{self, Declared};
use crate::settings;
use crate::trial;
use crate::workspace::{FileKind, kind_of};

use super::arguments::{Arguments, OfFile, Schema};
use super::desk;
use super::open::start;
use super::screen::Screen;
use super::{Exit, unless_closed};

/// What stands in a schema that we wrote, so that nobody else's file is overwritten.
const MARK: &str = "Written by `segue schema --write`, which writes it again.";

/// The schemas in a workspace, and what each is of.
const FILES: [(&str, OfFile); 3] = [
    (".vscode/segue-sequence.schema.json", OfFile::Sequence),
    (".vscode/segue-settings.schema.json", OfFile::Settings),
    (".vscode/segue-tests.schema.json", OfFile::Tests),
];

/// Where VS Code looks which schema a file has.
pub(super) const MAPPING_FILE: &str = ".vscode/settings.json";

/// Which schema a file has, for VS Code.
pub(super) const MAPPING: &str = r#"{
  "yaml.schemas": {
    "./.vscode/segue-sequence.schema.json": ["sequences/**/*.yaml", "!sequences/**/*.test.yaml"],
    "./.vscode/segue-settings.schema.json": "segue.yaml",
    "./.vscode/segue-tests.schema.json": "sequences/**/*.test.yaml"
  }
}
"#;

pub(super) fn run(arguments: &Arguments, command: &Schema, screen: &Screen) -> anyhow::Result<Exit> {
    if command.write {
        let root = disk::find_root(&start(arguments)?)?;
        return rewrite(root.path(), screen);
    }
    let schema =
        if command.workspace { of_workspace(&disk::find_root(&start(arguments)?)?, command.of) } else { plain(command.of) };
    unless_closed(screen.print(|out| json_document(out, &schema)))?;
    Ok(Exit::Fine)
}

fn plain(of: OfFile) -> Json {
    match of {
        OfFile::Sequence => sequence::schema(None),
        OfFile::Settings => settings::schema(None),
        OfFile::Tests => trial::schema(None),
    }
}

/// With the names of a workspace.
fn of_workspace(root: &Root, of: OfFile) -> Json {
    let settings = desk::settings(root);
    let mut declared = Declared { settings: &settings, sequences: Vec::new(), templates: Vec::new() };
    for file in disk::list(root).files {
        match kind_of(&file) {
            FileKind::Sequence(id) => declared.sequences.push(id.as_str().to_owned()),
            FileKind::Template(name) => declared.templates.push(name),
            FileKind::Settings | FileKind::Test | FileKind::Script | FileKind::Ignored(_) | FileKind::Other => {}
        }
    }
    declared.sequences.sort();
    declared.templates.sort();
    match of {
        OfFile::Sequence => sequence::schema(Some(&declared)),
        OfFile::Settings => settings::schema(Some(&settings)),
        OfFile::Tests => trial::schema(Some(&declared)),
    }
}

/// The text of a schema that lies in a workspace.
fn text(of: OfFile) -> String {
    let mut schema = serde_json::Map::new();
    if let Json::Object(own) = plain(of) {
        for (key, value) in own {
            let is_first = key == "$schema";
            schema.insert(key, value);
            if is_first {
                schema.insert("$comment".to_owned(), MARK.into());
            }
        }
    }
    let text = serde_json::to_string_pretty(&schema).expect("a schema has keys that are text");
    text + "\n"
}

/// Brings the schemas in a workspace up to date.
fn rewrite(folder: &Path, screen: &Screen) -> anyhow::Result<Exit> {
    let mut told = Vec::new();
    for (name, of) in FILES {
        let (path, new) = (folder.join(name), text(of));
        let old = match fs::read_to_string(&path) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(anyhow::Error::new(error).context(format!("cannot read {name}"))),
        };
        match old {
            None => {
                disk::create_new(&path, &new)?;
                told.push(format!("created {name}"));
            }
            Some(old) if old == new => told.push(format!("{name} is up to date")),
            Some(old) if !old.contains(MARK) => bail!("{name} was not written by `segue schema --write`; it is left as it is"),
            Some(_) => {
                replace(&path, &new).with_context(|| format!("cannot write {name}"))?;
                told.push(format!("wrote {name}"));
            }
        }
    }
    unless_closed(screen.print(|out| told.iter().try_for_each(|line| writeln!(out, "{line}"))))?;
    Ok(Exit::Fine)
}

/// Puts a text in the place of a file in one step.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".segue-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes schemas and mapping into a new workspace; what is there already stays. Returns what was created, and whether the
/// mapping is left to the person.
pub(super) fn prepare(folder: &Path) -> Result<(Vec<&'static str>, Mapping), DiskError> {
    let mut created = Vec::new();
    let mut create = |name: &'static str, text: &str| match disk::create_new(&folder.join(name), text) {
        Ok(()) => {
            created.push(name);
            Ok(Mapping::Written)
        }
        Err(DiskError::Exists { .. }) => Ok(Mapping::LeftToThem),
        Err(error) => Err(error),
    };
    for (name, of) in FILES {
        create(name, &text(of))?;
    }
    let mapping = create(MAPPING_FILE, MAPPING)?;
    Ok((created, mapping))
}

/// Who has to tell the editor which schema a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mapping {
    /// It is written.
    Written,
    /// A file of theirs is there, which is not touched.
    LeftToThem,
}
