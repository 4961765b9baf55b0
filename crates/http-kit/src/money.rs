use async_trait::async_trait;
use kernel::{Caller, Day, Id, Money, Problem, Result};
use store::Tx;

/// What somebody wants to spend money on (用款申请).
#[derive(Debug, Clone)]
pub struct Spend {
    /// The budget line that is to pay.
    pub line_id: Id,
    /// A day of the month that is to pay.
    pub on: Day,
    /// How much.
    pub amount: Money,
    /// Noun of what spends, such as `campaigns.campaign`.
    pub used_by_noun: &'static str,
    /// What spends.
    pub used_by_id: Id,
    /// Why.
    pub reason: String,
}

/// A reservation that becomes an expense (核销).
#[derive(Debug, Clone)]
pub struct Settlement {
    /// The reservation.
    pub commitment_id: Id,
    /// What was paid, in minor units; all that is still reserved when absent.
    pub amount_minor: Option<i64>,
    /// When it was spent.
    pub on: Day,
    /// True: what is left of the reservation goes back to the line.
    pub release_rest: bool,
    /// Who was paid.
    pub supplier: Option<String>,
    /// What for.
    pub description: String,
}

/// What the money door answers.
#[derive(Debug)]
#[must_use = "a refusal is to be kept once the caller's transaction is gone"]
pub enum Reserved {
    /// The amount is reserved, in the caller's transaction.
    Made(Id),
    /// It is refused; the caller drops the transaction and has the refusal kept.
    Refused(MoneyRefusal),
}

/// A refusal of the money door (用款拒绝), as it will be kept.
#[derive(Debug)]
pub struct MoneyRefusal {
    /// What was asked for.
    pub spend: Spend,
    /// What the person is told: remaining amount, line, month and what to do.
    pub problem: Problem,
}

/// The money door; implemented by governance. It works inside the caller's transaction, so that whatever spends and
/// the reservation for it stand or fall together.
#[async_trait]
pub trait MoneyPort: Send + Sync + std::fmt::Debug {
    /// Decides whether an amount may be committed to a line and month, and reserves it.
    async fn reserve(&self, tx: &mut Tx, caller: &Caller, spend: Spend) -> Result<Reserved>;

    /// Keeps a refusal with its reason, in a transaction of its own, and returns what the person is told.
    async fn keep_refusal(&self, caller: &Caller, refusal: MoneyRefusal) -> Result<Problem>;

    /// Turns a reservation into an expense, wholly or in part; nothing happens to one that is closed. Returns the expense.
    ///
    /// Whoever may end what spends may end its reservation: the right was asked for when it was made.
    async fn settle(&self, tx: &mut Tx, settlement: Settlement) -> Result<Option<Id>>;

    /// Gives what is left of a reservation back to its line; nothing happens to one that is closed.
    async fn release(&self, tx: &mut Tx, commitment_id: Id, reason: &str) -> Result<()>;
}
