//! The arguments as clap reads them; their comments are the help texts.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::outside::report::Language;
use crate::sandbox::Limits;
use crate::script::api::MAX_CHANGES;

/// Sales sequences as code: YAML files in git, checked within milliseconds of a save.
///
/// A workspace is a folder with `segue.yaml` or `sequences/`. Segue finds it by walking up from the current folder.
#[derive(Debug, Parser)]
#[command(name = "segue", version, arg_required_else_help = true, disable_help_subcommand = true, max_term_width = 100)]
#[command(after_help = "\
Exit codes: 0 no errors, 1 errors found, 2 wrong arguments, 3 the work could
not be done, 70 a fault of segue itself, 130 interrupted.")]
pub(super) struct Arguments {
    /// Work as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<PathBuf>,

    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto, global = true)]
    pub color: ColorChoice,

    #[command(subcommand)]
    pub command: Command,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What results look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// What findings look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingsFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Test results, for continuous integration
    Junit,
}

/// A pause of at least a twentieth of a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seconds(pub Duration);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = text.parse::<f64>().ok().filter(|seconds| (0.05..=3_600.0).contains(seconds));
        seconds.map(|seconds| Self(Duration::from_secs_f64(seconds))).ok_or_else(|| "write seconds from 0.05 to 3600".to_owned())
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Validate(Validate),
    Watch(Watch),
    Fmt(Fmt),
    List(List),
    Show(Show),
    Diff(Diff),
    Graph(Graph),
    Explain(Explain),
    Schema(Schema),
    Init(Init),
    New(New),
    Clone(Clone),
    Edit(Edit),
    Rename(Rename),
    Assign(Assign),
    Restore(Restore),
    /// Add tags to a sequence
    #[command(after_long_help = "\
Example:
  segue tag inbound-lead inbound region/emea")]
    Tag(Tags),
    /// Take tags away from a sequence
    #[command(after_long_help = "\
Example:
  segue untag inbound-lead region/emea")]
    Untag(Tags),
    Tags(AllTags),
    /// Let sequences serve records, as they are written now
    ///
    /// Each is checked, and published as its next version where what it says has changed. Sequences that refer to each other are
    /// activated together. A version after the first needs `-m`.
    #[command(after_long_help = "\
Examples:
  segue activate inbound-lead
  segue activate inbound-lead enterprise-lead     they lead to each other
  segue activate inbound-lead -m 'shorter waits'  after the first version")]
    Activate(SomeSequences),
    /// Begin the drafts of active sequences' next versions
    ///
    /// What is published serves on. The file is the draft: edit it, then activate it or discard it.
    #[command(after_long_help = "\
Examples:
  segue revise inbound-lead
  segue edit inbound-lead --set 'steps[breathe].for=3d'
  segue activate inbound-lead -m 'longer waits'")]
    Revise(SomeSequences),
    /// Throw drafts of next versions away; what is published comes back
    ///
    /// Owner, tags and comments outside the steps stay.
    #[command(after_long_help = "\
Examples:
  segue discard inbound-lead --dry-run    what would be lost
  segue discard inbound-lead --yes")]
    Discard(SomeSequences),
    /// Let sequences serve no longer; their connections end
    #[command(after_long_help = "\
Examples:
  segue deactivate inbound-lead --dry-run         whose connections would end
  segue deactivate inbound-lead --yes")]
    Deactivate(SomeSequences),
    Delete(Delete),
    Apply(Apply),
    Connect(Connect),
    /// End records' way through a sequence
    #[command(after_long_help = "\
Example:
  segue disconnect inbound-lead L-1 L-2")]
    Disconnect(SomeRecords),
    Run(Run),
    #[command(subcommand)]
    Records(Records),
    Connections(Connections),
    History(History),
    Undo(Undo),
    #[command(subcommand)]
    Store(KeepStore),
    Completions(Completions),
    Man(Manual),
    Doctor(Doctor),
}

/// What every command takes that changes something.
#[derive(Args, Debug, Default)]
pub(super) struct Changing {
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask, whatever is lost by it
    #[arg(short = 'y', long)]
    pub yes: bool,

    /// Why, for the journal and for a version that is published
    #[arg(short = 'm', long, value_name = "TEXT")]
    pub message: Option<String>,

    /// Act as this person; without it as SEGUE_ACTOR says, else as the user that git knows
    #[arg(long = "as", value_name = "NAME", value_parser = person)]
    pub actor: Option<String>,

