//! Permissions of this crate.

use kernel::{Dimension, Permission};

const BY_BRAND: &[Dimension] = &[Dimension::Brand];

/// Sees products and their selling prices.
pub const PRODUCT_READ: Permission = Permission { code: "catalog.product.read", scoped_by: BY_BRAND };
/// Makes and changes products.
pub const PRODUCT_WRITE: Permission = Permission { code: "catalog.product.write", scoped_by: BY_BRAND };
/// Sets prices.
pub const PRICE_WRITE: Permission = Permission { code: "catalog.price.write", scoped_by: BY_BRAND };
