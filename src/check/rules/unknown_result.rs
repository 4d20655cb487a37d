//! # unknown-result
//!
//! A result that neither emails nor calls have. Results of calls can be added with `call_results` in segue.yaml.

use crate::check::results::{result_names, result_of};
use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_result(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let results = scene.ways.questions.iter().flat_map(|asked| &asked.criterion.results);
    let unknown = results.filter(|result| result_of(&result.value, scene.settings).is_none());
    unknown
        .map(|result| {
            let near = suggest(&result.value, result_names(scene.settings));
            let message = format!("neither an email nor a call has the result `{}`", result.value);
            let problem = Diagnostic::new(Code::UnknownResult, scene.at(result.span), message);
            match near {
                Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, result.span, near),
                None => {
                    let names: Vec<String> = result_names(scene.settings).map(|name| format!("`{name}`")).collect();
                    problem
                        .help(format!("the results are {}", names.join(", ")))
                        .help("add results of calls to `call_results` in segue.yaml")
                }
            }
        })
        .collect()
}