    /// Act as if it were this instant, like `2026-03-02T09:30:00Z`
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<Timestamp>,

    /// Wait so long for somebody else who is writing, like `30s`
    #[arg(long, value_name = "TIME")]
    pub lock_timeout: Option<Patience>,
}

/// Create a sequence, inactive, with one step as an example
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue new webinar-follow-up
  segue new renewal --type account --in account --name 'Renewal, 90 days before'
  segue edit webinar-follow-up     and then its steps")]
pub(super) struct New {
    /// Its id: what its file will be called
    #[arg(value_name = "ID")]
    pub id: String,

    /// What people call it; without it the id in words
    #[arg(long)]
    pub name: Option<String>,

    /// What it is for
    #[arg(long)]
    pub description: Option<String>,

    /// The type of record it is worked on
    #[arg(long = "type", value_name = "TYPE", default_value = "lead")]
    pub record_type: String,

    /// Whose it is; without it whoever creates it
    #[arg(long)]
    pub owner: Option<String>,

    /// The folder below `sequences/` that its file lies in
    #[arg(long = "in", value_name = "FOLDER", default_value = "")]
    pub folder: String,

    #[command(flatten)]
    pub changing: Changing,
}

/// Copy a sequence: steps, options, tags, tests and every comment
///
/// The copy is inactive, has no versions and nobody inside, and is yours, if you are declared under `people`.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue clone inbound-lead inbound-lead-emea --name 'Inbound lead (EMEA)'
  segue clone inbound-lead inbound-lead-short --edit
  segue clone inbound-lead as-it-was --version 2")]
pub(super) struct Clone {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// The copy's id
    #[arg(value_name = "NEW-ID")]
    pub id: String,

    /// What people call the copy
    #[arg(long)]
    pub name: Option<String>,

    /// What the copy is for
    #[arg(long)]
    pub description: Option<String>,

    /// Copy this version instead of the text as it stands, be its file gone; tests do not come with it
    #[arg(long, value_name = "NUMBER")]
    pub version: Option<u32>,

    /// Open the copy in your editor
    #[arg(long, conflicts_with = "dry_run")]
    pub edit: bool,

    #[command(flatten)]
    pub changing: Changing,
}

/// Edit a sequence that is not active: in your editor, or by `--set`
///
/// Your editor is what VISUAL or EDITOR names. What you save is checked before it takes the file's place; where it is refused, your text is kept.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue edit inbound-lead
  segue edit inbound-lead --set 'name=Web lead' --set 'steps[breathe].for=3d'
  segue edit inbound-lead --set 'tags=[inbound, web]' --dry-run
  segue edit inbound-lead --set 'steps[nudge]='
                                   takes the step out")]
pub(super) struct Edit {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// Set a value instead, like `steps[intro].template=intro-emea`; nothing behind the `=` removes the key
    #[arg(long, value_name = "PLACE=VALUE")]
    pub set: Vec<String>,

    #[command(flatten)]
    pub changing: Changing,
}

/// Give a sequence another id
///
/// Its file and its tests move within their folder, its versions, history and connections go along, and files that refer to it name it anew. What it says stays the same, so that it may be done in every state and no new version comes of it. The file says `formerly` from then on. Where you moved the file yourself, and it says so, the store follows.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue rename inbound-lead web-lead --dry-run    every file that would change
  segue rename inbound-lead web-lead")]
pub(super) struct Rename {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// The id that it gets
    #[arg(value_name = "NEW-ID")]
    pub id: String,

    #[command(flatten)]
    pub changing: Changing,
}

/// Give a sequence to another owner, in any state
#[derive(Args, Debug)]
#[command(after_long_help = "\
Example:
  segue assign inbound-lead bo.lind")]
pub(super) struct Assign {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// Whose it is from now on
    #[arg(value_name = "OWNER")]
    pub owner: String,

    #[command(flatten)]
    pub changing: Changing,
}

/// Write what was published back into the files of sequences
///
/// Where a file was changed, cannot be read, or is gone. Owner and tags stay where they can be read; changes and comments since then are lost. An older version comes back as a draft; the file of a deleted sequence comes back inactive.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue restore inbound-lead --dry-run
  segue restore inbound-lead --version 2")]
pub(super) struct Restore {
    /// The sequences by id, or their files by path
    #[arg(value_name = "ID|PATH", required = true)]
    pub sequences: Vec<String>,

