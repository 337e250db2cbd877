//! Facts: everything the catalogue asserts.

mod detail;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    Error, Result,
    citation::{Citation, Erratum},
    code::{Code, codes},
    fact_code::FactCode,
    fit_rule::UseCase,
    id::{Id, Identified},
    partial_date::PartialDate,
    relation::Relation,
    selection_criterion::Criterion,
    subject::{Subject, SubjectRef},
    technology::Platform,
    text,
    verdict::Verdict,
};

pub use detail::{FactDetail, attribute};

codes! {
    /// What kind of thing a fact says.
    FactKind as "fact kind" {
        /// What a word means.
        Definition,
        /// A property.
        Attribute,
        /// Something that speaks for its subject.
        Pro,
        /// Something that speaks against its subject.
        Con,
        /// What one gains from things of this kind.
        Benefit,
        /// What its subject can do for an application.
        Capability,
        /// Who uses it.
        Adoption,
        /// A measured figure.
        Metric,
        /// An order by some measure.
        Ranking,
        /// What it suits.
        FitRule,
        /// What to weigh or to make sure of when choosing.
        Criterion,
        /// A release and how long it is supported.
        Release,
        /// What it costs.
        Price,
        /// How a project went.
        Outcome,
        /// The size or growth of a market.
        Market,
        /// What a source recommends.
        Recommendation,
        /// Something that happened.
        Event,
        /// How things relate.
        Relation,
        /// Anything else that a source holds.
        Claim,
        /// A flaw of the source itself.
        Defect,
    }
}

codes! {
    /// What one fact does to another, short of contradicting it.
    FactLinkKind as "link between facts" {
        /// It says the same on better ground.
        Confirms,
        /// It makes the other more precise.
        Refines,
    }
}

/// A fact: a statement about a subject with its verdict. Citations and the like are loaded beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its id.
    pub id: Id<Fact>,
    /// Its stable, human name.
    pub code: FactCode,
    /// What kind of thing it says.
    pub kind: FactKind,
    /// A short headline.
    pub title: Option<String>,
    /// What it says, in our words.
    pub statement: String,
    /// Whether it is so.
    pub verdict: Verdict,
    /// Why the verdict is what it is.
    pub verdict_reason: Option<String>,
    /// The criterion that it bears on.
    pub criterion: Option<Criterion>,
    /// The use case that it bears on.
    pub use_case: Option<UseCase>,
    /// The place that the source gives to what it says, from 1.
    pub rank: Option<i32>,
    /// When it was observed.
    pub observed_on: Option<PartialDate>,
    /// From when it held.
    pub valid_from: Option<NaiveDate>,
    /// Until when it held.
    pub valid_to: Option<NaiveDate>,
    /// What it is about.
    pub subject: SubjectRef,
    /// What it says beyond its statement.
    pub detail: FactDetail,
    /// How many times it was written.
    pub version: i32,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

impl Identified for Fact {
    const SPACE: &'static str = "fact";
}

/// A technology that a fact names, with its place where the order matters: several may share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedTechnology {
    /// The place, from 1.
    pub place: i32,
    /// The technology.
    pub technology: Id<Subject>,
}

/// The most citations, errata, contradictions or relations of one fact: whatever lists them needs no pages.
pub const MAX_PARTS: usize = 50;

/// A fact as it is written, with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewFact {
    /// The fact.
    pub fact: Fact,
    /// Where it is said; never empty.
    pub citations: Vec<Citation>,
    /// What the source wrote wrong.
    pub errata: Vec<Erratum>,
    /// The facts that say the opposite.
    pub contradicts: Vec<FactCode>,
    /// The facts that say the same on weaker ground.
    pub confirms: Vec<FactCode>,
    /// The facts that it makes more precise.
    pub refines: Vec<FactCode>,
    /// The links that it asserts.
    pub relations: Vec<Relation>,
    /// The platforms on which it says its subject runs.
    pub platforms: Vec<Platform>,
    /// The technologies that its detail names.
    pub technologies: Vec<NamedTechnology>,
}

