//! The sample company (示例公司): a grocery retailer's year with made-up people, loaded whole or in part.

mod events;
mod insights;
mod org;
mod records;
mod shop;

use http_kit::App;
use jiff::civil::date;
use kernel::{Caller, Id, PageQuery, Problem, Result, Scope};
use rust_embed::RustEmbed;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::Audit;
use store::audit::AuditFilter;

pub(crate) use shop::SampleShop;

use self::org::Org;

/// Steps that [`load`] reports.
pub const STEPS: u64 = 7;

#[derive(RustEmbed)]
#[folder = "../../sample"]
struct Files;

/// What is wanted of the sample.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Only this many of the last weeks of orders; all 53 when absent.
    pub last_weeks: Option<u32>,
}

/// What is there after loading.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Loaded {
    /// Households.
    pub households: usize,
    /// Orders that were new.
    pub orders: u64,
    /// Order lines that were new.
    pub lines: u64,
    /// Products that were new.
    pub products: u64,
    /// What its people did with records.
    pub acts: usize,
    /// What visitors did on its site and in its app.
    pub events: usize,
    /// The last day of orders, by the company's calendar.
    pub until: Option<kernel::Day>,
}

/// Loads the sample, each of its two parts unless the audit log says that these very files were loaded already:
/// the company with its trade, and what its people do with records.
pub async fn load(app: &App, step: &(dyn Fn(u64) + Sync)) -> Result<Option<Loaded>> {
    let (company, stories) = (digest(|name| !records::is_story(name)), digest(records::is_story));
    let mut loaded = None;
    if !is_loaded(app, NOUN, &company).await? {
        let traded = trade(app, &Options::default(), step).await?;
        mark(app, NOUN, company, traded.lines).await?;
        loaded = Some(traded);
    }
    if !is_loaded(app, STORIES, &stories).await? {
        let acts = play(app, step).await?;
        mark(app, STORIES, stories, u64::try_from(acts).map_err(Problem::internal)?).await?;
        loaded.get_or_insert_default().acts = acts;
    }
    if !is_loaded(app, EVENTS, EVENTS_EDITION).await? {
        match events::load(app, app.store.now()).await? {
            Some(sent) => {
                mark(app, EVENTS, EVENTS_EDITION.to_owned(), sent as u64).await?;
                loaded.get_or_insert_default().events = sent;
            }
            None => tracing::warn!("the sample's events are left out: another process has the lake"),
        }
    }
    if !is_loaded(app, INSIGHTS, INSIGHTS_EDITION).await? {
        let found = insights::load(app).await?;
        mark(app, INSIGHTS, INSIGHTS_EDITION.to_owned(), found as u64).await?;
        loaded.get_or_insert_default().acts += found;
    }
    Ok(loaded)
}

async fn is_loaded(app: &App, noun: &str, digest: &str) -> Result<bool> {
    let (noun, noun_id) = (Some(noun.to_owned()), Some(digest.to_owned()));
    let filter = AuditFilter { noun, noun_id, ..AuditFilter::default() };
    let one = PageQuery { page_size: Some(1), cursor: None };
    Ok(!store::audit::list(&app.store, &filter, &one, &Scope::everything()).await?.items.is_empty())
}

async fn mark(app: &App, noun: &'static str, digest: String, rows: u64) -> Result<()> {
    let mut tx = app.store.begin(&Caller::system("sample")).await?;
    tx.audit(Audit::new("load_sample", noun, digest).covering(rows)).await?;
    tx.commit().await
}

/// What the audit log calls the sample as a whole.
const NOUN: &str = "server.sample";
/// What it calls the stories of its records.
const STORIES: &str = "server.sample_records";

/// What it calls the visits of its site and app, and which edition of them this is.
const EVENTS: &str = "server.sample_events";
const EVENTS_EDITION: &str = "1";

/// What it calls what was found out about its customers.
const INSIGHTS: &str = "server.sample_insights";
const INSIGHTS_EDITION: &str = "1";

