use kernel::{Problem, Result, Timestamp};

use super::{ConsentState, NewConsent};
use crate::node::NodeKind;

/// How far ahead of ours another machine's clock may be.
const CLOCK_SKEW_MS: i64 = 5 * kernel::MINUTE_MS;
const SOURCE_MAX: usize = 100;
const VERSION_MAX: usize = 60;
const BODY_MAX: usize = 5_000;
const REASON_MAX: usize = 500;

/// Checks one statement: an agreement without what was shown and where proves nothing.
pub fn check(consent: &NewConsent, address: NodeKind, now: Timestamp) -> Result<()> {
    let refuse = |code: &'static str| Err(Problem::unprocessable(code));
    let within = |text: &str, max| !text.trim().is_empty() && text.chars().count() <= max;
    if consent.state == ConsentState::Never {
        return refuse("customers.consent.state_not_recordable");
    }
    if consent.channel.address() != address {
        return refuse("customers.consent.channel_mismatch");
    }
    if consent.happened_at > now.plus_ms(CLOCK_SKEW_MS) {
        return refuse("customers.consent.in_the_future");
    }
    if !within(&consent.source, SOURCE_MAX) {
        return refuse("customers.consent.source_needed");
    }
    if consent.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_MAX) {
        return refuse("customers.consent.reason_too_long");
    }
    match &consent.text {
        Some(text) if !within(&text.version, VERSION_MAX) || !within(&text.body, BODY_MAX) => {
            refuse("customers.consent.text_invalid")
        }
        None if consent.state == ConsentState::Granted => refuse("customers.consent.proof_missing"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;
    use crate::consent::{Channel, GivenBy, Purpose, ShownText};

    const NOW: Timestamp = Timestamp::from_ms(1_795_305_600_000);

    fn granted() -> NewConsent {
        NewConsent {
            node_id: Id::new(),
            brand_id: Id::new(),
            purpose: Purpose::Marketing,
            channel: Channel::Email,
            state: ConsentState::Granted,
            happened_at: NOW,
            given_by: GivenBy::Person,
            source: "store_form".into(),
            text: Some(ShownText {
                version: "2026-03".into(), body: "我同意接收优惠信息。".into()
            }),
            ip_hash: None,
            reason: None,
            import_id: None,
        }
    }

    fn code(consent: &NewConsent, address: NodeKind) -> String {
        check(consent, address, NOW).expect_err("refused").code.into_owned()
    }

    #[test]
    fn agreeing_needs_proof_and_withdrawing_does_not() {
        assert!(check(&granted(), NodeKind::Email, NOW).is_ok());
        let unproven = NewConsent { text: None, ..granted() };
        assert_eq!(code(&unproven, NodeKind::Email), "customers.consent.proof_missing");
        let withdrawn = NewConsent { state: ConsentState::Withdrawn, ..unproven };
        assert!(check(&withdrawn, NodeKind::Email, NOW).is_ok());
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(code(&granted(), NodeKind::Mobile), "customers.consent.channel_mismatch");
        let never = NewConsent { state: ConsentState::Never, ..granted() };
        assert_eq!(code(&never, NodeKind::Email), "customers.consent.state_not_recordable");
        let tomorrow = NewConsent { happened_at: NOW.plus_days(1), ..granted() };
        assert_eq!(code(&tomorrow, NodeKind::Email), "customers.consent.in_the_future");
        let nowhere = NewConsent { source: " ".into(), ..granted() };
        assert_eq!(code(&nowhere, NodeKind::Email), "customers.consent.source_needed");
    }
}
