use kernel::{Problem, Result, Timestamp};

use super::{NewSubjectRequest, Regime, RequestKind, RequestState, SubjectRequest};

/// Tolerated difference of clocks.
const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;
/// Longest contact and note, in characters.
const CONTACT_MAX: usize = 200;
const NOTE_MAX: usize = 2_000;
/// Most days by which a request can be extended.
pub const EXTEND_DAYS_MAX: i64 = 60;

/// Returns the parameter that says how many days there are.
pub fn days_parameter(regime: Regime) -> &'static str {
    match regime {
        Regime::Pipl => "privacy.pipl_days",
        Regime::Gdpr => "privacy.gdpr_days",
    }
}

/// Refuses a request that says too little or too much.
pub fn check(new: &NewSubjectRequest, now: Timestamp) -> Result<()> {
    let contact = new.contact.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if new.profile_id.is_none() && contact.is_none() {
        let refusal = Problem::unprocessable("customers.privacy.who_needed");
        return Err(refusal.with_field("contact", "customers.privacy.who_needed"));
    }
    let plain =
        |text: &str, max| text.chars().count() <= max && !text.chars().any(|c| c.is_control() && c != '\n');
    if contact.is_some_and(|text| !plain(text, CONTACT_MAX)) {
        let refusal = Problem::unprocessable("customers.privacy.contact_invalid");
        return Err(refusal.with_field("contact", "customers.privacy.contact_invalid"));
    }
    if new.note.as_deref().is_some_and(|text| !plain(text, NOTE_MAX)) {
        return Err(Problem::unprocessable("customers.privacy.text_invalid")
            .with_field("note", "customers.privacy.text_invalid"));
    }
    if new.received_at.is_some_and(|at| at > now.plus_ms(CLOCK_SKEW_MS)) {
        let refusal = Problem::unprocessable("customers.privacy.in_the_future");
        return Err(refusal.with_field("received_at", "customers.privacy.in_the_future"));
    }
    Ok(())
}

/// Refuses to carry out what is not proven, or another kind of request.
pub fn check_ready(request: &SubjectRequest, kinds: &[RequestKind]) -> Result<()> {
    if !kinds.contains(&request.kind) {
        return Err(Problem::conflict("customers.privacy.other_kind").with("kind", request.kind));
    }
    match request.state {
        RequestState::Verified => Ok(()),
        state => Err(Problem::conflict("customers.privacy.not_verified").with("state", state)),
    }
}

/// Refuses to change what was decided.
pub fn check_open(request: &SubjectRequest) -> Result<()> {
    match request.state {
        RequestState::Open | RequestState::Verified => Ok(()),
        state => Err(Problem::conflict("customers.privacy.decided").with("state", state)),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Id;

    use super::*;
    use crate::privacy::subject_request::RequestChannel;

    const NOW: Timestamp = Timestamp::from_ms(1_795_305_600_000);

    fn new() -> NewSubjectRequest {
        NewSubjectRequest {
            kind: RequestKind::Access,
            regime: Regime::Pipl,
            profile_id: Some(Id::new()),
            contact: None,
            channel: RequestChannel::Email,
            received_at: None,
            note: None,
        }
    }

    fn code(new: &NewSubjectRequest) -> String {
        check(new, NOW).expect_err("refused").code.into_owned()
    }

    #[test]
    fn a_request_says_whose_data_it_is_about() {
        assert!(check(&new(), NOW).is_ok());
        let nobody = NewSubjectRequest { profile_id: None, contact: Some("  ".into()), ..new() };
        assert_eq!(code(&nobody), "customers.privacy.who_needed");
        let written = NewSubjectRequest { contact: Some("anna@example.invalid".into()), ..nobody };
        assert!(check(&written, NOW).is_ok());
        let odd = NewSubjectRequest { contact: Some("a\u{7}".into()), ..new() };
        assert_eq!(code(&odd), "customers.privacy.contact_invalid");
        let tomorrow = NewSubjectRequest { received_at: Some(NOW.plus_days(1)), ..new() };
        assert_eq!(code(&tomorrow), "customers.privacy.in_the_future");
    }
}
