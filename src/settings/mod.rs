//! Settings: what `segue.yaml` declares, and what counts where it says nothing.
//! In comes a span tree, out come typed settings and the findings of their shape.
//! Knows nothing of sequences.

mod format;
mod read;
mod schema;
mod table;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Severity};
use crate::record::RecordType;
use crate::shape::words;
use crate::text::{Digest, FilePath, Located, Span};
use crate::time::{Calendar, Duration};

pub use format::format;
pub use read::read;
pub use schema::schema;
pub use table::SETTINGS;

/// The file's name, at the workspace's root.
pub const FILE_NAME: &str = "segue.yaml";

/// The newest format of the file that this program knows.
pub const NEWEST_FORMAT: i64 = 1;

words! {
    /// What somebody may do. It guards against mistakes and is no login. Source: the reference's security roles.
    Role {
        /// May do everything.
        Administrator "administrator",
        /// May do everything with sequences.
        SequenceManager "sequence_manager",
        /// May do everything with sequences, leads a team.
        SalesManager "sales_manager",
        /// Works sequences and manages their own.
        Salesperson "salesperson",
    }
}

words! {
    /// What somebody may do who is not declared under `people`.
    UndeclaredActor {
        /// Look, and change nothing.
        ReadOnly "read_only",
        /// As an administrator.
        Administrator "administrator",
        /// As a sequence manager.
        SequenceManager "sequence_manager",
        /// As a sales manager.
        SalesManager "sales_manager",
        /// As a salesperson.
        Salesperson "salesperson",
    }
}

words! {
    /// What findings of a code count as in this workspace.
    Level {
        /// As errors: they fail a check and stand in the way of activation.
        Error "error",
        /// As warnings: they are told.
        Warning "warning",
        /// As nothing: they are not told.
        Off "off",
    }
}

/// A line of `rules`: what findings of a code count as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code as it is written, which may be none.
    pub code: Located<String>,
    /// What its findings count as.
    pub level: Level,
}

impl Rule {
    /// Whether findings of a code that the core cannot do without would count for less than they do.
    pub fn lowers_what_is_firm(&self) -> bool {
        let Some(code) = Code::from_name(&self.code.value).filter(|code| code.is_firm()) else { return false };
        match self.level {
            Level::Error => false,
            Level::Warning => code.severity() == Severity::Error,
            Level::Off => true,
        }
    }
}

/// Somebody who owns sequences or works them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// What they may do.
    pub roles: Vec<Role>,
    /// The name of their calendar.
    pub calendar: Option<Located<String>>,
}

/// How much is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Active sequences in the workspace. Source: the reference allows 250.
    pub active_sequences: u32,
    /// Activities in one sequence. Source: the reference counts at most 40.
    pub activities: u32,
    /// The longest wait. Source: the reference allows 30 days.
    pub wait: Duration,
    /// Different tags on one level below the first. Source: the reference allows 100.
    pub tags_per_level: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { active_sequences: 250, activities: 40, wait: Duration::of_days(30), tags_per_level: 100 }
    }
}

/// Everything that `segue.yaml` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The file, for places of findings.
    pub file: FilePath,
    /// Whether all of the file could be read. If not, what seems to be undeclared may have been declared.
    pub is_whole: bool,
    /// Declared record types; `None` where nothing was declared at all.
    pub record_types: Option<BTreeMap<String, RecordType>>,
    /// Results of calls beside `call_made` and `call_received`.
    pub call_results: Vec<String>,
    /// Declared people; `None` where nobody was declared.
    pub people: Option<BTreeMap<String, Person>>,
    /// What somebody may do who is not declared.
    pub undeclared_actor: UndeclaredActor,
    /// Declared calendars.
    pub calendars: BTreeMap<String, Calendar>,
    /// The name of the workspace's calendar.
    pub calendar: Option<Located<String>>,
    /// Whether waits skip days off, where a sequence does not say.
    pub skip_non_working_days: bool,
    /// Limits.
    pub limits: Limits,
    /// What findings count as, where not as their codes say.
    pub rules: Vec<Rule>,
    /// Message templates by name that have no file in the workspace.
    pub templates: Vec<String>,
    /// Where the store lies, if not at its usual place.
    pub store: Option<Located<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            file: FilePath::new(FILE_NAME),
            is_whole: true,
            record_types: None,
            call_results: Vec::new(),
            people: None,
            undeclared_actor: UndeclaredActor::ReadOnly,
            calendars: BTreeMap::new(),
            calendar: None,
            skip_non_working_days: false,
            limits: Limits::default(),
            rules: Vec::new(),
            templates: Vec::new(),
            store: None,
        }
    }
}

impl Settings {
    /// The same without places in the file: what everything else is judged by. A comment above changes nothing of it.
    #[must_use]
    pub fn without_places(&self) -> Self {
        let nowhere = |text: &Located<String>| Located::new(text.value.clone(), Span::default());
        let mut settings = self.clone();
        settings.calendar = self.calendar.as_ref().map(nowhere);
        settings.store = self.store.as_ref().map(nowhere);
        for person in settings.people.iter_mut().flat_map(BTreeMap::values_mut) {
            person.calendar = person.calendar.as_ref().map(nowhere);
        }
        settings
    }

    /// The digest of what everything else is judged by, for this build of the program alone.
    pub fn digest(&self) -> Digest {
        // Every field shows in it, those of tomorrow too.
        Digest::of(format!("{:?}", self.without_places()))
    }

    /// The declared record type of that name.
    pub fn record_type(&self, name: &str) -> Option<&RecordType> {
        self.record_types.as_ref()?.get(name)
    }

    /// What findings of a code count as, where `rules` says so and may.
    pub fn level(&self, code: Code) -> Option<Level> {
        let is_of_it = |rule: &&Rule| rule.code.value == code.name() && !rule.lowers_what_is_firm();
        self.rules.iter().find(is_of_it).map(|rule| rule.level)
    }
}
