//! Where tests lie: beside the sequence that they are of.

use crate::text::FilePath;

/// What the name of a file of tests ends with, behind the sequence's id.
const ENDING: &str = ".test.yaml";

/// Where the tests of a sequence's file are.
pub fn tests_of(sequence: &FilePath) -> FilePath {
    let stem = sequence.as_str().strip_suffix(".yaml").unwrap_or(sequence.as_str());
    FilePath::new(format!("{stem}{ENDING}"))
}

/// Where the sequence is that tests are of.
pub fn sequence_of(tests: &FilePath) -> Option<FilePath> {
    let stem = tests.as_str().strip_suffix(ENDING)?;
    Some(FilePath::new(format!("{stem}.yaml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_their_sequence_lie_beside_each_other() {
        let (sequence, tests) = (FilePath::new("sequences/lead/a.yaml"), FilePath::new("sequences/lead/a.test.yaml"));
        assert_eq!(tests_of(&sequence), tests);
        assert_eq!(sequence_of(&tests), Some(sequence.clone()));
        assert_eq!(sequence_of(&sequence), None);
    }
}
