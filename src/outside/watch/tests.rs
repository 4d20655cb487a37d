//! Real folders, real saves: what was told must equal the disk in the end, and nothing half-way may be told.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::*;
use crate::outside::disk::{self, Root, Trouble, TroubleReason};
use crate::text::FilePath;
use crate::workspace::Content;

/// Long enough for any machine; only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A workspace, a watch over it, and what a listener who believes every batch would know.
struct Scene {
    _top: tempfile::TempDir,
    root: Root,
    watch: Watch,
    told: BTreeMap<FilePath, Content>,
    troubles: Vec<Trouble>,
    batches: Vec<Batch>,
}

impl Scene {
    /// Events only: no sweep comes to the rescue.
    fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, WatchOptions { sweep: Duration::from_secs(3600), ..WatchOptions::default() })
    }

    fn with(files: &[(&str, &str)], options: WatchOptions) -> Self {
        let top = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(top.path().join("w/sequences")).expect("folders");
        let root = Root::at(&top.path().join("w")).expect("a root");
        for (file, text) in files {
            write(&root.path().join(file), text);
        }
        let watch = Watch::start(&root, options);
        let mut scene = Self { _top: top, root, watch, told: BTreeMap::new(), troubles: Vec::new(), batches: Vec::new() };
        assert!(scene.hear(Duration::ZERO), "the first call tells everything");
        assert!(scene.batches[0].full);
        scene.batches.clear();
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        write(&self.path(name), text);
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("renamed");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("removed");
    }

    fn sh(&self, script: &str) {
        let status = Command::new("sh").arg("-ec").arg(script).current_dir(self.root.path()).status().expect("a shell");
        assert!(status.success(), "{script}");
    }

    /// Takes in one batch, if one comes in time.
    fn hear(&mut self, timeout: Duration) -> bool {
        let batch = match self.watch.next(Some(timeout)) {
            Next::Batch(batch) => batch,
            Next::Quiet => return false,
            Next::Stopped => panic!("nobody stopped it"),
        };
        for (file, content) in &batch.changed {
            let before = match content {
                Content::Gone => self.told.remove(file),
                _ => self.told.insert(file.clone(), content.clone()),
            };
            assert_ne!(before.as_ref(), Some(content), "{file} was told twice");
            assert!(before.is_some() || *content != Content::Gone, "{file} was never there");
        }
        if let Some(troubles) = &batch.troubles {
            self.troubles.clone_from(troubles);
        }
        self.batches.push(batch);
        true
    }

    fn disk(&self) -> BTreeMap<FilePath, Content> {
        let read = |file: FilePath| (file.clone(), disk::read(&self.root, &file));
        disk::list(&self.root).files.into_iter().map(read).filter(|(_, content)| *content != Content::Gone).collect()
    }

    /// Takes in batches until what was told is what the disk holds, and the system has nothing more to say.
    #[track_caller]
    fn agree(&mut self) -> &[Batch] {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let heard = self.hear(Duration::from_millis(150));
            if !heard && self.told == self.disk() && self.troubles == disk::list(&self.root).troubles {
                return &self.batches;
            }
            assert!(Instant::now() < deadline, "{}", self.difference());
        }
    }

    fn difference(&self) -> String {
        let disk = self.disk();
        let names: Vec<&FilePath> = self.told.keys().chain(disk.keys()).collect();
        let wrong: Vec<_> = names.into_iter().filter(|name| self.told.get(name) != disk.get(name)).collect();
        let troubles = disk::list(&self.root).troubles;
        format!("what was told differs from the disk in {wrong:?}; troubles {:?}, on disk {troubles:?}", self.troubles)
    }

    /// All contents that were told of a file, in order, as text.
    fn tale(&self, name: &str) -> Vec<String> {
        let of_it = |(file, content): &(FilePath, Content)| (file.as_str() == name).then(|| show(content));
        self.batches.iter().flat_map(|batch| batch.changed.iter().filter_map(of_it)).collect()
    }
}

