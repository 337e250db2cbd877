//! The catalogue as a whole: everything that is imported together and must agree with itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    Error, Result,
    case_study::CaseStudy,
    checklist::NewChecklist,
    code::nearest,
    fact::{Fact, MAX_PARTS, NewFact},
    fact_code::FactCode,
    id::Id,
    organization::Organization,
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

/// Everything that the catalogue holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// The technologies.
    pub technologies: Vec<Technology>,
    /// The organisations.
    pub organizations: Vec<Organization>,
    /// The sources.
    pub sources: Vec<Source>,
    /// The case studies.
    pub case_studies: Vec<CaseStudy>,
    /// The terms.
    pub terms: Vec<Term>,
    /// The criteria of selection.
    pub selection_criteria: Vec<SelectionCriterion>,
    /// The checklists.
    pub checklists: Vec<NewChecklist>,
    /// The facts.
    pub facts: Vec<NewFact>,
    /// Other names, old names and misspellings under which subjects are looked for.
    pub aliases: BTreeMap<Id<Subject>, Vec<String>>,
}

impl Catalogue {
    /// Notes the other names of a subject.
    pub fn alias(&mut self, subject: &Subject, names: &[String]) -> Result<()> {
        if names.len() > MAX_PARTS {
            let message = format!("holds {}; allowed are {MAX_PARTS}.", names.len());
            return Err(Error::invalid("aliases", message));
        }
        let names: Vec<String> =
            names.iter().map(|name| text::line("aliases", name)).collect::<Result<_>>()?;
        if !names.is_empty() {
            self.aliases.insert(subject.id(), names);
        }
        Ok(())
    }

    /// Every subject of the catalogue.
    pub fn subjects(&self) -> Vec<Subject> {
        use SubjectKind as K;
        let of = |kind: K, slugs: Vec<&Slug>| -> Vec<Subject> {
            slugs.into_iter().map(|slug| Subject::new(kind, slug.clone())).collect()
        };
        [
            of(K::Technology, self.technologies.iter().map(|t| &t.slug).collect()),
            of(K::Organization, self.organizations.iter().map(|o| &o.slug).collect()),
            of(K::Source, self.sources.iter().map(|s| &s.slug).collect()),
            of(K::CaseStudy, self.case_studies.iter().map(|c| &c.slug).collect()),
            of(K::Term, self.terms.iter().map(|t| &t.slug).collect()),
            of(K::SelectionCriterion, self.selection_criteria.iter().map(|c| &c.slug).collect()),
            of(K::Checklist, self.checklists.iter().map(|c| &c.checklist.slug).collect()),
        ]
        .concat()
    }

    /// Every way in which the catalogue does not agree with itself: names used twice, references to nothing,
    /// contradictions told from one side.
    pub fn inconsistencies(&self) -> Vec<Error> {
        let subjects = self.subjects();
        let known: HashSet<Id<Subject>> = subjects.iter().map(Subject::id).collect();
        let mut errors = twice("slug", subjects.iter().map(|s| format!("{} {}", s.kind_name(), s.slug)));
        errors.extend(twice("code", self.facts.iter().map(|f| f.fact.code.to_string())));
        errors.extend(self.dangling(&known));
        errors.extend(self.one_sided());
        errors.extend(self.items_without_fact());
        errors
    }

    /// The errors of [`inconsistencies`](Self::inconsistencies), the first of them.
    pub fn check(&self) -> Result<()> {
        self.inconsistencies().into_iter().next().map_or(Ok(()), Err)
    }

    fn dangling(&self, known: &HashSet<Id<Subject>>) -> Vec<Error> {
        let mut errors = Vec::new();
        for new in &self.facts {
            for (field, id) in new.references() {
                if !known.contains(&id) {
                    let message =
                        format!("{} refers to something that the catalogue does not have.", new.fact.code);
                    errors.push(Error::invalid(field, message));
                }
            }
        }
        for study in &self.case_studies {
            if study.vendor.is_some_and(|id| !known.contains(&id)) {
                errors.push(Error::invalid("vendor", format!("{}: no such organisation.", study.slug)));
            }
        }
        errors
    }

