//! A fuzzer of small means, for a stable compiler: files and folders that are named are tried as they are; with
//! `--seconds N` what lies in them is also cut, doubled and mixed for so long. What breaks lies in `fuzz/artifacts`.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[path = "../tests/suite/properties/chance.rs"]
mod chance;

use chance::Chance;

/// Inputs grow no further: what is large is a matter of tests of its own.
const LARGEST: usize = 8 << 10;

/// Tries an invariant on what the arguments name.
pub fn main(invariant: impl Fn(&[u8]) -> Result<(), String>) {
    let mut seconds = 0;
    let mut seed = 1;
    let mut inputs = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let number = |text: Option<String>| text.and_then(|text| text.parse().ok()).expect("a number follows");
        match argument.as_str() {
            "--seconds" => seconds = number(arguments.next()),
            "--seed" => seed = number(arguments.next()),
            path => gather(Path::new(path), &mut inputs),
        }
    }
    // Panics are caught and counted; their words are printed by the hook as always.
    let mut broken = 0;
    let mut attempt = |bytes: &[u8]| {
        let started = Instant::now();
        let held = panic::catch_unwind(AssertUnwindSafe(|| invariant(bytes)));
        let held = held.unwrap_or_else(|_| Err("it panicked".to_owned()));
        let slow = started.elapsed() > Duration::from_secs(2);
        if let Err(why) = held.and_then(|()| if slow { Err("it took more than two seconds".to_owned()) } else { Ok(()) }) {
            broken += 1;
            println!("{}: {why}", kept(bytes).display());
        }
    };
    inputs.iter().for_each(|input| attempt(input));
    let mut tried = inputs.len();
    let mut chance = Chance(seed);
    let end = Instant::now() + Duration::from_secs(seconds);
    while seconds > 0 && Instant::now() < end {
        attempt(&mutated(&mut chance, &inputs));
        tried += 1;
    }
    println!("tried {tried} inputs, {broken} broke it");
    std::process::exit(i32::from(broken > 0));
}

fn gather(path: &Path, inputs: &mut Vec<Vec<u8>>) {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("the folder can be listed");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
        paths.sort();
        paths.iter().for_each(|path| gather(path, inputs));
    } else {
        inputs.push(fs::read(path).expect("the file can be read"));
    }
}

fn kept(bytes: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let name = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    let path = folder.join(format!("{name:016x}"));
    fs::write(&path, bytes).expect("the file can be written");
    path
}

/// Pieces that mean something to YAML, to expressions or to tables.
const PIECES: [&[u8]; 48] = [
    b"\n", b"\n  ", b"\n    ", b"\r\n", b"\r", b"\t", b" ", b"  ", b" #", b"#", b"- ", b"\n- ", b"? ", b": ", b":", b":\n", b", ", b"[", b"]",
    b"{", b"}", b"\"", b"'", b"''", b"\\", b"|\n", b">-\n", b"&a ", b"*a", b"!a ", b"<<: ", b"---\n", b"...\n", b"%", b"@", b"`", b"~", b"0",
    b"steps:\n", b"id: a\n", b"when: ", b"record.a", b" == ", b"(", b")", b"\0", b"\xef\xbb\xbf", b"\xc3\xa4\xf0\x9f\x99\x82",
];

fn mutated(chance: &mut Chance, inputs: &[Vec<u8>]) -> Vec<u8> {
    let any = |chance: &mut Chance| inputs.get(chance.below(inputs.len())).cloned().unwrap_or_default();
    let mut bytes = any(chance);
    // A piece of a file rather than all of it: more is tried in the same time.
    if bytes.len() > 400 && chance.below(3) > 0 {
        let start = line_before(&bytes, chance.below(bytes.len()));
        let length = 100 + chance.below(600);
        bytes = bytes[start..bytes.len().min(start + length)].to_vec();
    }
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let until = (at + chance.below(12)).min(bytes.len());
        match chance.below(9) {
            0 => drop(bytes.drain(at..until)),
            1 => bytes.truncate(at),
            2 | 3 => insert(&mut bytes, at, PIECES[chance.below(PIECES.len())]),
            4 => {
                let piece = bytes[at..until].to_vec();
                let to = chance.below(bytes.len() + 1);
                insert(&mut bytes, to, &piece);
            }
            5 => {
                let other = any(chance);
                let from = line_before(&other, chance.below(other.len()));
                let piece = other[from..other.len().min(from + chance.below(200))].to_vec();
                let to = line_before(&bytes, at);
                insert(&mut bytes, to, &piece);
            }
            6 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = chance.below(256) as u8),
            7 => {
                let piece = PIECES[chance.below(PIECES.len())].repeat(1 + chance.below(80));
                insert(&mut bytes, at, &piece);
            }
            _ => {
                let (start, end) = (line_before(&bytes, at), line_before(&bytes, until.max(at)));
                drop(bytes.drain(start..end.max(start)));
            }
        }
    }
    bytes.truncate(LARGEST);
    bytes
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    drop(bytes.splice(at..at, piece.iter().copied()));
}

fn line_before(bytes: &[u8], at: usize) -> usize {
    bytes[..at.min(bytes.len())].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}