    /// This version instead of the newest
    #[arg(long, value_name = "N")]
    pub version: Option<u32>,

    #[command(flatten)]
    pub changing: Changing,
}

/// A sequence and tags.
#[derive(Args, Debug)]
pub(super) struct Tags {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// The tags; `/` nests
    #[arg(value_name = "TAG", required = true)]
    pub tags: Vec<String>,

    #[command(flatten)]
    pub changing: Changing,
}

/// List all tags as a tree, rename one, or delete one
///
/// `/` nests: `region/emea` lies in `region`. A tag is there as long as a sequence has it.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_long_help = "\
Examples:
  segue tags                       the tree, with how many sequences have each
  segue tags rename region area --dry-run
                                   what that would change, `region/emea` too
  segue tags delete channel/fair   from every sequence that has it")]
pub(super) struct AllTags {
    #[command(subcommand)]
    pub command: Option<TagsCommand>,

    #[command(flatten)]
    pub list: ListTags,
}

#[derive(Debug, Subcommand)]
pub(super) enum TagsCommand {
    List(ListTags),
    Rename(RenameTag),
    Delete(DeleteTag),
}

/// List all tags as a tree, with how many sequences have each
///
/// OWN counts the sequences that have the tag itself, ALL those that have it or one that lies in it.
#[derive(Args, Debug)]
pub(super) struct ListTags {
    /// What the list looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Give a tag another name in every sequence, and with it all that lies in it
///
/// `region/emea` goes with `region`. Where a sequence has the new tag already, the two become one.
#[derive(Args, Debug)]
pub(super) struct RenameTag {
    /// The tag with all its levels
    #[arg(value_name = "OLD")]
    pub old: String,

    /// Its new name, with all levels
    #[arg(value_name = "NEW")]
    pub new: String,

    #[command(flatten)]
    pub changing: Changing,
}

/// Take a tag away from every sequence; what lies in it moves up a level
#[derive(Args, Debug)]
pub(super) struct DeleteTag {
    /// The tag with all its levels
    #[arg(value_name = "TAG")]
    pub tag: String,

    #[command(flatten)]
    pub changing: Changing,
}

/// Let the store follow what files say: what they ask for is shown, confirmed and done
///
/// A file asks by what stands in it: `state: active` to be activated, `state: inactive` to be deactivated, the number of its
/// next version with a message to be published. All are judged together; where one may not be followed none is. Without
/// arguments every file is looked at.
///
/// Example, in a pipeline after a merge: `segue validate && segue apply --yes`
#[derive(Args, Debug)]
pub(super) struct Apply {
    /// The sequences by id, or their files by path; all that ask for something without it
    #[arg(value_name = "ID|PATH")]
    pub sequences: Vec<String>,

    #[command(flatten)]
    pub changing: Changing,
}

/// Remove sequences; their versions and history stay
///
/// One that is active is deactivated first, and its connections end.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue delete old-fair --dry-run  what would be lost
  segue delete old-fair --yes
  segue delete old-fair --purge    asks, and leaves nothing behind")]
pub(super) struct Delete {
    /// The sequences by id, or their files by path
    #[arg(value_name = "ID|PATH", required = true)]
    pub sequences: Vec<String>,

    /// Remove their versions and their history too, for good; also of sequences that were deleted before
    #[arg(long)]
    pub purge: bool,

    #[command(flatten)]
    pub changing: Changing,
}

/// Start records' way through an active sequence
///
/// Each record is connected to the newest version, at its first step. One that is refused does not keep the others from it.
///
/// With `--from` they come from a file, CSV or JSON Lines, of which only the column `id` counts: in batches, as one operation. Whoever is connected already is left alone, so that after a stop the same command goes on where it was; with `--operation` it does so under the same line of the history, and leaves alone whoever it connected and has left the sequence since, too.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue connect inbound-lead L-1 L-2
  segue connect inbound-lead --from leads.csv --dry-run
  segue connect inbound-lead --from leads.csv --operation fair-2026
                                   run again after a stop, it goes on")]
pub(super) struct Connect {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// The records by id
    #[arg(value_name = "RECORD", required_unless_present = "from", conflicts_with = "from")]
    pub records: Vec<String>,

    /// The records that a file names; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,

    /// Their type; without it the type that the sequence is for
    #[arg(long = "type", value_name = "TYPE")]
    pub record_type: Option<String>,

