//! The arguments as clap reads them; their comments are the help texts.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::sandbox::Limits;

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
    List(List),
    Show(Show),
    Explain(Explain),
    Run(Run),
    Init(Init),
}

/// Check every sequence and report every problem
///
/// Everything is read and judged together; with arguments, only findings in those files are shown. Warnings do not fail.
#[derive(Args, Debug)]
pub(super) struct Validate {
    /// Sequences by id, or files and folders by path; without any, the whole workspace
    #[arg(value_name = "ID|PATH")]
    pub only: Vec<String>,

    /// What findings look like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
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

    /// Clear the terminal before each batch
    #[arg(long)]
    pub clear: bool,

    /// Look every so many seconds instead of waiting for events, for file systems that send none
    #[arg(long, value_name = "SECONDS")]
    pub poll: Option<Seconds>,
}

/// List the sequences
///
/// A table on a terminal, tab-separated and without a header elsewhere.
#[derive(Args, Debug)]
pub(super) struct List {
    /// Sequences by id, or files and folders by path; without any, the whole workspace
    #[arg(value_name = "ID|PATH")]
    pub only: Vec<String>,

    /// What the list looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Show one sequence: its properties, and its steps as a tree
#[derive(Args, Debug)]
pub(super) struct Show {
    /// The sequence by id, or its file by path
    #[arg(value_name = "ID|PATH")]
    pub sequence: String,

    /// What the sequence looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Explain a code, with a bad and a good example
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// The code, as in `error[trailing-wait]`; without one, all codes are listed
    #[arg(value_name = "CODE")]
    pub code: Option<String>,

    /// What the page looks like
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub format: Format,
}

/// Run a script of `scripts/`
///
/// It is run whole or not at all: with an uncaught error, or over one of its limits, nothing of it is kept. What it prints goes to standard output as it comes, what is wrong with it to standard error.
#[derive(Args, Debug)]
pub(super) struct Run {
    /// The script by name, as `emea-copy` for `scripts/emea-copy.rhai`, or its file by path
    #[arg(value_name = "NAME|PATH")]
    pub script: String,

    /// What `args()` returns in the script
    #[arg(value_name = "ARG", allow_hyphen_values = true, trailing_var_arg = true)]
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

    /// Run as if it were this instant, like `2026-03-02T09:30:00Z`
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<Timestamp>,
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
pub(super) struct Init {
    /// The folder, made if it is missing; without one, the current folder
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}
