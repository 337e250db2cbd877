//! Search: what a query may mean, how what it finds is ranked, and why.
//!
//! The order of what is found is a rule of its own, so that it is the same on every database. A query is cut into words
//! ([`words`]), and each word stands for words of the vocabulary ([`Interpretation`]): itself, its forms and what it is
//! the beginning of, and, when names do not know it, words spelled nearly so. What is found is parted into
//! [`Tier`]s by where all words of the query stand and how well they fit. Within a tier it is ordered by
//! [`Document::number`](document::Document::number). Databases only look up which documents have which marks.

pub mod document;
pub mod expression;
pub mod highlight;
mod interpretation;
pub mod words;

use crate::{Error, Result, code::codes, fact::FactKind, technology::TechnologyKind, text};

use document::{Place, mark};
use expression::Expression;
pub use interpretation::{Interpretation, MAX_FORMS, MAX_NEAR, VocabularyWord, anchors};

codes! {
    /// What is searched.
    SearchScope as "search scope" {
        /// Frameworks, Backends as a Service and all other technologies.
        Technologies,
        /// Facts.
        Facts,
        /// Case studies.
        CaseStudies,
        /// Organisations.
        Organizations,
        /// Sources.
        Sources,
        /// Terms of the field.
        Terms,
    }
}

impl SearchScope {
    /// Its place among things that are found in the same way.
    pub(crate) fn order(self) -> u64 {
        match self {
            Self::Technologies => 0,
            Self::Organizations => 1,
            Self::Terms => 2,
            Self::CaseStudies => 3,
            Self::Facts => 4,
            Self::Sources => 5,
        }
    }
}

codes! {
    /// A text that is searched.
    SearchField as "searched text" {
        /// The name.
        Name,
        /// Another name.
        Alias,
        /// The slug.
        Slug,
        /// The code of a fact. It is found as a whole only.
        Code,
        /// The title.
        Title,
        /// The summary.
        Summary,
        /// The statement of a fact.
        Statement,
        /// What a source wrote wrong.
        Wrote,
        /// What is right instead.
        Correct,
        /// The name of what a fact is about.
        Subject,
        /// What else a fact names: the value of an attribute, a capability, a plan; or the industry of a client.
        Detail,
        /// The kind of technology.
        Kind,
        /// The publisher of a source.
        Publisher,
        /// The note on a source.
        Note,
    }
}

/// The most words of a query.
pub const MAX_WORDS: usize = 12;
/// The most spellings that are suggested.
const MAX_SUGGESTIONS: usize = 3;
/// The most words of a query of which one may be missing when nothing has all.
const MAX_WORDS_WITH_GAP: usize = 6;

/// What somebody searches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// All of it as one word.
    pub key: String,
    /// The words that are looked for, each once.
    pub words: Vec<String>,
}

impl Query {
    /// Reads a query. Whatever it holds, it is text and nothing else.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text::line("query", text)?;
        let mut words: Vec<String> = Vec::new();
        for word in self::words::words(&text) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.is_empty() {
            return Err(Error::invalid("query", "must hold a letter or a digit."));
        }
        if !words.iter().all(|word| self::words::is_stop_word(word)) {
            words.retain(|word| !self::words::is_stop_word(word));
        }
        if words.len() > MAX_WORDS {
            let message = format!("has {} words; allowed are {MAX_WORDS}.", words.len());
            return Err(Error::invalid("query", message));
        }
        Ok(Self { key: self::words::joined(&text), words })
    }
}

/// Which things are searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restriction {
    /// Of these scopes; of all when none is given.
    pub scopes: Option<Vec<SearchScope>>,
    /// Technologies of these kinds, or facts of those kinds.
    pub technology_kinds: Option<Vec<TechnologyKind>>,
    /// Facts of these kinds, or technologies of those kinds.
    pub fact_kinds: Option<Vec<FactKind>>,
    /// Whether only technologies that were taken out of the lists and the facts about them are searched; none of them
    /// otherwise.
    pub archived: bool,
}

