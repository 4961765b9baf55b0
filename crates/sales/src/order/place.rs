//! Records one order, as a shop or a member of staff reports it.

use http_kit::{App, Identifier};
use kernel::{Caller, Problem, Result};
use store::{Audit, Tx};

use super::{Line, NewOrder, Order, OrderDetail, rules, sql};
use crate::permissions::ORDER_WRITE;

/// Records an order; one that is there already is returned as it is.
pub async fn place(app: &App, caller: &Caller, new: NewOrder) -> Result<OrderDetail> {
    rules::check(&new)?;
    let scope = caller.scope(ORDER_WRITE)?;
    let id = rules::order_id(&new.source, &new.number);
    if let Some(order) = sql::find(&app.store, id).await? {
        scope.require(order.brand_id, None, None)?;
        return Ok(OrderDetail { order, lines: sql::lines(&app.store, id).await? });
    }
    let mut tx = app.store.begin(caller).await?;
    let node = customer(app, &mut tx, &new).await?;
    let (order, lines) = build(app, &mut tx, new, node).await?;
    scope.require_new(order.brand_id, None, None)?;
    sql::upsert(&mut tx, std::slice::from_ref(&order), None).await?;
    sql::insert_lines(&mut tx, &lines, None).await?;
    let entry = Audit::new("create", "sales.order", id).within(order.brand_id, None).change(None, Some(&order));
    tx.audit(entry).await?;
    tx.commit().await?;
    Ok(OrderDetail { order, lines })
}

async fn customer(app: &App, tx: &mut Tx, new: &NewOrder) -> Result<Option<kernel::Id>> {
    let identifier = match (&new.member_number, &new.email) {
        (Some(number), _) => Identifier { kind: "member_number", value: number.clone() },
        (None, Some(email)) => Identifier { kind: "email", value: email.clone() },
        (None, None) => return Ok(None),
    };
    Ok(app.nodes.get()?.ensure(tx, &[identifier]).await?.into_iter().next())
}

async fn build(app: &App, tx: &mut Tx, new: NewOrder, node: Option<kernel::Id>) -> Result<(Order, Vec<Line>)> {
    let happened_at = new.happened_at.unwrap_or_else(|| tx.now());
    let kind = rules::kind(&new.number);
    let ids: Vec<kernel::Id> = new
        .lines
        .iter()
        .map(|line| rules::product_id(line.product_source.as_deref().unwrap_or(&new.source), &line.sku))
        .collect();
    let products = sql::products(tx, &ids).await?;
    let mut order = Order {
        id: rules::order_id(&new.source, &new.number),
        source: new.source,
        number: new.number,
        kind,
        customer_node_id: node,
        brand_id: None,
        store: new.store,
        currency: new.currency.unwrap_or_else(|| app.settings.currency.clone()),
        total_minor: 0,
        discount_minor: 0,
        coupon_discount_minor: 0,
        line_count: 0,
        month: rules::month(happened_at, &app.settings.time_zone),
        happened_at,
        recorded_at: tx.now(),
    };
    let mut lines = Vec::with_capacity(new.lines.len());
    for (at, (line, product_id)) in new.lines.into_iter().zip(ids).enumerate() {
        let total = line.unit_price_micro.line_total_minor(line.quantity_milli);
        let known = products.get(&product_id);
        lines.push(Line {
            order_id: order.id,
            ordinal: at as i64 + 1,
            kind,
            customer_node_id: node,
            happened_at,
            product_id: Some(product_id),
            sku: line.sku,
            description: line.description,
            department: known.and_then(|k| k.department.clone()),
            brand_id: known.and_then(|k| k.brand_id),
            quantity_milli: line.quantity_milli,
            unit_price_micro: line.unit_price_micro,
            total_minor: total.ok_or_else(|| Problem::unprocessable("sales.order.figure_out_of_range"))?,
            discount_minor: 0,
            coupon_discount_minor: 0,
        });
    }
    order.brand_id = rules::brand(lines.iter());
    rules::add(&mut order, &lines);
    Ok((order, lines))
}
