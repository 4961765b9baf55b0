use axum::extract::State;
use http_kit::{App, AppState, Body, Params, PathOf, Reply, Result, Routes, Who, needs, operations};
use kernel::{Caller, Id, Page, Problem};
use serde::Deserialize;
use store::Audit;
use utoipa::IntoParams;

use super::{NewPrice, Price, PriceKind, PurchasePrice, sql};
use crate::permissions::{PRICE_WRITE, PRODUCT_READ};
use crate::product::get_scoped;

const PRICE_MICRO_MAX: i64 = 1_000_000_000_000_000;
const REASON_CHARS_MAX: usize = 500;

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(list), needs(PRODUCT_READ)).add(operations!(set), needs(PRICE_WRITE))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PriceFilter {
    /// Kind; `list` when absent.
    kind: Option<PriceKind>,
}

/// Lists a product's prices of one kind, newest first.
#[utoipa::path(get, path = "/api/v1/catalog/products/{id}/prices", operation_id = "list_prices", tag = "catalog",
    params(("id" = Id, Path), PriceFilter), responses((status = 200, body = Page<Price>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Params(filter): Params<PriceFilter>,
) -> Result<Reply> {
    get_scoped(&app, &caller, PRODUCT_READ, id).await?;
    let kind = filter.kind.unwrap_or(PriceKind::List);
    let prices = sql::list(&app.store, id, kind).await?;
    Ok(match kind {
        PriceKind::List => Reply::page(&caller, &Page::whole(prices)),
        PriceKind::Purchase => Reply::page(&caller, &Page::whole(prices.into_iter().map(PurchasePrice).collect())),
    })
}

/// Sets a price from a moment on; the one before ends there.
#[utoipa::path(post, path = "/api/v1/catalog/products/{id}/prices", operation_id = "set_price", tag = "catalog",
    params(("id" = Id, Path)), request_body = NewPrice, responses((status = 201, body = Price)))]
async fn set(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    Body(new): Body<NewPrice>,
) -> Result<Reply> {
    let price = create(&app, &caller, id, new).await?;
    Ok(match price.kind {
        PriceKind::List => Reply::created(&caller, &price),
        PriceKind::Purchase => Reply::created(&caller, &PurchasePrice(price)),
    })
}

async fn create(app: &App, caller: &Caller, id: Id, new: NewPrice) -> kernel::Result<Price> {
    let product = get_scoped(app, caller, PRICE_WRITE, id).await?;
    let invalid = |field: &str, code: &'static str| Problem::unprocessable("catalog.price.invalid").with_field(field, code);
    if !(0..=PRICE_MICRO_MAX).contains(&new.price_micro.0) {
        return Err(invalid("price_micro", "catalog.price.out_of_range"));
    }
    let reason = new.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        return Err(invalid("reason", "catalog.price.reason_length"));
    }
    let mut tx = app.store.begin(caller).await?;
    let price = Price {
        id: Id::new(),
        product_id: id,
        kind: new.kind,
        price_micro: Some(new.price_micro),
        currency: new.currency.unwrap_or_else(|| app.settings.currency.clone()),
        valid_from: new.valid_from.unwrap_or_else(|| tx.now()),
        valid_to: None,
        reason,
        created_at: tx.now(),
        created_by: caller.find_user_id(),
    };
    tx.lock("catalog.product", id).await?;
    if sql::latest_from(&mut tx, id, price.kind).await?.is_some_and(|latest| price.valid_from <= latest) {
        return Err(invalid("valid_from", "catalog.price.before_the_last"));
    }
    sql::insert(&mut tx, &price).await?;
    let entry = Audit::new("set_price", "catalog.product", id).within(product.brand_id, None).because(&price.reason);
    let entry = match price.kind {
        PriceKind::List => entry.change(None, Some(&price)),
        PriceKind::Purchase => entry.change(None, Some(&PurchasePrice(price.clone()))),
    };
    tx.audit(entry).await?;
    tx.commit().await?;
    Ok(price)
}
