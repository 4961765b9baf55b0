use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, Query, Value, args};

use super::{NewPrice, Price, rules, sql};
use crate::permissions::PRICE_EDIT;
use crate::product::{Product, service as products};

/// Returns a product's prices, latest first.
pub(super) async fn list(
    app: &App,
    caller: &Caller,
    product_id: Id,
    page: &PageQuery,
) -> Result<Page<Price>> {
    let size = page.size()?;
    products::get(app, caller, product_id).await?;
    let mut query = Query::new(sql::LIST, args![product_id]);
    query
        .and_some("valid_from <", page.after::<i64>()?)
        .push(" ORDER BY valid_from DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |price: &Price| price.valid_from.ms()))
}

/// Sets a price from a moment on.
pub(super) async fn set(app: &App, caller: &Caller, product_id: Id, new: NewPrice) -> Result<Price> {
    let product = products::get(app, caller, product_id).await?;
    caller.scope(PRICE_EDIT)?.require(product.brand_id, None, None)?;
    if new.purchase_price.is_some() && !Price::visible(caller, "purchase_price") {
        return Err(Problem::field_hidden("purchase_price"));
    }
    let mut tx = app.store.begin(caller).await?;
    let valid_from = new.valid_from.unwrap_or(tx.now());
    rules::check(&new, valid_from)?;
    let currency = new.currency.or(product.currency.clone()).unwrap_or_else(|| app.settings.currency.clone());
    // Whoever does not say what it costs, or may not, leaves that as it is.
    let purchase_price = new.purchase_price.or(product.purchase_price);
    let priced = Product { price: Some(new.price), purchase_price, currency: Some(currency), ..product };
    let row = row(&priced, valid_from, new.valid_to, None, caller.find_user_id(), tx.now());
    let before: Option<Price> = tx.find(sql::AT, args![product_id, valid_from]).await?;
    tx.insert_many(sql::INSERT_HEAD, row.into_iter().collect(), sql::UPSERT_TAIL).await?;
    let after: Price = tx.get(sql::AT, args![product_id, valid_from]).await?;
    let entry = Audit::new("set_price", "catalog.product", product_id).within(priced.brand_id, None);
    tx.audit(entry.change(before.as_ref(), Some(&after))).await?;
    tx.commit().await?;
    Ok(after)
}

/// Returns the values of a price in the order of the insert; none where the product has no price.
pub(crate) fn row(
    product: &Product,
    valid_from: Timestamp,
    valid_to: Option<Timestamp>,
    import_id: Option<Id>,
    created_by: Option<Id>,
    now: Timestamp,
) -> Option<Vec<Value>> {
    let price = product.price?;
    Some(args![
        Id::new(),
        product.id,
        price.0,
        product.purchase_price.map(|price| price.0),
        product.currency.as_ref()?.as_str(),
        valid_from,
        valid_to,
        import_id,
        created_by,
        now,
    ])
}
