//! What a month was like, as it is when its report is written.

use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Result, Timestamp};
use serde::Deserialize;
use store::{Store, args};

use super::rules::{Month, percent, rounded};
use super::{KeptFigure, ReportFigureCode as Code, sql};
use crate::need::NeedKind;
use crate::{insight, worklist};

/// Policy parameter: days without an order after which a customer counts as lost.
const LOST_DAYS: &str = "insight.lost_days";
/// Clusters of each kind that a report names.
const NEEDS_MAX: usize = 10;
/// Words that tell a cluster from others from one month to the next.
const WORDS: usize = 3;

/// Figures as they are gathered.
#[derive(Default)]
struct Figures(Vec<KeptFigure>);

impl Figures {
    fn add(&mut self, code: Code, value: Option<f64>) {
        self.0.push(KeptFigure { code, key: None, name: None, value });
    }

    fn count(&mut self, code: Code, count: i64) {
        self.add(code, Some(count as f64));
    }

    fn of(&mut self, code: Code, key: impl ToString, name: Option<String>, value: f64) {
        self.0.push(KeptFigure { code, key: Some(key.to_string()), name, value: Some(value) });
    }
}

#[derive(Deserialize)]
struct Bought {
    buyers: i64,
    repeat_buyers: i64,
}

#[derive(Deserialize)]
struct Keyed {
    key: String,
    count: i64,
}

/// Gathers the figures of a month.
pub(super) async fn gather(app: &App, month: Month) -> Result<Vec<KeptFigure>> {
    let zone = &app.settings.time_zone;
    let ((from, until), before) = (month.span(zone)?, month.previous().span(zone)?.0);
    let mut figures = Figures::default();
    customers(app, &mut figures, before, from, until).await?;
    scores(&app.store, &mut figures).await?;
    needs(&app.store, &mut figures).await?;
    for (id, name, count) in app.store.all::<(Id, String, i64)>(sql::SEGMENTS, args![]).await? {
        figures.of(Code::SegmentSize, id, Some(name), count as f64);
    }
    insights(&app.store, &mut figures, from, until).await?;
    let sound = worklist::standing(app, &Caller::system("customers.insight_report")).await?;
    figures.add(Code::SoundData, (sound.people > 0).then_some(sound.sound));
    let (people, reachable): (i64, i64) = app.store.get(sql::REACHABLE, args![]).await?;
    figures.add(Code::Reachable, percent(reachable, people));
    Ok(figures.0)
}

async fn customers(
    app: &App,
    figures: &mut Figures,
    before: Timestamp,
    from: Timestamp,
    until: Timestamp,
) -> Result<()> {
    let store = &app.store;
    let lost_days = rulebook::parameter::get(store, LOST_DAYS).await?.days()?;
    let ever = Timestamp::from_ms(0);
    figures.count(Code::Customers, store.get(sql::PEOPLE, args![ever, until]).await?);
    figures.count(Code::NewCustomers, store.get(sql::PEOPLE, args![from, until]).await?);
    let (after, last) = sql::orders_in(from, until);
    let bought: Bought = store.get(insight::sql::OF_ALL, args![after, last]).await?;
    figures.count(Code::ActiveCustomers, bought.buyers);
    figures.count(Code::FirstBuyers, store.get(sql::FIRST_BUYERS, args![after, last]).await?);
    let lost = args![after.plus_days(-lost_days), last.plus_days(-lost_days), last];
    figures.count(Code::LostCustomers, store.get(sql::GONE, lost).await?);
    for tier in store.all::<Keyed>(sql::TIERS, args![]).await? {
        figures.of(Code::TierCustomers, tier.key, None, tier.count as f64);
    }
    let (up, down): (i64, i64) = store.get(sql::TIER_MOVES, args![from, until]).await?;
    figures.count(Code::TierUp, up);
    figures.count(Code::TierDown, down);
    for segment in store.all::<Keyed>(sql::RFM, args![]).await? {
        figures.of(Code::RfmCustomers, segment.key, None, segment.count as f64);
    }
    figures.add(Code::RepeatRate, percent(bought.repeat_buyers, bought.buyers));
    let quarter: Bought = store.get(insight::sql::OF_ALL, args![last.plus_ms(-90 * DAY_MS), last]).await?;
    figures.add(Code::RepeatRateQuarter, percent(quarter.repeat_buyers, quarter.buyers));
    let (then_after, then_last) = sql::orders_in(before, from);
    let then: Bought = store.get(insight::sql::OF_ALL, args![then_after, then_last]).await?;
    let gone: i64 = store.get(sql::GONE, args![then_after, then_last, last]).await?;
    figures.add(Code::Retention, percent(then.buyers - gone, then.buyers));
    Ok(())
}

