//! Release cycles of technologies.

use async_graphql::{Context, InputObject, SimpleObject};
use futures_util::FutureExt;
use stackfit_domain::{
    Error,
    fact::Fact as DomainFact,
    filter::{Filter, ReleaseCycleTest, texts, values},
    id::Id,
    page::{Page, Window},
    release_cycle::{ReleaseCycle as Cycle, SupportEnd, SupportPhase as DomainPhase, SupportStatus},
    subject::Subject,
};
use stackfit_persistence::release_cycle::{ReleaseCycleCountOf, ReleaseCyclesOf};

use crate::{
    coded::{Coded, codes},
    connection::Connection,
    context::{day, loader},
    error::{FieldResult, at},
    fact::Fact,
    fact_fields::fact_object,
    scalar::Date,
};

fact_object! {
    /// A line of releases of its subject, and how long it is supported. An end is the last day of a phase.
    ReleaseCycle { cycle: Cycle } fields {
        /// The name of the line, mostly the beginning of its versions: `5.2`.
        async fn name(&self) -> &str {
            &self.cycle.cycle
        }

        /// The name that its makers gave it. Null when they gave none.
        async fn codename(&self) -> Option<&str> {
            self.cycle.codename.as_deref()
        }

        /// The day of its first release, in the future when it is announced.
        async fn released_on(&self) -> Date {
            Date(self.cycle.released_on)
        }

        /// Whether its makers support it for longer than others.
        async fn is_long_term_support(&self) -> bool {
            self.cycle.long_term_support
        }

        /// The last day on which bugs are mended. Null when no day is declared: `status` says what that means.
        async fn active_until(&self) -> Option<Date> {
            self.cycle.active_until.and_then(SupportEnd::day).map(Date)
        }

        /// The last day on which security faults are mended. Null when no day is declared.
        async fn security_until(&self) -> Option<Date> {
            self.cycle.security_until.and_then(SupportEnd::day).map(Date)
        }

        /// The last day on which extended support, which may cost money, mends security faults. Null when there is
        /// none or no day is declared.
        async fn extended_until(&self) -> Option<Date> {
            self.cycle.extended_until.and_then(SupportEnd::day).map(Date)
        }

        /// Where it stands on a day. Extended support counts only while a day is declared for its end.
        async fn status(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "On which day; today when left out.")] as_of: Option<Date>,
        ) -> Coded<SupportStatus> {
            self.cycle.status(day(ctx, as_of)).into()
        }

        /// The last day on which it was supported without further conditions. Null while it is supported, and when
        /// nobody knows the day.
        async fn ended_on(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "As seen on which day; today when left out.")] as_of: Option<Date>,
        ) -> Option<Date> {
            self.cycle.ended_on(day(ctx, as_of)).map(Date)
        }

        /// Its life from the release, phase by phase.
        async fn phases(&self) -> Vec<SupportPhase> {
            self.cycle.phases().into_iter().map(Into::into).collect()
        }

        /// Its latest version when it was observed. Null when the source gives none.
        async fn latest(&self) -> Option<&str> {
            self.cycle.latest.as_deref()
        }

        /// The day of the latest version. Null when the source gives none.
        async fn latest_on(&self) -> Option<Date> {
            self.cycle.latest_on.map(Date)
        }
    }
}

/// A span of days in which a release cycle has one status.
#[derive(SimpleObject)]
pub struct SupportPhase {
    /// The status.
    status: Coded<SupportStatus>,
    /// The first day.
    from: Date,
    /// The last day. Null when no end is declared.
    until: Option<Date>,
}

impl From<DomainPhase> for SupportPhase {
    fn from(phase: DomainPhase) -> Self {
        let DomainPhase { status, from, until } = phase;
        Self { status: status.into(), from: Date(from), until: until.map(Date) }
    }
}

/// Which release cycles. All fields that are given must hold together.
#[derive(InputObject, Clone, Default)]
pub struct ReleaseCycleFilter {
    /// It has one of these names, as in `5.2`.
    name: Option<Vec<String>>,
    /// It has one of these statuses on the day `asOf`.
    status: Option<Vec<Coded<SupportStatus>>>,
    /// The day of `status`; today when left out.
    as_of: Option<Date>,
    /// Whether its makers support it for longer than others.
    is_long_term_support: Option<bool>,
}

fn tests(ctx: &Context<'_>, filter: ReleaseCycleFilter) -> stackfit_domain::Result<Filter<ReleaseCycleTest>> {
    let ReleaseCycleFilter { name, status, as_of, is_long_term_support } = filter;
    let on = day(ctx, as_of);
    let mut tests = Vec::new();
    tests.extend(name.map(|list| texts("filter.name", list)).transpose()?.map(ReleaseCycleTest::Cycle));
    let status = status.map(|list| values("filter.status", codes(list))).transpose()?;
    tests.extend(status.map(|wanted| ReleaseCycleTest::Status(on, wanted)));
    tests.extend(is_long_term_support.map(ReleaseCycleTest::LongTermSupport));
    Ok(Filter::All(tests.into_iter().map(Filter::Test).collect()))
}

fn cycle(fact: DomainFact) -> stackfit_domain::Result<ReleaseCycle> {
    ReleaseCycle::try_from(Fact::from(fact)).map_err(|()| Error::internal("a fact is no release cycle"))
}

/// A page of the release cycles of a technology.
pub(crate) async fn page(
    ctx: &Context<'_>,
    subject: Id<Subject>,
    filter: Option<ReleaseCycleFilter>,
    window: Window,
) -> FieldResult<Connection<ReleaseCycle>> {
    let filter = tests(ctx, filter.unwrap_or_default()).map_err(at(ctx))?;
    loader(ctx).reader().check_release_cycle_window(&window).map_err(at(ctx))?;
    let key = ReleaseCyclesOf { subject, filter: filter.clone(), window };
    let page = loader(ctx).load(key).await.map_err(at(ctx))?.unwrap_or_else(Page::empty);
    let page = page.try_map(cycle).map_err(at(ctx))?;
    Ok(Connection::new(
        page,
        |cycle| cycle,
        move |loader| {
            let key = ReleaseCycleCountOf { subject, filter: filter.clone() };
            async move { loader.load_or_default(key).await }.boxed()
        },
    ))
}
