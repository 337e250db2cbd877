//! The format of the catalogue's files. Unknown keys are refused; a key that is left out is written by leaving it out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stackfit_domain::{
    capability::{Capability, SupportLevel},
    case_study::{OutcomeDirection, OutcomeMetric, ProjectStatus},
    fact::FactKind,
    fit_rule::{FitStrength, SkillLevel, UseCase},
    lock_in::{LockInDimension, LockInEffect},
    market::MarketMeasure,
    metric::MetricKey,
    price::{HardLimit, MeterPeriod, UsageMeter},
    relation::RelationKind,
    selection_criterion::Criterion,
    source::SourceKind,
    technology::{Platform, TechnologyKind},
    verdict::Verdict,
};

/// Defines structures of the format, with keys in `camelCase`: a `must` field is always there, a `may` field can be
/// left out, a `list` is left out when it is empty, a `flag` when it is false.
macro_rules! format {
    () => {};
    ($(#[$meta:meta])* $name:ident { $($body:tt)* } $($rest:tt)*) => {
        format!(@fields [$(#[$meta])* $name] {} $($body)*);
        format!($($rest)*);
    };
    (@fields $head:tt {$($done:tt)*} $(#[$meta:meta])* must $field:ident: $type:ty, $($rest:tt)*) => {
        format!(@fields $head {$($done)* $(#[$meta])* pub $field: $type,} $($rest)*);
    };
    (@fields $head:tt {$($done:tt)*} $(#[$meta:meta])* may $field:ident: $type:ty, $($rest:tt)*) => {
        format!(@fields $head {
            $($done)*
            $(#[$meta])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $field: Option<$type>,
        } $($rest)*);
    };
    (@fields $head:tt {$($done:tt)*} $(#[$meta:meta])* list $field:ident: $type:ty, $($rest:tt)*) => {
        format!(@fields $head {
            $($done)*
            $(#[$meta])*
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub $field: Vec<$type>,
        } $($rest)*);
    };
    (@fields $head:tt {$($done:tt)*} $(#[$meta:meta])* flag $field:ident, $($rest:tt)*) => {
        format!(@fields $head {
            $($done)*
            $(#[$meta])*
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            pub $field: bool,
        } $($rest)*);
    };
    (@fields [$(#[$meta:meta])* $name:ident] {$($done:tt)*}) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($done)* }
    };
}

format! {
    /// `technologies/<slug>.yaml`
    TechnologyFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// What kind of technology it is.
        must kind: TechnologyKind,
        /// Its name.
        must name: String,
        /// One sentence that says what it is.
        may summary: String,
        /// Other names for it.
        list aliases: String,
        /// Its own site.
        may homepage: String,
        /// Its source code.
        may repository: String,
        /// Whether it was taken out of the lists.
        flag archived,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// `organizations/<slug>.yaml`
    OrganizationFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// Its name.
        must name: String,
        /// One sentence that says what it is.
        may summary: String,
        /// Other names for it.
        list aliases: String,
        /// ISO 3166 alpha-2.
        may country: String,
        /// A code such as `HEALTHCARE`.
        may industry: String,
        /// Its own site.
        may homepage: String,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// `sources/<slug>.yaml`
    SourceFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// What kind of source it is.
        must kind: SourceKind,
        /// Its title.
        must title: String,
        /// Who publishes it.
        may publisher: String,
        /// Its address; either this or `noUrlReason`.
        may url: String,
        /// Why no address is known.
        may no_url_reason: String,
        /// `2023`, `2023-05` or `2023-05-31`.
        may published_on: String,
        /// Whether its publisher gains from what it says.
        must has_vendor_bias: bool,
        /// What a reader should know of how it was read: the age of the copy, what was missing.
        may note: String,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// `case-studies/<slug>.yaml`
    CaseStudyFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// What was built.
        must title: String,
        /// The client's industry.
        may industry: String,
        /// The client's country, ISO 3166 alpha-2.
        may country: String,
        /// The organisation that built it.
        may vendor: String,
        /// Where the project stands.
        must status: ProjectStatus,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// `terms/<slug>.yaml`
    TermFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// The term.
        must name: String,
        /// One sentence that says what it means.
        may summary: String,
        /// Abbreviations and other words for it.
        list aliases: String,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// `selection-criteria/<slug>.yaml`
    SelectionCriterionFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// Which criterion it is.
        must criterion: Criterion,
        /// Its name.
        must name: String,
        /// What the chooser asks.
        must question: String,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// `checklists/<slug>.yaml`
    ChecklistFile {
        /// The slug; the file is named by it.
        must slug: String,
        /// Its name.
        must name: String,
        /// The platform it is for.
        may platform: Platform,
        /// One sentence that says what it is for.
        may summary: String,
        /// What to make sure of, in order.
        must items: Vec<ChecklistItemEntry>,
        /// What is said of it.
        list facts: FactEntry,
    }

    /// One thing to make sure of.
    ChecklistItemEntry {
        /// What it is called.
        must name: String,
        /// The capabilities that together satisfy it.
        must capabilities: Vec<Capability>,
        /// The code of the fact it comes from.
        must fact: String,
    }

    /// A fact about the entity of its file. At most one of the typed details at the end.
    FactEntry {
        /// Its stable code.
        must code: String,
        /// What kind of thing it says.
        must kind: FactKind,
        /// A short headline.
        may title: String,
        /// What it says, in our words.
        must statement: String,
        /// Whether it is so.
        must verdict: Verdict,
        /// Why the verdict is what it is.
        may verdict_reason: String,
        /// The criterion that it bears on.
        may criterion: Criterion,
        /// The use case that it bears on.
        may use_case: UseCase,
        /// The place that the source gives to what it says, from 1.
        may rank: i32,
        /// When it was observed; the publication of the first source cited when left out.
        may observed_on: String,
        /// From when it held.
        may valid_from: String,
        /// Until when it held.
        may valid_to: String,
        /// The platforms on which it says its subject runs.
        list platforms: Platform,
        /// Where it is said; at least one.
        must citations: Vec<CitationEntry>,
        /// What the source wrote wrong.
        list errata: ErratumEntry,
        /// Codes of facts that say the opposite; each of them names this one too.
        list contradicts: String,
        /// Codes of facts that say the same on weaker ground.
        list confirms: String,
        /// Codes of facts that it makes more precise.
        list refines: String,
        /// The links that it asserts.
        list relations: RelationEntry,
        /// A named property.
        may attribute: AttributeEntry,
        /// Support of a capability.
        may capability: CapabilityEntry,
        /// Use by an organisation.
        may adoption: AdoptionEntry,
        /// What something suits.
        may fit: FitEntry,
        /// A measured figure.
        may metric: MetricEntry,
        /// How a project went.
        may outcome: OutcomeEntry,
        /// The size or growth of a market.
        may market: MarketEntry,
        /// An ordered list of technologies.
        may listing: ListingEntry,
        /// A line of releases and how long it is supported.
        may release: ReleaseEntry,
        /// A plan that customers choose.
        may plan: PlanEntry,
        /// What a plan includes of one meter, and what more of it costs.
        may meter: MeterEntry,
        /// Evidence of what makes leaving hard or easy.
        may lock_in: LockInEntry,
        /// A way to another technology.
        may migration: MigrationEntry,
    }

    /// A place in a source.
    CitationEntry {
        /// The slug of the source.
        must source: String,
        /// The place in it: `L87`.
        may locator: String,
        /// When it was read.
        may retrieved_on: String,
        /// `false` where the place speaks against the fact.
        #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
        must supports: bool,
    }

    /// What a source wrote wrong.
    ErratumEntry {
        /// What it wrote.
        must wrote: String,
        /// What is right.
        may correct: String,
        /// Why.
        must reason: String,
    }

    /// A link that a fact asserts.
    RelationEntry {
        /// How they relate.
        must kind: RelationKind,
        /// The slug of a technology; the entity of the file when left out.
        may from: String,
        /// The slug of a technology, or of an organisation for `DEVELOPED_BY`.
        must to: String,
        /// The versions of `from` for which it holds, as in `~8.1`; all when left out.
        may from_versions: String,
        /// The versions of `to` for which it holds, as in `>=3.12, <3.15`; all when left out.
        may versions: String,
    }

    /// A named property.
    AttributeEntry {
        /// Its name: `license`.
        must name: String,
        /// Its value.
        must value: String,
    }

    /// Support of a capability.
    CapabilityEntry {
        /// Which capability.
        must name: Capability,
        /// How it is provided.
        must level: SupportLevel,
    }

    /// Use by an organisation.
    AdoptionEntry {
        /// The slug of the organisation.
        must organization: String,
        /// The technologies of which it uses one; the technology of the file when left out.
        may candidates: Vec<String>,
    }

    /// What something suits.
    FitEntry {
        /// How strongly it is recommended.
        must strength: FitStrength,
        /// The technologies named beside the entity of the file.
        list technologies: String,
        /// The slug of the language that a team knows.
        may team_language: String,
        /// How well the team must know it.
        may minimum_skill: SkillLevel,
    }

    /// A measured figure.
    MetricEntry {
        /// What is measured.
        must key: MetricKey,
        /// The figure.
        must value: String,
        /// Its unit.
        must unit: String,
        /// Under which conditions it holds.
        may conditions: String,
    }

    /// How a project went.
    OutcomeEntry {
        /// What it is told of.
        must metric: OutcomeMetric,
        /// Which way it went.
        must direction: OutcomeDirection,
        /// By how many per cent.
        may percent: String,
        /// Within how many months.
        may months: String,
    }

    /// The size or growth of a market.
    MarketEntry {
        /// The slug of the segment.
        must segment: String,
        /// What the figure measures.
        must measure: MarketMeasure,
        /// The year, or the first of a period.
        must year: i32,
        /// The last year of a period.
        may to_year: i32,
        /// The size in US dollars.
        may amount_usd: String,
        /// The growth in per cent a year.
        may percent: String,
        /// Whether the year lay ahead when it was published.
        flag forecast,
    }

    /// An ordered list of technologies; a place may hold several.
    ListingEntry {
        /// The places, from the first.
        must entries: Vec<Vec<String>>,
    }

    /// A line of releases. An end is a day, `OPEN` (it goes on, and no end is declared) or `ENDED` (it is over, since an
    /// unknown day); left out when no source says.
    ReleaseEntry {
        /// The name of the line, mostly the beginning of its versions: `"5.2"`.
        must cycle: String,
        /// The name that its makers gave it.
        may codename: String,
        /// The day of its first release.
        must released_on: String,
        /// Whether its makers support it for longer than others.
        flag long_term_support,
        /// The last day on which bugs are mended.
        may active_until: String,
        /// The last day on which security faults are mended.
        may security_until: String,
        /// The last day on which extended support mends security faults.
        may extended_until: String,
        /// Its latest version when it was observed.
        may latest: String,
        /// The day of the latest version.
        may latest_on: String,
    }

    /// A plan that customers choose.
    PlanEntry {
        /// Its name.
        must name: String,
        /// What it costs a month before anything is metered.
        may monthly_price: String,
        /// The currency of the price: `USD`.
        may currency: String,
        /// The region for which the price holds.
        may region: String,
    }

    /// What a plan includes of one meter, and what more of it costs.
    MeterEntry {
        /// The name of the plan.
        must plan: String,
        /// What is counted.
        must meter: UsageMeter,
        /// The unit in which the provider counts it.
        must unit: String,
        /// How much is included in each period.
        may included: String,
        /// Whether it is not limited at all.
        flag unlimited,
        /// For which time the included amount is counted.
        must period: MeterPeriod,
        /// What `per` units beyond cost.
        may price: String,
        /// How many units the price is for.
        may per: String,
        /// The currency of the price: `USD`.
        may currency: String,
        /// The region for which the price holds.
        may region: String,
        /// Whether the service stops at what is included.
        may hard_limit: HardLimit,
    }

    /// Evidence of what makes leaving hard or easy.
    LockInEntry {
        /// What binds an application.
        must dimension: LockInDimension,
        /// What the evidence does to it.
        must effect: LockInEffect,
    }

    /// A way from the technology of the file to another.
    MigrationEntry {
        /// The slug of the technology it leads to.
        must to: String,
        /// The part of an application that is moved; the whole when left out.
        may scope: String,
        /// The tool that helps.
        may tool: String,
        /// What is moved by itself.
        may automated: String,
        /// What is left to do by hand.
        may by_hand: String,
    }
}

fn yes() -> bool {
    true
}
