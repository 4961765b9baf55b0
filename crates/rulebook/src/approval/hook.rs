use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use store::Tx;

use super::Approval;
use crate::machine::Step;

/// What a domain attaches to the approvals of its things; inside the transaction of the decision.
#[async_trait]
pub trait ApprovalHook: Send + Sync + fmt::Debug {
    /// Noun of its things, such as `governance.budget`; with `.*` at its end, all nouns that begin so.
    fn subject_noun(&self) -> &str;

    /// Returns the digest of what would be agreed to now; another than the one asked about voids the approval.
    async fn content_hash(&self, tx: &mut Tx, app: &App, noun: &str, subject_id: Id) -> Result<String>;

    /// All agreed and the instance moved.
    async fn approved(
        &self,
        tx: &mut Tx,
        app: &App,
        caller: &Caller,
        approval: &Approval,
        step: &Step,
    ) -> Result<()>;

    /// Somebody did not agree; the instance moved where the machine says so.
    async fn rejected(
        &self,
        tx: &mut Tx,
        app: &App,
        caller: &Caller,
        approval: &Approval,
        step: Option<&Step>,
    ) -> Result<()>;

    /// It was taken back, or is void because the content changed: the thing stands where it stood.
    async fn given_up(&self, _tx: &mut Tx, _app: &App, _approval: &Approval) -> Result<()> {
        Ok(())
    }
}

/// The hooks of all domains (审批挂钩); `server` puts them among the parts.
#[derive(Clone, Debug, Default)]
pub struct ApprovalHooks(Arc<[Arc<dyn ApprovalHook>]>);

impl ApprovalHooks {
    /// Takes the domains' hooks.
    pub fn new(hooks: Vec<Arc<dyn ApprovalHook>>) -> Self {
        Self(hooks.into())
    }

    /// Returns the hook of a noun, or the refusal "not connected": what nobody would carry out is not asked for.
    pub fn of(app: &App, noun: &str) -> Result<Arc<dyn ApprovalHook>> {
        let hooks = app.part::<Self>()?;
        let fits = |hook: &&Arc<dyn ApprovalHook>| covers(hook.subject_noun(), noun);
        let found = hooks.0.iter().find(fits).cloned();
        found.ok_or_else(|| {
            Problem::unavailable("port.not_connected").with("port", format!("approval of {noun}"))
        })
    }
}

fn covers(pattern: &str, noun: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(front) => noun.starts_with(front),
        None => pattern == noun,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_hook_is_for_its_noun_or_for_all_that_begin_so() {
        assert!(covers("governance.budget", "governance.budget"));
        assert!(!covers("governance.budget", "governance.budget_line"));
        assert!(covers("record.*", "record.contract"));
        assert!(!covers("record.*", "records.contract"));
    }
}
