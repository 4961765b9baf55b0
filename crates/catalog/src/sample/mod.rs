//! The sample company's products (示例商品), with names in three languages.

use std::collections::BTreeMap;

use flate2::read::GzDecoder;
use http_kit::App;
use kernel::{Caller, Id, LocalText, Problem, Result};
use serde::Deserialize;
use store::Audit;

use crate::product::{Product, ProductState, sql};

/// Where the products come from; orders of the sample name the same source.
pub const SOURCE: &str = "sample";
/// Products in one transaction.
const CHUNK: usize = 4_000;

/// One line of `products.csv.gz`.
#[derive(Debug, Deserialize)]
struct Line {
    product_id: String,
    manufacturer_id: String,
    brand: String,
    package_size: String,
    department: String,
    product_category: String,
    product_type: String,
}

/// Chinese and tidied English names of departments, categories and types.
#[derive(Debug, Deserialize)]
struct Names {
    departments: BTreeMap<String, LocalText>,
    categories: BTreeMap<String, LocalText>,
    types: BTreeMap<String, BTreeMap<String, LocalText>>,
}

/// Loads the products; those that are there stay. Private labels belong to the first brand, others to the second.
pub async fn load(app: &App, products_gz: &[u8], names_yaml: &str, brands: &[Id]) -> Result<u64> {
    let names: Names = serde_yaml_ng::from_str(names_yaml).map_err(Problem::internal)?;
    let now = app.store.now();
    let mut reader = csv::Reader::from_reader(GzDecoder::new(products_gz));
    let mut products = Vec::new();
    for line in reader.deserialize::<Line>() {
        let line = line.map_err(Problem::internal)?;
        let brand = if line.brand == "Private" { brands.first() } else { brands.get(1) };
        products.push(product(&line, &names, brand.copied(), now));
    }
    let mut loaded = 0;
    for chunk in products.chunks(CHUNK) {
        let mut tx = app.store.begin(&Caller::system("sample")).await?;
        let new = sql::insert(&mut tx, chunk, None).await?;
        tx.audit(Audit::without_row("load_sample", "catalog.product").covering(new)).await?;
        tx.commit().await?;
        loaded += new;
    }
    Ok(loaded)
}

fn product(line: &Line, names: &Names, brand: Option<Id>, now: kernel::Timestamp) -> Product {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let name = names
        .types
        .get(&line.product_category)
        .and_then(|types| types.get(&line.product_type))
        .or_else(|| names.categories.get(&line.product_category))
        .or_else(|| names.departments.get(&line.department))
        .cloned()
        .unwrap_or_else(|| numbered(&line.product_id));
    let name = with_size(name, &line.package_size);
    Product {
        id: tabular::natural_id(&["product", SOURCE, &line.product_id]),
        version: 1,
        source: SOURCE.to_owned(),
        sku: line.product_id.clone(),
        brand_id: brand,
        name_zh_hans: name.zh_hans,
        name_zh_hant: name.zh_hant,
        name_en: name.en,
        department: some(&line.department),
        category: some(&line.product_category),
        kind: some(&line.product_type),
        size: some(&line.package_size),
        manufacturer: some(&line.manufacturer_id),
        state: ProductState::Active,
        created_at: now,
        updated_at: now,
    }
}

/// The few products of which the source knows nothing but the number.
fn numbered(id: &str) -> LocalText {
    LocalText { zh_hans: format!("商品 {id}"), zh_hant: format!("商品 {id}"), en: format!("Product {id}") }
}

fn with_size(name: LocalText, size: &str) -> LocalText {
    if size.is_empty() {
        return name;
    }
    let with = |text: String| format!("{text} {size}");
    LocalText { zh_hans: with(name.zh_hans), zh_hant: with(name.zh_hant), en: with(name.en) }
}
