use kernel::{Problem, Result};
use serde::Deserialize;

use crate::profile::facts::Facts;
use crate::profile::{AgeBand, IncomeBand};

/// A household as the source has it; most fields are empty for most.
#[derive(Debug, Deserialize)]
pub struct Household {
    #[serde(rename = "household_id")]
    pub id: u32,
    age: String,
    income: String,
    home_ownership: String,
    marital_status: String,
    household_size: String,
    kids_count: String,
}

impl Household {
    /// Returns what the source tells; a word that it never used before is refused.
    pub fn facts(&self) -> Result<Facts> {
        Ok(Facts {
            age_band: translate("age", &self.age, AGES)?,
            income_band: translate("income", &self.income, INCOMES)?,
            homeowner: translate("home_ownership", &self.home_ownership, HOMES)?,
            married: translate("marital_status", &self.marital_status, MARRIAGES)?,
            household_size: translate("household_size", &self.household_size, SIZES)?,
            children: translate("kids_count", &self.kids_count, CHILDREN)?,
            ..Facts::default()
        })
    }
}

const AGES: &[(&str, AgeBand)] = &[
    ("19-24", AgeBand::From19),
    ("25-34", AgeBand::From25),
    ("35-44", AgeBand::From35),
    ("45-54", AgeBand::From45),
    ("55-64", AgeBand::From55),
    ("65+", AgeBand::From65),
];
const INCOMES: &[(&str, IncomeBand)] = &[
    ("Under 15K", IncomeBand::Under15),
    ("15-24K", IncomeBand::From15),
    ("25-34K", IncomeBand::From25),
    ("35-49K", IncomeBand::From35),
    ("50-74K", IncomeBand::From50),
    ("75-99K", IncomeBand::From75),
    ("100-124K", IncomeBand::From100),
    ("125-149K", IncomeBand::From125),
    ("150-174K", IncomeBand::From150),
    ("175-199K", IncomeBand::From175),
    ("200-249K", IncomeBand::From200),
    ("250K+", IncomeBand::From250),
];
const HOMES: &[(&str, bool)] =
    &[("Homeowner", true), ("Probable Homeowner", true), ("Renter", false), ("Probable Renter", false)];
const MARRIAGES: &[(&str, bool)] = &[("Married", true), ("Unmarried", false)];
const SIZES: &[(&str, i64)] = &[("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5+", 5)];
const CHILDREN: &[(&str, i64)] = &[("0", 0), ("1", 1), ("2", 2), ("3+", 3)];

fn translate<T: Copy>(column: &str, word: &str, words: &[(&str, T)]) -> Result<Option<T>> {
    if word.is_empty() {
        return Ok(None);
    }
    let known = words.iter().find(|(text, _)| *text == word).map(|(_, value)| Some(*value));
    known.ok_or_else(|| {
        let reason = format!("{column}: {word:?}");
        Problem::unprocessable("customers.sample.unreadable").with("reason", reason)
    })
}
