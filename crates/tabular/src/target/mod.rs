//! Target (导入目标): what a domain says and does so that its noun can be imported.

mod registry;

use std::collections::BTreeMap;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Currency, Day, Id, Label, Language, Permission, Problem, Result, Timestamp};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::Tx;

pub(crate) use registry::target;
pub use registry::{TargetSource, Targets};

use crate::import::Note;

/// A noun that can be imported; domains implement it and `server` puts it into [`Targets`].
///
/// Texts that its crate writes: `import.<noun>` for the noun, `import.<noun>.<field>` for each field,
/// and one for each code that it rejects rows with.
#[async_trait]
pub trait Target: Send + Sync {
    /// The plural that addresses and commands use, such as `orders`.
    fn noun(&self) -> &'static str;

    /// The fields that a file may fill; the values of a row stand in this order.
    fn fields(&self) -> &'static [FieldSpec];

    /// What a caller needs, beside the right to import at all.
    fn permission(&self) -> Permission;

    /// Its name, where no text holds it; absent: the text `import.<noun>` does.
    fn title(&self, _language: Language) -> Option<String> {
        None
    }

    /// The name of a field, where no text holds it; absent: the text `import.<noun>.<field>` does.
    fn field_title(&self, _field: &str, _language: Language) -> Option<String> {
        None
    }

    /// What should be known before such a file is imported.
    fn notes(&self) -> Vec<Note> {
        Vec::new()
    }

    /// True where only storing shows what is wrong with a row: the preview then stores its rows and takes them back.
    fn rehearses(&self) -> bool {
        false
    }

    /// Refuses whoever may not make such rows in this brand.
    async fn authorise(&self, _app: &App, caller: &Caller, brand_id: Option<Id>) -> Result<()> {
        caller.scope(self.permission())?.require_new(brand_id, None, caller.find_user_id())
    }

    /// Confidentiality of the cells of such files; above `Internal`, previews and rejected rows hide them
    /// from callers without that clearance.
    fn label(&self) -> Label {
        Label::Internal
    }

    /// Stores the rows of one chunk inside its transaction and says for each, in order, what became of it.
    ///
    /// Must find again what it stored before: the same rows stored a second time are all `Unchanged`.
    /// Looks up and inserts in bulk; a query per row is too slow. Writes no audit row: the importer does.
    async fn store(
        &self,
        app: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>>;

    /// Takes back about `limit` rows that this import made, and returns how many; 0 when none is left.
    ///
    /// What was there before the import, or was changed by somebody since, stays.
    async fn undo(&self, app: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64>;
}

/// What a target knows of the import that its rows belong to.
#[derive(Clone, Debug)]
pub struct ImportRef {
    /// The import.
    pub id: Id,
    /// Where the rows come from, such as `till` or `shop`: part of their identity.
    pub source: String,
    /// The brand that the rows belong to, where the import names one.
    pub brand_id: Option<Id>,
    /// Currency of amounts whose row names none.
    pub currency: Currency,
    /// Who started it; absent on the command line.
    pub created_by: Option<Id>,
}

/// Field (字段) that a file may fill.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Its name in mappings and texts.
    pub name: &'static str,
    /// What its values are read as.
    pub kind: FieldKind,
    /// True where a row without it is rejected and a mapping without it cannot start.
    pub required: bool,
    /// Titles under which files carry it, in any language; case, blanks and punctuation do not count.
    pub aliases: &'static [&'static str],
}

