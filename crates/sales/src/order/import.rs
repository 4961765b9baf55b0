use std::collections::{BTreeSet, HashMap, HashSet};

use async_trait::async_trait;
use http_kit::{App, Identifier};
use kernel::{Currency, Id, Permission, Result, Timestamp};
use store::{Query, Tx, args};
use tabular::{FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target, natural_id};

use super::draft::{self, Drafts, LineDraft, OrderDraft, Origin};
use super::lookup::{self, KnownLine, KnownProduct};
use super::{part, rules, sql};
use crate::permissions::ORDER_CREATE;

/// Import of orders (订单导入): one row per order line.
///
/// Rows of one order need not stand together. Rows that repeat each other word for word are lines of
/// their own: tills ring the same article twice, and revenue would be short without them.
#[derive(Debug, Clone, Copy)]
pub struct OrderTarget;

const ORDER_NUMBER: usize = 0;
const HAPPENED_AT: usize = 1;
const MEMBER_NUMBER: usize = 2;
const EMAIL: usize = 3;
const MOBILE: usize = 4;
const SKU: usize = 5;
const DESCRIPTION: usize = 6;
const DEPARTMENT: usize = 7;
const QUANTITY: usize = 8;
const UNIT_PRICE: usize = 9;
const TOTAL: usize = 10;
const DISCOUNT: usize = 11;
const COUPON_DISCOUNT: usize = 12;
const CURRENCY: usize = 13;
const STORE: usize = 14;

const FIELDS: &[FieldSpec] = &[
    FieldSpec::optional(
        "order_number",
        FieldKind::Key(80),
        &[
            "InvoiceNo",
            "Invoice",
            "Order ID",
            "Order No",
            "Order",
            "basket_id",
            "Transaction ID",
            "订单号",
            "订单编号",
            "单号",
            "訂單編號",
            "訂單號碼",
        ],
    ),
    FieldSpec::required(
        "happened_at",
        FieldKind::Time,
        &[
            "InvoiceDate",
            "Order date",
            "Date",
            "Created at",
            "Time",
            "transaction_timestamp",
            "下单时间",
            "订单时间",
            "日期",
            "時間",
            "下單時間",
            "訂單日期",
            "时间",
        ],
    ),
    FieldSpec::optional(
        "member_number",
        FieldKind::Key(80),
        &[
            "CustomerID",
            "Customer",
            "Member_number",
            "household_id",
            "会员编号",
            "会员号",
            "客户编号",
            "會員編號",
            "客戶編號",
        ],
    ),
    FieldSpec::optional(
        "email",
        FieldKind::Email,
        &["E-mail", "Customer email", "邮箱", "电子邮箱", "電子郵件"],
    ),
    FieldSpec::optional("mobile", FieldKind::Mobile, &["Phone", "手机", "手机号", "手機", "手機號碼"]),
    FieldSpec::optional(
        "sku",
        FieldKind::Key(80),
        &[
            "StockCode",
            "product_id",
            "Lineitem sku",
            "商品编码",
            "商品编号",
            "货号",
            "商品編號",
            "貨號",
            "品號",
        ],
    ),
    FieldSpec::optional(
        "description",
        FieldKind::Text(500),
        &["itemDescription", "Lineitem name", "Product", "商品名称", "商品", "品名", "商品名稱"],
    ),
    FieldSpec::optional("department", FieldKind::Text(100), &["部门", "部門", "大类", "大類"]),
    FieldSpec::optional(
        "quantity",
        FieldKind::Decimal(3),
        &["Qty", "Lineitem quantity", "数量", "數量", "件数", "件數"],
    ),
    FieldSpec::optional(
        "unit_price",
        FieldKind::Decimal(6),
        &["UnitPrice", "Price", "Lineitem price", "单价", "單價"],
    ),
    FieldSpec::optional(
        "total",
        FieldKind::Money,
        &["Amount", "Line total", "sales_value", "金额", "小计", "金額", "小計"],
    ),
    FieldSpec::optional(
        "discount",
        FieldKind::Money,
        &["retail_disc", "Lineitem discount", "折扣", "优惠金额", "優惠金額"],
    ),
    FieldSpec::optional(
        "coupon_discount",
        FieldKind::Money,
        &["coupon_disc", "券抵扣", "优惠券抵扣", "優惠券折抵"],
    ),
    FieldSpec::optional("currency", FieldKind::Currency, &["币种", "幣別"]),
    FieldSpec::optional("store", FieldKind::Text(100), &["store_id", "Shop", "门店", "店铺", "門市", "店鋪"]),
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
        ORDER_CREATE
    }

    async fn store(
        &self,
        app: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>> {
        let lines: Vec<Result<Line<'_>, Reject>> =
            rows.iter().map(|row| Line::read(row, import, app)).collect();
        let known = Known::look(app, tx, import, &lines).await?;
        let mut chunk = Chunk { app, import, known, drafts: Drafts::default(), seen: HashMap::new() };
        let outcomes: Vec<RowOutcome> = lines.into_iter().map(|line| chunk.take(line)).collect();
        chunk.write(tx).await?;
        Ok(outcomes)
    }

    async fn undo(&self, _: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        // Orders have a few lines each.
        let orders: Vec<Id> = tx.all(sql::TO_UNDO, args![import_id, limit.div_ceil(4)]).await?;
        if orders.is_empty() {
            return Ok(0);
        }
        let of_orders = |text: &'static str, args, column: &'static str| {
            let mut query = Query::new(text, args);
            query.and_in(column, &orders);
            query
        };
        let count = tx.exec_query(of_orders(sql::UNDO_LINES, args![import_id], "order_id")).await?;
        // Before the empty orders go: their sums point at them.
        part::recount(tx, &orders).await?;
        tx.exec_query(of_orders(sql::UNDO_EMPTY, args![], "id")).await?;
        tx.exec_query(of_orders(sql::UNDO_RECOUNT, args![], "id")).await?;
        tx.exec_query(of_orders(sql::UNDO_SEEN, args![import_id], "order_id")).await?;
        Ok(count)
    }
}

