//! What automation scripts see of a workspace: sequences, steps, records, and the verbs.
//! In come a staging, the store's answers and the rules of the house; out come the changes that the script asked for, or why
//! none of them may be kept. Never decides by itself what may be done, never writes anything.

mod connections;
mod desk;
mod kinds;
mod listing;
mod node;
mod offer;
mod records;
mod sequences;
mod sheet;
mod steps;
mod tables;
mod tags;
mod values;

use std::collections::BTreeMap;
use std::rc::Rc;

use rhai::{Engine, Module};

use crate::diagnostic::Related;
use crate::operation::{Changes, Facts, House, Staging};
use crate::text::{FilePath, Source};

use super::run::{Ending, Host, Run, Spoiled};
use desk::Desk;
use listing::List;

pub use desk::{Said, Trouble};
pub use tables::{Table, Tables};

/// How many things a run may do, unless somebody says otherwise: each edit, each connected record is one.
pub const MAX_CHANGES: usize = 100_000;

/// What a run works on.
pub struct Work<F> {
    /// The files.
    pub staging: Staging,
    /// The store.
    pub facts: F,
    /// Rules that the workspace adds.
    pub house: Box<dyn House>,
    /// Who runs it.
    pub actor: String,
    /// Tables that were named with the run.
    pub tables: Tables,
    /// How many things it may do.
    pub max_changes: usize,
}

/// The host of automation scripts. Made on the script's thread, since a staging stays on one.
pub struct Api<F> {
    desk: Rc<Desk>,
    facts: Rc<F>,
}

/// What is left of a run.
#[derive(Debug)]
pub struct Yielded<F> {
    /// The store, for whoever lent it; `None` only where a value of the script outlived it.
    pub facts: Option<F>,
    /// What one commit has to write; nothing unless the run ended well.
    pub changes: Changes,
    /// What was done, lost and noted, in words; nothing unless the run ended well.
    pub said: Said,
    /// Why nothing may be kept, though the script may have gone on.
    pub trouble: Option<Trouble>,
    /// The texts that the places of the run's finding are in, where they differ from what is on disk.
    pub sources: BTreeMap<FilePath, Source>,
}

impl<F: Facts + Send + 'static> Api<F> {
    /// A host that works on this.
    pub fn new(work: Work<F>) -> Self {
        let Work { staging, facts, house, actor, tables, max_changes } = work;
        let facts = Rc::new(facts);
        let shared: Rc<dyn Facts> = Rc::clone(&facts) as Rc<dyn Facts>;
        Self { desk: Rc::new(Desk::new(staging, shared, house, actor, tables, max_changes)), facts }
    }
}

impl<F: Facts + Send + 'static> Host for Api<F> {
    type Yield = Yielded<F>;

    fn register(&self, engine: &mut Engine, run: &Run) {
        drop(self.desk.run.set(run.clone()));
        register(engine, &self.desk);
    }

    fn places(&self, number: i64) -> Vec<Related> {
        self.desk.places(number)
    }

    fn spoiled(&self) -> Option<Spoiled> {
        self.desk.trouble().map(|trouble| trouble.spoils())
    }

    fn finish(self, ending: &Ending) -> Yielded<F> {
        let Self { desk, facts } = self;
        drop(desk.facts.take());
        let trouble = desk.trouble();
        let (changes, said) = match ending {
            Ending::Done if trouble.is_none() => (desk.staging.borrow().changes(), desk.said.take()),
            Ending::Done | Ending::Failed(_) | Ending::Interrupted => (Changes::default(), Said::default()),
        };
        Yielded { facts: Rc::into_inner(facts), changes, said, trouble, sources: desk.told_sources() }
    }
}

