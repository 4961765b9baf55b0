//! The sample company's products (示例商品).

mod names;

use std::collections::BTreeMap;

use flate2::read::GzDecoder;
use http_kit::App;
use kernel::{Caller, Id, Problem, Result, Timestamp};
use serde::Deserialize;
use store::Audit;
use tabular::natural_id;

use self::names::Names;
use crate::product::{Product, ProductState, rules, service, sql};

/// Source of the sample's products and orders: part of their identity.
pub const SOURCE: &str = "sample";
/// Products of one transaction.
const CHUNK: usize = 10_000;

/// Which brand a department's products carry.
#[derive(Clone, Debug, Default)]
pub struct Brands {
    /// By the department's name in the source.
    pub by_department: BTreeMap<String, Id>,
    /// The brand of all others.
    pub rest: Option<Id>,
}

impl Brands {
    /// Returns the brand of a department.
    pub fn of(&self, department: &str) -> Option<Id> {
        self.by_department.get(department).copied().or(self.rest)
    }
}

/// Row of `products.csv.gz`.
#[derive(Deserialize)]
struct Row {
    product_id: String,
    manufacturer_id: String,
    brand: String,
    package_size: String,
    department: String,
    product_category: String,
    product_type: String,
}

/// Loads the products; what is there already stays. Returns how many were new.
pub async fn load(app: &App, products_csv_gz: &[u8], names_yaml: &str, brands: &Brands) -> Result<u64> {
    let names = Names::read(names_yaml)?;
    let mut rows = csv::Reader::from_reader(GzDecoder::new(products_csv_gz)).into_deserialize::<Row>();
    let mut stored = 0;
    loop {
        let mut tx = app.store.begin(&Caller::system("sample")).await?;
        let now = tx.now();
        let mut values = Vec::with_capacity(CHUNK);
        for row in rows.by_ref().take(CHUNK) {
            let row = row.map_err(Problem::internal)?;
            values.push(service::row(&product(row, &names, brands, now)));
        }
        if values.is_empty() {
            return Ok(stored);
        }
        let new = tx.insert_many(sql::INSERT_HEAD, values, "ON CONFLICT DO NOTHING").await?;
        tx.audit(Audit::without_row("load_sample", "catalog.product").covering(new)).await?;
        tx.commit().await?;
        stored += new;
    }
}

fn product(row: Row, names: &Names, brands: &Brands, now: Timestamp) -> Product {
    Product {
        id: natural_id(&["product", SOURCE, &row.product_id]),
        brand_id: brands.of(&row.department),
        source: SOURCE.to_owned(),
        names: names.of(&row.department, &row.product_category, &row.product_type, &row.product_id),
        sku: row.product_id,
        department: rules::filled(&row.department),
        category: rules::filled(&row.product_category),
        product_type: rules::filled(&row.product_type),
        package_size: rules::filled(&row.package_size),
        manufacturer: manufacturer(&row.manufacturer_id, &row.brand),
        state: ProductState::Active,
        price: None,
        purchase_price: None,
        currency: None,
        import_id: None,
        created_by: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// The source tells makers by number and says whether the label is the retailer's own.
fn manufacturer(number: &str, label: &str) -> Option<String> {
    let number = rules::filled(number)?;
    Some(if label == "Private" { format!("{number} (private label)") } else { number })
}