impl NewFact {
    /// Whether two facts say the same, whenever they were written.
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.fact.version = self.fact.version;
        other.fact.updated_at = self.fact.updated_at;
        *self == other
    }

    /// Checks everything that can be checked of one fact alone, and tells all that is wrong.
    pub fn validate(mut self, today: NaiveDate) -> std::result::Result<Self, Vec<Error>> {
        let checks = [
            self.trim(),
            self.validate_dates(today),
            self.fact.detail.validate(),
            self.validate_detail(),
            self.validate_counts(),
            self.validate_citations(today),
            self.validate_errata(),
            self.validate_links(),
        ];
        let errors: Vec<Error> = checks.into_iter().filter_map(Result::err).collect();
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    fn trim(&mut self) -> Result<()> {
        let fact = &mut self.fact;
        fact.title = text::optional("title", fact.title.as_deref(), text::line)?;
        fact.statement = text::paragraph("statement", &fact.statement)?;
        fact.verdict_reason =
            text::optional("verdictReason", fact.verdict_reason.as_deref(), text::paragraph)?;
        self.platforms.sort_unstable();
        self.platforms.dedup();
        for codes in [&mut self.contradicts, &mut self.confirms, &mut self.refines] {
            codes.sort_by_cached_key(FactCode::sort_key);
            codes.dedup();
        }
        if fact.rank.is_some_and(|rank| rank < 1) {
            return Err(Error::invalid("rank", "must be 1 or more."));
        }
        Ok(())
    }

    fn validate_dates(&self, today: NaiveDate) -> Result<()> {
        let fact = &self.fact;
        crate::source::not_in_future("observedOn", fact.observed_on, today)?;
        match (fact.valid_from, fact.valid_to) {
            (Some(from), Some(to)) if from > to => {
                Err(Error::invalid("validTo", format!("{to} lies before validFrom, {from}.")))
            }
            _ => Ok(()),
        }
    }

    fn validate_detail(&self) -> Result<()> {
        let Fact { kind, detail, .. } = &self.fact;
        if !detail.goes_with(*kind) {
            let message = format!("a fact of kind {} cannot be a {}.", kind.code(), detail.name());
            return Err(Error::invalid("kind", message));
        }
        let (least, most) = detail.takes_technologies();
        if !(least..=most).contains(&self.technologies.len()) {
            let message = format!("a {} names from {least} to {most} technologies.", detail.name());
            return Err(Error::invalid("technologies", message));
        }
        Ok(())
    }

    fn validate_citations(&self, today: NaiveDate) -> Result<()> {
        if self.citations.is_empty() {
            return Err(Error::invalid("citations", "a fact without a citation is refused."));
        }
        for (at, citation) in self.citations.iter().enumerate() {
            let path = |field: &str| format!("citations[{at}].{field}");
            text::optional(&path("locator"), citation.locator.as_deref(), text::line)?;
            if citation.retrieved_on.is_some_and(|day| day > today) {
                return Err(Error::invalid(path("retrievedOn"), "lies in the future."));
            }
        }
        Ok(())
    }

    fn validate_counts(&self) -> Result<()> {
        let parts = [
            ("citations", self.citations.len()),
            ("errata", self.errata.len()),
            ("contradicts", self.contradicts.len()),
            ("confirms", self.confirms.len()),
            ("refines", self.refines.len()),
            ("relations", self.relations.len()),
        ];
        for (field, count) in parts {
            if count > MAX_PARTS {
                let message = format!("holds {count}; allowed are {MAX_PARTS}.");
                return Err(Error::invalid(field, message));
            }
        }
        Ok(())
    }

    fn validate_errata(&self) -> Result<()> {
        for erratum in &self.errata {
            text::paragraph("errata.wrote", &erratum.wrote)?;
            text::optional("errata.correct", erratum.correct.as_deref(), text::paragraph)?;
            text::paragraph("errata.reason", &erratum.reason)?;
        }
        Ok(())
    }

    fn validate_links(&self) -> Result<()> {
        let links =
            [("contradicts", &self.contradicts), ("confirms", &self.confirms), ("refines", &self.refines)];
        for (field, codes) in links {
            if codes.contains(&self.fact.code) {
                return Err(Error::invalid(field, "a fact cannot name itself."));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{slug::Slug, subject::SubjectKind};

    pub(crate) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

    pub(crate) fn fact(code: &str) -> NewFact {
        let subject = Subject::new(SubjectKind::Technology, Slug::parse("django").unwrap());
        let source = Subject::new(SubjectKind::Source, Slug::parse("a-page").unwrap());
        NewFact {
            fact: Fact {
                id: Id::named(code),
                code: FactCode::parse(code).unwrap(),
                kind: FactKind::Claim,
                title: None,
                statement: "Something is said.".to_owned(),
                verdict: Verdict::Stated,
                verdict_reason: None,
                criterion: None,
                use_case: None,
                rank: None,
                observed_on: None,
                valid_from: None,
                valid_to: None,
                subject: SubjectRef { kind: subject.kind, id: subject.id() },
                detail: FactDetail::Statement,
                version: 1,
                updated_at: DateTime::UNIX_EPOCH,
            },
            citations: vec![Citation {
                source: source.id(),
                locator: None,
                retrieved_on: None,
                supports: true,
            }],
            errata: vec![],
            contradicts: vec![],
            confirms: vec![],
            refines: vec![],
            relations: vec![],
            platforms: vec![],
            technologies: vec![],
        }
    }

    #[test]
    fn a_fact_without_a_citation_is_refused() {
        let mut new = fact("F1");
        new.citations.clear();
        assert!(new.validate(TODAY).unwrap_err()[0].to_string().starts_with("citations: "));
    }

    #[test]
    fn a_fact_with_too_many_parts_is_refused() {
        let mut new = fact("F1");
        new.citations = vec![new.citations[0].clone(); MAX_PARTS + 1];
        assert!(new.validate(TODAY).unwrap_err()[0].to_string().starts_with("citations: holds 51"));
    }

    #[test]
    fn a_fact_of_tomorrow_is_refused() {
        let mut new = fact("F1");
        new.fact.observed_on = Some("2026-11-24".parse().unwrap());
        assert!(new.validate(TODAY).unwrap_err()[0].to_string().contains("future"));
    }

    #[test]
    fn kind_and_detail_must_agree() {
        let mut new = fact("F1");
        new.fact.kind = FactKind::Outcome;
        assert!(new.clone().validate(TODAY).is_err());
        new.fact.kind = FactKind::Pro;
        new.fact.detail = FactDetail::Trait;
        assert!(new.clone().validate(TODAY).is_ok());
        new.fact.kind = FactKind::Ranking;
        new.fact.detail = FactDetail::Listing;
        assert!(new.validate(TODAY).unwrap_err()[0].to_string().starts_with("technologies: "));
    }

    #[test]
    fn a_fact_cannot_contradict_itself_or_end_before_it_begins() {
        let mut new = fact("F1");
        new.contradicts = vec![FactCode::parse("F1").unwrap()];
        assert!(new.validate(TODAY).is_err());
        let mut new = fact("F1");
        new.fact.valid_from = NaiveDate::from_ymd_opt(2024, 1, 2);
        new.fact.valid_to = NaiveDate::from_ymd_opt(2024, 1, 1);
        assert!(new.validate(TODAY).is_err());
    }
}
