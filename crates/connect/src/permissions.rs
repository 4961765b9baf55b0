//! Permissions of this crate.

use kernel::Permission;

/// Reads the mail drop and runs the recipient simulator.
pub const MAIL_DROP_READ: Permission = Permission::company("connect.mail_drop.read");
/// Runs the recipient simulator.
pub const SIMULATOR_RUN: Permission = Permission::company("connect.simulator.run");
