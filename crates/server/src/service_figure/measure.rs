use http_kit::App;
use kernel::ports::WebWanted;
use kernel::{DAY_MS, Id, MINUTE_MS, Result, Timestamp};
use store::{Observation, args};

use super::{Traffic, sql};

/// Longest time between two rows that is no gap: one that was late, and one that was lost.
const GAP_SECONDS: i64 = 150;
/// Days for which rows are kept.
const KEPT_DAYS: i64 = 100;
/// Where nothing is out of order, samples are taken of every so many minutes.
const SAMPLE_MINUTES: i64 = 15;
/// Below this room on the disk, and above these times and backlogs, samples are taken at once.
const DISK_LOW: f64 = 15.0;
const SLOW_MS: i64 = 1_500;
const BACKLOG_HIGH: i64 = 500;

/// Metrics of the packs that read these figures, each after those that its formula needs.
const METRICS: [&str; 10] = [
    "service.down_seconds_30d",
    "service.span_seconds_30d",
    "service.uptime_30d",
    "service.p95_ms",
    "service.requests_10m",
    "service.errors_10m",
    "service.error_share",
    "service.backlog",
    "service.disk_free",
    "service.certificate_days",
];

/// Measures the product for the minute that ended, and has the metrics sampled that read it: at once where something is
/// out of order, now and then where nothing is.
pub async fn measure(app: &App, node: &str) -> Result<()> {
    let answered = app.part::<Traffic>()?.take();
    let gauges = app.store.gauges().await?;
    let waiting = gauges.jobs.iter().filter(|job| job.state == "waiting").map(|job| job.count);
    let backlog = waiting.sum::<i64>() + gauges.outbox.count;
    let disk_free = disk_free(&app.settings.data_dir);
    let certificate = certificate_until(app).await;
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let (now, version) = (tx.now(), env!("CARGO_PKG_VERSION"));
    tx.exec(sql::RUNS, args![version, now]).await?;
    let since: Timestamp = tx.get(sql::SINCE, args![version]).await?;
    let last: i64 = tx.get(sql::LAST, args![]).await?;
    let span = if last == 0 { 60 } else { (now.ms() - last).max(0) / 1_000 };
    let down = if span > GAP_SECONDS { span - 60 } else { 0 };
    let days = |from: i64, to: i64| (to - from).div_euclid(DAY_MS);
    let certificate_days = certificate.map(|until| days(now.ms(), until.ms()));
    let row = args![
        Id::new(),
        now,
        node,
        answered.requests,
        answered.errors,
        answered.p95_ms,
        backlog,
        disk_free,
        span,
        down,
        version,
        days(since.ms(), now.ms()),
        certificate_days,
    ];
    tx.exec_one(sql::INSERT, row).await?;
    tx.exec(sql::DROP, args![now.plus_days(-KEPT_DAYS)]).await?;
    tx.commit().await?;
    let wrong = answered.errors > 0
        || down > 0
        || answered.p95_ms.is_some_and(|ms| ms > SLOW_MS)
        || backlog > BACKLOG_HIGH
        || disk_free.is_some_and(|free| free < DISK_LOW);
    if wrong || now.ms().div_euclid(MINUTE_MS) % SAMPLE_MINUTES == 0 {
        rulebook::metric::measure_these(app, &METRICS).await?;
    }
    Ok(())
}

/// Returns the room on the disk of the data, in percent.
#[expect(clippy::cast_precision_loss, reason = "bytes of a disk, as a share")]
fn disk_free(dir: &std::path::Path) -> Option<f64> {
    let (free, all) = (fs2::available_space(dir).ok()?, fs2::total_space(dir).ok()?);
    (all > 0).then(|| (1e4 * free as f64 / all as f64).round() / 100.0)
}

/// Returns until when the certificate of the own address is valid; it is looked at once a day.
async fn certificate_until(app: &App) -> Option<Timestamp> {
    let url = app.settings.admin_url.clone();
    if !url.starts_with("https://") {
        return None;
    }
    let now = app.store.now();
    let mut known = app.part::<Traffic>().ok()?.certificate().lock().await;
    if let Some((at, until)) = *known
        && now.ms() - at.ms() < DAY_MS
    {
        return until;
    }
    let sight = app.ports.web.get().ok()?.look(&WebWanted { url, feed: false, selector: None }).await;
    *known = Some((now, sight.certificate_until));
    sight.certificate_until
}
