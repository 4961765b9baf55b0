//! What the running product says about itself: jobs, schedules, backups.

use axum::extract::State;
use http_kit::{AppState, Module, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Column, ColumnKind, Id, Labelled, Page, PageQuery, Permission, View};
use serde::{Deserialize, Serialize};
use store::Migration;
use store::jobs::{self, JobFilter, JobRow, JobState, ScheduleRow};
use utoipa::{IntoParams, ToSchema};

use crate::{service_figure, verification};

/// Sees background work and the state of the system.
pub(crate) const SYSTEM_READ: Permission = Permission::company("system.health.read");
/// Repeats and cancels background work.
pub(crate) const JOB_MANAGE: Permission = Permission::company("system.job.manage");

pub(crate) fn module() -> Module {
    Module {
        routes: Routes::new()
            .add(operations!(list_jobs), needs(SYSTEM_READ))
            .add(operations!(list_schedules), needs(SYSTEM_READ))
            .add(operations!(retry_job), needs(JOB_MANAGE))
            .add(operations!(cancel_job), needs(JOB_MANAGE))
            .add(operations!(info), needs(SYSTEM_READ))
            .merge(verification::routes())
            .merge(service_figure::routes()),
        migrations: store::migrations![verification::MIGRATIONS, MIGRATIONS, service_figure::MIGRATIONS],
        views: VIEWS,
        jobs: verification::register,
        ..Module::new("system")
    }
}

/// The permission of the access door under which the audit log is read.
const AUDIT_READ: &str = "system.audit.read";

/// Lists that somebody took out of the product as a file.
const EXPORTS: View = View {
    name: "v_system_export",
    columns: &[
        Column::new("id", ColumnKind::Text),
        Column::new("at", ColumnKind::Time),
        Column::new("noun", ColumnKind::Text),
        Column::new("actor_id", ColumnKind::Text),
        Column::new("brand_id", ColumnKind::Text),
        Column::new("department_id", ColumnKind::Text),
        Column::new("row_count", ColumnKind::Integer),
    ],
    at: "at",
    permission: AUDIT_READ,
    link: "/system/audit?actor={actor_id}",
};

const MIGRATIONS: &[Migration] =
    &[Migration { id: "server/0002_export", sql: include_str!("../migrations/0002_export.sql") }];

const VIEWS: &[View] = &[verification::VIEWS[0], EXPORTS, service_figure::VIEWS[0], service_figure::VIEWS[1]];

/// What runs here (系统信息).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct SystemInfo {
    /// Version of the product.
    version: String,
    /// `sqlite` or `postgres`.
    database: String,
    /// Where receivers' links lead; nothing can be sent without it.
    public_url: Option<String>,
    /// Mail stays on this machine.
    mail_drop: bool,
    /// The sample company is loaded.
    sample: bool,
    /// The company's time zone.
    time_zone: String,
}

impl Labelled for SystemInfo {
    const NOUN: &'static str = "system.info";
}

/// Shows what runs here.
#[utoipa::path(get, path = "/api/v1/system/info", operation_id = "get_system_info", tag = "system",
    responses((status = 200, body = SystemInfo)))]
async fn info(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    let database = match app.store.dialect() {
        store::Dialect::Sqlite => "sqlite",
        store::Dialect::Postgres => "postgres",
    };
    let info = SystemInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database: database.to_owned(),
        public_url: app.settings.public_url.clone(),
        mail_drop: app.settings.sample,
        sample: app.settings.sample,
        time_zone: app.settings.time_zone.iana_name().unwrap_or_default().to_owned(),
    };
    Ok(Reply::row(&caller, &info))
}

/// Which background work is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct JobQuery {
    /// Only of this kind.
    #[param(max_length = 120)]
    kind: Option<String>,
    /// Only in this state.
    state: Option<JobState>,
}

/// Lists background work, newest first.
#[utoipa::path(get, path = "/api/v1/system/jobs", operation_id = "list_jobs", tag = "system",
    params(PageQuery, JobQuery), responses((status = 200, body = Page<JobRow>)))]
async fn list_jobs(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(query): Params<JobQuery>,
) -> Result<Reply> {
    let filter = JobFilter { kind: query.kind, state: query.state };
    Ok(Reply::page(&caller, &jobs::list(&app.store, &filter, &page).await?))
}

/// Lists when work begins by itself.
#[utoipa::path(get, path = "/api/v1/system/schedules", operation_id = "list_schedules", tag = "system",
    responses((status = 200, body = Page<ScheduleRow>)))]
async fn list_schedules(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(jobs::schedules(&app.store).await?)))
}

/// Tries failed work again now.
#[utoipa::path(post, path = "/api/v1/system/jobs/{id}/retry", operation_id = "retry_job", tag = "system",
    params(("id" = Id, Path)), responses((status = 200, body = JobRow)))]
async fn retry_job(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &jobs::retry(&app.store, &caller, id).await?))
}

/// Takes waiting work out of the queue.
#[utoipa::path(post, path = "/api/v1/system/jobs/{id}/cancel", operation_id = "cancel_job", tag = "system",
    params(("id" = Id, Path)), responses((status = 200, body = JobRow)))]
async fn cancel_job(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &jobs::cancel(&app.store, &caller, id).await?))
}
