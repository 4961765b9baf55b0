use http_kit::App;
use kernel::{Caller, Id, Labelled, Masked, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, Store, Tx, args, sealed};

use super::{
    AddSuppression, LiftSuppression, NewSuppression, Suppression, SuppressionFilter, SuppressionReason,
};
use super::{rules, sql};
use crate::node::NodeKind;
use crate::permissions::{SUPPRESSION_EDIT, SUPPRESSION_READ};

/// Puts addresses on the list, inside the caller's transaction, and writes its audit row; one that is
/// on it already stays at least as long as before.
pub async fn suppress(tx: &mut Tx, entries: &[NewSuppression]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    for entry in entries {
        let row = args![
            Id::new(),
            entry.node_id,
            entry.channel.as_str(),
            entry.reason.as_str(),
            sealed(entry.detail.as_deref()),
            &entry.source,
            entry.happened_at,
            entry.expires_at,
            now,
            by,
        ];
        tx.insert_many(sql::INSERT, vec![row], sql::LENGTHEN).await?;
    }
    let audit = match entries {
        [one] => Audit::new("suppress", Suppression::NOUN, one.node_id)
            .with(serde_json::json!({ "channel": one.channel, "reason": one.reason, "source": one.source })),
        many => Audit::without_row("suppress", Suppression::NOUN).covering(many.len() as u64),
    };
    tx.audit(audit).await
}

/// Returns the list, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &SuppressionFilter,
) -> Result<Page<Suppression>> {
    caller.require(SUPPRESSION_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    query.and_some("s.channel =", filter.channel.map(|channel| channel.as_str()));
    query.and_some("s.reason =", filter.reason.map(|reason| reason.as_str()));
    match filter.active {
        Some(true) => drop(query.push(" AND s.lifted_at IS NULL")),
        Some(false) => drop(query.push(" AND s.lifted_at IS NOT NULL")),
        None => {}
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (s.created_at, s.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY s.created_at DESC, s.id DESC").limit_overfull(size);
    let entries = app.store.list(query).await?;
    Ok(Page::from_overfull(entries, size, |entry: &Suppression| (entry.created_at, entry.id)))
}

/// Returns why nothing goes to one person's addresses.
pub async fn of_profile(store: &Store, caller: &Caller, profile: Id) -> Result<Vec<Masked<Suppression>>> {
    let rows: Vec<Suppression> = store.list(sql::of_profile(profile)).await?;
    Ok(rows.into_iter().map(|row| rules::shown(caller, row)).collect())
}

/// Puts an address on the list on a member of staff's decision.
pub async fn add(app: &App, caller: &Caller, add: AddSuppression) -> Result<Vec<Suppression>> {
    caller.require(SUPPRESSION_EDIT)?;
    rules::check_reason(&add.detail)?;
    let mut tx = app.store.begin(caller).await?;
    rules::check_expiry(add.expires_at, tx.now())?;
    let kind: NodeKind = tx.get(sql::NODE_KIND, args![add.node_id]).await?;
    if add.channel.address() != kind {
        return Err(Problem::unprocessable("customers.consent.channel_mismatch"));
    }
    let entry = NewSuppression {
        node_id: add.node_id,
        channel: add.channel,
        reason: SuppressionReason::Manual,
        detail: Some(add.detail.trim().to_owned()),
        source: "staff".to_owned(),
        happened_at: tx.now(),
        expires_at: add.expires_at,
    };
    suppress(&mut tx, &[entry]).await?;
    tx.commit().await?;
    let mut query = sql::list();
    query
        .and("s.node_id =", add.node_id)
        .push(" AND s.lifted_at IS NULL ORDER BY s.created_at DESC, s.id DESC");
    app.store.list(query).await
}

/// Takes an address off the list.
pub async fn lift(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    why: &LiftSuppression,
) -> Result<Suppression> {
    caller.require(SUPPRESSION_EDIT)?;
    rules::check_reason(&why.because)?;
    let mut tx = app.store.begin(caller).await?;
    let before = load(&mut tx, id).await?;
    let args = args![id, version, tx.now(), caller.find_user_id(), why.because.trim()];
    tx.exec_one(sql::LIFT, args).await?;
    let after = load(&mut tx, id).await?;
    let entry = Audit::new("lift", Suppression::NOUN, id)
        .because(why.because.trim())
        .change(Some(&before), Some(&after));
    tx.audit(entry).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes off the list what has expired; returns how many.
pub(super) async fn lift_expired(store: &Store) -> Result<u64> {
    if store.find::<Id>(sql::SOME_EXPIRED, args![store.now()]).await?.is_none() {
        return Ok(0);
    }
    let mut tx = store.begin(&Caller::system("customers.suppression")).await?;
    let lifted = tx.exec(sql::LIFT_EXPIRED, args![tx.now()]).await?;
    tx.audit(Audit::without_row("lift", Suppression::NOUN).because("expired").covering(lifted)).await?;
    tx.commit().await?;
    Ok(lifted)
}

async fn load(tx: &mut Tx, id: Id) -> Result<Suppression> {
    let found: Vec<Suppression> = tx.list(sql::one(id)).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}
