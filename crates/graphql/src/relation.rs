//! Relations between things.

use async_graphql::{Context, Object};
use stackfit_domain::{relation::RelationKind, subject::SubjectRef, version::VersionRange};
use stackfit_persistence::relation::AssertedRelation;

use crate::{
    coded::Coded,
    error::Nullable,
    fact::Fact,
    subject::{self, FactSubject},
};

/// A typed link between two things, with the fact that asserts it.
#[derive(Clone)]
pub struct Relation(AssertedRelation);

impl From<AssertedRelation> for Relation {
    fn from(asserted: AssertedRelation) -> Self {
        Self(asserted)
    }
}

/// A typed link between two things, with the fact that asserts it.
#[Object]
impl Relation {
    /// How they relate.
    async fn kind(&self) -> Coded<RelationKind> {
        self.0.relation.kind.into()
    }

    /// The thing that the relation is told of. Null only when it cannot be loaded.
    async fn from(&self, ctx: &Context<'_>) -> Nullable<FactSubject> {
        let relation = &self.0.relation;
        subject::load(ctx, SubjectRef { kind: relation.kind.from_kind(), id: relation.from }).await
    }

    /// The thing that it relates to. Null only when it cannot be loaded.
    async fn to(&self, ctx: &Context<'_>) -> Nullable<FactSubject> {
        let relation = &self.0.relation;
        subject::load(ctx, SubjectRef { kind: relation.kind.to_kind(), id: relation.to }).await
    }

    /// The versions of `from` for which it holds, as comparators such as `~8.1`; alternatives are parted by `||`. Null
    /// when it holds for all, or the source does not say.
    async fn from_versions(&self) -> Option<&str> {
        self.0.relation.from_versions.as_ref().map(VersionRange::as_str)
    }

    /// The versions of `to` for which it holds, as comparators such as `>=3.12, <3.15`. Null when it holds for all, or
    /// the source does not say.
    async fn versions(&self) -> Option<&str> {
        self.0.relation.versions.as_ref().map(VersionRange::as_str)
    }

    /// The fact that asserts it: its verdict says whether the relation holds.
    async fn fact(&self) -> Fact {
        self.0.fact.clone().into()
    }
}
