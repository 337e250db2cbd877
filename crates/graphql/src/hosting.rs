//! Hosting: who can run a service.

use async_graphql::{Context, SimpleObject};
use stackfit_domain::{code::Code, fact::attribute, hosting::HostingModel, id::Id, subject::Subject};

use crate::{
    coded::Coded,
    error::{FieldResult, at},
    fact_types::Attribute,
    technology_fields::attributes,
};

/// Who can run a service, according to one fact.
#[derive(SimpleObject)]
pub struct Hosting {
    /// Who can run it.
    model: Coded<HostingModel>,
    /// The fact that says so.
    fact: Attribute,
}

/// What facts say of it which no verdict refutes.
pub(crate) async fn hosting(ctx: &Context<'_>, id: Id<Subject>) -> FieldResult<Vec<Hosting>> {
    let hosting = |fact: Attribute| Ok(Hosting { model: HostingModel::parse(&fact.value)?.into(), fact });
    let said = attributes(ctx, id, attribute::HOSTING).await?;
    let all: stackfit_domain::Result<Vec<_>> = said.into_iter().map(hosting).collect();
    all.map_err(at(ctx))
}
