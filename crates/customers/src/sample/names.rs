use std::collections::BTreeMap;

use kernel::{Language, LocalText, Problem, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The lists from which the sample's people get their made-up names and addresses.
#[derive(Debug, Deserialize)]
pub struct Names {
    email: Form,
    mobile: MobileForm,
    surnames: Vec<Surname>,
    given_names: Vec<LocalText>,
    city: LocalText,
    districts: Vec<LocalText>,
    streets: Vec<LocalText>,
    estates: Vec<LocalText>,
    address: AddressForm,
}

#[derive(Debug, Deserialize)]
struct Form {
    form: String,
}

#[derive(Debug, Deserialize)]
struct MobileForm {
    form: String,
    country_code: String,
}

// The text is repeated here because a flattened struct would lose its line in error messages.
#[derive(Debug, Deserialize)]
struct Surname {
    #[serde(rename = "zh-Hans")]
    zh_hans: String,
    #[serde(rename = "zh-Hant")]
    zh_hant: String,
    en: String,
    weight: u64,
}

#[derive(Debug, Deserialize)]
struct AddressForm {
    numbers: BTreeMap<String, u64>,
    texts: LocalText,
}

/// A made-up person.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub given_name: String,
    pub address: String,
    pub city: String,
    pub district: String,
    pub email: String,
    pub mobile: String,
}

impl Names {
    /// Reads the lists; a mistake is named with its line.
    pub fn read(yaml: &str) -> Result<Self> {
        serde_yaml_ng::from_str(yaml).map_err(|error| {
            Problem::unprocessable("customers.sample.unreadable").with("reason", error.to_string())
        })
    }

    /// Makes up the person of a household: the same one every time, written in their language.
    ///
    /// City and district are kept in the company's language, because staff filter by them.
    pub fn person(&self, household: u32, language: Language) -> Person {
        let surname = self.surname(household);
        let given_name = pick(&self.given_names, "given_name", household).get(language);
        let district = pick(&self.districts, "district", household);
        let name = match language {
            Language::ZhHans => format!("{}{given_name}", surname.zh_hans),
            Language::ZhHant => format!("{}{given_name}", surname.zh_hant),
            Language::En => format!("{given_name} {}", surname.en),
        };
        Person {
            name,
            given_name: given_name.to_owned(),
            address: self.address(household, language, district),
            city: self.city.get(Language::ZhHans).to_owned(),
            district: district.get(Language::ZhHans).to_owned(),
            email: self.email(household),
            mobile: self.mobile.country_code.clone()
                + &self.mobile.form.replace("{household_id:04}", &format!("{household:04}")),
        }
    }

    /// Makes up the e-mail address of a household.
    pub fn email(&self, household: u32) -> String {
        self.email.form.replace("{household_id}", &household.to_string())
    }

    fn surname(&self, household: u32) -> &Surname {
        let total: u64 = self.surnames.iter().map(|s| s.weight).sum();
        let mut rest = draw("surname", household) % total.max(1);
        for surname in &self.surnames {
            if rest < surname.weight {
                return surname;
            }
            rest -= surname.weight;
        }
        &self.surnames[0]
    }

    fn address(&self, household: u32, language: Language, district: &LocalText) -> String {
        let mut text = self.address.texts.get(language).to_owned();
        let parts = [
            ("{city}", &self.city),
            ("{district}", district),
            ("{street}", pick(&self.streets, "street", household)),
            ("{estate}", pick(&self.estates, "estate", household)),
        ];
        for (place, part) in parts {
            text = text.replace(place, part.get(language));
        }
        for (name, of) in &self.address.numbers {
            let number = 1 + draw(name, household) % (*of).max(1);
            text = text.replace(&format!("{{{name}}}"), &number.to_string());
        }
        text
    }
}

fn pick<'a>(list: &'a [LocalText], field: &str, household: u32) -> &'a LocalText {
    &list[(draw(field, household) % list.len() as u64) as usize]
}

/// Draws a number that is always the same for this field of this household.
pub fn draw(field: &str, household: u32) -> u64 {
    let digest = Sha256::digest(format!("sample/{field}/{household}"));
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(first)
}

/// Draws the language in which a household reads: 85 in a hundred Simplified Chinese, 8 Traditional, 7 English.
pub fn language(household: u32) -> Language {
    match draw("language", household) % 100 {
        0..85 => Language::ZhHans,
        85..93 => Language::ZhHant,
        _ => Language::En,
    }
}

/// What a household of the sample said to one brand about e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They agreed.
    Granted,
    /// They agreed and took it back later.
    Withdrawn,
    /// They never said anything.
    Never,
}

/// Draws the answer: 80 in a hundred agreed, 5 took it back, 15 said nothing.
///
/// Brands are told apart by their place in the list: their ids differ from one installation to the next.
pub fn answer(household: u32, brand: usize) -> Answer {
    match draw(&format!("consent_{brand}"), household) % 100 {
        0..80 => Answer::Granted,
        80..85 => Answer::Withdrawn,
        _ => Answer::Never,
    }
}
