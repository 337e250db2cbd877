//! Cells: what is known of one technology under one criterion.

use chrono::NaiveDate;

use crate::{
    assessment::{Assessment, Item, Needs, assess, cycles, longest_support, serves_any_platform},
    code::Code,
    dossier::{Dossier, Dossiers, Evidence},
    fact::{FactDetail, FactKind},
    freshness::{Freshness, freshness},
    partial_date::PartialDate,
    relation::RelationKind,
    selection_criterion::Criterion,
    support_health::{current_cycle, support_health},
};

/// The most facts that a cell hands back, those that weigh most first.
pub const MAX_FACTS: usize = 20;
/// The least weight of evidence from which a score is honest: half of a fact that is certain.
const LEAST_WEIGHT: f64 = 0.5;
/// The most facts that the text of a cell tells.
const MAX_TOLD: usize = 3;
/// For how long support is looked ahead, in years.
const HORIZON_YEARS: u32 = 3;

/// What is known of one technology under one criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell<'a> {
    /// The technology.
    pub dossier: &'a Dossier,
    /// The facts, those that weigh most first, at most [`MAX_FACTS`].
    pub evidence: Vec<&'a Evidence>,
    /// How many facts there are.
    pub facts: usize,
    /// What they say, to show.
    pub text: String,
    /// The value of the criterion, from −1 to 1, where it is honest.
    pub score: Option<f64>,
    /// The age of the oldest fact.
    pub freshness: Option<Freshness>,
}

impl Cell<'_> {
    /// What a reader would take from it: two cells with the same stance do not differ.
    pub(super) fn stance(&self) -> (Option<i64>, &str) {
        #[expect(clippy::cast_possible_truncation, reason = "from −10 to 10")]
        let score = self.score.map(|score| (score * 10.0).round() as i64);
        (score, if score.is_none() { &self.text } else { "" })
    }
}

/// What is known of a technology under a criterion.
pub(super) fn cell<'a>(
    dossiers: &'a Dossiers,
    dossier: &'a Dossier,
    criterion: Criterion,
    scored: bool,
    as_of: NaiveDate,
) -> Cell<'a> {
    let needs =
        Needs { use_cases: vec![], platforms: vec![], team: vec![], horizon_years: HORIZON_YEARS, as_of };
    let assessment = assess(dossiers, dossier, criterion, &needs);
    let evidence = evidence(dossier, criterion, &assessment, as_of);
    let text = match criterion {
        Criterion::TeamExpertise => languages(dossiers, dossier, as_of),
        Criterion::PlatformFit => platforms(dossier, as_of),
        Criterion::UseCaseFit => use_cases(&evidence),
        Criterion::Support => support(dossier, as_of),
        _ => None,
    };
    let text = text.or_else(|| told(&assessment)).or_else(|| headlines(&evidence));
    let age =
        |one: &&Evidence| freshness(one.fact.kind, one.fact.observed_on.map(PartialDate::last_day), as_of);
    let weight: f64 = assessment.items.iter().map(|item| item.weight).sum();
    let honest = scored && !depends_on_who_asks(criterion) && weight >= LEAST_WEIGHT;
    Cell {
        dossier,
        facts: evidence.len(),
        freshness: evidence.iter().map(age).max(),
        evidence: evidence.into_iter().take(MAX_FACTS).collect(),
        text: text.unwrap_or_else(|| "Nothing is known.".to_owned()),
        score: assessment.value.filter(|_| honest),
    }
}

/// Whether a criterion means nothing without knowing the team, the platforms or the use cases of whoever asks, or is
/// told by figures that only mean something side by side.
fn depends_on_who_asks(criterion: Criterion) -> bool {
    matches!(
        criterion,
        Criterion::TeamExpertise | Criterion::PlatformFit | Criterion::UseCaseFit | Criterion::Performance
    )
}

fn moved(item: &Item<'_>) -> f64 {
    (item.weight * item.direction).abs()
}

