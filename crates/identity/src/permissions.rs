//! Every permission of the access door. `*.read` shows, `*.manage` changes.

use kernel::Permission;

/// Sees users and what they may do.
pub const USER_READ: Permission = Permission::scoped("identity.user.read");
/// Invites users, changes their data, disables and enables accounts, sets leave dates.
pub const USER_MANAGE: Permission = Permission::scoped("identity.user.manage");
/// Sees roles and the permission matrix.
pub const ROLE_READ: Permission = Permission::company("identity.role.read");
/// Makes and changes roles.
pub const ROLE_MANAGE: Permission = Permission::company("identity.role.manage");
/// Gives roles to users and takes them away, never more than one holds.
pub const GRANT_MANAGE: Permission = Permission::scoped("identity.grant.manage");
/// Makes and changes departments and positions.
pub const DEPARTMENT_MANAGE: Permission = Permission::company("identity.department.manage");
/// Asks for an account for somebody of the department.
pub const ACCOUNT_REQUEST: Permission = Permission::scoped("identity.account_request.create");
/// Approves or rejects account requests.
pub const ACCOUNT_APPROVE: Permission = Permission::company("identity.account_request.approve");
/// Decides in an access review who keeps access.
pub const REVIEW_DECIDE: Permission = Permission::scoped("identity.access_review.decide");
/// Sees all access reviews and opens one out of turn.
pub const REVIEW_MANAGE: Permission = Permission::company("identity.access_review.manage");
/// Checks devices, registers and retires them, and says which areas are confidential.
pub const DEVICE_MANAGE: Permission = Permission::company("identity.device.manage");
/// Works on security tickets.
pub const CASE_HANDLE: Permission = Permission::company("identity.security_case.handle");
/// Asks for an important delete or bulk change.
pub const DELETION_REQUEST: Permission = Permission::scoped("identity.deletion_request.create");
/// Is the second person of an important delete or bulk change.
pub const DELETION_APPROVE: Permission = Permission::scoped("identity.deletion_request.approve");
/// Reads the audit log.
pub const AUDIT_READ: Permission = Permission::scoped("system.audit.read");

/// Those that no single route names.
pub const INSIDE: &[Permission] = &[GRANT_MANAGE];
