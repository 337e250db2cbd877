//! From an entry of a file to a fact.

use chrono::{DateTime, NaiveDate};
use stackfit_domain::{
    Error,
    catalogue::Register,
    citation::{Citation, Erratum},
    fact::{Fact, NewFact},
    fact_code::FactCode,
    id::Id,
    partial_date::PartialDate,
    relation::Relation,
    slug::Slug,
    subject::{Subject, SubjectKind, SubjectRef},
    version::VersionRange,
};

use super::Problems;
use crate::format::{CitationEntry, ErratumEntry, FactEntry, RelationEntry};

/// What is needed to read the facts about a subject.
pub(super) struct Reader<'a> {
    pub(super) subject: &'a Subject,
    pub(super) register: &'a Register,
    pub(super) today: NaiveDate,
}

impl Reader<'_> {
    /// Reads a fact, and notes all that is wrong with it.
    pub(super) fn fact(&self, entry: FactEntry, problems: &mut Problems) -> Option<NewFact> {
        let detail = self.detail(&entry, problems);
        let code = problems.take("code", FactCode::parse(&entry.code));
        let observed_on = self.observed_on(&entry, problems);
        let valid_from = day("validFrom", entry.valid_from.as_deref(), problems);
        let valid_to = day("validTo", entry.valid_to.as_deref(), problems);
        let citations = self.citations(entry.citations, problems);
        let relations = self.relations(entry.relations, problems);
        let contradicts = codes("contradicts", &entry.contradicts, problems, |_| Ok(()));
        let known = |code: &FactCode| self.register.fact(code.as_str());
        let confirms = codes("confirms", &entry.confirms, problems, known);
        let refines = codes("refines", &entry.refines, problems, known);
        let (code, (detail, technologies)) = (code?, detail?);
        for (at, other) in contradicts.iter().enumerate() {
            problems.take(&format!("contradicts[{at}]"), self.register.contradiction(&code, other));
        }
        let fact = Fact {
            id: Id::named(code.as_str()),
            code,
            kind: entry.kind,
            title: entry.title,
            statement: entry.statement,
            verdict: entry.verdict,
            verdict_reason: entry.verdict_reason,
            criterion: entry.criterion,
            use_case: entry.use_case,
            rank: entry.rank,
            observed_on,
            valid_from,
            valid_to,
            subject: SubjectRef { kind: self.subject.kind, id: self.subject.id() },
            detail,
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let errata = entry.errata.into_iter().map(erratum).collect();
        let platforms = entry.platforms;
        NewFact {
            fact,
            citations,
            errata,
            contradicts,
            confirms,
            refines,
            relations,
            platforms,
            technologies,
        }
        .validate(self.today)
        .map_err(|errors| errors.into_iter().for_each(|error| problems.add(error)))
        .ok()
    }

    /// The day that is written, or the publication of the first source cited.
    fn observed_on(&self, entry: &FactEntry, problems: &mut Problems) -> Option<PartialDate> {
        match &entry.observed_on {
            Some(date) => problems.take("observedOn", date.parse()),
            None => self.register.published(&entry.citations.first()?.source),
        }
    }

    fn citations(&self, entries: Vec<CitationEntry>, problems: &mut Problems) -> Vec<Citation> {
        let mut citations = Vec::with_capacity(entries.len());
        for (at, CitationEntry { source, locator, retrieved_on, supports }) in entries.into_iter().enumerate()
        {
            let path = format!("citations[{at}].source");
            let source = self.named(&path, SubjectKind::Source, &source, problems);
            let retrieved_on =
                day(&format!("citations[{at}].retrievedOn"), retrieved_on.as_deref(), problems);
            // What is refused anyway still counts as a citation: it is not missing as well.
            let source = source.unwrap_or_else(|| Id::named("unknown"));
            citations.push(Citation { source, locator, retrieved_on, supports });
        }
        citations
    }

    fn relations(&self, entries: Vec<RelationEntry>, problems: &mut Problems) -> Vec<Relation> {
        let mut relations = Vec::with_capacity(entries.len());
        for (at, RelationEntry { kind, from, to, from_versions, versions }) in entries.into_iter().enumerate()
        {
            let path = |field: &str| format!("relations[{at}].{field}");
            let range = |field: &str, text: Option<String>, problems: &mut Problems| {
                text.and_then(|text| problems.take(&path(field), VersionRange::parse(field, &text)))
            };
            let from = match from {
                Some(slug) => self.named(&path("from"), SubjectKind::Technology, &slug, problems),
                None if self.subject.kind == kind.from_kind() => Some(self.subject.id()),
                None => {
                    let message =
                        "must name what the relation is told of: the thing of this file cannot be it.";
                    problems.add(Error::invalid(path("from"), message));
                    None
                }
            };
            let to = self.named(&path("to"), kind.to_kind(), &to, problems);
            let from_versions = range("fromVersions", from_versions, problems);
            let versions = range("versions", versions, problems);
            let (Some(from), Some(to)) = (from, to) else { continue };
            relations.push(Relation { kind, from, to, from_versions, versions });
        }
        relations
    }

    /// The id of something that exists.
    pub(super) fn named(
        &self,
        path: &str,
        kind: SubjectKind,
        slug: &str,
        problems: &mut Problems,
    ) -> Option<Id<Subject>> {
        problems.take(path, self.register.subject(kind, slug))?;
        Some(Subject::new(kind, problems.take(path, Slug::parse(slug))?).id())
    }
}

/// A date that is known to the day.
pub(super) fn day(path: &str, text: Option<&str>, problems: &mut Problems) -> Option<NaiveDate> {
    text.and_then(|text| problems.take(path, PartialDate::parse_day(path, text)))
}

fn codes(
    field: &str,
    texts: &[String],
    problems: &mut Problems,
    rule: impl Fn(&FactCode) -> stackfit_domain::Result<()>,
) -> Vec<FactCode> {
    let mut codes = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let code = FactCode::parse(text).and_then(|code| rule(&code).map(|()| code));
        codes.extend(problems.take(&format!("{field}[{at}]"), code));
    }
    codes
}

fn erratum(entry: ErratumEntry) -> Erratum {
    let ErratumEntry { wrote, correct, reason } = entry;
    Erratum { wrote, correct, reason }
}
