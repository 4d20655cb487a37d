//! # unknown-module
//!
//! A script imports a module that does not exist.
//!
//! ## Why
//!
//! Modules are the scripts of the workspace, by their path below `scripts/` and without `.rhai`. Nothing
//! else can be imported, wherever a path or a link may lead: what a script sees is what a review saw.
//!
//! ## Bad
//!
//! ```rhai
//! // scripts/lib/dates.rhai
//! fn quarter(month) {
//!     (month + 2) / 3
//! }
//! // scripts/report.rhai
//! import "lib/date" as dates;
//! print(dates::quarter(5));
//! ```
//!
//! ## Good
//!
//! ```rhai
//! // scripts/lib/dates.rhai
//! fn quarter(month) {
//!     (month + 2) / 3
//! }
//! // scripts/report.rhai
//! import "lib/dates" as dates;
//! print(dates::quarter(5));
//! ```
//!
//! ## See also
//!
//! `import-cycle`

use crate::diagnostic::{Code, Diagnostic};
use crate::sandbox::Refusal;
use crate::script::sources::{FOLDER, Scripts};
use crate::text::{FilePath, Location, Span, suggest};

/// Nothing that can be imported has this name.
pub(in crate::script) fn refusal(name: &str, near: Option<&str>) -> Refusal {
    let leads_out = name.starts_with(['/', '\\', '.']) || name.contains("..") || name.contains(':');
    let refusal = Refusal::new(Code::UnknownModule.name(), format!("there is no module `{name}`"));
    match near {
        _ if leads_out => refusal.help("name it from `scripts/` on, like `lib/dates`; what lies elsewhere cannot be imported"),
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help(format!("name it from `{FOLDER}/` on and without its ending, like `lib/dates`")),
    }
}

/// A module is used under a name that no import gave it.
pub(in crate::script) fn not_imported(at: Location, name: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownModule, at, format!("no module is imported as `{name}`"))
        .help(format!("import it above: `import \"lib/{name}\" as {name};`"))
}

/// The script that is to be run does not exist.
pub(in crate::script) fn no_script(scripts: &Scripts, name: &str) -> Diagnostic {
    let at = FilePath::new(FOLDER).at(Span::at(0));
    Diagnostic::new(Code::UnknownModule, at, format!("there is no script `{name}`")).did_you_mean(suggest(name, scripts.names()))
}
