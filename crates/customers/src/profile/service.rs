use http_kit::App;
use kernel::{Caller, Id, Label, Labelled, Language, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, ScopeColumns, Store, Tx, args, sealed};

use super::facts::Facts;
use super::{
    OrderSummary, Profile, ProfileDetail, ProfileFilter, ProfilePatch, Unmask, record, rules, search, sql,
};
use crate::access::scope_of_view;
use crate::node::{self, Key, NodeKind};
use crate::permissions::{PROFILE_EDIT, PROFILE_READ, PROFILE_UNMASK};
use crate::{audience, consent, segment, suppression};

pub(crate) const PROFILE_COLUMNS: ScopeColumns = ScopeColumns {
    brand: Some("p.brand_id"),
    department: Some("p.department_id"),
    owner: Some("p.owner_id"),
};
const ORDER_COLUMNS: ScopeColumns = ScopeColumns { brand: Some("o.brand_id"), department: None, owner: None };

/// Returns people, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ProfileFilter,
) -> Result<Page<Profile>> {
    let size = page.size()?;
    let mut query = sql::list();
    query.scope(&caller.scope(PROFILE_READ)?, PROFILE_COLUMNS);
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        rules::check_search(text)?;
        search::and_matches(&app.store, &mut query, text, Profile::visible(caller, "name")).await?;
    }
    query.and_some("p.tier =", filter.tier.map(|tier| tier.as_str()));
    query.and_some("p.city =", filter.city.as_deref());
    if let Some(state) = filter.consent {
        sql::and_consent(&mut query, filter, state);
    }
    if let Some(id) = filter.snapshot_id {
        audience::narrow(app, caller, id, &mut query).await?;
    }
    if let Some(id) = filter.segment_id {
        segment::narrow(app, caller, id, &mut query).await?;
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (p.created_at, p.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY p.created_at DESC, p.id DESC").limit_overfull(size);
    let profiles = app.store.list(query).await?;
    Ok(Page::from_overfull(profiles, size, |profile: &Profile| (profile.created_at, profile.id)))
}

/// Returns one person with orders, consents and suppressions; the id of a merged profile finds the one it became.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<ProfileDetail> {
    let profile = require(&app.store, caller, id).await?;
    let id = profile.id;
    Ok(ProfileDetail {
        orders: orders(app, caller, id).await?,
        consents: consent::of_profile(&app.store, id).await?,
        suppressions: suppression::of_profile(&app.store, caller, id).await?,
        profile,
    })
}

/// Returns the person that an identifier node belongs to now.
pub async fn get_by_node(app: &App, caller: &Caller, node: Id) -> Result<ProfileDetail> {
    get(app, caller, node::current_profile(&app.store, node).await?).await
}

/// Changes what is known about a person.
pub async fn patch(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: &ProfilePatch,
) -> Result<Profile> {
    let scope = caller.scope(PROFILE_EDIT)?;
    let mut tx = app.store.begin(caller).await?;
    let before = load_in(&mut tx, id).await?;
    scope.require(before.brand_id, before.department_id, before.owner_id)?;
    let wanted = rules::apply(&before, patch);
    scope.require_new(wanted.brand_id, wanted.department_id, wanted.owner_id)?;
    let after = change(&mut tx, caller, &before, version, patch).await?;
    tx.commit().await?;
    Ok(after)
}

/// Changes what is known about a person inside the caller's transaction, with its audit row; whether the caller may is
/// decided before.
pub(crate) async fn change(
    tx: &mut Tx,
    caller: &Caller,
    before: &Profile,
    version: i64,
    patch: &ProfilePatch,
) -> Result<Profile> {
    rules::check_visible(caller.clearance, patch)?;
    rules::check(patch)?;
    let (id, after) = (before.id, rules::apply(before, patch));
    update(tx, &after, version).await?;
    let edit = record::Edit { before: Facts::of(before), after: Facts::of(&after) };
    record::note_edit(tx, id, &edit).await?;
    if let Some(email) = &patch.email {
        let node = attach(tx, id, NodeKind::Email, email).await?;
        tx.exec_one(sql::USE_EMAIL_FIRST, args![id, node]).await?;
    }
    if let Some(mobile) = &patch.mobile {
        let node = attach(tx, id, NodeKind::Mobile, mobile).await?;
        tx.exec_one(sql::USE_MOBILE_FIRST, args![id, node]).await?;
    }
    let after = load_in(tx, id).await?;
    let entry = Audit::new("update", Profile::NOUN, id)
        .within(after.brand_id, after.department_id)
        .change(Some(before), Some(&after));
    tx.audit(entry).await?;
    Ok(after)
}