/// Returns the digest over the names and contents of some files of the sample.
fn digest(wanted: impl Fn(&str) -> bool) -> String {
    let mut names: Vec<_> = Files::iter().filter(|name| wanted(name)).collect();
    names.sort();
    let mut digest = Sha256::new();
    for name in names {
        digest.update(name.as_bytes());
        digest.update(Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
    }
    hex::encode(digest.finalize())
}

/// Loads the sample or its last weeks, saying after each step how far it is.
pub async fn load_with(app: &App, options: &Options, step: &(dyn Fn(u64) + Sync)) -> Result<Loaded> {
    let loaded = trade(app, options, step).await?;
    Ok(Loaded { acts: play(app, step).await?, ..loaded })
}

/// Plays what the company's people do with records, and looks at the rulebook then.
async fn play(app: &App, step: &(dyn Fn(u64) + Sync)) -> Result<usize> {
    let org = Org::read(&text("org.yaml"))?;
    let brands = brand::sample::load(app, &text("org.yaml")).await?;
    let acts = records::load(app, &org.identity, &brands).await?;
    if let Some(plan) = plan_of_the_year(app).await? {
        brand::sample::link(app, &text("org.yaml"), plan).await?;
    }
    // Goals and risks that are bound to metrics take their values from the first measurement.
    rulebook::metric::measure_due(app).await?;
    rulebook::evaluate_all(app, None).await?;
    step(STEPS);
    Ok(acts)
}

/// Returns the promotion plan of the year, which the mails of the sample carry out.
async fn plan_of_the_year(app: &App) -> Result<Option<Id>> {
    let filter = rulebook::record::RecordFilter {
        filter: Some("kind == 'promotion' && level == 'year' && state == 'in_force'".to_owned()),
        ..rulebook::record::RecordFilter::default()
    };
    let one = PageQuery { page_size: Some(1), cursor: None };
    let plans = rulebook::record::list(app, &Caller::system("sample"), "plan", &one, &filter).await?;
    Ok(plans.items.first().map(|plan| plan.id))
}

/// Loads the company and its trade.
async fn trade(app: &App, options: &Options, step: &(dyn Fn(u64) + Sync)) -> Result<Loaded> {
    let org = Org::read(&text("org.yaml"))?;
    identity::sample::load(app, &org.identity).await?;
    step(1);
    let brands = brand::sample::load(app, &text("org.yaml")).await?;
    step(2);
    let shift_weeks = shift_weeks(app);
    let by_brand = org.brands(&brands);
    let products =
        catalog::sample::load(app, &bytes("products.csv.gz"), &text("products_zh.yaml"), &by_brand).await?;
    step(3);
    let (households, redemptions, names) =
        (bytes("households.csv.gz"), bytes("redemptions.csv.gz"), text("names.yaml"));
    let files =
        customers::sample::Files { households: &households, redemptions: &redemptions, names: &names };
    let ids: Vec<kernel::Id> = brands.iter().map(|(_, id)| *id).collect();
    let people = customers::sample::load(app, files, &ids, shift_weeks).await?;
    // Every chunk of orders looks its buyers up.
    app.store.refresh_statistics().await?;
    step(4);
    let orders = load_orders(app, options, shift_weeks, &by_brand).await?;
    step(5);
    governance::sample::load(app).await?;
    if orders.orders > 0 {
        app.store.refresh_statistics().await?;
        customers::tier::recompute(app, customers::tier::TierCause::Import).await?;
        customers::matching::find(app).await?;
        customers::sample::scores(app).await?;
    }
    step(6);
    Ok(Loaded {
        acts: 0,
        events: 0,
        households: people.households,
        orders: orders.orders,
        lines: orders.lines,
        products,
        until: Some(kernel::Day(LAST_DAY.saturating_add(jiff::Span::new().weeks(shift_weeks)))),
    })
}

/// The source's last day, a Sunday.
const LAST_DAY: jiff::civil::Date = date(2017, 12, 31);

/// Whole weeks keep weekdays: the last Sunday of the source becomes the last Sunday before today.
fn shift_weeks(app: &App) -> i64 {
    let today = app.store.now().instant().to_zoned(app.settings.time_zone.clone()).date();
    let days = i64::from((today - LAST_DAY).get_days());
    (days - 1).div_euclid(7)
}

async fn load_orders(
    app: &App,
    options: &Options,
    shift_weeks: i64,
    brands: &catalog::sample::Brands,
) -> Result<sales::sample::Loaded> {
    let [products, baskets, times, lines, amounts] = [
        "products.csv.gz",
        "baskets.csv.gz",
        "basket_times.csv.gz",
        "order_lines.csv.gz",
        "order_line_amounts.csv.gz",
    ]
    .map(bytes);
    let files = sales::sample::Files {
        products: &products,
        baskets: &baskets,
        times: &times,
        lines: &lines,
        amounts: &amounts,
    };
    let from_week = options.last_weeks.map_or(1, |weeks| 54_u32.saturating_sub(weeks));
    sales::sample::load(app, files, shift_weeks, from_week, &|department| brands.of(department)).await
}

fn bytes(name: &str) -> Vec<u8> {
    Files::get(name)
        .map(|file| file.data.into_owned())
        .unwrap_or_else(|| panic!("sample/{name} is part of the build"))
}

fn text(name: &str) -> String {
    String::from_utf8_lossy(&bytes(name)).into_owned()
}
