use std::collections::HashMap;

use async_trait::async_trait;
use http_kit::{App, Identifier};
use kernel::{Currency, Id, Permission, Result, UnitPrice};
use store::Tx;
use tabular::{FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target};

use super::{Line, Order, rules, sql};
use crate::permissions::ORDER_WRITE;

/// Order lines as an import brings them, one a row (订单导入).
#[derive(Debug)]
pub struct OrderTarget;

const KEY: FieldKind = FieldKind::Key(rules::KEY_CHARS_MAX as u16);
const NUMBER: usize = 0;
const AT: usize = 1;
const CUSTOMER: usize = 2;
const SKU: usize = 3;
const DESCRIPTION: usize = 4;
const QUANTITY: usize = 5;
const PRICE: usize = 6;
const TOTAL: usize = 7;
const CURRENCY: usize = 8;
const STORE: usize = 9;
const FIELDS: &[FieldSpec] = &[
    FieldSpec::required(
        "number",
        KEY,
        &["number", "InvoiceNo", "Invoice", "order number", "order id", "order_no", "订单号", "訂單編號", "订单编号", "basket_id"],
    ),
    FieldSpec::required(
        "happened_at",
        FieldKind::Time,
        &["happened_at", "InvoiceDate", "date", "order date", "created at", "下单时间", "下單時間", "日期", "transaction_timestamp"],
    ),
    FieldSpec::optional(
        "customer",
        KEY,
        &["customer", "CustomerID", "Customer ID", "member number", "Member_number", "会员号", "會員編號", "客户编号", "household_id"],
    ),
    FieldSpec::required(
        "sku",
        KEY,
        &["sku", "StockCode", "product code", "product_id", "itemDescription", "商品编码", "商品編碼", "货号", "貨號"],
    ),
    FieldSpec::optional("description", FieldKind::Text(300), &["description", "product name", "商品名称", "商品名稱", "品名"]),
    FieldSpec::optional("quantity", FieldKind::Decimal(3), &["quantity", "qty", "units", "数量", "數量", "件数"]),
    FieldSpec::optional("unit_price", FieldKind::Decimal(6), &["unit price", "UnitPrice", "Price", "单价", "單價"]),
    FieldSpec::optional("total", FieldKind::Money, &["total", "amount", "line total", "sales_value", "金额", "金額", "小计"]),
    FieldSpec::optional("currency", FieldKind::Currency, &["currency", "币种", "幣別"]),
    FieldSpec::optional("store", FieldKind::Text(120), &["store", "Country", "shop", "store_id", "门店", "門市", "渠道"]),
];

#[async_trait]
impl Target for OrderTarget {
    fn noun(&self) -> &'static str {
        "orders"
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn permission(&self) -> Permission {
        ORDER_WRITE
    }

    async fn store(&self, app: &App, tx: &mut Tx, import: &ImportRef, rows: Vec<MappedRow>) -> Result<Vec<RowOutcome>> {
        let mut chunk = Chunk::load(app, tx, import, &rows).await?;
        let outcomes = rows.iter().map(|row| chunk.take(row)).collect();
        chunk.write(tx).await?;
        Ok(outcomes)
    }

    async fn undo(&self, _app: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        sql::undo(tx, import_id, limit).await
    }
}

/// One chunk of rows with everything that the database knows about it, read in bulk.
struct Chunk<'a> {
    app: &'a App,
    import: &'a ImportRef,
    now: kernel::Timestamp,
    nodes: HashMap<String, Id>,
    products: HashMap<Id, sql::Known>,
    /// Lines that were there before this import, by order and ordinal.
    present: HashMap<(Id, i64), Line>,
    seen: HashMap<Id, i64>,
    orders: Vec<Order>,
    places: HashMap<Id, usize>,
    lines: Vec<Line>,
}

impl<'a> Chunk<'a> {
    async fn load(app: &'a App, tx: &mut Tx, import: &'a ImportRef, rows: &[MappedRow]) -> Result<Self> {
        let orders = distinct(rows, |row| row.text(NUMBER).map(|n| rules::order_id(&import.source, n)));
        let products = distinct(rows, |row| row.text(SKU).map(|sku| rules::product_id(&import.source, sku)));
        let customers: Vec<String> = distinct(rows, |row| row.text(CUSTOMER).map(str::to_owned));
        let identifiers: Vec<Identifier> =
            customers.iter().map(|c| Identifier { kind: "member_number", value: c.clone() }).collect();
        let nodes = app.nodes.get()?.ensure(tx, &identifiers).await?;
        let known = sql::known(tx, &orders).await?;
        let present = if known.is_empty() { Vec::new() } else { sql::lines_of(tx, &known).await? };
        Ok(Self {
            app,
            import,
            now: tx.now(),
            nodes: customers.into_iter().zip(nodes).collect(),
            products: sql::products(tx, &products).await?,
            present: present.into_iter().map(|line| ((line.order_id, line.ordinal), line)).collect(),
            seen: sql::seen(tx, import.id, &orders).await?,
            orders: Vec::new(),
            places: HashMap::new(),
            lines: Vec::new(),
        })
    }

