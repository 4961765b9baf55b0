//! The rights that this domain asks for.

use kernel::Permission;

/// See brands.
pub const BRAND_READ: Permission = Permission::scoped("brand.brand.read");
/// Make and change brands.
pub const BRAND_WRITE: Permission = Permission::scoped("brand.brand.write");
/// See the pictures of the library.
pub const ASSET_READ: Permission = Permission::scoped("brand.asset.read");
/// Add and change pictures.
pub const ASSET_WRITE: Permission = Permission::scoped("brand.asset.write");
/// See reusable parts.
pub const PARTIAL_READ: Permission = Permission::scoped("brand.partial.read");
/// Write reusable parts.
pub const PARTIAL_WRITE: Permission = Permission::scoped("brand.partial.write");
/// See content with its versions, checks and remarks.
pub const CONTENT_READ: Permission = Permission::scoped("brand.content.read");
/// Write content and submit it for review.
pub const CONTENT_WRITE: Permission = Permission::scoped("brand.content.write");
/// Approve content of others, or return it.
pub const CONTENT_APPROVE: Permission = Permission::scoped("brand.content.approve");
/// Take approved content through the release door.
pub const CONTENT_RELEASE: Permission = Permission::scoped("brand.content.release");
/// See what the release door decided.
pub const RELEASE_READ: Permission = Permission::scoped("brand.release.read");
