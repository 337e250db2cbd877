//! The catalogue as it is written: entities with their facts, and the names by which they refer to one another.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Error, Result,
    case_study::CaseStudy,
    checklist::NewChecklist,
    code::{Code, nearest},
    fact::{Fact, MAX_PARTS, NewFact},
    fact_code::FactCode,
    id::Id,
    organization::Organization,
    partial_date::PartialDate,
    selection_criterion::SelectionCriterion,
    slug::Slug,
    source::Source,
    subject::{Subject, SubjectKind},
    technology::Technology,
    term::Term,
    text,
};

/// Under which terms the catalogue's data may be used.
pub const DATA_LICENCE: &str = "CC-BY-4.0";

/// Any thing of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub enum Entity {
    /// A technology.
    Technology(Technology),
    /// An organisation.
    Organization(Organization),
    /// A source.
    Source(Source),
    /// A case study.
    CaseStudy(CaseStudy),
    /// A term.
    Term(Term),
    /// A criterion of selection.
    SelectionCriterion(SelectionCriterion),
    /// A checklist.
    Checklist(NewChecklist),
}

impl Entity {
    /// The thing, by its kind and slug.
    pub fn subject(&self) -> Subject {
        let (kind, slug) = match self {
            Self::Technology(value) => (SubjectKind::Technology, &value.slug),
            Self::Organization(value) => (SubjectKind::Organization, &value.slug),
            Self::Source(value) => (SubjectKind::Source, &value.slug),
            Self::CaseStudy(value) => (SubjectKind::CaseStudy, &value.slug),
            Self::Term(value) => (SubjectKind::Term, &value.slug),
            Self::SelectionCriterion(value) => (SubjectKind::SelectionCriterion, &value.slug),
            Self::Checklist(value) => (SubjectKind::Checklist, &value.checklist.slug),
        };
        Subject::new(kind, slug.clone())
    }
}

/// A thing with all that is written of it: what one file of the catalogue holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The thing.
    pub entity: Entity,
    /// Other names, old names and misspellings under which it is looked for.
    pub aliases: Vec<String>,
    /// The facts about it.
    pub facts: Vec<NewFact>,
}

/// Checks the other names of a thing.
pub fn aliases(names: &[String]) -> Result<Vec<String>> {
    if names.len() > MAX_PARTS {
        let message = format!("holds {}; allowed are {MAX_PARTS}.", names.len());
        return Err(Error::invalid("aliases", message));
    }
    names.iter().map(|name| text::line("aliases", name)).collect()
}

/// The names behind ids, and what else is needed to write parts down as they were read.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The slugs of things.
    pub slugs: HashMap<Id<Subject>, Slug>,
    /// The codes of facts that things refer to.
    pub codes: HashMap<Id<Fact>, FactCode>,
    /// When sources were published: facts that say nothing else were observed then.
    pub published: HashMap<Id<Subject>, PartialDate>,
}

impl Names {
    /// The slug of a thing.
    pub fn slug(&self, id: Id<Subject>) -> Result<&str> {
        let slug = self.slugs.get(&id).map(Slug::as_str);
        slug.ok_or_else(|| Error::internal(format!("the subject {} has no name", id.uuid())))
    }

    /// The code of a fact.
    pub fn code(&self, id: Id<Fact>) -> Result<&str> {
        let code = self.codes.get(&id).map(FactCode::as_str);
        code.ok_or_else(|| Error::internal(format!("the fact {} has no code", id.uuid())))
    }

    /// The names that some parts define.
    pub fn of(parts: &[Part]) -> Self {
        let mut names = Self::default();
        for part in parts {
            names.add(part);
        }
        names
    }

    /// Adds other names.
    pub fn extend(&mut self, others: Self) {
        let Self { slugs, codes, published } = others;
        self.slugs.extend(slugs);
        self.codes.extend(codes);
        self.published.extend(published);
    }

    /// Adds what a part defines.
    pub fn add(&mut self, part: &Part) {
        let subject = part.entity.subject();
        if let Entity::Source(Source { published_on: Some(on), .. }) = &part.entity {
            self.published.insert(subject.id(), *on);
        }
        self.slugs.insert(subject.id(), subject.slug);
        self.codes.extend(part.facts.iter().map(|new| (new.fact.id, new.fact.code.clone())));
    }
}

/// Where a name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It was known before what is checked was read.
    Known,
    /// What is checked defines it.
    Defined,
}

/// The names that a catalogue defines, and those that it may refer to besides.
#[derive(Debug, Clone, Default)]
pub struct Register {
    subjects: HashMap<SubjectKind, BTreeMap<String, Origin>>,
    facts: BTreeMap<String, Origin>,
    contradictions: HashMap<FactCode, Vec<FactCode>>,
    published: HashMap<String, PartialDate>,
}

impl Register {
    /// Adds a thing that exists elsewhere: it may be referred to, and defined anew.
    pub fn know_subject(&mut self, subject: &Subject) {
        let names = self.subjects.entry(subject.kind).or_default();
        names.entry(subject.slug.to_string()).or_insert(Origin::Known);
    }

    /// Adds a fact that exists elsewhere, with the facts that it contradicts.
    pub fn know_fact(&mut self, code: &FactCode, contradicts: Vec<FactCode>) {
        self.facts.entry(code.to_string()).or_insert(Origin::Known);
        self.contradicts(code, contradicts);
    }

