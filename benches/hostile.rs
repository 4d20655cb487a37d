//! What files that are written to hurt take beside a plain file of the same size: `hostile [TIMES]` checks each so many times,
//! by turns with its plain neighbour, and prints medians and their ratio, the worst first. Nobody's file should hold up the
//! others for long.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool of its own, run by hand")]

use std::time::{Duration, Instant};

use anyhow::Context;
use segue::text::FilePath;
use segue::workspace::{Content, Workspace};

#[path = "../tests/workspaces/hostile.rs"]
#[expect(dead_code, reason = "the codes that a text earns are for the tests")]
mod hostile_texts;

use hostile_texts::{LARGEST, Text, texts};

/// How often each is checked where nobody says.
const TIMES: usize = 7;

/// One file, as what it is checked: a sequence or the settings.
struct Line {
    name: String,
    bytes: usize,
    hostile: Duration,
    plain: Duration,
}

impl Line {
    fn ratio(&self) -> f64 {
        self.hostile.as_secs_f64() / self.plain.as_secs_f64().max(f64::EPSILON)
    }
}

fn main() -> anyhow::Result<()> {
    let times = match std::env::args().nth(1) {
        Some(times) => times.parse().context("usage: hostile [TIMES]")?,
        None => TIMES,
    };
    let mut lines: Vec<Line> =
        texts().iter().flat_map(|text| ["sequence", "settings"].map(|kind| line(text, kind, times))).collect();
    lines.sort_by(|one, other| other.ratio().total_cmp(&one.ratio()));
    println!("{:<34}{:>10}{:>13}{:>13}{:>9}", "text", "bytes", "hostile ms", "plain ms", "ratio");
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    for line in &lines {
        let (hostile, plain) = (millis(line.hostile), millis(line.plain));
        println!("{:<34}{:>10}{hostile:>13.2}{plain:>13.2}{:>9.2}", line.name, line.bytes, line.ratio());
    }
    Ok(())
}

/// A text beside a plain one, checked by turns.
fn line(text: &Text, kind: &str, times: usize) -> Line {
    let path = if kind == "settings" { "segue.yaml" } else { "sequences/hostile.yaml" };
    let plain = plain(kind, text.bytes.len().min(LARGEST));
    let (mut hostile_times, mut plain_times) = (Vec::new(), Vec::new());
    for _ in 0..times.max(1) {
        hostile_times.push(checked(path, &text.bytes));
        plain_times.push(checked(path, plain.as_bytes()));
    }
    let (hostile, plain) = (median(hostile_times), median(plain_times));
    Line { name: format!("{} ({kind})", text.name), bytes: text.bytes.len(), hostile, plain }
}

/// How long a check of this one file takes, and the findings with it.
fn checked(path: &str, bytes: &[u8]) -> Duration {
    // What a disk gives is made before the clock starts.
    let content = match bytes.len() > LARGEST {
        true => Content::TooLarge { bytes: bytes.len() as u64 },
        false => Content::Bytes(bytes.to_vec()),
    };
    let changes = vec![(FilePath::new(path), content)];
    let start = Instant::now();
    let mut workspace = Workspace::new();
    workspace.update(changes);
    drop(std::hint::black_box(workspace.take_told()));
    start.elapsed()
}

/// A file of about so many bytes as people write them, with long descriptions, so that it is not refused for its many keys.
fn plain(kind: &str, bytes: usize) -> String {
    let sentence = "Ask what made them write today, and who else is looking for a solution. ".repeat(20);
    let (mut text, step): (String, &dyn Fn(usize) -> String) = match kind {
        "settings" => ("record_types:\n".to_owned(), &|number| {
            format!("  type-{number}:\n    # {sentence}\n    fields: {{name: text, rating: {{options: [cold, warm]}}}}\n")
        }),
        _ => ("name: Plain\nrecord_type: lead\nowner: ana\nsteps:\n".to_owned(), &|number| {
            format!("  - id: step-{number}\n    type: task\n    name: Task {number}\n    description: {sentence}\n")
        }),
    };
    for number in 0.. {
        let next = step(number);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