/// A row, understood.
struct Line<'r> {
    row: &'r MappedRow,
    order_id: Id,
    order_number: String,
    happened_at: Timestamp,
    customer: Option<Identifier>,
    product_id: Option<Id>,
    sku: Option<String>,
    quantity_milli: i64,
    unit_price: i64,
    discount_minor: i64,
    coupon_discount_minor: i64,
    total_minor: i64,
}

impl<'r> Line<'r> {
    fn read(row: &'r MappedRow, import: &ImportRef, app: &App) -> Result<Self, Reject> {
        let happened_at =
            row.time(HAPPENED_AT).ok_or_else(|| Reject::new("tabular.value.missing").of("happened_at"))?;
        let customer = customer(row);
        let order_number = match (row.text(ORDER_NUMBER), &customer) {
            (Some(number), _) => number.to_owned(),
            (None, Some(customer)) => {
                let day = draft::day_of(happened_at, &app.settings.time_zone).to_string();
                rules::number_of_day(&customer.value, &day)
            }
            (None, None) => return Err(Reject::new("sales.order.no_number").of("order_number")),
        };
        // A line that names no product is known by its text.
        let sku =
            row.text(SKU).or(row.text(DESCRIPTION)).map(|text| text.chars().take(80).collect::<String>());
        let quantity_milli = row.integer(QUANTITY).unwrap_or(1_000);
        let discount_minor = row.integer(DISCOUNT).unwrap_or(0).abs();
        let (unit_price, total_minor) = worth(row, quantity_milli, discount_minor)?;
        Ok(Self {
            row,
            order_id: natural_id(&["order", &import.source, &order_number]),
            product_id: sku.as_ref().map(|sku| natural_id(&["product", &import.source, sku])),
            order_number,
            happened_at,
            customer,
            sku,
            quantity_milli,
            unit_price,
            discount_minor,
            coupon_discount_minor: row.integer(COUPON_DISCOUNT).unwrap_or(0).abs(),
            total_minor,
        })
    }

    fn is(&self, known: &KnownLine) -> bool {
        (known.sku.as_ref(), known.quantity_milli, known.unit_price_micro, known.total_minor)
            == (self.sku.as_ref(), self.quantity_milli, self.unit_price, self.total_minor)
    }
}

fn customer(row: &MappedRow) -> Option<Identifier> {
    [("member_number", MEMBER_NUMBER), ("email", EMAIL), ("mobile", MOBILE)].into_iter().find_map(
        |(kind, field)| {
            let value = row.text(field)?.to_owned();
            Some(Identifier { kind, value })
        },
    )
}

/// Returns price of one and total: a total that the file states holds, whatever price times quantity says.
fn worth(row: &MappedRow, quantity_milli: i64, discount_minor: i64) -> Result<(i64, i64), Reject> {
    let beyond = |field: &str| Reject::new("sales.line.out_of_range").of(field);
    if quantity_milli.abs() > rules::QUANTITY_MAX {
        return Err(beyond("quantity"));
    }
    let price = row.integer(UNIT_PRICE);
    if price.is_some_and(|price| price.abs() > rules::PRICE_MAX) {
        return Err(beyond("unit_price"));
    }
    match (price, row.integer(TOTAL)) {
        (_, Some(total)) if total.abs() > rules::AMOUNT_MAX => Err(beyond("total")),
        (Some(price), Some(total)) => Ok((price, total)),
        (None, Some(total)) => Ok((rules::price_of_total(total, quantity_milli), total)),
        (price, None) => {
            let price = price.unwrap_or(0);
            let total = rules::total(price, quantity_milli, discount_minor);
            Ok((price, total.ok_or_else(|| Reject::new("sales.line.total_too_large").of("unit_price"))?))
        }
    }
}