impl Restriction {
    /// Whether nothing can pass.
    pub fn is_empty(&self) -> bool {
        let nothing = |list: Option<usize>| list.is_none_or(|length| length == 0);
        let kinds = (self.technology_kinds.as_ref().map(Vec::len), self.fact_kinds.as_ref().map(Vec::len));
        let no_kinds = (kinds.0.is_some() || kinds.1.is_some()) && nothing(kinds.0) && nothing(kinds.1);
        self.scopes.as_ref().is_some_and(Vec::is_empty) || no_kinds
    }

    /// The same condition, for these things only.
    pub fn apply(&self, expression: Expression) -> Expression {
        use crate::code::Code;
        let Self { scopes, technology_kinds, fact_kinds, archived } = self;
        let marks = |name: &str, codes: Vec<&'static str>| -> Vec<Expression> {
            codes.into_iter().map(|code| Expression::Mark(mark::property(name, code))).collect()
        };
        let mut all = vec![expression];
        if let Some(scopes) = scopes {
            all.push(Expression::any(marks("scope", scopes.iter().map(|scope| scope.code()).collect())));
        }
        let mut kinds = Vec::new();
        if let Some(list) = technology_kinds {
            kinds.extend(marks("technology", list.iter().map(|kind| kind.code()).collect()));
        }
        if let Some(list) = fact_kinds {
            kinds.extend(marks("fact", list.iter().map(|kind| kind.code()).collect()));
        }
        if !kinds.is_empty() {
            all.push(Expression::any(kinds));
        }
        let archived_only = Expression::Mark(mark::ARCHIVED.to_owned());
        if *archived {
            all.push(archived_only);
            return Expression::all(all);
        }
        Expression::all(all).except(vec![archived_only])
    }
}

/// How well the words of a document fit those of the query. What comes first fits better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// They are the same words.
    Same,
    /// They are forms of the same word, or begin with it.
    Form,
    /// They are spelled nearly so.
    Near,
}

/// Where all words of a query stand, and how well they fit. A thing is found in the first tier that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The query is the whole name, another name, the slug or the code.
    Exact,
    /// A name begins with the first word and has the others.
    BeginsSame,
    /// The same, with forms and beginnings of the words.
    BeginsForm,
    /// Names have all words.
    NameSame,
    /// Names have forms or beginnings of all words.
    NameForm,
    /// Names have words spelled nearly so.
    NameNear,
    /// The title, or the title and names, have all words.
    TitleSame,
    /// The same, with forms and beginnings of the words.
    TitleForm,
    /// The same, with words spelled nearly so.
    TitleNear,
    /// All texts together have all words.
    TextSame,
    /// The same, with forms and beginnings of the words.
    TextForm,
    /// The same, with words spelled nearly so.
    TextNear,
    /// All texts together have all words but one. Only when nothing has all of them.
    AllButOne,
}

impl Tier {
    /// All tiers, the best first.
    pub const ALL: [Self; 13] = [
        Self::Exact,
        Self::BeginsSame,
        Self::BeginsForm,
        Self::NameSame,
        Self::NameForm,
        Self::NameNear,
        Self::TitleSame,
        Self::TitleForm,
        Self::TitleNear,
        Self::TextSame,
        Self::TextForm,
        Self::TextNear,
        Self::AllButOne,
    ];

    /// The score of what is found in it: from 0 to 1, smaller with each tier. It says how something was found, not how
    /// likely it is meant.
    pub fn score(self) -> f64 {
        match self {
            Self::Exact => 1.0,
            Self::BeginsSame => 0.95,
            Self::BeginsForm => 0.9,
            Self::NameSame => 0.85,
            Self::NameForm => 0.8,
            Self::NameNear => 0.7,
            Self::TitleSame => 0.6,
            Self::TitleForm => 0.55,
            Self::TitleNear => 0.5,
            Self::TextSame => 0.4,
            Self::TextForm => 0.35,
            Self::TextNear => 0.3,
            Self::AllButOne => 0.1,
        }
    }