    /// With `--from`: what this work is called; done again under the same name, it goes on
    #[arg(long, value_name = "NAME")]
    pub operation: Option<String>,

    /// With `--from`: what is told, counts or what became of each row
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,

    #[command(flatten)]
    pub changing: Changing,
}

/// Sequences, for a verb that is done to each.
#[derive(Args, Debug)]
pub(super) struct SomeSequences {
    /// The sequences by id, or their files by path
    #[arg(value_name = "ID|PATH", required = true)]
    pub sequences: Vec<String>,

    #[command(flatten)]
    pub changing: Changing,
}

/// A sequence and records.
#[derive(Args, Debug)]
pub(super) struct SomeRecords {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// The records by id
    #[arg(value_name = "RECORD", required = true)]
    pub records: Vec<String>,

    /// Their type; without it the type that the sequence is for
    #[arg(long = "type", value_name = "TYPE")]
    pub record_type: Option<String>,

    #[command(flatten)]
    pub changing: Changing,
}

/// Import, list and show records
#[derive(Debug, Subcommand)]
pub(super) enum Records {
    Import(ImportRecords),
    List(ListRecords),
    Show(ShowRecord),
}

/// Take in records from a file
///
/// A line for each record, under a header that names `id` and, if you like, `name`, `owner` and `open`; other columns are fields. What is there already is brought up to date. A row that is wrong is told of with its line and left out.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue records import leads.csv --type lead --dry-run
  segue records import leads.csv --type lead
  crm-export | segue records import - --type lead")]
pub(super) struct ImportRecords {
    /// The file, CSV or JSON Lines, as it looks; `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The type of its records
    #[arg(long = "type", value_name = "TYPE")]
    pub record_type: String,

    #[command(flatten)]
    pub changing: Changing,
}

/// List the records of a type
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue records list               how many there are of each type
  segue records list --type lead")]
pub(super) struct ListRecords {
    /// Their type; without it, how many there are of each
    #[arg(long = "type", value_name = "TYPE")]
    pub record_type: Option<String>,

    /// What the list looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Show a record: its fields, and where it is connected
#[derive(Args, Debug)]
#[command(after_long_help = "\
Example:
  segue records show L-1")]
pub(super) struct ShowRecord {
    /// The record by id
    #[arg(value_name = "RECORD")]
    pub record: String,

    /// Its type, where records of several types have the id
    #[arg(long = "type", value_name = "TYPE")]
    pub record_type: Option<String>,

    /// Count days up to this instant, like `2026-03-02T09:30:00Z`
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<Timestamp>,

    /// What the record looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Back up, restore, check and migrate the store
#[derive(Debug, Subcommand)]
pub(super) enum KeepStore {
    Backup(BackUpStore),
    Restore(RestoreStore),
    Check(CheckStore),
    Migrate(MigrateStore),
}

/// Copy the store to a file, whole, while others go on writing
///
/// Example: `segue store backup ~/backups/segue-monday.db`
#[derive(Args, Debug)]
pub(super) struct BackUpStore {
    /// The file to make
    #[arg(value_name = "PATH")]
    pub path: PathBuf,

    /// Replace a backup that is there; what is no store is never replaced
    #[arg(long)]
    pub force: bool,
}

/// Put a backup in the store's place; files stay as they are
///
/// What the store was is kept beside it. Numbers of operations start to mean something else, so the store gets a new epoch. Segue sends no messages yet; one that does will ask first in a store that was restored. Others may read and write meanwhile: what they wrote before is in what is kept, and what they write behind it is in what was a backup. Example: `segue store restore ~/backups/segue-monday.db`
#[derive(Args, Debug)]
pub(super) struct RestoreStore {
    /// The backup
    #[arg(value_name = "PATH")]
    pub path: PathBuf,

    /// Take it even if it is of another workspace
    #[arg(long)]
    pub force: bool,

    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask, whatever is lost by it
    #[arg(short = 'y', long)]
    pub yes: bool,

    /// Wait so long for somebody else who is writing, like `30s`
    #[arg(long, value_name = "TIME")]
    pub lock_timeout: Option<Patience>,
}

/// Check that the store is whole, and tell what it holds
///
/// The file, what its rows refer to, and every published text against its digest. Example: `segue store check --format json`
#[derive(Args, Debug)]
pub(super) struct CheckStore {
    /// A backup instead of the store
    #[arg(value_name = "PATH")]
    pub path: Option<PathBuf>,

