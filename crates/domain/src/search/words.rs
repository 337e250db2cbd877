//! Words: how a text is cut into words, and when two spellings are the same word.
//!
//! Both what is searched and what is searched for are cut here, so that no database has a say in it.

use std::{ops::Range, sync::LazyLock};

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

/// The longest word, in characters: what is longer is cut off.
pub const MAX_WORD: usize = 64;
/// The longest text that is taken as one word, in characters.
const MAX_JOINED: usize = 256;
/// The most signs that belong to a word before them: `C++`.
const MAX_SIGNS: usize = 2;

/// Words that say too little to be looked for beside others.
const STOP_WORDS: [&str; 34] = [
    "a", "about", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "i",
    "in", "is", "it", "of", "on", "or", "that", "the", "there", "this", "to", "versus", "vs", "was", "what",
    "when", "which", "with",
];

/// A word with its place in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its place.
    pub range: Range<usize>,
    /// The word as it is compared.
    pub word: String,
}

/// The words of a text, in order: letters and digits, with `+` and `#` after them as in `C++` and `C#`. They are
/// lower-case and without accents.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = 0;
    while let Some(found) = text[rest..].find(char::is_alphanumeric) {
        let start = rest + found;
        let letters = text[start..].find(|c| !in_word(c)).unwrap_or(text.len() - start);
        let end = start + letters + signs(&text[start + letters..]);
        rest = end;
        let word = folded(&text[start..end]);
        if !word.is_empty() {
            tokens.push(Token { range: start..end, word });
        }
    }
    tokens
}

/// The words of a text, in order.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    tokens(text).into_iter().map(|token| token.word)
}

/// A text as one word, whatever stands between its words: `Node.js`, `node js` and `nodejs` are the same.
pub fn joined(text: &str) -> String {
    let whole: String = words(text).collect();
    whole.chars().take(MAX_JOINED).collect()
}

/// Whether a word says too little to be looked for beside others.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// What the forms of an English word have in common: `reload` for `reloading`. Words that are not plain letters stand
/// for themselves.
pub fn stem(word: &str) -> String {
    static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    ENGLISH.stem(word).into_owned()
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || is_accent(c)
}

fn is_sign(c: char) -> bool {
    matches!(c, '+' | '#')
}

/// How many bytes of what follows a word are signs of it: not those between two words, as in `a+b`.
fn signs(after: &str) -> usize {
    let count = after.chars().take_while(|c| is_sign(*c)).count();
    let ends = !after.chars().nth(count).is_some_and(char::is_alphanumeric);
    if ends && count <= MAX_SIGNS { count } else { 0 }
}

fn folded(word: &str) -> String {
    word.nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() && !is_accent(*c) || is_sign(*c))
        .take(MAX_WORD)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        words(text).collect()
    }

    #[test]
    fn names_of_technologies_are_words() {
        for (text, expected) in [
            (".NET", &["net"] as &[&str]),
            ("ASP.NET Core", &["asp", "net", "core"]),
            ("C#, C++ and F#/C", &["c#", "c++", "and", "f#", "c"]),
            ("a+b a++b +x #y c++++", &["a", "b", "a", "b", "x", "y", "c"]),
            ("Node.js", &["node", "js"]),
            ("Café Ångström naïve", &["cafe", "angstrom", "naive"]),
            ("e\u{301}te\u{301}", &["ete"]),
            ("ＦＵＬＬ ½ ﬁne", &["full", "12", "fine"]),
            ("CSRF_PROTECTION 3.10", &["csrf", "protection", "3", "10"]),
            ("«» … \u{0} 🦀 \"' *:()^-", &[]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
        assert_eq!(joined("Node.js"), "nodejs");
        assert_eq!(joined("C #"), "c", "a sign by itself is none of a word");
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        assert_eq!(stem("reloading"), stem("reload"));
        assert_eq!(stem("libraries"), stem("library"));
        assert_ne!(stem("redis"), stem("redirect"));
        assert_eq!(stem("c++"), "c++");
    }

    #[test]
    fn stop_words_are_in_order() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && !is_stop_word("go"));
    }

    proptest! {
        #[test]
        fn a_word_is_a_word_again(text in ".{0,60}") {
            for word in words(&text) {
                prop_assert_eq!(cut(&word), vec![word.clone()]);
                prop_assert!(word.chars().count() <= MAX_WORD);
            }
        }

        #[test]
        fn places_are_in_order_and_hold_their_words(text in ".{0,60}") {
            let mut end = 0;
            for Token { range, word } in tokens(&text) {
                prop_assert!(range.start >= end);
                end = range.end;
                prop_assert_eq!(cut(&text[range]), vec![word]);
            }
        }

        #[test]
        fn case_and_accents_do_not_count(text in "[a-zA-Z0-9éÉåÅüÜñ .,#+-]{0,40}") {
            prop_assert_eq!(cut(&text.to_uppercase()), cut(&text.to_lowercase()));
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(cut(&decomposed), cut(&text));
        }
    }
}
