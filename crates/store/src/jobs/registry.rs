use std::collections::HashMap;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{DomainEvent, Problem, Timestamp};

use super::service::Queued;
use super::upkeep::Upkeep;
use super::{Every, Job, JobError, JobKind, Lease};
/// Everything that runs in the background (后台登记表): jobs, schedules, subscribers of events.
pub struct Registry<C> {
    handlers: HashMap<String, Arc<dyn Handler<C>>>,
    pub(super) schedules: Vec<Schedule>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) arrivals: Vec<Arrival>,
}

/// Makes a job at its times.
pub(super) struct Schedule {
    pub kind: &'static str,
    pub every: Every,
    pub make: Box<dyn Fn() -> Queued + Send + Sync>,
}

/// Makes a job when a worker arrives where no other one is.
pub(super) struct Arrival {
    pub kind: &'static str,
    pub make: Box<dyn Fn(Timestamp) -> Queued + Send + Sync>,
}

/// A handler that wants events of one kind.
pub(super) struct Subscription {
    pub event: &'static str,
    /// Kind and lane of its jobs.
    pub lane: String,
}

/// Runs a job of one kind from its payload.
pub(super) trait Handler<C>: Send + Sync {
    fn run<'a>(
        &'a self,
        payload: &'a str,
        app: &'a Arc<C>,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<(), JobError>>;
}

impl<C: Send + Sync + 'static> Default for Registry<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Send + Sync + 'static> Registry<C> {
    /// Starts with the store's own upkeep.
    pub fn new() -> Self {
        let mut registry = Self {
            handlers: HashMap::new(),
            schedules: Vec::new(),
            subscriptions: Vec::new(),
            arrivals: Vec::new(),
        };
        registry.job::<Upkeep>();
        registry.schedule(Upkeep::KIND, Every::hours(1), || Upkeep {});
        registry
    }

    /// Registers how jobs of one kind are done.
    pub fn job<J: Job<C>>(&mut self) -> &mut Self {
        self.add(J::KIND.to_owned(), Arc::new(OfKind::<J>(PhantomData)))
    }

    /// Puts a job into the queue at its times; one that still waits or runs is not doubled, and
    /// times that passed while nothing ran are made up for once.
    pub fn schedule<J: JobKind>(
        &mut self,
        kind: &'static str,
        every: Every,
        make: impl Fn() -> J + Send + Sync + 'static,
    ) -> &mut Self {
        assert!(self.schedules.iter().all(|s| s.kind != kind), "schedule {kind} is registered twice");
        self.schedules.push(Schedule { kind, every, make: Box::new(move || Queued::of(&make())) });
        self
    }

    /// Puts a job into the queue when a worker arrives where no other one is: whatever was under way at the time
    /// that `make` gets was left by somebody who died.
    pub fn on_arrival<J: JobKind>(
        &mut self,
        kind: &'static str,
        make: impl Fn(Timestamp) -> J + Send + Sync + 'static,
    ) -> &mut Self {
        assert!(self.arrivals.iter().all(|a| a.kind != kind), "arrival {kind} is registered twice");
        self.arrivals.push(Arrival { kind, make: Box::new(move |at| Queued::of(&make(at))) });
        self
    }

    /// Subscribes to events: `|app, event: TheEvent| async move { … }`.
    ///
    /// Each event reaches each handler at least once, in the order of creation; one that fails holds
    /// up those behind it until it is done or has failed for good. `handler` stays for ever.
    pub fn on<E, F, Fut>(&mut self, handler: &'static str, run: F) -> &mut Self
    where
        E: DomainEvent + 'static,
        F: Fn(Arc<C>, E) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let lane = format!("event/{handler}");
        self.subscriptions.push(Subscription { event: E::KIND, lane: lane.clone() });
        self.add(lane, Arc::new(OfEvent { run, event: PhantomData::<fn() -> E> }))
    }

    fn add(&mut self, kind: String, handler: Arc<dyn Handler<C>>) -> &mut Self {
        assert!(!self.handlers.contains_key(&kind), "job {kind} is registered twice");
        self.handlers.insert(kind, handler);
        self
    }

    pub(super) fn handler(&self, kind: &str) -> Option<&Arc<dyn Handler<C>>> {
        self.handlers.get(kind)
    }
}

impl<C> std::fmt::Debug for Registry<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.handlers.keys()).finish()
    }
}

struct OfKind<J>(PhantomData<fn() -> J>);

impl<C: Send + Sync + 'static, J: Job<C>> Handler<C> for OfKind<J> {
    fn run<'a>(
        &'a self,
        payload: &'a str,
        app: &'a Arc<C>,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        async move { read::<J>(payload)?.run(app, lease).await }.boxed()
    }
}

struct OfEvent<E, F> {
    run: F,
    event: PhantomData<fn() -> E>,
}

impl<C, E, F, Fut> Handler<C> for OfEvent<E, F>
where
    C: Send + Sync + 'static,
    E: DomainEvent + 'static,
    F: Fn(Arc<C>, E) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), JobError>> + Send + 'static,
{
    fn run<'a>(
        &'a self,
        payload: &'a str,
        app: &'a Arc<C>,
        _lease: &'a Lease,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        async move { (self.run)(app.clone(), read::<E>(payload)?).await }.boxed()
    }
}

/// Reads a payload; one that no longer fits its type fails for all to see.
fn read<T: serde::de::DeserializeOwned>(payload: &str) -> Result<T, JobError> {
    serde_json::from_str(payload).map_err(|error| {
        JobError::Fail(
            Problem::unprocessable("store.job_payload_unreadable").with("detail", error.to_string()),
        )
    })
}
