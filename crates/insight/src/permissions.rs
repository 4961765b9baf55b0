//! What can be granted here.

use kernel::Permission;

/// Sees saved queries that are theirs or shared with them.
pub const QUERY_READ: Permission = Permission::company("insight.query.read");
/// Asks in SQL, within what they may see anyway.
pub const QUERY_RUN: Permission = Permission::company("insight.query.run");
/// Saves queries, shares them and puts them away.
pub const QUERY_MANAGE: Permission = Permission::company("insight.query.manage");
