use crate::normalise;

/// Record (记录) as a source wrote it; what it does not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Family name, or the whole name where it is one.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Day of birth.
    pub born: Option<String>,
    /// Street and house.
    pub address: Option<String>,
    /// District, quarter, suburb.
    pub district: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Official number, such as that of an identity card.
    pub number: Option<String>,
}

/// Field (字段) of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Family name, or the whole name.
    Name,
    /// Given name.
    GivenName,
    /// E-mail address.
    Email,
    /// Mobile number.
    Mobile,
    /// Day of birth.
    Born,
    /// Street and house.
    Address,
    /// District.
    District,
    /// City.
    City,
    /// Postcode.
    Postcode,
    /// Official number.
    Number,
}

/// How many fields there are.
pub const FIELDS: usize = 10;

impl Field {
    /// Every field, in the order of their levels in a pattern.
    pub const ALL: [Self; FIELDS] = [
        Self::Name,
        Self::GivenName,
        Self::Email,
        Self::Mobile,
        Self::Born,
        Self::Address,
        Self::District,
        Self::City,
        Self::Postcode,
        Self::Number,
    ];

    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::Email => "email",
            Self::Mobile => "mobile",
            Self::Born => "born",
            Self::Address => "address",
            Self::District => "district",
            Self::City => "city",
            Self::Postcode => "postcode",
            Self::Number => "number",
        }
    }

    /// Returns the highest level of agreement; the lowest is 0, different.
    pub fn levels(self) -> u8 {
        match self {
            Self::Name | Self::GivenName | Self::Born | Self::Address => 3,
            _ => 2,
        }
    }
}

/// Record ready to be compared: each field in the form in which spellings of the same are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    pub(crate) name: Box<str>,
    pub(crate) name_reading: Box<str>,
    pub(crate) given: Box<str>,
    pub(crate) given_reading: Box<str>,
    pub(crate) email: Box<str>,
    pub(crate) mobile: Box<str>,
    /// Year, month and day as eight digits, or whatever digits there are.
    pub(crate) born: Box<str>,
    pub(crate) address: Box<str>,
    pub(crate) district: Box<str>,
    pub(crate) city: Box<str>,
    pub(crate) postcode: Box<str>,
    pub(crate) number: Box<str>,
}

impl Prepared {
    /// Prepares a record.
    pub fn new(record: &Record) -> Self {
        let with = |text: &Option<String>, form: fn(&str) -> String| -> Box<str> {
            text.as_deref().map(form).unwrap_or_default().into_boxed_str()
        };
        let (name, given) = normalise::parts(
            &with(&record.name, normalise::name),
            &with(&record.given_name, normalise::name),
        );
        Self {
            name_reading: normalise::reading(&name).into(),
            given_reading: normalise::reading(&given).into(),
            name: name.into(),
            given: given.into(),
            email: with(&record.email, normalise::email),
            mobile: with(&record.mobile, normalise::phone),
            born: with(&record.born, normalise::date),
            address: with(&record.address, normalise::address),
            district: with(&record.district, normalise::text),
            city: with(&record.city, normalise::text),
            postcode: with(&record.postcode, normalise::code),
            number: with(&record.number, normalise::code),
        }
    }
}
