//! Constraints: what a candidate must be. What is not known to be so breaks a constraint: nobody who must have
//! something is helped by a perhaps.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Request;
use crate::{
    assessment::{cycles, longest_support, serves_any_platform},
    capability::{Capability, SupportLevel},
    code::Code,
    cost,
    dossier::{Dossier, Dossiers, Evidence},
    fact::{Fact, FactDetail, FactKind, attribute},
    hosting::HostingModel,
    id::Id,
    lock_in,
    relation::RelationKind,
    slug::Slug,
    subject::Subject,
    technology::{Platform, TechnologyKind},
};

/// A technology that a constraint names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: Id<Subject>,
    /// Its slug.
    pub slug: Slug,
}

/// What a candidate must be. Technologies are named by `N`: as the catalogue knows them, or by slug as they were sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint<N = Named> {
    /// Of one of these kinds.
    KindIn(Vec<TechnologyKind>),
    /// Written in or for one of these languages.
    LanguageIn(Vec<N>),
    /// Usable with another language than these.
    LanguageNotIn(Vec<N>),
    /// Fit for the platform.
    Platform(Platform),
    /// Under one of these licences, as SPDX names them.
    License(Vec<String>),
    /// Able to do this, in some way.
    Requires(Capability),
    /// Whether one can run it on one's own machines.
    SelfHostable(bool),
    /// Supported at least until this day, as far as is declared.
    SupportedUntil(NaiveDate),
    /// Bound to it no more than this, from 0 to 1.
    MaxLockIn(f64),
    /// Not dearer than this a month for the usage told.
    MaxMonthlyCost(Decimal),
    /// None of these.
    Exclude(Vec<N>),
}

fn join<T>(list: &[T], show: impl Fn(&T) -> &str) -> String {
    list.iter().map(show).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slugs = |list: &[Named]| join(list, |named| named.slug.as_str());
        match self {
            Self::KindIn(kinds) => write!(formatter, "kindIn: {}", join(kinds, |kind| kind.code())),
            Self::LanguageIn(list) => write!(formatter, "languageIn: {}", slugs(list)),
            Self::LanguageNotIn(list) => write!(formatter, "languageNotIn: {}", slugs(list)),
            Self::Platform(platform) => write!(formatter, "platform: {}", platform.code()),
            Self::License(list) => write!(formatter, "license: {}", join(list, String::as_str)),
            Self::Requires(capability) => write!(formatter, "requires: {}", capability.code()),
            Self::SelfHostable(wanted) => write!(formatter, "selfHostable: {wanted}"),
            Self::SupportedUntil(day) => write!(formatter, "supportedUntil: {day}"),
            Self::MaxLockIn(most) => write!(formatter, "maxLockIn: {most}"),
            Self::MaxMonthlyCost(most) => write!(formatter, "maxMonthlyCost: {most}"),
            Self::Exclude(list) => write!(formatter, "exclude: {}", slugs(list)),
        }
    }
}

/// How a technology breaks a constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach<'a> {
    /// Which constraint, by its place from 0.
    pub constraint: usize,
    /// Why, in a sentence.
    pub reason: String,
    /// The facts; none when it is what is not known that breaks it.
    pub evidence: Vec<&'a Evidence>,
    /// The nearest change of the constraint with which it would pass. Nothing when none is known.
    pub fix: Option<String>,
}

/// The outcome of one check: why it breaks, on which facts, and the nearest fix.
type Broken<'a> = Option<(String, Vec<&'a Evidence>, Option<String>)>;

/// The constraints that a technology breaks.
pub(super) fn breaches<'a>(
    dossiers: &'a Dossiers,
    dossier: &'a Dossier,
    request: &Request,
) -> Vec<Breach<'a>> {
    let check = Check { dossiers, dossier, request };
    let constraints = request.constraints.iter().enumerate();
    constraints
        .filter_map(|(constraint, wanted)| {
            let (reason, evidence, fix) = check.broken(wanted)?;
            Some(Breach { constraint, reason, evidence, fix })
        })
        .collect()
}

struct Check<'a, 'r> {
    dossiers: &'a Dossiers,
    dossier: &'a Dossier,
    request: &'r Request,
}

