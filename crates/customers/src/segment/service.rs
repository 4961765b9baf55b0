use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, ScopeColumns, Store, Tx, args, json};

use super::history::live_until;
use super::membership::{library_of, names_of};
use super::{NewSegment, Segment, SegmentDetail, SegmentFilter, SegmentPatch, SegmentState, SegmentVersion};
use super::{rules, sql};
use crate::condition::{self, Condition};
use crate::permissions::{SEGMENT_EDIT, SEGMENT_READ};
use crate::persona;

const COLUMNS: ScopeColumns = ScopeColumns {
    brand: Some("s.brand_id"),
    department: Some("s.department_id"),
    owner: Some("s.owner_id"),
};

/// Returns segments, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &SegmentFilter,
) -> Result<Page<Segment>> {
    let size = page.size()?;
    let mut query = sql::list();
    query.scope(&caller.scope(SEGMENT_READ)?, COLUMNS);
    match filter.state {
        Some(state) => drop(query.and("s.state =", state.as_str())),
        None => drop(query.push(" AND s.state <> 'archived'")),
    }
    query.and_some("s.owner_id =", filter.owner_id);
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query.and_contains("s.name", text);
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (s.created_at, s.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY s.created_at DESC, s.id DESC").limit_overfull(size);
    let segments = app.store.list(query).await?;
    Ok(Page::from_overfull(segments, size, |segment: &Segment| (segment.created_at, segment.id)))
}

/// Returns the id of the segment with this name or id, for the command line.
pub async fn find(app: &App, caller: &Caller, name: &str) -> Result<Id> {
    if let Ok(id) = name.parse::<Id>() {
        return Ok(require(&app.store, caller, id).await?.id);
    }
    let filter = SegmentFilter { q: Some(name.to_owned()), ..SegmentFilter::default() };
    let found = list(app, caller, &PageQuery::default(), &filter).await?;
    let same = found.items.into_iter().find(|segment| segment.name == name);
    same.map(|segment| segment.id)
        .ok_or_else(|| Problem::not_found("customers.segment.no_such_name").with("name", name))
}

/// Returns one segment with its condition in words.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<SegmentDetail> {
    let segment = require(&app.store, caller, id).await?;
    detail(app, segment).await
}

/// Makes a segment.
pub async fn create(app: &App, caller: &Caller, new: &NewSegment) -> Result<SegmentDetail> {
    rules::check_new(new)?;
    condition::check(&new.definition)?;
    let owner = caller.find_user_id();
    caller.scope(SEGMENT_EDIT)?.require_new(new.brand_id, new.department_id, owner)?;
    let (id, version_id) = (Id::new(), Id::new());
    let state = if new.active { SegmentState::Active } else { SegmentState::Draft };
    let mut tx = app.store.begin(caller).await?;
    check_references(&mut tx, app, caller, &new.definition, None).await?;
    let now = tx.now();
    let (name, description) = (new.name.trim(), new.description.trim());
    let row =
        args![id, name, description, state.as_str(), version_id, new.brand_id, new.department_id, owner, now];
    tx.exec(sql::INSERT, row).await?;
    tx.exec(sql::INSERT_VERSION, args![version_id, id, 1_i64, json(&new.definition), now, owner]).await?;
    let segment = load_in(&mut tx, id).await?;
    audit(&mut tx, "create", None, &segment).await?;
    tx.commit().await?;
    detail(app, segment).await
}

