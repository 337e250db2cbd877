//! Places in a document.

use std::collections::{BTreeSet, HashMap};

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

/// The places of bytes of a text, which is read once for all of them.
pub(crate) fn positions(text: &str, offsets: impl IntoIterator<Item = usize>) -> HashMap<usize, Position> {
    let sorted: BTreeSet<usize> = offsets.into_iter().collect();
    let mut places = HashMap::new();
    let (mut last, mut at) = (0, Position { line: 1, column: 1 });
    for offset in sorted {
        let between = text.get(last..offset.min(text.len())).unwrap_or_default();
        let Position { line, column } = Position::of(between, between.len());
        at = Position {
            line: at.line + line - 1,
            column: if line == 1 { at.column + column - 1 } else { column },
        };
        last = offset.min(text.len());
        places.insert(offset, at);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn many_places_are_each_the_one(text in "[a\\né😀\r]{0,40}", offsets in proptest::collection::vec(0..120usize, 0..9)) {
            let offsets: Vec<usize> = offsets.into_iter().filter(|offset| text.is_char_boundary(*offset)).collect();
            // Between CR and LF there is no place where a word begins.
            let inside = |offset: &usize| text.get(..*offset).is_some_and(|before| before.ends_with('\r'));
            let offsets: Vec<usize> = offsets.into_iter().filter(|offset| !inside(offset)).collect();
            for (offset, place) in positions(&text, offsets) {
                proptest::prop_assert_eq!(place, Position::of(&text, offset));
            }
        }
    }

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
