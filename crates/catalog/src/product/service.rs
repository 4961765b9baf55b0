use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Permission, Problem, Result};
use store::{Audit, OnDuplicate};

use super::{DepartmentCount, Product, ProductFilter, ProductInput, ProductVersion, rules, sql};
use crate::permissions::{PRODUCT_READ, PRODUCT_WRITE};

/// The source of products that people make by hand.
const BY_HAND: &str = "brandwright";
const NOUN: &str = "catalog.product";

/// Returns the products that the caller may see, last changed first.
pub async fn list(app: &App, caller: &Caller, filter: &ProductFilter, page: &PageQuery) -> Result<Page<Product>> {
    sql::list(&app.store, &caller.scope(PRODUCT_READ)?, filter, page).await
}

/// Returns a product on which the caller holds `permission`.
pub async fn get_scoped(app: &App, caller: &Caller, permission: Permission, id: Id) -> Result<Product> {
    let product = sql::find(&app.store, id).await?;
    caller.scope(permission)?.require(product.brand_id, None, None)?;
    Ok(product)
}

/// Returns what a product was, newest first.
pub async fn versions(app: &App, caller: &Caller, id: Id) -> Result<Page<ProductVersion>> {
    get_scoped(app, caller, PRODUCT_READ, id).await?;
    Ok(Page::whole(sql::versions(&app.store, id).await?))
}

/// Returns the departments with the number of their products.
pub async fn departments(app: &App, caller: &Caller) -> Result<Page<DepartmentCount>> {
    caller.require(PRODUCT_READ)?;
    Ok(Page::whole(sql::departments(&app.store).await?))
}

/// Makes a product.
pub async fn create(app: &App, caller: &Caller, input: ProductInput) -> Result<Product> {
    let sku = rules::sku(&input)?;
    caller.scope(PRODUCT_WRITE)?.require_new(input.brand_id, None, None)?;
    let mut tx = app.store.begin(caller).await?;
    let mut product = rules::blank(BY_HAND, &sku, tx.now());
    rules::apply(&mut product, input, tx.now())?;
    let new = sql::insert(&mut tx, std::slice::from_ref(&product), None).await;
    if new.on_duplicate("catalog.product.sku_taken")? == 0 {
        return Err(Problem::conflict("catalog.product.sku_taken").with("sku", sku));
    }
    tx.audit(Audit::new("create", NOUN, product.id).within(product.brand_id, None).change(None, Some(&product))).await?;
    tx.commit().await?;
    Ok(product)
}

/// Changes a product; its earlier versions stay.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, input: ProductInput) -> Result<Product> {
    let before = get_scoped(app, caller, PRODUCT_WRITE, id).await?;
    let mut after = Product { version, ..before.clone() };
    let mut tx = app.store.begin(caller).await?;
    rules::apply(&mut after, input, tx.now())?;
    caller.scope(PRODUCT_WRITE)?.require_new(after.brand_id, None, None)?;
    sql::update(&mut tx, &after).await?;
    let entry = Audit::new("update", NOUN, id).within(after.brand_id, None).change(Some(&before), Some(&after));
    tx.audit(entry).await?;
    tx.commit().await?;
    sql::find(&app.store, id).await
}
