//! Why something was found: its texts, parted into what fits the query and what does not.

use super::{
    Interpretation, SearchField,
    document::SearchText,
    words::{Token, joined, tokens},
};

/// A text in which something fits the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Which text.
    pub field: SearchField,
    /// The text in parts: together they are the whole text.
    pub fragments: Vec<Fragment>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The part.
    pub text: String,
    /// Whether it fits the query.
    pub is_match: bool,
}

/// The texts in which something fits the query, in their order.
pub fn highlights(interpretation: &Interpretation, texts: &[SearchText]) -> Vec<Highlight> {
    texts
        .iter()
        .map(|SearchText(field, text)| Highlight {
            field: *field,
            fragments: fragments(interpretation, *field, text),
        })
        .filter(|highlight| highlight.fragments.iter().any(|fragment| fragment.is_match))
        .collect()
}

fn fragments(interpretation: &Interpretation, field: SearchField, text: &str) -> Vec<Fragment> {
    use SearchField as F;
    let whole = joined(text);
    let is_name = matches!(field, F::Name | F::Alias | F::Slug | F::Code);
    if is_name && (whole == interpretation.key() || interpretation.means(&whole)) {
        return vec![Fragment { text: text.to_owned(), is_match: true }];
    }
    let mut parts: Vec<Fragment> = Vec::new();
    let mut end = 0;
    // The code of a fact is found as a whole only.
    let tokens = if field == F::Code { Vec::new() } else { tokens(text) };
    for Token { range, word } in tokens {
        if interpretation.means(&word) {
            push(&mut parts, &text[end..range.start], false);
            push(&mut parts, &text[range.clone()], true);
            end = range.end;
        }
    }
    push(&mut parts, &text[end..], false);
    parts
}

fn push(parts: &mut Vec<Fragment>, text: &str, is_match: bool) {
    if !text.is_empty() {
        parts.push(Fragment { text: text.to_owned(), is_match });
    }
}
