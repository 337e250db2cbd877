//! What is asked of a recommendation.

use async_graphql::{Context, InputObject, OneofObject};
use stackfit_domain::{
    Error,
    capability::Capability,
    fit_rule::{SkillLevel, UseCase},
    recommendation::{RequestedConstraint, RequestedSkill, Wish},
    selection_criterion::Criterion,
    technology::{Platform, TechnologyKind},
};

use crate::{
    coded::{Coded, codes},
    context::day,
    scalar::{Date, Decimal},
    usage::UsageInput,
};

/// What somebody of the team knows.
#[derive(InputObject)]
pub struct TeamSkillInput {
    /// The language, by slug, as in `python`.
    language: String,
    /// How well it is known.
    level: Coded<SkillLevel>,
    /// By how many people, from 1; one when left out.
    #[graphql(default_with = "Some(1)")]
    people: Option<i32>,
}

/// What a criterion weighs.
#[derive(InputObject)]
pub struct CriterionWeightInput {
    /// The criterion.
    criterion: Coded<Criterion>,
    /// Its weight, from 0. Only the ratios between weights matter: scaling all of them changes nothing.
    weight: f64,
}

/// What a candidate must be. What is not known to be so counts as not so.
#[derive(OneofObject)]
pub enum ConstraintInput {
    /// Of one of these kinds.
    KindIn(Vec<Coded<TechnologyKind>>),
    /// Written in or for one of these languages, by slug.
    LanguageIn(Vec<String>),
    /// Usable with another language than these, by slug.
    LanguageNotIn(Vec<String>),
    /// Fit for the platform. A backend framework is fit for any: its clients ask over the network.
    Platform(Coded<Platform>),
    /// Under one of these licences, as SPDX names them.
    License(Vec<String>),
    /// Able to do this in some way: natively, by an extension, in part.
    Requires(Coded<Capability>),
    /// Whether one can run it on one's own machines.
    SelfHostable(bool),
    /// Supported at least until this day, as far as is declared.
    SupportedUntil(Date),
    /// Bound to it no more than this, from 0 to 1: `lockIn.score`.
    MaxLockIn(f64),
    /// Not dearer than this a month for the `usage` told, in its currency: `costEstimate.monthly`.
    MaxMonthlyCost(Decimal),
    /// None of these, by slug.
    Exclude(Vec<String>),
}

/// What is asked of a recommendation.
#[derive(InputObject)]
pub struct RecommendationInput {
    /// What is to be built. May be empty.
    use_cases: Vec<Coded<UseCase>>,
    /// Where it shall run. May be empty.
    platforms: Vec<Coded<Platform>>,
    /// What the team knows, at most 100. May be empty: then nobody's skill counts.
    team: Vec<TeamSkillInput>,
    /// For how many years it shall last, from 1 to 20; 3 when left out.
    #[graphql(default_with = "Some(3)")]
    horizon_years: Option<i32>,
    /// What each criterion weighs. When given, a criterion that is not named weighs nothing; when left out, the
    /// defaults count, which the answer tells.
    weights: Option<Vec<CriterionWeightInput>>,
    /// What a candidate must be, all of it, at most 16.
    constraints: Option<Vec<ConstraintInput>>,
    /// The candidates, by slug, at most 100. When left out, all backend frameworks, Backends as a Service and what is of
    /// the kinds that `kindIn` names, as far as it is not archived.
    include: Option<Vec<String>>,
    /// What would be used, for `maxMonthlyCost`.
    usage: Option<UsageInput>,
    /// The day of the answer; today when left out.
    as_of: Option<Date>,
    /// How many candidates to hand out, from 1 to 50; 5 when left out.
    #[graphql(default_with = "Some(5)")]
    first: Option<i32>,
}

impl From<TeamSkillInput> for RequestedSkill {
    fn from(input: TeamSkillInput) -> Self {
        let TeamSkillInput { language, level, people } = input;
        Self { language, level: level.0, people: people.unwrap_or(1) }
    }
}

impl From<ConstraintInput> for RequestedConstraint {
    fn from(input: ConstraintInput) -> Self {
        use ConstraintInput as I;
        match input {
            I::KindIn(kinds) => Self::KindIn(codes(kinds)),
            I::LanguageIn(slugs) => Self::LanguageIn(slugs),
            I::LanguageNotIn(slugs) => Self::LanguageNotIn(slugs),
            I::Platform(platform) => Self::Platform(platform.0),
            I::License(list) => Self::License(list),
            I::Requires(capability) => Self::Requires(capability.0),
            I::SelfHostable(wanted) => Self::SelfHostable(wanted),
            I::SupportedUntil(day) => Self::SupportedUntil(day.0),
            I::MaxLockIn(most) => Self::MaxLockIn(most),
            I::MaxMonthlyCost(most) => Self::MaxMonthlyCost(most.0),
            I::Exclude(slugs) => Self::Exclude(slugs),
        }
    }
}

impl RecommendationInput {
    /// The request as it was sent; the day is today's when none is named.
    pub(super) fn wish(self, ctx: &Context<'_>) -> Result<Wish, Error> {
        let Self {
            use_cases,
            platforms,
            team,
            horizon_years,
            weights,
            constraints,
            include,
            usage,
            as_of,
            first,
        } = self;
        let weight = |CriterionWeightInput { criterion, weight }| (criterion.0, weight);
        Ok(Wish {
            use_cases: codes(use_cases),
            platforms: codes(platforms),
            team: team.into_iter().map(Into::into).collect(),
            horizon_years: horizon_years.unwrap_or(3),
            weights: weights.map(|weights| weights.into_iter().map(weight).collect()),
            constraints: constraints.unwrap_or_default().into_iter().map(Into::into).collect(),
            include,
            usage: usage.map(|usage| usage.read("input.usage")).transpose()?,
            as_of: day(ctx, as_of),
            first: first.unwrap_or(5),
        })
    }
}