async fn scores(store: &Store, figures: &mut Figures) -> Result<()> {
    let (scored, at_risk): (i64, i64) = store.get(sql::CHURN, args![]).await?;
    figures.add(Code::ChurnRisk, (scored > 0).then_some(at_risk as f64));
    let tiers: Vec<(String, i64, i64)> = store.all(sql::VALUE_TIERS, args![]).await?;
    for (tier, count, _) in &tiers {
        figures.of(Code::ValueTierCustomers, tier, None, *count as f64);
    }
    for (tier, _, expected_minor) in &tiers {
        figures.of(Code::ValueTierExpected, tier, None, *expected_minor as f64);
    }
    Ok(())
}

async fn needs(store: &Store, figures: &mut Figures) -> Result<()> {
    #[derive(Deserialize)]
    struct Cluster {
        kind: NeedKind,
        words: Vec<String>,
        count: i64,
        unanswered: i64,
        unmet: bool,
    }
    #[derive(Deserialize)]
    struct Pattern {
        first_product_id: Id,
        first_name: Option<String>,
        second_product_id: Id,
        second_name: Option<String>,
        lift: f64,
    }
    let clusters: Vec<Cluster> = store.all(sql::NEEDS, args![]).await?;
    let mut tell = |code, wanted: &dyn Fn(&Cluster) -> bool, figure: fn(&Cluster) -> i64| {
        for one in clusters.iter().filter(|one| wanted(one)).take(NEEDS_MAX) {
            let words = one.words.iter().take(WORDS).map(String::as_str).collect::<Vec<_>>().join(" / ");
            figures.of(code, &words, Some(words.clone()), figure(one) as f64);
        }
    };
    tell(Code::SearchNeed, &|one| one.kind == NeedKind::Search, |one| one.count);
    tell(Code::FeedbackNeed, &|one| one.kind == NeedKind::Feedback, |one| one.count);
    tell(Code::UnmetNeed, &|one| one.unmet, |one| one.unanswered);
    for one in store.all::<Pattern>(sql::PATTERNS, args![]).await? {
        let name = |name: Option<String>, id: Id| name.unwrap_or_else(|| id.to_string());
        let names = format!(
            "{} + {}",
            name(one.first_name, one.first_product_id),
            name(one.second_name, one.second_product_id)
        );
        let key = format!("{}/{}", one.first_product_id, one.second_product_id);
        figures.of(Code::BasketLift, key, Some(names), rounded(one.lift));
    }
    Ok(())
}

async fn insights(store: &Store, figures: &mut Figures, from: Timestamp, until: Timestamp) -> Result<()> {
    #[derive(Deserialize)]
    struct Counts {
        sent: i64,
        accepted: i64,
        declined: i64,
        adopted: i64,
        overdue: i64,
    }
    let counts: Counts = store.get(sql::INSIGHTS, args![from, until, store.now()]).await?;
    figures.count(Code::InsightsSent, counts.sent);
    figures.count(Code::InsightsAccepted, counts.accepted);
    figures.count(Code::InsightsDeclined, counts.declined);
    figures.count(Code::InsightsAdopted, counts.adopted);
    figures.count(Code::InsightsOverdue, counts.overdue);
    Ok(())
}
