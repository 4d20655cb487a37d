//! # mixed-results
//!
//! One list holds results of emails and of calls.

use crate::check::results::{ResultOf, result_of};
use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn mixed_results(scene: &Scene<'_>) -> Vec<Diagnostic> {
    scene.ways.questions.iter().filter_map(|asked| problem(scene, asked)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Diagnostic> {
    let known = asked.criterion.results.iter().filter_map(|result| Some((result, result_of(&result.value, scene.settings)?)));
    let mut known = known.peekable();
    let (first, first_of) = *known.peek()?;
    let (other, other_of) = known.find(|(_, of)| *of != first_of)?;
    let words = |of| match of {
        ResultOf::Email => "an email",
        ResultOf::Call => "a call",
    };
    let message = format!("`{}` is a result of {}, `{}` one of {}", other.value, words(other_of), first.value, words(first_of));
    Some(
        Diagnostic::new(Code::MixedResults, scene.at(other.span), message)
            .related(scene.at(first.span), format!("a result of {}", words(first_of)))
            .help("ask for one kind here and for the other in a condition of its own"),
    )
}
