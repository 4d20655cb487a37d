//! What one sequence costs, from its text to its findings: conditions in a row, each of which doubles the ways through it, and
//! conditions in each other. Twice as many cost twice as much, not the square and not a power of two.
#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a bench may fail")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use segue::check::read_sequence;
use segue::sequence::SequenceId;
use segue::settings::Settings;
use segue::text::{FilePath, Source};
use segue::yaml;

const HEAD: &str = "name: Many ways\nrecord_type: lead\nowner: ana.ruiz\nsteps:\n";

/// Conditions one behind the other.
fn row(count: usize) -> String {
    let part = |at: usize| {
        format!(
            "  - {{id: mail-{at}, type: email, name: Write}}
  - id: asks-{at}
    type: condition
    when: record.employees > {at} && record.country in [\"DE\", \"FR\"]
    then:
      - {{id: call-{at}, type: phone_call, name: Call}}
    else:
      - {{id: wait-{at}, type: wait, for: 1d}}
"
        )
    };
    HEAD.to_owned() + &(0..count).map(part).collect::<String>()
}

/// Conditions one inside the other.
fn nest(depth: usize) -> String {
    let mut text = HEAD.to_owned();
    for at in 0..depth {
        let blank = "    ".repeat(at);
        text += &format!("{blank}  - id: asks-{at}\n{blank}    type: condition\n{blank}    when: record.employees > {at}\n");
        text += &format!("{blank}    else: [{{id: call-{at}, type: phone_call, name: Call}}]\n{blank}    then:\n");
    }
    text + &format!("{}  - {{id: last, type: task, name: Write a note}}\n", "    ".repeat(depth))
}

fn judge(criterion: &mut Criterion) {
    let settings = Settings::default();
    let mut group = criterion.benchmark_group("judge");
    let texts =
        [("row", 20, row(20)), ("row", 40, row(40)), ("row", 400, row(400)), ("nest", 15, nest(15)), ("nest", 30, nest(30))];
    for (name, count, text) in texts {
        let source = Source::new(FilePath::new("sequences/many-ways.yaml"), text);
        let id = SequenceId::parse("many-ways").unwrap();
        group.bench_function(BenchmarkId::new(format!("{name}, YAML alone"), count), |bencher| {
            bencher.iter(|| yaml::read(&source).problems.len());
        });
        group.bench_function(BenchmarkId::new(name, count), |bencher| {
            bencher.iter(|| read_sequence(&source, id.clone(), &settings).1.findings.len());
        });
    }
    group.finish();
}

criterion_group!(benches, judge);
criterion_main!(benches);
