//! Who is in a segment, how many, and why.

use http_kit::App;
use kernel::{Caller, Id, LocalText, Page, Problem, Result, Timestamp};
use lake::Lake;
use store::{Observation, Query, Store, args};

use super::service::require;
use super::{
    Membership, PartCount, Preview, Segment, SegmentFilter, SegmentOfProfile, SegmentState, TryCondition,
    service, sql,
};
use crate::access::scope_of_view;
use crate::behaviour;
use crate::condition::sql::{and_holds, push};
use crate::condition::{self, Asked, Condition, Explanation, Library, Names, Setting};
use crate::permissions::{PROFILE_READ, SEGMENT_READ};
use crate::persona;
use crate::profile::{self, PROFILE_COLUMNS, Profile};

/// People that a sample shows.
const SAMPLE_SIZE: i64 = 20;
/// Most parts of a breakdown: bounds the one statement that counts them.
const PARTS_MAX: usize = 40;
/// Rounds of looking up what segments refer to; more would be a circle.
const ROUNDS_MAX: usize = 64;

/// A condition ready to be asked.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The condition.
    pub tree: Condition,
    /// What it refers to.
    pub library: Library,
    /// The end of its windows.
    pub now: Timestamp,
}

impl Prepared {
    /// Narrows a query over profiles `p` to those who meet the condition.
    pub fn narrow(&self, query: &mut Query) -> Result<()> {
        and_holds(query, &self.tree, self.setting())
    }

    fn setting(&self) -> Setting<'_> {
        Setting { library: &self.library, now: self.now }
    }
}

/// Returns a segment that the caller may see, ready to be asked.
pub(crate) async fn prepare_segment(
    store: &Store,
    lake: Option<&Lake>,
    caller: &Caller,
    id: Id,
) -> Result<(Segment, Prepared)> {
    let segment = require(store, caller, id).await?;
    let prepared = prepare(store, lake, segment.definition.clone()).await?;
    Ok((segment, prepared))
}

/// Narrows a list of profiles `p` to a segment.
pub(crate) async fn narrow(app: &App, caller: &Caller, id: Id, query: &mut Query) -> Result<()> {
    let (_, prepared) = prepare_segment(&app.store, lake(app), caller, id).await?;
    prepared.narrow(query)
}

/// Returns a condition from outside, checked and ready to be asked.
pub(crate) async fn prepare_condition(app: &App, caller: &Caller, definition: Condition) -> Result<Prepared> {
    prepare_tried(app, caller, TryCondition { definition, segment_id: None }).await
}

/// Returns the condition in force of a segment that is in use or was.
pub(crate) async fn definition_of(store: &Store, id: Id) -> Result<Option<Condition>> {
    let found: Vec<Segment> = store.list(sql::one(id)).await?;
    Ok(found.into_iter().next().map(|segment| segment.definition))
}

/// Says a condition in words.
pub(crate) async fn in_words(app: &App, tree: &Condition) -> Result<LocalText> {
    Ok(condition::describe(tree, &names_of(app, tree).await?))
}

/// Counts a segment's people and keeps the number for the list.
pub async fn count(app: &App, caller: &Caller, id: Id) -> Result<Segment> {
    let (segment, prepared) = prepare_segment(&app.store, lake(app), caller, id).await?;
    let mut query = sql::count();
    let scope = caller.scope(PROFILE_READ)?;
    query.scope(&scope, PROFILE_COLUMNS);
    prepared.narrow(&mut query)?;
    let count: i64 = first(app.store.list(query).await?)?;
    if scope.everything {
        let mut tx = app.store.begin_observation(Observation::Measurement).await?;
        tx.exec(sql::STORE_COUNT, args![id, segment.version_id, count, prepared.now]).await?;
        tx.commit().await?;
    }
    Ok(Segment { member_count: Some(count), counted_at: Some(prepared.now), ..segment })
}

