//! Lines and columns of byte offsets.

/// A line and a column as a person counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// Where each line of one text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Counts the lines of `text`. `\n` ends a line; a `\r` before it belongs to the line.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    /// The place of a byte offset; an offset behind the text counts as its end.
    pub fn place(&self, text: &str, offset: usize) -> Place {
        let offset = text.floor_char_boundary(offset);
        let line = self.line_at(offset);
        // A byte order mark is no column.
        let start = self.starts[line - 1].max(text.len() - text.trim_start_matches('\u{feff}').len()).min(offset);
        Place { line, column: text[start..offset].chars().count() + 1 }
    }

    /// The line, from 1, that holds a byte offset.
    pub fn line_at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The byte at which a line, counted from 1, starts; `None` behind the last line.
    pub fn start_of(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).copied()
    }

    /// The byte offset of a place; a column behind the line's end counts as that end.
    pub fn offset(&self, text: &str, place: Place) -> Option<usize> {
        let start = self.start_of(place.line)?;
        let end = self.start_of(place.line + 1).unwrap_or(text.len());
        let line = &text[start..end];
        let behind = line.char_indices().nth(place.column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset);
        Some(start + behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_keep_their_carriage_return() {
        let text = "aä\r\nb\n";
        let lines = LineIndex::new(text);
        assert_eq!(lines.place(text, 3), Place { line: 1, column: 3 });
        assert_eq!(lines.place(text, 5), Place { line: 2, column: 1 });
        assert_eq!(lines.place(text, text.len()), Place { line: 3, column: 1 });
        assert_eq!(lines.offset(text, Place { line: 1, column: 3 }), Some(3));
        assert_eq!(lines.offset(text, Place { line: 4, column: 1 }), None);
    }
}
