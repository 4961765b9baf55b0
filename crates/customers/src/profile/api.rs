use std::sync::PoisonError;

use axum::extract::State;
use http_kit::{App, AppState, Body, IfMatch, Params, PathOf, Reply, Routes, Who, needs, operations};
use kernel::{Caller, Id, Page, PageQuery};
use tabular::export::{ExportCell, ExportColumn, ExportFormat, ExportQuery, ExportSpec, Exported, export};

use super::record::{self, ProfileFact};
use super::{Profile, ProfileDetail, ProfileFilter, ProfilePatch, Unmask, service};
use crate::node::{self, Node};
use crate::permissions::{PROFILE_EDIT, PROFILE_READ, PROFILE_UNMASK};
use crate::privacy::profile_export;

/// Lists people, newest first.
#[utoipa::path(get, path = "/api/v1/customers/profiles", operation_id = "list_profiles", tag = "customers",
    params(PageQuery, ProfileFilter), responses((status = 200, body = Page<Profile>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ProfileFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Shows one person with orders, consents and suppressions.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}", operation_id = "get_profile", tag = "customers",
    params(("id" = Id, Path)), responses((status = 200, body = ProfileDetail)))]
async fn get(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Shows the person that an identifier node belongs to now.
#[utoipa::path(get, path = "/api/v1/customers/nodes/{node_id}/profile", operation_id = "get_profile_by_node",
    tag = "customers", params(("node_id" = Id, Path)), responses((status = 200, body = ProfileDetail)))]
async fn get_by_node(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(node_id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::get_by_node(&app, &caller, node_id).await?))
}

/// Lists the identifiers of one person.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/nodes", operation_id = "list_profile_nodes",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<Node>)))]
async fn nodes(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    let profile = service::require(&app.store, &caller, id).await?;
    Ok(Reply::page(&caller, &Page::whole(node::of_profile(&app.store, profile.id).await?)))
}

/// Lists where the fields of one person came from: by field, the last word first.
#[utoipa::path(get, path = "/api/v1/customers/profiles/{id}/facts", operation_id = "list_profile_facts",
    tag = "customers", params(("id" = Id, Path)), responses((status = 200, body = Page<ProfileFact>)))]
async fn facts(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
) -> http_kit::Result<Reply> {
    let profile = service::require(&app.store, &caller, id).await?;
    Ok(Reply::page(&caller, &Page::whole(record::of_profile(&app.store, profile.id).await?)))
}

/// Changes what is known about one person.
#[utoipa::path(patch, path = "/api/v1/customers/profiles/{id}", operation_id = "update_profile", tag = "customers",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ProfilePatch, responses((status = 200, body = Profile)))]
async fn patch(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(change): Body<ProfilePatch>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::patch(&app, &caller, id, version, &change).await?))
}

/// Shows one person's hidden fields; the reason is logged.
#[utoipa::path(post, path = "/api/v1/customers/profiles/{id}/unmask", operation_id = "unmask_profile",
    tag = "customers", params(("id" = Id, Path)), request_body = Unmask, responses((status = 200, body = Profile)))]
async fn unmask(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(why): Body<Unmask>,
) -> http_kit::Result<Reply> {
    let (cleared, profile) = service::unmask(&app, &caller, id, &why).await?;
    Ok(Reply::row(&cleared, &profile))
}

const EXPORT: ExportSpec = ExportSpec {
    name: "customers",
    columns: &[
        ExportColumn::new("id", "customers.column.id", ExportCell::Text),
        ExportColumn::new("member_number", "import.customers.member_number", ExportCell::Text),
        ExportColumn::new("name", "import.customers.name", ExportCell::Text),
        ExportColumn::new("given_name", "import.customers.given_name", ExportCell::Text),
        ExportColumn::new("email", "import.customers.email", ExportCell::Text),
        ExportColumn::new("mobile", "import.customers.mobile", ExportCell::Text),
        ExportColumn::new("address", "import.customers.address", ExportCell::Text),
        ExportColumn::new("city", "import.customers.city", ExportCell::Text),
        ExportColumn::new("district", "import.customers.district", ExportCell::Text),
        ExportColumn::new("language", "import.customers.language", ExportCell::Text),
        ExportColumn::new("time_zone", "import.customers.time_zone", ExportCell::Text),
        ExportColumn::new("household_size", "import.customers.household_size", ExportCell::Integer),
        ExportColumn::new("children", "import.customers.children", ExportCell::Integer),
        ExportColumn::new("tier", "customers.column.tier", ExportCell::Text),
        ExportColumn::new("source", "customers.column.source", ExportCell::Text),
        ExportColumn::new("created_at", "customers.column.created_at", ExportCell::Time),
    ],
};

/// Writes the list into a file, as the caller may see it; `seen` is told how far it is.
pub async fn export_file(
    app: &App,
    caller: &Caller,
    filter: &ProfileFilter,
    format: ExportFormat,
    seen: impl FnMut(u64) + Send,
) -> kernel::Result<Exported> {
    let people = std::sync::Mutex::new(Vec::new());
    let next = |page: PageQuery| {
        let people = &people;
        async move {
            let page = service::list(app, caller, &page, filter).await?;
            let ids = page.items.iter().map(|profile| profile.id);
            people.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
            Ok(page)
        }
    };
    let exported = export(app, caller, format, &EXPORT, next, seen).await?;
    let people = people.into_inner().unwrap_or_else(PoisonError::into_inner);
    profile_export::note(app, caller, filter, format.as_str(), &people).await?;
    Ok(exported)
}

/// Returns the list, or the members of a segment, as a file.
#[utoipa::path(get, path = "/api/v1/customers/profiles/export", operation_id = "export_profiles", tag = "customers",
    params(ExportQuery, ProfileFilter), responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn download(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(query): Params<ExportQuery>,
    Params(filter): Params<ProfileFilter>,
) -> http_kit::Result<Exported> {
    Ok(export_file(&app, &caller, &filter, query.format, |_| ()).await?)
}

/// The operations on people.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PROFILE_READ))
        .add(operations!(download), needs(PROFILE_READ))
        .add(operations!(get), needs(PROFILE_READ))
        .add(operations!(get_by_node), needs(PROFILE_READ))
        .add(operations!(nodes), needs(PROFILE_READ))
        .add(operations!(facts), needs(PROFILE_READ))
        .add(operations!(patch), needs(PROFILE_EDIT))
        .add(operations!(unmask), needs(PROFILE_UNMASK))
}
