//! `segue completions` and `segue man`: what shells and `man` are given, made from the arguments themselves.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context;
use clap::builder::Resettable;
use clap::{Command, CommandFactory};

use super::Exit;
use super::arguments::{Arguments, Completions, Manual};
use super::open::start;
use super::screen::Screen;

const NAME: &str = "segue";

pub(super) fn completions(command: &Completions, screen: &Screen) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut Arguments::command(), NAME, &mut script);
    screen.print(|out| out.write_all(&script))?;
    Ok(Exit::Fine)
}

pub(super) fn manual(arguments: &Arguments, command: &Manual, screen: &Screen) -> anyhow::Result<Exit> {
    match &command.out {
        None => {
            let page = page(Arguments::command())?;
            screen.print(|out| out.write_all(&page))?;
        }
        Some(folder) => {
            let folder = start(arguments)?.join(folder);
            let pages = write(&folder).with_context(|| format!("cannot write pages into {}", folder.display()))?;
            screen.print(|out| writeln!(out, "wrote {pages} pages into {}", folder.display()))?;
        }
    }
    Ok(Exit::Fine)
}

/// Writes a page for the program and one for each command. Returns how many these are.
fn write(folder: &Path) -> io::Result<usize> {
    fs::create_dir_all(folder)?;
    let mut program = Arguments::command();
    program.build();
    let mut open = vec![(NAME.to_owned(), program)];
    let mut written = 0;
    while let Some((name, command)) = open.pop() {
        let below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
        open.extend(below.map(|below| (format!("{name}-{}", below.get_name()), below.clone())));
        fs::write(folder.join(format!("{name}.1")), page(command.name(&name))?)?;
        written += 1;
    }
    Ok(written)
}

/// What stands above examples in help texts.
const HEADINGS: [&str; 2] = ["Examples:\n", "Example:\n"];

/// A command's page. Examples stand in it line by line, as they do in its help.
fn page(command: Command) -> io::Result<Vec<u8>> {
    let below = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let examples = HEADINGS.iter().find_map(|heading| below.strip_prefix(heading));
    let Some(examples) = examples else { return rendered(command) };
    let mut page = rendered(command.after_long_help(Resettable::Reset))?;
    page.extend(b".SH EXAMPLES\n.nf\n");
    for line in examples.lines() {
        // A point or a quote at the start of a line would be an order, and a quote within it another character than a shell takes.
        let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
        page.extend(format!("\\&{line}\n").bytes());
    }
    page.extend(b".fi\n");
    Ok(page)
}

fn rendered(command: Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(page)
}
