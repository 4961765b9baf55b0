use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use rulebook::notification::NoticeKind;
use rulebook::task::Sentence;
use serde_json::json;
use store::{Audit, Store, Tx, args, sealed};

use super::sql::HitRow;
use super::{Decoy, DecoyHit, HitFilter, NewDecoy, NewDecoyHit, sql};
use crate::merge::check_reason;
use crate::node::{self, Key, MatchRule, NodeKind, Resolved};
use crate::permissions::PRIVACY_MANAGE;
use crate::privacy::notice::{self, Told};
use crate::profile::facts::{self, About, Facts, Origin};

/// Where decoys come from, as it stands with their facts: the same word as for what staff enter, so that it tells nothing.
const SOURCE: &str = "staff";
/// Longest texts, in characters.
const NAME_MAX: usize = 100;
const NOTE_MAX: usize = 2_000;
/// Tolerated difference of clocks.
const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Returns decoys, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<Decoy>> {
    caller.require(PRIVACY_MANAGE)?;
    let size = page.size()?;
    let mut query = sql::list();
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (d.created_at, d.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY d.created_at DESC, d.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &Decoy| (row.created_at, row.id)))
}

async fn load(tx: &mut Tx, id: Id) -> Result<Decoy> {
    let mut query = sql::list();
    query.and("d.id =", id);
    tx.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

fn refused(field: &'static str, code: &'static str) -> Problem {
    Problem::unprocessable(code).with_field(field, code)
}

fn keys(new: &NewDecoy) -> Result<Vec<Key>> {
    let given = [(NodeKind::Email, &new.email), (NodeKind::Mobile, &new.mobile)];
    let given = given.into_iter().filter_map(|(kind, text)| Some((kind, text.as_deref()?.trim())));
    let mut keys = Vec::new();
    for (kind, text) in given.filter(|(_, text)| !text.is_empty()) {
        keys.push(Key::new(kind, text).map_err(|code| refused(kind.as_str(), code))?);
    }
    match keys.is_empty() {
        true => Err(refused("email", "customers.privacy.address_needed")),
        false => Ok(keys),
    }
}

/// Plants a decoy among the people.
pub async fn create(app: &App, caller: &Caller, new: &NewDecoy) -> Result<Decoy> {
    caller.require(PRIVACY_MANAGE)?;
    let fits = |text: &str| !text.trim().is_empty() && text.chars().count() <= NAME_MAX;
    for (field, text) in [("label", &new.label), ("name", &new.name)] {
        if !fits(text) {
            return Err(refused(field, "customers.field.blank"));
        }
    }
    let keys = keys(new)?;
    let mut tx = app.store.begin(caller).await?;
    node::lock(&mut tx).await?;
    let (first, id) = (node::identify(&mut tx, keys.iter()).await?.of(&keys[0]), Id::new());
    let resolved = node::resolve(&mut tx, std::slice::from_ref(&keys), SOURCE, MatchRule::Staff).await?;
    let profile = match resolved.first() {
        Some(Resolved::Profile { id, is_new: true, .. }) => *id,
        _ => return Err(Problem::conflict("customers.profile.identifier_taken").with("kind", keys[0].kind)),
    };
    let facts = Facts { name: Some(new.name.trim().to_owned()), ..Facts::default() };
    let about = About { profile, node: first, facts };
    facts::apply(&mut tx, &[about], Origin { source: SOURCE, import_id: None }).await?;
    tx.exec_one(sql::MARK, args![profile]).await?;
    let now = tx.now();
    tx.exec_one(sql::INSERT, args![id, profile, new.label.trim(), now, caller.find_user_id()]).await?;
    // The log names neither the record nor its address: whoever reads it must not learn which record stands for nobody.
    tx.audit(Audit::new("create", Decoy::NOUN, id)).await?;
    let decoy = load(&mut tx, id).await?;
    tx.commit().await?;
    Ok(decoy)
}

/// Takes a decoy out of the people; hits still count.
pub async fn retire(app: &App, caller: &Caller, id: Id, version: i64, reason: &str) -> Result<Decoy> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(reason)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::RETIRE, args![id, version, now]).await?;
    let decoy = load(&mut tx, id).await?;
    tx.exec_one(sql::PUT_AWAY, args![decoy.profile_id, now]).await?;
    tx.audit(Audit::new("retire", Decoy::NOUN, id).because(reason)).await?;
    tx.commit().await?;
    Ok(decoy)
}

