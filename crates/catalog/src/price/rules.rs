use kernel::{Problem, Result, Timestamp};

use super::NewPrice;

/// Highest price: a thousand million of a currency's major unit.
const PRICE_MAX: i64 = 1_000_000_000_000_000;

/// Refuses prices out of bounds and times that end before they begin.
pub(super) fn check(new: &NewPrice, valid_from: Timestamp) -> Result<()> {
    let mut problem = Problem::unprocessable("catalog.price.invalid");
    if !(0..=PRICE_MAX).contains(&new.price.0) {
        problem = problem.with_field("price", "catalog.price.out_of_range");
    }
    if new.purchase_price.is_some_and(|price| !(0..=PRICE_MAX).contains(&price.0)) {
        problem = problem.with_field("purchase_price", "catalog.price.out_of_range");
    }
    if new.valid_to.is_some_and(|to| to <= valid_from) {
        problem = problem.with_field("valid_to", "catalog.price.ends_before_it_begins");
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::UnitPrice;

    #[test]
    fn a_price_is_not_negative_and_ends_after_it_began() {
        let (now, earlier) = (Timestamp::from_ms(1_000), Timestamp::from_ms(999));
        let price = |price, valid_to| NewPrice {
            price: UnitPrice(price),
            purchase_price: None,
            currency: None,
            valid_from: None,
            valid_to,
        };
        assert!(check(&price(0, None), now).is_ok());
        assert_eq!(check(&price(-1, Some(earlier)), now).expect_err("two faults").fields.len(), 2);
    }
}