    /// Its number, as cursors hold it.
    pub fn number(self) -> i64 {
        Self::ALL.iter().zip(0..).find(|(tier, _)| **tier == self).map_or(0, |(_, number)| number)
    }

    /// The tier with a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// Whether everything that is found in the other is found here as well, were it not found there first.
    fn covers(self, other: Self) -> bool {
        match (self.words(), other.words()) {
            (Some((place, fit)), Some((other_place, other_fit))) => place >= other_place && fit >= other_fit,
            _ => false,
        }
    }

    /// Where the words stand and how they fit, for tiers that are told by this.
    fn words(self) -> Option<(Place, Fit)> {
        match self {
            Self::BeginsSame | Self::NameSame => Some((Place::Name, Fit::Same)),
            Self::BeginsForm | Self::NameForm => Some((Place::Name, Fit::Form)),
            Self::NameNear => Some((Place::Name, Fit::Near)),
            Self::TitleSame => Some((Place::Title, Fit::Same)),
            Self::TitleForm => Some((Place::Title, Fit::Form)),
            Self::TitleNear => Some((Place::Title, Fit::Near)),
            Self::TextSame => Some((Place::Text, Fit::Same)),
            Self::TextForm => Some((Place::Text, Fit::Form)),
            Self::TextNear => Some((Place::Text, Fit::Near)),
            Self::Exact | Self::AllButOne => None,
        }
    }

    /// Whether the words of both stand at the same place.
    pub fn is_beside(self, other: Self) -> bool {
        let place = |tier: Self| tier.words().map_or(Place::Name, |(place, _)| place);
        place(self) == place(other)
    }

    /// Whether the first word must begin a name.
    fn begins(self) -> bool {
        matches!(self, Self::BeginsSame | Self::BeginsForm)
    }
}

/// One tier of what a query finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which tier.
    pub tier: Tier,
    /// What is found in it and in none before.
    pub expression: Expression,
    /// It finds at most so many things.
    pub at_most: i64,
}

impl Interpretation {
    /// The tiers in which something may be found, the best first. What one finds no other finds.
    pub fn steps(&self) -> Vec<Step> {
        let key = Expression::Mark(mark::key(&self.query.key));
        let mut steps = vec![Step { tier: Tier::Exact, expression: key.clone(), at_most: i64::MAX }];
        let mut before: Vec<(Tier, Expression)> = Vec::new();
        for tier in Tier::ALL {
            let Some((expression, at_most)) = self.of_tier(tier) else { continue };
            let others = before.iter().map(|(_, other)| other.clone()).chain([key.clone()]).collect();
            steps.push(Step { tier, expression: expression.clone().except(others), at_most });
            before.retain(|(other, _)| tier.begins() || !tier.covers(*other));
            before.push((tier, expression));
        }
        steps
    }

    /// What is found when nothing has all words.
    pub fn fallback(&self) -> Option<Step> {
        let sets = self.sets(Place::Text, Fit::Near);
        let known: Vec<Expression> = sets.into_iter().filter_map(|(set, _)| set).collect();
        let missing = self.words.len() - known.len();
        if self.words.len() < 2 || self.words.len() > MAX_WORDS_WITH_GAP || missing > 1 {
            return None;
        }
        let expression = if missing == 1 {
            Expression::all(known)
        } else {
            let but = |gap: usize| known.iter().enumerate().filter(move |(at, _)| *at != gap);
            let one_missing = |gap| Expression::all(but(gap).map(|(_, set)| set.clone()).collect());
            Expression::any((0..known.len()).map(one_missing).collect())
        };
        Some(Step { tier: Tier::AllButOne, expression, at_most: i64::MAX })
    }

    /// Other spellings of the query, the most probable first: words that names do not know are replaced by others that
    /// are spelled nearly so. Each with what finds it.
    pub fn suggestions(&self) -> Vec<(String, Expression)> {
        let alternatives =
            self.words.iter().map(|word| word.of_fit(Fit::Near).count()).max().unwrap_or_default();
        (0..alternatives.min(MAX_SUGGESTIONS)).filter_map(|place| self.suggestion(place)).collect()
    }

