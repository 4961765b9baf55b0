//! Permissions of the rulebook.

use kernel::Permission;

/// Reads clauses, controls, runs and coverage.
pub const CLAUSE_READ: Permission = Permission::company("rulebook.clause.read");
/// Evaluates a control now.
pub const CONTROL_EVALUATE: Permission = Permission::company("rulebook.control.evaluate");
/// Reads policy parameters and their history.
pub const PARAMETER_READ: Permission = Permission::company("rulebook.parameter.read");
/// Changes policy parameters.
pub const PARAMETER_CHANGE: Permission = Permission::company("rulebook.parameter.change");
/// Sees everybody's tasks, not only their own.
pub const TASK_READ: Permission = Permission::scoped("rulebook.task.read");
/// Gives the work of others to somebody else, or more time.
pub const WORK_MANAGE: Permission = Permission::scoped("rulebook.work.manage");
/// Reads which packs are loaded, with their versions.
pub const PACK_READ: Permission = Permission::company("rulebook.pack.read");
/// Sees everybody's approvals, not only those that concern them.
pub const APPROVAL_READ: Permission = Permission::company("rulebook.approval.read");
/// Takes instances to a newer version of their machine.
pub const MACHINE_MIGRATE: Permission = Permission::company("rulebook.machine.migrate");
/// Asks for a waiver of a clause.
pub const WAIVER_REQUEST: Permission = Permission::company("rulebook.waiver.request");
/// Signs waivers that others asked for.
pub const WAIVER_SIGN: Permission = Permission::company("rulebook.waiver.sign");
/// Tries packs on today's data and applies them.
pub const PACK_APPLY: Permission = Permission::company("rulebook.pack.apply");
/// Signs statements and brings files that prove a clause.
pub const EVIDENCE_GIVE: Permission = Permission::company("rulebook.evidence.give");
/// Looks after webhook endpoints and what is sent to them.
pub const WEBHOOK_MANAGE: Permission = Permission::company("rulebook.webhook.manage");
/// Reads working calendars and asks them about working time.
pub const CALENDAR_READ: Permission = Permission::company("rulebook.calendar.read");
/// Makes and changes working calendars.
pub const CALENDAR_MANAGE: Permission = Permission::company("rulebook.calendar.manage");
/// Reads the clocks of all records.
pub const CLOCK_READ: Permission = Permission::company("rulebook.clock.read");
/// Reads metrics, their history and their limits, and dashboards.
pub const METRIC_READ: Permission = Permission::company("rulebook.metric.read");
/// Measures a metric now.
pub const METRIC_MEASURE: Permission = Permission::company("rulebook.metric.measure");
/// Opens and closes addresses to which programs of others send what becomes records.
pub const INTAKE_MANAGE: Permission = Permission::company("rulebook.intake.manage");
/// Sees what is watched, and what each look found.
pub const WATCH_READ: Permission = Permission::company("rulebook.watch.read");
/// Says what is watched, and what it opens.
pub const WATCH_MANAGE: Permission = Permission::company("rulebook.watch.manage");
/// Reads who opened, listed or took what is secret.
pub const ACCESS_REVIEW: Permission = Permission::company("rulebook.access.review");
/// Invites people from outside to records that one may write, and withdraws it.
pub const GUEST_INVITE: Permission = Permission::company("rulebook.guest.invite");

/// Permissions that no single route names.
pub const INSIDE: &[Permission] = &[APPROVAL_READ, EVIDENCE_GIVE];
