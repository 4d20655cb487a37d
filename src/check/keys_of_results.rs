//! Keys that a condition on results must or must not have: `missing-key` and `conflicting-keys` by what the results are of.

use crate::check::results::{Asks, asks};
use crate::check::scene::Scene;
use crate::check::ways::Asked;
use crate::diagnostic::Diagnostic;
use crate::shape::rules::{conflicting_keys::conflicting_keys, missing_key::missing};

pub(super) fn keys_of_results(scene: &Scene<'_>) -> Vec<Diagnostic> {
    scene.ways.questions.iter().flat_map(|asked| problems(scene, asked)).collect()
}

fn problems(scene: &Scene<'_>, asked: &Asked<'_>) -> Vec<Diagnostic> {
    let criterion = asked.criterion;
    match asks(criterion, scene.settings) {
        Asks::Email if criterion.within_key.is_none() && !criterion.may_lack_keys => {
            let message = "a condition on an email needs the key `within`".to_owned();
            vec![missing(scene.source, criterion.key, message).help("add how long to wait for the results, like `within: 2d`")]
        }
        Asks::Call => {
            let keys = criterion.within_key.into_iter().chain(criterion.at_once.as_ref().map(|at_once| at_once.span));
            let problem = |key| {
                conflicting_keys(scene.source, key, criterion.key)
                    .help("delete it: a call's result is there as soon as the call is completed")
            };
            keys.map(problem).collect()
        }
        Asks::Email | Asks::Both | Asks::Unknown => Vec::new(),
    }
}