    fn suggestion(&self, place: usize) -> Option<(String, Expression)> {
        let spelled = |at: usize| {
            let near = self.words[at].of_fit(Fit::Near);
            match near.take(place + 1).last() {
                Some(near) => {
                    Some((near.word.as_str(), Expression::Mark(mark::word(Place::Text, &near.word))))
                }
                None => Some((self.query.words[at].as_str(), self.in_texts(at)?)),
            }
        };
        let words: Vec<(&str, Expression)> = (0..self.words.len()).map(spelled).collect::<Option<_>>()?;
        let (words, all): (Vec<&str>, Vec<Expression>) = words.into_iter().unzip();
        Some((words.join(" "), Expression::all(all)))
    }

    /// A word of the query, or a form of it, stands somewhere.
    fn in_texts(&self, at: usize) -> Option<Expression> {
        let marked = |word: &VocabularyWord| Some((mark::word(Place::Text, &word.word), word.documents));
        self.set(at, Fit::Form, marked).0
    }

    /// Everything that is found, in whatever tier.
    pub fn whole(&self) -> Expression {
        let key = Expression::Mark(mark::key(&self.query.key));
        let sets = self.sets(Place::Text, Fit::Near).into_iter().map(|(set, _)| set).collect::<Option<_>>();
        Expression::any([key].into_iter().chain(sets.map(Expression::all)).collect())
    }

    /// What a tier finds, whatever those before it find, when it can find anything that they do not.
    fn of_tier(&self, tier: Tier) -> Option<(Expression, i64)> {
        let (place, fit) = tier.words()?;
        if self.adds_nothing(place, fit) {
            return None;
        }
        let sets = self.sets(place, fit);
        let at_most = sets.iter().map(|(_, most)| *most).min().unwrap_or_default();
        let mut all: Vec<Expression> = sets.into_iter().map(|(set, _)| set).collect::<Option<_>>()?;
        if tier.begins() {
            let (first, _) =
                self.set(0, fit, |word| (word.names > 0).then(|| (mark::first(&word.word), word.names)));
            *all.first_mut()? = first?;
        }
        Some((Expression::all(all), at_most))
    }

    /// Whether nothing is found by less fitting words, or at a worse place, that is not found already.
    fn adds_nothing(&self, place: Place, fit: Fit) -> bool {
        let same_words = fit != Fit::Same && self.words.iter().all(|word| word.of_fit(fit).next().is_none());
        let better_place = match place {
            Place::Name => return same_words,
            Place::Title => Place::Name,
            Place::Text => Place::Title,
        };
        // Of a single word it is known whether it stands at this place without standing at the better one.
        let elsewhere = |word: &VocabularyWord| word.at(place) > word.at(better_place);
        let one = self.words.as_slice();
        same_words || matches!(one, [word] if !word.up_to(fit).any(elsewhere))
    }

    /// For each word of the query: one of its words stands there, and in how many things they do so.
    fn sets(&self, place: Place, fit: Fit) -> Vec<(Option<Expression>, i64)> {
        let marked = |word: &VocabularyWord| {
            let things = word.at(place);
            (things > 0).then(|| (mark::word(place, &word.word), things))
        };
        (0..self.words.len()).map(|at| self.set(at, fit, marked)).collect()
    }

    fn set(
        &self,
        at: usize,
        fit: Fit,
        marked: impl Fn(&VocabularyWord) -> Option<(String, i64)>,
    ) -> (Option<Expression>, i64) {
        let Some(word) = self.words.get(at) else { return (None, 0) };
        let found: Vec<(String, i64)> = word.up_to(fit).filter_map(marked).collect();
        let things = found.iter().map(|(_, things)| *things).sum();
        let marks: Vec<Expression> = found.into_iter().map(|(mark, _)| Expression::Mark(mark)).collect();
        ((!marks.is_empty()).then(|| Expression::any(marks)), things)
    }
}

#[cfg(test)]
mod tests;
