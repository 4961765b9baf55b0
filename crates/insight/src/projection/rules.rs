//! Decisions of the projection.

use kernel::{DAY_MS, Timestamp, View};
use lake::sql::{Copied, Filled};

use super::Spec;

/// How old a copy may become that seems to be unchanged: what is added and taken back in equal numbers looks like nothing.
const KEPT_MS: i64 = DAY_MS;

/// Returns whether a copy still says what the view says, going by what both grow by.
pub fn is_current(copy: Option<&Copied>, fingerprint: &str, now: Timestamp) -> bool {
    copy.is_some_and(|copy| {
        !fingerprint.is_empty() && copy.fingerprint == fingerprint && now.ms() - copy.copied_at.ms() < KEPT_MS
    })
}

/// Returns the first column of a spec that its view does not publish.
pub fn missing(spec: &Spec, view: &View) -> Option<&'static str> {
    let stored = spec.table.columns.iter().filter(|column| column.filled == Filled::Stored);
    let mut wanted = stored.map(|column| column.name).chain(spec.key.iter().copied());
    wanted.find(|name| view.column(name).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_kept_while_nothing_came_and_it_is_not_old() {
        let at = Timestamp::from_ms(10 * DAY_MS);
        let copy = Copied {
            table_name: "orders".into(),
            file: "f".into(),
            rows: 2,
            bytes: 1,
            watermark: at,
            fingerprint: "2/7".into(),
            copied_at: at,
        };
        assert!(is_current(Some(&copy), "2/7", at.plus_ms(DAY_MS - 1)));
        assert!(!is_current(Some(&copy), "3/8", at));
        assert!(!is_current(Some(&copy), "2/7", at.plus_ms(DAY_MS)));
        assert!(!is_current(None, "2/7", at));
        assert!(!is_current(Some(&Copied { fingerprint: String::new(), ..copy }), "", at));
    }
}
