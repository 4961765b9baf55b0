use std::collections::HashMap;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Currency, Id, LocalText, Permission, Result, Timestamp, UnitPrice};
use store::{Tx, Value};
use tabular::{FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target, natural_id};

use super::{Product, ProductState, rules, service, sql};
use crate::permissions::PRODUCT_EDIT;
use crate::price;

/// Ids in one statement.
const LOOKUP: usize = 1_000;

/// Import of products (商品导入).
#[derive(Debug, Clone, Copy)]
pub struct ProductTarget;

const SKU: usize = 0;
const NAME: usize = 1;
const NAME_ZH_HANS: usize = 2;
const NAME_ZH_HANT: usize = 3;
const NAME_EN: usize = 4;
const DEPARTMENT: usize = 5;
const CATEGORY: usize = 6;
const PRODUCT_TYPE: usize = 7;
const PACKAGE_SIZE: usize = 8;
const MANUFACTURER: usize = 9;
const PRICE: usize = 10;
const PURCHASE_PRICE: usize = 11;
const CURRENCY: usize = 12;
const VALID_FROM: usize = 13;
const STATE: usize = 14;

const FIELDS: &[FieldSpec] = &[
    FieldSpec::required(
        "sku",
        FieldKind::Key(80),
        &[
            "StockCode",
            "Variant SKU",
            "product_id",
            "Product code",
            "商品编码",
            "商品编号",
            "货号",
            "商品編號",
            "貨號",
            "品號",
            "Handle",
            "ID",
        ],
    ),
    FieldSpec::optional(
        "name",
        FieldKind::Text(500),
        &["Title", "Description", "Product name", "商品名称", "商品名", "品名", "商品名稱", "名称", "名稱"],
    ),
    FieldSpec::optional("name_zh_hans", FieldKind::Text(500), &["简体名称", "Name (zh-Hans)"]),
    FieldSpec::optional("name_zh_hant", FieldKind::Text(500), &["繁體名稱", "Name (zh-Hant)"]),
    FieldSpec::optional(
        "name_en",
        FieldKind::Text(500),
        &["英文名称", "英文名稱", "Name (en)", "title_orig"],
    ),
    FieldSpec::optional("department", FieldKind::Text(100), &["部门", "部門", "大类", "大類"]),
    FieldSpec::optional(
        "category",
        FieldKind::Text(100),
        &["product_category", "Categories", "类别", "分类", "品类", "類別", "分類"],
    ),
    FieldSpec::optional("product_type", FieldKind::Text(100), &["Type", "类型", "類型"]),
    FieldSpec::optional(
        "package_size",
        FieldKind::Text(60),
        &["Size", "规格", "規格", "product_variation_size_id"],
    ),
    FieldSpec::optional(
        "manufacturer",
        FieldKind::Text(100),
        &["Vendor", "Brand", "manufacturer_id", "厂商", "生产商", "廠商", "製造商", "merchant_name"],
    ),
    FieldSpec::optional(
        "price",
        FieldKind::Decimal(6),
        &[
            "UnitPrice",
            "Variant Price",
            "Regular price",
            "sell_price",
            "售价",
            "价格",
            "单价",
            "售價",
            "價格",
            "單價",
        ],
    ),
    FieldSpec::optional(
        "purchase_price",
        FieldKind::Decimal(6),
        &["Cost per item", "Cost", "进价", "采购价", "進價", "採購價"],
    ),
    FieldSpec::optional("currency", FieldKind::Currency, &["currency_buyer", "币种", "幣別"]),
    FieldSpec::optional("valid_from", FieldKind::Time, &["生效日期", "Effective date"]),
    FieldSpec::optional("state", FieldKind::Choice(&["active", "discontinued"]), &["Status", "状态", "狀態"]),
];

#[async_trait]
impl Target for ProductTarget {
    fn noun(&self) -> &'static str {
        "products"
    }

    fn fields(&self) -> &'static [FieldSpec] {
        FIELDS
    }

    fn permission(&self) -> Permission {
        PRODUCT_EDIT
    }

    async fn store(
        &self,
        _: &App,
        tx: &mut Tx,
        import: &ImportRef,
        rows: Vec<MappedRow>,
    ) -> Result<Vec<RowOutcome>> {
        let now = tx.now();
        let ids: Vec<Id> = rows.iter().map(|row| id_of(&import.source, row)).collect();
        let mut known = HashMap::new();
        for part in ids.chunks(LOOKUP) {
            let found: Vec<Product> = tx.list(service::by_ids(now, part)).await?;
            known.extend(found.into_iter().map(|product| (product.id, Draft::of(product))));
        }
        let mut outcomes = Vec::with_capacity(rows.len());
        for (row, id) in rows.iter().zip(ids) {
            outcomes.push(take(&mut known, row, id, import, now));
        }
        write(tx, import, known.into_values(), now).await?;
        Ok(outcomes)
    }

    async fn undo(&self, _: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        // Prices first: products that still have some stay.
        let prices = tx.exec(sql::DELETE_PRICES, store::args![import_id, limit]).await?;
        if prices > 0 {
            return Ok(prices);
        }
        match service::restore(tx, import_id, limit).await? {
            0 => tx.exec(sql::DELETE_PRODUCTS, store::args![import_id, limit]).await,
            restored => Ok(restored),
        }
    }
}

fn id_of(source: &str, row: &MappedRow) -> Id {
    natural_id(&["product", source, row.text(SKU).unwrap_or_default()])
}

/// A product on its way through one chunk.
struct Draft {
    before: Option<Product>,
    after: Product,
    /// A price that is new, with the time from which it holds.
    price: Option<Timestamp>,
}

