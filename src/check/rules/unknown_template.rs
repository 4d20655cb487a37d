//! # unknown-template
//!
//! A message template that has no file under `sequences/templates` and is not named in segue.yaml, where some are.

use crate::check::library::Library;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_template(library: &Library<'_>) -> Vec<Diagnostic> {
    let known = || library.templates.iter().chain(&library.settings.templates).map(String::as_str);
    if known().next().is_none() {
        return Vec::new();
    }
    let is_known = |name: &str| library.templates.contains(name) || library.settings.templates.iter().any(|known| known == name);
    let used = library.summaries.iter().flat_map(|summary| summary.templates.iter().map(move |template| (summary, template)));
    used.filter(|(_, template)| !is_known(&template.value))
        .map(|(summary, template)| {
            let message = format!("there is no message template `{}`", template.value);
            let problem = Diagnostic::new(Code::UnknownTemplate, summary.file.at(template.span), message);
            match suggest(&template.value, known()) {
                Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, template.span, near),
                None => problem.help(format!(
                    "write `sequences/templates/{}.md`, or name it under `templates` in segue.yaml",
                    template.value
                )),
            }
        })
        .collect()
}