impl<'a> Check<'a, '_> {
    fn as_of(&self) -> NaiveDate {
        self.request.needs.as_of
    }

    fn kind(&self) -> TechnologyKind {
        self.dossier.technology.value.kind
    }

    fn broken(&self, constraint: &Constraint) -> Broken<'a> {
        match constraint {
            Constraint::KindIn(kinds) => self.kind_in(kinds),
            Constraint::LanguageIn(list) => self.language_in(list),
            Constraint::LanguageNotIn(list) => self.language_not_in(list),
            Constraint::Platform(platform) => self.platform(*platform),
            Constraint::License(list) => self.license(list),
            Constraint::Requires(capability) => self.requires(*capability),
            Constraint::SelfHostable(wanted) => self.self_hostable(*wanted),
            Constraint::SupportedUntil(day) => self.supported_until(*day),
            Constraint::MaxLockIn(most) => self.max_lock_in(*most),
            Constraint::MaxMonthlyCost(most) => self.max_monthly_cost(*most),
            Constraint::Exclude(list) => {
                let named = list.iter().any(|named| named.id == self.dossier.technology.id);
                named.then(|| ("It is excluded by name.".to_owned(), vec![], None))
            }
        }
    }

    fn kind_in(&self, kinds: &[TechnologyKind]) -> Broken<'a> {
        let kind = self.kind();
        (!kinds.contains(&kind)).then(|| {
            let fix = format!("Allow {} in kindIn.", kind.code());
            (format!("It is a {}.", kind.code()), vec![], Some(fix))
        })
    }

    /// The languages of the technology with their facts.
    fn languages(&self) -> Vec<(&'a str, Id<Subject>, &'a Evidence)> {
        let links = self.dossier.linked(RelationKind::Language, self.as_of());
        links
            .filter_map(|link| {
                let language = self.dossiers.of(link.to)?;
                Some((language.slug(), link.to, link.evidence.as_ref()))
            })
            .collect()
    }

    fn language_in(&self, wanted: &[Named]) -> Broken<'a> {
        let languages = self.languages();
        if languages.is_empty() {
            return Some(("No source at hand says in which language it is used.".to_owned(), vec![], None));
        }
        let meets = |id: Id<Subject>| wanted.iter().any(|named| named.id == id);
        (!languages.iter().any(|(_, id, _)| meets(*id))).then(|| spoken(&languages, "languageIn"))
    }

    fn language_not_in(&self, unwanted: &[Named]) -> Broken<'a> {
        let languages = self.languages();
        let meets = |id: Id<Subject>| unwanted.iter().any(|named| named.id == id);
        let only = !languages.is_empty() && languages.iter().all(|(_, id, _)| meets(*id));
        only.then(|| spoken(&languages, "languageNotIn"))
    }

    fn platform(&self, platform: Platform) -> Broken<'a> {
        let served = |(named, evidence): &(Platform, std::sync::Arc<Evidence>)| {
            *named == platform && evidence.counts(self.as_of())
        };
        if serves_any_platform(self.kind()) || self.dossier.platforms.iter().any(served) {
            return None;
        }
        Some((format!("No source at hand says that it serves {}.", platform.code()), vec![], None))
    }

    fn attributes(&self, name: &str) -> Vec<(&'a str, &'a Evidence)> {
        self.dossier
            .counting(self.as_of())
            .filter_map(|evidence| match &evidence.fact.detail {
                FactDetail::Attribute { name: known, value } if known == name => {
                    Some((value.as_str(), evidence))
                }
                _ => None,
            })
            .collect()
    }

    fn license(&self, wanted: &[String]) -> Broken<'a> {
        let licenses = self.attributes(attribute::LICENSE);
        if licenses.is_empty() {
            return Some(("No source at hand names its licence.".to_owned(), vec![], None));
        }
        if licenses.iter().any(|(expression, _)| allowed(expression, wanted)) {
            return None;
        }
        let named = join(&licenses, |(expression, _)| *expression);
        let fix = format!("Allow {named} in license.");
        Some((format!("It is under {named}."), licenses.into_iter().map(|(_, one)| one).collect(), Some(fix)))
    }

    fn requires(&self, wanted: Capability) -> Broken<'a> {
        let told: Vec<(SupportLevel, &Evidence)> = self
            .dossier
            .counting(self.as_of())
            .filter_map(|evidence| match evidence.fact.detail {
                FactDetail::Capability { capability, level } if capability == wanted => {
                    Some((level, evidence))
                }
                _ => None,
            })
            .filter(|(level, _)| *level != SupportLevel::Unknown)
            .collect();
        let name = wanted.code();
        match told.iter().map(|(level, _)| *level).max() {
            None => Some((format!("No source at hand says whether it provides {name}."), vec![], None)),
            Some(SupportLevel::None) => {
                let evidence = told.into_iter().filter(|(level, _)| *level == SupportLevel::None);
                let evidence = evidence.map(|(_, evidence)| evidence).collect();
                Some((format!("It does not provide {name}, a source says."), evidence, None))
            }
            Some(_) => None,
        }
    }

    fn self_hostable(&self, wanted: bool) -> Broken<'a> {
        let hosting = self.attributes(attribute::HOSTING);
        let can =
            |model: &str| HostingModel::parse(model).is_ok_and(|model| model != HostingModel::CloudOnly);
        let possible =
            self.kind() == TechnologyKind::BackendFramework || hosting.iter().any(|(model, _)| can(model));
        if possible == wanted && (possible || !hosting.is_empty()) {
            return None;
        }
        let reason = match (wanted, hosting.is_empty()) {
            (true, false) => "Only its provider runs it.",
            (false, _) if possible => "One can run it on one's own machines.",
            _ => "No source at hand says who can run it.",
        };
        let fix = (possible || !hosting.is_empty()).then(|| format!("Set selfHostable to {possible}."));
        Some((reason.to_owned(), hosting.into_iter().map(|(_, evidence)| evidence).collect(), fix))
    }

    fn supported_until(&self, day: NaiveDate) -> Broken<'a> {
        let cycles = cycles(self.dossier, self.as_of());
        match longest_support(&cycles, self.as_of()) {
            Some((end, _)) if end >= day => None,
            Some((end, evidence)) => {
                let fix = format!("Set supportedUntil to {end} or earlier.");
                Some((format!("Support is declared until {end} only."), vec![evidence], Some(fix)))
            }
            None => {
                let evidence =
                    cycles.into_iter().map(|(_, evidence)| evidence).take(super::MAX_FACTS).collect();
                Some(("No supported cycle with a declared end is known.".to_owned(), evidence, None))
            }
        }
    }

    /// The facts of a kind on which an answer may rest.
    fn of_kind(&self, kind: FactKind) -> Vec<&'a Evidence> {
        self.dossier.counting(self.as_of()).filter(|one| one.fact.kind == kind).collect()
    }

    fn max_lock_in(&self, most: f64) -> Broken<'a> {
        let bonds: Vec<(lock_in::Evidence, &Evidence)> = self
            .of_kind(FactKind::Claim)
            .into_iter()
            .filter_map(|evidence| match evidence.fact.detail {
                FactDetail::LockIn { dimension, effect } => {
                    let confidence = evidence.confidence(self.as_of());
                    Some((lock_in::Evidence { dimension, effect, confidence }, evidence))
                }
                _ => None,
            })
            .collect();
        let told: Vec<lock_in::Evidence> = bonds.iter().map(|(bond, _)| *bond).collect();
        match lock_in::score(&told).overall {
            None => {
                Some(("Nothing is known of what binds to it, which is not freedom.".to_owned(), vec![], None))
            }
            Some(score) if score <= most => None,
            Some(score) => {
                let evidence =
                    bonds.into_iter().map(|(_, evidence)| evidence).take(super::MAX_FACTS).collect();
                // Rounded up, so that it passes with the number that is told.
                let fix = format!("Set maxLockIn to {} or more.", (score * 1_000.0).ceil() / 1_000.0);
                Some((format!("Its lock-in scores {score:.3}."), evidence, Some(fix)))
            }
        }
    }

    fn max_monthly_cost(&self, most: Decimal) -> Broken<'a> {
        let usage = self.request.usage.as_ref()?;
        let evidence = self.of_kind(FactKind::Price);
        let facts: Vec<Fact> = evidence.iter().map(|one| one.fact.clone()).collect();
        let told = || evidence.iter().copied().take(super::MAX_FACTS).collect();
        match cost::estimate(&facts, usage, self.as_of()).and_then(|estimate| estimate.monthly()) {
            None => Some(("No source at hand prices this usage.".to_owned(), told(), None)),
            Some(monthly) if monthly <= most => None,
            Some(monthly) => {
                let monthly = monthly.normalize();
                let fix = format!("Set maxMonthlyCost to {monthly} or more.");
                let reason = format!("This usage costs {monthly} {} a month.", usage.currency);
                Some((reason, told(), Some(fix)))
            }
        }
    }
}

