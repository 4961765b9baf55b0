//! What can be done with content items.

use http_kit::App;
use kernel::{Caller, Id, Language, Page, PageQuery, Result};
use rulebook::machine;
use serde_json::json;
use store::{Audit, Query, ScopeColumns, Tx, args};

use super::version::{NewRow, insert_version};
use super::{
    Action, Content, ContentFilter, ContentPatch, ContentState, ContentView, NewContent, Variant, links,
    rules, sql,
};
use crate::closure::service::Loaded;
use crate::permissions::{CONTENT_APPROVE, CONTENT_READ, CONTENT_RELEASE, CONTENT_WRITE};
use crate::reader::Reader;
use crate::{approval, brand, closure, preflight, review};

/// The machine that moves content from state to state; it comes from a pack.
pub const MACHINE: &str = "content_review";
/// The role of whoever writes, in the machine.
pub const AUTHOR: &str = "author";

/// Returns the items that the caller may see, last changed first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ContentFilter,
) -> Result<Page<Content>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(CONTENT_READ)?, ScopeColumns::USUAL)
        .and_some("brand_id =", filter.brand_id)
        .and_some("state =", filter.state.map(ContentState::as_str))
        .and_some("owner_id =", filter.owner_id)
        // The column holds a JSON list of tags, none of which is part of another in quotes.
        .and_some("languages LIKE", filter.language.map(|language| format!("%\"{}\"%", language.as_str())));
    if let Some(text) = filter.q.as_deref().filter(|q| !q.is_empty()) {
        query.and_contains("title", text);
    }
    if let Some((at, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (updated_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY updated_at DESC, id DESC").limit_overfull(size);
    let key = |content: &Content| (content.updated_at.ms(), content.id);
    Ok(Page::from_overfull(app.store.list(query).await?, size, key))
}

/// Returns an item with everything that its page shows.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<ContentView> {
    let loaded = closure::service::load(&mut Reader::Store(&app.store), app, id).await?;
    require(caller, &loaded.content, CONTENT_READ)?;
    view(app, caller, &mut Reader::Store(&app.store), loaded).await
}

/// Makes an item with its first version.
pub async fn create(app: &App, caller: &Caller, new: NewContent) -> Result<ContentView> {
    rules::check_item(&new.title, &new.languages)?;
    let variants = match new.variants.is_empty() {
        true => new.languages.iter().copied().map(blank).collect(),
        false => new.variants,
    };
    rules::check_variants(&variants)?;
    let owner = caller.find_user_id();
    caller.scope(CONTENT_WRITE)?.require_new(Some(new.brand_id), new.department_id, owner)?;
    let mut tx = app.store.begin(caller).await?;
    brand::service::load_active(&mut Reader::Tx(&mut tx), new.brand_id).await?;
    links::check(&mut tx, (new.campaign_id, new.plan_id)).await?;
    let (id, version_id) = (Id::new(), Id::new());
    let instance = machine::start(&mut tx, app, MACHINE, "brand.content", id).await?;
    let row = args![
        id,
        new.brand_id,
        new.department_id,
        owner,
        new.kind.as_str(),
        &new.title,
        store::json(&new.languages),
        instance.state,
        instance.id,
        version_id,
        owner,
        tx.now(),
        new.campaign_id,
        new.plan_id,
    ];
    tx.exec(sql::INSERT, row).await?;
    let version = NewRow { id: version_id, content_id: id, number: 1, note: "", restored_from: None };
    insert_version(&mut tx, caller, version, &rules::in_order(variants)).await?;
    take_part(&mut tx, caller, instance.id).await?;
    let loaded = closure::service::load(&mut Reader::Tx(&mut tx), app, id).await?;
    audit(&mut tx, "create", None, &loaded.content).await?;
    let made = view(app, caller, &mut Reader::Tx(&mut tx), loaded).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes the item itself; other languages are another closure and void its approval.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: ContentPatch,
) -> Result<ContentView> {
    let mut tx = app.store.begin(caller).await?;
    let before = load_for_change(&mut tx, caller, id, version).await?;
    let mut after = before.clone();
    after.title = patch.title.unwrap_or(after.title);
    after.languages = patch.languages.unwrap_or(after.languages);
    after.owner_id = patch.owner_id.or(after.owner_id);
    after.department_id = patch.department_id.or(after.department_id);
    let (campaign_id, plan_id) = links::apply(&mut after, patch.campaign_id, patch.plan_id);
    links::check(&mut tx, (campaign_id, plan_id)).await?;
    rules::check_item(&after.title, &after.languages)?;
    require_new_place(caller, &after)?;
    let row = args![
        id,
        version,
        &after.title,
        store::json(&after.languages),
        after.owner_id,
        after.department_id,
        tx.now(),
        after.campaign_id,
        after.plan_id,
    ];
    tx.exec_one(sql::UPDATE, row).await?;
    let after: Content = tx.get(sql::FIND, args![id]).await?;
    audit(&mut tx, "update", Some(&before), &after).await?;
    review::service::void_where_changed(&mut tx, app, id, "brand.approval.void_languages").await?;
    finish(app, caller, tx, id).await
}

/// Puts an item away.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<ContentView> {
    let mut tx = app.store.begin(caller).await?;
    let before = load_for_change(&mut tx, caller, id, version).await?;
    let after = advance(&mut tx, app, caller, &before, "archive", &json!({})).await?;
    approval::service::void(&mut tx, id, "brand.approval.void_archived").await?;
    audit(&mut tx, "archive", Some(&before), &after).await?;
    finish(app, caller, tx, id).await
}

