use std::collections::HashSet;
use std::sync::LazyLock;

use kernel::Timestamp;

use super::DataProblem;

/// Domains of throw-away addresses, as the crate `mailchecker` gathers them.
static DISPOSABLE: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| mailchecker::blacklist().into_iter().collect());

/// What is known about somebody, as far as it can be wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    pub name: Option<String>,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub household_size: Option<i64>,
    pub children: Option<i64>,
    pub email_bounced: bool,
    /// When something was last told or confirmed.
    pub last_told: Option<Timestamp>,
}

/// Returns everything that is wrong; `stale_before`: what was told earlier needs confirming.
pub fn problems(known: &Known, stale_before: Timestamp) -> Vec<DataProblem> {
    let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let mut found = Vec::new();
    if known.email.is_none() && known.mobile.is_none() {
        found.push(DataProblem::NoContact);
    }
    if is_blank(&known.name) {
        found.push(DataProblem::NoName);
    }
    if known.mobile.as_deref().is_some_and(|number| !is_mobile(number)) {
        found.push(DataProblem::MobileInvalid);
    }
    if known.email.as_deref().is_some_and(is_disposable) {
        found.push(DataProblem::EmailDisposable);
    }
    if known.email_bounced {
        found.push(DataProblem::EmailBounced);
    }
    if let (Some(size), Some(children)) = (known.household_size, known.children)
        && children >= size
        // The greatest size stands for that many and more.
        && size < 5
    {
        found.push(DataProblem::Contradiction);
    }
    if known.last_told.is_some_and(|at| at < stale_before) {
        found.push(DataProblem::Stale);
    }
    found
}

/// Says whether an address is a throw-away one: by its domain, or that above it.
fn is_disposable(email: &str) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else { return false };
    let above = domain.split_once('.').map(|(_, above)| above).filter(|above| above.contains('.'));
    DISPOSABLE.contains(domain) || above.is_some_and(|above| DISPOSABLE.contains(above))
}

/// Says whether a number can be a mobile number: one of China by its range, one of elsewhere by its length (ITU E.164: at
/// most 15 digits).
fn is_mobile(number: &str) -> bool {
    match number.strip_prefix("+86") {
        Some(national) => national.len() == 11 && has_range(national),
        None => number.starts_with('+') && (8..=16).contains(&number.len()),
    }
}

/// Ranges of mobile numbers in China that operators have, by their first three digits: the numbering plan of the Ministry
/// of Industry and Information Technology, its assignments to the four operators, to virtual ones (162, 165, 167, 170,
/// 171), to satellites (174) and to things (140, 141, 144, 146, 148).
fn has_range(national: &str) -> bool {
    let Some(Ok(range)) = national.get(..3).map(str::parse::<u16>) else { return false };
    matches!(range,
        130..=141 | 144..=153 | 155..=159 | 162 | 165..=167 | 170..=178 | 180..=193 | 195..=199)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Known {
        Known {
            name: Some("林晓".to_owned()),
            email: Some("lin@example.com".to_owned()),
            mobile: Some("+8613800138000".to_owned()),
            household_size: Some(3),
            children: Some(1),
            email_bounced: false,
            last_told: Some(Timestamp::from_ms(1_000)),
        }
    }

    fn found(change: impl FnOnce(&mut Known)) -> Vec<DataProblem> {
        let mut known = sound();
        change(&mut known);
        problems(&known, Timestamp::from_ms(1_000))
    }

    #[test]
    fn whoever_is_sound_has_no_problem() {
        assert_eq!(found(|_| {}), []);
        assert_eq!(found(|known| known.mobile = Some("+4915123456789".to_owned())), []);
        assert_eq!(found(|known| (known.household_size, known.children) = (Some(5), Some(5))), []);
    }

    #[test]
    fn each_problem_is_found() {
        assert_eq!(found(|known| (known.email, known.mobile) = (None, None)), [DataProblem::NoContact]);
        assert_eq!(found(|known| known.name = Some(" ".to_owned())), [DataProblem::NoName]);
        for number in ["+8612800138000", "+861380013800", "+8616100138000", "13800"] {
            assert_eq!(
                found(|known| known.mobile = Some(number.to_owned())),
                [DataProblem::MobileInvalid],
                "{number}"
            );
        }
        let throw_away = |known: &mut Known| known.email = Some("a@mailinator.com".to_owned());
        assert_eq!(found(throw_away), [DataProblem::EmailDisposable]);
        assert_eq!(found(|known| known.email_bounced = true), [DataProblem::EmailBounced]);
        assert_eq!(found(|known| known.children = Some(3)), [DataProblem::Contradiction]);
        assert_eq!(found(|known| known.last_told = Some(Timestamp::from_ms(999))), [DataProblem::Stale]);
    }
}
