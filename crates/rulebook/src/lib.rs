//! Floor 2: the rulebook as it runs: packs, policy parameters, state machines, tasks, controls, evidence.
//!
//! Architecture invariants: a pack is refused as a whole or runs as a whole; a published machine never
//! changes and an instance keeps its version; a control's query is a typed spec, never SQL text; the
//! status of a clause is derived from runs, never typed in.

pub mod access;
pub mod acknowledgement;
pub mod approval;
pub mod attestation;
mod book;
pub mod bottleneck;
pub mod cadence;
pub mod calendar;
pub mod clause;
pub mod clock;
pub mod cockpit;
pub mod control;
pub mod dashboard;
mod detection;
pub mod due;
pub mod evidence_file;
pub mod export;
pub mod expr;
pub mod feed;
pub mod form;
pub mod guest;
pub mod intake;
pub mod machine;
pub mod metric;
pub mod notification;
pub mod pack;
pub mod parameter;
pub mod permissions;
pub mod poster;
mod print;
pub mod receiver;
pub mod record;
pub mod record_type;
mod reply;
pub mod run;
mod signature;
pub mod task;
pub mod trace;
pub mod waiver;
pub mod watch;
pub mod webhook;

use http_kit::{Module, Routes};
use kernel::{Column, ColumnKind, View};
use store::Migration;

pub use approval::{ApprovalHook, ApprovalHooks};
pub use book::{Rulebook, check_folder, install, refusal};
pub use clause::{StatusCounts, status};
pub use pack::service::{publish, refresh};
pub use run::evaluate_all;

/// The crate's tables and views.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "rulebook/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "rulebook/0002_approval", sql: include_str!("../migrations/0002_approval.sql") },
    Migration { id: "rulebook/0003_evidence", sql: include_str!("../migrations/0003_evidence.sql") },
    Migration { id: "rulebook/0006_records", sql: include_str!("../migrations/0006_records.sql") },
    Migration { id: "rulebook/0004_notification", sql: include_str!("../migrations/0004_notification.sql") },
    Migration { id: "rulebook/0005_time", sql: include_str!("../migrations/0005_time.sql") },
    Migration { id: "rulebook/0007_metrics", sql: include_str!("../migrations/0007_metrics.sql") },
    Migration { id: "rulebook/0011_exchange", sql: include_str!("../migrations/0011_exchange.sql") },
    Migration { id: "rulebook/0012_signing", sql: include_str!("../migrations/0012_signing.sql") },
    Migration { id: "rulebook/0013_everybody", sql: include_str!("../migrations/0013_everybody.sql") },
    Migration { id: "rulebook/0014_access", sql: include_str!("../migrations/0014_access.sql") },
    Migration { id: "rulebook/0015_chat", sql: include_str!("../migrations/0015_chat.sql") },
    Migration { id: "rulebook/0020_links", sql: include_str!("../migrations/0020_links.sql") },
    Migration { id: "rulebook/0016_document", sql: include_str!("../migrations/0016_document.sql") },
    Migration { id: "rulebook/0030_watch", sql: include_str!("../migrations/0030_watch.sql") },
    Migration { id: "rulebook/0031_detection", sql: include_str!("../migrations/0031_detection.sql") },
    Migration { id: "rulebook/0032_intake", sql: include_str!("../migrations/0032_intake.sql") },
    Migration { id: "rulebook/0040_clause_owner", sql: include_str!("../migrations/0040_clause_owner.sql") },
    Migration {
        id: "rulebook/0050_record_numbers",
        sql: include_str!("../migrations/0050_record_numbers.sql"),
    },
    Migration { id: "rulebook/0041_replies", sql: include_str!("../migrations/0041_replies.sql") },
    Migration { id: "rulebook/0042_guests", sql: include_str!("../migrations/0042_guests.sql") },
    Migration { id: "rulebook/0045_form", sql: include_str!("../migrations/0045_form.sql") },
    Migration { id: "rulebook/0051_push", sql: include_str!("../migrations/0051_push.sql") },
];

/// Texts of every code and permission, in three languages.
pub const TEXTS: &str = include_str!("../texts.yaml");