    /// What the answer looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Bring a store that an older segue made up to date, with a copy of what it was beside it
///
/// Every command that writes does so by itself. Example: `segue store migrate --dry-run`
#[derive(Args, Debug)]
pub(super) struct MigrateStore {
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Look for what a crash left, for texts that are kept, and for what may go wrong with the store
///
/// Ends with 1 if something needs you. What it finds has a name, and help says what to do. Example: `segue doctor --fix`, then `segue doctor --take .segue/kept/7/sequences/a.yaml`
#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// Complete what a crash left, and tidy up what needs no choice
    #[arg(long, conflicts_with_all = ["take", "drop"])]
    pub fix: bool,

    /// Put a kept text into its file, after showing the difference
    #[arg(long, value_name = "KEPT")]
    pub take: Vec<String>,

    /// Forget a kept text; its file stays as it is
    #[arg(long, value_name = "KEPT")]
    pub drop: Vec<String>,

    /// What the answer looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human, conflicts_with_all = ["take", "drop"])]
    pub format: Format,

    #[command(flatten)]
    pub changing: Changing,
}

/// List who is connected, and where they stand
///
/// The records in a sequence, or with `--record` the sequences that a record is in. Days are whole ones at the step.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue connections inbound-lead
  segue connections inbound-lead --all
  segue connections --record L-1   the sequences that a record is in")]
pub(super) struct Connections {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH", required_unless_present = "record")]
    pub sequence: Option<String>,

    /// The record by id
    #[arg(long, value_name = "RECORD")]
    pub record: Option<String>,

    /// The record's type, where records of several types have the id
    #[arg(long = "type", value_name = "TYPE", requires = "record")]
    pub record_type: Option<String>,

    /// Those that have ended as well
    #[arg(long)]
    pub all: bool,

    /// Count days up to this instant, like `2026-03-02T09:30:00Z`
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<Timestamp>,

    /// What the list looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Undo an operation: texts, states and connections come back, as a new operation
///
/// What cannot be brought back is said before, and agreed to: a version stays published, what was sent stays sent. Where somebody wrote into a file since, nothing is undone.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue history                    which operations there are
  segue undo 12 --dry-run          what undoing one of them would change
  segue undo --last                take the latest back; again, and it is there
                                   again")]
pub(super) struct Undo {
    /// The operation, by its number in `segue history`
    #[arg(value_name = "OPERATION", required_unless_present = "last", conflicts_with = "last")]
    pub operation: Option<i64>,

    /// The latest operation
    #[arg(long)]
    pub last: bool,

    #[command(flatten)]
    pub changing: Changing,
}

/// Show what was done: all operations, one with its changes, or a sequence's versions
///
/// An operation is whatever was written together: a command, or a whole run of a script. The newest come first.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue history                    the latest operations
  segue history --since 7d --by ana.ruiz
                                   what somebody did in the last seven days
  segue history --operation 12 --diff
                                   one operation, with what it did to files
  segue history inbound-lead       the versions of a sequence, also of one that
                                   was deleted")]
pub(super) struct History {
    /// The versions of this sequence, by id
    #[arg(value_name = "ID", conflicts_with_all = ["operation", "since", "by", "of", "before", "limit"])]
    pub sequence: Option<String>,

    /// This operation, with every change of it
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["since", "by", "of", "before", "limit"])]
    pub operation: Option<i64>,

    /// Also show the difference of the operation's files
    #[arg(long, requires = "operation")]
    pub diff: bool,

    /// Operations since then: an instant, a day like `2026-03-02`, or so long ago, like `7d`
    #[arg(long, value_name = "WHEN")]
    pub since: Option<Since>,

    /// Operations that this person asked for
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,

    /// Operations that did something to this sequence, or to records in it, by id
    #[arg(long, value_name = "ID")]
    pub of: Option<String>,

    /// Operations with a lower number, to go on with a list
    #[arg(long, value_name = "NUMBER")]
    pub before: Option<i64>,

    /// At most so many operations
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    pub limit: u32,

    /// Count back from this instant, like `2026-03-02T09:30:00Z`
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<Timestamp>,

