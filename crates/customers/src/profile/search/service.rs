use std::collections::BTreeSet;

use kernel::{Id, Result, Timestamp};
use store::secrets::Signer;
use store::{Query, Store, Tx, Vault, args};

use super::sql::Terms;
use super::{rules, sql};
use crate::node::Key;

/// People in one statement.
const CHUNK: usize = 4_000;
/// People from whom on a term is a common one.
const COMMON: i64 = 5_000;
/// Passes of sealing that a search needs: names, addresses, mobile numbers and those of cards.
const PASSES: usize = 4;

/// Notes what identifiers can be found by.
pub(crate) async fn add_nodes(tx: &mut Tx, nodes: &[(Id, &Key)]) -> Result<()> {
    let digest = digest(tx.vault())?;
    let mut rows = Vec::new();
    for (node, key) in nodes {
        rows.extend(digests(&digest, &rules::node_terms(key)).map(|term| args![term, *node]));
    }
    tx.insert_many(sql::INSERT_NODE_TERMS, rows, sql::KEEP).await.map(drop)
}

/// Notes what people can be found by, in place of what they were found by: their names as (id, names).
pub(crate) async fn put_profiles(tx: &mut Tx, named: &[(Id, Vec<&str>)]) -> Result<()> {
    let ids: Vec<Id> = named.iter().map(|(id, _)| *id).collect();
    for chunk in ids.chunks(CHUNK) {
        tx.exec_query(sql::forget(chunk)).await?;
    }
    add_profiles(tx, named).await
}

/// Notes what people can be found by who could not be found before.
pub(crate) async fn add_profiles(tx: &mut Tx, named: &[(Id, Vec<&str>)]) -> Result<()> {
    let digest = digest(tx.vault())?;
    let mut rows = Vec::new();
    for (profile, names) in named {
        let terms: BTreeSet<String> = names.iter().flat_map(|name| rules::name_terms(name)).collect();
        rows.extend(digests(&digest, &terms).map(|term| args![term, *profile]));
    }
    tx.insert_many(sql::INSERT_PROFILE_TERMS, rows, sql::KEEP).await.map(drop)
}

/// Forgets what an identifier could be found by; returns the number of terms.
pub(crate) async fn forget_node(tx: &mut Tx, node: Id) -> Result<u64> {
    tx.exec(sql::FORGET_NODE, args![node]).await
}

/// Forgets what a person could be found by; returns the number of terms.
pub(crate) async fn forget_profile(tx: &mut Tx, profile: Id) -> Result<u64> {
    tx.exec(sql::FORGET_PROFILE, args![profile]).await
}

/// Forgets the names that an import told of people who were put away with it at `now`.
pub(crate) async fn forget_import(tx: &mut Tx, import: Id, now: Timestamp) -> Result<()> {
    tx.exec(sql::FORGET_IMPORT, args![import, now]).await.map(drop)
}

/// Narrows a list of people to those that a text finds, among the fields that the caller may see.
pub(crate) async fn and_matches(store: &Store, query: &mut Query, text: &str, personal: bool) -> Result<()> {
    let digest = digest(store.vault())?;
    let wanted = rules::wanted(text);
    let mut terms = Terms {
        card: digests(&digest, &wanted.card).collect(),
        any_card: wanted.any_card,
        ..Terms::default()
    };
    if personal {
        terms.name = digests(&digest, &wanted.name).collect();
        terms.common = common(store, &terms.name).await?;
        if terms.common.is_some() {
            terms.name.clear();
        }
        terms.nodes = digests(&digest, &wanted.nodes).collect();
    }
    let sealed = store.all::<String>(sql::SEALED, args![]).await?.len() == PASSES;
    (terms.plain_too, terms.any_card) = (personal && !sealed, terms.any_card || !sealed);
    sql::and_matches(query, text, &terms);
    Ok(())
}

/// Returns the term where it is a single one that finds very many, such as a surname: gathering them all to show the newest
/// would take long, and going through the newest does not.
async fn common(store: &Store, terms: &BTreeSet<i64>) -> Result<Option<i64>> {
    match (terms.first(), terms.len()) {
        (Some(term), 1) => {
            let found: i64 = store.get(sql::COUNT, args![*term, COMMON]).await?;
            Ok((found == COMMON).then_some(*term))
        }
        _ => Ok(None),
    }
}

fn digest(vault: &Vault) -> Result<Signer> {
    vault.signer("customers.search")
}

/// Eight bytes of each: enough that hardly ever two terms of many millions are taken for one.
fn digests<'t>(digest: &'t Signer, terms: &'t BTreeSet<String>) -> impl Iterator<Item = i64> + 't {
    terms.iter().map(|term| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest.sign(term.as_bytes())[..8]);
        i64::from_be_bytes(bytes)
    })
}

/// Returns the names of somebody that are not empty.
pub(crate) fn names<'n>(name: &'n Option<String>, given_name: &'n Option<String>) -> Vec<&'n str> {
    [name, given_name].into_iter().filter_map(|name| name.as_deref()).collect()
}
