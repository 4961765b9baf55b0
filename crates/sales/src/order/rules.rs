//! What an order line is worth, what kind of movement it is, and what may be recorded.

use kernel::{Id, Problem, Result, UnitPrice};

use super::{NewLine, NewOrder, OrderKind};

/// Lines of one order.
const LINES_MAX: usize = 500;
/// Thousand million pieces.
pub(crate) const QUANTITY_MAX: i64 = 1_000_000_000_000;
/// Thousand million of a currency's major unit.
pub(crate) const PRICE_MAX: i64 = 1_000_000_000_000_000;
/// Ten thousand million of a currency's major unit.
pub(crate) const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// Nodes that one list asks for.
const NODES_MAX: usize = 50;

/// Decides what kind of movement a line is.
///
/// A number that begins with `C` and goes on with digits is how tills mark cancellations; less than
/// nothing is one, too; a price below nothing puts the books right.
pub(crate) fn movement(order_number: &str, quantity_milli: i64, unit_price: i64) -> OrderKind {
    let marked = order_number
        .strip_prefix(['C', 'c'])
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    if marked || quantity_milli < 0 {
        OrderKind::Cancellation
    } else if unit_price < 0 {
        OrderKind::Adjustment
    } else {
        OrderKind::Sale
    }
}

/// Returns the kind of an order that holds both: a sale where any line is one.
pub(crate) fn together(one: OrderKind, other: OrderKind) -> OrderKind {
    one.min(other)
}

/// Returns what was received for a line; `None` where no such amount exists.
pub(crate) fn total(unit_price: i64, quantity_milli: i64, discount_minor: i64) -> Option<i64> {
    let gross = UnitPrice(unit_price).line_total_minor(quantity_milli)?;
    // What is given back was cheaper by the same discount.
    let net = if quantity_milli < 0 {
        gross.checked_add(discount_minor)?
    } else {
        gross.checked_sub(discount_minor)?
    };
    (-AMOUNT_MAX..=AMOUNT_MAX).contains(&net).then_some(net)
}

/// Returns the price of one, in millionths, of a line of which only the total is known.
pub(crate) fn price_of_total(total_minor: i64, quantity_milli: i64) -> i64 {
    if quantity_milli == 0 {
        return 0;
    }
    // minor units * 10^4 are millionths; thousandths of pieces * 10^3 are pieces
    let millionths = i128::from(total_minor) * 10_000_000 / i128::from(quantity_milli);
    i64::try_from(millionths).unwrap_or(if millionths < 0 { -PRICE_MAX } else { PRICE_MAX })
}

/// Returns the number of an order whose file numbers none: a customer's purchases of one day are one order.
pub(crate) fn number_of_day(customer: &str, day: &str) -> String {
    format!("{customer}/{day}")
}

/// Refuses an order out of bounds, field by field.
pub(crate) fn check(new: &NewOrder) -> Result<()> {
    let mut check = Check(Problem::unprocessable("sales.order.invalid"));
    check.text("source", &new.source, 1, 60);
    check.text("number", &new.number, 1, 80);
    check.text("store", new.store.as_deref().unwrap_or_default(), 0, 100);
    check.customer(new);
    if new.lines.is_empty() || new.lines.len() > LINES_MAX {
        check.fault("lines", "sales.order.lines");
    }
    for (place, line) in new.lines.iter().enumerate().take(LINES_MAX) {
        check.line(place, line);
    }
    if check.0.fields.is_empty() { Ok(()) } else { Err(check.0) }
}

struct Check(Problem);

impl Check {
    fn fault(&mut self, field: impl Into<String>, code: &'static str) {
        let problem = std::mem::replace(&mut self.0, Problem::unprocessable("sales.order.invalid"));
        self.0 = problem.with_field(field, code);
    }

    fn text(&mut self, field: &str, text: &str, min: usize, max: usize) {
        let length = text.trim().chars().count();
        if length < min {
            self.fault(field, "sales.field.required");
        } else if length > max || text.chars().any(char::is_control) {
            self.fault(field, "sales.field.too_long");
        }
    }

