//! Layout cases: a file as somebody left it, and the file as `segue fmt` lays it out, together in one file.
//!
//! A case lies in `tests/cases/format`. It is the file before, then the file after behind the line `#===`. `#! settings` at
//! the start says that it is `segue.yaml` and no sequence, `#! tests` that it is a file of tests; `#! crlf`, `#! bom` and `#! open end` say how the file before lies
//! on the disk: lines that end in `\r\n`, a byte order mark, nothing that ends the last line. A file that stays as it is for
//! a reason has `#< the reason` in the place of the file after.

use std::fs;
use std::path::Path;

use segue::yaml::format::FormatError;

use crate::data;
use crate::properties::invariants::formatting::laid_out;

#[test]
fn every_case_is_laid_out() {
    let failures: Vec<String> = data::cases("format", "yaml").iter().filter_map(|path| check(path).err()).collect();
    data::report(&failures);
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let given = text.split("#===\n").next().unwrap_or_default();
    let directives: Vec<&str> = given.lines().map_while(|line| line.strip_prefix("#! ")).collect();
    let has = |name: &str| directives.contains(&name);
    let before: String = given.split_inclusive('\n').skip(directives.len()).filter(|line| !line.starts_with("#<")).collect();
    let file = match (has("settings"), has("tests")) {
        (true, _) => "segue.yaml",
        (false, true) => "sequences/made-up.test.yaml",
        (false, false) => "sequences/made-up.yaml",
    };
    let on_disk = if has("open end") { before.trim_end_matches('\n') } else { &before };
    let on_disk = if has("crlf") { on_disk.replace('\n', "\r\n") } else { on_disk.to_owned() };
    let on_disk = if has("bom") { format!("\u{feff}{on_disk}") } else { on_disk };
    let head: String = directives.iter().map(|directive| format!("#! {directive}\n")).collect();
    let told = match laid_out(file, &on_disk) {
        Ok(after) => {
            let again = laid_out(file, &after).map_err(|error| format!("{}: a second time: {error}", path.display()))?;
            if again != after {
                return Err(format!("{}: a second run changes it again:\n{after}\n----\n{again}", path.display()));
            }
            let shown = shown(&after, has("crlf"), has("bom")).map_err(|why| format!("{}: {why}", path.display()))?;
            format!("{head}{before}#===\n{shown}")
        }
        Err(FormatError::NotSound(problems)) => {
            let told = problems.iter().map(|problem| format!("#< {}: {}\n", problem.code, problem.message));
            format!("{head}{before}{}", told.collect::<String>())
        }
        Err(error) => format!("{head}{before}#< {error}\n"),
    };
    data::settle(path, &text, &told)
}

/// The file after, with the line ends and the mark taken away that it must have kept.
fn shown(after: &str, has_returns: bool, has_mark: bool) -> Result<String, String> {
    let text = match (has_mark, after.strip_prefix('\u{feff}')) {
        (true, Some(text)) => text,
        (false, None) => after,
        (true, None) | (false, Some(_)) => return Err("the byte order mark is not as it was".to_owned()),
    };
    let returns = text.matches("\r\n").count();
    match has_returns {
        true if returns != text.matches('\n').count() => Err("not all lines end in \\r\\n".to_owned()),
        false if returns > 0 => Err("lines end in \\r\\n".to_owned()),
        _ => Ok(text.replace("\r\n", "\n")),
    }
}
