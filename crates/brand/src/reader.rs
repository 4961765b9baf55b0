//! Reads inside a change or outside of one, so that a closure is loaded by one text in both places.

use kernel::{Problem, Result};
use serde::de::DeserializeOwned;
use store::{Store, Tx, Value};

/// Where to read.
#[derive(Debug)]
pub enum Reader<'a> {
    /// As committed.
    Store(&'a Store),
    /// As this change sees it.
    Tx(&'a mut Tx),
}

impl Reader<'_> {
    /// Returns all rows.
    pub async fn all<T: DeserializeOwned>(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<T>> {
        match self {
            Self::Store(store) => store.all(sql, args).await,
            Self::Tx(tx) => tx.all(sql, args).await,
        }
    }

    /// Returns the first row, if there is one.
    pub async fn find<T: DeserializeOwned>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Returns the row, or the refusal "not found".
    pub async fn get<T: DeserializeOwned>(&mut self, sql: &'static str, args: Vec<Value>) -> Result<T> {
        self.find(sql, args).await?.ok_or_else(|| Problem::not_found("access.not_found"))
    }
}