/// Tries a condition out: how many people meet it, and how many each of its parts.
pub async fn preview(app: &App, caller: &Caller, tried: TryCondition) -> Result<Preview> {
    caller.require(SEGMENT_READ)?;
    let prepared = prepare_tried(app, caller, tried).await?;
    let names = names_of(app, &prepared.tree).await?;
    let parts = parts(&prepared.tree);
    let mut query = sql::breakdown_head();
    for (_, part) in &parts {
        query.push(sql::PART_HEAD);
        push(&mut query, part, prepared.setting(), 0)?;
        query.push(sql::PART_TAIL);
    }
    query.push(sql::BREAKDOWN_TAIL).scope(&caller.scope(PROFILE_READ)?, PROFILE_COLUMNS);
    let counts: Vec<i64> = first(app.store.list(query).await?)?;
    let (total, counts) = counts.split_first().ok_or_else(|| Problem::internal("a count has no columns"))?;
    let breakdown = parts.iter().zip(counts).map(|((path, part), count)| PartCount {
        path: path.clone(),
        in_words: condition::describe(part, &names),
        count: *count,
    });
    let mut breakdown: Vec<PartCount> = breakdown.collect();
    let whole = breakdown.remove(0);
    Ok(Preview {
        in_words: whole.in_words,
        count: whole.count,
        total: *total,
        breakdown,
        watermark: prepared.now,
    })
}

/// Returns some people who meet a condition, the newest first.
pub async fn sample(app: &App, caller: &Caller, tried: TryCondition) -> Result<Page<Profile>> {
    caller.require(SEGMENT_READ)?;
    let prepared = prepare_tried(app, caller, tried).await?;
    let mut query = profile::sql::list();
    query.scope(&caller.scope(PROFILE_READ)?, PROFILE_COLUMNS);
    prepared.narrow(&mut query)?;
    query.push(" ORDER BY p.created_at DESC, p.id DESC LIMIT ").bind(SAMPLE_SIZE);
    Ok(Page::whole(app.store.list(query).await?))
}

/// Says why one person is in a segment or not.
pub async fn explain_member(app: &App, caller: &Caller, id: Id, profile: Id) -> Result<Membership> {
    let (_, prepared) = prepare_segment(&app.store, lake(app), caller, id).await?;
    let profile = profile::require(&app.store, caller, profile).await?;
    let why = explain(app, caller, &profile, &prepared).await?;
    Ok(Membership { profile_id: profile.id, is_member: why.holds, watermark: prepared.now, why })
}

/// Says why one person meets a condition that is being tried out, or not.
pub async fn explain_definition(
    app: &App,
    caller: &Caller,
    tried: TryCondition,
    profile: Id,
) -> Result<Membership> {
    caller.require(SEGMENT_READ)?;
    let prepared = prepare_tried(app, caller, tried).await?;
    let profile = profile::require(&app.store, caller, profile).await?;
    let why = explain(app, caller, &profile, &prepared).await?;
    Ok(Membership { profile_id: profile.id, is_member: why.holds, watermark: prepared.now, why })
}

/// Returns the segments in use that a person is in, of those that the caller may see.
pub async fn of_profile(app: &App, caller: &Caller, profile: Id) -> Result<Vec<SegmentOfProfile>> {
    let profile = profile::require(&app.store, caller, profile).await?;
    let page = kernel::PageQuery { page_size: Some(kernel::PAGE_SIZE_MAX), cursor: None };
    let filter = SegmentFilter { state: Some(SegmentState::Active), ..SegmentFilter::default() };
    let mut found = Vec::new();
    for segment in service::list(app, caller, &page, &filter).await?.items {
        let prepared = prepare(&app.store, lake(app), segment.definition).await?;
        let why = explain(app, caller, &profile, &prepared).await?;
        if why.holds {
            found.push(SegmentOfProfile { id: segment.id, name: segment.name, in_words: why.condition });
        }
    }
    Ok(found)
}

