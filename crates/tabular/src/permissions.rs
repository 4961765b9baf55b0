//! What can be granted here. Importing a noun asks for the noun's own permission as well.

use kernel::{Dimension, Permission};

/// Imports are narrowed by the brand that they fill and by who started them.
const SCOPED_BY: &[Dimension] = &[Dimension::Brand, Dimension::Own];

/// Sees imports and their rejected rows.
pub const IMPORT_READ: Permission = Permission { code: "tabular.import.read", scoped_by: SCOPED_BY };
/// Uploads, starts and takes back imports.
pub const IMPORT_RUN: Permission = Permission { code: "tabular.import.run", scoped_by: SCOPED_BY };
/// Writes lists into files.
pub const EXPORT_RUN: Permission = Permission::company("tabular.export.run");
