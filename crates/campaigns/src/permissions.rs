//! Permissions of this crate.

use kernel::Permission;

/// Sees campaigns and their results.
pub const CAMPAIGN_READ: Permission = Permission::scoped("campaigns.campaign.read");
/// Makes and changes campaigns.
pub const CAMPAIGN_WRITE: Permission = Permission::scoped("campaigns.campaign.write");
/// Launches, pauses, resumes and cancels campaigns.
pub const CAMPAIGN_LAUNCH: Permission = Permission::scoped("campaigns.campaign.launch");
/// Sees single sends and what happened to them.
pub const SEND_READ: Permission = Permission::scoped("campaigns.send.read");
/// Settles sends whose fate is unknown.
pub const SEND_SETTLE: Permission = Permission::scoped("campaigns.send.settle");
/// Sees what the contact door decided.
pub const CONTACT_READ: Permission = Permission::scoped("campaigns.contact.read");
