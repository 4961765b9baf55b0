//! Permissions of this crate.

use kernel::Permission;

/// Sees backups, restore tests and what is at risk.
pub const BACKUP_READ: Permission = Permission::company("system.backup.read");
/// Takes, verifies and tests backups, and is told when one is missing.
pub const BACKUP_MANAGE: Permission = Permission::company("system.backup.manage");
/// Opens and settles losses of data: sees what is lost, restores beside the live data, reports.
pub const LOSS_MANAGE: Permission = Permission::company("system.loss.manage");
