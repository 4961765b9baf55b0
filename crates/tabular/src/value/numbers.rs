use std::borrow::Cow;

use super::DecimalMark;
use crate::target::Reject;

/// Drops the fraction that spreadsheets and data frames add to ids: `17850.0` is `17850`.
pub(super) fn without_zero_fraction(cell: &str) -> &str {
    match cell.split_once('.') {
        Some((whole, zeros))
            if !zeros.is_empty()
                && zeros.bytes().all(|b| b == b'0')
                && !whole.is_empty()
                && whole.bytes().all(|b| b.is_ascii_digit()) =>
        {
            whole
        }
        _ => cell,
    }
}

/// Reads a decimal number as an integer of 10^-places, rounded half to even.
pub(super) fn scaled(cell: &str, places: u8, mark: DecimalMark) -> Result<i64, Reject> {
    let refused = || Reject::new("tabular.value.not_a_number");
    let plain = plain(cell, mark).ok_or_else(refused)?;
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.as_ref()),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| refused())?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(refused());
    }
    let scale = i64::from(places) + i64::from(exponent) - fraction.len() as i64;
    let too_large = || Reject::new("tabular.value.number_too_large");
    let number = shifted([whole, fraction], scale).ok_or_else(too_large)?;
    Ok(if negative { -number } else { number })
}

/// Returns the number that the digits spell, times 10^scale, rounded half to even; `None` on overflow.
fn shifted(digits: [&str; 2], scale: i64) -> Option<i64> {
    let mut digits =
        digits.into_iter().flat_map(str::bytes).map(|b| i64::from(b - b'0')).skip_while(|d| *d == 0);
    let significant: Vec<i64> = digits.by_ref().collect();
    let kept = significant.len() as i64 + scale;
    // i64 holds 19 digits.
    if significant.is_empty() || kept < 0 {
        return Some(0);
    }
    if kept > 19 {
        return None;
    }
    let mut number = 0_i64;
    for place in 0..kept as usize {
        let digit = significant.get(place).copied().unwrap_or(0);
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    let rest = significant.get(kept as usize..).unwrap_or_default();
    let up = match rest.split_first() {
        None => false,
        Some((5, tail)) if tail.iter().all(|d| *d == 0) => number % 2 != 0,
        Some((first, _)) => *first >= 5,
    };
    number.checked_add(i64::from(up))
}

/// Strips what people write around numbers: blanks, currency signs, thousands separators, brackets for minus.
fn plain(cell: &str, mark: DecimalMark) -> Option<Cow<'_, str>> {
    if cell.bytes().all(|b| b.is_ascii_digit()) || is_plain(cell, mark) {
        return Some(Cow::Borrowed(cell));
    }
    let mut text: String =
        cell.chars().map(narrow).filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
    let mut negative = false;
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        (text, negative) = (inner.to_owned(), true);
    }
    for sign in ["-", "+"] {
        if let Some(rest) = text.strip_prefix(sign) {
            (text, negative) = (rest.to_owned(), negative != (sign == "-"));
        }
    }
    let signed = text.clone();
    let money = ["NT$", "HK$", "US$", "RMB", "CNY", "¥", "$", "€", "£", "元", "块"];
    for sign in money {
        text =
            text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)).map_or(text.clone(), str::to_owned);
    }
    // A minus may also stand behind the currency sign, instead of before it.
    if let (Some(rest), false) = (text.strip_prefix('-'), negative || text == signed) {
        (text, negative) = (rest.to_owned(), true);
    }
    let (thousands, decimal) = match mark {
        DecimalMark::Point => (',', '.'),
        DecimalMark::Comma => ('.', ','),
    };
    if !grouped_in_threes(&text, thousands, decimal) {
        return None;
    }
    let digits: String = text
        .chars()
        .filter(|c| !matches!(*c, '\'' | '’') && *c != thousands)
        .map(|c| if c == decimal { '.' } else { c })
        .collect();
    Some(Cow::Owned(if negative { format!("-{digits}") } else { digits }))
}