/// Views that the rulebook publishes about itself.
pub const VIEWS: &[View] = &[
    View {
        name: "v_rulebook_task",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("kind", ColumnKind::Text),
            Column::new("state", ColumnKind::Text),
            Column::new("subject_noun", ColumnKind::Text),
            Column::new("subject_id", ColumnKind::Text),
            Column::new("assignee_user_id", ColumnKind::Text),
            Column::new("assignee_permission", ColumnKind::Text),
            Column::new("brand_id", ColumnKind::Text),
            Column::new("department_id", ColumnKind::Text),
            Column::new("due_at", ColumnKind::Time),
            Column::new("created_at", ColumnKind::Time),
            Column::new("done_at", ColumnKind::Time),
            Column::new("done_by", ColumnKind::Text),
            Column::new("late", ColumnKind::Boolean),
        ],
        at: "created_at",
        permission: permissions::TASK_READ.code,
        link: "/tasks/{id}",
    },
    View {
        name: "v_rulebook_parameter_change",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("parameter_key", ColumnKind::Text),
            Column::new("version", ColumnKind::Integer),
            Column::new("reason", ColumnKind::Text),
            Column::new("changed_by", ColumnKind::Text),
            Column::new("at", ColumnKind::Time),
        ],
        at: "at",
        permission: permissions::PARAMETER_READ.code,
        link: "/rulebook/parameters/{parameter_key}",
    },
    View {
        name: "v_rulebook_cadence_run",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("cadence_id", ColumnKind::Text),
            Column::new("subject_id", ColumnKind::Text),
            Column::new("occurrence_at", ColumnKind::Time),
            Column::new("opened_at", ColumnKind::Time),
            Column::new("type_id", ColumnKind::Text),
            Column::new("record_id", ColumnKind::Text),
            Column::new("state", ColumnKind::Text),
            Column::new("ended", ColumnKind::Boolean),
            Column::new("closed_at", ColumnKind::Time),
            Column::new("department_id", ColumnKind::Text),
        ],
        at: "occurrence_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/records/{type_id}/{record_id}",
    },
    View {
        name: "v_rulebook_step",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("machine_id", ColumnKind::Text),
            Column::new("step", ColumnKind::Text),
            Column::new("subject_noun", ColumnKind::Text),
            Column::new("subject_id", ColumnKind::Text),
            Column::new("action", ColumnKind::Text),
            Column::new("from_state", ColumnKind::Text),
            Column::new("to_state", ColumnKind::Text),
            Column::new("actor_id", ColumnKind::Text),
            Column::new("at", ColumnKind::Time),
            Column::new("minutes_in_state", ColumnKind::Integer),
        ],
        at: "at",
        permission: permissions::CLAUSE_READ.code,
        link: "/rulebook/steps/{id}",
    },
    View {
        name: "v_rulebook_metric",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("title", ColumnKind::Text),
            Column::new("version", ColumnKind::Integer),
            Column::new("unit", ColumnKind::Text),
            Column::new("key_metric", ColumnKind::Boolean),
            Column::new("has_near", ColumnKind::Boolean),
            Column::new("has_over", ColumnKind::Boolean),
            Column::new("has_owner", ColumnKind::Boolean),
            Column::new("has_limits", ColumnKind::Boolean),
            Column::new("state", ColumnKind::Text),
            Column::new("value", ColumnKind::Real),
            Column::new("row_count", ColumnKind::Integer),
            Column::new("measured_at", ColumnKind::Time),
            Column::new("changed_at", ColumnKind::Time),
        ],
        at: "measured_at",
        permission: permissions::METRIC_READ.code,
        link: "/rulebook/metrics/{id}",
    },
    View {
        name: "v_rulebook_metric_sample",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("metric_id", ColumnKind::Text),
            Column::new("series", ColumnKind::Text),
            Column::new("version", ColumnKind::Integer),
            Column::new("at", ColumnKind::Time),
            Column::new("value", ColumnKind::Real),
            Column::new("row_count", ColumnKind::Integer),
            Column::new("state", ColumnKind::Text),
        ],
        at: "at",
        permission: permissions::METRIC_READ.code,
        link: "/rulebook/metrics/{metric_id}",
    },
    View {
        name: "v_rulebook_approval",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("subject_noun", ColumnKind::Text),
            Column::new("subject_id", ColumnKind::Text),
            Column::new("action", ColumnKind::Text),
            Column::new("state", ColumnKind::Text),
            Column::new("requested_by", ColumnKind::Text),
            Column::new("requested_at", ColumnKind::Time),
            Column::new("decided_at", ColumnKind::Time),
            Column::new("steps", ColumnKind::Integer),
            Column::new("on_time", ColumnKind::Boolean),
            Column::new("separate", ColumnKind::Boolean),
            Column::new("signed", ColumnKind::Boolean),
        ],
        at: "requested_at",
        permission: permissions::APPROVAL_READ.code,
        link: "/approvals/{id}",
    },
    View {
        name: "v_rulebook_run",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("control_id", ColumnKind::Text),
            Column::new("verdict", ColumnKind::Text),
            Column::new("value", ColumnKind::Real),
            Column::new("population", ColumnKind::Integer),
            Column::new("counted", ColumnKind::Integer),
            Column::new("evaluated_at", ColumnKind::Time),
            Column::new("confirmed_at", ColumnKind::Time),
        ],
        at: "evaluated_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/rulebook/runs/{id}",
    },
    View {
        name: "v_rulebook_attestation",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("control_id", ColumnKind::Text),
            Column::new("holds", ColumnKind::Boolean),
            Column::new("note", ColumnKind::Text),
            Column::new("signed_by", ColumnKind::Text),
            Column::new("signed_by_name", ColumnKind::Text),
            Column::new("signed_at", ColumnKind::Time),
            Column::new("valid_until", ColumnKind::Time),
        ],
        at: "signed_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/rulebook/controls",
    },
    View {
        name: "v_rulebook_evidence_file",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("control_id", ColumnKind::Text),
            Column::new("file_name", ColumnKind::Text),
            Column::new("file_hash", ColumnKind::Text),
            Column::new("file_bytes", ColumnKind::Integer),
            Column::new("note", ColumnKind::Text),
            Column::new("uploaded_by", ColumnKind::Text),
            Column::new("uploaded_by_name", ColumnKind::Text),
            Column::new("uploaded_at", ColumnKind::Time),
            Column::new("valid_until", ColumnKind::Time),
            Column::new("withdrawn_at", ColumnKind::Time),
        ],
        at: "uploaded_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/rulebook/controls",
    },
    View {
        name: "v_rulebook_waiver",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("clause_id", ColumnKind::Text),
            Column::new("shown_status", ColumnKind::Text),
            Column::new("reason", ColumnKind::Text),
            Column::new("state", ColumnKind::Text),
            Column::new("requested_by", ColumnKind::Text),
            Column::new("requested_at", ColumnKind::Time),
            Column::new("decided_by", ColumnKind::Text),
            Column::new("decided_at", ColumnKind::Time),
            Column::new("expires_at", ColumnKind::Time),
        ],
        at: "requested_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/rulebook/clauses/{clause_id}",
    },
    View {
        name: "v_rulebook_access",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("subject_noun", ColumnKind::Text),
            Column::new("subject_id", ColumnKind::Text),
            Column::new("number", ColumnKind::Text),
            Column::new("act", ColumnKind::Text),
            Column::new("file_name", ColumnKind::Text),
            Column::new("user_id", ColumnKind::Text),
            Column::new("user_name", ColumnKind::Text),
            Column::new("at", ColumnKind::Time),
        ],
        at: "at",
        permission: permissions::ACCESS_REVIEW.code,
        link: "/rulebook/accesses",
    },
    View {
        name: "v_rulebook_comment",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("type_id", ColumnKind::Text),
            Column::new("record_id", ColumnKind::Text),
            Column::new("number", ColumnKind::Text),
            Column::new("author_id", ColumnKind::Text),
            Column::new("by_mail", ColumnKind::Boolean),
            Column::new("created_at", ColumnKind::Time),
            Column::new("department_id", ColumnKind::Text),
            Column::new("mails", ColumnKind::Integer),
            Column::new("undelivered", ColumnKind::Integer),
        ],
        at: "created_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/records/{type_id}/{record_id}",
    },
    View {
        name: "v_rulebook_guest",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("type_id", ColumnKind::Text),
            Column::new("record_id", ColumnKind::Text),
            Column::new("number", ColumnKind::Text),
            Column::new("user_id", ColumnKind::Text),
            Column::new("valid_until", ColumnKind::Time),
            Column::new("ended_at", ColumnKind::Time),
            Column::new("ended_because", ColumnKind::Text),
            Column::new("created_at", ColumnKind::Time),
            Column::new("department_id", ColumnKind::Text),
            Column::new("record_ended", ColumnKind::Boolean),
            Column::new("record_ended_at", ColumnKind::Time),
            Column::new("accesses", ColumnKind::Integer),
            Column::new("last_access_at", ColumnKind::Time),
            Column::new("late_accesses", ColumnKind::Integer),
        ],
        at: "created_at",
        permission: permissions::ACCESS_REVIEW.code,
        link: "/records/{type_id}/{record_id}",
    },
    View {
        name: "v_rulebook_mail_reply",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("at", ColumnKind::Time),
            Column::new("outcome", ColumnKind::Text),
            Column::new("code", ColumnKind::Text),
            Column::new("record_id", ColumnKind::Text),
        ],
        at: "at",
        permission: permissions::CLAUSE_READ.code,
        link: "/system/intakes",
    },
    View {
        name: "v_rulebook_form",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("type_id", ColumnKind::Text),
            Column::new("parent_type", ColumnKind::Text),
            Column::new("parent_id", ColumnKind::Text),
            Column::new("published_at", ColumnKind::Time),
            Column::new("withdrawn_at", ColumnKind::Time),
            Column::new("links", ColumnKind::Integer),
            Column::new("visits", ColumnKind::Integer),
            Column::new("answers", ColumnKind::Integer),
        ],
        at: "published_at",
        permission: permissions::CLAUSE_READ.code,
        link: "/records/{parent_type}/{parent_id}",
    },
    View {
        name: "v_rulebook_watch",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("name", ColumnKind::Text),
            Column::new("kind", ColumnKind::Text),
            Column::new("opens", ColumnKind::Text),
            Column::new("owner_id", ColumnKind::Text),
            Column::new("department_id", ColumnKind::Text),
            Column::new("competitor_id", ColumnKind::Text),
            Column::new("active", ColumnKind::Boolean),
            Column::new("state", ColumnKind::Text),
            Column::new("failures", ColumnKind::Integer),
            Column::new("fault", ColumnKind::Text),
            Column::new("status", ColumnKind::Integer),
            Column::new("latency_ms", ColumnKind::Integer),
            Column::new("certificate_until", ColumnKind::Time),
            Column::new("looked_at", ColumnKind::Time),
            Column::new("next_at", ColumnKind::Time),
            Column::new("created_at", ColumnKind::Time),
        ],
        at: "created_at",
        permission: permissions::WATCH_READ.code,
        link: "/insight/watches/{id}",
    },
    View {
        name: "v_rulebook_watch_run",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("watch_id", ColumnKind::Text),
            Column::new("kind", ColumnKind::Text),
            Column::new("owner_id", ColumnKind::Text),
            Column::new("outcome", ColumnKind::Text),
            Column::new("fault", ColumnKind::Text),
            Column::new("status", ColumnKind::Integer),
            Column::new("latency_ms", ColumnKind::Integer),
            Column::new("certificate_until", ColumnKind::Time),
            Column::new("found", ColumnKind::Integer),
            Column::new("opened", ColumnKind::Integer),
            Column::new("at", ColumnKind::Time),
        ],
        at: "at",
        permission: permissions::WATCH_READ.code,
        link: "/insight/watches/{watch_id}",
    },
    View {
        name: "v_rulebook_clock",
        columns: &[
            Column::new("id", ColumnKind::Text),
            Column::new("subject_noun", ColumnKind::Text),
            Column::new("subject_id", ColumnKind::Text),
            Column::new("kind", ColumnKind::Text),
            Column::new("calendar_code", ColumnKind::Text),
            Column::new("budget_seconds", ColumnKind::Integer),
            Column::new("state", ColumnKind::Text),
            Column::new("started_at", ColumnKind::Time),
            Column::new("due_at", ColumnKind::Time),
            Column::new("stopped_at", ColumnKind::Time),
            Column::new("breached", ColumnKind::Boolean),
            Column::new("breached_at", ColumnKind::Time),
        ],
        at: "started_at",
        permission: permissions::CLOCK_READ.code,
        link: "/rulebook/clocks/{id}",
    },
];