/// Shows one person's hidden fields to a caller who says why; the log keeps who and why.
pub async fn unmask(app: &App, caller: &Caller, id: Id, unmask: &Unmask) -> Result<(Caller, Profile)> {
    rules::check_reason(unmask)?;
    let profile = load(&app.store, id).await?;
    caller.scope(PROFILE_UNMASK)?.require(profile.brand_id, profile.department_id, profile.owner_id)?;
    let fields: Vec<&str> = Profile::FIELDS.iter().map(|(field, _)| *field).collect();
    let mut tx = app.store.begin(caller).await?;
    let entry = Audit::new("unmask", Profile::NOUN, profile.id)
        .within(profile.brand_id, profile.department_id)
        .because(unmask.reason.trim())
        .with(serde_json::json!({ "fields": fields }));
    tx.audit(entry).await?;
    tx.commit().await?;
    let cleared = Caller { clearance: caller.clearance.max(Label::Personal), ..caller.clone() };
    Ok((cleared, profile))
}

/// Returns a profile, following merges.
pub(crate) async fn load(store: &Store, id: Id) -> Result<Profile> {
    let mut id = id;
    while let Some(became) = store.find::<Id>(sql::MERGED_INTO, args![id]).await? {
        id = became;
    }
    let found: Vec<Profile> = store.list(sql::one(id)).await?;
    found.into_iter().next().ok_or_else(not_found)
}

/// Returns a profile that the caller may see.
pub(crate) async fn require(store: &Store, caller: &Caller, id: Id) -> Result<Profile> {
    let profile = load(store, id).await?;
    caller.scope(PROFILE_READ)?.require(profile.brand_id, profile.department_id, profile.owner_id)?;
    Ok(profile)
}

/// Returns a profile as this transaction sees it, following merges.
pub(crate) async fn load_in(tx: &mut Tx, id: Id) -> Result<Profile> {
    let mut id = id;
    while let Some(became) = tx.find::<Id>(sql::MERGED_INTO, args![id]).await? {
        id = became;
    }
    let found: Vec<Profile> = tx.list(sql::one(id)).await?;
    found.into_iter().next().ok_or_else(not_found)
}

fn not_found() -> Problem {
    Problem::not_found("access.not_found")
}

async fn attach(tx: &mut Tx, profile: Id, kind: NodeKind, text: &str) -> Result<Id> {
    let key = Key::new(kind, text).map_err(|code| {
        Problem::unprocessable("customers.profile.invalid").with_field(kind.as_str(), code)
    })?;
    node::attach(tx, profile, &key).await
}

async fn update(tx: &mut Tx, after: &Profile, version: i64) -> Result<()> {
    let now = tx.now();
    let args = args![
        after.id,
        version,
        sealed(after.name.as_deref()),
        sealed(after.given_name.as_deref()),
        sealed(after.address.as_deref()),
        after.city.as_deref(),
        after.district.as_deref(),
        after.language.map(Language::as_str),
        after.time_zone.as_deref(),
        after.age_band.map(|band| band.as_str()),
        after.income_band.map(|band| band.as_str()),
        after.household_size,
        after.children,
        after.homeowner,
        after.married,
        after.brand_id,
        after.department_id,
        after.owner_id,
        now,
    ];
    tx.exec_one(sql::UPDATE, args).await?;
    search::put_profiles(tx, &[(after.id, search::names(&after.name, &after.given_name))]).await
}

async fn orders(app: &App, caller: &Caller, profile: Id) -> Result<Option<Vec<OrderSummary>>> {
    let Some(scope) = scope_of_view(app, caller, "v_sales_order") else { return Ok(None) };
    let mut query = sql::orders(profile);
    query.scope(&scope, ORDER_COLUMNS).push(" GROUP BY o.currency ORDER BY o.currency");
    app.store.list(query).await.map(Some)
}
