//! The sample company's orders (示例订单): a grocer's year, moved by whole weeks.

mod tables;

use std::ops::Range;

use http_kit::{App, Identifier};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use store::{Audit, Tx};
use tabular::natural_id;

use self::tables::{Basket, Line, Product, Tables};
use crate::order::{
    LineDraft, OrderDraft, OrderKind, Origin, day_of, lookup, main_brand, rules, store_orders,
};

/// Source of the sample's products and orders: part of their identity.
pub const SOURCE: &str = "sample";
/// Lines of one transaction: long, because nobody else works while the sample is loaded.
const CHUNK_LINES: usize = 20_000;
/// The source's shops; their days turn at midnight there.
const SHOPS_ZONE: &str = "America/New_York";

/// The tables of the sample that orders are made of, in gzip.
#[derive(Clone, Copy, Debug)]
pub struct Files<'f> {
    /// `products.csv.gz`.
    pub products: &'f [u8],
    /// `baskets.csv.gz`.
    pub baskets: &'f [u8],
    /// `basket_times.csv.gz`.
    pub times: &'f [u8],
    /// `order_lines.csv.gz`.
    pub lines: &'f [u8],
    /// `order_line_amounts.csv.gz`.
    pub amounts: &'f [u8],
}

/// What was new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Orders.
    pub orders: u64,
    /// Lines.
    pub lines: u64,
}

/// Loads the orders from week `from_week` (1 to 53) on, moved by whole weeks; what is there already stays.
///
/// A basket keeps the wall clock of its shop, so that shops are open by day in the company's zone.
/// `brand_of` names the brand of a department's products; an order belongs to the brand that took most of it.
pub async fn load(
    app: &App,
    files: Files<'_>,
    shift_weeks: i64,
    from_week: u32,
    brand_of: &(dyn Fn(&str) -> Option<Id> + Sync),
) -> Result<Loaded> {
    let tables = Tables::read(files, from_week)?;
    let sold = tables.products.iter().map(|product| Sold::of(product, brand_of)).collect::<Vec<_>>();
    let clock = Clock::new(app, shift_weeks)?;
    let mut loaded = Loaded::default();
    let mut next = 0;
    while next < tables.baskets.len() {
        let end = chunk_end(&tables, next);
        let new = load_chunk(app, &tables, &sold, &clock, next..end).await?;
        loaded.orders += new.orders;
        loaded.lines += new.lines;
        next = end;
    }
    Ok(loaded)
}

/// Returns the place behind the last basket of a chunk: at least one basket, whole baskets only.
fn chunk_end(tables: &Tables, start: usize) -> usize {
    let mut lines = 0;
    let mut end = start;
    while end < tables.baskets.len() && lines < CHUNK_LINES {
        lines += tables.baskets[end].lines.len();
        end += 1;
    }
    end
}

async fn load_chunk(
    app: &App,
    tables: &Tables,
    sold: &[Sold<'_>],
    clock: &Clock,
    baskets: Range<usize>,
) -> Result<Loaded> {
    let mut tx = app.store.begin(&Caller::system("sample")).await?;
    let baskets: Vec<(Id, &Basket)> = tables.baskets[baskets]
        .iter()
        .filter(|basket| !basket.lines.is_empty())
        .map(|basket| (natural_id(&["order", SOURCE, &basket.number.to_string()]), basket))
        .collect();
    let ids: Vec<Id> = baskets.iter().map(|(id, _)| *id).collect();
    let known = lookup::known_orders(&mut tx, &ids).await?;
    let new: Vec<(Id, &Basket)> = baskets.into_iter().filter(|(id, _)| !known.contains(id)).collect();
    let nodes = nodes(app, &mut tx, &new).await?;
    let mut orders = Vec::with_capacity(new.len());
    for ((id, basket), node) in new.iter().zip(nodes) {
        orders.push(order(app, *id, basket, node, &tables.lines[basket.lines.clone()], sold, clock)?);
    }
    let lines: usize = orders.iter().map(|order| order.lines.len()).sum();
    if orders.is_empty() {
        return Ok(Loaded::default());
    }
    store_orders(&mut tx, &orders, Origin { import_id: None, created_by: None }).await?;
    tx.audit(Audit::without_row("load_sample", "sales.order").covering(orders.len() as u64)).await?;
    tx.commit().await?;
    Ok(Loaded { orders: orders.len() as u64, lines: lines as u64 })
}

async fn nodes(app: &App, tx: &mut Tx, baskets: &[(Id, &Basket)]) -> Result<Vec<Option<Id>>> {
    let identifier = |household: u32| Identifier { kind: "member_number", value: household.to_string() };
    let mut households: Vec<u32> = baskets.iter().map(|(_, basket)| basket.household).collect();
    households.sort_unstable();
    households.dedup();
    let known = lookup::nodes(app, tx, households.into_iter().map(identifier).collect()).await?;
    Ok(baskets.iter().map(|(_, basket)| known.get(&identifier(basket.household)).copied()).collect())
}

/// What every line of a product repeats.
struct Sold<'t> {
    product: &'t Product,
    id: Id,
    brand_id: Option<Id>,
}

