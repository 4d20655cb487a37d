//! A summary as bytes, to be kept from one run to the next, and the way back.
//!
//! The way back trusts nothing: whatever the bytes are, out comes a summary whose every place lies within the text that it is
//! about, or nothing. Whether the bytes belong to that text is for whoever kept them to know. The bytes hold neither path nor
//! id, and mean nothing to another build of the program.

use std::str;

use crate::diagnostic::{Code, Diagnostic, Edit, Fix, Related, Severity};
use crate::sequence::{SequenceId, State};
use crate::text::{Digest, FilePath, Located, Location, Span};

use super::ignores::Ignores;
use super::summary::{Advance, Rename, Summary};

impl Summary {
    /// The summary as bytes; `None` where a finding points into another file, of whose text nothing is known on the way back,
    /// and where comments silence findings, which are few and need the text.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        if !self.ignores.is_empty() {
            return None;
        }
        let mut out = Writer { bytes: Vec::with_capacity(512), file: &self.file, is_alone: true };
        out.summary(self);
        out.is_alone.then_some(out.bytes)
    }

    /// The summary of a file's text that was made into these bytes; `None` where they are not that. The text comes as the bytes
    /// that it has, which are not looked through once more.
    pub fn from_bytes(bytes: &[u8], (file, text): (&FilePath, &[u8]), id: SequenceId) -> Option<Summary> {
        let mut input = Reader { bytes, file, text };
        let summary = input.summary(id)?;
        input.bytes.is_empty().then_some(summary)
    }
}

struct Writer<'a> {
    bytes: Vec<u8>,
    file: &'a FilePath,
    /// Whether every place so far lies in the file itself.
    is_alone: bool,
}

impl Writer<'_> {
    fn summary(&mut self, summary: &Summary) {
        let Summary {
            file: _,
            id: _,
            formerly,
            name,
            record_type,
            owner,
            state,
            tags,
            activities,
            advances,
            templates,
            renames,
            meaning,
            is_readable,
            findings,
            ignores: _,
        } = summary;
        self.list(formerly, Self::located);
        self.option(name.as_ref(), Self::located);
        self.option(record_type.as_ref(), Self::located);
        self.option(owner.as_deref(), Self::text);
        self.place_in(State::ALL, state);
        self.list(tags, Self::located);
        self.number(*activities);
        self.list(advances, |out, Advance { target, without_pause }| {
            out.located(target);
            out.flag(*without_pause);
        });
        self.list(templates, Self::located);
        self.list(renames, |out, Rename { step, former }| {
            out.text(step);
            out.located(former);
        });
        self.option(meaning.as_ref(), |out, meaning| out.bytes.extend(meaning.as_bytes()));
        self.flag(*is_readable);
        self.list(findings, Self::finding);
    }

    fn finding(&mut self, finding: &Diagnostic) {
        let Diagnostic { code, severity, message, primary, related, help, fix } = finding;
        self.place_in(Code::ALL, code);
        self.flag(*severity == Severity::Error);
        self.text(message);
        self.location(primary);
        self.list(related, |out, Related { message, location }| {
            out.text(message);
            out.location(location);
        });
        self.list(help, |out, help| out.text(help));
        self.option(fix.as_ref(), |out, Fix { title, safe, edits }| {
            out.text(title);
            out.flag(*safe);
            out.list(edits, |out, Edit { location, text }| {
                out.location(location);
                out.text(text);
            });
        });
    }

    fn location(&mut self, Location { file, span }: &Location) {
        self.is_alone &= file == self.file;
        self.span(*span);
    }

    fn located(&mut self, Located { value, span }: &Located<String>) {
        self.text(value);
        self.span(*span);
    }

    fn span(&mut self, Span { start, end }: Span) {
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend(end.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.bytes.extend(text.as_bytes());
    }

    fn list<T>(&mut self, list: &[T], write: impl Fn(&mut Self, &T)) {
        self.number(list.len());
        list.iter().for_each(|item| write(self, item));
    }

    fn option<T: ?Sized>(&mut self, option: Option<&T>, write: impl Fn(&mut Self, &T)) {
        self.flag(option.is_some());
        if let Some(value) = option {
            write(self, value);
        }
    }

    fn place_in<T: PartialEq>(&mut self, all: &[T], value: &T) {
        self.number(all.iter().position(|other| other == value).expect("the list holds every value"));
    }

    fn number(&mut self, number: usize) {
        self.bytes.extend(u32::try_from(number).expect("files above 1 MiB were refused before they were read").to_le_bytes());
    }

    fn flag(&mut self, flag: bool) {
        self.bytes.push(u8::from(flag));
    }
}

struct Reader<'a> {
    /// What was not read yet.
    bytes: &'a [u8],
    file: &'a FilePath,
    text: &'a [u8],
}

