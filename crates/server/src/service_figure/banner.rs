use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, DAY_MS, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::{Query, args};

use super::{Banner, BannerKind, sql};

/// How long before it begins users are told of maintenance.
const AHEAD_DAYS: i64 = 3;
/// Most that is told at once.
const BANNERS_MAX: i64 = 5;

#[derive(Deserialize)]
struct Window {
    id: String,
    name: String,
    impact: Option<String>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    state: String,
}

#[derive(Deserialize)]
struct Over {
    id: String,
    /// By language, as far as its pack has them.
    title: BTreeMap<String, String>,
    changed_at: Option<Timestamp>,
}

/// Returns what all users are told now.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Banner>> {
    let mut banners = maintenance(app, caller).await?;
    let over: Vec<Over> = app.store.all(sql::OVER, args![]).await?;
    banners.extend(over.into_iter().map(|over| Banner {
        text: say(app, caller, "system.banner.service", &[("name", named(&over, caller))]),
        id: over.id,
        kind: BannerKind::Service,
        starts_at: over.changed_at,
        ends_at: None,
        now: true,
    }));
    Ok(banners)
}

fn named<'o>(over: &'o Over, caller: &Caller) -> &'o str {
    let known = over.title.get(caller.language.as_str()).or_else(|| over.title.values().next());
    known.map_or(&over.id, String::as_str)
}

async fn maintenance(app: &App, caller: &Caller) -> Result<Vec<Banner>> {
    // A company whose packs know no maintenance has none to announce.
    let known = app.part::<rulebook::Rulebook>()?.record_types().any(|t| t.spec.id == "maintenance_window");
    if !known {
        return Ok(Vec::new());
    }
    let now = app.store.now();
    let mut query = Query::new(sql::MAINTENANCE, args![]);
    query.and("starts_at <=", now.plus_ms(AHEAD_DAYS * DAY_MS)).push(" AND (state = 'running' OR ends_at > ");
    query.bind(now).push(") ORDER BY starts_at, id LIMIT ").bind(BANNERS_MAX);
    let windows: Vec<Window> = app.store.list(query).await?;
    Ok(windows
        .into_iter()
        .map(|window| {
            let running = window.state == "running";
            let code = if running { "system.banner.maintenance_now" } else { "system.banner.maintenance" };
            let impact = window.impact.unwrap_or_default();
            Banner {
                text: say(app, caller, code, &[("name", &window.name), ("impact", &impact)]),
                id: window.id,
                kind: BannerKind::Maintenance,
                starts_at: Some(window.starts_at),
                ends_at: Some(window.ends_at),
                now: running,
            }
        })
        .collect())
}

fn say(app: &App, caller: &Caller, code: &str, args: &[(&str, &str)]) -> String {
    let args: BTreeMap<String, Json> =
        args.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    app.texts.say(caller.language, code, &args)
}
