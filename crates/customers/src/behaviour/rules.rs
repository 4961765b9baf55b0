use kernel::{DAY_MS, HOUR_MS};
use lake::query::{Bounds, Span};
use live_segments::{Leaf, LeafTest, Window};
use sha2::{Digest, Sha256};

use crate::condition::{Condition, DidMeasure};

/// Returns the condition on events that a leaf is, and nothing for other leaves.
pub fn leaf(condition: &Condition) -> Option<Leaf> {
    match condition {
        Condition::Did { what, measure, at_least, at_most, within_days, span } => Some(Leaf {
            filter: what.clone(),
            window: window(*within_days, *span),
            test: match measure {
                DidMeasure::Count => LeafTest::Count(Bounds {
                    at_least: at_least.map(|least| least.ceil() as i64),
                    at_most: at_most.map(|most| most.floor() as i64),
                }),
                DidMeasure::Value => LeafTest::Sum(Bounds { at_least: *at_least, at_most: *at_most }),
            },
        }),
        Condition::DidInOrder { steps, within_hours, within_days, span } => Some(Leaf {
            filter: steps.first()?.clone(),
            window: window(*within_days, *span),
            test: LeafTest::Sequence {
                then: steps[1..].to_vec(),
                within_ms: i64::from(*within_hours) * HOUR_MS,
            },
        }),
        _ => None,
    }
}

fn window(within_days: Option<u32>, span: Option<Span>) -> Window {
    match (within_days, span) {
        (Some(days), _) => Window::Last { ms: i64::from(days) * DAY_MS },
        (None, Some(span)) => Window::Between(span),
        (None, None) => Window::Ever,
    }
}

/// Returns under what a condition is kept: equal conditions share what was decided.
pub fn key(condition: &Condition) -> String {
    hex::encode(&Sha256::digest(store::json(condition))[..16])
}

/// Returns what a condition says of people without any events.
pub fn holds_without_events(condition: &Condition) -> bool {
    match condition {
        Condition::Did { at_least, at_most, .. } => {
            Bounds { at_least: *at_least, at_most: *at_most }.has(&0.0)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Condition {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn people_without_events_did_nothing_at_most_so_often() {
        let did = |bounds: &str| {
            let json = format!(
                r#"{{"type":"did","what":{{"names":["Product Viewed"]}},{bounds},"within_days":30}}"#
            );
            let condition = read(&json);
            assert!(leaf(&condition).is_some());
            holds_without_events(&condition)
        };
        assert!(!did(r#""at_least":1"#) && did(r#""at_most":0"#) && did(r#""at_least":0,"at_most":3"#));
        assert!(!did(r#""measure":"value","at_least":0.01"#));
    }

    #[test]
    fn equal_conditions_are_kept_once() {
        let (one, other) = (
            read(r#"{"type":"did","what":{"names":["a"]},"at_least":1}"#),
            read(r#"{"at_least":1.0,"what":{"names":["a"],"kinds":[]},"type":"did","measure":"count"}"#),
        );
        assert_eq!(key(&one), key(&other));
        assert_ne!(key(&one), key(&read(r#"{"type":"did","what":{"names":["a"]},"at_least":2}"#)));
    }
}
