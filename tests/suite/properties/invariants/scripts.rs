//! Any text as a script: it ends, within its limits, and what is wrong stands in it.

use std::time::Duration;

use segue::diagnostic::Code;
use segue::sandbox::{Cancel, Limits, Meter};
use segue::script::{Ending, Host, Request, Run, Scripts, run};
use segue::text::{FilePath, Source};

use super::{Held, hold, text};

/// Little enough for many scripts a second.
const LIMITS: Limits = Limits { operations: 5_000, time: Duration::from_secs(2), heap: 16 << 20, source: 64 << 10, lines: 100 };

/// Run as it is, with nothing of a workspace.
pub fn scripts(bytes: &[u8], meter: Meter) -> Held {
    let source = Source::new(FilePath::new("scripts/made-up.rhai"), text(bytes));
    let scripts = Scripts::new([(source.path().clone(), Ok(source.clone()))]);
    let request = Request {
        name: "made-up".to_owned(),
        args: vec!["one".to_owned()],
        now: jiff::Timestamp::UNIX_EPOCH,
        limits: LIMITS,
        meter,
        cancel: Cancel::default(),
        print: Box::new(|_, _| ()),
    };
    match run(&scripts, request, || Nothing).ending {
        Ending::Done => Ok(()),
        Ending::Interrupted => Err("nobody interrupted it".to_owned()),
        Ending::Failed(finding) => {
            hold(finding.code != Code::Internal, || format!("a fault of ours: {finding:?}"))?;
            let place = source.text().get(finding.primary.span.range());
            hold(place.is_some(), || format!("it stands nowhere in the script: {finding:?}"))
        }
    }
}

struct Nothing;

impl Host for Nothing {
    type Yield = ();

    fn register(&self, _: &mut rhai::Engine, _: &Run) {}

    fn finish(self, _: &Ending) {}
}
