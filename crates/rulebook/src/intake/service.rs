use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use serde_json::{Value as Json, json};
use store::{Audit, Query, Tx, args};

use super::take::digest;
use super::{Intake, IntakeEntry, IntakeEntryFilter, NewIntake, rules, sql};
use crate::record;

const NOUN: &str = "rulebook.intake";

/// Returns all intakes.
pub async fn list(app: &App, caller: &Caller) -> Result<Page<Intake>> {
    let mut found: Vec<Intake> = app.store.all(sql::LIST, args![]).await?;
    let owners: Vec<Id> = found.iter().map(|intake| intake.owner_id).collect();
    let names = record::names_of_ids(app, caller, &owners).await?;
    for intake in &mut found {
        let id = intake.owner_id.to_string();
        intake.names = names.get(&id).map(|name| (id.clone(), name.clone())).into_iter().collect();
    }
    Ok(Page::whole(found))
}

/// Opens an intake; the answer alone shows its address.
pub async fn create(app: &App, caller: &Caller, new: &NewIntake) -> Result<Intake> {
    require(app, caller, new)?;
    let secret = store::random::token();
    let mut tx = app.store.begin(caller).await?;
    let (id, now) = (Id::new(), tx.now());
    let owner = new.owner_id.map_or_else(|| caller.user_id(), Ok)?;
    let department = department(&mut tx, app, owner).await?;
    let args = args![
        id,
        new.name.trim(),
        &new.opens,
        store::json(&new.mapping),
        new.key_path.as_deref(),
        new.per_minute,
        owner,
        department,
        new.active,
        digest(&secret),
        now,
        caller.find_user_id(),
    ];
    tx.exec_one(sql::INSERT, args).await?;
    tx.audit(Audit::new("create", NOUN, id).with(facts(new))).await?;
    let made: Intake = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(Intake { url: Some(url(app, &secret)), ..made })
}

fn url(app: &App, secret: &str) -> String {
    format!("{}/api/v1/rulebook/intake-drops/{secret}", app.settings.admin_url.trim_end_matches('/'))
}

fn facts(new: &NewIntake) -> Json {
    json!({ "name": new.name, "opens": new.opens, "mapping": new.mapping, "per_minute": new.per_minute,
        "active": new.active })
}

/// Changes an intake.
pub async fn change(app: &App, caller: &Caller, id: Id, version: i64, new: &NewIntake) -> Result<Intake> {
    require(app, caller, new)?;
    let mut tx = app.store.begin(caller).await?;
    let before: Intake = tx.get(sql::FIND, args![id]).await?;
    let owner = new.owner_id.unwrap_or(before.owner_id);
    let department = department(&mut tx, app, owner).await?;
    let now = tx.now();
    let args = args![
        id,
        version,
        new.name.trim(),
        &new.opens,
        store::json(&new.mapping),
        new.key_path.as_deref(),
        new.per_minute,
        owner,
        department,
        new.active,
        now,
    ];
    tx.exec_one(sql::CHANGE, args).await?;
    tx.audit(Audit::new("change", NOUN, id).with(facts(new))).await?;
    let after = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(after)
}

/// Puts a new address in the place of the old one, which takes nothing any more; the answer alone shows it.
pub async fn new_secret(app: &App, caller: &Caller, id: Id, version: i64) -> Result<Intake> {
    let secret = store::random::token();
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.get::<Intake>(sql::FIND, args![id]).await?;
    tx.exec_one(sql::SECRET, args![id, version, digest(&secret), now]).await?;
    tx.audit(Audit::new("renew_address", NOUN, id)).await?;
    let after: Intake = tx.get(sql::FIND, args![id]).await?;
    tx.commit().await?;
    Ok(Intake { url: Some(url(app, &secret)), ..after })
}

fn require(app: &App, caller: &Caller, new: &NewIntake) -> Result<()> {
    let record_type = record::record_type(app, &new.opens).ok();
    rules::check(new, record_type.as_deref(), app.settings.reply_to.is_some())?;
    record_type.map_or(Ok(()), |found| caller.require(found.write))
}

async fn department(tx: &mut Tx, app: &App, owner: Id) -> Result<Option<Id>> {
    let Ok(people) = app.people.get() else { return Ok(None) };
    let found = people.people(tx, &[owner]).await?.into_iter().find(|person| person.active);
    let unknown = || {
        Problem::unprocessable("rulebook.intake.invalid")
            .with_field("owner_id", "rulebook.watch.owner_unknown")
    };
    Ok(found.ok_or_else(unknown)?.department_id)
}

/// Returns what came, newest first.
pub async fn entries(app: &App, page: &PageQuery, filter: &IntakeEntryFilter) -> Result<Page<IntakeEntry>> {
    let size = page.size()?;
    let mut query = Query::new(sql::ENTRIES, args![]);
    query
        .and_some("intake_id =", filter.intake_id)
        .and_some("outcome =", filter.outcome.map(|outcome| outcome.as_str()))
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |entry: &IntakeEntry| entry.id))
}
