//! What a role can be allowed in this domain.

use kernel::Permission;

/// See people, as far as the clearance goes.
pub const PROFILE_READ: Permission = Permission::scoped("customers.profile.read");
/// Change what is known about people.
pub const PROFILE_EDIT: Permission = Permission::scoped("customers.profile.edit");
/// See one person's hidden fields, with a reason that is logged.
pub const PROFILE_UNMASK: Permission = Permission::scoped("customers.profile.unmask");
/// Bring people in from files.
pub const PROFILE_IMPORT: Permission = Permission::company("customers.profile.import");
/// Record what people said about being contacted.
pub const CONSENT_RECORD: Permission = Permission::scoped("customers.consent.record");
/// See the list of addresses that nothing goes to.
pub const SUPPRESSION_READ: Permission = Permission::company("customers.suppression.read");
/// Put addresses on that list and take them off.
pub const SUPPRESSION_EDIT: Permission = Permission::company("customers.suppression.edit");
/// See segments and who is in them.
pub const SEGMENT_READ: Permission = Permission::scoped("customers.segment.read");
/// Make and change segments.
pub const SEGMENT_EDIT: Permission = Permission::scoped("customers.segment.edit");
/// See the tier rule and its runs.
pub const TIER_READ: Permission = Permission::company("customers.tier.read");
/// Change the tier rule.
pub const TIER_EDIT: Permission = Permission::company("customers.tier.edit");
/// See where events come from, how many, and those in quarantine.
pub const SOURCE_READ: Permission = Permission::company("customers.source.read");
/// Make sources, hand out their write keys, and decide about events in quarantine.
pub const SOURCE_MANAGE: Permission = Permission::company("customers.source.manage");
/// Ask what people did, in figures.
pub const EVENT_QUERY: Permission = Permission::company("customers.event.query");
/// See who may be one person, and what was decided about it.
pub const MATCH_READ: Permission = Permission::scoped("customers.match.read");
/// Decide who is one person and who is not, and undo that.
pub const MATCH_DECIDE: Permission = Permission::scoped("customers.match.decide");
/// See what people ask about their own data, what was erased, kept and leaked.
pub const PRIVACY_READ: Permission = Permission::company("customers.privacy.read");
/// Work on what people ask about their own data, on retention, leaks and decoys.
pub const PRIVACY_MANAGE: Permission = Permission::company("customers.privacy.manage");
/// Erase people for good.
pub const PRIVACY_ERASE: Permission = Permission::company("customers.privacy.erase");
/// See what was found out about customers, and what became of it.
pub const INSIGHT_READ: Permission = Permission::scoped("customers.insight.read");
/// Write down what was found out about customers, and send it to departments.
pub const INSIGHT_EDIT: Permission = Permission::scoped("customers.insight.edit");
/// Answer for a department what was found out about customers.
pub const INSIGHT_ANSWER: Permission = Permission::scoped("customers.insight.answer");
/// See what customers search for, say and buy together.
pub const NEED_READ: Permission = Permission::company("customers.need.read");
/// See the monthly reports on customers.
pub const INSIGHT_REPORT_READ: Permission = Permission::company("customers.insight_report.read");
/// Have the report of a month written.
pub const INSIGHT_REPORT_WRITE: Permission = Permission::company("customers.insight_report.write");
/// Say for a department whether it uses a report.
pub const INSIGHT_REPORT_ANSWER: Permission = Permission::scoped("customers.insight_report.answer");
