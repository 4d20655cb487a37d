//! The formats for other programs, over everything that the check cases find: what those who read them ask for, and that
//! nothing depends on the order in which findings come.

use std::collections::BTreeSet;

use segue::diagnostic::Diagnostic;
use segue::outside::report::{Prefix, Summary, Warnings, github, json, junit, sarif};
use segue::text::FilePath;
use segue::workspace::Workspace;
use serde_json::Value as Json;

use crate::cases;
use crate::schemas::validator;

/// What GitHub takes of a message.
const LONGEST_MESSAGE: usize = 30_000;

#[test]
fn sarif_is_what_code_scanning_takes() {
    for case in cases::all() {
        let workspace = case.workspace();
        let log: Json = serde_json::from_str(&written(&workspace, Format::Sarif, Order::AsFound)).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["semanticVersion"], env!("CARGO_PKG_VERSION"));
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for rule in rules {
            for part in ["shortDescription", "fullDescription", "help"] {
                let text = rule[part]["text"].as_str().unwrap();
                assert!(!text.is_empty() && (part == "help" || text.len() <= 1_024), "{part}: {text}");
            }
            assert!(["error", "warning"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap()));
        }
        let results = run["results"].as_array().unwrap();
        let findings = workspace.findings();
        assert_eq!(results.len(), findings.len());
        let mut prints = BTreeSet::new();
        for (result, finding) in results.iter().zip(&findings) {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert_eq!(result["ruleId"], finding.code.name());
            assert!((1..LONGEST_MESSAGE).contains(&result["message"]["text"].as_str().unwrap().len()));
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.is_ascii() && !uri.starts_with('/') && !uri.contains([' ', '#', '?', '\\', ':']), "{uri}");
            let index = usize::try_from(place["artifactLocation"]["index"].as_u64().unwrap()).unwrap();
            assert_eq!(run["artifacts"][index]["location"]["uri"], uri);
            check_region(&workspace, finding, &place["region"]);
            let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().to_owned();
            assert!(prints.insert((uri.to_owned(), print)), "two findings of {uri} have one fingerprint");
        }
    }
}

/// Where the standard's schema lies, for whoever has it: it is not ours to hand on.
const SARIF_SCHEMA: &str = "SEGUE_SARIF_SCHEMA";

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn sarif_is_valid_under_the_schema_of_the_standard() {
    let Some(path) = std::env::var_os(SARIF_SCHEMA) else {
        eprintln!("skipped: {SARIF_SCHEMA} names no file with the schema of SARIF 2.1.0");
        return;
    };
    // Its pattern of a language, of which we write none, has a bracket too many to be one.
    let text = std::fs::read_to_string(path).unwrap().replace("{2}]?$", "{2}$");
    let schema = validator(&serde_json::from_str(&text).unwrap());
    for case in cases::all() {
        let log: Json = serde_json::from_str(&written(&case.workspace(), Format::Sarif, Order::AsFound)).unwrap();
        let errors: Vec<String> = schema.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{log:#}");
    }
}

/// Lines, characters and bytes of a region name the same piece of the file.
fn check_region(workspace: &Workspace, finding: &Diagnostic, region: &Json) {
    let number = |key: &str| region[key].as_u64().map(|number| usize::try_from(number).unwrap());
    assert!(number("startLine").unwrap() >= 1);
    let Some(source) = workspace.source(&finding.primary.file) else { return };
    let at = |key: &str| number(key).unwrap_or_else(|| panic!("{key} in {region}"));
    assert!((at("startLine"), at("startColumn")) <= (at("endLine"), at("endColumn")), "{region}");
    let text = source.text();
    let by_bytes = &text[at("byteOffset")..at("byteOffset") + at("byteLength")];
    let characters = text.trim_start_matches('\u{feff}').chars();
    let by_characters: String = characters.skip(at("charOffset")).take(at("charLength")).collect();
    assert_eq!(by_bytes.trim_start_matches('\u{feff}'), by_characters, "{region}");
    let line = text.trim_start_matches('\u{feff}').split('\n').nth(at("startLine") - 1).unwrap();
    let by_line: String = line.chars().skip(at("startColumn") - 1).collect();
    assert!(by_line.starts_with(by_characters.split('\n').next().unwrap()), "{region}");
}

#[test]
fn an_annotation_is_a_line_and_ends_where_it_should() {
    for case in cases::all() {
        let workspace = case.workspace();
        let text = written(&workspace, Format::Github, Order::AsFound);
        let annotations: Vec<&str> =
            text.lines().filter(|line| line.starts_with("::error ") || line.starts_with("::warning ")).collect();
        assert_eq!(annotations.len(), workspace.findings().len(), "{text}");
        for line in annotations {
            let (properties, message) = line[2..].split_once("::").unwrap();
            assert!(message.contains("error[") || message.contains("warning["), "{line}");
            let (_, properties) = properties.split_once(' ').unwrap();
            for property in properties.split(',') {
                let (key, value) = property.split_once('=').unwrap_or_else(|| panic!("{line}"));
                assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&key) && !value.is_empty(), "{line}");
            }
        }
    }
}

#[test]
fn what_is_written_depends_on_no_order_and_moves_no_terminal() {
    for case in cases::all() {
        let workspace = case.workspace();
        for format in [Format::Json, Format::Sarif, Format::Github, Format::Junit] {
            let text = written(&workspace, format, Order::AsFound);
            assert_eq!(text, written(&workspace, format, Order::Reversed));
            let moves = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(moves), "{format:?}: {text:?}");
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Format {
    Json,
    Sarif,
    Github,
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    AsFound,
    Reversed,
}

fn written(workspace: &Workspace, format: Format, order: Order) -> String {
    let mut findings = workspace.findings();
    if order == Order::Reversed {
        findings.reverse();
    }
    let sources = |path: &FilePath| workspace.source(path);
    let (summary, prefix) = (Summary::count(&findings, 1, 1), Prefix::default());
    let mut out = Vec::new();
    match format {
        Format::Json => json(&mut out, &findings, &sources, &summary),
        Format::Sarif => sarif(&mut out, &findings, &sources, &prefix),
        Format::Github => github(&mut out, &findings, &sources, &prefix, &summary),
        Format::Junit => junit(&mut out, &findings, workspace.paths().cloned(), &sources, Warnings::Pass),
    }
    .unwrap();
    String::from_utf8(out).unwrap()
}
