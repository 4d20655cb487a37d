//! `segue explain`

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::check::page;
use crate::diagnostic::Code;
use crate::lifecycle::{Reach, RoleRow, TableCell, TableRow, Verdict, judge, role_rows, table_rows};
use crate::outside::report::{self, Align, Table, json_document};
use crate::sequence::State;
use crate::settings::Role;
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

/// The topics that are no codes.
const LIFECYCLE: &str = "lifecycle";
const ROLES: &str = "roles";

const BELOW_ROLES: &str = "`people` in segue.yaml gives people roles. Whose a sequence is, its file says: `owner`. Looking takes no \
    role. With nobody declared everybody may do everything; where people are, everybody else is what `undeclared_actor` says, and \
    without that may look. It guards against mistakes and is no login: whoever says `--as NAME` is believed.";

pub(super) fn run(command: &Explain, screen: &Screen) -> anyhow::Result<Exit> {
    match command.code.as_deref() {
        Some(LIFECYCLE) => return lifecycle(command.format, screen),
        Some(ROLES) => return roles(command.format, screen),
        Some(_) | None => {}
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
        let near = suggest(name, Code::ALL.iter().map(|code| code.name()).chain([LIFECYCLE, ROLES]));
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
            let below = "The state that counts is the published one. `segue explain CODE` explains a refusal, `segue explain roles` \
                         who may do what.";
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

fn roles(format: Format, screen: &Screen) -> anyhow::Result<Exit> {
    match format {
        Format::Json => {
            let deeds: Vec<Json> = role_rows().iter().map(deed_json).collect();
            screen.print(|out| json_document(out, &json!({"format_version": "1.0", "deeds": deeds})))?;
        }
        Format::Human => screen.print(|out| report::roles(out, &role_rows(), BELOW_ROLES, screen.terminal()))?,
    }
    Ok(Exit::Fine)
}

fn deed_json(row: &RoleRow) -> Json {
    let reach = |reach: &Reach| match reach {
        Reach::Nothing => "nothing",
        Reach::Own => "own",
        Reach::Everything => "everything",
    };
    let roles: Map<String, Json> =
        Role::ALL.iter().zip(&row.reaches).map(|(role, of)| (role.to_string(), reach(of).into())).collect();
    json!({"deed": row.deed.to_string(), "roles": roles})
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
