use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;
use uuid::Uuid;

/// Identifier (标识) of any row: a UUIDv7, so that ids sort by creation time.
///
/// Stored and sent as its 36 character text form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = "uuid", examples("0199c0de-0000-7000-8000-000000000001"))]
pub struct Id(Uuid);

impl Id {
    /// Makes a new, time-ordered id.
    #[expect(clippy::new_without_default, reason = "two calls differ: a default would mislead")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// Makes the id that belongs to `name` for ever: the same name gives the same id.
    ///
    /// Shape: the first 16 bytes that the caller derived from the name (a digest), marked as version 8.
    pub fn from_digest(digest: [u8; 16]) -> Self {
        Self(uuid::Builder::from_custom_bytes(digest).into_uuid())
    }

    /// Returns its 16 bytes, which sort as its text does.
    pub fn bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// Returns the id that has these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

// Text in every format: rows hold ids as text too.
impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Id;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id such as 0199c0de-0000-7000-8000-000000000001")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}