    fn one_sided(&self) -> Vec<Error> {
        let sides: HashMap<&FactCode, &NewFact> = self.facts.iter().map(|f| (&f.fact.code, f)).collect();
        let codes: Vec<&str> = self.facts.iter().map(|f| f.fact.code.as_str()).collect();
        let mut errors = Vec::new();
        for new in &self.facts {
            for other in &new.contradicts {
                let code = &new.fact.code;
                let message = match sides.get(other) {
                    None => {
                        let hint = nearest(other.as_str(), codes.iter().copied()).unwrap_or("none");
                        format!("{code} contradicts {other}, which does not exist; the nearest is {hint}.")
                    }
                    Some(side) if !side.contradicts.contains(code) => {
                        format!("{code} contradicts {other}, but {other} does not say so.")
                    }
                    Some(_) => continue,
                };
                errors.push(Error::invalid("contradicts", message));
            }
        }
        errors
    }

    fn items_without_fact(&self) -> Vec<Error> {
        let ids: HashSet<Id<Fact>> = self.facts.iter().map(|f| f.fact.id).collect();
        self.checklists
            .iter()
            .flat_map(|list| &list.items)
            .filter(|item| !ids.contains(&item.fact))
            .map(|item| Error::invalid("items.fact", format!("the fact of `{}` does not exist.", item.name)))
            .collect()
    }
}

impl Subject {
    fn kind_name(&self) -> &'static str {
        crate::code::Code::code(self.kind)
    }
}

impl NewFact {
    /// Everything that the fact refers to, with the name of the field that does.
    fn references(&self) -> Vec<(&'static str, Id<Subject>)> {
        use crate::fact::FactDetail::{Adoption, FitRule};
        let mut references = vec![("subject", self.fact.subject.id)];
        references.extend(self.citations.iter().map(|c| ("citations.source", c.source)));
        references
            .extend(self.relations.iter().flat_map(|r| [("relations.from", r.from), ("relations.to", r.to)]));
        references.extend(self.technologies.iter().map(|t| ("technologies", t.technology)));
        match self.fact.detail {
            Adoption { organization } => references.push(("adoption.organization", organization)),
            FitRule { team_language: Some(language), .. } => references.push(("fit.teamLanguage", language)),
            _ => {}
        }
        references
    }
}

fn twice(field: &str, names: impl Iterator<Item = String>) -> Vec<Error> {
    let mut seen = HashSet::new();
    names
        .filter(|name| !seen.insert(name.clone()))
        .map(|name| Error::invalid(field, format!("{name} is there twice.")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::tests::fact;

    fn catalogue(facts: Vec<NewFact>) -> Catalogue {
        let source = Source {
            slug: Slug::parse("a-page").unwrap(),
            kind: crate::source::SourceKind::Article,
            title: "A page".to_owned(),
            publisher: None,
            location: crate::source::Location::Nowhere("For a test.".to_owned()),
            published_on: None,
            has_vendor_bias: false,
        };
        let technology = Technology {
            slug: Slug::parse("django").unwrap(),
            kind: crate::technology::TechnologyKind::BackendFramework,
            name: "Django".to_owned(),
            summary: None,
            homepage: None,
            repository: None,
            archived: false,
        };
        Catalogue { technologies: vec![technology], sources: vec![source], facts, ..Catalogue::default() }
    }

    #[test]
    fn a_whole_catalogue_agrees_with_itself() {
        assert_eq!(catalogue(vec![fact("F1"), fact("F2")]).inconsistencies(), vec![]);
    }

    #[test]
    fn every_disagreement_is_named() {
        let mut one_sided = fact("F1");
        one_sided.contradicts = vec![FactCode::parse("F2").unwrap(), FactCode::parse("F22").unwrap()];
        let mut elsewhere = fact("F3");
        elsewhere.citations[0].source = Id::named("nowhere");
        let errors: Vec<String> = catalogue(vec![one_sided, fact("F2"), elsewhere, fact("F2")])
            .inconsistencies()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            errors,
            [
                "code: F2 is there twice.",
                "citations.source: F3 refers to something that the catalogue does not have.",
                "contradicts: F1 contradicts F2, but F2 does not say so.",
                "contradicts: F1 contradicts F22, which does not exist; the nearest is F2.",
            ]
        );
    }
}