    /// What the history looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// From when on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Since {
    /// From an instant on.
    Instant(Timestamp),
    /// So long before now.
    Ago(crate::time::Duration),
}

impl Since {
    /// The instant that is meant, seen from now.
    pub(super) fn instant(self, now: Timestamp) -> Timestamp {
        match self {
            Since::Instant(instant) => instant,
            Since::Ago(ago) => {
                let span = jiff::SignedDuration::from_mins(i64::try_from(ago.total_minutes()).unwrap_or(i64::MAX));
                now.saturating_sub(span).unwrap_or(Timestamp::MIN)
            }
        }
    }
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = |day: jiff::civil::Date| day.to_zoned(jiff::tz::TimeZone::UTC).map(|midnight| midnight.timestamp());
        let instant = text.parse::<Timestamp>().or_else(|_| text.parse::<jiff::civil::Date>().and_then(day)).map(Since::Instant);
        let ago = || crate::time::Duration::parse(text).map(Since::Ago);
        instant.or_else(|_| ago()).map_err(|_| "write an instant, a day like `2026-03-02`, or a time like `7d`".to_owned())
    }
}

/// Check every sequence and report every problem
///
/// Everything is read and judged together; with arguments, only findings in those files are shown. Warnings do not fail.
#[derive(Args, Debug)]
pub(super) struct Validate {
    /// Sequences by id, or files and folders by path; without any, the whole workspace; `-` for one file on standard input
    #[arg(value_name = "ID|PATH")]
    pub only: Vec<String>,

    /// Compare with this revision in git instead of with what is published: `main`, `HEAD^1`, `main...` for where the branch began
    #[arg(long, value_name = "REV", conflicts_with = "fix")]
    pub against: Option<String>,

    /// What findings look like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = FindingsFormat::Human)]
    pub format: FindingsFormat,

    /// Show only findings of these codes, and what cannot be read
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Leave out findings of these codes
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// Fail on warnings, too
    #[arg(long)]
    pub deny_warnings: bool,

    /// Apply the fixes that are certain; of standard input, print the mended text
    #[arg(long)]
    pub fix: bool,

    /// Show what `--fix` would change, and change nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,

    /// The file of the workspace whose place the text on standard input takes
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<String>,

    /// Do not compare with what is published
    #[arg(long)]
    pub no_store: bool,

    /// Wait so long for somebody else who is writing, like `30s`
    #[arg(long, value_name = "TIME", requires = "fix")]
    pub lock_timeout: Option<Patience>,

    /// Read everything, whatever is remembered of the last run
    #[arg(long)]
    pub no_cache: bool,
}

/// Check again after every save, beside your editor
///
/// Everything is checked once at the start. After a save only what changed is told: new findings in full, fixed ones by a line each, and one line of summary. What it
/// says is always what a fresh `segue validate` would say. Ctrl-C ends it.
#[derive(Args, Debug)]
pub(super) struct Watch {
    /// What is told: text, or one JSON object a line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,

    /// Tell only of findings of these codes, and of what cannot be read
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Leave out findings of these codes
    #[arg(long, value_name = "CODE,...", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// Do not compare with what is published
    #[arg(long)]
    pub no_store: bool,

    /// Read everything, whatever is remembered of the last run
    #[arg(long)]
    pub no_cache: bool,

    /// Clear the terminal before each batch
    #[arg(long)]
    pub clear: bool,

    /// Look every so many seconds instead of waiting for events, for file systems that send none
    #[arg(long, value_name = "SECONDS")]
    pub poll: Option<Seconds>,
}

/// Lay files out in the one usual way: order of keys, indentation, blanks
///
/// What a file says, its quotes and its comments stay as they are, which is made sure of before anything is written; so it may be done in every state, and no new version comes of it. A file that cannot be read is left alone, and told of.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue fmt                        all sequences, and segue.yaml
  segue fmt inbound-lead           one sequence
  segue fmt --check                for a pipeline: exit code 1 and a list, if
                                   a file has another layout
  segue fmt - --stdin-filename sequences/a.yaml
                                   for an editor: from standard input to
                                   standard output")]
pub(super) struct Fmt {
    /// Sequences by id, or files and folders by path; `-` for standard input; without any, the whole workspace
    #[arg(value_name = "ID|PATH")]
    pub only: Vec<String>,

    /// List the files that would change, change nothing, and end with 1 if there are any
    #[arg(long)]
    pub check: bool,

    /// Show what would change, and change nothing
    #[arg(long, visible_alias = "dry-run")]
    pub diff: bool,

    /// What the file on standard input is called
    #[arg(long, value_name = "PATH")]
    pub stdin_filename: Option<PathBuf>,

