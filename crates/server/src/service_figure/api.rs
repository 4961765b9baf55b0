use axum::extract::State;
use http_kit::{AppState, Params, Reply, Result, Routes, Who, needs, operations, signed_in};
use kernel::{Id, Page, PageQuery};
use store::{Query, args};

use super::{Banner, ServiceMinute, banner, sql};
use crate::system::SYSTEM_READ;

/// Lists the figures of the running product, minute by minute, newest first.
#[utoipa::path(get, path = "/api/v1/system/service-minutes", operation_id = "list_service_minutes", tag = "system",
    params(PageQuery), responses((status = 200, body = Page<ServiceMinute>)))]
async fn minutes(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    if let Some((at, id)) = page.after::<(i64, Id)>()? {
        query.push(" AND (at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY at DESC, id DESC").limit_overfull(size);
    let rows: Vec<ServiceMinute> = app.store.list(query).await?;
    Ok(Reply::page(&caller, &Page::from_overfull(rows, size, |row| (row.at.ms(), row.id))))
}

/// Lists what all users are told now: maintenance that comes or runs, and what is not as it should be.
#[utoipa::path(get, path = "/api/v1/system/banners", operation_id = "list_banners", tag = "system",
    responses((status = 200, body = Page<Banner>)))]
async fn banners(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(banner::list(&app, &caller).await?)))
}

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(minutes), needs(SYSTEM_READ)).add(operations!(banners), signed_in())
}
