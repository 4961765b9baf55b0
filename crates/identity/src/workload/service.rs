use http_kit::App;
use kernel::Result;
use store::args;

use super::{PostLoad, rules, sql};
use crate::policy;

/// Returns what is open on each post, the most first.
pub async fn list(app: &App) -> Result<Vec<PostLoad>> {
    let each = policy::tasks_per_person(app).await?;
    let posts: Vec<PostLoad> = app.store.all(sql::LIST, args![app.store.now()]).await?;
    Ok(posts.into_iter().map(|post| rules::weighed(post, each)).collect())
}
