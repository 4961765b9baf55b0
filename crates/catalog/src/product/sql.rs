use kernel::{Id, Page, PageQuery, Result, Scope, Timestamp};
use store::{Query, ScopeColumns, Store, Tx, Value, args};

use super::{DepartmentCount, Product, ProductFilter, ProductVersion};

macro_rules! columns {
    () => {
        "id, version, source, sku, brand_id, name_zh_hans, name_zh_hant, name_en, department, category, kind, size,
         manufacturer, state, created_at, updated_at"
    };
}

/// Products are narrowed by brand only.
const SCOPE: ScopeColumns = ScopeColumns { brand: Some("brand_id"), department: None, owner: None };
const LIST: &str = concat!("SELECT ", columns!(), " FROM product WHERE TRUE");
const SOME: &str = concat!("SELECT ", columns!(), " FROM product WHERE ");
const INSERT_MANY: &str = "INSERT INTO product (id, version, source, sku, brand_id, name_zh_hans, name_zh_hant, name_en,
    department, category, kind, size, manufacturer, state, created_at, updated_at, created_by, import_id) VALUES";
const INSERT_VERSIONS: &str = "INSERT INTO product_version (product_id, version, facts, at, changed_by) VALUES";

store::sql! {
    FIND = concat!("SELECT ", columns!(), " FROM product WHERE id = $1");
    UPDATE = "UPDATE product SET version = version + 1, brand_id = $3, name_zh_hans = $4, name_zh_hant = $5,
        name_en = $6, department = $7, category = $8, kind = $9, size = $10, manufacturer = $11, state = $12,
        updated_at = $13 WHERE id = $1 AND version = $2";
    VERSIONS = "SELECT product_id, version, facts, at, changed_by FROM product_version WHERE product_id = $1
        ORDER BY version DESC LIMIT 200";
    // Index product_department.
    DEPARTMENTS = "SELECT department, CAST(COUNT(*) AS BIGINT) AS count FROM product WHERE department IS NOT NULL
        GROUP BY department ORDER BY count DESC, department";
    // Index product_import. What was changed since has another version and stays.
    IMPORTED = "SELECT id FROM product WHERE import_id = $1 AND version = 1 ORDER BY id LIMIT $2";
}

pub(crate) async fn find(store: &Store, id: Id) -> Result<Product> {
    store.get(FIND, args![id]).await
}

pub(super) async fn list(store: &Store, scope: &Scope, filter: &ProductFilter, page: &PageQuery) -> Result<Page<Product>> {
    let size = page.size()?;
    let mut query = Query::new(LIST, args![]);
    query
        .scope(scope, SCOPE)
        .and_some("brand_id =", filter.brand_id)
        .and_some("department =", filter.department.as_deref())
        .and_some("category =", filter.category.as_deref())
        .and_some("state =", filter.state.map(|s| s.as_str()));
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        query.push(" AND (sku = ").bind(text).push(" OR (TRUE").and_contains("name_zh_hans", text);
        query.push(") OR (TRUE").and_contains("name_zh_hant", text);
        query.push(") OR (TRUE").and_contains("name_en", text).push("))");
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (updated_at, id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY updated_at DESC, id DESC").limit_overfull(size);
    Ok(Page::from_overfull(store.list(query).await?, size, |p: &Product| (p.updated_at, p.id)))
}

pub(super) async fn versions(store: &Store, id: Id) -> Result<Vec<ProductVersion>> {
    store.all(VERSIONS, args![id]).await
}

pub(super) async fn departments(store: &Store) -> Result<Vec<DepartmentCount>> {
    store.all(DEPARTMENTS, args![]).await
}

/// Returns the products with these ids, inside a transaction.
pub(super) async fn some(tx: &mut Tx, ids: &[Id]) -> Result<Vec<Product>> {
    let mut query = Query::new(SOME, args![]);
    query.any_of("id", ids);
    tx.list(query).await
}

/// Inserts products with their first version; one that is there stays as it is. Returns how many are new.
pub(crate) async fn insert(tx: &mut Tx, products: &[Product], import: Option<Id>) -> Result<u64> {
    let by = tx.caller().find_user_id();
    let rows = products.iter().map(|p| row(p, by, import)).collect();
    let stored = tx.insert_many(INSERT_MANY, rows, "ON CONFLICT (id) DO NOTHING").await?;
    let versions = products.iter().map(|p| version_row(p, by)).collect();
    tx.insert_many(INSERT_VERSIONS, versions, "ON CONFLICT (product_id, version) DO NOTHING").await?;
    Ok(stored)
}

fn row(p: &Product, by: Option<Id>, import: Option<Id>) -> Vec<Value> {
    args![
        p.id,
        p.version,
        &p.source,
        &p.sku,
        p.brand_id,
        &p.name_zh_hans,
        &p.name_zh_hant,
        &p.name_en,
        p.department.clone(),
        p.category.clone(),
        p.kind.clone(),
        p.size.clone(),
        p.manufacturer.clone(),
        p.state.as_str(),
        p.created_at,
        p.updated_at,
        by,
        import,
    ]
}

fn version_row(p: &Product, by: Option<Id>) -> Vec<Value> {
    args![p.id, p.version, store::json(p), p.updated_at, by]
}

/// Writes a change as the next version, if nobody else did meanwhile.
pub(super) async fn update(tx: &mut Tx, p: &Product) -> Result<()> {
    let row = args![
        p.id,
        p.version,
        p.brand_id,
        &p.name_zh_hans,
        &p.name_zh_hant,
        &p.name_en,
        p.department.clone(),
        p.category.clone(),
        p.kind.clone(),
        p.size.clone(),
        p.manufacturer.clone(),
        p.state.as_str(),
        p.updated_at,
    ];
    tx.exec_one(UPDATE, row).await?;
    let next = Product { version: p.version + 1, ..p.clone() };
    let by = tx.caller().find_user_id();
    tx.insert_many(INSERT_VERSIONS, vec![version_row(&next, by)], "").await.map(drop)
}

/// Takes back products of one import that nobody changed since and that have no price.
pub(super) async fn undo(tx: &mut Tx, import: Id, limit: u32) -> Result<u64> {
    let ids: Vec<Id> = tx.all(IMPORTED, args![import, limit]).await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let mut prices = Query::new("DELETE FROM product_price WHERE ", args![]);
    prices.any_of("product_id", &ids);
    tx.exec_query(prices).await?;
    let mut versions = Query::new("DELETE FROM product_version WHERE ", args![]);
    versions.any_of("product_id", &ids);
    tx.exec_query(versions).await?;
    let mut products = Query::new("DELETE FROM product WHERE ", args![]);
    products.any_of("id", &ids);
    tx.exec_query(products).await
}
