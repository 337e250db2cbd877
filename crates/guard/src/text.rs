//! The first look at a text: how long it is, how many tokens it has, how deep it nests.
//!
//! It is read once, byte by byte, before a parser that recurses and allocates sees it.

use std::{borrow::Cow, ops::Range};

use crate::{
    limits::{Limits, over, within},
    problem::{Code, Problems},
};

/// A text that was looked at.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked<'a> {
    /// The text as the parser reads it.
    pub(crate) text: Cow<'a, str>,
    pub(crate) tokens: usize,
}

/// Refuses a text that is too long or nests too deep. What comes back has spaces where descriptions of operations,
/// fragments and variables stood: the specification of September 2025 allows them, the parser does not know them.
pub(crate) fn check<'a>(text: &'a str, limits: &Limits) -> Result<Checked<'a>, Problems> {
    within(
        Code::MaxCharacters,
        "The document is too long, in bytes",
        text.len() as u64,
        limits.bytes as u64,
    )?;
    let mut scan = Scan { rest: text.as_bytes(), length: text.len() };
    let mut descriptions = Descriptions::default();
    let mut tokens = 0;
    let mut depth = 0usize;
    while let Some((token, place)) = scan.next() {
        tokens += 1;
        if tokens > limits.tokens {
            return Err(over(Code::MaxTokens, "The document has too many words and signs", limits.tokens));
        }
        if token == Token::Word && place.len() > limits.name {
            return Err(over(Code::MaxCharacters, "A name is too long, in bytes", limits.name));
        }
        match token {
            Token::Open(_) => depth += 1,
            Token::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits.brackets {
            return Err(over(Code::MaxDepth, "The document nests brackets too deep", limits.brackets));
        }
        descriptions.see(token, place, depth, text);
    }
    Ok(Checked { text: descriptions.blanked(text), tokens })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Word,
    String,
    Open(u8),
    Close,
    Sign(u8),
}

/// Reads tokens. It is more tolerant than GraphQL: what is no token counts as one.
struct Scan<'a> {
    rest: &'a [u8],
    length: usize,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<(Token, Range<usize>)> {
        loop {
            let start = self.length - self.rest.len();
            let (byte, tail) = self.rest.split_first()?;
            self.rest = tail;
            let token = match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => continue,
                b'#' => {
                    self.rest = after_line(tail);
                    continue;
                }
                b'"' => {
                    self.rest = after_string(tail);
                    Token::String
                }
                b'{' | b'[' | b'(' => Token::Open(*byte),
                b'}' | b']' | b')' => Token::Close,
                byte if is_word(*byte) => {
                    let end = tail.iter().position(|byte| !is_word(*byte)).unwrap_or(tail.len());
                    self.rest = tail.get(end..).unwrap_or_default();
                    Token::Word
                }
                byte => Token::Sign(*byte),
            };
            return Some((token, start..self.length - self.rest.len()));
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn after_line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    end.and_then(|end| rest.get(end..)).unwrap_or_default()
}

/// What follows a string whose first quote was just read. A string without an end hides the rest, which the parser
/// then refuses.
fn after_string(rest: &[u8]) -> &[u8] {
    let (mut rest, block) = match rest.strip_prefix(b"\"\"") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    loop {
        rest = match rest {
            [] => return rest,
            [b'\\', b'"', b'"', b'"', tail @ ..] if block => tail,
            [b'"', b'"', b'"', tail @ ..] if block => return tail,
            [b'\\', _, tail @ ..] if !block => tail,
            [b'"' | b'\n' | b'\r', tail @ ..] if !block => return tail,
            [_, tail @ ..] => tail,
        };
    }
}

/// Finds the descriptions of a document.
#[derive(Default)]
struct Descriptions {
    found: Vec<Range<usize>>,
    /// A string that is a description if the next token can have one.
    pending: Option<Range<usize>>,
    /// Whether the last bracket that was opened at the top is the list of an operation's variables.
    variables: bool,
    previous: Option<Token>,
}