impl<'a> Reader<'a> {
    fn summary(&mut self, id: SequenceId) -> Option<Summary> {
        Some(Summary {
            file: self.file.clone(),
            id,
            formerly: self.list(Self::located)?,
            name: self.option(Self::located)?,
            record_type: self.option(Self::located)?,
            owner: self.option(Self::text)?,
            state: self.one_of(State::ALL)?,
            tags: self.list(Self::located)?,
            activities: self.number()?,
            advances: self.list(|input| Some(Advance { target: input.located()?, without_pause: input.flag()? }))?,
            templates: self.list(Self::located)?,
            renames: self.list(|input| Some(Rename { step: input.text()?, former: input.located()? }))?,
            meaning: self.option(|input| Digest::from_bytes(input.take(32)?))?,
            is_readable: self.flag()?,
            findings: self.list(Self::finding)?,
            ignores: Ignores::default(),
        })
    }

    fn finding(&mut self) -> Option<Diagnostic> {
        Some(Diagnostic {
            code: self.one_of(Code::ALL)?,
            severity: if self.flag()? { Severity::Error } else { Severity::Warning },
            message: self.text()?,
            primary: self.location()?,
            related: self.list(|input| Some(Related { message: input.text()?, location: input.location()? }))?,
            help: self.list(Self::text)?,
            fix: self.option(|input| {
                Some(Fix {
                    title: input.text()?,
                    safe: input.flag()?,
                    edits: input.list(|input| Some(Edit { location: input.location()?, text: input.text()? }))?,
                })
            })?,
        })
    }

    fn location(&mut self) -> Option<Location> {
        Some(self.file.at(self.span()?))
    }

    fn located(&mut self) -> Option<Located<String>> {
        Some(Located { value: self.text()?, span: self.span()? })
    }

    fn span(&mut self) -> Option<Span> {
        let (start, end) = (self.number()?, self.number()?);
        (start <= end && self.has_edge(start) && self.has_edge(end)).then(|| Span::new(start, end))
    }

    /// Whether a character of the text starts at a place, or the text ends there.
    fn has_edge(&self, place: usize) -> bool {
        self.text.get(place).map_or(place == self.text.len(), |byte| byte & 0xC0 != 0x80)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        str::from_utf8(self.take(length)?).ok().map(str::to_owned)
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.number()?;
        // Nothing that is listed takes less than a byte, so that a wild length asks for no memory.
        (length <= self.bytes.len()).then(|| (0..length).map(|_| read(self)).collect())?
    }

    fn option<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let place = self.number()?;
        all.get(place).copied()
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        match self.take(1)? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::read_sequence;
    use crate::settings::Settings;
    use crate::text::Source;

    const TEXT: &str = "name: Fürst\nrecord_type: laed\nowner: ana\nformerly: [erste]\ntags: [a/b]\nstate: active\nsteps:\n  \
        - {id: mail, type: automated_email, name: Mail, template: intro}\n  - {id: mail, type: wait, for: 90d}\n  \
        - {id: on, type: advance_to, sequence: other}\n  - {id: late, type: tsak, name: Ü, renamed_from: latest}\n";

    fn source() -> Source {
        Source::new(FilePath::new("sequences/first.yaml"), TEXT.to_owned())
    }

    fn lies(source: &Source) -> (&FilePath, &[u8]) {
        (source.path(), source.text().as_bytes())
    }

    fn id() -> SequenceId {
        SequenceId::parse("first").expect("it is an id")
    }

    fn summary() -> Summary {
        let summary = read_sequence(&source(), id(), &Settings::default()).1;
        assert!(summary.findings.len() > 2 && summary.findings.iter().any(|finding| finding.fix.is_some()), "{summary:#?}");
        summary
    }

    #[test]
    fn a_summary_comes_back_as_it_was() {
        let bytes = summary().to_bytes().expect("all of it is about one file");
        assert_eq!(Summary::from_bytes(&bytes, lies(&source()), id()), Some(summary()));
    }

    #[test]
    fn bytes_cut_short_or_followed_by_more_are_nothing() {
        let bytes = summary().to_bytes().expect("all of it is about one file");
        for length in 0..bytes.len() {
            assert_eq!(Summary::from_bytes(&bytes[..length], lies(&source()), id()), None, "{length} bytes");
        }
        assert_eq!(Summary::from_bytes(&[bytes, vec![0]].concat(), lies(&source()), id()), None);
    }

    #[test]
    fn bytes_that_were_changed_are_nothing_or_a_summary_within_the_text() {
        let bytes = summary().to_bytes().expect("all of it is about one file");
        let source = source();
        for place in 0..bytes.len() {
            for other in [0, 1, 0x7F, 0xFF, bytes[place] ^ 1, bytes[place] ^ 0x80] {
                let mut bytes = bytes.clone();
                bytes[place] = other;
                let Some(summary) = Summary::from_bytes(&bytes, lies(&source), id()) else { continue };
                let places = summary.findings.iter().flat_map(|finding| {
                    let edits = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| &edit.location);
                    std::iter::once(&finding.primary).chain(finding.related.iter().map(|related| &related.location)).chain(edits)
                });
                places.for_each(|place| drop(source.slice(place.span).to_owned()));
            }
        }
    }

    #[test]
    fn a_finding_that_points_into_another_file_is_not_kept() {
        let mut summary = summary();
        let elsewhere = FilePath::new("segue.yaml").at(Span::default());
        summary.findings[0] = summary.findings[0].clone().related(elsewhere, "declared here");
        assert_eq!(summary.to_bytes(), None);
    }
}
