use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, Value, args, json};
use tabular::natural_id;

use super::{
    DepartmentCount, NewProduct, Product, ProductFilter, ProductPatch, ProductState, ProductVersion, rules,
    sql,
};
use crate::permissions::{PRODUCT_EDIT, PRODUCT_READ};

const SCOPE: ScopeColumns = ScopeColumns { brand: Some("p.brand_id"), department: None, owner: None };

/// Returns products by number.
pub(crate) async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ProductFilter,
) -> Result<Page<Product>> {
    let (scope, size) = (caller.scope(PRODUCT_READ)?, page.size()?);
    let mut query = Query::new(sql::LIST, args![app.store.now()]);
    query
        .and_some("p.brand_id =", filter.brand_id)
        .and_some("p.department =", filter.department.as_deref())
        .and_some("p.category =", filter.category.as_deref())
        .and_some("p.source =", filter.source.as_deref())
        .and_some("p.state =", filter.state.map(|state| state.as_str()))
        .scope(&scope, SCOPE);
    if let Some(text) = filter.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        query.and_contains("p.search_text", text);
    }
    if let Some((sku, id)) = page.after::<(String, Id)>()? {
        query.push(" AND (p.sku, p.id) > (").bind(sku).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY p.sku, p.id").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |p: &Product| (p.sku.clone(), p.id)))
}

/// Returns one product.
pub(crate) async fn get(app: &App, caller: &Caller, id: Id) -> Result<Product> {
    let scope = caller.scope(PRODUCT_READ)?;
    let product = load(app, id).await?;
    scope.require(product.brand_id, None, None)?;
    Ok(product)
}

async fn load(app: &App, id: Id) -> Result<Product> {
    let rows: Vec<Product> = app.store.list(by_ids(app.store.now(), &[id])).await?;
    rows.into_iter().next().ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns the query for products by id, with the price that holds at `now`.
pub(crate) fn by_ids(now: Timestamp, ids: &[Id]) -> Query {
    let mut query = Query::new(sql::LIST, args![now]);
    query.and_in("p.id", ids);
    query
}

/// Makes a product.
pub(crate) async fn create(app: &App, caller: &Caller, new: NewProduct) -> Result<Product> {
    caller.scope(PRODUCT_EDIT)?.require_new(new.brand_id, None, None)?;
    rules::check_new(&new)?;
    let mut tx = app.store.begin(caller).await?;
    let product = fresh(new, caller.find_user_id(), tx.now());
    tx.exec(sql::UPSERT_ONE, row(&product)).await.on_duplicate("catalog.product.sku_taken")?;
    let entry = Audit::new("create", "catalog.product", product.id).within(product.brand_id, None);
    tx.audit(entry.change(None, Some(&product))).await?;
    tx.commit().await?;
    load(app, product.id).await
}

fn fresh(new: NewProduct, created_by: Option<Id>, now: Timestamp) -> Product {
    let source = new.source.unwrap_or_else(|| rules::SOURCE_DEFAULT.to_owned()).trim().to_owned();
    let sku = new.sku.trim().to_owned();
    let filled = |text: Option<String>| text.as_deref().and_then(rules::filled);
    Product {
        id: natural_id(&["product", &source, &sku]),
        brand_id: new.brand_id,
        source,
        sku,
        names: new.names,
        department: filled(new.department),
        category: filled(new.category),
        product_type: filled(new.product_type),
        package_size: filled(new.package_size),
        manufacturer: filled(new.manufacturer),
        state: ProductState::Active,
        price: None,
        purchase_price: None,
        currency: None,
        import_id: None,
        created_by,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Returns a product's values in the order of the insert.
pub(crate) fn row(product: &Product) -> Vec<Value> {
    args![
        product.id,
        product.brand_id,
        &product.source,
        &product.sku,
        json(&product.names),
        rules::title(&product.names),
        rules::search_text(&product.sku, &product.names),
        product.department.as_deref(),
        product.category.as_deref(),
        product.product_type.as_deref(),
        product.package_size.as_deref(),
        product.manufacturer.as_deref(),
        product.state.as_str(),
        product.import_id,
        product.created_by,
        product.created_at,
        product.updated_at,
        product.version,
    ]
}

/// Changes a product and keeps what it was.
pub(crate) async fn update(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    patch: ProductPatch,
) -> Result<Product> {
    let scope = caller.scope(PRODUCT_EDIT)?;
    rules::check_patch(&patch)?;
    let before = load(app, id).await?;
    scope.require(before.brand_id, None, None)?;
    let after = rules::patched(&before, patch);
    scope.require_new(after.brand_id, None, None)?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    let args = args![
        id,
        version,
        after.brand_id,
        json(&after.names),
        rules::title(&after.names),
        rules::search_text(&after.sku, &after.names),
        after.department.as_deref(),
        after.category.as_deref(),
        after.product_type.as_deref(),
        after.package_size.as_deref(),
        after.manufacturer.as_deref(),
        after.state.as_str(),
        now,
    ];
    tx.exec_one(sql::UPDATE, args).await?;
    tx.exec(sql::KEEP_VERSION, version_row(&before, caller.find_user_id(), now, None)).await?;
    let entry = Audit::new("update", "catalog.product", id).within(after.brand_id, None);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    tx.commit().await?;
    load(app, id).await
}

/// Returns the values of a kept version; prices have their own history and are left out.
pub(crate) fn version_row(
    before: &Product,
    by: Option<Id>,
    at: Timestamp,
    import_id: Option<Id>,
) -> Vec<Value> {
    let bare = Product { price: None, purchase_price: None, currency: None, ..before.clone() };
    args![before.id, before.version, json(&bare), at, by, import_id]
}

/// Returns what a product was, latest first.
pub(crate) async fn versions(
    app: &App,
    caller: &Caller,
    id: Id,
    page: &PageQuery,
) -> Result<Page<ProductVersion>> {
    let size = page.size()?;
    get(app, caller, id).await?;
    let mut query = Query::new(sql::VERSIONS, args![id]);
    query.and_some("version <", page.after::<i64>()?).push(" ORDER BY version DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |version: &ProductVersion| version.version))
}

/// Returns the departments that products stand in, by name.
pub(crate) async fn departments(app: &App, caller: &Caller) -> Result<Page<DepartmentCount>> {
    let scope = caller.scope(PRODUCT_READ)?;
    let mut query = Query::new(sql::DEPARTMENTS, args![]);
    query.scope(&scope, ScopeColumns { brand: Some("brand_id"), ..ScopeColumns::default() });
    query.push(" GROUP BY department ORDER BY department");
    Ok(Page::whole(app.store.list(query).await?))
}

/// Puts back what an import replaced, in one transaction of the importer; returns how many.
pub(crate) async fn restore(tx: &mut Tx, import_id: Id, limit: u32) -> Result<u64> {
    let replaced: Vec<ProductVersion> = tx.all(sql::REPLACED_BY_IMPORT, args![import_id, limit]).await?;
    let now = tx.now();
    for ProductVersion { product_id, version, snapshot, .. } in &replaced {
        let back = Product { version: version + 2, updated_at: now, ..snapshot.clone() };
        tx.insert_many(sql::INSERT_HEAD, vec![row(&back)], sql::UPSERT_TAIL).await?;
        tx.exec(sql::RELEASE_VERSION, args![product_id, *version]).await?;
    }
    Ok(replaced.len() as u64)
}