/// Notes that somebody used a decoy, and tells the desk which exports it was in.
pub async fn hit(app: &App, caller: &Caller, new: &NewDecoyHit) -> Result<DecoyHit> {
    caller.require(PRIVACY_MANAGE)?;
    let long = |text: &Option<String>| text.as_deref().is_some_and(|text| text.chars().count() > NOTE_MAX);
    if long(&new.sender) || long(&new.note) {
        return Err(refused("note", "customers.privacy.text_invalid"));
    }
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let happened_at = new.happened_at.unwrap_or(now);
    if happened_at > now.plus_ms(CLOCK_SKEW_MS) {
        return Err(refused("happened_at", "customers.privacy.in_the_future"));
    }
    let decoy = find(&mut tx, new).await?;
    let id = Id::new();
    let row = args![
        id,
        decoy.id,
        new.channel.as_str(),
        happened_at,
        now,
        caller.find_user_id(),
        sealed(new.sender.as_deref()),
        sealed(new.note.as_deref()),
    ];
    tx.exec_one(sql::INSERT_HIT, row).await?;
    let exports: i64 = tx.get(sql::COUNT_EXPORTS, args![decoy.id, happened_at]).await?;
    let title = Sentence::new("customers.privacy.notice.decoy_hit")
        .with("label", decoy.label.as_str())
        .with("exports", exports);
    let told = Told {
        kind: NoticeKind::Alert,
        noun: DecoyHit::NOUN,
        id,
        link: format!("/customers/privacy/decoys?hit={id}"),
        title,
        key: format!("privacy/decoy_hit/{id}"),
    };
    notice::tell(app, &mut tx, told).await?;
    let facts = json!({ "decoy_id": decoy.id, "channel": new.channel, "exports": exports });
    tx.audit(Audit::new("hit", Decoy::NOUN, decoy.id).with(facts)).await?;
    tx.commit().await?;
    let mut query = sql::hits();
    query.and("h.id =", id);
    let rows: Vec<HitRow> = app.store.list(query).await?;
    let row = rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    with_exports(&app.store, row).await
}

async fn find(tx: &mut Tx, new: &NewDecoyHit) -> Result<Decoy> {
    if let Some(id) = new.decoy_id {
        return load(tx, id).await;
    }
    let text = new.address.as_deref().unwrap_or_default();
    for kind in [NodeKind::Email, NodeKind::Mobile] {
        let Ok(key) = Key::new(kind, text) else { continue };
        let node = node::identify(tx, [&key].into_iter()).await?.of(&key);
        if let Some(id) = tx.find::<Id>(sql::BY_NODE, args![node]).await? {
            return load(tx, id).await;
        }
    }
    Err(Problem::not_found("customers.privacy.no_decoy"))
}

async fn with_exports(store: &Store, row: HitRow) -> Result<DecoyHit> {
    let exports = store.all(sql::EXPORTS, args![row.decoy_id, row.happened_at]).await?;
    let exports_before = store.get(sql::COUNT_EXPORTS, args![row.decoy_id, row.happened_at]).await?;
    let HitRow { id, decoy_id, label, channel, happened_at, recorded_at, sender, note } = row;
    Ok(DecoyHit {
        id,
        decoy_id,
        label,
        channel,
        happened_at,
        recorded_at,
        sender,
        note,
        exports,
        exports_before,
    })
}

/// Returns hits, newest first, each with the exports that its decoy was in.
pub async fn hits(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &HitFilter,
) -> Result<Page<DecoyHit>> {
    caller.require(PRIVACY_MANAGE)?;
    let size = page.size()?;
    let mut query = sql::hits();
    query.and_some("h.decoy_id =", filter.decoy_id);
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (h.recorded_at, h.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY h.recorded_at DESC, h.id DESC").limit_overfull(size);
    let rows: Vec<HitRow> = app.store.list(query).await?;
    let page = Page::from_overfull(rows, size, |row: &HitRow| (row.recorded_at, row.id));
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(with_exports(&app.store, row).await?);
    }
    Ok(Page { items, next_cursor: page.next_cursor })
}
