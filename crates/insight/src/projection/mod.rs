//! Projection (投影): copies of records beside the events, read from the views that other domains publish.

mod jobs;
mod rules;
mod service;
mod sql;

use kernel::ColumnKind::{Boolean, Integer, Text, Time};
use lake::sql::{Origin, PEOPLE, Table, TableColumn};

pub use jobs::Refresh;
pub(crate) use jobs::{after_erasure, ask};
pub use service::refresh;

/// Where the rows of a copied table come from (投影定义): a typed spec of a published view.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The table.
    pub table: Table,
    /// The view.
    pub view: &'static str,
    /// Columns of the view that name a row, in the order of an index: it is read page by page along them.
    pub key: &'static [&'static str],
    /// View and column that tell whether anything was added or taken back since: its rows never change.
    pub grows: Option<(&'static str, &'static str)>,
}

const ORDERS_GROW: Option<(&str, &str)> = Some(("v_sales_order", "recorded_at"));

/// Without names: they lie sealed in the database, and a copy beside it would hold them in clear. Who somebody is, lists of
/// people say to those who may see it.
const PROFILES: Table = Table {
    name: lake::sql::PROFILES,
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("id", Text),
        TableColumn::stored("city", Text),
        TableColumn::stored("district", Text),
        TableColumn::stored("language", Text),
        TableColumn::stored("time_zone", Text),
        TableColumn::stored("tier", Text),
        TableColumn::stored("tier_since", Time),
        TableColumn::stored("age_band", Text),
        TableColumn::stored("income_band", Text),
        TableColumn::stored("household_size", Integer),
        TableColumn::stored("children", Integer),
        TableColumn::stored("homeowner", Boolean),
        TableColumn::stored("married", Boolean),
        TableColumn::stored("source", Text),
        TableColumn::stored("brand_id", Text),
        TableColumn::stored("department_id", Text),
        TableColumn::stored("owner_id", Text),
        TableColumn::stored("created_at", Time),
        TableColumn::stored("updated_at", Time),
    ],
};

const CONSENTS: Table = Table {
    name: "consents",
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("id", Text),
        TableColumn::stored("node_id", Text),
        TableColumn::person("profile_id", "node_id"),
        TableColumn::stored("brand_id", Text),
        TableColumn::stored("purpose", Text),
        TableColumn::stored("channel", Text),
        TableColumn::stored("state", Text),
        TableColumn::stored("happened_at", Time),
    ],
};

const ORDERS: Table = Table {
    name: "orders",
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("id", Text),
        TableColumn::stored("customer_node_id", Text),
        TableColumn::person("profile_id", "customer_node_id"),
        TableColumn::stored("happened_at", Time),
        TableColumn::stored("kind", Text),
        TableColumn::stored("total_minor", Integer),
        TableColumn::stored("currency", Text),
        TableColumn::stored("line_count", Integer),
        TableColumn::stored("discount_minor", Integer),
        TableColumn::stored("coupon_discount_minor", Integer),
        TableColumn::stored("brand_id", Text),
        TableColumn::stored("store", Text),
        TableColumn::stored("source", Text),
        TableColumn::stored("number", Text),
        TableColumn::stored("recorded_at", Time),
    ],
};

const ORDER_LINES: Table = Table {
    name: "order_lines",
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("order_id", Text),
        TableColumn::stored("ordinal", Integer),
        TableColumn::stored("kind", Text),
        TableColumn::stored("customer_node_id", Text),
        TableColumn::person("profile_id", "customer_node_id"),
        TableColumn::stored("happened_at", Time),
        TableColumn::stored("product_id", Text),
        TableColumn::stored("sku", Text),
        TableColumn::stored("department", Text),
        TableColumn::stored("brand_id", Text),
        TableColumn::stored("quantity_milli", Integer),
        TableColumn::stored("unit_price_micro", Integer),
        TableColumn::stored("discount_minor", Integer),
        TableColumn::stored("coupon_discount_minor", Integer),
        TableColumn::stored("total_minor", Integer),
    ],
};

/// Every copied table. Who is who is read first: a fact whose node is not in it yet is nobody's, never somebody else's.
pub const SPECS: &[Spec] = &[
    Spec { table: PEOPLE, view: "v_customers_profile_node", key: &["node_id"], grows: None },
    Spec { table: PROFILES, view: "v_customers_profile", key: &["id"], grows: None },
    Spec { table: CONSENTS, view: "v_customers_consent", key: &["id"], grows: None },
    Spec { table: ORDERS, view: "v_sales_order", key: &["id"], grows: ORDERS_GROW },
    Spec {
        table: ORDER_LINES,
        view: "v_sales_order_line",
        key: &["order_id", "ordinal"],
        grows: ORDERS_GROW,
    },
];
