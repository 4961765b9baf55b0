//! What can be granted here.

use kernel::{Dimension, Permission};

/// Products belong to brands.
const SCOPED_BY: &[Dimension] = &[Dimension::Brand];

/// Sees products and prices; purchase prices only with their clearance.
pub const PRODUCT_READ: Permission = Permission { code: "catalog.product.read", scoped_by: SCOPED_BY };
/// Makes, changes and imports products.
pub const PRODUCT_EDIT: Permission = Permission { code: "catalog.product.edit", scoped_by: SCOPED_BY };
/// Sets prices.
pub const PRICE_EDIT: Permission = Permission { code: "catalog.price.edit", scoped_by: SCOPED_BY };
