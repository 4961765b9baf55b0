use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry, Tx, args};

use super::{alert, rules, service, sql};
use crate::Rulebook;

/// How often it is looked which metrics are due.
const EVERY_MINUTES: u32 = 5;

/// Measures metrics: those that are due, or these; then sees to alerts that nobody answered.
#[derive(Debug, Serialize, Deserialize)]
pub struct MeasureMetrics {
    /// Which ones; absent: those that are due.
    pub metrics: Option<Vec<String>>,
    /// The record whose action asks for it.
    #[serde(default)]
    pub after: Option<Id>,
}

impl JobKind for MeasureMetrics {
    const KIND: &'static str = "rulebook.metrics.measure";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
    const PRIORITY: i64 = -1;
}

#[async_trait]
impl Job<App> for MeasureMetrics {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        match &self.metrics {
            None => {
                let count = measure_due(app).await?;
                tracing::debug!(count, "measured {count} metrics");
            }
            Some(ids) => {
                for id in ids {
                    if let Some(metric) = app.part::<Rulebook>()?.metric(id) {
                        service::measure_one(app, &metric).await?;
                        alert::note_remeasured(app, &metric, self.after).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Measures the metrics that are due, and sees to alerts that nobody answered; returns how many were measured.
pub async fn measure_due(app: &App) -> Result<usize> {
    let measured: Vec<(String, Timestamp)> = app.store.all(sql::MEASURED, args![]).await?;
    let book = app.part::<Rulebook>()?.snapshot();
    let (now, zone) = (app.store.now(), &app.settings.time_zone);
    let mut count = 0;
    for metric in book.metrics() {
        let last = measured.iter().find(|(id, _)| *id == metric.spec.id).map(|(_, at)| *at);
        if !rules::is_due(metric.spec.every, last, now, zone) {
            continue;
        }
        match service::measure_one(app, metric).await {
            Ok(measured) => count += usize::from(measured),
            // One that cannot be measured must not keep the others from it.
            Err(problem) => {
                let id = &metric.spec.id;
                tracing::error!(metric = id, code = %problem.code, source = ?problem.source, "could not measure {id}");
            }
        }
    }
    alert::escalate_overdue(app).await?;
    Ok(count)
}

/// Measures these metrics now, as far as the packs have them; for whoever keeps the rows that they read.
pub async fn measure_these(app: &App, ids: &[&str]) -> Result<()> {
    let book = app.part::<Rulebook>()?.snapshot();
    for metric in ids.iter().filter_map(|id| book.metric(id)) {
        service::measure_one(app, &metric).await?;
    }
    Ok(())
}

/// Has metrics measured once this change commits, because somebody acted on a record that names them.
pub async fn measure_after(tx: &mut Tx, metrics: Vec<String>, record: Id) -> Result<()> {
    let key = format!("rulebook.metrics.measure/{record}");
    let job = MeasureMetrics { metrics: Some(metrics), after: Some(record) };
    tx.enqueue_once(&job, &key).await.map(drop)
}

/// Adds the job and its schedule.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<MeasureMetrics>();
    registry.schedule(MeasureMetrics::KIND, Every::minutes(EVERY_MINUTES), || MeasureMetrics {
        metrics: None,
        after: None,
    });
}