    /// Wait so long for somebody else who is writing, like `30s`
    #[arg(long, value_name = "TIME")]
    pub lock_timeout: Option<Patience>,
}

/// Print the JSON Schema of sequences, of their tests or of segue.yaml, for editors
///
/// With it an editor completes keys and words, shows what they mean, and marks what is wrong while you type. `segue init` sets this up for VS Code.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue schema                     of a sequence
  segue schema settings            of segue.yaml
  segue schema tests               of files of tests, ID.test.yaml
  segue schema --workspace         with the ids, fields, options and people of
                                   this workspace
  segue schema --write             write them where `segue init` does, after an
                                   update of segue")]
pub(super) struct Schema {
    /// Of which file
    #[arg(value_enum, value_name = "FILE", default_value_t = OfFile::Sequence)]
    pub of: OfFile,

    /// Name what the workspace has: ids, fields, options, stages, people, results, templates
    #[arg(long)]
    pub workspace: bool,

    /// Write all schemas into `.vscode/`, or bring those there up to date
    #[arg(long, conflicts_with_all = ["workspace", "of"])]
    pub write: bool,
}

/// Which file a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OfFile {
    /// A sequence
    Sequence,
    /// segue.yaml
    Settings,
    /// A file of tests, `ID.test.yaml`
    Tests,
}

/// List the sequences
///
/// A table on a terminal, tab-separated and without a header elsewhere.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue list
  segue list sequences/lead        those of a folder
  segue list --format json | jq -r '.sequences[] | select(.problems > 0) | .id'")]
pub(super) struct List {
    /// Sequences by id, or files and folders by path; without any, the whole workspace
    #[arg(value_name = "ID|PATH")]
    pub only: Vec<String>,

    /// Leave out what the store knows: what is published, and who is connected
    #[arg(long)]
    pub no_store: bool,

    /// What the list looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Show one sequence: its properties, and its steps as a tree
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue show inbound-lead
  segue show inbound-lead --version 2")]
pub(super) struct Show {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// Leave out what the store knows: what is published, and who is connected
    #[arg(long)]
    pub no_store: bool,

    /// Show this published version, not what its file says
    #[arg(long, value_name = "NUMBER", conflicts_with = "no_store")]
    pub version: Option<u32>,

    /// What the sequence looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Compare two versions of a sequence, or a version with its file, step by step
///
/// Told are steps that came, went, moved, were renamed (`renamed_from`) or say something else, and the sequence's own name, description and options: everything that would make a new version, and nothing else. Versions of a sequence that was deleted can be compared, too. The exit code is 0, whether they differ or not.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue diff inbound-lead          its newest version with its file
  segue diff inbound-lead 2        version 2 with its file
  segue diff inbound-lead 2 3      version 2 with version 3
  segue diff inbound-lead --format markdown
                                   for the description of a pull request")]
pub(super) struct Diff {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// The version to compare with; without it, the newest
    #[arg(value_name = "FROM")]
    pub from: Option<u32>,

    /// The version that is compared; without it, what the file says
    #[arg(value_name = "TO")]
    pub to: Option<u32>,

    /// What the differences look like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = DiffFormat::Human)]
    pub format: DiffFormat,
}

/// Draw the steps of a sequence as a graph: Mermaid, DOT or SVG
///
/// Where there is a store, each step says how many connections stand at it now: those on any version, or with `--version` on that one. Nothing but segue is needed for SVG; GitHub draws Mermaid, Graphviz draws DOT.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue graph inbound-lead --format svg > inbound-lead.svg
  segue graph inbound-lead --version 2
  segue graph inbound-lead --format dot | dot -Tpdf > inbound-lead.pdf")]
pub(super) struct Graph {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// Draw this published version, not what its file says
    #[arg(long, value_name = "NUMBER", conflicts_with = "no_store")]
    pub version: Option<u32>,

    /// Leave out what the store knows: who is connected
    #[arg(long)]
    pub no_store: bool,

