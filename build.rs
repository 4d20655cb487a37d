//! Names this build: a digest of everything that the program is made of, so that what one build keeps no other takes.
#![allow(clippy::disallowed_methods, reason = "a build script reads the files that it is about")]

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    let mut files = BTreeSet::from(["Cargo.toml", "Cargo.lock", "build.rs"].map(PathBuf::from));
    collect(Path::new("src"), &mut files);
    // Two hashes that begin differently are 128 bits together. Nobody has a reason to look for two programs that share them.
    let mut hashes = [DefaultHasher::new(), DefaultHasher::new()];
    hashes[1].write_u8(1);
    for file in files {
        // A crate that was packed without its lock file is named by what there is.
        let Ok(bytes) = fs::read(&file) else { continue };
        for hash in &mut hashes {
            hash.write(file.to_string_lossy().replace('\\', "/").as_bytes());
            hash.write_usize(bytes.len());
            hash.write(&bytes);
        }
    }
    let [one, other] = hashes.map(|hash| hash.finish());
    println!("cargo::rustc-env=SEGUE_BUILD={one:016x}{other:016x}");
    for watched in ["src", "Cargo.toml", "Cargo.lock", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path);
        }
    }
}
