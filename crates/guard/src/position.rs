//! Places in a document.

/// A place in a document, as clients are told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in UTF-16 code units as everywhere in GraphQL's tools.
    pub column: usize,
}

impl Position {
    /// The place of a byte of a text. Lines end as GraphQL has it: with LF, CR LF or CR.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset.min(text.len())).unwrap_or(text);
        let bytes = before.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(index, byte)| match byte {
            b'\n' => true,
            b'\r' => text.as_bytes().get(index + 1) != Some(&b'\n'),
            _ => false,
        });
        let (lines, start) = ends.fold((0, 0), |(lines, _), (index, _)| (lines + 1, index + 1));
        let line = before.get(start..).unwrap_or_default();
        Self { line: lines + 1, column: line.encode_utf16().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "ab\r\nc😀d\re\n\nf";
        let told = |sought: char| {
            let Position { line, column } = Position::of(text, text.find(sought).unwrap());
            (line, column)
        };
        assert_eq!(told('a'), (1, 1));
        assert_eq!(told('c'), (2, 1));
        assert_eq!(told('d'), (2, 4), "an emoji is two units of UTF-16");
        assert_eq!(told('e'), (3, 1));
        assert_eq!(told('f'), (5, 1));
        assert_eq!(Position::of(text, 1_000).line, 5);
    }
}