/// The facts that weigh, then those that a reader should see beside them.
fn evidence<'a>(
    dossier: &'a Dossier,
    criterion: Criterion,
    assessment: &Assessment<'a>,
    as_of: NaiveDate,
) -> Vec<&'a Evidence> {
    let mut items: Vec<&Item<'a>> = assessment.items.iter().collect();
    items.sort_by(|left, right| moved(right).total_cmp(&moved(left)));
    let weighed = items.into_iter().flat_map(|item| item.evidence.iter().copied());
    let about =
        dossier.evidence.iter().map(AsRef::as_ref).filter(|one| one.fact.criterion == Some(criterion));
    let rules = dossier
        .rules
        .iter()
        .map(AsRef::as_ref)
        .filter(|one| criterion == Criterion::UseCaseFit && one.fact.use_case.is_some());
    let languages = dossier
        .links
        .iter()
        .filter(|link| criterion == Criterion::TeamExpertise && link.kind == RelationKind::Language);
    let platforms = dossier.platforms.iter().filter(|_| criterion == Criterion::PlatformFit);
    let others = about
        .chain(rules)
        .chain(languages.map(|link| link.evidence.as_ref()))
        .chain(platforms.map(|(_, evidence)| evidence.as_ref()));
    let mut once: Vec<&Evidence> = Vec::new();
    for one in weighed.chain(others).filter(|one: &&Evidence| one.counts(as_of)) {
        if once.iter().all(|known| known.fact.id != one.fact.id) {
            once.push(one);
        }
    }
    once
}

fn join(mut names: Vec<String>) -> Option<String> {
    names.sort();
    names.dedup();
    (!names.is_empty()).then(|| names.join(", "))
}

fn languages(dossiers: &Dossiers, dossier: &Dossier, as_of: NaiveDate) -> Option<String> {
    let links = dossier.linked(RelationKind::Language, as_of);
    join(links.map(|link| dossiers.name(link.to).to_owned()).collect())
}

fn platforms(dossier: &Dossier, as_of: NaiveDate) -> Option<String> {
    let counting = dossier.platforms.iter().filter(|(_, evidence)| evidence.counts(as_of));
    let named = join(counting.map(|(platform, _)| platform.code().to_owned()).collect());
    if serves_any_platform(dossier.technology.value.kind) {
        let runs = named.map_or(String::new(), |named| format!("; itself runs on {named}"));
        return Some(format!("Serves clients on any platform{runs}"));
    }
    named
}

fn use_cases(evidence: &[&Evidence]) -> Option<String> {
    let rule = |one: &&Evidence| match one.fact.detail {
        FactDetail::FitRule { strength, .. } => {
            Some(format!("{}: {}", one.fact.use_case?.code(), strength.code()))
        }
        _ => None,
    };
    join(evidence.iter().filter_map(rule).collect())
}

fn support(dossier: &Dossier, as_of: NaiveDate) -> Option<String> {
    let known: Vec<_> = cycles(dossier, as_of);
    let cycles: Vec<_> = known.iter().map(|(cycle, _)| (*cycle).clone()).collect();
    let current = current_cycle(&cycles, as_of)?;
    let status = support_health(&cycles, None, as_of).status;
    let newest = format!("{}: {}", cycles[current].cycle, status.code());
    Some(match longest_support(&known, as_of) {
        Some((end, _)) => format!("{newest}; security fixes declared until {end} at the latest"),
        None => newest,
    })
}

/// The headlines of what speaks most for or against it.
fn told(assessment: &Assessment<'_>) -> Option<String> {
    let mut items: Vec<&Item<'_>> = assessment.items.iter().collect();
    items.sort_by(|left, right| moved(right).total_cmp(&moved(left)));
    let line = |item: &&Item<'_>| {
        let sign = if item.direction < 0.0 { "−" } else { "+" };
        Some(format!("{sign} {}", headline(item.evidence.first()?)))
    };
    let lines: Vec<String> = items.iter().filter_map(line).collect();
    shortened(&lines)
}

fn headlines(evidence: &[&Evidence]) -> Option<String> {
    let figures = |one: &&&Evidence| !matches!(one.fact.kind, FactKind::Release | FactKind::Price);
    let lines: Vec<String> = evidence.iter().filter(figures).map(|one| headline(one).to_owned()).collect();
    shortened(&lines)
}

fn headline(evidence: &Evidence) -> &str {
    evidence.fact.title.as_deref().unwrap_or(&evidence.fact.statement)
}

fn shortened(lines: &[String]) -> Option<String> {
    let more = lines.len().saturating_sub(MAX_TOLD);
    let told = lines[..lines.len() - more].join("; ");
    (!lines.is_empty()).then(|| if more > 0 { format!("{told}; {more} more") } else { told })
}
