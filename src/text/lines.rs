//! Lines and columns of byte offsets.

/// A line and a column as a person counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// How many lines share one entry of an index. A file of empty lines would else have an index of several times its size.
const STRIDE: usize = 32;

/// Where lines of one text start: every so many of them, from which the others are counted.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// The lines of a text.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'t> {
    index: &'t LineIndex,
    text: &'t str,
}

impl LineIndex {
    /// Counts the lines of `text`. `\n` ends a line; a `\r` before it belongs to the line.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        let starts = std::iter::once(0).chain(ends).step_by(STRIDE);
        let fit = |start| u32::try_from(start).expect("files above 1 MiB were refused before they were read");
        Self { starts: starts.map(fit).collect() }
    }

    /// The lines of the text that was counted.
    pub fn of<'t>(&'t self, text: &'t str) -> Lines<'t> {
        Lines { index: self, text }
    }
}

impl Lines<'_> {
    /// The place of a byte offset; an offset behind the text counts as its end.
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let (line, start) = self.line_and_start(offset);
        // A byte order mark is no column.
        let start = start.max(self.text.len() - self.text.trim_start_matches('\u{feff}').len()).min(offset);
        Place { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The line, from 1, that holds a byte offset.
    pub fn line_at(&self, offset: usize) -> usize {
        self.line_and_start(offset).0
    }

    /// The byte at which a line, counted from 1, starts; `None` behind the last line.
    pub fn start_of(&self, line: usize) -> Option<usize> {
        let before = line.checked_sub(1)?;
        let mut start = *self.index.starts.get(before / STRIDE)? as usize;
        for _ in 0..before % STRIDE {
            start += self.text[start..].find('\n')? + 1;
        }
        Some(start)
    }

    /// The byte offset of a place; a column behind the line's end counts as that end.
    pub fn offset(&self, place: Place) -> Option<usize> {
        let start = self.start_of(place.line)?;
        let end = self.start_of(place.line + 1).unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let behind = line.char_indices().nth(place.column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset);
        Some(start + behind)
    }

    fn line_and_start(&self, offset: usize) -> (usize, usize) {
        let block = self.index.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let (mut line, mut start) = (block * STRIDE + 1, self.index.starts[block] as usize);
        let bytes = &self.text.as_bytes()[..offset.min(self.text.len())];
        while let Some(end) = bytes[start..].iter().position(|byte| *byte == b'\n') {
            (line, start) = (line + 1, start + end + 1);
        }
        (line, start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_keep_their_carriage_return() {
        let text = "aä\r\nb\n";
        let index = LineIndex::new(text);
        let lines = index.of(text);
        assert_eq!(lines.place(3), Place { line: 1, column: 3 });
        assert_eq!(lines.place(5), Place { line: 2, column: 1 });
        assert_eq!(lines.place(text.len()), Place { line: 3, column: 1 });
        assert_eq!(lines.offset(Place { line: 1, column: 3 }), Some(3));
        assert_eq!(lines.offset(Place { line: 4, column: 1 }), None);
    }

    #[test]
    fn every_line_is_found_however_many_there_are() {
        let text: String = (1..=200).map(|line| "x".repeat(line % 4) + "\n").collect();
        let index = LineIndex::new(&text);
        let lines = index.of(&text);
        let mut start = 0;
        for line in 1..=200 {
            assert_eq!(lines.start_of(line), Some(start));
            for column in 0..=line % 4 {
                assert_eq!(lines.place(start + column), Place { line, column: column + 1 });
                assert_eq!(lines.offset(Place { line, column: column + 1 }), Some(start + column));
            }
            start += line % 4 + 1;
        }
        assert_eq!((lines.start_of(201), lines.start_of(202), lines.start_of(0)), (Some(text.len()), None, None));
        assert_eq!(lines.line_at(text.len() + 10), 201);
    }
}