/// Counts every segment in use anew; returns how many.
pub(super) async fn recount(app: &App) -> Result<usize> {
    let caller = Caller::system("customers.segment");
    let ids: Vec<Id> = app.store.all(sql::ACTIVE, args![]).await?;
    for id in &ids {
        count(app, &caller, *id).await?;
    }
    Ok(ids.len())
}

/// Returns where events are, in a process that has them.
fn lake(app: &App) -> Option<&Lake> {
    app.part::<Lake>().ok()
}

async fn prepare(store: &Store, lake: Option<&Lake>, tree: Condition) -> Result<Prepared> {
    let (library, _) = library_of(store, &tree).await?;
    behaviour::decide(store, lake, &tree, &library).await?;
    Ok(Prepared { tree, library, now: store.now() })
}

/// Checks a condition that comes from outside as saving it would.
async fn prepare_tried(app: &App, caller: &Caller, tried: TryCondition) -> Result<Prepared> {
    condition::check(&tried.definition)?;
    let prepared = prepare(&app.store, lake(app), tried.definition).await?;
    condition::check_references(&prepared.tree, tried.segment_id, &prepared.library)?;
    persona::require_known(&app.store, caller, &prepared.tree).await?;
    for (_, node) in prepared.tree.walk() {
        if let Condition::InSegment { segment_id } = node {
            require(&app.store, caller, *segment_id).await?;
        }
    }
    Ok(prepared)
}

async fn explain(app: &App, caller: &Caller, profile: &Profile, prepared: &Prepared) -> Result<Explanation> {
    let names = names_of(app, &prepared.tree).await?;
    let asked = Asked {
        lake: lake(app),
        setting: prepared.setting(),
        names: &names,
        zone: &app.settings.time_zone,
        shows_orders: scope_of_view(app, caller, "v_sales_order").is_some_and(|scope| scope.everything),
    };
    condition::explain(&app.store, profile, &prepared.tree, asked).await
}

/// Returns the whole first, then what it is directly made of, then all leaves.
fn parts(tree: &Condition) -> Vec<(String, &Condition)> {
    let all = tree.walk();
    let direct = |path: &str| path.split('.').filter(|piece| *piece == "of").count() == 1;
    all.into_iter()
        .filter(|(path, node)| path.is_empty() || direct(path) || node.is_leaf())
        .take(PARTS_MAX)
        .collect()
}

/// Returns the definitions that a condition refers to, directly or through others, with their names.
pub(crate) async fn library_of(store: &Store, tree: &Condition) -> Result<(Library, Names)> {
    let (mut library, mut names) = (Library::new(), Names::new());
    let mut wanted = references(tree);
    for _ in 0..ROUNDS_MAX {
        wanted.retain(|id| !library.contains_key(id));
        if wanted.is_empty() {
            break;
        }
        let found: Vec<sql::Named> = store.list(sql::named(&wanted)).await?;
        wanted = found.iter().flat_map(|segment| references(&segment.definition)).collect();
        for segment in found {
            names.insert(segment.id.to_string(), same_in_all(segment.name));
            library.insert(segment.id, segment.definition);
        }
    }
    Ok((library, names))
}

/// Returns the names of what a condition refers to.
pub(super) async fn names_of(app: &App, tree: &Condition) -> Result<Names> {
    let (library, mut names) = library_of(&app.store, tree).await?;
    for tree in library.values().chain([tree]) {
        names.extend(persona::names(&app.store, tree).await?);
    }
    Ok(names)
}

fn same_in_all(name: String) -> LocalText {
    LocalText { zh_hans: name.clone(), zh_hant: name.clone(), en: name }
}

fn references(tree: &Condition) -> Vec<Id> {
    let of = |(_, node): (String, &Condition)| match node {
        Condition::InSegment { segment_id } => Some(*segment_id),
        _ => None,
    };
    tree.walk().into_iter().filter_map(of).collect()
}

fn first<T>(rows: Vec<T>) -> Result<T> {
    rows.into_iter().next().ok_or_else(|| Problem::internal("a count has no row"))
}
