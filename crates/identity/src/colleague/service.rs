use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result};
use store::{Query, args};

use super::{Colleague, ColleagueFilter, sql};
use crate::check::Check;

/// Returns those who work here now, by name; whoever is signed in may know that.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ColleagueFilter,
) -> Result<Page<Colleague>> {
    caller.user_id()?;
    let (size, now) = (page.size()?, app.store.now());
    let mut query = Query::new(sql::LIST, args![]);
    query.push(" AND (u.leave_at IS NULL OR u.leave_at > ").bind(now).push(")");
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Check::new().text("q", text, 0, 100).finish()?;
        query.and_contains("u.name", text);
    }
    query.and_some("u.department_id =", filter.department_id);
    if let Some((name, id)) = page.after::<(String, Id)>()? {
        query.push(" AND (u.name, u.id) > (").bind(name).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY u.name, u.id").limit_overfull(size);
    let found: Vec<Colleague> = app.store.list(query).await?;
    Ok(Page::from_overfull(found, size, |one| (one.name.clone(), one.id)))
}
