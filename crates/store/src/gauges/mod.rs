//! Gauges (运行指标): how much waits in the store at this moment, for whoever watches the product.

mod sql;

use kernel::{Result, Timestamp};
use serde::Deserialize;

use crate::store::Pools;
use crate::{Dialect, Store, args};

/// What waits, and how the database's connections stand.
#[derive(Clone, Debug)]
pub struct Gauges {
    /// Jobs by kind and state.
    pub jobs: Vec<JobCount>,
    /// Events that no handler got yet.
    pub outbox: Waiting,
    /// Audit entries that the sealer has not chained yet.
    pub unsealed: Waiting,
    /// Open connections to the database.
    pub connections: u32,
    /// Of these, those that nobody uses.
    pub connections_idle: u32,
}

/// How many jobs of one kind are in one state.
#[derive(Clone, Debug, Deserialize)]
pub struct JobCount {
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// How many things wait, and since when the oldest does.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Waiting {
    /// How many.
    pub count: i64,
    /// Since when.
    pub oldest_at: Option<Timestamp>,
}

/// What the database says of itself.
#[derive(Clone, Debug, Deserialize)]
pub struct About {
    /// Its kind and version.
    pub version: String,
    /// Its clock.
    pub now: Timestamp,
}

impl Waiting {
    /// Returns for how long the oldest one has waited, in seconds.
    pub fn lag_seconds(&self, now: Timestamp) -> f64 {
        self.oldest_at.map_or(0.0, |at| (now.ms() - at.ms()).max(0) as f64 / 1_000.0)
    }
}

impl Store {
    /// Asks the database for its version and its clock.
    pub async fn about(&self) -> Result<About> {
        match self.dialect() {
            Dialect::Sqlite => self.get(sql::ABOUT_SQLITE, args![]).await,
            Dialect::Postgres => self.get(sql::ABOUT_POSTGRES, args![]).await,
        }
    }

    /// Counts what waits.
    pub async fn gauges(&self) -> Result<Gauges> {
        let (connections, idle) = match &self.pools {
            Pools::Sqlite { writer, readers } => {
                let (open, idle) = readers.count();
                (1 + open, usize::from(writer.is_idle()) + idle)
            }
            Pools::Postgres(pool) => (pool.size(), pool.num_idle()),
        };
        Ok(Gauges {
            jobs: self.all(sql::JOBS, args![]).await?,
            outbox: self.get(sql::OUTBOX, args![]).await?,
            unsealed: self.get(sql::UNSEALED, args![]).await?,
            connections,
            connections_idle: u32::try_from(idle).unwrap_or(u32::MAX),
        })
    }
}
