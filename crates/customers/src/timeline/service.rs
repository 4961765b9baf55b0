use std::cmp::Reverse;

use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result, Scope};
use lake::Lake;
use store::{ScopeColumns, args};

use super::sql::{self, Place};
use super::{Entry, EntryKind, TimelineFilter};
use crate::access::scope_of_view;
use crate::behaviour;
use crate::profile;

/// Returns what happened between one person and the company, latest first, as far as the caller may see it.
pub async fn list(
    app: &App,
    caller: &Caller,
    profile: Id,
    page: &PageQuery,
    filter: &TimelineFilter,
) -> Result<Page<Entry>> {
    let size = page.size()?;
    let profile = profile::require(&app.store, caller, profile).await?;
    let after: Option<Place> = page.after()?;
    let mut entries: Vec<Entry> = Vec::new();
    for kind in EntryKind::ALL.iter().filter(|kind| filter.kind.is_none_or(|wanted| wanted == **kind)) {
        if *kind == EntryKind::Event {
            entries.extend(events(app, profile.id, after.as_ref(), size).await?);
            continue;
        }
        let Some(scope) = readable(app, caller, *kind) else { continue };
        let mut query = sql::entries(*kind, profile.id);
        query.scope(&scope, columns(*kind));
        if let Some(place) = &after {
            sql::and_before(&mut query, *kind, place);
        }
        sql::latest_first(&mut query);
        query.limit_overfull(size);
        entries.extend(app.store.list::<Entry>(query).await?);
    }
    entries.sort_by_key(|entry| Reverse(place(entry)));
    Ok(Page::from_overfull(entries, size, place))
}

/// Returns what somebody did, latest first; orders and messages of our own stand here already.
async fn events(app: &App, profile: Id, after: Option<&Place>, size: u32) -> Result<Vec<Entry>> {
    let Ok(lake) = app.part::<Lake>() else { return Ok(Vec::new()) };
    let own: Vec<Id> = app.store.all(sql::OWN_SOURCES, args![]).await?;
    let done = behaviour::done_by(&app.store, Some(lake), profile, None, app.store.now()).await?;
    let entries = done.into_iter().filter(|one| !own.contains(&one.source_id)).map(|one| Entry {
        kind: EntryKind::Event,
        id: format!("{}/{}", one.source_id, one.message_id),
        at: one.at,
        what: if one.name.is_empty() { one.kind.as_str().to_owned() } else { one.name.clone() },
        detail: one.about().map(str::to_owned),
        reference: Some(one.source_id.to_string()),
        amount_minor: None,
        currency: None,
    });
    let mut entries: Vec<Entry> =
        entries.filter(|entry| after.is_none_or(|after| place(entry) < *after)).collect();
    entries.sort_by_key(|entry| Reverse(place(entry)));
    entries.truncate(size as usize + 1);
    Ok(entries)
}

fn place(entry: &Entry) -> Place {
    (entry.at, entry.kind, entry.id.clone())
}

/// Returns the rows of a kind that the caller may see; our own follow the profile's.
fn readable(app: &App, caller: &Caller, kind: EntryKind) -> Option<Scope> {
    match kind {
        EntryKind::Order => scope_of_view(app, caller, "v_sales_order"),
        EntryKind::Send => scope_of_view(app, caller, "v_campaigns_send"),
        EntryKind::Delivery => scope_of_view(app, caller, "v_campaigns_delivery_event"),
        _ => Some(Scope::everything()),
    }
}

fn columns(kind: EntryKind) -> ScopeColumns {
    match kind {
        EntryKind::Order => ScopeColumns { brand: Some("x.brand_id"), department: None, owner: None },
        _ => ScopeColumns::default(),
    }
}
