use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, FieldProblem, Id, Labelled, LocalText, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, ScopeColumns, Store, Tx, args, json};

use super::sql::{Named, PersonaRow};
use super::{NewPersonaSet, PersonaGroup, PersonaName, PersonaOfProfile, PersonaSet, Recompute, rules, sql};
use crate::condition::{Condition, Names};
use crate::permissions::{SEGMENT_EDIT, SEGMENT_READ};
use crate::segment;

const COLUMNS: ScopeColumns = ScopeColumns {
    brand: Some("s.brand_id"),
    department: Some("s.department_id"),
    owner: Some("s.owner_id"),
};

/// Returns sets in use, newest first, their groups without traits.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery) -> Result<Page<PersonaSet>> {
    let size = page.size()?;
    let mut query = sql::sets();
    query.scope(&caller.scope(SEGMENT_READ)?, COLUMNS).push(" AND s.archived_at IS NULL");
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (s.created_at, s.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY s.created_at DESC, s.id DESC").limit_overfull(size);
    let sets: Vec<PersonaSet> = app.store.list(query).await?;
    let mut page = Page::from_overfull(sets, size, |set: &PersonaSet| (set.created_at, set.id));
    let ids: Vec<Id> = page.items.iter().map(|set| set.id).collect();
    let mut groups: BTreeMap<Id, Vec<PersonaGroup>> = BTreeMap::new();
    for row in app.store.list::<PersonaRow>(sql::of_sets(&ids)).await? {
        let PersonaRow { set_id, id, number, name, size, share } = row;
        let persona = PersonaGroup { id, number, name, size, share, traits: Vec::new() };
        groups.entry(set_id).or_default().push(persona);
    }
    for set in &mut page.items {
        set.personas = groups.remove(&set.id).unwrap_or_default();
    }
    Ok(page)
}

/// Returns one set with what tells its groups apart.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<PersonaSet> {
    let mut set = load(&app.store, id).await?;
    caller.scope(SEGMENT_READ)?.require(set.brand_id, set.department_id, set.owner_id)?;
    set.personas = app.store.all(sql::OF_SET, args![id]).await?;
    Ok(set)
}

/// Makes a set; its groups are found in the background.
pub async fn create(app: &App, caller: &Caller, new: &NewPersonaSet) -> Result<PersonaSet> {
    rules::check(new)?;
    let owner = caller.find_user_id();
    caller.scope(SEGMENT_EDIT)?.require_new(new.brand_id, new.department_id, owner)?;
    let mut tx = app.store.begin(caller).await?;
    let (id, now) = (Id::new(), tx.now());
    let (name, features) = (new.name.trim(), json(&new.features));
    let row = args![id, name, features, new.group_count, new.brand_id, new.department_id, owner, now];
    tx.exec(sql::INSERT, row).await?;
    let set = load_in(&mut tx, id).await?;
    audit(&mut tx, "create", None, &set).await?;
    tx.enqueue(&Recompute { set_id: id }).await?;
    tx.commit().await?;
    Ok(set)
}