fn show(content: &Content) -> String {
    match content {
        Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => format!("{other:?}"),
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it has one")).expect("folders");
    fs::write(path, text).expect("written");
}

const A: &str = "sequences/a.yaml";

#[test]
fn the_first_batch_is_everything() {
    let scene = Scene::new(&[(A, "1"), ("scripts/x.rhai", "2"), ("segue.yaml", "format: 1"), ("README.md", "no")]);
    let names: Vec<&str> = scene.told.keys().map(FilePath::as_str).collect();
    assert_eq!(names, ["scripts/x.rhai", "segue.yaml", A]);
}

#[test]
fn a_save_in_place_is_told_once_and_whole() {
    let mut scene = Scene::new(&[(A, "1"), ("segue.yaml", "1")]);
    for number in 2..12 {
        scene.write(A, &format!("{number}"));
        scene.agree();
    }
    scene.write("segue.yaml", "2");
    scene.agree();
    let expected: Vec<String> = (2..12).map(|number| number.to_string()).collect();
    assert_eq!(scene.tale(A), expected);
    assert_eq!(scene.tale("segue.yaml"), ["2"]);
}

#[test]
fn a_save_by_rename_is_told_once() {
    let mut scene = Scene::new(&[(A, "1")]);
    scene.write("sequences/.a.yaml.tmp", "2");
    scene.rename("sequences/.a.yaml.tmp", A);
    scene.agree();
    scene.sh("sed -i s/2/3/ sequences/a.yaml");
    scene.agree();
    assert_eq!(scene.tale(A), ["2", "3"]);
    scene.write("elsewhere", "4");
    scene.rename("elsewhere", A);
    scene.agree();
    assert_eq!(scene.tale(A), ["2", "3", "4"]);
}

#[test]
fn a_save_in_the_way_of_vim_does_not_show_the_file_gone() {
    let mut scene = Scene::new(&[(A, "1")]);
    for number in 2..7 {
        scene.write("sequences/4913", "");
        scene.remove("sequences/4913");
        scene.rename(A, "sequences/a.yaml~");
        scene.write(A, &number.to_string());
        scene.remove("sequences/a.yaml~");
        scene.agree();
    }
    // A machine may be so busy that it stops in the middle of a save, but not in the middle of most.
    let (gone, saved): (Vec<_>, Vec<_>) = scene.tale(A).into_iter().partition(|told| told == "Gone");
    assert_eq!(saved, ["2", "3", "4", "5", "6"]);
    assert!(gone.len() <= 2);
}

#[test]
fn a_save_in_the_way_of_jetbrains_is_told_once() {
    let mut scene = Scene::new(&[(A, "1")]);
    scene.write("sequences/a.yaml___jb_tmp___", "2");
    scene.rename(A, "sequences/a.yaml___jb_old___");
    scene.rename("sequences/a.yaml___jb_tmp___", A);
    scene.remove("sequences/a.yaml___jb_old___");
    scene.agree();
    assert_eq!(scene.tale(A).last().map(String::as_str), Some("2"));
}

#[test]
fn a_slow_writer_is_waited_for() {
    let mut scene = Scene::new(&[(A, "1")]);
    let path = scene.path(A);
    let writer = std::thread::spawn(move || {
        let mut file = File::create(path).expect("opened");
        for part in ["first ", "second ", "third"] {
            file.write_all(part.as_bytes()).expect("written");
            sleep(Duration::from_millis(5));
        }
    });
    while !writer.is_finished() {
        scene.hear(Duration::from_millis(10));
    }
    scene.agree();
    assert_eq!(scene.tale(A).last().map(String::as_str), Some("first second third"));
    assert!(!scene.tale(A).contains(&String::new()), "the empty file between is not told: {:?}", scene.tale(A));
}

#[test]
fn a_file_made_empty_on_purpose_is_told_empty_and_one_filled_again_is_not() {
    let mut scene = Scene::new(&[(A, "1"), ("sequences/b.yaml", "1")]);
    scene.write(A, "");
    scene.agree();
    assert_eq!(scene.tale(A), [""]);
    scene.write("sequences/b.yaml", "");
    scene.write("sequences/b.yaml", "2");
    scene.agree();
    assert_eq!(scene.tale("sequences/b.yaml"), ["2"]);
}

#[test]
fn touching_and_writing_the_same_is_nothing() {
    let mut scene = Scene::new(&[(A, "1")]);
    scene.sh("touch sequences/a.yaml; chmod 600 sequences/a.yaml");
    scene.write(A, "1");
    scene.write("sequences/.b", "1");
    scene.rename("sequences/.b", A);
    assert!(scene.agree().is_empty(), "{:?}", scene.batches);
}

#[test]
fn own_writes_are_no_news() {
    let mut scene = Scene::new(&[(A, "1")]);
    scene.watch.expect(&FilePath::new(A), b"2");
    scene.told.insert(FilePath::new(A), Content::Bytes(b"2".to_vec()));
    scene.write(A, "2");
    assert!(scene.agree().is_empty());
    scene.write(A, "3");
    scene.agree();
    assert_eq!(scene.tale(A), ["3"]);
}

#[test]
fn a_new_folder_with_a_hundred_files_is_told_whole() {
    let mut scene = Scene::new(&[]);
    for round in 0..3 {
        scene.sh(&format!(
            "mkdir -p sequences/n{round}/d/e; for i in $(seq 100); do echo $i > sequences/n{round}/d/e/$i.yaml; done"
        ));
    }
    scene.agree();
    assert_eq!(scene.told.len(), 300);
}

#[test]
fn a_folder_removed_and_made_again_is_watched_again() {
    let mut scene = Scene::new(&[("sequences/d/a.yaml", "1"), ("sequences/d/e/b.yaml", "1")]);
    for round in 0..5 {
        scene.sh(&format!("rm -rf sequences/d; mkdir -p sequences/d/e; echo {round} > sequences/d/e/b.yaml"));
        scene.agree();
        scene.write("sequences/d/e/b.yaml", "later");
        scene.agree();
    }
    scene.sh("rm -rf sequences scripts");
    scene.agree();
    assert!(scene.told.is_empty());
    scene.write("sequences/x/y.yaml", "back");
    scene.agree();
    scene.write("scripts/z.rhai", "new");
    scene.agree();
    scene.write("scripts/z.rhai", "newer");
    scene.agree();
    assert_eq!(scene.told.len(), 2);
}

#[test]
fn trees_that_are_moved_in_out_and_about_are_followed() {
    let mut scene = Scene::new(&[("elsewhere/d/e/a.yaml", "1"), ("elsewhere/b.yaml", "1"), (A, "1")]);
    scene.rename("elsewhere", "sequences/in");
    scene.agree();
    assert_eq!(scene.told.len(), 3);
    scene.write("sequences/in/d/e/a.yaml", "2");
    scene.agree();
    scene.rename("sequences/in", "sequences/other");
    scene.write("sequences/other/d/e/a.yaml", "3");
    scene.agree();
    scene.write("sequences/other/d/e/new.yaml", "4");
    scene.agree();
    scene.rename("sequences/other", "out");
    scene.agree();
    assert_eq!(scene.told.len(), 1);
    scene.batches.clear();
    scene.write("out/d/e/a.yaml", "5");
    assert!(scene.agree().is_empty(), "what lies outside is not told");
}

#[test]
fn a_folder_that_takes_the_place_of_another_is_the_one_watched() {
    let mut scene = Scene::new(&[("sequences/a/x.yaml", "a"), ("sequences/b/x.yaml", "b")]);
    scene.rename("sequences/a", "sequences/t");
    scene.rename("sequences/b", "sequences/a");
    scene.rename("sequences/t", "sequences/b");
    scene.agree();
    scene.write("sequences/a/x.yaml", "a2");
    scene.agree();
    scene.write("sequences/b/x.yaml", "b2");
    scene.agree();
    scene.sh("rm -r sequences/a; echo file > sequences/a");
    scene.agree();
    scene.sh("rm sequences/a; mkdir sequences/a; echo 1 > sequences/a/y");
    scene.agree();
}

#[test]
fn the_root_may_be_replaced() {
    let mut scene = Scene::with(&[(A, "1")], WatchOptions { sweep: Duration::from_millis(500), ..WatchOptions::default() });
    let root = scene.root.path().to_owned();
    fs::rename(&root, root.with_extension("away")).expect("renamed");
    scene.agree();
    assert!(scene.told.is_empty());
    assert!(scene.batches.iter().any(|batch| batch.notices.contains(&Notice::RootGone)));
    write(&root.join(A), "2");
    scene.agree();
    assert!(scene.batches.iter().any(|batch| batch.notices.contains(&Notice::RootBack)));
    scene.write(A, "3");
    scene.agree();
    assert_eq!(scene.tale(A).last().map(String::as_str), Some("3"));
}

#[test]
fn three_hundred_files_rewritten_are_few_batches() {
    let mut scene = Scene::new(&[]);
    for number in 0..300 {
        scene.write(&format!("sequences/d{}/{number}.yaml", number % 7), "1");
    }
    scene.agree();
    scene.batches.clear();
    for number in 0..300 {
        scene.write(&format!("sequences/d{}/{number}.yaml", number % 7), "2");
    }
    assert!(scene.agree().len() <= 30, "{} batches", scene.batches.len());
    scene.batches.clear();
    scene.sh("rm -r sequences/d*");
    assert!(scene.agree().len() <= 30, "{} batches", scene.batches.len());
}

#[test]
fn while_git_switches_branches_nothing_is_told() {
    let mut scene = Scene::new(&[("sequences/d/a.yaml", "1"), ("sequences/d/b.yaml", "1")]);
    scene.write(".git/index.lock", "");
    scene.write("sequences/d/a.yaml", "2");
    assert!(!scene.hear(Duration::from_millis(1)), "held");
    scene.remove("sequences/d/b.yaml");
    scene.write("sequences/d/c.yaml", "2");
    scene.remove(".git/index.lock");
    assert!(scene.agree().len() <= 2, "{:?}", scene.batches);
}

#[test]
fn hidden_names_never_arrive() {
    let mut scene = Scene::new(&[(A, "1")]);
    scene.write("sequences/.a.yaml.swp", "x");
    scene.write("sequences/#a.yaml#", "x");
    scene.write("sequences/a.yaml~", "x");
    scene.write("sequences/.hidden/b.yaml", "x");
    scene.write(".segue/state.db", "x");
    scene.write("README.md", "x");
    scene.write("other/b.yaml", "x");
    symlink("nobody@host.1", scene.path("sequences/.#a.yaml")).expect("linked");
    assert!(scene.agree().is_empty(), "{:?}", scene.batches);
    scene.write("sequences/.hidden/b.yaml", "y");
    scene.rename("sequences/.hidden", "sequences/shown");
    scene.agree();
    assert_eq!(scene.tale("sequences/shown/b.yaml"), ["y"]);
    scene.rename("sequences/shown", "sequences/.hidden");
    scene.agree();
    assert_eq!(scene.told.len(), 1);
}

#[test]
fn what_links_lead_to_is_watched() {
    let mut scene = Scene::new(&[("shared/f.yaml", "1"), ("shared/team/g.yaml", "1"), ("sequences/.v1/h.yaml", "1")]);
    scene.write("sequences/.v2/h.yaml", "2");
    symlink("../shared/f.yaml", scene.path("sequences/f.yaml")).expect("linked");
    symlink("../shared/team", scene.path("sequences/team")).expect("linked");
    symlink(".v1", scene.path("sequences/.now")).expect("linked");
    symlink(".now/h.yaml", scene.path("sequences/h.yaml")).expect("linked");
    scene.agree();
    assert_eq!(scene.told.len(), 3);
    scene.write("shared/f.yaml", "2");
    scene.agree();
    scene.write("shared/team/g.yaml", "2");
    scene.write("shared/team/new.yaml", "2");
    scene.agree();
    symlink(".v2", scene.path("sequences/.next")).expect("linked");
    scene.rename("sequences/.next", "sequences/.now");
    scene.agree();
    assert_eq!(scene.tale("sequences/h.yaml"), ["1", "2"]);
    scene.rename("shared", "../gone");
    scene.agree();
    assert_eq!(scene.troubles.len(), 2);
    scene.rename("../gone", "shared");
    scene.agree();
    scene.write("shared/team/new.yaml", "3");
    scene.agree();
    assert!(scene.troubles.is_empty());
}

#[test]
fn links_out_of_the_workspace_are_troubles_that_come_and_go() {
    let mut scene = Scene::new(&[(A, "1")]);
    symlink("/etc", scene.path("sequences/out")).expect("linked");
    scene.agree();
    assert!(matches!(scene.troubles[0].reason, TroubleReason::Leaves(_)));
    assert_eq!(scene.told.len(), 1);
    scene.remove("sequences/out");
    scene.agree();
    assert!(scene.troubles.is_empty());
}

#[test]
fn what_no_event_tells_of_a_sweep_finds() {
    let options = WatchOptions { sweep: Duration::from_millis(100), ..WatchOptions::default() };
    let mut scene = Scene::with(&[(A, "1"), ("outside.yaml", "1")], options);
    fs::hard_link(scene.path(A), scene.path("twin")).expect("linked");
    scene.agree();
    fs::write(scene.path("twin"), "2").expect("written");
    scene.agree();
    assert_eq!(scene.tale(A), ["2"]);
    let notice = Notice::Unannounced(FilePath::new(A));
    assert!(scene.batches.iter().any(|batch| batch.notices.contains(&notice)), "{:?}", scene.batches);
}

#[test]
fn with_too_few_watches_the_rest_is_swept_and_said() {
    let options = WatchOptions { sweep: Duration::from_millis(100), most_folders: 2, ..WatchOptions::default() };
    let mut scene = Scene::with(&[("sequences/a/b.yaml", "1"), ("sequences/c/d.yaml", "1")], options);
    scene.write("sequences/a/b.yaml", "2");
    scene.write("sequences/c/d.yaml", "2");
    scene.agree();
    scene.sh("rm -r sequences/a sequences/c");
    scene.agree();
    assert!(scene.batches.iter().any(|batch| batch.notices.contains(&Notice::AllFoldersWatched)), "{:?}", scene.batches);
}

#[test]
fn without_events_sweeping_does() {
    let options = WatchOptions { poll: Some(Duration::from_millis(50)), ..WatchOptions::default() };
    let mut scene = Scene::with(&[(A, "1")], options);
    scene.write(A, "2");
    scene.write("sequences/b/c.yaml", "2");
    scene.agree();
    scene.remove(A);
    scene.agree();
    assert!(scene.batches.iter().all(|batch| batch.notices.is_empty()), "{:?}", scene.batches);
}

#[test]
fn a_stopped_watch_says_so_for_ever() {
    let mut scene = Scene::new(&[]);
    let stopper = scene.watch.stopper();
    let stopping = std::thread::spawn(move || {
        sleep(Duration::from_millis(20));
        stopper.stop();
    });
    assert!(matches!(scene.watch.next(None), Next::Stopped));
    assert!(matches!(scene.watch.next(Some(Duration::ZERO)), Next::Stopped));
    stopping.join().expect("it ended");
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn folder(&mut self) -> String {
        let names = ["sequences", "sequences/p", "sequences/q", "sequences/p/r", "scripts", "scripts/s", "away", "sequences/.h"];
        names[self.roll(names.len() as u64) as usize].to_string()
    }

    fn file(&mut self) -> String {
        format!("{}/f{}.yaml", self.folder(), self.roll(4))
    }
}

/// One thing that a person or tool may do. Many fail, for want of what they act on; that is as good.
fn stir(scene: &Scene, dice: &mut Dice, round: u64) {
    let text = format!("{round} {}", dice.roll(3));
    let (folder, other, file) = (scene.path(&dice.folder()), scene.path(&dice.folder()), scene.path(&dice.file()));
    let target = scene.path(&dice.file());
    match dice.roll(14) {
        0..4 => _ = fs::create_dir_all(file.parent().expect("it has one")).and_then(|()| fs::write(&file, text)),
        4 => _ = fs::remove_file(&file),
        5 => _ = fs::rename(&file, &target),
        6 => _ = fs::rename(&folder, &other),
        7 => _ = fs::remove_dir_all(&folder),
        8 => {
            _ = fs::remove_dir_all(&folder);
            _ = fs::create_dir_all(&folder);
            _ = fs::write(folder.join("f0.yaml"), text);
        }
        9 => _ = symlink("../scripts", folder.join("l")),
        10 => _ = symlink(&file, folder.join("m.yaml")),
        11 => {
            _ = fs::write(folder.join(".tmp"), text);
            _ = fs::rename(folder.join(".tmp"), &file);
        }
        12 => _ = fs::write(scene.path("segue.yaml"), text),
        _ => (0..10).for_each(|number| _ = fs::write(folder.join(format!("g{number}.yaml")), &text)),
    }
}

#[test]
fn after_anything_at_all_what_was_told_is_what_the_disk_holds() {
    let seed = std::env::var("SEGUE_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    let mut dice = Dice(seed);
    let mut scene = Scene::new(&[(A, "1")]);
    for round in 0..60 {
        for _ in 0..dice.roll(12) + 1 {
            stir(&scene, &mut dice, round);
            match dice.roll(4) {
                0 => sleep(Duration::from_millis(dice.roll(12))),
                1 => _ = scene.hear(Duration::from_millis(dice.roll(5))),
                _ => (),
            }
        }
        scene.agree();
    }
}
