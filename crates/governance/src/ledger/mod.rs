//! Ledger (预算台账): every movement of money, only ever added to, and the balances that are its sums.

mod api;
pub(crate) mod rules;
pub mod service;
pub(crate) mod sql;

use kernel::{Id, Labelled, Timestamp, text_enum};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub(crate) use api::routes;

text_enum! {
    /// Kind (类型) of a movement.
    #[schema(as = LedgerEntryKind)]
    pub enum EntryKind {
        /// The plan, as it was approved.
        Plan = "plan",
        /// An approved adjustment.
        Adjust = "adjust",
        /// Money is reserved.
        Reserve = "reserve",
        /// Reserved money goes back, or becomes an expense.
        Release = "release",
        /// Money is spent.
        Expense = "expense",
        /// An expense is taken back.
        Reversal = "reversal",
    }
}

/// Movement (台账分录): what it adds to one sum of its line and month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub struct Entry {
    /// Its id.
    pub id: Id,
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// What it is.
    pub kind: EntryKind,
    /// What it adds; below nothing where it takes away.
    pub amount_minor: i64,
    /// Noun of what moved it.
    pub used_by_noun: String,
    /// What moved it.
    pub used_by_id: Id,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who; absent where the product did.
    pub by_id: Option<Id>,
    /// Their name.
    pub by_name: String,
}

impl Labelled for Entry {
    const NOUN: &'static str = "governance.entry";
}

/// Balance (余额) of a line and month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BudgetBalance)]
pub struct Balance {
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// What the approval planned.
    pub planned_minor: i64,
    /// What adjustments added.
    pub adjusted_minor: i64,
    /// What is reserved.
    pub committed_minor: i64,
    /// What was spent.
    pub spent_minor: i64,
    /// True where a bill that came from outside went beyond the plan.
    pub overrun: bool,
}

impl Balance {
    /// Returns what may be spent.
    pub fn room(&self) -> i64 {
        self.planned_minor + self.adjusted_minor
    }

    /// Returns what is reserved or spent.
    pub fn used(&self) -> i64 {
        self.committed_minor + self.spent_minor
    }

    /// Returns what is left.
    pub fn rest(&self) -> i64 {
        self.room() - self.used()
    }
}

/// What a proof found (对账结果).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LedgerProof)]
pub struct Proof {
    /// True where every balance is the sum of its entries.
    pub holds: bool,
    /// Balances that were looked at.
    pub balances: i64,
    /// Entries that were added up.
    pub entries: i64,
    /// Where they differ, at most 100.
    pub differences: Vec<Difference>,
    /// When it was looked.
    pub at: Timestamp,
}

impl Labelled for Proof {
    const NOUN: &'static str = "governance.proof";
}

/// Balance that is not the sum of its entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LedgerDifference)]
pub struct Difference {
    /// The line.
    pub line_id: Id,
    /// The month.
    pub month: i64,
    /// Which sum: `planned`, `adjusted`, `committed`, `spent`.
    pub part: String,
    /// What the ledger adds up to.
    pub ledger_minor: i64,
    /// What the balance says.
    pub balance_minor: i64,
}

/// Which entries are wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntryFilter {
    /// Only of this line.
    pub line_id: Option<Id>,
    /// Only of this month.
    pub month: Option<i64>,
    /// Only of this kind.
    pub kind: Option<EntryKind>,
}
