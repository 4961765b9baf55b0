use kernel::Currency;

use crate::target::Reject;

/// What programs write where there is nothing.
pub(super) fn is_nothing(cell: &str) -> bool {
    matches!(
        cell,
        "" | "NULL" | "null" | "None" | "NaN" | "nan" | "NA" | "N/A" | "#N/A" | "\\N" | "NaT" | "<NA>"
    )
}

/// Reads text of at most `max` characters; control characters become blanks.
pub(super) fn text(cell: &str, max: u16) -> Result<String, Reject> {
    let count = if cell.len() <= usize::from(max) { cell.len() } else { cell.chars().count() };
    if count > usize::from(max) {
        return Err(Reject::new("tabular.value.too_long").with("max", max));
    }
    if cell.bytes().any(|b| b.is_ascii_control()) {
        let clean = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
        return Ok(cell.chars().map(clean).collect());
    }
    Ok(cell.to_owned())
}

pub(super) fn truth(cell: &str) -> Result<bool, Reject> {
    match cell.to_lowercase().as_str() {
        "1" | "1.0" | "true" | "t" | "yes" | "y" | "on" | "是" | "有" | "对" | "對" | "真" => Ok(true),
        "0" | "0.0" | "false" | "f" | "no" | "n" | "off" | "否" | "无" | "無" | "不" | "假" => Ok(false),
        _ => Err(Reject::new("tabular.value.not_a_boolean")),
    }
}

/// Checks what a mistyped address violates; whether it exists is another question.
pub(super) fn email(cell: &str) -> Result<String, Reject> {
    let refused = || Reject::new("tabular.value.not_an_email");
    let (local, domain) = cell.rsplit_once('@').ok_or_else(refused)?;
    let label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let sound = (1..=64).contains(&local.len())
        && cell.len() <= 254
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"()<>[]:;@\\,\"".contains(c))
        && domain.contains('.')
        && domain.split('.').all(label);
    if sound { Ok(cell.to_lowercase()) } else { Err(refused()) }
}

/// Drops what people put between digits.
pub(super) fn mobile(cell: &str) -> Result<String, Reject> {
    let number: String =
        cell.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    if (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(number)
    } else {
        Err(Reject::new("tabular.value.not_a_mobile"))
    }
}

pub(super) fn currency(cell: &str) -> Result<String, Reject> {
    let code = match cell {
        "RMB" | "rmb" | "人民币" | "人民幣" | "¥" | "￥" => "CNY".to_owned(),
        other => other.to_uppercase(),
    };
    Currency::try_from(code).map(String::from).map_err(|_| Reject::new("tabular.value.not_a_currency"))
}

pub(super) fn choice(cell: &str, choices: &[&str]) -> Result<String, Reject> {
    let found = choices.iter().find(|choice| choice.eq_ignore_ascii_case(cell));
    found
        .map(|choice| (*choice).to_owned())
        .ok_or_else(|| Reject::new("tabular.value.not_a_choice").with("choices", choices.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_for_what_mistyping_breaks() {
        assert_eq!(email("Anna@Example.COM").expect("sound"), "anna@example.com");
        for bad in ["anna", "anna@", "@b.c", "a b@c.de", "a@b", "a..b@c.de", "a@-b.de", "a@b..de"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mobiles_keep_digits_and_the_plus() {
        assert_eq!(mobile("+86 138-0000-0000").expect("sound"), "+8613800000000");
        assert!(mobile("call me").is_err());
        assert!(mobile("12").is_err());
    }
}