/// Changes a segment; another condition becomes a new version.
pub async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: &SegmentPatch,
) -> Result<SegmentDetail> {
    rules::check_patch(patch)?;
    if let Some(definition) = &patch.definition {
        condition::check(definition)?;
    }
    let mut tx = app.store.begin(caller).await?;
    let before = load_in(&mut tx, id).await?;
    caller.scope(SEGMENT_EDIT)?.require(before.brand_id, before.department_id, before.owner_id)?;
    let state = rules::state_after(before.state, patch.active)?;
    let definition = patch.definition.as_ref().filter(|definition| **definition != before.definition);
    let (mut version_id, mut number) = (before.version_id, before.version_number);
    if let Some(definition) = definition {
        check_references(&mut tx, app, caller, definition, Some(id)).await?;
        (version_id, number) = (Id::new(), number + 1);
        let row = args![version_id, id, number, json(definition), tx.now(), caller.find_user_id()];
        tx.exec(sql::INSERT_VERSION, row).await?;
        tx.exec(sql::FORGET_COUNT, args![id]).await?;
    }
    let name = patch.name.as_deref().unwrap_or(&before.name).trim();
    let description = patch.description.as_deref().unwrap_or(&before.description).trim();
    let now = tx.now();
    let row = args![id, version, name, description, state.as_str(), version_id, number, now];
    tx.exec_one(sql::UPDATE, row).await?;
    let after = load_in(&mut tx, id).await?;
    audit(&mut tx, "update", Some(&before), &after).await?;
    tx.commit().await?;
    detail(app, after).await
}

/// Puts a segment away; refused while another one refers to it.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<SegmentDetail> {
    let mut tx = app.store.begin(caller).await?;
    let before = load_in(&mut tx, id).await?;
    caller.scope(SEGMENT_EDIT)?.require(before.brand_id, before.department_id, before.owner_id)?;
    lock_references(&mut tx).await?;
    let others: Vec<sql::Named> = tx.all(sql::ALL_IN_USE, args![]).await?;
    let refers = |tree: &Condition| {
        tree.walk()
            .iter()
            .any(|(_, node)| matches!(node, Condition::InSegment { segment_id } if *segment_id == id))
    };
    if let Some(other) = others.iter().find(|other| other.id != id && refers(&other.definition)) {
        return Err(Problem::conflict("customers.segment.referred_to").with("segment", &other.name));
    }
    let now = tx.now();
    tx.exec_one(sql::ARCHIVE, args![id, version, now]).await?;
    let after = load_in(&mut tx, id).await?;
    audit(&mut tx, "archive", Some(&before), &after).await?;
    tx.commit().await?;
    detail(app, after).await
}

/// Returns the versions of a segment's condition, latest first.
pub async fn versions(app: &App, caller: &Caller, id: Id) -> Result<Vec<SegmentVersion>> {
    require(&app.store, caller, id).await?;
    app.store.all(sql::VERSIONS, args![id]).await
}

/// Returns a segment that the caller may see.
pub(super) async fn require(store: &Store, caller: &Caller, id: Id) -> Result<Segment> {
    let found: Vec<Segment> = store.list(sql::one(id)).await?;
    let segment = found.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))?;
    caller.scope(SEGMENT_READ)?.require(segment.brand_id, segment.department_id, segment.owner_id)?;
    Ok(segment)
}

pub(super) async fn load_in(tx: &mut Tx, id: Id) -> Result<Segment> {
    let found: Vec<Segment> = tx.list(sql::one(id)).await?;
    found.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

async fn detail(app: &App, segment: Segment) -> Result<SegmentDetail> {
    let names = names_of(app, &segment.definition).await?;
    let in_words = condition::describe(&segment.definition, &names);
    let live_until = live_until(&app.store, segment.id, segment.version_id).await?;
    Ok(SegmentDetail { segment, in_words, live_until })
}

/// Two changes at the same time could each be sound and together make a circle.
pub(crate) async fn lock_references(tx: &mut Tx) -> Result<()> {
    tx.lock("customers.segment_references", Id::from_digest([0; 16])).await
}

/// Checks what a condition refers to: it exists, the caller may see it, and nothing goes in circles.
async fn check_references(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    tree: &Condition,
    own: Option<Id>,
) -> Result<()> {
    lock_references(tx).await?;
    let (library, _) = library_of(&app.store, tree).await?;
    condition::check_references(tree, own, &library)?;
    persona::require_known(&app.store, caller, tree).await?;
    for (_, node) in tree.walk() {
        if let Condition::InSegment { segment_id } = node {
            require(&app.store, caller, *segment_id).await?;
        }
    }
    Ok(())
}

async fn audit(tx: &mut Tx, action: &'static str, before: Option<&Segment>, after: &Segment) -> Result<()> {
    let entry = Audit::new(action, Segment::NOUN, after.id)
        .within(after.brand_id, after.department_id)
        .change(before, Some(after));
    tx.audit(entry).await
}
