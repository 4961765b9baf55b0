use serde_json::{Value as Json, json};

use super::turns;
use crate::harness::arrange::{Shop, id};

async fn product(shop: &Shop<'_>, sku: &str) -> Json {
    let new = json!({
        "sku": sku, "names": { "zh-Hans": "鲜汤", "zh-Hant": "鮮湯", "en": "Soup" }, "category": "汤",
        "brand_id": shop.brand_id,
    });
    shop.sales.post("/api/v1/catalog/products", new).await
}

turns! {
    "product.complete" => complete(turn) {
        let product_with_price = product(&turn, "SOUP-1").await;
        let price = json!({ "price": 12_800_000, "currency": "CNY" });
        turn.sales.post(&format!("/api/v1/catalog/products/{}/prices", id(&product_with_price)), price).await;
        turn.followed(100.0, None, 1).await;
        product(&turn, "SOUP-2").await;
        turn.broken(50.0, None, 1).await;
    }

    "orders.fresh" => fresh(turn) {
        let order = json!({
            "source": "till", "number": "N-1",
            "lines": [{ "sku": "SOUP-1", "quantity_milli": 1000, "unit_price_micro": 12_800_000 }],
        });
        turn.sales.post("/api/v1/sales/orders", order).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(3);
        turn.followed(100.0, None, 1).await;
        turn.company.pass_minutes(1);
        turn.broken(0.0, None, 1).await;
    }
}