    /// Takes one row: the n-th row of an order is its n-th line, whatever file it comes from.
    fn take(&mut self, row: &MappedRow) -> RowOutcome {
        let line = match self.read(row) {
            Ok(line) => line,
            Err(reject) => return reject.into(),
        };
        let ordinal = self.seen.get(&line.order_id).copied().unwrap_or_default() + 1;
        let line = Line { ordinal, ..line };
        self.seen.insert(line.order_id, ordinal);
        match self.present.get(&(line.order_id, ordinal)) {
            Some(present) if same_facts(present, &line) => RowOutcome::Unchanged,
            Some(_) => Reject::new("sales.order.line_differs").of("number").into(),
            None => {
                self.add(row, &line);
                self.lines.push(line);
                RowOutcome::Stored
            }
        }
    }

    fn read(&self, row: &MappedRow) -> std::result::Result<Line, Reject> {
        let number = row.text(NUMBER).unwrap_or_default();
        let sku = row.text(SKU).unwrap_or_default();
        let product_id = rules::product_id(&self.import.source, sku);
        let quantity_milli = row.integer(QUANTITY).unwrap_or(1_000);
        let (price, total) = (row.integer(PRICE), row.integer(TOTAL));
        let too_large = || Reject::new("sales.order.figure_out_of_range").of("unit_price");
        let unit_price_micro = match (price, total) {
            (Some(price), _) => UnitPrice(price),
            // A total without a price: the price follows, in millionths.
            (None, Some(total)) if quantity_milli != 0 => {
                let micro = i128::from(total) * 10_000_000 / i128::from(quantity_milli);
                UnitPrice(i64::try_from(micro).map_err(|_| too_large())?)
            }
            (None, Some(_)) => UnitPrice(0),
            (None, None) => UnitPrice(0),
        };
        let total_minor = match total {
            Some(total) => total,
            None => unit_price_micro.line_total_minor(quantity_milli).ok_or_else(too_large)?,
        };
        let known = self.products.get(&product_id);
        Ok(Line {
            order_id: rules::order_id(&self.import.source, number),
            ordinal: 0,
            kind: rules::kind(number),
            customer_node_id: row.text(CUSTOMER).and_then(|c| self.nodes.get(c)).copied(),
            happened_at: row.time(AT).unwrap_or(self.now),
            product_id: Some(product_id),
            sku: sku.to_owned(),
            description: row.text(DESCRIPTION).map(str::to_owned),
            department: known.and_then(|k| k.department.clone()),
            brand_id: known.and_then(|k| k.brand_id).or(self.import.brand_id),
            quantity_milli,
            unit_price_micro,
            total_minor,
            discount_minor: 0,
            coupon_discount_minor: 0,
        })
    }

    /// Adds a line to its order, which the first of its lines describes.
    fn add(&mut self, row: &MappedRow, line: &Line) {
        let place = *self.places.entry(line.order_id).or_insert_with(|| {
            let currency = row.text(CURRENCY).and_then(|c| Currency::try_from(c.to_owned()).ok());
            self.orders.push(Order {
                id: line.order_id,
                source: self.import.source.clone(),
                number: row.text(NUMBER).unwrap_or_default().to_owned(),
                kind: line.kind,
                customer_node_id: line.customer_node_id,
                brand_id: line.brand_id,
                store: row.text(STORE).map(str::to_owned),
                currency: currency.unwrap_or_else(|| self.import.currency.clone()),
                total_minor: 0,
                discount_minor: 0,
                coupon_discount_minor: 0,
                line_count: 0,
                month: rules::month(line.happened_at, &self.app.settings.time_zone),
                happened_at: line.happened_at,
                recorded_at: self.now,
            });
            self.orders.len() - 1
        });
        let order = &mut self.orders[place];
        order.brand_id = order.brand_id.filter(|brand| Some(*brand) == line.brand_id);
        rules::add(order, std::slice::from_ref(line));
    }

    async fn write(self, tx: &mut Tx) -> Result<()> {
        sql::upsert(tx, &self.orders, Some(self.import.id)).await?;
        sql::insert_lines(tx, &self.lines, Some(self.import.id)).await?;
        sql::set_seen(tx, self.import.id, &self.seen).await
    }
}

fn distinct<T: Ord>(rows: &[MappedRow], of: impl Fn(&MappedRow) -> Option<T>) -> Vec<T> {
    let mut all: Vec<T> = rows.iter().filter_map(of).collect();
    all.sort();
    all.dedup();
    all
}

/// What a source says; what the catalogue adds may have changed since.
fn same_facts(a: &Line, b: &Line) -> bool {
    a.sku == b.sku
        && a.quantity_milli == b.quantity_milli
        && a.total_minor == b.total_minor
        && a.happened_at == b.happened_at
        && a.customer_node_id == b.customer_node_id
}
