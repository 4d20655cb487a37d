//! The findings of one file as they are met: of each code no more than anybody reads.

use foldhash::HashMap;

use super::{Code, Diagnostic};

/// How many findings of one code a file gets: a bomb of aliases, or a list of ten thousand typing errors, earns no more.
const MAX_OF_ONE_CODE: usize = 100;

/// Findings of one file, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Findings {
    list: Vec<Diagnostic>,
    counts: HashMap<Code, usize>,
}

impl Findings {
    /// How many findings of one code are taken: there may be more of what there is as much of.
    pub const MOST_OF_ONE_CODE: usize = MAX_OF_ONE_CODE;

    /// Takes one more; the last one that is taken of its code says that there may be more.
    pub fn report(&mut self, finding: Diagnostic) {
        let count = self.counts.entry(finding.code).or_default();
        *count += 1;
        if *count < MAX_OF_ONE_CODE {
            self.list.push(finding);
        } else if *count == MAX_OF_ONE_CODE {
            let more = format!("there may be more of this in the file: only the first {MAX_OF_ONE_CODE} are shown");
            self.list.push(finding.help(more));
        }
    }

    /// Whether no more of a code are taken: what is dear to word need not be worded.
    pub fn is_full(&self, code: Code) -> bool {
        self.counts.get(&code).is_some_and(|count| *count >= MAX_OF_ONE_CODE)
    }

    /// All that were taken.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.list
    }
}

impl Extend<Diagnostic> for Findings {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.report(finding));
    }
}
