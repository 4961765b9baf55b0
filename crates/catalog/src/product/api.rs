use axum::extract::State;
use http_kit::{App, AppState, Body, IfMatch, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Caller, Id, Page, PageQuery};
use tabular::export::{ExportCell, ExportColumn, ExportFormat, ExportQuery, ExportSpec, Exported, export};

use super::{DepartmentCount, NewProduct, Product, ProductFilter, ProductPatch, ProductVersion, service};
use crate::permissions::{PRODUCT_EDIT, PRODUCT_READ};

/// Lists products by number.
#[utoipa::path(get, path = "/api/v1/catalog/products", operation_id = "list_products", tag = "catalog", params(PageQuery, ProductFilter), responses((status = 200, body = Page<Product>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<ProductFilter>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Returns one product with the price that holds now.
#[utoipa::path(get, path = "/api/v1/catalog/products/{id}", operation_id = "get_product", tag = "catalog", params(("id" = Id, Path)), responses((status = 200, body = Product)))]
async fn get(State(app): State<AppState>, Who(caller): Who, PathOf(id): PathOf<Id>) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::get(&app, &caller, id).await?))
}

/// Makes a product.
#[utoipa::path(post, path = "/api/v1/catalog/products", operation_id = "create_product", tag = "catalog", request_body = NewProduct, responses((status = 201, body = Product)))]
async fn create(State(app): State<AppState>, Who(caller): Who, Body(new): Body<NewProduct>) -> Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, new).await?))
}

/// Changes a product and keeps what it was.
#[utoipa::path(patch, path = "/api/v1/catalog/products/{id}", operation_id = "update_product", tag = "catalog", params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = ProductPatch, responses((status = 200, body = Product)))]
async fn update(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(patch): Body<ProductPatch>,
) -> Result<Reply> {
    Ok(Reply::row(&caller, &service::update(&app, &caller, id, version, patch).await?))
}

/// Lists what a product was before each change, latest first.
#[utoipa::path(get, path = "/api/v1/catalog/products/{id}/versions", operation_id = "list_product_versions", tag = "catalog", params(("id" = Id, Path), PageQuery), responses((status = 200, body = Page<ProductVersion>)))]
async fn versions(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(page): Params<PageQuery>,
) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::versions(&app, &caller, id, &page).await?))
}

/// Lists the departments of the shop that products stand in.
#[utoipa::path(get, path = "/api/v1/catalog/departments", operation_id = "list_product_departments", tag = "catalog", responses((status = 200, body = Page<DepartmentCount>)))]
async fn departments(State(app): State<AppState>, Who(caller): Who) -> Result<Reply> {
    Ok(Reply::page(&caller, &service::departments(&app, &caller).await?))
}

const EXPORT: ExportSpec = ExportSpec {
    name: "products",
    columns: &[
        ExportColumn::new("sku", "import.products.sku", ExportCell::Text),
        ExportColumn::new("names", "import.products.name", ExportCell::Local),
        ExportColumn::new("department", "import.products.department", ExportCell::Text),
        ExportColumn::new("category", "import.products.category", ExportCell::Text),
        ExportColumn::new("product_type", "import.products.product_type", ExportCell::Text),
        ExportColumn::new("package_size", "import.products.package_size", ExportCell::Text),
        ExportColumn::new("manufacturer", "import.products.manufacturer", ExportCell::Text),
        ExportColumn::new("price", "import.products.price", ExportCell::Decimal(6)),
        ExportColumn::new("purchase_price", "import.products.purchase_price", ExportCell::Decimal(6)),
        ExportColumn::new("currency", "import.products.currency", ExportCell::Text),
        ExportColumn::new("state", "import.products.state", ExportCell::Text),
    ],
};

/// Writes the list into a file, as the caller may see it; `seen` is told how far it is.
pub async fn export_file(
    app: &App,
    caller: &Caller,
    filter: &ProductFilter,
    format: ExportFormat,
    seen: impl FnMut(u64) + Send,
) -> kernel::Result<Exported> {
    let next = |page: PageQuery| async move { service::list(app, caller, &page, filter).await };
    export(app, caller, format, &EXPORT, next, seen).await
}

/// Returns the list as a file.
#[utoipa::path(get, path = "/api/v1/catalog/products/export", operation_id = "export_products", tag = "catalog", params(ExportQuery, ProductFilter), responses((status = 200, content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
async fn download(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(query): Params<ExportQuery>,
    Params(filter): Params<ProductFilter>,
) -> Result<Exported> {
    Ok(export_file(&app, &caller, &filter, query.format, |_| ()).await?)
}

pub(crate) fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), needs(PRODUCT_READ))
        .add(operations!(download), needs(PRODUCT_READ))
        .add(operations!(departments), needs(PRODUCT_READ))
        .add(operations!(get), needs(PRODUCT_READ))
        .add(operations!(versions), needs(PRODUCT_READ))
        .add(operations!(create), needs(PRODUCT_EDIT))
        .add(operations!(update), needs(PRODUCT_EDIT))
}