impl Descriptions {
    fn see(&mut self, token: Token, place: Range<usize>, depth: usize, text: &str) {
        let pending = self.pending.take();
        match token {
            Token::String if depth == 0 && self.begins_definition() => self.pending = Some(place),
            Token::String if depth == 1 && self.variables && !self.is_value() => self.pending = Some(place),
            Token::Sign(b'$') if depth == 1 => self.found.extend(pending),
            Token::Word if depth == 0 => {
                let word = text.get(place).unwrap_or_default();
                if matches!(word, "query" | "mutation" | "subscription" | "fragment") {
                    self.found.extend(pending);
                }
            }
            Token::Open(bracket) if depth == 1 => self.variables = bracket == b'(',
            _ => {}
        }
        self.previous = Some(token);
    }

    /// Whether a definition may begin here: at the start, or behind another.
    fn begins_definition(&self) -> bool {
        matches!(self.previous, None | Some(Token::Close))
    }

    /// Whether what comes now is the default of a variable or an argument of a directive.
    fn is_value(&self) -> bool {
        matches!(self.previous, Some(Token::Sign(b'=' | b':')))
    }

    fn blanked(self, text: &str) -> Cow<'_, str> {
        if self.found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut bytes = text.as_bytes().to_vec();
        for byte in self.found.into_iter().flatten() {
            if let Some(byte) = bytes.get_mut(byte) {
                *byte = b' ';
            }
        }
        // Whole strings were replaced, so that no character was cut.
        Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Code {
        check(text, &Limits::default()).unwrap_err()[0].code
    }

    #[test]
    fn brackets_are_counted_outside_strings_and_comments() {
        let many = "[".repeat(200);
        assert_eq!(told(&format!("{{ a(b: {many}")), Code::MaxDepth);
        assert_eq!(told(&format!("{{ a(b: \"\\\"\", c: {many}")), Code::MaxDepth);
        for fine in [
            format!("{{ a(b: \"{many}\") }}"),
            format!("{{ a(b: \"\\\"{many}\") }}"),
            format!("{{ a(b: \"\"\"{many} \" \\\"\"\" {many}\"\"\") }}"),
            format!("# {many}\n{{ a }}"),
            "{ a(b: [1], c: {d: [2]}) { e { f } } }".to_owned(),
        ] {
            assert_eq!(check(&fine, &Limits::default()).unwrap().text, Cow::Borrowed(fine.as_str()));
        }
    }

    #[test]
    fn long_texts_and_many_tokens_are_refused() {
        assert_eq!(told(&" ".repeat(100_001)), Code::MaxCharacters);
        assert_eq!(told(&format!("{{ {} }}", "a".repeat(201))), Code::MaxCharacters);
        assert_eq!(told(&"a ".repeat(10_001)), Code::MaxTokens);
        assert_eq!(told(&"!".repeat(10_001)), Code::MaxTokens);
    }

    #[test]
    fn descriptions_become_spaces() {
        let text = "\"one\" query A(\"\"\"two\"\"\" $a: String = \"kept\" \"three\" $b: [S] = [\"kept\"]) { a(b: \"kept\") }\n\"four\" fragment F on T { a }";
        let blanked = check(text, &Limits::default()).unwrap().text;
        assert_eq!(blanked.len(), text.len());
        for gone in ["one", "two", "three", "four"] {
            assert!(!blanked.contains(gone), "{blanked}");
        }
        assert_eq!(blanked.matches("kept").count(), 3, "{blanked}");
    }

    #[test]
    fn a_description_of_nothing_stays() {
        for text in [
            "\"d\" { a }",
            "{ a(b: [\"c\" $d]) }",
            "query A($a: [S] = [\"x\" $b]) { a }",
            "\"\" \"x\" query { a }",
            "query \"x\" query { a }",
        ] {
            let kept = check(text, &Limits::default()).unwrap().text;
            assert!(kept.contains('"'), "{kept}");
        }
    }
}
