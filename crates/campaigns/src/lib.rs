//! Floor 3: campaigns, the send ledger, the contact door, tracking and results.
//!
//! Architecture invariants: a message goes to the wire only from a ledger row that was durably
//! `attempting` before; a row becomes `attempting` only in the transaction in which the contact
//! door allowed it; a GET on the public origin appends an observation and changes nothing else.

mod campaign;
mod contact;
mod permissions;
mod results;
mod send;
#[cfg(test)]
mod tests;
mod tracking;

use http_kit::Module;
use kernel::{Column, ColumnKind, View};
use store::Migration;

/// The crate's tables.
const MIGRATIONS: &[Migration] = &[
    Migration { id: "campaigns/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "campaigns/0002_leases", sql: include_str!("../migrations/0002_leases.sql") },
    Migration { id: "campaigns/0003_budget", sql: include_str!("../migrations/0003_budget.sql") },
    Migration { id: "campaigns/0004_links", sql: include_str!("../migrations/0004_links.sql") },
];

/// Returns everything that this crate adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: campaign::routes()
            .merge(send::routes())
            .merge(contact::routes())
            .merge(tracking::routes())
            .merge(results::routes()),
        public: tracking::public(),
        views: VIEWS,
        jobs: |registry| {
            campaign::register(registry);
            send::register(registry);
        },
        ..Module::new("campaigns")
    }
}

use ColumnKind::{Boolean, Integer, Text, Time};

const VIEWS: &[View] = &[
    View {
        name: "v_campaigns_campaign",
        columns: &[
            Column::new("id", Text),
            Column::new("brand_id", Text),
            Column::new("department_id", Text),
            Column::new("owner_id", Text),
            Column::new("name", Text),
            Column::new("state", Text),
            Column::new("purpose", Text),
            Column::new("content_id", Text),
            Column::new("strategy_id", Text),
            Column::new("strategy_state", Text),
            Column::new("plan_id", Text),
            Column::new("business_goal_id", Text),
            Column::new("budget_minor", Integer),
            Column::new("has_goal", Boolean),
            Column::new("has_period", Boolean),
            Column::new("is_released", Boolean),
            Column::new("approval_stands", Boolean),
            Column::new("has_segment", Boolean),
            Column::new("audience_count", Integer),
            Column::new("period_to", Time),
            Column::new("schedule_at", Time),
            Column::new("launched_at", Time),
            Column::new("finished_at", Time),
            Column::new("created_at", Time),
        ],
        at: "created_at",
        permission: "campaigns.campaign.read",
        link: "/campaigns/{id}",
    },
    View {
        name: "v_campaigns_send",
        columns: &[
            Column::new("id", Text),
            Column::new("campaign_id", Text),
            Column::new("profile_id", Text),
            Column::new("brand_id", Text),
            Column::new("channel", Text),
            Column::new("purpose", Text),
            Column::new("state", Text),
            Column::new("reason", Text),
            Column::new("at", Time),
            Column::new("sent_at", Time),
            Column::new("attempted_at", Time),
            Column::new("is_released", Boolean),
            Column::new("is_decided", Boolean),
            Column::new("after_withdrawal", Boolean),
            Column::new("sends_in_7_days", Integer),
        ],
        at: "at",
        permission: "campaigns.send.read",
        link: "/campaigns/{campaign_id}?tab=sends&send={id}",
    },
    View {
        name: "v_campaigns_contact_decision",
        columns: &[
            Column::new("id", Text),
            Column::new("send_id", Text),
            Column::new("campaign_id", Text),
            Column::new("profile_id", Text),
            Column::new("channel", Text),
            Column::new("purpose", Text),
            Column::new("outcome", Text),
            Column::new("reason", Text),
            Column::new("local_minute", Integer),
            Column::new("at", Time),
        ],
        at: "at",
        permission: "campaigns.contact.read",
        link: "/campaigns/{campaign_id}?tab=contact&decision={id}",
    },
    View {
        name: "v_campaigns_delivery_event",
        columns: &[
            Column::new("id", Text),
            Column::new("send_id", Text),
            Column::new("campaign_id", Text),
            Column::new("profile_id", Text),
            Column::new("kind", Text),
            Column::new("at", Time),
            Column::new("likelihood", Text),
            Column::new("is_human", Boolean),
        ],
        at: "at",
        permission: "campaigns.send.read",
        link: "/campaigns/{campaign_id}?tab=events&event={id}",
    },
];
