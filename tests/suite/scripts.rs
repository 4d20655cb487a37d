//! Scripts as they are run, by the built program.
//!
//! A case lies in `tests/cases/script` and is a script. Behind it, in lines that start with `//>`, stands all that the program
//! answers: what it prints, what it finds, and `? 1` if it exits with 1 and not with 0. The script is called like its case;
//! a line `//--- scripts/lib/dates.rhai` starts another file. A first line `//! run: --max-operations 1000` gives arguments,
//! and `//! large` makes the script longer than any may be.
//!
//! What is hostile lies in `tests/cases/hostile`. Each script says in its first line how it must end, with a code or `ok`:
//! `//! ends: limit-size`. All of them are run under limits that a test can wait for, in little memory, and none may end the
//! program by a signal.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use segue::diagnostic::Code;

use crate::data;

/// How long one script may take before it counts as hanging; each has limits of its own far below.
const PATIENCE: Duration = Duration::from_secs(60);

/// All memory that a hostile script's process may ask for, in KiB, its stacks among it.
const ADDRESS_SPACE: usize = 1 << 20;

/// The limits of a hostile script, unless it names its own.
const LIMITS: [&str; 6] = ["--timeout", "3s", "--max-operations", "2000000", "--max-memory", "64"];

#[test]
fn every_script_ends_as_written() {
    let failures: Vec<String> = data::cases("script", "rhai").iter().filter_map(|path| check(path).err()).collect();
    data::report(&failures);
}

