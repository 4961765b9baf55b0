//! Records one order, as a shop or a member of staff reports it.

use http_kit::{App, Identifier};
use kernel::{Caller, Id, Problem, Result};
use store::{Audit, Tx};
use tabular::natural_id;

use super::draft::{self, LineDraft, OrderDraft, Origin};
use super::{NewLine, NewOrder, Order, OrderDetail, OrderLine, OrderPlaced, lookup, rules, service};
use crate::permissions::ORDER_CREATE;

/// Records one order as it happened; the same number from the same source again returns what is there.
pub async fn place(app: &App, caller: &Caller, new: NewOrder) -> Result<OrderDetail> {
    Ok(place_or_find(app, caller, new).await?.0)
}

/// Does so and returns true where the order is new.
pub(super) async fn place_or_find(app: &App, caller: &Caller, new: NewOrder) -> Result<(OrderDetail, bool)> {
    let scope = caller.scope(ORDER_CREATE)?;
    rules::check(&new)?;
    let id = natural_id(&["order", new.source.trim(), new.number.trim()]);
    let mut tx = app.store.begin(caller).await?;
    tx.lock("sales.order", id).await?;
    let draft = drafted(app, &mut tx, id, new).await?;
    if let Some(known) = service::find(&mut tx, id).await? {
        scope.require(known.order.brand_id, None, None)?;
        let same =
            known.lines.len() == draft.lines.len() && known.lines.iter().zip(&draft.lines).all(says_the_same);
        // What was written for nothing, the customer's node at most, goes with the transaction.
        return if same { Ok((known, false)) } else { Err(Problem::conflict("sales.order.number_taken")) };
    }
    scope.require_new(draft.brand_id, None, None)?;
    let origin = Origin { import_id: None, created_by: caller.find_user_id() };
    draft::store(&mut tx, std::slice::from_ref(&draft), origin).await?;
    let made = service::find(&mut tx, id).await?;
    let made = made.ok_or_else(|| Problem::internal("the order that was just stored is gone"))?;
    tx.emit(&placed(&made.order)).await?;
    let entry = Audit::new("create", "sales.order", id).within(made.order.brand_id, None);
    tx.audit(entry.change(None, Some(&made.order))).await?;
    tx.commit().await?;
    Ok((made, true))
}

fn says_the_same((known, new): (&OrderLine, &LineDraft)) -> bool {
    (known.product_id, known.quantity_milli, known.unit_price_micro.0, known.total_minor)
        == (new.product_id, new.quantity_milli, new.unit_price_micro, new.total_minor)
}

async fn drafted(app: &App, tx: &mut Tx, id: Id, mut new: NewOrder) -> Result<OrderDraft> {
    let customer_node_id = node(app, tx, &mut new).await?;
    let source = new.source.trim().to_owned();
    let number = new.number.trim().to_owned();
    let ids: Vec<Id> = new.lines.iter().map(|line| product_id(&source, line)).collect();
    let known = lookup::products(tx, &ids).await?;
    let mut lines = Vec::with_capacity(new.lines.len());
    for ((line, product_id), ordinal) in new.lines.into_iter().zip(ids).zip(1..) {
        let product = known.get(&product_id);
        let total = rules::total(line.unit_price_micro.0, line.quantity_milli, line.discount_minor);
        lines.push(LineDraft {
            ordinal,
            kind: rules::movement(&number, line.quantity_milli, line.unit_price_micro.0),
            brand_id: new.brand_id.or_else(|| product?.brand_id),
            product_id: Some(product_id),
            sku: Some(line.sku.trim().to_owned()),
            description: line.description.or_else(|| Some(product?.name.clone())),
            department: line.department.or_else(|| product?.department.clone()),
            quantity_milli: line.quantity_milli,
            unit_price_micro: line.unit_price_micro.0,
            discount_minor: line.discount_minor,
            coupon_discount_minor: line.coupon_discount_minor,
            total_minor: total.ok_or_else(|| Problem::unprocessable("sales.line.total_too_large"))?,
        });
    }
    let happened_at = new.happened_at.unwrap_or(tx.now());
    Ok(OrderDraft {
        id,
        source,
        number,
        brand_id: new.brand_id.or_else(|| draft::main_brand(&lines)),
        customer_node_id,
        store: new.store,
        currency: new.currency.unwrap_or_else(|| app.settings.currency.clone()),
        happened_at,
        happened_on: draft::day_of(happened_at, &app.settings.time_zone),
        lines,
    })
}

fn product_id(order_source: &str, line: &NewLine) -> Id {
    natural_id(&["product", line.product_source.as_deref().unwrap_or(order_source), line.sku.trim()])
}

async fn node(app: &App, tx: &mut Tx, new: &mut NewOrder) -> Result<Option<Id>> {
    if new.customer_node_id.is_some() {
        return Ok(new.customer_node_id);
    }
    let said = [
        ("member_number", new.member_number.take()),
        ("email", new.email.take()),
        ("mobile", new.mobile.take()),
    ];
    let wanted =
        said.into_iter().find_map(|(kind, value)| Some(Identifier { kind, value: value?.trim().to_owned() }));
    Ok(lookup::nodes(app, tx, wanted.into_iter().collect()).await?.into_values().next())
}

fn placed(order: &Order) -> OrderPlaced {
    OrderPlaced {
        order_id: order.id,
        customer_node_id: order.customer_node_id,
        brand_id: order.brand_id,
        happened_at: order.happened_at,
        total_minor: order.total_minor,
        currency: order.currency.clone(),
        source: order.source.clone(),
        number: order.number.clone(),
    }
}
