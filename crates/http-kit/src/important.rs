use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Caller, Id, Permission, Result};
use serde_json::Value as Json;
use store::Tx;

use crate::App;

/// Important change (重要更改): a delete or bulk change that takes a second person and can be taken back.
///
/// Identity asks the two persons; the domain that owns the data says what the change is.
#[async_trait]
pub trait ImportantChange: Send + Sync + std::fmt::Debug {
    /// Its name, `<domain>.<noun>.<verb>`; stays for ever.
    fn kind(&self) -> &'static str;

    /// What both persons must hold where the data is.
    fn permission(&self) -> Permission;

    /// Says what would change, without changing it; refuses a target that makes no sense.
    async fn preview(&self, app: &App, caller: &Caller, target: &Json) -> Result<ChangePreview>;

    /// Makes the change in the transaction of its approval; returns what [`Self::restore`] needs.
    async fn execute(&self, app: &App, tx: &mut Tx, target: &Json) -> Result<Json>;

    /// Takes the change back; returns how many rows are as before.
    async fn restore(&self, app: &App, tx: &mut Tx, undo: &Json) -> Result<u64>;
}

/// What an important change would do.
#[derive(Debug, Clone, Default)]
pub struct ChangePreview {
    /// Key of the sentence that says it.
    pub summary_code: &'static str,
    /// Values that the sentence names.
    pub summary_args: BTreeMap<String, Json>,
    /// How many rows would change.
    pub row_count: i64,
    /// Some of them, with nothing above `Internal`.
    pub sample: Vec<Json>,
    /// Brand of the data, where it is one.
    pub brand_id: Option<Id>,
    /// Department of the data, where it is one.
    pub department_id: Option<Id>,
}

/// Every important change of the product; among `App::parts`.
#[derive(Debug, Clone, Default)]
pub struct ImportantChanges(Arc<Vec<Arc<dyn ImportantChange>>>);

impl ImportantChanges {
    /// Collects them.
    pub fn new(changes: Vec<Arc<dyn ImportantChange>>) -> Self {
        Self(Arc::new(changes))
    }

    /// Returns the one of this kind.
    pub fn find(&self, kind: &str) -> Option<&Arc<dyn ImportantChange>> {
        self.0.iter().find(|change| change.kind() == kind)
    }

    /// Returns all kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|change| change.kind())
    }
}