    /// The language
    #[arg(long, value_name = "FORMAT", default_value_t = Language::Mermaid, value_parser = language())]
    pub format: Language,
}

/// The languages of graphs, by their words.
fn language() -> impl TypedValueParser<Value = Language> {
    let words = Language::WORDS.iter().map(|word| PossibleValue::new(word.name).help(word.doc.trim()));
    PossibleValuesParser::new(words).try_map(|word| Language::from_word(&word).ok_or("there is no such language"))
}

/// What differences look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    Human,
    /// For programs
    Json,
    /// For a pull request
    Markdown,
}

/// Explain a code, with a bad and a good example; or the lifecycle, or roles
///
/// `segue explain lifecycle` shows what may be done with a sequence in which state, `segue explain roles` who may do it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue explain trailing-wait
  segue explain lifecycle
  segue explain | less             all codes")]
pub(super) struct Explain {
    /// The code, as in `error[trailing-wait]`, or `lifecycle`, or `roles`; without one, all codes are listed
    #[arg(value_name = "CODE")]
    pub code: Option<String>,

    /// What the page looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Run a script of `scripts/`
///
/// It is run whole or not at all: with an uncaught error, or over one of its limits, nothing of it is kept. `--dry-run` shows the difference it would make. What it prints goes to standard output as it comes, what is wrong with it to standard error. A script opens no file: CSV files that are named among its arguments are read for it.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue run emea-copy --dry-run
  segue run connect-csv leads.csv
  segue run nightly --timeout 5m -- --force")]
pub(super) struct Run {
    /// The script by name, as `emea-copy` for `scripts/emea-copy.rhai`, or its file by path
    #[arg(value_name = "NAME|PATH")]
    pub script: String,

    /// What `args()` returns in the script; behind `--` what starts with `-`
    #[arg(value_name = "ARG")]
    pub args: Vec<String>,

    /// End it after this time, like `90s`, `500ms`, `2m`
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub timeout: Patience,

    /// End it after so many operations
    #[arg(long, value_name = "COUNT", default_value_t = Limits::AUTOMATION.operations)]
    pub max_operations: u64,

    /// End it when it holds more than so many MiB
    #[arg(long, value_name = "MIB", default_value_t = Limits::AUTOMATION.heap >> 20, value_parser = mebibytes)]
    pub max_memory: usize,

    /// End it when it asks for more than so many changes
    #[arg(long, value_name = "COUNT", default_value_t = MAX_CHANGES)]
    pub max_changes: usize,

    #[command(flatten)]
    pub changing: Changing,
}

/// A person's name goes into every line of the history: it is one line itself, and says somebody.
fn person(text: &str) -> Result<String, String> {
    const MOST: usize = 200;
    let name = text.trim();
    let is_name = !name.is_empty() && !name.chars().any(char::is_control) && name.chars().count() <= MOST;
    is_name.then(|| name.to_owned()).ok_or_else(|| format!("write somebody's name, in one line of at most {MOST} characters"))
}

fn mebibytes(text: &str) -> Result<usize, String> {
    let count = text.parse::<usize>().ok().filter(|count| (1..=65_536).contains(count));
    count.ok_or_else(|| "write a number of MiB from 1 to 65536".to_owned())
}

/// How long to wait for something to end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience(pub Duration);

impl FromStr for Patience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3_600.0)];
        let seconds = units.iter().find_map(|(unit, seconds)| {
            let amount = text.strip_suffix(unit)?.parse::<f64>().ok()?;
            Some(amount * seconds)
        });
        let seconds = seconds.filter(|seconds| (0.001..=86_400.0).contains(seconds));
        seconds
            .map(|seconds| Self(Duration::from_secs_f64(seconds)))
            .ok_or_else(|| "write a time like `500ms`, `90s`, `2m`".to_owned())
    }
}

/// Start a workspace: settings, a first sequence, its message template
///
/// Nothing that is there is touched; a folder that is a workspace already, or lies in one, is refused.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Example:
  segue init sales && cd sales && segue validate")]
pub(super) struct Init {
    /// The folder, made if it is missing; without one, the current folder
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Print what a shell needs to complete commands and options
///
/// Ids of sequences and names of scripts are not completed.
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  source <(segue completions bash) this shell, at once
  segue completions bash > ~/.local/share/bash-completion/completions/segue
  segue completions zsh > ~/.zfunc/_segue
                                   where `fpath` has `~/.zfunc`
  segue completions fish > ~/.config/fish/completions/segue.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// Print the manual page, or write those of all commands
#[derive(Args, Debug)]
#[command(after_long_help = "\
Examples:
  segue man | man -l -             the page of segue itself
  segue man --out ~/.local/share/man/man1
                                   a page for each command: man segue-diff")]
pub(super) struct Manual {
    /// The folder that the pages are written into, made if it is missing
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
