use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result};
use store::{Observation, Query, args};

use super::{Access, AccessFilter, Act, Noted, sql};

/// Notes what somebody did with secret things; the product itself looks at everything and is not noted.
pub(crate) async fn note(app: &App, caller: &Caller, done: &[Noted<'_>]) -> Result<()> {
    let Some(user) = caller.find_user_id().filter(|_| !done.is_empty()) else { return Ok(()) };
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    let now = tx.now();
    let day = now.instant().to_zoned(app.settings.time_zone.clone()).date();
    let row = |one: &Noted<'_>| {
        let id = Id::new();
        // A list that is looked at all day long says the same each time.
        let once = match one.act {
            Act::List => format!("{user}/{}/{day}", one.id),
            _ => id.to_string(),
        };
        args![
            id,
            one.noun,
            one.id,
            one.number,
            one.act.as_str(),
            one.file_name,
            user,
            caller.name(),
            now,
            once
        ]
    };
    tx.insert_many(sql::INSERT, done.iter().map(row).collect(), sql::ONCE).await?;
    tx.commit().await
}

/// Returns accesses, newest first.
pub async fn list(app: &App, page: &PageQuery, filter: &AccessFilter) -> Result<Page<Access>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("user_id =", filter.user_id)
        .and_some("subject_id =", filter.subject_id)
        .and_some("act =", filter.act.map(|act| act.as_str()))
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |access: &Access| access.id))
}
