use std::collections::HashMap;

use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Permission, Result};
use store::Tx;
use tabular::{FieldKind, FieldSpec, ImportRef, MappedRow, Reject, RowOutcome, Target};

use super::{Product, ProductState, rules, sql};
use crate::permissions::PRODUCT_WRITE;

/// Products as an import brings them (商品导入).
#[derive(Debug)]
pub struct ProductTarget;

const TEXT: FieldKind = FieldKind::Text(rules::TEXT_CHARS_MAX as u16);
const SKU: usize = 0;
const FIELDS: &[FieldSpec] = &[
    FieldSpec::required(
        "sku",
        FieldKind::Key(rules::SKU_CHARS_MAX as u16),
        &["sku", "product_id", "商品编码", "商品編碼", "货号", "貨號", "StockCode", "Variant SKU", "Handle", "product code"],
    ),
    FieldSpec::optional("name_zh_hans", TEXT, &["name_zh_hans", "商品名称", "名称", "品名"]),
    FieldSpec::optional("name_zh_hant", TEXT, &["name_zh_hant", "商品名稱", "名稱"]),
    FieldSpec::optional("name_en", TEXT, &["name_en", "name", "title", "Description", "product name"]),
    FieldSpec::optional("department", TEXT, &["department", "部门", "部門", "大类", "大類"]),
    FieldSpec::optional("category", TEXT, &["category", "product_category", "类别", "類別", "分类", "分類", "Type", "Categories"]),
    FieldSpec::optional("kind", TEXT, &["kind", "product_type", "品类", "品類", "Subcategory"]),
    FieldSpec::optional("size", TEXT, &["size", "package_size", "规格", "規格"]),
    FieldSpec::optional("manufacturer", TEXT, &["manufacturer", "vendor", "manufacturer_id", "厂商", "廠商", "生产商", "生產商"]),
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
        PRODUCT_WRITE
    }

    async fn store(&self, _app: &App, tx: &mut Tx, import: &ImportRef, rows: Vec<MappedRow>) -> Result<Vec<RowOutcome>> {
        let wanted: Vec<Product> = rows.iter().map(|row| read(row, import, tx)).collect();
        let ids: Vec<Id> = wanted.iter().map(|p| p.id).collect();
        let mut known: HashMap<Id, Product> = sql::some(tx, &ids).await?.into_iter().map(|p| (p.id, p)).collect();
        let (mut outcomes, mut new) = (Vec::with_capacity(rows.len()), Vec::new());
        for product in wanted {
            if product.name_zh_hans.is_empty() && product.name_zh_hant.is_empty() && product.name_en.is_empty() {
                outcomes.push(Reject::new("catalog.product.name_missing").of("name_en").into());
                continue;
            }
            match known.get(&product.id) {
                None => {
                    known.insert(product.id, product.clone());
                    new.push(product);
                    outcomes.push(RowOutcome::Stored);
                }
                Some(before) if says_the_same(before, &product) => outcomes.push(RowOutcome::Unchanged),
                // Twice in one file with different facts: which one is true is for a person to say.
                Some(before) if new.iter().any(|p| p.id == before.id) => {
                    outcomes.push(Reject::new("catalog.product.twice_in_file").of("sku").into());
                }
                Some(before) => {
                    let after = merged(before, product);
                    sql::update(tx, &after).await?;
                    known.insert(after.id, Product { version: after.version + 1, ..after });
                    outcomes.push(RowOutcome::Stored);
                }
            }
        }
        sql::insert(tx, &new, Some(import.id)).await?;
        Ok(outcomes)
    }

    async fn undo(&self, _app: &App, tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
        sql::undo(tx, import_id, limit).await
    }
}

fn read(row: &MappedRow, import: &ImportRef, tx: &Tx) -> Product {
    let text = |field: usize| row.text(field).map(str::to_owned);
    let name = |field: usize| text(field).unwrap_or_default();
    Product {
        brand_id: import.brand_id,
        name_zh_hans: name(1),
        name_zh_hant: name(2),
        name_en: name(3),
        department: text(4),
        category: text(5),
        kind: text(6),
        size: text(7),
        manufacturer: text(8),
        state: ProductState::Active,
        ..rules::blank(&import.source, row.text(SKU).unwrap_or_default(), tx.now())
    }
}

/// Returns the known product with what the file says; what the file leaves out stays.
fn merged(before: &Product, file: Product) -> Product {
    let name = |new: String, old: &str| if new.is_empty() { old.to_owned() } else { new };
    Product {
        brand_id: file.brand_id.or(before.brand_id),
        name_zh_hans: name(file.name_zh_hans, &before.name_zh_hans),
        name_zh_hant: name(file.name_zh_hant, &before.name_zh_hant),
        name_en: name(file.name_en, &before.name_en),
        department: file.department.or(before.department.clone()),
        category: file.category.or(before.category.clone()),
        kind: file.kind.or(before.kind.clone()),
        size: file.size.or(before.size.clone()),
        manufacturer: file.manufacturer.or(before.manufacturer.clone()),
        updated_at: file.updated_at,
        ..before.clone()
    }
}

fn says_the_same(before: &Product, file: &Product) -> bool {
    let after = merged(before, file.clone());
    Product { updated_at: before.updated_at, ..after } == *before
}
