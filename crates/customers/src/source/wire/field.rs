use std::str::FromStr;

use kernel::{Id, Timestamp};

use super::{Fault, TEXT_MAX};
use crate::node::{NodeKind, rules};

/// Reads a time as RFC 3339, with or without an offset (UTC then).
pub(super) fn time(text: &str) -> Result<Timestamp, Fault> {
    let text = text.trim();
    let instant = jiff::Timestamp::from_str(text).or_else(|_| {
        let local = jiff::civil::DateTime::from_str(text)?;
        local.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp())
    });
    instant.map(|at| Timestamp::from_ms(at.as_millisecond())).map_err(|_| Fault::TimeUnreadable)
}

/// Returns a text as identifiers and names are kept: without blanks around it, none where nothing is left.
pub(super) fn text(text: Option<&str>) -> Result<Option<String>, Fault> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    // Bytes are counted first: most texts are short, and a short one needs no walk.
    if text.len() > TEXT_MAX && text.chars().count() > TEXT_MAX {
        return Err(Fault::TooLong);
    }
    Ok(Some(text.to_owned()))
}

/// Returns the identifier node of whoever did something.
pub(super) fn node(user_id: Option<&str>, anonymous_id: Option<&str>) -> Result<Id, Fault> {
    match (user_id, anonymous_id) {
        (Some(user), _) => Ok(rules::node_id(NodeKind::UserId, user)),
        (None, Some(anonymous)) => Ok(rules::node_id(NodeKind::AnonymousId, anonymous)),
        (None, None) => Err(Fault::Nobody),
    }
}