/// Moves an item by its state machine and returns it as it stands then.
pub(crate) async fn advance(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    content: &Content,
    action: &str,
    facts: &serde_json::Value,
) -> Result<Content> {
    let step = machine::advance(tx, app, caller, content.instance_id, action, facts).await?;
    tx.exec(sql::SET_STATE, args![content.id, step.to, tx.now()]).await?;
    tx.get(sql::FIND, args![content.id]).await
}

/// Notes in the machine that the caller wrote something: they cannot approve this item any more.
pub(crate) async fn take_part(tx: &mut Tx, caller: &Caller, instance_id: Id) -> Result<()> {
    match caller.find_user_id() {
        Some(user) => machine::participate(tx, instance_id, user, AUTHOR).await,
        None => Ok(()),
    }
}

/// Loads an item that the caller may change and that still is as they saw it.
pub(crate) async fn load_for_change(tx: &mut Tx, caller: &Caller, id: Id, version: i64) -> Result<Content> {
    tx.lock("brand.content", id).await?;
    let content: Content = tx.get(sql::FIND, args![id]).await?;
    require(caller, &content, CONTENT_WRITE)?;
    same_version(&content, version)?;
    Ok(content)
}

/// Refuses where somebody changed the item meanwhile.
pub(crate) fn same_version(content: &Content, version: i64) -> Result<()> {
    match content.version == version {
        true => Ok(()),
        false => Err(kernel::Problem::precondition_failed("store.changed_meanwhile")),
    }
}

/// Refuses a caller whose grants do not cover this item, as if it were not there.
pub(crate) fn require(caller: &Caller, content: &Content, permission: kernel::Permission) -> Result<()> {
    caller.scope(permission)?.require(Some(content.brand_id), content.department_id, content.owner_id)
}

fn require_new_place(caller: &Caller, content: &Content) -> Result<()> {
    let scope = caller.scope(CONTENT_WRITE)?;
    scope.require_new(Some(content.brand_id), content.department_id, content.owner_id)
}

/// Writes an audit row about an item.
pub(crate) async fn audit(
    tx: &mut Tx,
    action: &'static str,
    before: Option<&Content>,
    after: &Content,
) -> Result<()> {
    let entry =
        Audit::new(action, "brand.content", after.id).within(Some(after.brand_id), after.department_id);
    tx.audit(entry.change(before, Some(after))).await
}

