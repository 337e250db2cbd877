//! What the words of a query may mean, in words of the vocabulary.

use strsim::osa_distance;

use super::{Fit, Query, document::Place, words::stem};

/// The most words that a word of a query is the beginning or another form of.
pub const MAX_FORMS: usize = 50;
/// The most words that are spelled nearly like a word of a query.
pub const MAX_NEAR: usize = 10;
/// Shorter words are taken as they are spelled.
const MIN_MISSPELLED: usize = 4;
/// Shorter words are taken for words of names only: too many words are like them.
const MIN_MISSPELLED_ANYWHERE: usize = 6;
/// Shorter words may have one letter wrong, longer ones two.
const MIN_TWICE_MISSPELLED: usize = 8;
/// A word that documents hold, with in how many of them it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VocabularyWord {
    /// The word.
    pub word: String,
    /// In the names of how many.
    pub names: i64,
    /// In the names or titles of how many.
    pub titles: i64,
    /// Anywhere in how many.
    pub documents: i64,
}

impl VocabularyWord {
    /// In how many documents it stands at this place or a better one.
    pub(crate) fn at(&self, place: Place) -> i64 {
        match place {
            Place::Name => self.names,
            Place::Title => self.titles,
            Place::Text => self.documents,
        }
    }
}

/// What one word of a query may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning {
    same: Option<VocabularyWord>,
    forms: Vec<VocabularyWord>,
    near: Vec<VocabularyWord>,
}

impl Meaning {
    pub(crate) fn of_fit(&self, fit: Fit) -> Box<dyn Iterator<Item = &VocabularyWord> + '_> {
        match fit {
            Fit::Same => Box::new(self.same.iter()),
            Fit::Form => Box::new(self.forms.iter()),
            Fit::Near => Box::new(self.near.iter()),
        }
    }

    pub(crate) fn up_to(&self, fit: Fit) -> impl Iterator<Item = &VocabularyWord> {
        let fits = [Fit::Same, Fit::Form, Fit::Near].into_iter().filter(move |other| *other <= fit);
        fits.flat_map(|fit| self.of_fit(fit))
    }
}

/// A query with what its words may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpretation {
    pub(crate) query: Query,
    pub(crate) words: Vec<Meaning>,
}

/// What the words have in common that a word may be a misspelling of: a slip in one half leaves the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchors {
    /// They begin so.
    pub beginning: String,
    /// Or they end so.
    pub end: String,
    /// How many characters they have, from and to.
    pub length: (usize, usize),
}

/// What the words have in common that a word may be a misspelling of. Nothing for words that are too short to be taken
/// for others.
pub fn anchors(word: &str) -> Option<Anchors> {
    let letters: Vec<char> = word.chars().collect();
    let length = letters.len();
    let distance = tolerance(length)?;
    // Two letters that changed places may be one of each half: the letter in the middle belongs to neither.
    let half = (length - 1) / 2;
    Some(Anchors {
        beginning: letters.iter().take(half).collect(),
        end: letters.iter().skip(half + 1).collect(),
        length: (length - distance, length + distance),
    })
}

/// How many letters may be wrong in a word of this length.
fn tolerance(length: usize) -> Option<usize> {
    match length {
        ..MIN_MISSPELLED => None,
        MIN_MISSPELLED..MIN_TWICE_MISSPELLED => Some(1),
        _ => Some(2),
    }
}

impl Interpretation {
    /// Reads a query by the words of the vocabulary that come into question for it, in any order.
    pub fn new(query: Query, vocabulary: &[VocabularyWord]) -> Self {
        let words = query.words.iter().map(|word| meaning(word, vocabulary)).collect();
        Self { query, words }
    }

    /// All of the query as one word.
    pub fn key(&self) -> &str {
        &self.query.key
    }

    /// The words of the query.
    pub fn words(&self) -> &[String] {
        &self.query.words
    }

    /// Whether it means a word of a document.
    pub(crate) fn means(&self, word: &str) -> bool {
        self.words.iter().any(|meaning| meaning.up_to(Fit::Near).any(|other| other.word == word))
    }
}

fn meaning(word: &str, vocabulary: &[VocabularyWord]) -> Meaning {
    let same = vocabulary.iter().find(|other| other.word == word).cloned();
    let root = stem(word);
    let is_form = |other: &VocabularyWord| {
        other.word != word && (other.word.starts_with(word) || stem(&other.word) == root)
    };
    let mut forms: Vec<VocabularyWord> = vocabulary.iter().filter(|other| is_form(other)).cloned().collect();
    forms.sort_by(|left, right| {
        let usual = |word: &VocabularyWord| (word.names, word.documents);
        usual(right).cmp(&usual(left)).then_with(|| left.word.cmp(&right.word))
    });
    forms.dedup();
    forms.truncate(MAX_FORMS);
    let known_to_names = same.iter().chain(&forms).any(|other| other.names > 0);
    let near = if known_to_names { Vec::new() } else { near(word, same.as_ref(), &forms, vocabulary) };
    Meaning { same, forms, near }
}

/// The words that one may be a misspelling of: the nearest. A word that documents know is right as a rule; only a word
/// of names that is one letter away and more usual is offered beside it.
fn near(
    word: &str,
    same: Option<&VocabularyWord>,
    forms: &[VocabularyWord],
    vocabulary: &[VocabularyWord],
) -> Vec<VocabularyWord> {
    let length = word.chars().count();
    let Some(mut tolerance) = tolerance(length) else { return Vec::new() };
    if same.is_some() {
        tolerance = 1;
    }
    let of_names_only = same.is_some() || length < MIN_MISSPELLED_ANYWHERE;
    let may_be_meant = |other: &VocabularyWord| !of_names_only || other.names > 0;
    let usual = same.map_or(0, |same| same.documents);
    let mut near: Vec<(usize, &VocabularyWord)> = vocabulary
        .iter()
        .filter(|other| other.word != word && other.documents > usual && !forms.contains(other))
        .filter(|other| may_be_meant(other) && other.word.chars().count().abs_diff(length) <= tolerance)
        .map(|other| (osa_distance(word, &other.word), other))
        .filter(|(distance, _)| *distance <= tolerance)
        .collect();
    near.sort_by(|(left_distance, left), (right_distance, right)| {
        let usual = |word: &VocabularyWord| (word.names, word.documents);
        left_distance
            .cmp(right_distance)
            .then_with(|| usual(right).cmp(&usual(left)))
            .then_with(|| left.word.cmp(&right.word))
    });
    near.dedup_by(|left, right| left.1.word == right.1.word);
    let nearest = near.first().map_or(0, |(distance, _)| *distance);
    let nearest = near.into_iter().filter(|(distance, _)| *distance == nearest);
    nearest.take(MAX_NEAR).map(|(_, other)| other.clone()).collect()
}
