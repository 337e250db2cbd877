//! What facts are about.

use async_graphql::{Context, Union};
use stackfit_domain::subject::{SubjectKind, SubjectRef};
use stackfit_persistence::{
    case_study::CaseStudyById, checklist::ChecklistById, organization::OrganizationById,
    selection_criterion::SelectionCriterionById, source::SourceById, technology::TechnologyById,
    term::TermById,
};

use crate::{
    baas_provider::BaasProvider,
    case_study::CaseStudy,
    checklist::Checklist,
    component::Component,
    context::loader,
    error::{Nullable, nullable},
    framework::Framework,
    organization::Organization,
    selection_criterion::SelectionCriterion,
    source::Source,
    technology::Technology,
    term::Term,
};

/// Something that facts are about.
#[derive(Union, Clone)]
pub enum FactSubject {
    /// A framework.
    Framework(Framework),
    /// A Backend as a Service.
    BaasProvider(BaasProvider),
    /// Another technology.
    Component(Component),
    /// An organisation.
    Organization(Organization),
    /// A case study.
    CaseStudy(CaseStudy),
    /// A source.
    Source(Source),
    /// A term.
    Term(Term),
    /// A criterion of selection.
    SelectionCriterion(SelectionCriterion),
    /// A checklist.
    Checklist(Checklist),
}

impl From<Technology> for FactSubject {
    fn from(technology: Technology) -> Self {
        match technology {
            Technology::Framework(framework) => Self::Framework(framework),
            Technology::BaasProvider(provider) => Self::BaasProvider(provider),
            Technology::Component(component) => Self::Component(component),
        }
    }
}

/// Loads a subject by its kind and id.
pub(crate) async fn load(ctx: &Context<'_>, SubjectRef { kind, id }: SubjectRef) -> Nullable<FactSubject> {
    use FactSubject as S;
    let loader = loader(ctx);
    match kind {
        SubjectKind::Technology => {
            nullable(loader.load(TechnologyById(id)).await, |found| Technology::from(found).into())
        }
        SubjectKind::Organization => {
            nullable(loader.load(OrganizationById(id)).await, |found| S::Organization(found.into()))
        }
        SubjectKind::CaseStudy => {
            nullable(loader.load(CaseStudyById(id)).await, |found| S::CaseStudy(found.into()))
        }
        SubjectKind::Source => nullable(loader.load(SourceById(id)).await, |found| S::Source(found.into())),
        SubjectKind::Term => nullable(loader.load(TermById(id)).await, |found| S::Term(found.into())),
        SubjectKind::SelectionCriterion => nullable(loader.load(SelectionCriterionById(id)).await, |found| {
            S::SelectionCriterion(found.into())
        }),
        SubjectKind::Checklist => {
            nullable(loader.load(ChecklistById(id)).await, |found| S::Checklist(found.into()))
        }
    }
}