impl Draft {
    fn of(product: Product) -> Self {
        Self { before: Some(product.clone()), after: product, price: None }
    }
}

/// Works one row into the drafts and says what became of it.
fn take(
    known: &mut HashMap<Id, Draft>,
    row: &MappedRow,
    id: Id,
    import: &ImportRef,
    now: Timestamp,
) -> RowOutcome {
    if [PRICE, PURCHASE_PRICE].into_iter().any(|field| row.integer(field).is_some_and(|price| price < 0)) {
        return Reject::new("catalog.price.negative").of("price").into();
    }
    let names = names(row);
    let new = !known.contains_key(&id);
    if new && rules::title(&names).is_empty() {
        return Reject::new("catalog.product.name_required").of("name").into();
    }
    let draft = known.entry(id).or_insert_with(|| Draft {
        before: None,
        after: fresh(id, row, import, now),
        price: None,
    });
    let was = draft.after.clone();
    if let Some(brand) = import.brand_id {
        // A product of another brand is not this import's to change.
        if draft.after.brand_id.is_some_and(|own| own != brand) {
            return Reject::new("catalog.product.of_another_brand").into();
        }
        draft.after.brand_id = Some(brand);
    }
    describe(&mut draft.after, row, &names);
    let price_changed = reprice(&mut draft.after, row, import);
    if price_changed {
        draft.price = Some(row.time(VALID_FROM).unwrap_or(now));
    }
    if new || draft.after != was { RowOutcome::Stored } else { RowOutcome::Unchanged }
}

fn fresh(id: Id, row: &MappedRow, import: &ImportRef, now: Timestamp) -> Product {
    Product {
        id,
        brand_id: import.brand_id,
        source: import.source.clone(),
        sku: row.text(SKU).unwrap_or_default().to_owned(),
        names: LocalText::default(),
        department: None,
        category: None,
        product_type: None,
        package_size: None,
        manufacturer: None,
        state: ProductState::Active,
        price: None,
        purchase_price: None,
        currency: None,
        import_id: Some(import.id),
        created_by: import.created_by,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

fn names(row: &MappedRow) -> LocalText {
    let mut names = row.text(NAME).map_or_else(LocalText::default, rules::names_of);
    let own =
        [(&mut names.zh_hans, NAME_ZH_HANS), (&mut names.zh_hant, NAME_ZH_HANT), (&mut names.en, NAME_EN)];
    for (name, field) in own {
        if let Some(text) = row.text(field) {
            text.clone_into(name);
        }
    }
    names
}

/// What a row says is taken over; where it is silent the product stays as it is.
fn describe(product: &mut Product, row: &MappedRow, names: &LocalText) {
    let own = [
        (&mut product.names.zh_hans, &names.zh_hans),
        (&mut product.names.zh_hant, &names.zh_hant),
        (&mut product.names.en, &names.en),
    ];
    for (name, said) in own {
        if !said.is_empty() {
            name.clone_from(said);
        }
    }
    let fields = [
        (&mut product.department, DEPARTMENT),
        (&mut product.category, CATEGORY),
        (&mut product.product_type, PRODUCT_TYPE),
        (&mut product.package_size, PACKAGE_SIZE),
        (&mut product.manufacturer, MANUFACTURER),
    ];
    for (field, place) in fields {
        if let Some(text) = row.text(place) {
            *field = Some(text.to_owned());
        }
    }
    if let Some(state) = row.text(STATE).and_then(|word| word.parse().ok()) {
        product.state = state;
    }
}

/// Takes over the price; returns true where it differs from the one that holds.
fn reprice(product: &mut Product, row: &MappedRow, import: &ImportRef) -> bool {
    let Some(price) = row.integer(PRICE).map(UnitPrice) else { return false };
    let said = row.text(CURRENCY).and_then(|code| Currency::try_from(code.to_owned()).ok());
    let currency = said.unwrap_or_else(|| import.currency.clone());
    let purchase_price = row.integer(PURCHASE_PRICE).map(UnitPrice).or(product.purchase_price);
    let next = (Some(price), purchase_price, Some(currency));
    if (product.price, product.purchase_price, product.currency.clone()) == next {
        return false;
    }
    (product.price, product.purchase_price, product.currency) = next;
    true
}

async fn write(
    tx: &mut Tx,
    import: &ImportRef,
    drafts: impl Iterator<Item = Draft>,
    now: Timestamp,
) -> Result<()> {
    let (mut products, mut versions, mut prices) = (Vec::new(), Vec::new(), Vec::new());
    for Draft { before, mut after, price } in drafts {
        if let Some(valid_from) = price {
            prices.push(price::row(&after, valid_from, None, Some(import.id), import.created_by, now));
        }
        match before {
            None => products.push(service::row(&after)),
            Some(before) if !same_but_price(&before, &after) => {
                versions.push(service::version_row(&before, import.created_by, now, Some(import.id)));
                (after.version, after.updated_at) = (before.version + 1, now);
                products.push(service::row(&after));
            }
            Some(_) => {}
        }
    }
    tx.insert_many(sql::INSERT_HEAD, products, sql::UPSERT_TAIL).await?;
    tx.insert_many(sql::VERSION_HEAD, versions, "").await?;
    let prices: Vec<Vec<Value>> = prices.into_iter().flatten().collect();
    tx.insert_many(price::INSERT_HEAD, prices, price::UPSERT_TAIL).await?;
    Ok(())
}

fn same_but_price(before: &Product, after: &Product) -> bool {
    let bare = |p: &Product| Product { price: None, purchase_price: None, currency: None, ..p.clone() };
    bare(before) == bare(after)
}