/// What is there already.
struct Known {
    nodes: HashMap<Identifier, Id>,
    products: HashMap<Id, KnownProduct>,
    lines: HashMap<(Id, i64), KnownLine>,
    /// Lines of each order that this import saw before this chunk.
    seen: HashMap<Id, i64>,
}

impl Known {
    async fn look(
        app: &App,
        tx: &mut Tx,
        import: &ImportRef,
        lines: &[Result<Line<'_>, Reject>],
    ) -> Result<Self> {
        let sound = || lines.iter().flatten();
        // In a fixed order, so that two imports make nodes without waiting for each other in a circle.
        let mut customers: Vec<Identifier> =
            sound().filter_map(|line| line.customer.clone()).collect::<HashSet<_>>().into_iter().collect();
        customers.sort_by(|a, b| (a.kind, &a.value).cmp(&(b.kind, &b.value)));
        let orders: Vec<Id> =
            sound().map(|line| line.order_id).collect::<BTreeSet<_>>().into_iter().collect();
        let products: Vec<Id> =
            sound().filter_map(|line| line.product_id).collect::<BTreeSet<_>>().into_iter().collect();
        Ok(Self {
            nodes: lookup::nodes(app, tx, customers).await?,
            products: lookup::products(tx, &products).await?,
            lines: lookup::lines(tx, &orders).await?,
            seen: lookup::seen(tx, import.id, &orders).await?,
        })
    }
}

struct Chunk<'a> {
    app: &'a App,
    import: &'a ImportRef,
    known: Known,
    drafts: Drafts,
    /// Lines of each order that this import saw, this chunk included, and how many of them it stores.
    seen: HashMap<Id, (i64, i64)>,
}

impl Chunk<'_> {
    fn take(&mut self, line: Result<Line<'_>, Reject>) -> RowOutcome {
        let line = match line {
            Ok(line) => line,
            Err(reject) => return reject.into(),
        };
        let before = self.known.seen.get(&line.order_id).copied().unwrap_or(0);
        let seen = self.seen.entry(line.order_id).or_insert((before, 0));
        seen.0 += 1;
        let ordinal = seen.0;
        match self.known.lines.get(&(line.order_id, ordinal)) {
            Some(known) if line.is(known) => return RowOutcome::Unchanged,
            Some(_) => {
                let reject = Reject::new("sales.order.line_differs").with("order", line.order_number.clone());
                return reject.with("ordinal", ordinal).into();
            }
            None => {}
        }
        seen.1 += 1;
        self.add(line, ordinal);
        RowOutcome::Stored
    }

    fn add(&mut self, line: Line<'_>, ordinal: i64) {
        let node = line.customer.as_ref().and_then(|customer| self.known.nodes.get(customer)).copied();
        let product = line.product_id.and_then(|id| self.known.products.get(&id));
        let department = line.row.text(DEPARTMENT).map(str::to_owned).or_else(|| product?.department.clone());
        let brand_id = self.import.brand_id.or_else(|| product?.brand_id);
        let new = LineDraft {
            ordinal,
            kind: rules::movement(&line.order_number, line.quantity_milli, line.unit_price),
            brand_id,
            product_id: line.product_id,
            sku: line.sku,
            description: line.row.text(DESCRIPTION).map(str::to_owned),
            department,
            quantity_milli: line.quantity_milli,
            unit_price_micro: line.unit_price,
            discount_minor: line.discount_minor,
            coupon_discount_minor: line.coupon_discount_minor,
            total_minor: line.total_minor,
        };
        let (app, import, row) = (self.app, self.import, line.row);
        let (happened_at, order_number) = (line.happened_at, line.order_number);
        let order = self.drafts.entry(line.order_id, || OrderDraft {
            id: line.order_id,
            source: import.source.clone(),
            number: order_number,
            brand_id,
            customer_node_id: node,
            store: row.text(STORE).map(str::to_owned),
            currency: currency(row, import),
            happened_at,
            happened_on: draft::day_of(happened_at, &app.settings.time_zone),
            lines: Vec::new(),
        });
        order.lines.push(new);
    }

    async fn write(self, tx: &mut Tx) -> Result<()> {
        let origin = Origin { import_id: Some(self.import.id), created_by: self.import.created_by };
        draft::store(tx, &self.drafts.orders, origin).await?;
        let id = self.import.id;
        let rows = self.seen.into_iter().map(|(order, (seen, stored))| args![id, order, seen, stored]);
        tx.insert_many(sql::SEEN_HEAD, rows.collect(), sql::SEEN_TAIL).await?;
        Ok(())
    }
}

fn currency(row: &MappedRow, import: &ImportRef) -> Currency {
    let said = row.text(CURRENCY).and_then(|code| Currency::try_from(code.to_owned()).ok());
    said.unwrap_or_else(|| import.currency.clone())
}
