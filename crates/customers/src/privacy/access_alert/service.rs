use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use rulebook::notification::NoticeKind;
use rulebook::parameter;
use rulebook::task::Sentence;
use serde::Deserialize;
use serde_json::json;
use store::{Audit, Store, args};

use super::rules::{Limits, USUAL_DAYS, judge, median};
use super::{AccessAlert, AccessDay, AccessKind, AlertFilter, FigureFilter, sql};
use crate::merge::check_reason;
use crate::permissions::PRIVACY_MANAGE;
use crate::privacy::notice::{self, Told};

/// Most days that are shown.
const DAYS_MAX: i64 = 90;

/// Returns alerts, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &AlertFilter,
) -> Result<Page<AccessAlert>> {
    caller.require(PRIVACY_MANAGE)?;
    let size = page.size()?;
    let mut query = sql::list();
    query.and_some("a.state =", filter.state.map(|state| state.as_str()));
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (a.found_at, a.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY a.found_at DESC, a.id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |row: &AccessAlert| (row.found_at, row.id)))
}

/// Notes why it was.
pub async fn explain(app: &App, caller: &Caller, id: Id, version: i64, reason: &str) -> Result<AccessAlert> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(reason)?;
    let before = load(&app.store, id).await?;
    if caller.find_user_id() == Some(before.user_id) {
        // Nobody clears themselves.
        return Err(Problem::forbidden("customers.privacy.own_alert"));
    }
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::EXPLAIN, args![id, version, reason, caller.find_user_id(), now]).await?;
    tx.audit(Audit::new("explain", AccessAlert::NOUN, id).because(reason)).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

async fn load(store: &Store, id: Id) -> Result<AccessAlert> {
    let mut query = sql::list();
    query.and("a.id =", id);
    store.list(query).await?.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// A day of somebody, with the number of the day since the epoch.
#[derive(Deserialize)]
struct Row {
    actor_id: Id,
    actor_name: String,
    number: i64,
    exports: i64,
    export_rows: i64,
    unmasks: i64,
}

impl Row {
    fn day(&self) -> AccessDay {
        AccessDay {
            user_id: self.actor_id,
            user_name: self.actor_name.clone(),
            day: Timestamp::from_ms(self.number * DAY_MS).utc_day().to_string(),
            exports: self.exports,
            export_rows: self.export_rows,
            unmasks: self.unmasks,
        }
    }
}

/// How far the company's clock is ahead, in milliseconds.
fn ahead(app: &App) -> i64 {
    let now = app.store.now().instant().to_zoned(app.settings.time_zone.clone());
    i64::from(now.offset().seconds()) * 1_000
}

/// Returns what was done since so many days before today, newest day first.
async fn rows(app: &App, days: i64) -> Result<Vec<Row>> {
    let ahead = ahead(app);
    let today = (app.store.now().ms() + ahead).div_euclid(DAY_MS);
    let since = Timestamp::from_ms((today - days) * DAY_MS - ahead);
    app.store.all(sql::DAYS, args![since, ahead]).await
}

/// Returns what each took out and uncovered, day by day.
pub async fn figures(app: &App, caller: &Caller, filter: &FigureFilter) -> Result<Page<AccessDay>> {
    caller.require(PRIVACY_MANAGE)?;
    let days = filter.days.unwrap_or(30).clamp(1, DAYS_MAX);
    let rows = rows(app, days - 1).await?;
    let wanted = rows.iter().filter(|row| filter.user_id.is_none_or(|user| user == row.actor_id));
    Ok(Page::whole(wanted.map(Row::day).collect()))
}

async fn limits(store: &Store) -> Result<Limits> {
    Ok(Limits {
        times: parameter::get(store, "privacy.watch_times").await?.integer()?,
        rows: parameter::get(store, "privacy.watch_rows").await?.integer()?,
        exports: parameter::get(store, "privacy.watch_exports").await?.integer()?,
        unmasks: parameter::get(store, "privacy.watch_unmasks").await?.integer()?,
    })
}

/// Looks at today and yesterday; returns how many alerts are new.
pub async fn watch(app: &App) -> Result<usize> {
    let limits = limits(&app.store).await?;
    let mut people: BTreeMap<Id, Vec<Row>> = BTreeMap::new();
    for row in rows(app, USUAL_DAYS as i64 + 1).await? {
        people.entry(row.actor_id).or_default().push(row);
    }
    let today = (app.store.now().ms() + ahead(app)).div_euclid(DAY_MS);
    let mut found = 0;
    for days in people.values() {
        for row in days.iter().filter(|row| row.number >= today - 1) {
            let day = row.day();
            let before: Vec<AccessDay> = days
                .iter()
                .filter(|of| of.number < row.number && of.number >= row.number - USUAL_DAYS as i64)
                .map(Row::day)
                .collect();
            for kind in AccessKind::ALL {
                let usual = median(before.iter().map(|day| kind.of(day)).collect(), USUAL_DAYS);
                if let Some((because, threshold)) = judge(*kind, kind.of(&day), usual, limits) {
                    found += usize::from(raise(app, *kind, &day, usual, (because, threshold)).await?);
                }
            }
        }
    }
    Ok(found)
}

async fn raise(
    app: &App,
    kind: AccessKind,
    day: &AccessDay,
    usual: f64,
    (because, threshold): (super::AccessBecause, i64),
) -> Result<bool> {
    let mut tx = app.store.begin(&Caller::system("customers.privacy")).await?;
    let (id, now, count) = (Id::new(), tx.now(), kind.of(day));
    let row = args![
        id,
        day.user_id,
        &day.user_name,
        &day.day,
        kind.as_str(),
        count,
        usual,
        threshold,
        because.as_str(),
        now,
    ];
    if tx.exec(sql::INSERT, row).await? == 0 {
        // It was said before.
        return Ok(false);
    }
    let code = match kind {
        AccessKind::ExportRows => "customers.privacy.notice.access_rows",
        AccessKind::Exports => "customers.privacy.notice.access_exports",
        AccessKind::Unmasks => "customers.privacy.notice.access_unmasks",
    };
    let title = Sentence::new(code)
        .with("name", day.user_name.as_str())
        .with("day", day.day.as_str())
        .with("count", count);
    let told = Told {
        kind: NoticeKind::Alert,
        noun: AccessAlert::NOUN,
        id,
        link: format!("/customers/privacy/access?alert={id}"),
        title,
        key: format!("privacy/access/{}/{}/{kind}", day.user_id, day.day),
    };
    notice::tell(app, &mut tx, told).await?;
    let facts =
        json!({ "user_id": day.user_id, "day": day.day, "kind": kind, "count": count, "because": because });
    tx.audit(Audit::new("raise", AccessAlert::NOUN, id).with(facts)).await?;
    tx.commit().await?;
    Ok(true)
}
