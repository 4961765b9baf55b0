use customers::sample::InsightPeople;
use http_kit::App;
use identity::sample::service::id_of;
use kernel::{Caller, Id, Problem, Result};

/// Plays what customer service, marketing and brand do with what is found out about customers; returns how many insights.
pub async fn load(app: &App) -> Result<usize> {
    let department = |code: &str| id_of("department", code);
    let people = InsightPeople {
        analyst: caller(app, "gu.xinmei@sample.invalid").await?,
        market: (caller(app, "tang.wanqing@sample.invalid").await?, department("market")),
        brand: (caller(app, "ye.mingzhu@sample.invalid").await?, department("brand")),
    };
    customers::sample::insights(app, &people).await
}

async fn caller(app: &App, email: &str) -> Result<Caller> {
    let id: Id = id_of("user", email);
    let found = app.people.get()?.caller(app, id, &Caller::system("sample")).await?;
    found.ok_or_else(|| Problem::internal(format!("{email} is not there")))
}
