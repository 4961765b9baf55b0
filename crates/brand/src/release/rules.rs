//! Decides what may leave: pure, over everything that the door knows at that moment.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::approval::Approval;
use crate::content::ContentState;
use crate::preflight::PreflightVerdict;

/// What the token turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// Not one of ours.
    Invalid,
    /// Ours, for another item.
    OfAnother,
    /// Ours, for this item.
    Proven,
}

/// What the door knows.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// What the token turned out to be.
    pub token: Token,
    /// The approval that it names.
    pub approval: Option<&'a Approval>,
    /// SHA-256 of the closure, recomputed from the database now.
    pub hash: &'a str,
    /// The item's state.
    pub state: ContentState,
    /// What the last pre-flight of that closure said, and whether it may still be relied on.
    pub preflight: Option<(PreflightVerdict, bool)>,
    /// Keys of pictures that may no longer be shown.
    pub rights_expired: Vec<String>,
    /// True where the brand is in use.
    pub brand_active: bool,
    /// True where receivers can reach pictures and preference pages.
    pub public_origin: bool,
}

/// Why the door stays shut.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Code of the sentence.
    pub code: &'static str,
    /// Values that it names.
    pub args: BTreeMap<String, Value>,
}

impl Refusal {
    fn new(code: &'static str) -> Self {
        Self { code, args: BTreeMap::new() }
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}

/// Decides. Every condition must hold by itself: none is inferred from another.
///
/// Clause: BA-2.2.2, BA-3.2.2
pub fn decide(facts: &Facts<'_>) -> Result<(), Refusal> {
    let approval = match (facts.token, facts.approval) {
        (Token::Proven, Some(approval)) => approval,
        (Token::OfAnother, _) => return Err(Refusal::new("brand.release.token_of_another")),
        _ => return Err(Refusal::new("brand.release.token_invalid")),
    };
    if !approval.is_valid() {
        let why = approval.void_reason.clone().unwrap_or_default();
        return Err(Refusal::new("brand.release.approval_void").with("why", why));
    }
    if approval.closure_hash != facts.hash {
        return Err(Refusal::new("brand.release.changed_since"));
    }
    if facts.state != ContentState::Approved {
        return Err(Refusal::new("brand.release.not_approved"));
    }
    match facts.preflight {
        None => return Err(Refusal::new("brand.release.preflight_missing")),
        Some((PreflightVerdict::Blocked, _)) => return Err(Refusal::new("brand.release.preflight_blocked")),
        Some((_, false)) => return Err(Refusal::new("brand.release.preflight_stale")),
        Some((_, true)) => {}
    }
    if !facts.rights_expired.is_empty() {
        let keys = facts.rights_expired.join(", ");
        return Err(Refusal::new("brand.release.rights_expired").with("assets", keys));
    }
    if !facts.brand_active {
        return Err(Refusal::new("brand.release.brand_archived"));
    }
    if !facts.public_origin {
        return Err(Refusal::new("brand.release.no_public_url"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approval::ApprovalState;
    use kernel::{Id, Timestamp};

    fn approval() -> Approval {
        Approval {
            id: Id::new(),
            content_id: Id::new(),
            version_id: Id::new(),
            number: 1,
            review_id: Id::new(),
            closure_hash: "h".into(),
            state: ApprovalState::Valid,
            approved_by: Id::new(),
            approved_by_name: "沈".into(),
            approved_at: Timestamp::from_ms(0),
            voided_at: None,
            void_reason: None,
        }
    }

    fn facts(approval: &Approval) -> Facts<'_> {
        Facts {
            token: Token::Proven,
            approval: Some(approval),
            hash: "h",
            state: ContentState::Approved,
            preflight: Some((PreflightVerdict::Warned, true)),
            rights_expired: Vec::new(),
            brand_active: true,
            public_origin: true,
        }
    }

    #[test]
    fn only_what_is_approved_exactly_so_and_still_sound_may_leave() {
        let approval = approval();
        assert_eq!(decide(&facts(&approval)), Ok(()));
    }

    #[test]
    fn each_condition_alone_shuts_the_door() {
        let sound = approval();
        let void = Approval { state: ApprovalState::Void, ..sound.clone() };
        let code = |facts: Facts<'_>| decide(&facts).expect_err("shut").code;
        let base = || facts(&sound);
        let cases = [
            (Facts { token: Token::Invalid, ..base() }, "brand.release.token_invalid"),
            (Facts { approval: None, ..base() }, "brand.release.token_invalid"),
            (Facts { token: Token::OfAnother, ..base() }, "brand.release.token_of_another"),
            (facts(&void), "brand.release.approval_void"),
            (Facts { hash: "other", ..base() }, "brand.release.changed_since"),
            (Facts { state: ContentState::Draft, ..base() }, "brand.release.not_approved"),
            (Facts { state: ContentState::InReview, ..base() }, "brand.release.not_approved"),
            (Facts { preflight: None, ..base() }, "brand.release.preflight_missing"),
            (
                Facts { preflight: Some((PreflightVerdict::Blocked, true)), ..base() },
                "brand.release.preflight_blocked",
            ),
            (
                Facts { preflight: Some((PreflightVerdict::Passed, false)), ..base() },
                "brand.release.preflight_stale",
            ),
            (Facts { rights_expired: vec!["hero".into()], ..base() }, "brand.release.rights_expired"),
            (Facts { brand_active: false, ..base() }, "brand.release.brand_archived"),
            (Facts { public_origin: false, ..base() }, "brand.release.no_public_url"),
        ];
        for (facts, expected) in cases {
            assert_eq!(code(facts), expected);
        }
    }
}
