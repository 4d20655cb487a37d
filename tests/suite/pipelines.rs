//! What other tools read of this repository: the hooks for pre-commit, and the pipelines in `docs/ci.md`.

use std::fs;

use serde_yaml::Value;

use crate::data;

/// What pre-commit asks of a hook, and what would otherwise be run once for every file.
#[test]
fn the_hooks_are_what_pre_commit_takes() {
    let text = fs::read_to_string(data::folder(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<Value> = serde_yaml::from_str(&text).unwrap();
    let ids: Vec<&str> = hooks.iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["segue-validate", "segue-fix"]);
    for hook in &hooks {
        for key in ["name", "description", "entry", "files"] {
            assert!(hook[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {hook:?}");
        }
        assert_eq!(hook["language"], "rust");
        assert_eq!(hook["pass_filenames"], false, "the workspace is checked whole");
        assert!(hook["entry"].as_str().unwrap().starts_with("segue validate "));
    }
    // The one hook that is named in the docs is there.
    let config: Value = serde_yaml::from_str(&example(".pre-commit-config.yaml")).unwrap();
    assert!(ids.contains(&config["repos"][0]["hooks"][0]["id"].as_str().unwrap()));
}

#[test]
fn the_pipelines_in_the_docs_can_be_read() {
    let workflow: Value = serde_yaml::from_str(&example(".github/workflows/sequences.yaml")).unwrap();
    assert!(workflow["on"]["push"]["branches"].is_sequence());
    assert_eq!(workflow["permissions"]["security-events"], "write", "code scanning takes nothing without it");
    let job = &workflow["jobs"]["validate"];
    assert!(job["runs-on"].is_string());
    let steps = job["steps"].as_sequence().unwrap();
    for step in steps {
        assert!(step["run"].is_string() != step["uses"].is_string(), "a step runs something or uses something: {step:?}");
    }
    let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    assert!(runs.iter().any(|run| run.contains("--format github")) && runs.iter().any(|run| run.contains("--format sarif")));
    let upload = steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("upload-sarif"))).unwrap();
    let written = upload["with"]["sarif_file"].as_str().unwrap();
    assert!(runs.iter().any(|run| run.ends_with(&format!("> {written}"))), "{written} is written by a step before");
    let gitlab: Value = serde_yaml::from_str(&example(".gitlab-ci.yml")).unwrap();
    assert!(gitlab["sequences"]["artifacts"]["reports"]["junit"].is_string());
}

/// The file that a page shows under this name.
fn example(name: &str) -> String {
    let page = fs::read_to_string(data::folder("docs/ci.md")).unwrap();
    let mark = format!("```yaml file={name}\n");
    let (_, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("docs/ci.md shows no {name}"));
    rest.split_once("```").unwrap().0.to_owned()
}
