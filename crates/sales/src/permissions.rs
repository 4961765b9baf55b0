//! Permissions of this crate.

use kernel::{Dimension, Permission};

const BY_BRAND: &[Dimension] = &[Dimension::Brand];

/// Sees orders and what they brought.
pub const ORDER_READ: Permission = Permission { code: "sales.order.read", scoped_by: BY_BRAND };
/// Records orders.
pub const ORDER_WRITE: Permission = Permission { code: "sales.order.write", scoped_by: BY_BRAND };
