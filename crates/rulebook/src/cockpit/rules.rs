//! Which light work gets, and what it belongs to.

use kernel::Timestamp;

use super::{WorkGroup, WorkLight};
use crate::record_type::Area;

/// Nouns of other domains whose tasks the cockpit shows.
pub const NOUNS: [(&str, WorkGroup); 2] =
    [("brand.content", WorkGroup::Brand), ("campaigns.campaign", WorkGroup::Campaign)];

/// Returns what the records of an area are work of; nothing where they are none of a marketing manager's.
pub fn group_of(area: Area) -> Option<WorkGroup> {
    match area {
        Area::Insight => Some(WorkGroup::Research),
        Area::Brand => Some(WorkGroup::Brand),
        Area::Plans | Area::Campaigns => Some(WorkGroup::Campaign),
        _ => None,
    }
}

/// Returns the light of work that is due then.
///
/// Clause: MO-3.1.2
pub fn light(due_at: Option<Timestamp>, now: Timestamp, near_days: i64) -> WorkLight {
    match due_at {
        None => WorkLight::Undated,
        Some(due) if due < now => WorkLight::Red,
        Some(due) if due < now.plus_days(near_days) => WorkLight::Amber,
        Some(_) => WorkLight::Green,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_light_turns_with_time() {
        let now = Timestamp::from_ms(1_000_000_000_000);
        assert_eq!(light(None, now, 3), WorkLight::Undated);
        assert_eq!(light(Some(now.plus_ms(-1)), now, 3), WorkLight::Red);
        assert_eq!(light(Some(now), now, 3), WorkLight::Amber);
        assert_eq!(light(Some(now.plus_days(3)), now, 3), WorkLight::Green);
        assert_eq!(light(Some(now.plus_ms(1)), now, 0), WorkLight::Green);
    }
}
