//! The calendar of support: subscriptions to declared changes of status.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use async_graphql::{Context, Object};
use chrono::{Days, NaiveDate};
use futures_util::{
    FutureExt, Stream,
    future::{Either, select},
    stream,
};
use stackfit_domain::{
    Error, Result,
    change::Revision,
    dossier::Dossiers,
    fact::Fact as DomainFact,
    id::Id,
    release_cycle::SupportStatus,
    subject::Subject,
    support_calendar::{SupportTurn, support_turns},
    support_health::SupportEvent as DomainEvent,
};
use stackfit_guard::Field;
use tokio::time::sleep;

use crate::{
    fact::Fact,
    release_cycle::ReleaseCycle,
    subscription::{Live, PAUSE, argument, event},
    support_health::SupportEvent,
};

/// The most technologies that one subscription names.
const MAX_SLUGS: usize = 100;
/// The most days that one looks ahead.
const MAX_DAYS: i32 = 3_650;
/// How often the clock is looked at.
const LOOK: Duration = Duration::from_mins(1);
/// How long to wait after a change, because many come together.
const SETTLE: Duration = Duration::from_secs(1);

/// Subscriptions to the calendar of support.
#[derive(Default)]
pub(crate) struct SupportCalendarSubscription;

#[Object]
impl SupportCalendarSubscription {
    /// Tells the declared changes of the status of release cycles, each once: at first those within the days ahead, then
    /// each further one when it comes within them, by a new day (in UTC) or by a change of the catalogue. A change
    /// whose day is declared anew is told anew. Whoever subscribes again is told those within the days ahead again.
    #[expect(unused_variables, reason = "they are read where the events come from")]
    async fn support_status_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Of these technologies, at most 100; of all when left out. A slug that does not exist is BAD_USER_INPUT."
        )]
        slugs: Option<Vec<String>>,
        #[graphql(
            desc = "How many days before it a change is told, at most 3650; 0, on the day itself, when left out."
        )]
        days_ahead: Option<i32>,
    ) -> SupportEvent {
        event(ctx)
    }
}

/// The events that a field asks for.
pub(crate) async fn events(
    field: &Field,
    live: &Live,
) -> Result<impl Stream<Item = Result<SupportEvent>> + use<>> {
    let days_ahead = argument::<Option<i32>>(field, "daysAhead")?.unwrap_or(0);
    let days_ahead = u64::try_from(days_ahead).ok().filter(|_| days_ahead <= MAX_DAYS).ok_or_else(|| {
        Error::invalid("daysAhead", format!("must be from 0 to {MAX_DAYS}, not {days_ahead}."))
    })?;
    let slugs: Option<Vec<String>> = argument(field, "slugs")?;
    let dossiers = live.reader().dossiers().await?;
    let technologies = slugs.map(|slugs| named(&dossiers, &slugs)).transpose()?;
    let from = live.clock.today();
    let mut calendar = Calendar {
        live: live.clone(),
        technologies,
        days_ahead: Days::new(days_ahead),
        from,
        revision: dossiers.revision,
        told: HashSet::new(),
        waiting: VecDeque::new(),
    };
    calendar.look(&dossiers, from);
    Ok(stream::unfold(calendar, async |mut calendar| Some((calendar.next().await, calendar))))
}

fn named(dossiers: &Dossiers, slugs: &[String]) -> Result<Vec<Id<Subject>>> {
    if !(1..=MAX_SLUGS).contains(&slugs.len()) {
        let message = format!("names {} technologies; allowed are from 1 to {MAX_SLUGS}.", slugs.len());
        return Err(Error::invalid("slugs", message));
    }
    let id = |(at, slug): (usize, &String)| {
        dossiers.named(&format!("slugs[{at}]"), slug, None).map(|dossier| dossier.technology.id)
    };
    slugs.iter().enumerate().map(id).collect()
}

/// What a subscription was told of the calendar.
struct Calendar {
    live: Live,
    technologies: Option<Vec<Id<Subject>>>,
    days_ahead: Days,
    /// The first day of which something may have to be told.
    from: NaiveDate,
    revision: Revision,
    told: HashSet<(Id<DomainFact>, NaiveDate, SupportStatus)>,
    waiting: VecDeque<SupportTurn>,
}

impl Calendar {
    async fn next(&mut self) -> Result<SupportEvent> {
        loop {
            if let Some(turn) = self.waiting.pop_front() {
                return told(&turn);
            }
            self.wait().await;
            match self.live.reader().dossiers().await {
                Ok(dossiers) => {
                    self.revision = dossiers.revision;
                    self.look(&dossiers, self.live.clock.today());
                }
                Err(error @ (Error::Unavailable(_) | Error::Timeout(_))) => {
                    tracing::debug!(%error, "the calendar cannot be read now");
                    sleep(PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits for a new day or a change of the catalogue.
    async fn wait(&self) {
        let changed = self.live.store.feed().beyond(self.revision);
        if let Either::Left(_) = select(changed.boxed(), self.tomorrow().boxed()).await {
            sleep(SETTLE).await;
        }
    }

    async fn tomorrow(&self) {
        while let now = self.live.clock.now()
            && now.date_naive() <= self.from
        {
            let midnight = self.from.succ_opt().and_then(|day| day.and_hms_opt(0, 0, 0));
            let left = midnight.and_then(|midnight| (midnight.and_utc() - now).to_std().ok());
            sleep(left.unwrap_or(LOOK).min(LOOK)).await;
        }
    }

    /// Finds what is to be told on a day.
    fn look(&mut self, dossiers: &Dossiers, today: NaiveDate) {
        let last = today.checked_add_days(self.days_ahead).unwrap_or(NaiveDate::MAX);
        let turns = support_turns(dossiers, self.technologies.as_deref(), &(self.from..=last), today);
        let key = |turn: &SupportTurn| (turn.evidence.fact.id, turn.on, turn.to);
        // What is no longer declared is forgotten: declared once more, it is news.
        let told = std::mem::replace(&mut self.told, turns.iter().map(key).collect());
        self.waiting.extend(turns.into_iter().filter(|turn| !told.contains(&key(turn))));
        self.from = today;
    }
}

fn told(turn: &SupportTurn) -> Result<SupportEvent> {
    let SupportTurn { evidence, on, from, to } = turn;
    let cycle = ReleaseCycle::try_from(Fact::from(evidence.fact.clone()))
        .map_err(|()| Error::internal("a release cycle is not told of as one"))?;
    Ok(SupportEvent { event: DomainEvent { cycle: 0, on: *on, from: *from, to: *to }, cycle })
}
