use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use http_kit::AppState;
use store::jobs::{Pulse, Runner};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Built, Config, router};

/// The sockets, bound before anything is said about them.
pub struct Listening {
    staff: TcpListener,
    public: TcpListener,
}

impl Listening {
    /// Binds both addresses.
    pub async fn bind(config: &Config) -> anyhow::Result<Self> {
        let bind = |address: SocketAddr, key: &'static str| async move {
            TcpListener::bind(address).await.with_context(|| format!("{key} {address} cannot be used"))
        };
        Ok(Self {
            staff: bind(config.http.listen, "http.listen").await?,
            public: bind(config.public_listen(), "http.public_listen").await?,
        })
    }

    /// Returns the address for staff.
    pub fn staff(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.staff.local_addr()?)
    }

    /// Returns the address for receivers.
    pub fn public(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.public.local_addr()?)
    }
}

/// Answers requests and works in the background until `stop`; then finishes what is under way.
pub async fn serve(
    built: Built,
    config: &Config,
    listening: Listening,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (staff, public) = router(&built, &config.http);
    let (app, store) = (built.app.clone(), built.app.store.clone());
    let answer = |listener: TcpListener, router: Router| {
        let stop = stop.clone();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(async move { stop.cancelled().await })
    };
    let (staff, public) = (answer(listening.staff, staff), answer(listening.public, public));
    let engine =
        built.app.part::<std::sync::Arc<lake_engine::Engine>>().map_err(|p| anyhow::anyhow!("{p}"))?.clone();
    let figures = tokio::spawn(measure_service(built.app.clone(), stop.clone()));
    let background = (built.workers > 0).then(|| built.pulse.clone());
    let worker = tokio::spawn(work(built, stop.clone()));
    if let Some(pulse) = background {
        settled(&pulse).await;
    }
    // Before the lake takes the first event: it is told them all.
    let upkeep = customers::behaviour::upkeep::begin(app, stop.clone());
    let lake = lake_engine::begin(engine, stop.clone()).await;
    let (staff, public) = tokio::join!(staff.into_future(), public.into_future());
    staff.and(public).context("answering requests")?;
    worker.await.context("background work")?;
    figures.await.context("figures of the service")?;
    upkeep.await.context("upkeep of segments")?;
    lake.await.context("the event lake")?;
    store.close().await;
    Ok(())
}

/// Waits until the background looked around for the first time, which frees what dead workers held: a request that came
/// before would find their work still under way, and would not ask for it again.
async fn settled(pulse: &Pulse) {
    /// A database that does not answer for so long keeps nobody from reading what else there is.
    const PATIENCE: Duration = Duration::from_secs(10);
    let looked = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        while pulse.last().is_none() {
            ticks.tick().await;
        }
    };
    if tokio::time::timeout(PATIENCE, looked).await.is_err() {
        tracing::warn!("the background has not begun its work yet");
    }
}

/// How often a node looks for packs that another node or the command line applied.
const FOLLOW_EVERY: Duration = Duration::from_secs(2);

async fn follow_packs(app: AppState, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(FOLLOW_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(problem) = rulebook::refresh(&app).await {
            tracing::warn!(%problem, "the packs that were applied elsewhere could not be taken up: {problem}");
        }
    }
}

/// How often a node measures itself.
const MEASURE_EVERY: Duration = Duration::from_secs(60);

/// Measures this node every minute until `stop`.
async fn measure_service(app: AppState, stop: CancellationToken) {
    let node = std::process::id().to_string();
    let mut ticks = tokio::time::interval(MEASURE_EVERY);
    // Of the first moment there is nothing to tell.
    ticks.tick().await;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(problem) = crate::service_figure::measure(&app, &node).await {
            tracing::warn!(%problem, source = ?problem.source, "the service could not be measured: {problem}");
        }
    }
}

/// Works in the background until `stop`; on a node that only answers requests it only follows the packs.
pub async fn work(built: Built, stop: CancellationToken) {
    let packs = follow_packs(built.app.clone(), stop.clone());
    if built.workers == 0 {
        return packs.await;
    }
    let runner = Runner::new(built.app.store.clone(), built.app, built.registry, built.workers)
        .sealing(built.sealer)
        .beating(built.pulse)
        .run(stop);
    tokio::join!(packs, runner);
}
