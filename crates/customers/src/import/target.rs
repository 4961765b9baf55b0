use std::collections::BTreeSet;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Label, Permission, Result};
use store::{Tx, args};
use tabular::{FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target};

use super::fields::{self, Context, Told};
use crate::consent::{self, NewConsent};
use crate::node::{self, Key, MatchRule, Resolved};
use crate::permissions::PROFILE_IMPORT;
use crate::profile::facts::{self, About, Origin};
use crate::profile::{record, sql};

/// Customers as an import brings them (客户导入).
#[derive(Debug, Clone, Copy, Default)]
pub struct CustomerTarget;

/// A row that can be stored, with its place in the chunk.
struct Sound {
    place: usize,
    told: Told,
}

#[async_trait]
impl Target for CustomerTarget {
    fn noun(&self) -> &'static str {
        "customers"
    }

    fn fields(&self) -> &'static [FieldSpec] {
        fields::FIELDS
    }

    fn permission(&self) -> Permission {
        PROFILE_IMPORT
    }

    /// The cells hold names, addresses and numbers, as a profile does.
    fn label(&self) -> Label {
        Label::Personal
    }

    async fn store(
        &self,
        _app: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>> {
        let context = Context {
            import_id: import.id,
            brand_id: import.brand_id,
            source: &import.source,
            now: tx.now(),
        };
        let mut outcomes = vec![RowOutcome::Unchanged; rows.len()];
        let mut sound = Vec::with_capacity(rows.len());
        for (place, row) in rows.iter().enumerate() {
            match fields::read(row, context) {
                Ok(told) => sound.push(Sound { place, told }),
                Err(reject) => outcomes[place] = reject.into(),
            }
        }
        store_people(tx, import, &mut sound, &mut outcomes).await?;
        store_consents(tx, import, sound, &mut outcomes).await?;
        Ok(outcomes)
    }

    async fn undo(&self, _app: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        match consent::withdraw_import(tx, import_id, limit).await? {
            0 => {
                let undone = tx.exec(sql::UNDO_IMPORT, args![import_id, limit, tx.now()]).await?;
                let now = tx.now();
                record::forget_import(tx, import_id, now).await?;
                Ok(undone)
            }
            withdrawn => Ok(withdrawn),
        }
    }
}

/// Stores whom the rows are about and what they tell; takes out rows that are about nobody in particular.
async fn store_people(
    tx: &mut Tx,
    import: &ImportRef,
    sound: &mut Vec<Sound>,
    outcomes: &mut [RowOutcome],
) -> Result<()> {
    let records: Vec<Vec<Key>> = sound.iter().map(|row| row.told.keys.clone()).collect();
    let source = format!("import/{}", import.id);
    let ids = node::identify(tx, records.iter().flatten()).await?;
    for (address, consent) in sound.iter_mut().flat_map(|row| &mut row.told.consents) {
        consent.node_id = ids.of(address);
    }
    let resolved = node::resolve(tx, &records, &source, MatchRule::SameRecord).await?;
    let (mut new, mut told): (BTreeSet<Id>, Vec<About>) = Default::default();
    let mut places = Vec::with_capacity(sound.len());
    for (row, found) in sound.iter_mut().zip(&resolved) {
        match found {
            Resolved::Erased => outcomes[row.place] = Reject::new("customers.profile.erased").into(),
            Resolved::SharedIdentifier => outcomes[row.place] = Reject::new("customers.node.shared").into(),
            Resolved::Profile { id, is_new, changed } => {
                if *changed {
                    outcomes[row.place] = RowOutcome::Stored;
                }
                if *is_new {
                    new.insert(*id);
                }
                places.push(row.place);
                let facts = std::mem::take(&mut row.told.facts);
                let node = row.told.keys.first().map_or(*id, |key| ids.of(key));
                told.push(About { profile: *id, node, facts });
            }
        }
    }
    let news = facts::apply(tx, &told, Origin { source: &import.source, import_id: Some(import.id) }).await?;
    for (place, _) in places.iter().zip(news).filter(|(_, is_news)| *is_news) {
        outcomes[*place] = RowOutcome::Stored;
    }
    sound.retain(|row| places.binary_search(&row.place).is_ok());
    mark(tx, import.id, new, &told).await
}

/// Notes what the import made, so that it can be taken back.
async fn mark(tx: &mut Tx, import: Id, new: BTreeSet<Id>, told: &[About]) -> Result<()> {
    let new: Vec<Id> = new.into_iter().collect();
    if !new.is_empty() {
        tx.exec_query(sql::mark_import(import, &new)).await?;
    }
    let all: Vec<Id> = told.iter().map(|about| about.profile).collect::<BTreeSet<_>>().into_iter().collect();
    if !all.is_empty() {
        tx.exec_query(sql::mark_import_version(import, &all)).await?;
    }
    Ok(())
}

/// Stores what people said and what is not in the history yet.
async fn store_consents(
    tx: &mut Tx,
    import: &ImportRef,
    sound: Vec<Sound>,
    outcomes: &mut [RowOutcome],
) -> Result<()> {
    let Some(brand) = import.brand_id else { return Ok(()) };
    let said: Vec<(usize, NewConsent)> = sound
        .into_iter()
        .flat_map(|row| row.told.consents.into_iter().map(move |(_, c)| (row.place, c)))
        .collect();
    let nodes: Vec<Id> = said.iter().map(|(_, c)| c.node_id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut known = consent::statements(tx, &nodes, brand).await?;
    let mut new = Vec::new();
    for (place, consent) in said {
        if known.insert((consent.node_id, consent.channel, consent.state, consent.happened_at)) {
            outcomes[place] = RowOutcome::Stored;
            new.push(consent);
        }
    }
    consent::record(tx, &new).await
}
