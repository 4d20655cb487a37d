//! What a file is, by its path alone.

use crate::check::ignored_file::Ignored;
use crate::sequence::SequenceId;
use crate::settings;
use crate::text::FilePath;

/// The folder of sequences.
pub const SEQUENCES: &str = "sequences";

/// The folder of scripts.
pub const SCRIPTS: &str = "scripts";

/// What a file is to a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `segue.yaml`.
    Settings,
    /// A sequence.
    Sequence(SequenceId),
    /// A message template, by its name.
    Template(String),
    /// Tests of a sequence.
    Test,
    /// A script.
    Script,
    /// Something that looks like one of these and is none.
    Ignored(Ignored),
    /// Nothing to us.
    Other,
}

impl FileKind {
    /// The id of the sequence that a file of this kind holds.
    pub fn into_sequence(self) -> Option<SequenceId> {
        match self {
            Self::Sequence(id) => Some(id),
            Self::Settings | Self::Template(_) | Self::Test | Self::Script | Self::Ignored(_) | Self::Other => None,
        }
    }
}

/// What a file is, by its path.
pub fn kind_of(path: &FilePath) -> FileKind {
    let name = path.file_name();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let folder = path.folder().split('/').next().unwrap_or_default();
    let is_yaml = ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml");
    match folder {
        "" if name == settings::FILE_NAME => FileKind::Settings,
        "" if is_yaml && stem == "segue" => FileKind::Ignored(Ignored::Ending),
        SEQUENCES if is_yaml && ending != "yaml" => FileKind::Ignored(Ignored::Ending),
        SEQUENCES if is_yaml && stem.ends_with(".test") => FileKind::Test,
        SEQUENCES if is_yaml => SequenceId::parse(stem).map_or(FileKind::Ignored(Ignored::Name), FileKind::Sequence),
        SEQUENCES if ending == "md" && path.as_str().starts_with("sequences/templates/") => FileKind::Template(stem.to_owned()),
        SCRIPTS if ending == "rhai" => FileKind::Script,
        _ => FileKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_alone_says_what_a_file_is() {
        let kind = |path: &str| kind_of(&FilePath::new(path));
        let id = |id: &str| FileKind::Sequence(SequenceId::parse(id).expect("it is an id"));
        assert_eq!(kind("segue.yaml"), FileKind::Settings);
        assert_eq!(kind("segue.yml"), FileKind::Ignored(Ignored::Ending));
        assert_eq!(kind("sequences/lead/inbound.yaml"), id("inbound"));
        assert_eq!(kind("sequences/inbound.test.yaml"), FileKind::Test);
        assert_eq!(kind("sequences/Inbound Lead.yaml"), FileKind::Ignored(Ignored::Name));
        assert_eq!(kind("sequences/inbound.yml"), FileKind::Ignored(Ignored::Ending));
        assert_eq!(kind("sequences/inbound.YAML"), FileKind::Ignored(Ignored::Ending));
        assert_eq!(kind("sequences/templates/lead/intro.md"), FileKind::Template("intro".to_owned()));
        assert_eq!(kind("sequences/README.md"), FileKind::Other);
        assert_eq!(kind("scripts/lib/a.rhai"), FileKind::Script);
        assert_eq!(kind("docs/a.yaml"), FileKind::Other);
    }
}
