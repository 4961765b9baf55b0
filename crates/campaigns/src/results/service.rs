use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Page, PageQuery, Result, Timestamp};

use super::rules::{self, Counted, Earned};
use super::sql::{self, Window};
use super::{AttributedOrder, Attribution, CampaignResults, HourResult, LanguageResult, LinkResult};
use crate::campaign::{self, Campaign};
use crate::permissions::{CAMPAIGN_READ, SEND_READ};

/// Policy parameter: days between a touch and an order.
const WINDOW: &str = "attribution.window_days";
/// The view of orders, published by sales.
const ORDERS: &str = "v_sales_order";

/// Returns the figures of a campaign, counted now.
pub async fn results(app: &App, caller: &Caller, id: Id) -> Result<CampaignResults> {
    let campaign = campaign::get_scoped(app, caller, CAMPAIGN_READ, id).await?;
    let (window, attribution) = attribution(app, &campaign).await?;
    let states = sql::states(&app.store, id).await?;
    let seen = sql::seen(&app.store, id).await?;
    let returned = sql::returned(&app.store, id).await?;
    let earned = sql::earned(&app.store, &window).await?;
    let currency = app.settings.currency.as_str();
    let counted = Counted { states: &states, seen: &seen, returned, earned: &earned, currency };
    Ok(CampaignResults {
        campaign_id: id,
        counted_at: app.store.now(),
        figures: counted.figures(id),
        goal: counted.goal(&campaign),
        attribution,
    })
}

/// Returns a campaign hour by hour.
pub async fn hours(app: &App, caller: &Caller, id: Id) -> Result<Vec<HourResult>> {
    let campaign = campaign::get_scoped(app, caller, CAMPAIGN_READ, id).await?;
    let earned = earned(app, &campaign).await?;
    Ok(rules::hours(&sql::hours(&app.store, id).await?, &earned, app.settings.currency.as_str()))
}

/// Returns what each link brought.
pub async fn links(app: &App, caller: &Caller, id: Id) -> Result<Vec<LinkResult>> {
    campaign::get_scoped(app, caller, CAMPAIGN_READ, id).await?;
    sql::links(&app.store, id).await
}

/// Returns what the messages of each language brought.
pub async fn languages(app: &App, caller: &Caller, id: Id) -> Result<Vec<LanguageResult>> {
    let campaign = campaign::get_scoped(app, caller, CAMPAIGN_READ, id).await?;
    let states = sql::states(&app.store, id).await?;
    let seen = sql::seen(&app.store, id).await?;
    let earned = earned(app, &campaign).await?;
    let currency = app.settings.currency.as_str();
    Ok(Counted { states: &states, seen: &seen, returned: 0, earned: &earned, currency }.languages())
}

/// Lists the orders that belong to a campaign, to those who may see orders.
pub async fn orders(app: &App, caller: &Caller, id: Id, page: &PageQuery) -> Result<Page<AttributedOrder>> {
    let campaign = campaign::get_scoped(app, caller, SEND_READ, id).await?;
    let view = app.view(ORDERS);
    if let Some(permission) = view.and_then(|view| app.permission(view.permission)) {
        caller.require(permission)?;
    }
    let (window, _) = attribution(app, &campaign).await?;
    sql::orders(&app.store, &window, page).await
}

async fn earned(app: &App, campaign: &Campaign) -> Result<Vec<Earned>> {
    let (window, _) = attribution(app, campaign).await?;
    sql::earned(&app.store, &window).await
}

/// Returns which orders may count, as the query and as the answer state it.
async fn attribution(app: &App, campaign: &Campaign) -> Result<(Window, Attribution)> {
    let window_days = rulebook::parameter::get(&app.store, WINDOW).await?.days()?;
    // Nothing was touched before the launch.
    let from = campaign.period_from.max(campaign.launched_at);
    let window = Window {
        campaign: campaign.id,
        length_ms: window_days.saturating_mul(DAY_MS),
        from: from.unwrap_or(Timestamp::from_ms(0)),
        to: campaign.period_to.unwrap_or(Timestamp::from_ms(i64::MAX)),
    };
    let attribution = Attribution {
        model: "last_touch".to_owned(),
        window_days,
        from,
        to: campaign.period_to,
        currency: app.settings.currency.clone(),
    };
    Ok((window, attribution))
}