impl FieldSpec {
    /// Declares a field that a row may lack.
    pub const fn optional(name: &'static str, kind: FieldKind, aliases: &'static [&'static str]) -> Self {
        Self { name, kind, required: false, aliases }
    }

    /// Declares a field that every row needs.
    pub const fn required(name: &'static str, kind: FieldKind, aliases: &'static [&'static str]) -> Self {
        Self { name, kind, required: true, aliases }
    }
}

/// What the values of a field are read as, and as which [`Datum`] they arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text of at most so many characters, trimmed; arrives as `Text`.
    Text(u16),
    /// A number or name that identifies; `17850.0` is read as `17850`; arrives as `Text`.
    Key(u16),
    /// Whole number; arrives as `Integer`.
    Integer,
    /// Decimal number held as an integer of 10^-places, rounded half to even; arrives as `Integer`.
    Decimal(u8),
    /// Amount of money with two places, in minor units; arrives as `Integer`.
    Money,
    /// Calendar day; arrives as `Day`.
    Date,
    /// Point in time; a day alone is its beginning; without zone it is the company's; arrives as `Time`.
    Time,
    /// Yes or no in the usual words of three languages; arrives as `Boolean`.
    Boolean,
    /// E-mail address, in lower case; arrives as `Text`.
    Email,
    /// Mobile number: digits with an optional leading plus; arrives as `Text`.
    Mobile,
    /// ISO 4217 code; arrives as `Text`.
    Currency,
    /// One of these words; arrives as `Text`.
    Choice(&'static [&'static str]),
}

/// Value of one field, read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// Text, keys, addresses, choices.
    Text(String),
    /// Whole numbers, and decimals as scaled integers.
    Integer(i64),
    /// Calendar day.
    Day(Day),
    /// Point in time.
    Time(Timestamp),
    /// Yes or no.
    Boolean(bool),
}

/// Row whose values were all readable; those that a target needs are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRow {
    /// Its number in the file, from 1, the header included.
    pub number: u64,
    /// One per field of the target, in order; `None` where the file has none.
    pub values: Vec<Option<Datum>>,
}

macro_rules! getters {
    ($($(#[$meta:meta])* $name:ident: $variant:ident -> $type:ty, |$v:ident| $convert:expr;)+) => { $(
        $(#[$meta])*
        pub fn $name(&self, field: usize) -> Option<$type> {
            match self.values.get(field)?.as_ref()? {
                Datum::$variant($v) => Some($convert),
                _ => None,
            }
        }
    )+ };
}

impl MappedRow {
    getters! {
        /// Returns the text of a field, by its place in the target's list.
        text: Text -> &str, |v| v.as_str();
        /// Returns the whole or scaled number of a field.
        integer: Integer -> i64, |v| *v;
        /// Returns the day of a field.
        day: Day -> Day, |v| *v;
        /// Returns the time of a field.
        time: Time -> Timestamp, |v| *v;
        /// Returns the yes or no of a field.
        boolean: Boolean -> bool, |v| *v;
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowOutcome {
    /// Stored: made, or changed something that was there.
    Stored,
    /// It was there already and says the same; counted apart and never as stored.
    Unchanged,
    /// Rejected for a reason.
    Rejected(Reject),
}

/// Why a row was rejected.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// Key of the text.
    pub code: String,
    /// The field at fault, where it is one.
    pub field: Option<String>,
    /// Values that the text names; never personal ones, they are kept.
    pub args: BTreeMap<String, Json>,
}

impl Reject {
    /// Starts a reason.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), field: None, args: BTreeMap::new() }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn of(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// Adds a value that the text names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

impl From<Reject> for RowOutcome {
    fn from(reject: Reject) -> Self {
        Self::Rejected(reject)
    }
}

impl From<Problem> for Reject {
    /// Lets a target refuse a row with the problem that a person would get for the same input.
    fn from(problem: Problem) -> Self {
        let field = problem.fields.first();
        let code = field.map_or_else(|| problem.code.to_string(), |f| f.code.clone());
        Self { code, field: field.map(|f| f.field.clone()), args: problem.args }
    }
}

/// Returns the id that belongs for ever to what a source calls by these names, such as
/// `["product", source, sku]`: so domains refer to each other's rows without asking.
pub fn natural_id(names: &[&str]) -> Id {
    let mut hash = Sha256::new();
    for name in names {
        // The length keeps ["ab", "c"] and ["a", "bc"] apart.
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name);
    }
    let mut digest = [0; 16];
    digest.copy_from_slice(&hash.finalize()[..16]);
    Id::from_digest(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn natural_ids_keep_the_borders_between_names() {
        assert_eq!(natural_id(&["order", "till", "7"]), natural_id(&["order", "till", "7"]));
        assert_ne!(natural_id(&["ab", "c"]), natural_id(&["a", "bc"]));
    }
}
