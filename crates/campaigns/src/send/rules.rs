//! Pure decisions about the ledger.

use kernel::ports::MailOutcome;
use kernel::{Id, MINUTE_MS, Timestamp};
use sha2::{Digest, Sha256};

use super::SendState;

/// Tries until a message that is refused for now has failed.
pub const ATTEMPTS_MAX: i64 = 6;

/// Returns the key under which a message may stand in the ledger once.
pub fn dedupe_key(campaign: Id, node: Id, channel: &str) -> String {
    format!("{campaign}/{node}/{channel}")
}

/// Returns the Message-ID that belongs to a key: every try of the same message has the same.
pub fn message_id(dedupe_key: &str, public_url: &str) -> String {
    let digest = hex::encode(&Sha256::digest(dedupe_key.as_bytes())[..20]);
    let host = public_url.split("://").nth(1).unwrap_or(public_url);
    let host = host.split(['/', ':']).next().unwrap_or("localhost");
    format!("{digest}@{host}")
}

/// What is to be written after one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The next state; `Intent` means: again later.
    pub state: SendState,
    /// By code, where it did not go well.
    pub reason: Option<&'static str>,
    /// When to try again.
    pub not_before: Option<Timestamp>,
    /// True where the mailbox is gone and must never be tried again.
    pub suppress: bool,
    /// True where the message certainly did not leave: its room under the cap is free again.
    pub frees_cap: bool,
}

/// Decides what one try means. `attempts` counts this try.
pub fn settle(outcome: &MailOutcome, attempts: i64, now: Timestamp) -> Settled {
    let done = |state, reason| Settled { state, reason, not_before: None, suppress: false, frees_cap: false };
    match outcome {
        MailOutcome::Accepted { .. } => done(SendState::Sent, None),
        MailOutcome::Unknown { .. } => done(SendState::Unknown, Some("campaigns.send.connection_lost")),
        MailOutcome::Refused { permanent: true, reply } => Settled {
            suppress: is_address_gone(reply),
            frees_cap: true,
            ..done(SendState::Failed, Some("campaigns.send.refused"))
        },
        MailOutcome::Refused { permanent: false, .. } | MailOutcome::NotSent { .. }
            if attempts >= ATTEMPTS_MAX =>
        {
            Settled { frees_cap: true, ..done(SendState::Failed, Some("campaigns.send.tried_too_often")) }
        }
        MailOutcome::Refused { permanent: false, .. } => {
            later("campaigns.send.refused_for_now", attempts, now)
        }
        MailOutcome::NotSent { .. } => later("campaigns.send.no_connection", attempts, now),
    }
}

fn later(reason: &'static str, attempts: i64, now: Timestamp) -> Settled {
    // 1, 2, 4, 8, 16 minutes.
    let wait = MINUTE_MS << (attempts - 1).clamp(0, 4);
    Settled {
        state: SendState::Intent,
        reason: Some(reason),
        not_before: Some(now.plus_ms(wait)),
        suppress: false,
        frees_cap: true,
    }
}

/// Returns true where the reply says that the mailbox does not exist (RFC 3463: 5.1.x), not that this
/// message was unwelcome (5.7.x) or the mailbox full (5.2.x).
fn is_address_gone(reply: &str) -> bool {
    let enhanced =
        reply.split_whitespace().find(|word| word.starts_with("5.") && word.matches('.').count() == 2);
    match enhanced {
        Some(code) => code.starts_with("5.1."),
        None => reply.contains("550"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(0);

    #[test]
    fn the_same_message_always_has_the_same_id() {
        let (campaign, node) = (Id::new(), Id::new());
        let key = dedupe_key(campaign, node, "email");
        let id = message_id(&key, "https://mail.brand.invalid:8443/x");
        assert_eq!(id, message_id(&key, "https://mail.brand.invalid"));
        assert!(id.ends_with("@mail.brand.invalid"));
        assert_ne!(id, message_id(&dedupe_key(campaign, Id::new(), "email"), "https://mail.brand.invalid"));
    }

    #[test]
    fn what_may_have_arrived_is_never_tried_again() {
        let settled = settle(&MailOutcome::Unknown { reason: "reset".into() }, 1, NOW);
        assert_eq!((settled.state, settled.not_before, settled.frees_cap), (SendState::Unknown, None, false));
    }

    #[test]
    fn refusals_for_now_wait_longer_each_time_and_end() {
        let refused = MailOutcome::Refused { permanent: false, reply: "451 4.7.1 later".into() };
        assert_eq!(settle(&refused, 1, NOW).not_before, Some(NOW.plus_ms(MINUTE_MS)));
        assert_eq!(settle(&refused, 3, NOW).not_before, Some(NOW.plus_ms(4 * MINUTE_MS)));
        assert_eq!(settle(&refused, ATTEMPTS_MAX, NOW).state, SendState::Failed);
    }

    #[test]
    fn only_a_mailbox_that_is_gone_is_suppressed() {
        let refused = |reply: &str| MailOutcome::Refused { permanent: true, reply: reply.into() };
        assert!(settle(&refused("550 5.1.1 no such user"), 1, NOW).suppress);
        assert!(!settle(&refused("554 5.7.1 message rejected as spam"), 1, NOW).suppress);
        assert!(!settle(&refused("552 5.2.2 mailbox full"), 1, NOW).suppress);
    }
}
