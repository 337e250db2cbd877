//! What is searched: a document for each thing, made of its texts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    SearchField, SearchScope,
    words::{MAX_WORD, joined, words},
};
use crate::{code::Code, fact::FactKind, technology::TechnologyKind};

/// Where in a document a word stands. What comes first weighs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In a name, another name or a slug.
    Name,
    /// In a title.
    Title,
    /// In any other text.
    Text,
}

/// One text of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchText(pub SearchField, pub String);

/// What kind of thing a document stands for, for filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchKind {
    /// A technology of a kind.
    Technology(TechnologyKind),
    /// A fact of a kind.
    Fact(FactKind),
    /// Something that has no kinds.
    None,
}

/// What stands for one thing in the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub scope: SearchScope,
    /// The id of the thing.
    pub id: Uuid,
    /// Of which kind it is.
    pub kind: SearchKind,
    /// Whether it is a technology that was taken out of the lists, or a fact about one.
    pub archived: bool,
    /// Whether it is a fact whose verdict refutes it.
    pub refuted: bool,
    /// Its texts.
    pub texts: Vec<SearchText>,
}

/// What a text says, for the order of what is found.
enum Role {
    /// It identifies the thing as a whole and nothing else.
    Key,
    /// Its words stand here.
    Words(Place),
}

fn role(scope: SearchScope, field: SearchField) -> Role {
    use SearchField as F;
    let titled = matches!(scope, SearchScope::CaseStudies | SearchScope::Sources);
    match field {
        F::Code => Role::Key,
        // The slugs of what has a title repeat the title.
        F::Slug if titled => Role::Key,
        F::Name | F::Alias | F::Slug => Role::Words(Place::Name),
        F::Title => Role::Words(Place::Title),
        F::Summary
        | F::Statement
        | F::Wrote
        | F::Correct
        | F::Subject
        | F::Detail
        | F::Kind
        | F::Publisher
        | F::Note => Role::Words(Place::Text),
    }
}

/// The words of a document, each with the best place where it stands.
pub fn places(scope: SearchScope, texts: &[SearchText]) -> BTreeMap<String, Place> {
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for SearchText(field, text) in texts {
        let Role::Words(place) = role(scope, *field) else { continue };
        let whole = (place == Place::Name).then(|| whole_name(text)).flatten();
        for word in words(text).chain(whole) {
            places.entry(word).and_modify(|best| *best = place.min(*best)).or_insert(place);
        }
    }
    places
}

/// A name of several words as one, as people write it too: `nodejs`.
fn whole_name(name: &str) -> Option<String> {
    let whole = joined(name);
    (words(name).nth(1).is_some() && whole.chars().count() <= MAX_WORD).then_some(whole)
}

/// The marks by which words are found in documents.
pub(crate) mod mark {
    use super::Place;

    /// The whole name, code or slug is this.
    pub(crate) fn key(key: &str) -> String {
        format!("={key}")
    }

    /// A name begins with this word.
    pub(crate) fn first(word: &str) -> String {
        format!("^{word}")
    }

    /// The word stands here, or at a better place.
    pub(crate) fn word(place: Place, word: &str) -> String {
        let letter = match place {
            Place::Name => 'n',
            Place::Title => 't',
            Place::Text => 'x',
        };
        format!("{letter}:{word}")
    }

    /// A property of the document.
    pub(crate) fn property(name: &str, value: &str) -> String {
        format!("@{name}:{}", value.to_lowercase())
    }

    /// It was taken out of the lists.
    pub(crate) const ARCHIVED: &str = "@archived";
}

impl Document {
    /// The marks by which it is found.
    pub fn marks(&self) -> BTreeSet<String> {
        let mut marks = BTreeSet::from([mark::property("scope", self.scope.code())]);
        match self.kind {
            SearchKind::Technology(kind) => marks.extend([mark::property("technology", kind.code())]),
            SearchKind::Fact(kind) => marks.extend([mark::property("fact", kind.code())]),
            SearchKind::None => {}
        }
        if self.archived {
            marks.insert(mark::ARCHIVED.to_owned());
        }
        for SearchText(field, text) in &self.texts {
            match role(self.scope, *field) {
                Role::Key => marks.extend([mark::key(&joined(text))]),
                Role::Words(Place::Name) => {
                    marks.extend([mark::key(&joined(text))]);
                    marks.extend(
                        words(text).next().into_iter().chain(whole_name(text)).map(|w| mark::first(&w)),
                    );
                }
                Role::Words(_) => {}
            }
        }
        for (word, place) in places(self.scope, &self.texts) {
            let worse = [Place::Name, Place::Title, Place::Text].into_iter().filter(|other| *other >= place);
            marks.extend(worse.map(|place| mark::word(place, &word)));
        }
        marks
    }

    /// Its number: by it things are ordered that are found in the same way. It tells the scope, whether a fact is
    /// refuted, how many words the name or title has, how it begins, and then something that depends on the id alone,
    /// so that numbers differ: of a million things that begin alike, two share one with a chance of one in a hundred.
    pub fn number(&self) -> i64 {
        const ID_BITS: u32 = 46;
        const LETTERS: usize = 2;
        let named = self.texts.iter().find(|SearchText(field, _)| {
            matches!(field, SearchField::Name | SearchField::Title) && self.scope != SearchScope::Facts
        });
        let name: Vec<String> = named.map(|SearchText(_, text)| words(text).collect()).unwrap_or_default();
        let joined: String = name.concat();
        let letters = (0..LETTERS).fold(0, |packed, at| packed << 5 | letter(joined.chars().nth(at)));
        let length = u64::try_from(name.len().min(7)).unwrap_or(7);
        let head = (self.scope.order() << 1 | u64::from(self.refuted)) << 3 | length;
        let (high, low) = self.id.as_u64_pair();
        // A fact has no name: more of its id takes the room.
        let tail_bits = ID_BITS + 10;
        let tail = if name.is_empty() {
            (high ^ low) & ((1 << tail_bits) - 1)
        } else {
            letters << ID_BITS | (high ^ low) & ((1 << ID_BITS) - 1)
        };
        i64::try_from(head << tail_bits | tail).unwrap_or(i64::MAX)
    }
}

/// A letter as a number below 32: the end, letters, digits, anything else.
fn letter(c: Option<char>) -> u64 {
    match c {
        None => 0,
        Some(c @ 'a'..='z') => u64::from(c) - u64::from('a') + 1,
        Some('0'..='9') => 27,
        Some(_) => 28,
    }
}