fn is_plain(cell: &str, mark: DecimalMark) -> bool {
    mark == DecimalMark::Point
        && cell
            .bytes()
            .enumerate()
            .all(|(place, b)| b.is_ascii_digit() || b == b'.' || (b == b'-' && place == 0))
}

/// `1,234,567.8` is a number; `1,2` is none where the comma separates thousands.
fn grouped_in_threes(text: &str, thousands: char, decimal: char) -> bool {
    let whole = text.split(decimal).next().unwrap_or_default();
    let mut groups = whole.split(thousands);
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    rest.peek().is_none() || ((1..=3).contains(&first.len()) && rest.all(|group| group.len() == 3))
}

/// Full-width digits and signs, as Chinese input methods write them.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '－' | '＋' | '（' | '）' | '＄' => {
            char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
        }
        '￥' => '¥',
        '−' => '-',
        other => other,
    }
}

/// Decides by a column's values which sign stands before the fraction.
pub(crate) fn mark<'c>(cells: impl Iterator<Item = &'c str>) -> DecimalMark {
    let (mut point, mut comma) = (0_u32, 0_u32);
    for cell in cells {
        match (cell.rfind('.'), cell.rfind(',')) {
            (Some(p), Some(c)) if p > c => point += 1,
            (Some(_), Some(_)) => comma += 1,
            // Three digits behind one comma may be thousands: says nothing.
            (None, Some(c)) if cell.len() - c != 4 => comma += 1,
            (Some(p), None) if cell.len() - p != 4 => point += 1,
            _ => {}
        }
    }
    if comma > point { DecimalMark::Comma } else { DecimalMark::Point }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(cell: &str, places: u8) -> Option<i64> {
        scaled(cell, places, DecimalMark::Point).ok()
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(point("2.55", 6), Some(2_550_000));
        assert_eq!(point("-80995.0", 3), Some(-80_995_000));
        assert_eq!(point("¥1,234.50", 2), Some(123_450));
        assert_eq!(point("(12.50)", 2), Some(-1_250));
        assert_eq!(point("-$3", 2), Some(-300));
        assert_eq!(point("$-3", 2), Some(-300));
        assert_eq!(point("１２．５元", 2), Some(1_250));
        assert_eq!(point("1.5E+3", 0), Some(1_500));
        assert_eq!(point("0.30000000000000004", 6), Some(300_000));
        assert_eq!(scaled("1.234,56", 2, DecimalMark::Comma).ok(), Some(123_456));
        for refused in ["", "-", ".", "1,2", "12a", "1.2.3", "--1", "-$-3", "١٢"] {
            assert_eq!(point(refused, 2), None, "{refused:?}");
        }
        assert_eq!(
            scaled("9e18", 3, DecimalMark::Point).expect_err("overflow").code,
            "tabular.value.number_too_large"
        );
    }

    #[test]
    fn ids_lose_the_fraction_that_data_frames_add() {
        assert_eq!(without_zero_fraction("17850.0"), "17850");
        assert_eq!(without_zero_fraction("17850.00"), "17850");
        assert_eq!(without_zero_fraction("1.5"), "1.5");
        assert_eq!(without_zero_fraction("v1.0"), "v1.0");
        assert_eq!(without_zero_fraction("007"), "007");
    }

    #[test]
    fn the_decimal_mark_is_decided_by_the_column() {
        assert_eq!(mark(["1,5", "2", "1.234,00"].into_iter()), DecimalMark::Comma);
        assert_eq!(mark(["1,234", "2.50"].into_iter()), DecimalMark::Point);
        assert_eq!(mark(["1,234"].into_iter()), DecimalMark::Point);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(number in -9_000_000_000_000_i64..9_000_000_000_000, places in 0_u8..7) {
            let scale = 10_i64.pow(u32::from(places));
            let sign = if number < 0 { "-" } else { "" };
            let (whole, rest) = ((number / scale).abs(), (number % scale).abs());
            let text = if places == 0 { number.to_string() } else { format!("{sign}{whole}.{rest:0width$}", width = usize::from(places)) };
            prop_assert_eq!(scaled(&text, places, DecimalMark::Point).ok(), Some(number));
        }
    }
}