    fn customer(&mut self, new: &NewOrder) {
        let said = [
            ("member_number", &new.member_number, 80),
            ("email", &new.email, 254),
            ("mobile", &new.mobile, 20),
        ];
        let mut count = usize::from(new.customer_node_id.is_some());
        for (field, text, max) in said {
            if let Some(text) = text {
                count += 1;
                self.text(field, text, 1, max);
            }
        }
        if count > 1 {
            self.fault("member_number", "sales.order.one_identifier");
        }
    }

    fn line(&mut self, place: usize, line: &NewLine) {
        let at = |name: &str| format!("lines.{place}.{name}");
        self.text(&at("sku"), &line.sku, 1, 80);
        self.text(&at("product_source"), line.product_source.as_deref().unwrap_or_default(), 0, 60);
        self.text(&at("description"), line.description.as_deref().unwrap_or_default(), 0, 500);
        self.text(&at("department"), line.department.as_deref().unwrap_or_default(), 0, 100);
        let mut range = |name: &str, value: i64, min: i64, max: i64| {
            if !(min..=max).contains(&value) {
                self.fault(at(name), "sales.line.out_of_range");
            }
        };
        range("quantity_milli", line.quantity_milli, -QUANTITY_MAX, QUANTITY_MAX);
        range("unit_price_micro", line.unit_price_micro.0, 0, PRICE_MAX);
        range("discount_minor", line.discount_minor, 0, AMOUNT_MAX);
        range("coupon_discount_minor", line.coupon_discount_minor, 0, AMOUNT_MAX);
        if total(line.unit_price_micro.0, line.quantity_milli, line.discount_minor).is_none() {
            self.fault(at("unit_price_micro"), "sales.line.total_too_large");
        }
    }
}

/// Reads the nodes that a list asks for.
pub(crate) fn node_ids(text: &str) -> Result<Vec<Id>> {
    let ids: Result<Vec<Id>, _> = text.split(',').map(|id| id.trim().parse()).collect();
    match ids {
        Ok(ids) if ids.len() <= NODES_MAX => Ok(ids),
        _ => Err(Problem::bad_request("sales.order.node_ids").with("max", NODES_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cancellations_are_told_from_sales() {
        assert_eq!(movement("536365", 6_000, 2_550_000), OrderKind::Sale);
        assert_eq!(movement("C536379", -1_000, 27_500_000), OrderKind::Cancellation);
        assert_eq!(movement("536589", -10_000, 0), OrderKind::Cancellation);
        assert_eq!(movement("A563186", 1_000, -11_062_060_000), OrderKind::Adjustment);
        assert_eq!(movement("CARD-7", 1_000, 1), OrderKind::Sale);
        assert_eq!(together(OrderKind::Cancellation, OrderKind::Sale), OrderKind::Sale);
    }

    #[test]
    fn totals_are_net_of_discounts_in_both_directions() {
        assert_eq!(total(2_550_000, 6_000, 30), Some(1_500));
        assert_eq!(total(2_550_000, -6_000, 30), Some(-1_500));
        assert_eq!(total(PRICE_MAX, QUANTITY_MAX, 0), None);
        assert_eq!(price_of_total(2_933, 2_000), 14_665_000);
        assert_eq!(price_of_total(100, 0), 0);
    }

    #[test]
    fn an_order_out_of_bounds_is_refused_field_by_field() {
        let line = |sku: &str, quantity_milli| NewLine {
            sku: sku.into(),
            quantity_milli,
            unit_price_micro: UnitPrice(1_000_000),
            ..NewLine::default()
        };
        let order = NewOrder {
            source: "shop".into(),
            number: " ".into(),
            email: Some("a@b.invalid".into()),
            customer_node_id: Some(Id::new()),
            lines: vec![line("a", 1), line("", i64::MAX)],
            ..NewOrder::default()
        };
        let problem = check(&order).expect_err("five faults");
        let fields: Vec<_> = problem.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(
            fields,
            ["number", "member_number", "lines.1.sku", "lines.1.quantity_milli", "lines.1.unit_price_micro"]
        );
    }

    #[test]
    fn a_list_asks_for_a_bounded_number_of_nodes() {
        let id = Id::new();
        assert_eq!(node_ids(&format!("{id}, {id}")).expect("two ids").len(), 2);
        assert!(node_ids("x").is_err());
        assert!(node_ids(&vec![id.to_string(); 51].join(",")).is_err());
    }
}
