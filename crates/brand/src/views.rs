//! What this domain publishes for reports, controls and other domains.

use kernel::{Column, ColumnKind, View};

use crate::permissions::{BRAND_READ, CONTENT_READ, RELEASE_READ};

const fn text(name: &'static str) -> Column {
    Column::new(name, ColumnKind::Text)
}

const fn integer(name: &'static str) -> Column {
    Column::new(name, ColumnKind::Integer)
}

const fn boolean(name: &'static str) -> Column {
    Column::new(name, ColumnKind::Boolean)
}

const fn time(name: &'static str) -> Column {
    Column::new(name, ColumnKind::Time)
}

/// The views, one per noun.
pub const VIEWS: &[View] = &[
    View {
        name: "v_brand_brand",
        columns: &[text("id"), text("key"), text("name"), text("state"), time("created_at")],
        at: "created_at",
        permission: BRAND_READ.code,
        link: "/brand/brands/{id}",
    },
    View {
        name: "v_brand_content",
        columns: &[
            text("id"),
            text("brand_id"),
            text("department_id"),
            text("owner_id"),
            text("title"),
            text("kind"),
            text("state"),
            text("languages"),
            integer("number"),
            text("campaign_id"),
            text("plan_id"),
            boolean("is_linked"),
            time("created_at"),
            time("updated_at"),
        ],
        at: "created_at",
        permission: CONTENT_READ.code,
        link: "/content/items/{id}",
    },
    View {
        name: "v_brand_review",
        columns: &[
            text("id"),
            text("content_id"),
            text("brand_id"),
            text("department_id"),
            text("owner_id"),
            time("submitted_at"),
            time("decided_at"),
            text("decision"),
            text("author_id"),
            text("decided_by"),
            integer("minutes"),
            boolean("same_person"),
            boolean("tried_alone"),
        ],
        at: "submitted_at",
        permission: CONTENT_READ.code,
        link: "/content/items/{content_id}",
    },
    View {
        name: "v_brand_release",
        columns: &[
            text("id"),
            text("content_id"),
            text("brand_id"),
            text("department_id"),
            text("owner_id"),
            boolean("allowed"),
            text("reason"),
            boolean("hash_matches"),
            boolean("had_preflight"),
            text("approval_id"),
            text("used_by_kind"),
            text("used_by"),
            text("decided_by"),
            time("at"),
        ],
        at: "at",
        permission: RELEASE_READ.code,
        link: "/content/items/{content_id}",
    },
    View {
        name: "v_brand_preflight",
        columns: &[
            text("id"),
            text("content_id"),
            text("brand_id"),
            text("department_id"),
            text("owner_id"),
            text("verdict"),
            integer("serious_count"),
            integer("warning_count"),
            integer("word_hits"),
            text("word_pack"),
            text("word_pack_date"),
            text("run_by"),
            time("at"),
        ],
        at: "at",
        permission: CONTENT_READ.code,
        link: "/content/items/{content_id}",
    },
    View {
        name: "v_brand_approval",
        columns: &[
            text("id"),
            text("content_id"),
            text("brand_id"),
            text("department_id"),
            text("owner_id"),
            integer("number"),
            text("state"),
            text("approved_by"),
            time("approved_at"),
            time("voided_at"),
            text("void_reason"),
        ],
        at: "approved_at",
        permission: CONTENT_READ.code,
        link: "/content/items/{content_id}",
    },
];
