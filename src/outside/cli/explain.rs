//! `segue explain`

use crate::check::page;
use crate::diagnostic::Code;
use crate::outside::report::{self, Align, Table};
use crate::text::suggest;

use super::arguments::Explain;
use super::screen::Screen;
use super::{Exit, WrongUse};

pub(super) fn run(command: &Explain, screen: &Screen) -> anyhow::Result<Exit> {
    match &command.code {
        None => list(screen)?,
        Some(name) => explain(name, screen)?,
    }
    Ok(Exit::Fine)
}

fn explain(name: &str, screen: &Screen) -> anyhow::Result<()> {
    let Some(code) = Code::from_name(name) else {
        let near = suggest(name, Code::ALL.iter().map(|code| code.name()));
        let hint = near.map_or_else(|| "`segue explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(WrongUse(format!("there is no code `{name}`; {hint}")).into());
    };
    screen.print(|out| report::page(out, &page(code).markdown, screen.layout()))?;
    Ok(())
}

fn list(screen: &Screen) -> anyhow::Result<()> {
    let mut table = Table::new(&[("CODE", Align::Left), ("SEVERITY", Align::Left), ("WHAT", Align::Left)]);
    for code in Code::ALL {
        table.row([code.name().to_owned(), code.severity().to_string(), page(*code).first_sentence()]);
    }
    screen.print(|out| table.write(out, screen.layout()))?;
    Ok(())
}
