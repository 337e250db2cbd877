//! The format of the catalogue's files. Unknown keys are refused.

use serde::Deserialize;
use stackfit_domain::{
    capability::{Capability, SupportLevel},
    case_study::{OutcomeDirection, OutcomeMetric, ProjectStatus},
    fact::FactKind,
    fit_rule::{FitStrength, SkillLevel, UseCase},
    market::MarketMeasure,
    metric::MetricKey,
    relation::RelationKind,
    selection_criterion::Criterion,
    source::SourceKind,
    technology::{Platform, TechnologyKind},
    verdict::Verdict,
};

/// Defines structures of the format: read strictly, keys in `camelCase`.
macro_rules! format {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)? })+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),+ }
    )+ };
}

format! {
    /// `technologies/<slug>.yaml`
    TechnologyFile {
        /// The slug; the file is named by it.
        slug: String,
        /// What kind of technology it is.
        kind: TechnologyKind,
        /// Its name.
        name: String,
        /// One sentence that says what it is.
        summary: Option<String>,
        /// Other names for it.
        #[serde(default)]
        aliases: Vec<String>,
        /// Its own site.
        homepage: Option<String>,
        /// Its source code.
        repository: Option<String>,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// `organizations/<slug>.yaml`
    OrganizationFile {
        /// The slug; the file is named by it.
        slug: String,
        /// Its name.
        name: String,
        /// One sentence that says what it is.
        summary: Option<String>,
        /// Other names for it.
        #[serde(default)]
        aliases: Vec<String>,
        /// ISO 3166 alpha-2.
        country: Option<String>,
        /// A code such as `HEALTHCARE`.
        industry: Option<String>,
        /// Its own site.
        homepage: Option<String>,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// `sources/<slug>.yaml`
    SourceFile {
        /// The slug; the file is named by it.
        slug: String,
        /// What kind of source it is.
        kind: SourceKind,
        /// Its title.
        title: String,
        /// Who publishes it.
        publisher: Option<String>,
        /// Its address; either this or `noUrlReason`.
        url: Option<String>,
        /// Why no address is known.
        no_url_reason: Option<String>,
        /// `2023`, `2023-05` or `2023-05-31`.
        published_on: Option<String>,
        /// Whether its publisher gains from what it says.
        has_vendor_bias: bool,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// `case-studies/<slug>.yaml`
    CaseStudyFile {
        /// The slug; the file is named by it.
        slug: String,
        /// What was built.
        title: String,
        /// The client's industry.
        industry: Option<String>,
        /// The client's country, ISO 3166 alpha-2.
        country: Option<String>,
        /// The organisation that built it.
        vendor: Option<String>,
        /// Where the project stands.
        status: ProjectStatus,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// `terms/<slug>.yaml`
    TermFile {
        /// The slug; the file is named by it.
        slug: String,
        /// The term.
        name: String,
        /// One sentence that says what it means.
        summary: Option<String>,
        /// Abbreviations and other words for it.
        #[serde(default)]
        aliases: Vec<String>,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// `selection-criteria/<slug>.yaml`
    SelectionCriterionFile {
        /// The slug; the file is named by it.
        slug: String,
        /// Which criterion it is.
        criterion: Criterion,
        /// Its name.
        name: String,
        /// What the chooser asks.
        question: String,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// `checklists/<slug>.yaml`
    ChecklistFile {
        /// The slug; the file is named by it.
        slug: String,
        /// Its name.
        name: String,
        /// The platform it is for.
        platform: Option<Platform>,
        /// One sentence that says what it is for.
        summary: Option<String>,
        /// What to make sure of, in order.
        items: Vec<ChecklistItemEntry>,
        /// What is said of it.
        #[serde(default)]
        facts: Vec<FactEntry>,
    }

    /// One thing to make sure of.
    ChecklistItemEntry {
        /// What it is called.
        name: String,
        /// The capabilities that together satisfy it.
        capabilities: Vec<Capability>,
        /// The code of the fact it comes from.
        fact: String,
    }

    /// A fact about the entity of its file. At most one of the typed details at the end.
    FactEntry {
        /// Its stable code.
        code: String,
        /// What kind of thing it says.
        kind: FactKind,
        /// A short headline.
        title: Option<String>,
        /// What it says, in our words.
        statement: String,
        /// Whether it is so.
        verdict: Verdict,
        /// Why the verdict is what it is.
        verdict_reason: Option<String>,
        /// The criterion that it bears on.
        criterion: Option<Criterion>,
        /// The use case that it bears on.
        use_case: Option<UseCase>,
        /// The place that the source gives to what it says, from 1.
        rank: Option<i32>,
        /// When it was observed; the publication of the first source cited when left out.
        observed_on: Option<String>,
        /// From when it held.
        valid_from: Option<String>,
        /// Until when it held.
        valid_to: Option<String>,
        /// The platforms on which it says its subject runs.
        #[serde(default)]
        platforms: Vec<Platform>,
        /// Where it is said; at least one.
        citations: Vec<CitationEntry>,
        /// What the source wrote wrong.
        #[serde(default)]
        errata: Vec<ErratumEntry>,
        /// Codes of facts that say the opposite; each of them names this one too.
        #[serde(default)]
        contradicts: Vec<String>,
        /// The links that it asserts.
        #[serde(default)]
        relations: Vec<RelationEntry>,
        /// A named property.
        attribute: Option<AttributeEntry>,
        /// Support of a capability.
        capability: Option<CapabilityEntry>,
        /// Use by an organisation.
        adoption: Option<AdoptionEntry>,
        /// What something suits.
        fit: Option<FitEntry>,
        /// A measured figure.
        metric: Option<MetricEntry>,
        /// How a project went.
        outcome: Option<OutcomeEntry>,
        /// The size or growth of a market.
        market: Option<MarketEntry>,
        /// An ordered list of technologies.
        listing: Option<ListingEntry>,
    }

    /// A place in a source.
    CitationEntry {
        /// The slug of the source.
        source: String,
        /// The place in it: `L87`.
        locator: Option<String>,
        /// When it was read.
        retrieved_on: Option<String>,
        /// `false` where the place speaks against the fact.
        #[serde(default = "yes")]
        supports: bool,
    }

    /// What a source wrote wrong.
    ErratumEntry {
        /// What it wrote.
        wrote: String,
        /// What is right.
        correct: Option<String>,
        /// Why.
        reason: String,
    }

    /// A link that a fact asserts.
    RelationEntry {
        /// How they relate.
        kind: RelationKind,
        /// The slug of a technology; the entity of the file when left out.
        from: Option<String>,
        /// The slug of a technology, or of an organisation for `DEVELOPED_BY`.
        to: String,
    }

    /// A named property.
    AttributeEntry {
        /// Its name: `license`.
        name: String,
        /// Its value.
        value: String,
    }

    /// Support of a capability.
    CapabilityEntry {
        /// Which capability.
        name: Capability,
        /// How it is provided.
        level: SupportLevel,
    }

    /// Use by an organisation.
    AdoptionEntry {
        /// The slug of the organisation.
        organization: String,
        /// The technologies of which it uses one; the technology of the file when left out.
        candidates: Option<Vec<String>>,
    }

    /// What something suits.
    FitEntry {
        /// How strongly it is recommended.
        strength: FitStrength,
        /// The technologies named beside the entity of the file.
        #[serde(default)]
        technologies: Vec<String>,
        /// The slug of the language that a team knows.
        team_language: Option<String>,
        /// How well the team must know it.
        minimum_skill: Option<SkillLevel>,
    }

    /// A measured figure.
    MetricEntry {
        /// What is measured.
        key: MetricKey,
        /// The figure.
        value: String,
        /// Its unit.
        unit: String,
        /// Under which conditions it holds.
        conditions: Option<String>,
    }

    /// How a project went.
    OutcomeEntry {
        /// What it is told of.
        metric: OutcomeMetric,
        /// Which way it went.
        direction: OutcomeDirection,
        /// By how many per cent.
        percent: Option<String>,
        /// Within how many months.
        months: Option<String>,
    }

    /// The size or growth of a market.
    MarketEntry {
        /// The slug of the segment.
        segment: String,
        /// What the figure measures.
        measure: MarketMeasure,
        /// The year, or the first of a period.
        year: i32,
        /// The last year of a period.
        to_year: Option<i32>,
        /// The size in US dollars.
        amount_usd: Option<String>,
        /// The growth in per cent a year.
        percent: Option<String>,
        /// Whether the year lay ahead when it was published.
        #[serde(default)]
        forecast: bool,
    }

    /// An ordered list of technologies; a place may hold several.
    ListingEntry {
        /// The places, from the first.
        entries: Vec<Vec<String>>,
    }
}

fn yes() -> bool {
    true
}
