use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Currency (币种): an ISO 4217 code of three capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Z]{3}$", examples("CNY"))]
pub struct Currency(String);

impl Currency {
    /// Returns the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(format!("{code:?} is not a currency code of three capital letters"))
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

/// Amount (金额) in minor units (分) of a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Minor units: 1 yuan is 100.
    pub amount_minor: i64,
    /// The currency that the minor units count.
    pub currency: Currency,
}

/// Unit price (单价) as a decimal with six places, held in millionths of the major unit.
///
/// A line total in minor units is `round_half_even(quantity x price)`, see [`UnitPrice::line_total_minor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = i64)]
pub struct UnitPrice(pub i64);

impl UnitPrice {
    /// Returns `quantity_milli / 1000` times this price in minor units of a two-place currency,
    /// rounded half to even; `None` on overflow.
    pub fn line_total_minor(self, quantity_milli: i64) -> Option<i64> {
        // millionths x thousandths = 1e-9 major units = 1e-7 minor units
        const SCALE: i128 = 10_000_000;
        let product = i128::from(self.0) * i128::from(quantity_milli);
        let (quotient, rest) = (product.div_euclid(SCALE), product.rem_euclid(SCALE));
        let up = rest * 2 > SCALE || (rest * 2 == SCALE && quotient % 2 != 0);
        i64::try_from(quotient + i128::from(up)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_totals_round_half_to_even() {
        let price = UnitPrice(2_555_000); // 2.555
        assert_eq!(price.line_total_minor(1_000), Some(256)); // 255.5 -> 256 (even)
        assert_eq!(UnitPrice(2_545_000).line_total_minor(1_000), Some(254)); // 254.5 -> 254 (even)
        assert_eq!(UnitPrice(2_545_000).line_total_minor(-1_000), Some(-254));
        assert_eq!(UnitPrice(i64::MAX).line_total_minor(i64::MAX), None);
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert!(Currency::try_from("CNY".to_owned()).is_ok());
        assert!(Currency::try_from("yuan".to_owned()).is_err());
    }
}
