//! What can be granted here.

use kernel::Permission;

/// Sees budgets, lines, the ledger and reports.
pub const BUDGET_READ: Permission = Permission::scoped("governance.budget.read");
/// Writes budgets and hands them in.
pub const BUDGET_WRITE: Permission = Permission::scoped("governance.budget.write");
/// Checks budgets and adjustments for finance; the first of two approvals.
pub const BUDGET_CHECK: Permission = Permission::scoped("governance.budget.check");
/// Approves budgets and adjustments for management; the second of two approvals.
pub const BUDGET_APPROVE: Permission = Permission::scoped("governance.budget.approve");
/// Applies for adjustments.
pub const ADJUSTMENT_CREATE: Permission = Permission::scoped("governance.adjustment.create");
/// Reserves money of a line, turns reservations into expenses and releases them.
pub const COMMITMENT_CREATE: Permission = Permission::scoped("governance.commitment.create");
/// Records, imports and reverses expenses.
pub const EXPENSE_CREATE: Permission = Permission::scoped("governance.expense.create");
/// Answers alerts and explains deviations.
pub const ALERT_ANSWER: Permission = Permission::scoped("governance.alert.answer");
/// Closes months and issues their reports.
pub const REPORT_ISSUE: Permission = Permission::scoped("governance.report.issue");
/// Proves the ledger against the balances.
pub const LEDGER_PROVE: Permission = Permission::company("governance.ledger.prove");