/// Calls a group something, or takes its name away.
pub async fn name(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    persona: Id,
    called: &PersonaName,
) -> Result<PersonaSet> {
    let name = called.name.as_deref().map(str::trim);
    name.map_or(Ok(()), rules::check_name)?;
    let mut tx = app.store.begin(caller).await?;
    let before = editable(&mut tx, caller, id, version).await?;
    tx.exec_one(sql::TOUCH, args![id, version]).await?;
    if tx.exec(sql::NAME, args![id, persona, name]).await? == 0 {
        return Err(Problem::not_found("access.not_found"));
    }
    let after = load_in(&mut tx, id).await?;
    audit(&mut tx, "update", Some(&before), &after).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Has the groups of a set found anew in the background.
pub async fn request(app: &App, caller: &Caller, id: Id) -> Result<PersonaSet> {
    let mut tx = app.store.begin(caller).await?;
    let set = load_in(&mut tx, id).await?;
    may_edit(caller, &set)?;
    tx.enqueue_once(&Recompute { set_id: id }, &format!("customers.persona/{id}")).await?;
    tx.audit(Audit::new("recompute", PersonaSet::NOUN, id).within(set.brand_id, set.department_id)).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Puts a set away; refused while a segment names one of its groups.
pub async fn archive(app: &App, caller: &Caller, id: Id, version: i64) -> Result<PersonaSet> {
    let mut tx = app.store.begin(caller).await?;
    let before = editable(&mut tx, caller, id, version).await?;
    let groups: Vec<PersonaGroup> = tx.all(sql::OF_SET, args![id]).await?;
    let groups: Vec<Id> = groups.into_iter().map(|persona| persona.id).collect();
    // A segment that is being saved must not slip past.
    segment::lock_references(&mut tx).await?;
    let segments: Vec<segment::sql::Named> = tx.all(segment::sql::ALL_IN_USE, args![]).await?;
    let refers = |tree: &Condition| mentioned(tree).iter().any(|(_, persona)| groups.contains(persona));
    if let Some(other) = segments.iter().find(|segment| refers(&segment.definition)) {
        return Err(Problem::conflict("customers.persona.referred_to").with("segment", &other.name));
    }
    let now = tx.now();
    tx.exec_one(sql::ARCHIVE, args![id, version, now]).await?;
    let after = load_in(&mut tx, id).await?;
    audit(&mut tx, "archive", Some(&before), &after).await?;
    tx.commit().await?;
    get(app, caller, id).await
}

/// Returns the groups that a person belongs to, of sets that the caller may see.
pub async fn of_profile(store: &Store, caller: &Caller, profile: Id) -> Result<Vec<PersonaOfProfile>> {
    let Ok(scope) = caller.scope(SEGMENT_READ) else { return Ok(Vec::new()) };
    let mut query = sql::of_profile(profile);
    query.scope(&scope, COLUMNS).push(" ORDER BY s.created_at, s.id");
    store.list(query).await
}

/// Returns the names of the groups that a condition refers to.
pub(crate) async fn names(store: &Store, tree: &Condition) -> Result<Names> {
    let ids: Vec<Id> = mentioned(tree).into_iter().map(|(_, persona)| persona).collect();
    if ids.is_empty() {
        return Ok(Names::new());
    }
    let called = |named: Named| {
        let name = named.name.unwrap_or_else(|| format!("{} {}", named.set_name, named.number));
        (named.id.to_string(), LocalText { zh_hans: name.clone(), zh_hant: name.clone(), en: name })
    };
    Ok(store.list::<Named>(sql::named(&ids)).await?.into_iter().map(called).collect())
}

/// Refuses a condition that refers to a group that is not there, or not for the caller to see.
pub(crate) async fn require_known(store: &Store, caller: &Caller, tree: &Condition) -> Result<()> {
    let mentioned = mentioned(tree);
    if mentioned.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = mentioned.iter().map(|(_, persona)| *persona).collect();
    let mut query = sql::named(&ids);
    query.scope(&caller.scope(SEGMENT_READ)?, COLUMNS);
    let known: Vec<Id> = store.list::<Named>(query).await?.into_iter().map(|named| named.id).collect();
    let mut problem = Problem::unprocessable("customers.segment.invalid");
    for (path, _) in mentioned.into_iter().filter(|(_, persona)| !known.contains(persona)) {
        let place = if path.is_empty() { path } else { format!("{path}.") };
        problem.fields.push(FieldProblem {
            field: format!("definition.{place}persona_id"),
            code: "customers.persona.unknown".to_owned(),
            args: BTreeMap::new(),
        });
    }
    if problem.fields.is_empty() { Ok(()) } else { Err(problem) }
}

fn mentioned(tree: &Condition) -> Vec<(String, Id)> {
    let of = |(path, node): (String, &Condition)| match node {
        Condition::Persona { persona_id } => Some((path, *persona_id)),
        _ => None,
    };
    tree.walk().into_iter().filter_map(of).collect()
}

/// Returns a set, whoever asks.
pub(super) async fn load(store: &Store, id: Id) -> Result<PersonaSet> {
    let mut query = sql::sets();
    query.and("s.id =", id);
    store.list(query).await?.pop().ok_or_else(|| Problem::not_found("access.not_found"))
}

async fn load_in(tx: &mut Tx, id: Id) -> Result<PersonaSet> {
    let mut query = sql::sets();
    query.and("s.id =", id);
    let mut set: PersonaSet =
        tx.list(query).await?.pop().ok_or_else(|| Problem::not_found("access.not_found"))?;
    set.personas = tx.all(sql::OF_SET, args![id]).await?;
    Ok(set)
}

fn may_edit(caller: &Caller, set: &PersonaSet) -> Result<()> {
    caller.scope(SEGMENT_EDIT)?.require(set.brand_id, set.department_id, set.owner_id)?;
    if set.archived_at.is_some() {
        return Err(Problem::conflict("customers.persona.archived"));
    }
    Ok(())
}

async fn editable(tx: &mut Tx, caller: &Caller, id: Id, version: i64) -> Result<PersonaSet> {
    let set = load_in(tx, id).await?;
    may_edit(caller, &set)?;
    if set.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    Ok(set)
}

async fn audit(
    tx: &mut Tx,
    action: &'static str,
    before: Option<&PersonaSet>,
    after: &PersonaSet,
) -> Result<()> {
    let entry = Audit::new(action, PersonaSet::NOUN, after.id)
        .within(after.brand_id, after.department_id)
        .change(before, Some(after));
    tx.audit(entry).await
}
