use std::collections::{BTreeMap, BTreeSet};

use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::{Audit, Store, Tx, Value, args, sealed};

use super::{
    Channel, Consent, ConsentEvent, ConsentState, GivenBy, NewConsent, Purpose, RecordConsent, ShownText,
    rules, sql,
};
use crate::node::{self, NodeKind};
use crate::permissions::CONSENT_RECORD;
use crate::profile;

/// Ids in one question to the database.
const CHUNK: usize = 4_000;

/// Records what people said, inside the caller's transaction, and writes its audit row.
///
/// History is only added to; what stands is the latest statement by the time it was made.
pub async fn record(tx: &mut Tx, consents: &[NewConsent]) -> Result<()> {
    let kinds = kinds(tx, consents).await?;
    let now = tx.now();
    for consent in consents {
        let kind = kinds.get(&consent.node_id).ok_or_else(|| Problem::not_found("access.not_found"))?;
        rules::check(consent, *kind, now)?;
    }
    store_texts(tx, consents).await?;
    let by = tx.caller().find_user_id();
    let (mut events, mut current) = (Vec::new(), Vec::new());
    for consent in consents {
        let event_id = Id::new();
        events.push(event_row(consent, event_id, now, by));
        current.push(current_row(consent, event_id));
    }
    tx.insert_many(sql::INSERT_EVENTS, events, "").await?;
    // One statement cannot touch a row twice, and the order of several about one key must not matter.
    for wave in waves(consents) {
        let rows = wave.into_iter().map(|place| std::mem::take(&mut current[place])).collect();
        tx.insert_many(sql::UPSERT_CURRENT, rows, sql::LATEST_WINS).await?;
    }
    audit(tx, consents).await
}

/// Returns what stands for one person.
pub async fn of_profile(store: &Store, profile: Id) -> Result<Vec<Consent>> {
    store.all(sql::OF_PROFILE, args![profile]).await
}

