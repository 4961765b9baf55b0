use kernel::ColumnKind::{Boolean, Integer, Real, Text, Time};
use lake::sql::{Origin, Table, TableColumn};

/// The people of the made-up company as a copied table: twenty columns.
pub const PROFILES: Table = Table {
    name: lake::sql::PROFILES,
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("id", Text),
        TableColumn::stored("city", Text),
        TableColumn::stored("province", Text),
        TableColumn::stored("gender", Text),
        TableColumn::stored("level", Text),
        TableColumn::stored("channel", Text),
        TableColumn::stored("store", Text),
        TableColumn::stored("language", Text),
        TableColumn::stored("age", Integer),
        TableColumn::stored("birth_month", Integer),
        TableColumn::stored("points", Integer),
        TableColumn::stored("orders", Integer),
        TableColumn::stored("credit", Integer),
        TableColumn::stored("mail_agreed", Boolean),
        TableColumn::stored("sms_agreed", Boolean),
        TableColumn::stored("is_member", Boolean),
        TableColumn::stored("registered_at", Time),
        TableColumn::stored("changed_at", Time),
        TableColumn::stored("churn", Real),
        TableColumn::stored("affinity", Real),
    ],
};
