//! Who is affected by a leak.

use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use lake::Lake;
use serde_json::json;
use store::{Audit, Tx, args};
use tabular::export::{ExportCell, ExportColumn, ExportFormat, ExportSpec, Exported, export};

use super::service::{load, load_seen, note};
use super::{AffectedBy, AffectedPerson, Leak, LeakStepKind, NewAffected, sql};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::privacy::profile_export;
use crate::segment::prepare_segment;

/// Ids in one question to the database.
const CHUNK: usize = 2_000;
/// Most people who are named one by one.
const NAMED_MAX: usize = 10_000;

fn unclear(field: &'static str) -> Problem {
    Problem::unprocessable("customers.privacy.affected_unclear")
        .with_field(field, "customers.privacy.affected_unclear")
}

/// Adds people who are affected; the same person counts once.
pub async fn add(app: &App, caller: &Caller, id: Id, version: i64, new: &NewAffected) -> Result<Leak> {
    caller.require(PRIVACY_MANAGE)?;
    // What is read before the transaction: it may take long, or is a file.
    let listed = match new.by {
        AffectedBy::Profiles => new
            .profile_ids
            .clone()
            .filter(|ids| !ids.is_empty() && ids.len() <= NAMED_MAX)
            .ok_or_else(|| unclear("profile_ids"))?,
        AffectedBy::Export => {
            profile_export::people(app, new.export_id.ok_or_else(|| unclear("export_id"))?).await?
        }
        _ => Vec::new(),
    };
    let segment = match new.by {
        AffectedBy::Segment => {
            let segment = new.segment_id.ok_or_else(|| unclear("segment_id"))?;
            Some(prepare_segment(&app.store, app.part::<Lake>().ok(), caller, segment).await?.1)
        }
        _ => None,
    };
    let mut tx = app.store.begin(caller).await?;
    load_seen(&mut tx, id, version).await?;
    let now = tx.now();
    match (new.by, segment) {
        (AffectedBy::Segment, Some(prepared)) => {
            let mut query = sql::by_segment(id, now);
            prepared.narrow(&mut query)?;
            query.push(" ON CONFLICT DO NOTHING");
            tx.exec_query(query).await?;
        }
        (AffectedBy::Source, _) => {
            let source = new.source.as_deref().map(str::trim).filter(|text| !text.is_empty());
            tx.exec(sql::BY_SOURCE, args![id, now, source.ok_or_else(|| unclear("source"))?]).await?;
        }
        (by, _) => add_listed(&mut tx, id, by, &listed).await?,
    }
    tx.exec_one(sql::RECOUNT, args![id, version]).await?;
    let mut query = sql::list();
    query.and("l.id =", id);
    let after: Vec<Leak> = tx.list(query).await?;
    let count = after.first().map_or(0, |leak| leak.affected_count);
    note(&mut tx, id, LeakStepKind::Affected, Some(new.by.as_str()), Some(count)).await?;
    let facts = json!({ "by": new.by, "affected": count });
    tx.audit(Audit::new("affect", Leak::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

async fn add_listed(tx: &mut Tx, id: Id, by: AffectedBy, people: &[Id]) -> Result<()> {
    let now = tx.now();
    for chunk in people.chunks(CHUNK) {
        let known: Vec<Id> = tx.list(sql::known(chunk)).await?;
        let rows = known.into_iter().map(|person| args![id, person, by.as_str(), now]).collect();
        tx.insert_many(sql::INSERT_PEOPLE, rows, sql::ONCE).await?;
    }
    Ok(())
}

/// Returns who is affected.
pub async fn affected(app: &App, caller: &Caller, id: Id, page: &PageQuery) -> Result<Page<AffectedPerson>> {
    caller.require(PRIVACY_READ)?;
    load(&app.store, id).await?;
    let size = page.size()?;
    let mut query = sql::affected(id);
    if let Some((at, person)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (a.added_at, a.profile_id) > (").bind(at).push(", ").bind(person).push(")");
    }
    query.push(" ORDER BY a.added_at, a.profile_id").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &AffectedPerson| (row.added_at, row.profile_id)))
}

const EXPORT: ExportSpec = ExportSpec {
    name: "affected",
    columns: &[
        ExportColumn::new("profile_id", "customers.column.id", ExportCell::Text),
        ExportColumn::new("name", "import.customers.name", ExportCell::Text),
        ExportColumn::new("email", "import.customers.email", ExportCell::Text),
        ExportColumn::new("mobile", "import.customers.mobile", ExportCell::Text),
    ],
};

/// Writes who is affected into a file, so that they can be told.
pub async fn export_file(app: &App, caller: &Caller, id: Id, format: ExportFormat) -> Result<Exported> {
    caller.require(PRIVACY_MANAGE)?;
    let next = |page: PageQuery| async move { affected(app, caller, id, &page).await };
    export(app, caller, format, &EXPORT, next, |_| ()).await
}