fn register(registry: &mut store::Registry<http_kit::App>) {
    run::jobs::register(registry);
    cadence::jobs::register(registry);
    metric::jobs::register(registry);
    approval::jobs::register(registry);
    machine::jobs::register(registry);
    notification::jobs::register(registry);
    clock::jobs::register(registry);
    task::jobs::register(registry);
    acknowledgement::jobs::register(registry);
    record::jobs::register(registry);
    watch::jobs::register(registry);
    guest::jobs::register(registry);
}

/// Returns the rulebook as `server` puts it in.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: TEXTS,
        routes: Routes::new()
            .merge(task::api::routes())
            .merge(trace::api::routes())
            .merge(cockpit::api::routes())
            .merge(bottleneck::api::routes())
            .merge(clause::api::routes())
            .merge(control::api::routes())
            .merge(run::api::routes())
            .merge(parameter::api::routes())
            .merge(machine::api::routes())
            .merge(approval::api::routes())
            .merge(attestation::api::routes())
            .merge(evidence_file::api::routes())
            .merge(waiver::api::routes())
            .merge(export::api::routes())
            .merge(poster::api::routes())
            .merge(pack::api::routes())
            .merge(record::api::routes())
            .merge(form::api::routes())
            .merge(metric::api::routes())
            .merge(dashboard::api::routes())
            .merge(feed::api::routes())
            .merge(access::api::routes())
            .merge(guest::api::routes())
            .merge(notification::api::routes())
            .merge(webhook::api::routes())
            .merge(watch::api::routes())
            .merge(intake::api::routes())
            .merge(calendar::api::routes())
            .merge(clock::api::routes()),
        public: form::public::public(),
        permissions: permissions::INSIDE,
        views: VIEWS,
        jobs: register,
        ..Module::new("rulebook")
    }
}
