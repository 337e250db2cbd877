//! What can be subscribed to. A field has a source of events, made once from its arguments; each event is then executed
//! like a query of its own, with a loader of its own, so that a subscription that lives for weeks sees the catalogue as
//! it is and is limited as any request is.

use std::{borrow::Cow, pin::Pin, sync::Arc, time::Duration};

use async_graphql::{
    Context, EmptyMutation, EmptySubscription, InputType, MergedObject, OutputType, Pos, Request, Response,
    SubscriptionType, Value, registry::Registry,
};
use futures_util::{Stream, StreamExt, stream::BoxStream};
use stackfit_domain::{Error, Result, clock::Clock};
use stackfit_guard::{Field, Plan, Selection};
use stackfit_persistence::{Reader, Store};

use crate::{
    change::{self, Change, ChangeSubscription},
    support_calendar::{self, SupportCalendarSubscription},
    support_health::SupportEvent,
};

/// What can be subscribed to.
#[derive(MergedObject, Default)]
pub(crate) struct Subscription(ChangeSubscription, SupportCalendarSubscription);

/// Executes events: what is subscribed to stands at the root of its queries.
pub(crate) type Executor = async_graphql::Schema<Subscription, EmptyMutation, EmptySubscription>;

/// What subscriptions live on.
#[derive(Clone)]
pub struct Live {
    /// Where events come from.
    pub store: Store,
    /// What tells the day.
    pub clock: Arc<dyn Clock>,
    /// How long it may take to answer one event.
    pub timeout: Duration,
}

impl Live {
    /// What answers an event now.
    pub(crate) fn reader(&self) -> Reader {
        self.store.reader(self.clock.today())
    }
}

/// Something that happened, for the field that was asked.
#[derive(Clone)]
pub(crate) enum Event {
    Change(Change),
    Support(SupportEvent),
}

impl Event {
    /// Puts it where its field finds it.
    pub(crate) fn put(self, request: Request) -> Request {
        match self {
            Self::Change(change) => request.data(change),
            Self::Support(event) => request.data(event),
        }
    }
}

/// What a field finds: the event that it is executed for.
pub(crate) fn event<T: Clone + Send + Sync + 'static>(ctx: &Context<'_>) -> T {
    ctx.data_unchecked::<T>().clone()
}

/// How long to wait before trying again what the database did not answer.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// The events that a plan subscribes to. While the database does not answer, it waits: clients take a refusal for the
/// last word.
pub(crate) async fn events(plan: &Plan, live: &Live) -> Result<BoxStream<'static, Result<Event>>> {
    loop {
        match begin(plan, live).await {
            Err(error @ (Error::Unavailable(_) | Error::Timeout(_))) => {
                tracing::debug!(%error, "a subscription cannot begin now");
                tokio::time::sleep(PAUSE).await;
            }
            begun => return begun,
        }
    }
}

async fn begin(plan: &Plan, live: &Live) -> Result<BoxStream<'static, Result<Event>>> {
    let [Selection::Field(field)] = plan.selections.as_slice() else {
        return Err(Error::internal(
            "the guard let through a subscription that asks for other than one field",
        ));
    };
    match Source::of(&field.name) {
        Some(Source::Changes) => {
            Ok(change::events(field, live).await?.map(|one| one.map(Event::Change)).boxed())
        }
        Some(Source::SupportCalendar) => {
            Ok(support_calendar::events(field, live).await?.map(|one| one.map(Event::Support)).boxed())
        }
        None => Err(Error::internal(format!("nothing tells of {}", field.name))),
    }
}

/// Where the events of a field come from.
enum Source {
    Changes,
    SupportCalendar,
}

impl Source {
    fn of(field: &str) -> Option<Self> {
        match field {
            "catalogueChanged" => Some(Self::Changes),
            "supportStatusChanged" => Some(Self::SupportCalendar),
            _ => None,
        }
    }
}

/// An argument of a field; the guard has checked it.
pub(crate) fn argument<T: InputType>(field: &Field, name: &str) -> Result<T> {
    let given = field.arguments.iter().find(|(given, _)| given == name);
    let value = given.map(|(_, value)| Value::from_json(value.clone()).unwrap_or_default());
    T::parse(value).map_err(|error| Error::invalid(name, error.into_server_error(Pos::default()).message))
}

/// The type as the schema tells of it. Nothing is executed by it.
pub(crate) struct Root;

impl SubscriptionType for Root {
    fn type_name() -> Cow<'static, str> {
        <Subscription as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Subscription as OutputType>::create_type_info(registry)
    }

    fn create_field_stream<'a>(
        &'a self,
        _: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_events() {
        let mut registry = Registry::default();
        let name = Root::create_type_info(&mut registry);
        let root = &registry.types[name.trim_end_matches('!')];
        let fields: Vec<&String> = root.fields().unwrap().keys().collect();
        assert!(fields.len() >= 2, "{fields:?}");
        for field in fields {
            assert!(Source::of(field).is_some(), "{field}");
        }
    }
}
