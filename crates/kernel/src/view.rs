/// Kind of values in a column of a published view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, ids included.
    Text,
    /// Whole number.
    Integer,
    /// Number with a fraction.
    Real,
    /// True or false.
    Boolean,
    /// Point in time, epoch milliseconds.
    Time,
}

/// Column of a published view.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in SQL and in typed specs.
    pub name: &'static str,
    /// Kind of its values.
    pub kind: ColumnKind,
    /// True where its values are above [`crate::Label::Internal`]; such columns cannot be filtered on without clearance.
    pub personal: bool,
}

impl Column {
    /// Declares an ordinary column.
    pub const fn new(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind, personal: false }
    }

    /// Declares a column with personal values.
    pub const fn personal(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind, personal: true }
    }
}

/// Published read view (只读视图) `v_<domain>_<name>`: what a domain shows of itself to segments, reports and controls.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Its name in SQL.
    pub name: &'static str,
    /// Its columns; `id` (text) is always there and names the row.
    pub columns: &'static [Column],
    /// The column that says when the fact happened; windows are cut by it.
    pub at: &'static str,
    /// The permission that its rows need, by code.
    pub permission: &'static str,
    /// Address of a row in the UI, with `{column}` places, such as `/content/items/{content_id}`.
    pub link: &'static str,
}

impl View {
    /// Returns a column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
