//! What the access door shows of itself to controls and reports.

use kernel::{Column, ColumnKind as Kind, View};
use rulebook::permissions::CLAUSE_READ;

use crate::permissions::{
    ACCOUNT_APPROVE, AUDIT_READ, CASE_HANDLE, DELETION_APPROVE, DEVICE_MANAGE, REVIEW_DECIDE, USER_READ,
};

const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

const fn time(name: &'static str) -> Column {
    Column::new(name, Kind::Time)
}

const fn yes_no(name: &'static str) -> Column {
    Column::new(name, Kind::Boolean)
}

const fn number(name: &'static str) -> Column {
    Column::new(name, Kind::Integer)
}

/// The published views.
pub const VIEWS: &[View] = &[
    View {
        name: "v_identity_user",
        columns: &[
            text("id"),
            text("department_id"),
            text("position_id"),
            text("manager_id"),
            text("state"),
            text("origin"),
            yes_no("approved_request"),
            time("last_review_at"),
            yes_no("totp_enabled"),
            time("last_seen_at"),
            time("idle_flagged_at"),
            time("leave_at"),
            time("disabled_at"),
            time("created_at"),
        ],
        at: "created_at",
        permission: USER_READ.code,
        link: "/system/users/{id}",
    },
    View {
        name: "v_identity_leaver",
        columns: &[
            text("id"),
            text("department_id"),
            text("manager_id"),
            text("state"),
            time("leave_at"),
            time("disabled_at"),
            yes_no("still_enabled"),
            number("minutes_to_disable"),
            number("open_sessions"),
            number("open_tokens"),
            text("handover_state"),
        ],
        at: "leave_at",
        permission: USER_READ.code,
        link: "/system/users/{id}",
    },
    View {
        name: "v_identity_account_request",
        columns: &[
            text("id"),
            text("department_id"),
            text("state"),
            text("created_by"),
            text("decided_by"),
            time("decided_at"),
            text("user_id"),
            time("created_at"),
            yes_no("same_person"),
        ],
        at: "created_at",
        permission: ACCOUNT_APPROVE.code,
        link: "/system/account-requests/{id}",
    },
    View {
        name: "v_identity_access_review_item",
        columns: &[
            text("id"),
            text("review_id"),
            text("user_id"),
            text("department_id"),
            text("period"),
            time("due_at"),
            text("decision"),
            time("decided_at"),
            text("decided_by"),
            yes_no("same_person"),
            time("created_at"),
        ],
        at: "created_at",
        permission: REVIEW_DECIDE.code,
        link: "/people/access-reviews/{review_id}",
    },
    View {
        name: "v_identity_alert",
        columns: &[text("id"), text("user_id"), text("answer"), time("answered_at"), time("created_at")],
        at: "created_at",
        permission: CASE_HANDLE.code,
        link: "/system/users/{user_id}",
    },
    View {
        name: "v_identity_security_case",
        columns: &[
            text("id"),
            text("user_id"),
            text("department_id"),
            text("kind"),
            text("state"),
            text("handler_id"),
            time("handled_at"),
            time("closed_at"),
            time("created_at"),
            number("minutes_to_handling"),
        ],
        at: "created_at",
        permission: CASE_HANDLE.code,
        link: "/system/security-cases/{id}",
    },
    View {
        name: "v_identity_session_refusal",
        columns: &[
            text("id"),
            time("at"),
            text("user_id"),
            yes_no("by_token"),
            text("why"),
            text("code"),
            text("permission"),
            text("method"),
            text("path"),
            number("attempts"),
        ],
        at: "at",
        permission: AUDIT_READ.code,
        link: "/system/audit?actor={user_id}",
    },
    View {
        name: "v_identity_failed_sign_in",
        columns: &[text("id"), number("failures"), time("last_at")],
        at: "last_at",
        permission: AUDIT_READ.code,
        link: "/system/audit",
    },
    View {
        name: "v_identity_device",
        columns: &[
            text("id"),
            text("owner_id"),
            text("department_id"),
            text("kind"),
            text("state"),
            yes_no("encrypted"),
            time("checked_at"),
            text("checked_by"),
            time("created_at"),
        ],
        at: "created_at",
        permission: DEVICE_MANAGE.code,
        link: "/system/devices",
    },
    View {
        name: "v_identity_encryption_test",
        columns: &[text("id"), time("at"), text("subject"), yes_no("passed")],
        at: "at",
        permission: DEVICE_MANAGE.code,
        link: "/system/devices",
    },
    View {
        name: "v_identity_four_eyes",
        columns: &[
            text("id"),
            text("kind"),
            text("brand_id"),
            text("department_id"),
            text("owner_id"),
            text("state"),
            number("row_count"),
            text("requested_by"),
            time("created_at"),
            text("decided_by"),
            time("decided_at"),
            time("done_at"),
            time("restorable_until"),
            time("restored_at"),
            yes_no("second_person"),
            yes_no("tried_alone"),
        ],
        at: "created_at",
        permission: DELETION_APPROVE.code,
        link: "/system/deletion-requests/{id}",
    },
    View {
        name: "v_identity_delegation",
        columns: &[
            text("id"),
            text("kind"),
            text("from_user_id"),
            text("to_user_id"),
            text("department_id"),
            time("valid_from"),
            time("valid_to"),
            time("ended_at"),
            text("created_by"),
            time("created_at"),
        ],
        at: "created_at",
        permission: USER_READ.code,
        link: "/people/delegations",
    },
    View {
        name: "v_identity_position",
        columns: &[text("id"), text("names"), text("department_id"), time("archived_at"), time("created_at")],
        at: "created_at",
        permission: CLAUSE_READ.code,
        link: "/people/positions",
    },
    View {
        name: "v_identity_role",
        columns: &[text("id"), text("names"), text("code"), time("archived_at"), time("created_at")],
        at: "created_at",
        permission: CLAUSE_READ.code,
        link: "/system/roles",
    },
    View {
        name: "v_identity_workload",
        columns: &[
            text("id"),
            text("names"),
            text("department_id"),
            number("people"),
            number("open_tasks"),
            time("created_at"),
        ],
        at: "created_at",
        permission: CLAUSE_READ.code,
        link: "/people/workload",
    },
    View {
        name: "v_identity_scope",
        columns: &[
            text("id"),
            text("department_id"),
            text("code"),
            yes_no("in_scope"),
            yes_no("has_head"),
            number("people"),
            number("clauses"),
            time("created_at"),
        ],
        at: "created_at",
        permission: USER_READ.code,
        link: "/people/scope",
    },
    View {
        name: "v_identity_secrecy_reminder",
        columns: &[
            text("id"),
            text("user_id"),
            text("department_id"),
            text("occasion"),
            time("shown_at"),
            time("confirmed_at"),
        ],
        at: "shown_at",
        permission: USER_READ.code,
        link: "/system/users/{user_id}",
    },
    View {
        name: "v_identity_screen_lock",
        columns: &[
            text("id"),
            text("user_id"),
            text("department_id"),
            time("locked_at"),
            time("unlocked_at"),
        ],
        at: "locked_at",
        permission: USER_READ.code,
        link: "/system/users/{user_id}",
    },
];