#[test]
fn nothing_hostile_gets_through() {
    let mut attacks: Vec<Attack> = data::cases("hostile", "rhai").iter().map(|path| Attack::read(path)).collect();
    attacks.extend(made());
    let (queue, failures) = (Mutex::new(attacks), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(attack) = next(&queue) {
                    if let Err(failure) = attack.holds() {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    data::report(&failures.into_inner().unwrap());
}

fn next(queue: &Mutex<Vec<Attack>>) -> Option<Attack> {
    queue.lock().unwrap().pop()
}

/// The codes that a case in `tests/cases/script` is called after and ends with.
pub fn codes_with_a_case() -> Vec<Code> {
    let has_case = |code: &Code| {
        data::cases("script", "rhai").iter().any(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let belongs = name.strip_prefix(code.name()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
            belongs && fs::read_to_string(path).unwrap().contains(&format!("//> error[{}]: ", code.name()))
        })
    };
    Code::ALL.iter().copied().filter(has_case).collect()
}

/// The codes that a script earns; its last file is the one that is run.
pub fn codes_of(example: &str) -> Vec<(Code, String)> {
    let mut files = vec![("scripts/example.rhai".to_owned(), String::new())];
    for line in example.lines() {
        match line.strip_prefix("// ").filter(|path| path.starts_with("scripts/")) {
            Some(path) => files.push((path.to_owned(), String::new())),
            None => files.last_mut().unwrap().1.extend([line, "\n"]),
        }
    }
    let name = name_of(&files.last().unwrap().0).to_owned();
    let ended = run(&files, &name, &["--max-operations", "200000"], false);
    let found = ended.errors.lines().filter_map(|line| line.strip_prefix("error[")?.split_once("]: "));
    found.map(|(code, message)| (Code::from_name(code).expect("a code that exists"), message.to_owned())).collect()
}

fn name_of(path: &str) -> &str {
    path.trim_start_matches("scripts/").trim_end_matches(".rhai")
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let script: String = text.split_inclusive('\n').filter(|line| !line.starts_with("//>")).collect();
    let mut files = vec![(format!("scripts/{name}.rhai"), String::new())];
    for line in script.split_inclusive('\n') {
        match line.strip_prefix("//--- ") {
            Some(path) => files.push((path.trim().to_owned(), String::new())),
            None => files.last_mut().unwrap().1.push_str(line),
        }
    }
    if script.starts_with("//! large\n") {
        files[0].1.push_str(&format!("// {}\n", "data ".repeat(60_000)));
    }
    let arguments: Vec<&str> = script.strip_prefix("//! run: ").map_or(Vec::new(), |rest| first_line(rest).split(' ').collect());
    let ended = run(&files, &name, &arguments, false);
    let code = ended.code.map_or("a signal".to_owned(), |code| code.to_string());
    let exit = if code == "0" { String::new() } else { format!("? {code}\n") };
    let answer = format!("{}{}{exit}", ended.output, ended.errors);
    let answer: String = answer.lines().map(|line| format!("{}\n", format!("//> {line}").trim_end())).collect();
    data::settle(path, &text, &format!("{script}{answer}"))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// A script that means no good, and how it must end.
struct Attack {
    name: String,
    text: String,
    ends: String,
}

impl Attack {
    fn read(path: &Path) -> Attack {
        let text = fs::read_to_string(path).unwrap();
        let ends = first_line(&text).strip_prefix("//! ends: ").unwrap_or_else(|| panic!("{}: how does it end?", path.display()));
        Attack { name: path.file_stem().unwrap().to_string_lossy().into_owned(), ends: ends.to_owned(), text }
    }

    fn holds(&self) -> Result<(), String> {
        let files = [
            (format!("scripts/{}.rhai", self.name), self.text.clone()),
            ("scripts/lib/itself.rhai".to_owned(), "import \"lib/itself\" as itself;\n".to_owned()),
            ("scripts/lib/one.rhai".to_owned(), "import \"lib/other\" as other;\n".to_owned()),
            ("scripts/lib/other.rhai".to_owned(), "import \"lib/one\" as one;\n".to_owned()),
        ];
        let ended = run(&files, &self.name, &LIMITS, true);
        let (code, mark) = if self.ends == "ok" { (0, String::new()) } else { (1, format!("error[{}]: ", self.ends)) };
        let as_said = ended.code == Some(code) && ended.errors.contains(&mark);
        let start = |text: &str| text.chars().take(600).collect::<String>();
        if as_said {
            return Ok(());
        }
        let how = ended.code.map_or("by a signal".to_owned(), |code| format!("with {code}"));
        Err(format!(
            "{}: should end as {}, and ended {how}: {}{}",
            self.name,
            self.ends,
            start(&ended.output),
            start(&ended.errors)
        ))
    }
}

/// Attacks that are too long to be kept as files.
fn made() -> Vec<Attack> {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let deep = 60_000;
    let attacks = [
        ("brackets", format!("let x = {}1{};", many("(", deep), many(")", deep)), "limit-depth"),
        ("not-not", format!("let x = {}true;", many("!", deep)), "limit-depth"),
        ("minus-minus", format!("let x = {}1;", many("- ", deep)), "limit-depth"),
        ("sums", format!("let y = 1; let x = 1{};", many(" + y", deep)), "limit-depth"),
        ("dots", format!("let x = #{{}}; x{};", many(".a", deep)), "limit-depth"),
        ("indexes", format!("let x = []; x{};", many("[0]", deep)), "limit-depth"),
        ("calls", format!("let x = \"\"; x{};", many(".trim()", deep / 3)), "limit-depth"),
        ("blocks", format!("{}{}", many("{", deep), many("}", deep)), "limit-depth"),
        ("arrays", format!("let x = {}{};", many("[", deep), many("]", deep)), "limit-depth"),
        ("maps", format!("let x = {}1{};", many("#{a:", deep / 2), many("}", deep / 2)), "limit-depth"),
        ("else-ifs", format!("if false {{}}{}", many(" else if false {}", deep / 6)), "limit-depth"),
        ("closures", format!("let x = {}1;", many("|y| ", deep)), "limit-depth"),
        ("templates", format!("let x = {}1{};", many("`${", deep / 2), many("}`", deep / 2)), "limit-depth"),
        ("switches", format!("{}1{}", many("switch 1 { 1 => ", deep / 10), many(" }", deep / 10)), "limit-depth"),
        ("statements", many("let x = 1;\n", 20_000), "ok"),
        ("functions", (0..5_000).map(|number| format!("fn f{number}() {{ 1 }}\n")).collect(), "limit-size"),
        ("large", format!("let x = \"{}\";", many("a", 300 << 10)), "limit-source"),
        ("comment", format!("/*{}", many("/*", deep)), "ok"),
    ];
    let attack = |(name, text, ends): (&str, String, &str)| Attack { name: name.to_owned(), text, ends: ends.to_owned() };
    attacks.into_iter().map(attack).collect()
}

/// How a script ended.
struct Ended {
    output: String,
    errors: String,
    /// `None` for a signal.
    code: Option<i32>,
}

fn run(files: &[(String, String)], name: &str, arguments: &[&str], little_memory: bool) -> Ended {
    let room = tempfile::tempdir().unwrap();
    let workspace = room.path().join("workspace");
    fs::create_dir_all(workspace.join("sequences")).unwrap();
    for (path, text) in files {
        let path = workspace.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let bound = if little_memory { format!("ulimit -v {ADDRESS_SPACE} 2>/dev/null || true\n") } else { String::new() };
    let mut child = Command::new("sh")
        .args(["-c", &format!("{bound}exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_segue"), "run"])
        .args(arguments)
        .arg(name)
        .current_dir(&workspace)
        .stdin(Stdio::null())
        .stdout(File::create(room.path().join("output")).unwrap())
        .stderr(File::create(room.path().join("errors")).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(5));
    };
    let read = |name: &str| String::from_utf8_lossy(&fs::read(room.path().join(name)).unwrap()).into_owned();
    Ended { output: read("output"), errors: read("errors"), code: status.code() }
}
