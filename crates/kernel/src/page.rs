use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{Problem, Result};

/// Rows on a page when the caller does not say.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// Most rows on a page: bounds the work of one request.
pub const PAGE_SIZE_MAX: u32 = 200;

/// Which part of a list is wanted: the same parameters on every list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows wanted, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    pub page_size: Option<u32>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1024)]
    pub cursor: Option<String>,
}

impl PageQuery {
    /// Returns the number of rows to show, or a problem where it is out of bounds.
    pub fn size(&self) -> Result<u32> {
        match self.page_size.unwrap_or(PAGE_SIZE_DEFAULT) {
            size @ 1..=PAGE_SIZE_MAX => Ok(size),
            size => Err(Problem::bad_request("page.size_out_of_range")
                .with("size", size)
                .with("max", PAGE_SIZE_MAX)),
        }
    }

    /// Returns the key of the last row seen, where the caller came from an earlier page.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        self.cursor.as_deref().map(Cursor::decode).transpose()
    }
}

/// Place in a list (游标): opaque to callers; inside, the sort key of the last row.
pub struct Cursor;

impl Cursor {
    /// Writes the key of the last row of a page.
    pub fn encode<K: Serialize>(key: &K) -> String {
        let json = serde_json::to_vec(key).expect("a sort key is plain data");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads a cursor that a caller sent back.
    pub fn decode<K: DeserializeOwned>(text: &str) -> Result<K> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| Problem::bad_request("page.cursor_invalid"))
    }
}

/// A page of a list (分页).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page from one row more than was asked for: the extra row says that there is a next page.
    pub fn from_overfull<K: Serialize>(mut items: Vec<T>, size: u32, key: impl Fn(&T) -> K) -> Self {
        let more = items.len() > size as usize;
        items.truncate(size as usize);
        let next_cursor = if more { items.last().map(|row| Cursor::encode(&key(row))) } else { None };
        Self { items, next_cursor }
    }

    /// Makes the page of a short list that is always shown whole.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_row_becomes_the_next_page() {
        let page = Page::from_overfull(vec![1, 2, 3], 2, |n| *n);
        assert_eq!(page.items, [1, 2]);
        let cursor = page.next_cursor.expect("there is a third row");
        assert_eq!(Cursor::decode::<i32>(&cursor).expect("our own cursor"), 2);
        assert!(Page::from_overfull(vec![1, 2], 2, |n| *n).next_cursor.is_none());
        assert!(Cursor::decode::<i32>("%%%").is_err());
    }
}
