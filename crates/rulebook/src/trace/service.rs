use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Result, Scope};
use store::Query;

use super::rules::{Found, RECORDS, Served, map};
use super::{TraceLevel, TraceMap, TraceNode, sql};
use crate::machine::Machine;
use crate::record;
use crate::record_type::intern::intern;
use crate::run::service::permission_of;
use crate::{Rulebook, record_type::RecordType};

/// Views of other domains on the map: name, kind, level, machine of its states, address.
const VIEWS: [View; 2] = [
    View {
        name: "v_brand_content",
        kind: "content",
        level: TraceLevel::Content,
        machine: "content_review",
        page: "/content/items/",
    },
    View {
        name: "v_campaigns_campaign",
        kind: "campaign",
        level: TraceLevel::Campaign,
        machine: "campaign",
        page: "/campaigns/",
    },
];

struct View {
    name: &'static str,
    kind: &'static str,
    level: TraceLevel,
    machine: &'static str,
    page: &'static str,
}

/// Reads the map as far as the caller may see it.
///
/// Clause: BA-1.3.2
pub async fn read(app: &App, caller: &Caller) -> Result<TraceMap> {
    let book = app.part::<Rulebook>()?;
    let mut shown = TraceMap::default();
    let mut found = Vec::new();
    let mut written_for: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for view in &VIEWS {
        let Some(scope) = scope_of(app, caller, view)? else { continue };
        let query = match view.level {
            TraceLevel::Content => sql::contents(&scope),
            _ => sql::campaigns(&scope),
        };
        let machine = book.machine(view.machine);
        for row in rows(app, query, view.kind, &mut shown).await? {
            if let Some(content) = row.content_id {
                written_for.entry(content).or_default().push(row.id);
            }
            found.push(of_view(caller, view, machine.as_deref(), row));
        }
    }
    // A campaign that sends a mail is what the mail is for, whoever said so.
    for one in &mut found {
        one.up.extend(written_for.remove(&one.node.id).unwrap_or_default());
    }
    for served in &RECORDS {
        if let Some(record_type) = book.record_type(served.record).filter(|t| caller.may(t.read)) {
            found.extend(records(app, caller, &record_type, served, &mut shown).await?);
        }
    }
    shown.nodes = map(found);
    Ok(shown)
}

/// Returns which rows of a view the caller may see; nothing where the domain is not there, or none are.
fn scope_of(app: &App, caller: &Caller, view: &View) -> Result<Option<Scope>> {
    let Some(published) = app.view(view.name) else { return Ok(None) };
    let permission = permission_of(app, &published)?;
    if caller.may(permission) { caller.scope(permission).map(Some) } else { Ok(None) }
}

async fn rows(app: &App, query: Query, kind: &str, shown: &mut TraceMap) -> Result<Vec<sql::Row>> {
    let mut rows: Vec<sql::Row> = app.store.list(query).await?;
    if rows.len() > sql::SHOWN_MAX as usize {
        rows.truncate(sql::SHOWN_MAX as usize);
        shown.cut.push(kind.to_owned());
    }
    Ok(rows)
}

fn of_view(caller: &Caller, view: &View, machine: Option<&Machine>, row: sql::Row) -> Found {
    let link = format!("{}{}", view.page, row.id);
    let node = node(caller, (view.level, view.kind), machine, &row, link);
    Found { node, up: row.links().into_iter().flatten().collect(), down: Vec::new() }
}

fn node(
    caller: &Caller,
    (level, kind): (TraceLevel, &str),
    machine: Option<&Machine>,
    row: &sql::Row,
    link: String,
) -> TraceNode {
    let states = machine.map(|machine| machine.spec.states.as_slice()).unwrap_or_default();
    let state = states.iter().find(|state| Some(&state.id) == row.state.as_ref());
    TraceNode {
        id: row.id,
        level,
        kind: kind.to_owned(),
        title: match &row.number {
            Some(number) => format!("{number} {}", row.title),
            None => row.title.clone(),
        },
        state_title: state.map(|state| state.title.get(caller.language).to_owned()),
        link,
        up: Vec::new(),
        up_elsewhere: 0,
        orphan: false,
    }
}

async fn records(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    served: &Served,
    shown: &mut TraceMap,
) -> Result<Vec<Found>> {
    // A company may have dropped a field, and a field may be above the caller's clearance.
    let seen =
        |name: &&&str| record_type.field(name).is_some() && record::readable(record_type, caller, name);
    let links: Vec<&'static str> =
        served.up.iter().chain(served.down).filter(seen).map(|name| intern(name)).collect();
    let mut query = sql::records(record_type.view.name, &links);
    record::visible(&mut query, record_type, caller)?;
    sql::newest(&mut query);
    let book = app.part::<Rulebook>()?;
    let machine = record_type.spec.machines.first().and_then(|of| book.machine(&of.machine));
    let rows = rows(app, query, served.record, shown).await?;
    let found = rows.into_iter().map(|row| {
        let page = format!("/records/{}/{}", served.record, row.id);
        let node = node(caller, (served.level, served.record), machine.as_deref(), &row, page);
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for (name, id) in links.iter().zip(row.links()) {
            let side = if served.up.contains(name) { &mut up } else { &mut down };
            side.extend(id);
        }
        Found { node, up, down }
    });
    Ok(found.collect())
}