/// Commits and returns the item as it stands then.
pub(crate) async fn finish(app: &App, caller: &Caller, mut tx: Tx, id: Id) -> Result<ContentView> {
    let loaded = closure::service::load(&mut Reader::Tx(&mut tx), app, id).await?;
    let shown = view(app, caller, &mut Reader::Tx(&mut tx), loaded).await?;
    tx.commit().await?;
    Ok(shown)
}

async fn view(app: &App, caller: &Caller, reader: &mut Reader<'_>, loaded: Loaded) -> Result<ContentView> {
    let id = loaded.content.id;
    let mut preflight = preflight::service::latest(reader, id, &loaded.hash).await?;
    if let Some(run) = &mut preflight {
        preflight::service::say(app, caller, run);
    }
    let review = review::service::latest(reader, id).await?;
    let approval = approval::service::latest(reader, id).await?;
    let since = approval::service::last_approved_number(reader, id).await?;
    let authors = reader.all(sql::AUTHORS, args![id, since, loaded.content.number]).await?;
    let facts = Standing {
        state: loaded.content.state,
        own_work: caller.find_user_id().is_some_and(|user| rules::is_author(&authors, user)),
        serious: preflight.as_ref().is_some_and(|run| run.serious_count > 0),
        fresh: preflight.as_ref().is_some_and(|run| preflight::service::is_fresh(run, app.store.now())),
        approved: approval.as_ref().is_some_and(|a| a.is_valid() && a.closure_hash == loaded.hash),
    };
    let actions = actions(caller, &loaded.content, facts);
    Ok(ContentView {
        content: loaded.content,
        current: loaded.version,
        closure_hash: loaded.hash,
        preflight,
        review,
        approval,
        actions,
    })
}

#[derive(Debug, Clone, Copy)]
struct Standing {
    state: ContentState,
    own_work: bool,
    serious: bool,
    fresh: bool,
    approved: bool,
}

/// Says what the caller can do next. For showing alone: the verbs themselves ask the machine and the doors.
fn actions(caller: &Caller, content: &Content, now: Standing) -> Vec<Action> {
    use ContentState::{Approved, Draft, InReview, Returned};
    let may = |permission| require(caller, content, permission).err().map(|_| "brand.action.no_permission");
    let in_state = |states: &[ContentState]| (!states.contains(&now.state)).then_some("brand.action.not_now");
    let own = now.own_work.then_some("brand.review.own_work");
    let serious = now.serious.then_some("brand.review.preflight_blocked");
    let stale = (!now.fresh).then_some("brand.review.preflight_stale");
    let unapproved = (!now.approved).then_some("brand.release.not_approved");
    let action = |action, reasons: &[Option<&'static str>]| {
        let reason = reasons.iter().find_map(|reason| *reason);
        Action { action, allowed: reason.is_none(), reason }
    };
    vec![
        action("save", &[may(CONTENT_WRITE), in_state(&[Draft, InReview, Returned, Approved])]),
        action("submit", &[may(CONTENT_WRITE), in_state(&[Draft, Returned]), serious]),
        action("withdraw", &[may(CONTENT_WRITE), in_state(&[InReview])]),
        action("approve", &[may(CONTENT_APPROVE), in_state(&[InReview]), own, serious, stale]),
        action("return", &[may(CONTENT_APPROVE), in_state(&[InReview]), own]),
        action("archive", &[may(CONTENT_WRITE), in_state(&[Draft, Returned, Approved])]),
        action("release", &[may(CONTENT_RELEASE), unapproved, stale]),
    ]
}

fn blank(language: Language) -> Variant {
    Variant {
        language,
        subject: String::new(),
        preheader: String::new(),
        sender_name: String::new(),
        sender_address: String::new(),
        mjml: String::new(),
    }
}