/// Adds everything that automation scripts may use.
fn register(engine: &mut Engine, desk: &Rc<Desk>) {
    engine
        .register_type_with_name::<sequences::Sequence>("Sequence")
        .register_type_with_name::<node::Steps>("Steps")
        .register_type_with_name::<node::Step>("Step")
        .register_type_with_name::<node::Part>("Part")
        .register_type_with_name::<records::Record>("Record")
        .register_type_with_name::<records::Records>("Records")
        .register_type_with_name::<connections::Connection>("Connection")
        .register_type_with_name::<tables::Rows>("Rows")
        .register_type_with_name::<tags::Tag>("Tag")
        .register_type_with_name::<List>("List");
    let mut iterators = Module::new();
    listing::register_listing::<List>(engine, &mut iterators, "List");
    listing::register_listing::<node::Steps>(engine, &mut iterators, "Steps");
    listing::register_listing::<records::Records>(engine, &mut iterators, "Records");
    listing::register_listing::<tables::Rows>(engine, &mut iterators, "Rows");
    engine.register_global_module(iterators.into());
    listing::register_list(engine);
    sequences::register(engine, desk);
    steps::register(engine);
    records::register(engine, desk);
    connections::register(engine);
    tables::register(engine, desk);
    tags::register(engine, desk);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::operation::{Base, NoRules, Standing, Unavailable};
    use crate::sandbox::{Cancel, Guard, Limits, Meter, script_engine};
    use crate::time::Instant;

    use super::*;

    /// A store that knows nothing.
    struct Nothing;

    impl Facts for Nothing {
        fn published(&self, _: &crate::sequence::SequenceId) -> Result<Option<crate::lifecycle::Published>, Unavailable> {
            Ok(None)
        }

        fn version(&self, _: &crate::sequence::SequenceId, _: u32) -> Result<Option<crate::lifecycle::Version>, Unavailable> {
            Ok(None)
        }

        fn versions(&self, _: &crate::sequence::SequenceId) -> Result<Vec<(u32, crate::text::Digest)>, Unavailable> {
            Ok(Vec::new())
        }

        fn former_ids(&self, _: &crate::sequence::SequenceId) -> Result<Vec<crate::sequence::SequenceId>, Unavailable> {
            Ok(Vec::new())
        }

        fn kept(&self, _: &crate::sequence::SequenceId) -> Result<Option<crate::operation::Kept>, Unavailable> {
            Ok(None)
        }

        fn serving(&self) -> Result<Vec<crate::sequence::SequenceId>, Unavailable> {
            Ok(Vec::new())
        }

        fn standings(&self, _: &crate::sequence::SequenceId) -> Result<Vec<Standing>, Unavailable> {
            Ok(Vec::new())
        }

        fn record(&self, _: &crate::record::RecordKey) -> Result<Option<crate::record::Record>, Unavailable> {
            Ok(None)
        }

        fn connection(
            &self,
            _: &crate::record::RecordKey,
            _: &crate::sequence::SequenceId,
        ) -> Result<Option<crate::progress::Connection>, Unavailable> {
            Ok(None)
        }

        fn running(&self, _: &crate::record::RecordKey) -> Result<Vec<crate::progress::Connection>, Unavailable> {
            Ok(Vec::new())
        }

        fn records(&self, _: &str, _: Option<&str>, _: usize) -> Result<Vec<crate::record::Record>, Unavailable> {
            Ok(Vec::new())
        }

        fn record_count(&self, _: &str) -> Result<u64, Unavailable> {
            Ok(0)
        }

        fn connections(&self, _: &crate::sequence::SequenceId) -> Result<Vec<crate::progress::Connection>, Unavailable> {
            Ok(Vec::new())
        }
    }

    fn pages(engine: &Engine) -> Vec<(String, String)> {
        let page = |function: rhai::FuncInfo<'_>| {
            let metadata = function.metadata;
            Some((format!("{}({})", metadata.name, metadata.params_info.join(", ")), metadata.comments.join("\n")))
        };
        engine.collect_fn_metadata(None, page, false)
    }

    #[test]
    fn every_function_has_a_page_with_an_example() {
        let mut engine = script_engine(&Guard::new(Limits::AUTOMATION, Meter::NONE, Cancel::default()));
        let before: BTreeSet<String> = pages(&engine).into_iter().map(|(signature, _)| signature).collect();
        let staging = Staging::new(Base::default(), Instant::UNIX_EPOCH);
        let (house, actor) = (Box::new(NoRules), "ana.ruiz".to_owned());
        let api = Api::new(Work { staging, facts: Nothing, house, actor, tables: Tables::default(), max_changes: 1 });
        register(&mut engine, &api.desk);
        let own: Vec<(String, String)> =
            pages(&engine).into_iter().filter(|(signature, _)| !before.contains(signature)).collect();
        assert!(own.len() > 150, "the functions are seen: {}", own.len());
        let without: Vec<&String> = own.iter().filter(|(_, page)| !page.contains('`')).map(|(signature, _)| signature).collect();
        assert!(without.is_empty(), "without a page or an example: {without:?}");
    }
}
