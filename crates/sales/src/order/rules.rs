//! What an order may be, and what its lines add up to.

use jiff::tz::TimeZone;
use kernel::{Id, Problem, Result, Timestamp};

use super::{Line, NewOrder, Order, OrderKind};

/// Longest source and number.
pub const KEY_CHARS_MAX: usize = 64;
/// Most lines on an order that is recorded by hand.
pub const LINES_MAX: usize = 1_000;
/// Largest quantity in thousandths and largest price in millionths: far above any real one.
const FIGURE_MAX: i64 = 1_000_000_000_000;

/// Refuses an order that makes no sense, naming the field.
pub fn check(order: &NewOrder) -> Result<()> {
    let invalid = |field: &str, code: &'static str| {
        Err(Problem::unprocessable("sales.order.invalid").with_field(field, code))
    };
    let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= KEY_CHARS_MAX;
    if !fits(&order.source) {
        return invalid("source", "sales.order.key_length");
    }
    if !fits(&order.number) {
        return invalid("number", "sales.order.key_length");
    }
    if order.lines.is_empty() || order.lines.len() > LINES_MAX {
        return invalid("lines", "sales.order.line_count");
    }
    for (at, line) in order.lines.iter().enumerate() {
        if !fits(&line.sku) {
            return invalid(&format!("lines[{at}].sku"), "sales.order.key_length");
        }
        let figures = [line.quantity_milli, line.unit_price_micro.0];
        if line.quantity_milli == 0 || figures.iter().any(|f| f.abs() > FIGURE_MAX) {
            return invalid(&format!("lines[{at}].quantity_milli"), "sales.order.figure_out_of_range");
        }
        if line.unit_price_micro.line_total_minor(line.quantity_milli).is_none() {
            return invalid(&format!("lines[{at}].unit_price_micro"), "sales.order.figure_out_of_range");
        }
    }
    Ok(())
}

/// Returns the id that belongs to an order of a source for ever.
pub fn order_id(source: &str, number: &str) -> Id {
    tabular::natural_id(&["order", source, number])
}

/// Returns the id that belongs to a product of a source for ever; catalog makes the same.
pub fn product_id(source: &str, sku: &str) -> Id {
    tabular::natural_id(&["product", source, sku])
}

/// Tells a cancellation by its number, as tills and shops write it: a C before the digits.
pub fn kind(number: &str) -> OrderKind {
    let rest = number.strip_prefix(['C', 'c']).unwrap_or_default();
    let is_number = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    if is_number { OrderKind::Cancellation } else { OrderKind::Sale }
}

/// Returns the month by the company's calendar.
pub fn month(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.instant().to_zoned(zone.clone());
    format!("{:04}-{:02}", local.year(), local.month())
}

/// Adds lines to the figures of their order.
pub fn add(order: &mut Order, lines: &[Line]) {
    for line in lines {
        order.total_minor += line.total_minor;
        order.discount_minor += line.discount_minor;
        order.coupon_discount_minor += line.coupon_discount_minor;
        order.line_count += 1;
    }
}

/// Returns the brand that all lines share.
pub fn brand<'a>(mut lines: impl Iterator<Item = &'a Line>) -> Option<Id> {
    let first = lines.next()?.brand_id?;
    lines.all(|line| line.brand_id == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_before_the_digits_cancels() {
        assert_eq!(kind("C536379"), OrderKind::Cancellation);
        assert_eq!(kind("536379"), OrderKind::Sale);
        assert_eq!(kind("CASH-1"), OrderKind::Sale);
        assert_eq!(kind("C"), OrderKind::Sale);
    }

    #[test]
    fn months_are_the_companys() {
        let at: Timestamp = "2026-10-31T17:00:00Z".parse().expect("a time");
        assert_eq!(month(at, &TimeZone::get("Asia/Shanghai").expect("known")), "2026-11");
        assert_eq!(month(at, &TimeZone::UTC), "2026-10");
    }
}