/// Returns everything that one person ever said, latest first.
pub async fn history(
    app: &App,
    caller: &Caller,
    profile: Id,
    page: &PageQuery,
) -> Result<Page<ConsentEvent>> {
    let size = page.size()?;
    let profile = profile::require(&app.store, caller, profile).await?;
    let mut query = sql::history(profile.id);
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (e.happened_at, e.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY e.happened_at DESC, e.id DESC").limit_overfull(size);
    let events = app.store.list(query).await?;
    Ok(Page::from_overfull(events, size, |event: &ConsentEvent| (event.happened_at, event.id)))
}

/// Records what one person told a member of staff.
pub async fn record_for_profile(
    app: &App,
    caller: &Caller,
    profile: Id,
    told: RecordConsent,
) -> Result<Vec<Consent>> {
    let profile = profile::load(&app.store, profile).await?;
    caller.scope(CONSENT_RECORD)?.require(profile.brand_id, profile.department_id, profile.owner_id)?;
    let nodes = node::of_profile(&app.store, profile.id).await?;
    let node = match told.node_id {
        Some(id) => nodes.iter().find(|node| node.id == id),
        None => nodes.iter().find(|node| node.kind == told.channel.address()),
    };
    let node = node.ok_or_else(|| {
        Problem::unprocessable("customers.consent.no_address").with("channel", told.channel)
    })?;
    let mut tx = app.store.begin(caller).await?;
    let happened_at = told.happened_at.unwrap_or_else(|| tx.now());
    let text = match (told.text, told.text_id) {
        (Some(text), _) => Some(text),
        (None, Some(id)) => {
            let place = (told.purpose, told.channel, told.brand_id);
            Some(crate::privacy::consent_text::shown(&mut tx, id, place, happened_at).await?)
        }
        (None, None) => None,
    };
    let consent = NewConsent {
        node_id: node.id,
        brand_id: told.brand_id,
        purpose: told.purpose,
        channel: told.channel,
        state: told.state,
        happened_at,
        given_by: GivenBy::Staff,
        source: told.source,
        text,
        ip_hash: None,
        reason: told.reason,
        import_id: None,
    };
    record(&mut tx, &[consent]).await?;
    tx.commit().await?;
    of_profile(&app.store, profile.id).await
}

/// Takes back up to `limit` agreements that an import brought; returns how many.
pub(crate) async fn withdraw_import(tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
    #[derive(Deserialize)]
    struct Key {
        node_id: Id,
        brand_id: Id,
        purpose: Purpose,
        channel: Channel,
    }
    let keys: Vec<Key> = tx.all(sql::OF_IMPORT, args![import_id, limit]).await?;
    let now = tx.now();
    let withdrawn: Vec<NewConsent> = keys
        .into_iter()
        .map(|key| NewConsent {
            node_id: key.node_id,
            brand_id: key.brand_id,
            purpose: key.purpose,
            channel: key.channel,
            state: ConsentState::Withdrawn,
            happened_at: now,
            given_by: GivenBy::System,
            source: "import_undone".to_owned(),
            text: None,
            ip_hash: None,
            reason: None,
            import_id: None,
        })
        .collect();
    if !withdrawn.is_empty() {
        record(tx, &withdrawn).await?;
    }
    Ok(withdrawn.len() as u64)
}

/// Returns for which nodes and brands something was ever said.
pub(crate) async fn known_keys(tx: &mut Tx, nodes: &[Id]) -> Result<BTreeSet<(Id, Id)>> {
    let mut known = BTreeSet::new();
    for chunk in nodes.chunks(CHUNK) {
        known.extend(tx.list::<(Id, Id)>(sql::brands_of(chunk)).await?);
    }
    Ok(known)
}

/// Returns what was said about marketing to one brand through these nodes.
pub(crate) async fn statements(
    tx: &mut Tx,
    nodes: &[Id],
    brand: Id,
) -> Result<BTreeSet<(Id, Channel, ConsentState, Timestamp)>> {
    let mut known = BTreeSet::new();
    for chunk in nodes.chunks(CHUNK) {
        known.extend(
            tx.list::<(Id, Channel, ConsentState, Timestamp)>(sql::statements_of(chunk, brand)).await?,
        );
    }
    Ok(known)
}

async fn kinds(tx: &mut Tx, consents: &[NewConsent]) -> Result<BTreeMap<Id, NodeKind>> {
    let nodes: Vec<Id> = consents.iter().map(|c| c.node_id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut kinds = BTreeMap::new();
    for chunk in nodes.chunks(CHUNK) {
        kinds.extend(tx.list::<(Id, NodeKind)>(sql::kinds(chunk)).await?);
    }
    Ok(kinds)
}

async fn store_texts(tx: &mut Tx, consents: &[NewConsent]) -> Result<()> {
    let now = tx.now();
    let texts: BTreeMap<Id, &ShownText> =
        consents.iter().filter_map(|c| c.text.as_ref()).map(|text| (text_id(text), text)).collect();
    let rows = texts.into_iter().map(|(id, text)| args![id, &text.version, &text.body, now]).collect();
    tx.insert_many(sql::INSERT_TEXTS, rows, sql::KEEP).await?;
    Ok(())
}

/// The same sentence in the same version is kept once.
pub(crate) fn text_id(text: &ShownText) -> Id {
    let mut hash = Sha256::new();
    hash.update(&text.version);
    hash.update([0]);
    hash.update(&text.body);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Id::from_digest(bytes)
}

fn event_row(consent: &NewConsent, id: Id, now: Timestamp, by: Option<Id>) -> Vec<Value> {
    args![
        id,
        consent.node_id,
        consent.brand_id,
        consent.purpose.as_str(),
        consent.channel.as_str(),
        consent.state.as_str(),
        consent.happened_at,
        now,
        by,
        consent.given_by.as_str(),
        consent.source.trim(),
        consent.text.as_ref().map(text_id),
        consent.ip_hash.as_deref(),
        sealed(consent.reason.as_deref()),
        consent.import_id,
    ]
}

fn current_row(consent: &NewConsent, event_id: Id) -> Vec<Value> {
    args![
        Id::new(),
        consent.node_id,
        consent.brand_id,
        consent.purpose.as_str(),
        consent.channel.as_str(),
        consent.state.as_str(),
        event_id,
        consent.happened_at,
    ]
}

/// Splits statements so that no key stands twice in one wave.
fn waves(consents: &[NewConsent]) -> Vec<Vec<usize>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    let mut seen: BTreeMap<(Id, Id, Purpose, Channel), usize> = BTreeMap::new();
    for (place, consent) in consents.iter().enumerate() {
        let key = (consent.node_id, consent.brand_id, consent.purpose, consent.channel);
        let wave = seen.entry(key).and_modify(|n| *n += 1).or_insert(0);
        if waves.len() <= *wave {
            waves.push(Vec::new());
        }
        waves[*wave].push(place);
    }
    waves
}

async fn audit(tx: &mut Tx, consents: &[NewConsent]) -> Result<()> {
    let entry = match consents {
        [] => return Ok(()),
        [one] => Audit::new("record", Consent::NOUN, one.node_id)
            .within(Some(one.brand_id), None)
            .with(serde_json::json!({ "purpose": one.purpose, "channel": one.channel, "state": one.state,
                "source": one.source })),
        many => Audit::without_row("record", Consent::NOUN).covering(many.len() as u64),
    };
    tx.audit(entry).await
}