impl<'t> Sold<'t> {
    fn of(product: &'t Product, brand_of: &(dyn Fn(&str) -> Option<Id> + Sync)) -> Self {
        let id = natural_id(&["product", SOURCE, &product.number]);
        Self { product, id, brand_id: brand_of(&product.department) }
    }
}

fn order(
    app: &App,
    id: Id,
    basket: &Basket,
    customer_node_id: Option<Id>,
    lines: &[Line],
    sold: &[Sold<'_>],
    clock: &Clock,
) -> Result<OrderDraft> {
    let happened_at = clock.moved(basket.at)?;
    let lines: Vec<LineDraft> =
        lines.iter().zip(1..).map(|(line, ordinal)| line_of(line, ordinal, sold)).collect();
    Ok(OrderDraft {
        id,
        source: SOURCE.to_owned(),
        number: basket.number.to_string(),
        brand_id: main_brand(&lines),
        customer_node_id,
        store: Some(format!("S{}", basket.store)),
        currency: app.settings.currency.clone(),
        happened_at,
        happened_on: day_of(happened_at, &app.settings.time_zone),
        lines,
    })
}

/// Keeps what the retailer received; its shelf price per piece is made of total and discounts.
fn line_of(line: &Line, ordinal: i64, sold: &[Sold<'_>]) -> LineDraft {
    let Sold { product, id, brand_id } = &sold[line.product as usize];
    let discount_minor = i64::from(line.retail_discount) + i64::from(line.match_discount);
    let quantity_milli = i64::from(line.quantity) * 1_000;
    let total_minor = i64::from(line.sales);
    LineDraft {
        ordinal,
        kind: OrderKind::Sale,
        brand_id: *brand_id,
        product_id: Some(*id),
        sku: Some(product.number.clone()),
        description: None,
        department: if product.department.is_empty() { None } else { Some(product.department.clone()) },
        quantity_milli,
        unit_price_micro: rules::price_of_total(total_minor + discount_minor, quantity_milli),
        discount_minor,
        coupon_discount_minor: i64::from(line.coupon_discount),
        total_minor,
    }
}

/// Moves times of the source into the company's present.
struct Clock {
    shops: TimeZone,
    company: TimeZone,
    shift: jiff::Span,
}

impl Clock {
    fn new(app: &App, shift_weeks: i64) -> Result<Self> {
        let shops = TimeZone::get(SHOPS_ZONE).map_err(Problem::internal)?;
        let shift = jiff::Span::new().try_weeks(shift_weeks).map_err(Problem::internal)?;
        Ok(Self { shops, company: app.settings.time_zone.clone(), shift })
    }

    fn moved(&self, at: i64) -> Result<Timestamp> {
        let instant = jiff::Timestamp::from_second(at).map_err(Problem::internal)?;
        let wall: DateTime = self.shops.to_datetime(instant);
        let moved = wall.checked_add(self.shift).map_err(Problem::internal)?;
        self.company.to_timestamp(moved).map(Timestamp::from).map_err(Problem::internal)
    }
}
