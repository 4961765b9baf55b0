use kernel::{Label, Problem, Result};

use super::{Profile, ProfilePatch, Unmask};

/// Longest text per field, in characters.
const LIMITS: &[(&str, usize)] =
    &[("name", 100), ("given_name", 100), ("address", 300), ("city", 100), ("district", 100)];
/// Longest search text, in characters.
const SEARCH_MAX: usize = 100;
/// Bounds of the length of a reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

/// Checks the bounds of a change.
pub fn check(patch: &ProfilePatch) -> Result<()> {
    let mut problem = Problem::unprocessable("customers.profile.invalid");
    let texts = [&patch.name, &patch.given_name, &patch.address, &patch.city, &patch.district];
    for ((field, max), text) in LIMITS.iter().zip(texts) {
        let Some(Some(text)) = text else { continue };
        if text.trim().is_empty() {
            problem = problem.with_field(*field, "customers.field.blank");
        } else if text.chars().count() > *max || text.chars().any(char::is_control) {
            problem = problem.with_field(*field, "customers.field.text_invalid");
        }
    }
    if let Some(Some(zone)) = &patch.time_zone
        && !is_time_zone(zone)
    {
        problem = problem.with_field("time_zone", "customers.field.time_zone_invalid");
    }
    if matches!(patch.household_size, Some(Some(n)) if !(1..=5).contains(&n)) {
        problem = problem.with_field("household_size", "customers.field.out_of_range");
    }
    if matches!(patch.children, Some(Some(n)) if !(0..=3).contains(&n)) {
        problem = problem.with_field("children", "customers.field.out_of_range");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

/// Returns true for a name of the time zone database.
pub fn is_time_zone(name: &str) -> bool {
    name.len() <= 60 && jiff::tz::TimeZone::get(name).is_ok()
}

/// Refuses a change of fields that the caller may not see: nobody overwrites blindly.
pub fn check_visible(clearance: Label, patch: &ProfilePatch) -> Result<()> {
    let touched = [
        ("name", patch.name.is_some()),
        ("given_name", patch.given_name.is_some()),
        ("email", patch.email.is_some()),
        ("mobile", patch.mobile.is_some()),
        ("address", patch.address.is_some()),
    ];
    match touched.iter().find(|(_, is_touched)| *is_touched) {
        Some((field, _)) if clearance < Label::Personal => Err(Problem::field_hidden(field)),
        _ => Ok(()),
    }
}

/// Puts a change into a profile; addresses are identifier nodes and go another way.
pub fn apply(profile: &Profile, patch: &ProfilePatch) -> Profile {
    fn set<T: Clone>(field: &mut Option<T>, change: &Option<Option<T>>) {
        if let Some(value) = change {
            field.clone_from(value);
        }
    }
    let mut after = profile.clone();
    set(&mut after.name, &patch.name);
    set(&mut after.given_name, &patch.given_name);
    set(&mut after.address, &patch.address);
    set(&mut after.city, &patch.city);
    set(&mut after.district, &patch.district);
    set(&mut after.language, &patch.language);
    set(&mut after.time_zone, &patch.time_zone);
    set(&mut after.age_band, &patch.age_band);
    set(&mut after.income_band, &patch.income_band);
    set(&mut after.household_size, &patch.household_size);
    set(&mut after.children, &patch.children);
    set(&mut after.homeowner, &patch.homeowner);
    set(&mut after.married, &patch.married);
    set(&mut after.brand_id, &patch.brand_id);
    set(&mut after.department_id, &patch.department_id);
    set(&mut after.owner_id, &patch.owner_id);
    after
}

/// Checks the text of a search.
pub fn check_search(text: &str) -> Result<()> {
    if text.chars().count() > SEARCH_MAX {
        return Err(Problem::unprocessable("customers.profile.search_too_long").with("max", SEARCH_MAX));
    }
    Ok(())
}

/// Checks the reason of an unmasking.
pub fn check_reason(unmask: &Unmask) -> Result<()> {
    if REASON.contains(&unmask.reason.trim().chars().count()) {
        return Ok(());
    }
    Err(Problem::unprocessable("customers.reason_needed")
        .with("min", REASON.start())
        .with("max", REASON.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> ProfilePatch {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn null_clears_and_absent_stays() {
        let patch = read(r#"{"city": null, "name": "林晓"}"#);
        assert_eq!(patch.city, Some(None));
        assert_eq!(patch.name, Some(Some("林晓".to_owned())));
        assert_eq!(patch.address, None);
        assert!(serde_json::from_str::<ProfilePatch>(r#"{"tier": "A"}"#).is_err());
    }

    #[test]
    fn every_field_has_bounds() {
        assert!(
            check(&read(r#"{"name": "林晓", "household_size": 5, "time_zone": "Asia/Shanghai"}"#)).is_ok()
        );
        let problem =
            check(&read(r#"{"name": " ", "children": 4, "time_zone": "Mars/Base"}"#)).expect_err("bad");
        let fields: Vec<&str> = problem.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["name", "time_zone", "children"]);
        assert!(check(&read(&format!(r#"{{"address": "{}"}}"#, "路".repeat(301)))).is_err());
    }

    #[test]
    fn hidden_fields_are_not_overwritten_blindly() {
        assert!(check_visible(Label::Internal, &read(r#"{"city": "杭州"}"#)).is_ok());
        assert!(check_visible(Label::Internal, &read(r#"{"email": "a@b.invalid"}"#)).is_err());
        assert!(check_visible(Label::Personal, &read(r#"{"email": "a@b.invalid"}"#)).is_ok());
    }
}
