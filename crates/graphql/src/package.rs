//! Packages: under which names registries hold a technology.

use async_graphql::{Context, SimpleObject};
use stackfit_domain::{
    fact::attribute, id::Id, package::PackageIdentifier as DomainPackage, subject::Subject,
};

use crate::{
    error::{FieldResult, at},
    fact_types::Attribute,
    technology_fields::attributes,
};

/// The name of a package in a registry.
#[derive(SimpleObject)]
pub struct PackageIdentifier {
    /// The package URL without a version: `pkg:npm/express`.
    purl: String,
    /// The sort of package, as package URLs name it: `npm`.
    ecosystem: String,
    /// The part before the name, as in `@nestjs`. Null when there is none.
    namespace: Option<String>,
    /// The name in the registry.
    name: String,
    /// The fact that names it.
    fact: Attribute,
}

/// The packages that facts name which no verdict refutes.
pub(crate) async fn packages(ctx: &Context<'_>, id: Id<Subject>) -> FieldResult<Vec<PackageIdentifier>> {
    let named = attributes(ctx, id, attribute::PACKAGE).await?;
    let package = |fact: Attribute| {
        let DomainPackage { purl, ecosystem, namespace, name } = DomainPackage::parse("value", &fact.value)?;
        Ok(PackageIdentifier { purl, ecosystem, namespace, name, fact })
    };
    let packages: stackfit_domain::Result<Vec<_>> = named.into_iter().map(package).collect();
    packages.map_err(at(ctx))
}
