//! `segue explain`

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::check::page;
use crate::diagnostic::Code;
use crate::lifecycle::{TableCell, TableRow, Verdict, judge, table_rows};
use crate::outside::report::{self, Align, Table, json_document};
use crate::sequence::State;
use crate::text::suggest;

use super::arguments::{Explain, Format};
use super::screen::Screen;
use super::{Exit, WrongUse};

/// A code's page for programs.
#[derive(Serialize)]
struct PageView {
    code: &'static str,
    severity: &'static str,
    summary: String,
    markdown: String,
}

/// The topic that is no code.
const LIFECYCLE: &str = "lifecycle";

pub(super) fn run(command: &Explain, screen: &Screen) -> anyhow::Result<Exit> {
    if command.code.as_deref() == Some(LIFECYCLE) {
        return lifecycle(command.format, screen);
    }
    let codes = match &command.code {
        None => Code::ALL.to_vec(),
        Some(name) => vec![find(name)?],
    };
    match (command.format, codes.as_slice()) {
        (Format::Json, codes) => {
            let views: Vec<PageView> = codes.iter().map(|code| view(*code)).collect();
            screen.print(|out| json_document(out, &views))?;
        }
        (Format::Human, [code]) => screen.print(|out| report::page(out, &page(*code).markdown, screen.layout()))?,
        (Format::Human, _) => list(screen)?,
    }
    Ok(Exit::Fine)
}

fn find(name: &str) -> Result<Code, WrongUse> {
    Code::from_name(name).ok_or_else(|| {
        let near = suggest(name, Code::ALL.iter().map(|code| code.name()).chain([LIFECYCLE]));
        let hint = near.map_or_else(|| "`segue explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        WrongUse(format!("there is no code `{name}`; {hint}"))
    })
}

fn lifecycle(format: Format, screen: &Screen) -> anyhow::Result<Exit> {
    match format {
        Format::Json => {
            let verbs: Vec<Json> = table_rows().iter().map(verb_json).collect();
            screen.print(|out| json_document(out, &json!({"format_version": "1.0", "verbs": verbs})))?;
        }
        Format::Human => {
            let below = "The state that counts is the published one. `segue explain CODE` explains a refusal.";
            screen.print(|out| report::lifecycle(out, &table_rows(), below, screen.terminal()))?;
        }
    }
    Ok(Exit::Fine)
}

fn verb_json(row: &TableRow) -> Json {
    let cell = |(state, cell): (&State, &TableCell)| {
        let (is_allowed, code) = match judge(row.verb, *state) {
            Verdict::Allowed { .. } => (true, None),
            Verdict::Refused(bar) => (false, Some(bar.code.name())),
        };
        (state.to_string(), json!({"allowed": is_allowed, "code": code, "effect": cell.word, "note": cell.note}))
    };
    let states: Map<String, Json> = State::ALL.iter().zip(&row.cells).map(cell).collect();
    json!({"verb": row.verb.word(), "has_command": row.verb.is_offered(), "states": states})
}

fn view(code: Code) -> PageView {
    let page = page(code);
    PageView { code: code.name(), severity: code.severity().word(), summary: page.first_sentence(), markdown: page.markdown }
}

fn list(screen: &Screen) -> anyhow::Result<()> {
    let mut table = Table::new(&[("CODE", Align::Left), ("SEVERITY", Align::Left), ("WHAT", Align::Left)]);
    for code in Code::ALL {
        table.row([code.name().to_owned(), code.severity().to_string(), page(*code).first_sentence()]);
    }
    screen.print(|out| table.write(out, screen.layout()))?;
    Ok(())
}