    /// Adds a part that exists elsewhere.
    pub fn know(&mut self, part: &Part) {
        self.know_subject(&part.entity.subject());
        if let Entity::Source(Source { slug, published_on: Some(on), .. }) = &part.entity {
            self.publish(slug, *on);
        }
        for new in &part.facts {
            self.know_fact(&new.fact.code, new.contradicts.clone());
        }
    }

    /// Adds a thing; its name must be new.
    pub fn define_subject(&mut self, subject: &Subject) -> Result<()> {
        let names = self.subjects.entry(subject.kind).or_default();
        match names.insert(subject.slug.to_string(), Origin::Defined) {
            Some(Origin::Defined) => Err(Error::invalid(
                "slug",
                format!("{} {} is there twice.", subject.kind.code(), subject.slug),
            )),
            _ => Ok(()),
        }
    }

    /// Adds a fact with the facts that it contradicts; its code must be new.
    pub fn define_fact(&mut self, code: &FactCode, contradicts: Vec<FactCode>) -> Result<()> {
        self.contradictions.remove(code);
        self.contradicts(code, contradicts);
        match self.facts.insert(code.to_string(), Origin::Defined) {
            Some(Origin::Defined) => Err(Error::invalid("code", format!("{code} is there twice."))),
            _ => Ok(()),
        }
    }

    fn contradicts(&mut self, code: &FactCode, others: Vec<FactCode>) {
        if !others.is_empty() {
            self.contradictions.insert(code.clone(), others);
        }
    }

    /// Notes when a source was published.
    pub fn publish(&mut self, source: &Slug, on: PartialDate) {
        self.published.insert(source.to_string(), on);
    }

    /// When a source was published, as far as is known.
    pub fn published(&self, source: &str) -> Option<PartialDate> {
        self.published.get(source).copied()
    }

    /// Checks that a thing that something refers to exists.
    pub fn subject(&self, kind: SubjectKind, slug: &str) -> Result<()> {
        let names = self.subjects.get(&kind);
        if names.is_some_and(|names| names.contains_key(slug)) {
            return Ok(());
        }
        let label = kind.code().to_lowercase().replace('_', " ");
        let near = names.and_then(|names| nearest(slug, names.keys().map(String::as_str)));
        Err(unknown(&label, slug, near))
    }

    /// Checks that a fact that something refers to exists.
    pub fn fact(&self, code: &str) -> Result<()> {
        if self.facts.contains_key(code) {
            return Ok(());
        }
        Err(unknown("fact", code, nearest(code, self.facts.keys().map(String::as_str))))
    }

    /// Checks that a fact exists and contradicts the other in turn.
    pub fn contradiction(&self, code: &FactCode, other: &FactCode) -> Result<()> {
        self.fact(other.as_str())?;
        if self.contradictions.get(other).is_some_and(|others| others.contains(code)) {
            return Ok(());
        }
        let message =
            format!("{code} contradicts {other}, but {other} does not name {code} in turn: add it there.");
        Err(Error::invalid("contradicts", message))
    }
}

fn unknown(label: &str, name: &str, near: Option<&str>) -> Error {
    let hint = near.map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
    let shown = text::excerpt(name);
    Error::invalid(label, format!("there is no {label} `{shown}`.{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn technology(slug: &str) -> Subject {
        Subject::new(SubjectKind::Technology, Slug::parse(slug).unwrap())
    }

    fn code(text: &str) -> FactCode {
        FactCode::parse(text).unwrap()
    }

    #[test]
    fn a_name_is_defined_once_even_when_it_was_known_before() {
        let mut register = Register::default();
        register.know_subject(&technology("django"));
        assert_eq!(register.define_subject(&technology("django")), Ok(()));
        assert!(register.define_subject(&technology("django")).is_err());
        register.know_fact(&code("F1"), vec![]);
        assert_eq!(register.define_fact(&code("F1"), vec![]), Ok(()));
        assert!(register.define_fact(&code("F1"), vec![]).unwrap_err().to_string().contains("twice"));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_nearest() {
        let mut register = Register::default();
        register.define_subject(&technology("django")).unwrap();
        let error = register.subject(SubjectKind::Technology, "djnago").unwrap_err().to_string();
        assert!(error.contains("Did you mean `django`?"), "{error}");
        let error = register.subject(SubjectKind::CaseStudy, "django").unwrap_err().to_string();
        assert!(error.contains("there is no case study `django`"), "{error}");
    }

    #[test]
    fn contradictions_are_told_from_both_sides() {
        let mut register = Register::default();
        register.define_fact(&code("F1"), vec![code("F2")]).unwrap();
        register.define_fact(&code("F2"), vec![code("F1")]).unwrap();
        register.define_fact(&code("F3"), vec![]).unwrap();
        assert_eq!(register.contradiction(&code("F1"), &code("F2")), Ok(()));
        let error = register.contradiction(&code("F1"), &code("F3")).unwrap_err().to_string();
        assert!(error.contains("F3 does not name F1 in turn"), "{error}");
        assert!(register.contradiction(&code("F1"), &code("F22")).unwrap_err().to_string().contains("`F2`"));
    }
}