/// Tells which languages a technology is used with, for a constraint that it breaks.
fn spoken<'a>(
    languages: &[(&'a str, Id<Subject>, &'a Evidence)],
    field: &str,
) -> (String, Vec<&'a Evidence>, Option<String>) {
    let mut slugs: Vec<&str> = languages.iter().map(|(slug, ..)| *slug).collect();
    slugs.sort_unstable();
    slugs.dedup();
    let slugs = slugs.join(", ");
    let fix = match field {
        "languageIn" => format!("Allow one of {slugs} in languageIn."),
        _ => format!("Take one of {slugs} out of languageNotIn."),
    };
    let evidence = languages.iter().map(|(.., evidence)| *evidence).collect();
    (format!("It is used with {slugs}."), evidence, Some(fix))
}

/// Whether an SPDX expression can be met with some licences: one alternative of `OR`, all parts of `AND`.
fn allowed(expression: &str, wanted: &[String]) -> bool {
    let plain = expression.replace(['(', ')'], " ");
    plain.split(" OR ").any(|alternative| {
        let mut parts = alternative.split(" AND ").map(str::trim);
        parts.all(|part| wanted.iter().any(|license| license.eq_ignore_ascii_case(part)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alternative_of_a_licence_is_enough_and_all_its_parts_are_needed() {
        let wanted = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert!(allowed("Apache-2.0 OR MIT", &wanted(&["mit"])));
        assert!(!allowed("Apache-2.0 AND MIT", &wanted(&["mit"])));
        assert!(allowed("Apache-2.0 AND MIT", &wanted(&["MIT", "apache-2.0"])));
        assert!(!allowed("proprietary", &wanted(&["MIT"])));
    }
}
