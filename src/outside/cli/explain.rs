//! `segue explain`

use serde::Serialize;

use crate::check::page;
use crate::diagnostic::Code;
use crate::outside::report::{self, Align, Table, json_document};
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

pub(super) fn run(command: &Explain, screen: &Screen) -> anyhow::Result<Exit> {
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
        let near = suggest(name, Code::ALL.iter().map(|code| code.name()));
        let hint = near.map_or_else(|| "`segue explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        WrongUse(format!("there is no code `{name}`; {hint}"))
    })
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
