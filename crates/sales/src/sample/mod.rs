//! The sample company's orders (示例订单): a year of baskets, put together from columns.

mod columns;

use http_kit::{App, Identifier};
use jiff::tz::TimeZone;
use kernel::{Caller, Currency, Id, Problem, Result, Timestamp, UnitPrice};
use store::{Audit, Tx};

use self::columns::{Basket, Columns, Product};
use crate::order::sql::{insert_lines, known, upsert};
use crate::order::{Line, Order, OrderKind};

/// Where the orders come from; the sample's products name the same source.
const SOURCE: &str = "sample";
/// Baskets in one transaction.
const CHUNK: usize = 1_000;

/// The files of the sample.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `products.csv.gz`.
    pub products: &'a [u8],
    /// `baskets.csv.gz`.
    pub baskets: &'a [u8],
    /// `basket_times.csv.gz`.
    pub times: &'a [u8],
    /// `order_lines.csv.gz`.
    pub lines: &'a [u8],
    /// `order_line_amounts.csv.gz`.
    pub amounts: &'a [u8],
}

/// What was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Orders that were new.
    pub orders: u64,
    /// Lines that were new.
    pub lines: u64,
}

/// Loads the baskets from `from_week` on; those that are there stay as they are.
///
/// `shift_weeks` moves the source's days to the present; `brand_of` says which brand a department's products carry.
pub async fn load(
    app: &App,
    files: Files<'_>,
    shift_weeks: i64,
    from_week: u32,
    brand_of: &(dyn Fn(&str) -> Option<Id> + Sync),
) -> Result<Loaded> {
    let columns = Columns::read(files, from_week)?;
    let loader = Loader {
        app,
        shop_zone: TimeZone::get("America/New_York").map_err(Problem::internal)?,
        shift_weeks,
        brands: columns.products.iter().map(|p| brand_of(&p.department)).collect(),
        product_ids: columns.products.iter().map(|p| tabular::natural_id(&["product", SOURCE, &p.id])).collect(),
        columns,
    };
    let mut loaded = Loaded::default();
    let baskets: Vec<usize> = loader.columns.wanted().collect();
    for chunk in baskets.chunks(CHUNK) {
        let stored = loader.chunk(chunk).await?;
        loaded.orders += stored.orders;
        loaded.lines += stored.lines;
    }
    Ok(loaded)
}

struct Loader<'a> {
    app: &'a App,
    columns: Columns,
    product_ids: Vec<Id>,
    brands: Vec<Option<Id>>,
    shop_zone: TimeZone,
    shift_weeks: i64,
}

impl Loader<'_> {
    async fn chunk(&self, baskets: &[usize]) -> Result<Loaded> {
        let mut tx = self.app.store.begin(&Caller::system("sample")).await?;
        let ids: Vec<Id> = baskets.iter().map(|at| order_id(&self.columns.baskets[*at])).collect();
        let there = known(&mut tx, &ids).await?;
        let new: Vec<usize> = baskets
            .iter()
            .copied()
            .filter(|at| !there.contains(&order_id(&self.columns.baskets[*at])))
            .collect();
        if new.is_empty() {
            return Ok(Loaded::default());
        }
        let nodes = self.nodes(&mut tx, &new).await?;
        let (mut orders, mut lines) = (Vec::with_capacity(new.len()), Vec::new());
        for (at, node) in new.iter().zip(nodes) {
            let (order, its_lines) = self.order(*at, node, tx.now())?;
            orders.push(order);
            lines.extend(its_lines);
        }
        let stored = Loaded {
            orders: upsert(&mut tx, &orders, None).await?,
            lines: insert_lines(&mut tx, &lines, None).await?,
        };
        tx.audit(Audit::without_row("load_sample", "sales.order").covering(stored.orders)).await?;
        tx.commit().await?;
        Ok(stored)
    }

    /// Returns the member number's node for each basket.
    async fn nodes(&self, tx: &mut Tx, baskets: &[usize]) -> Result<Vec<Id>> {
        let identifiers: Vec<Identifier> = baskets
            .iter()
            .map(|at| Identifier { kind: "member_number", value: self.columns.baskets[*at].household.to_string() })
            .collect();
        self.app.nodes.get()?.ensure(tx, &identifiers).await
    }

    fn order(&self, at: usize, node: Id, now: Timestamp) -> Result<(Order, Vec<Line>)> {
        let basket = &self.columns.baskets[at];
        let happened_at = self.local(basket.at)?;
        let id = order_id(basket);
        let lines: Vec<Line> = self.lines(at, id, node, happened_at);
        let mut order = Order {
            id,
            source: SOURCE.to_owned(),
            number: basket.id.to_string(),
            kind: OrderKind::Sale,
            customer_node_id: Some(node),
            brand_id: crate::order::brand(&lines),
            store: Some(format!("S{}", basket.store)),
            currency: Currency::try_from("CNY".to_owned()).map_err(Problem::internal)?,
            total_minor: 0,
            discount_minor: 0,
            coupon_discount_minor: 0,
            line_count: 0,
            month: crate::order::month(happened_at, &self.app.settings.time_zone),
            happened_at,
            recorded_at: now,
        };
        crate::order::add(&mut order, &lines);
        Ok((order, lines))
    }

    fn lines(&self, basket: usize, order_id: Id, node: Id, happened_at: Timestamp) -> Vec<Line> {
        let rows = self.columns.lines_of(basket);
        let mut lines = Vec::with_capacity(rows.len());
        for (ordinal, row) in rows.iter().enumerate() {
            let at = row.product as usize;
            let Product { id, department, .. } = &self.columns.products[at];
            let (quantity, sales) = (i64::from(row.quantity), i64::from(row.sales_cents));
            lines.push(Line {
                order_id,
                ordinal: ordinal as i64 + 1,
                kind: OrderKind::Sale,
                customer_node_id: Some(node),
                happened_at,
                product_id: Some(self.product_ids[at]),
                sku: id.clone(),
                description: None,
                department: (!department.is_empty()).then(|| department.clone()),
                brand_id: self.brands[at],
                quantity_milli: quantity * 1_000,
                // What was paid for one, in millionths; a line without units has no price of its own.
                unit_price_micro: UnitPrice(if quantity == 0 { 0 } else { sales * 10_000 / quantity }),
                total_minor: sales,
                discount_minor: i64::from(row.retail_disc_cents) + i64::from(row.match_disc_cents),
                coupon_discount_minor: i64::from(row.coupon_disc_cents),
            });
        }
        lines
    }

    /// Keeps the shop's wall clock, moved by whole weeks into the company's zone.
    fn local(&self, seconds: i64) -> Result<Timestamp> {
        let at = jiff::Timestamp::from_second(seconds).map_err(Problem::internal)?;
        let wall = at.to_zoned(self.shop_zone.clone()).datetime();
        let moved = wall.checked_add(jiff::Span::new().weeks(self.shift_weeks)).map_err(Problem::internal)?;
        let here = moved.to_zoned(self.app.settings.time_zone.clone()).map_err(Problem::internal)?;
        Ok(here.timestamp().into())
    }
}

fn order_id(basket: &Basket) -> Id {
    tabular::natural_id(&["order", SOURCE, &basket.id.to_string()])
}
