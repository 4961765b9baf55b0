use kernel::{Id, Problem, Result};
use store::vault::{SealedColumns, SealedRow};
use store::{Observation, Store, Tx, args};

use super::rules::{self, NODES, OTHERS, PROFILES};
use super::sql::{self, Standing};
use crate::node::{Key, NodeKind};
use crate::profile::search;

/// Rows in one transaction: others write in between.
const CHUNK: usize = 500;
const LIMIT: i64 = CHUNK as i64;

/// Rows of a table that do not lie as they should (待加密行数).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// The table.
    pub table: &'static str,
    /// How many rows lie plain, or under an older key.
    pub rows: i64,
}

/// Returns the tables in which something still has to be sealed; reads all of them.
pub async fn remaining(store: &Store) -> Result<Vec<Remaining>> {
    let mut found = Vec::new();
    for columns in rules::all() {
        let rows = columns.remaining(store).await?;
        if rows > 0 {
            found.push(Remaining { table: columns.table, rows });
        }
    }
    Ok(found)
}

/// Seals whatever is not yet, from where the last time ended; returns how many rows were looked at.
///
/// Where nothing is left this asks one question of each table, and a new data key begins it anew.
pub async fn seal_all(store: &Store) -> Result<usize> {
    let mark = store.vault().mark()?;
    let mut seen = 0;
    for pass in passes() {
        while let Some(after) = place(store, &pass, &mark).await? {
            let mut tx = store.begin_observation(Observation::Upkeep).await?;
            let (rows, last) = pass.some(&mut tx, &after).await?;
            let is_end = rows < CHUNK;
            let finished = is_end.then(|| tx.now());
            tx.exec(sql::NOTE, args![pass.name(), &mark, last.unwrap_or(after), finished]).await?;
            tx.commit().await?;
            seen += rows;
        }
    }
    if seen > 0 {
        store.empty_log().await?;
    }
    Ok(seen)
}

/// Returns behind which key a pass goes on; nothing where it is at its end.
async fn place(store: &Store, pass: &Pass, mark: &str) -> Result<Option<String>> {
    let standing: Option<Standing> = store.find(sql::STANDING, args![pass.name()]).await?;
    Ok(match standing {
        Some(standing) if standing.mark != mark => Some(String::new()),
        Some(standing) if standing.is_finished => None,
        Some(standing) => Some(standing.after_key),
        None => Some(String::new()),
    })
}

enum Pass {
    Nodes(NodeKind, &'static SealedColumns),
    Profiles,
    /// Makes numbers of cards found by any part; they lie plain.
    Cards,
    Other(&'static SealedColumns),
}

fn passes() -> impl Iterator<Item = Pass> {
    let nodes = NODES.iter().map(|(kind, columns)| Pass::Nodes(*kind, columns));
    nodes.chain([Pass::Profiles, Pass::Cards]).chain(OTHERS.iter().map(Pass::Other))
}

impl Pass {
    fn name(&self) -> &'static str {
        match self {
            Self::Nodes(kind, _) => kind.as_str(),
            Self::Profiles => PROFILES.table,
            Self::Cards => NodeKind::MemberNumber.as_str(),
            Self::Other(columns) => columns.table,
        }
    }

    /// Does some rows; returns how many, and the key of the last.
    async fn some(&self, tx: &mut Tx, after: &str) -> Result<(usize, Option<String>)> {
        let rows = match self {
            Self::Nodes(kind, columns) => nodes(tx, *kind, columns, after).await?,
            Self::Profiles => profiles(tx, after).await?,
            Self::Cards => return cards(tx, after).await,
            Self::Other(columns) => columns.seal_some(tx, after, LIMIT).await?,
        };
        Ok((rows.len(), rows.into_iter().next_back().map(|row| row.key)))
    }
}

async fn nodes(tx: &mut Tx, kind: NodeKind, columns: &SealedColumns, after: &str) -> Result<Vec<SealedRow>> {
    let mut rows = columns.seal_some(tx, after, LIMIT).await?;
    let mut keys = Vec::with_capacity(rows.len());
    for row in &mut rows {
        let value = row.values.first_mut().and_then(Option::take).unwrap_or_default();
        keys.push((id(&row.key)?, Key { kind, value }));
    }
    let keys: Vec<(Id, &Key)> = keys.iter().map(|(id, key)| (*id, key)).collect();
    search::add_nodes(tx, &keys).await?;
    Ok(rows)
}

async fn profiles(tx: &mut Tx, after: &str) -> Result<Vec<SealedRow>> {
    let rows = PROFILES.seal_some(tx, after, LIMIT).await?;
    let mut named = Vec::with_capacity(rows.len());
    for row in &rows {
        // Name and given name; the address behind them is not searched for.
        let names = row.values.iter().take(2).filter_map(Option::as_deref).collect();
        named.push((id(&row.key)?, names));
    }
    search::add_profiles(tx, &named).await?;
    Ok(rows)
}

async fn cards(tx: &mut Tx, after: &str) -> Result<(usize, Option<String>)> {
    let rows: Vec<(Id, String)> = tx.all(sql::CARDS, args![after, LIMIT]).await?;
    let keys: Vec<(Id, Key)> =
        rows.into_iter().map(|(id, value)| (id, Key { kind: NodeKind::MemberNumber, value })).collect();
    let told: Vec<(Id, &Key)> = keys.iter().map(|(id, key)| (*id, key)).collect();
    search::add_nodes(tx, &told).await?;
    Ok((keys.len(), keys.last().map(|(id, _)| id.to_string())))
}

fn id(key: &str) -> Result<Id> {
    key.parse().map_err(|_| Problem::internal("a row's key is no id"))
}
