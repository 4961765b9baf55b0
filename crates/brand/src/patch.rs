//! Tells "absent" from "null" in a patch.

use serde::{Deserialize, Deserializer};

/// Reads a field that was given, null included; together with `#[serde(default)]`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}
