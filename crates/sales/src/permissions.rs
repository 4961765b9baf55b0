//! What can be granted here.

use kernel::{Dimension, Permission};

/// Orders belong to brands.
const SCOPED_BY: &[Dimension] = &[Dimension::Brand];

/// Sees orders and what they earned.
pub const ORDER_READ: Permission = Permission { code: "sales.order.read", scoped_by: SCOPED_BY };
/// Records and imports orders.
pub const ORDER_CREATE: Permission = Permission { code: "sales.order.create", scoped_by: SCOPED_BY };
