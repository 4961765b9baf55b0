use serde_json::json;

use super::turns;
use crate::harness::arrange::{CUSTOMERS, agreed, id};

const NO_CITY: &str = "会员号,姓名,邮箱,语言
11,吴迪,wu@customer.invalid,zh-Hans
12,郑爽,zheng@customer.invalid,zh-Hans
";

/// One row in three names somebody.
const POOR: &str = "会员号,姓名,邮箱
21,孙悦,sun@customer.invalid
,,no address
22,,no address
";

turns! {
    "profile.complete" => complete(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.followed(100.0, None, 3).await;
        turn.import("customers", NO_CITY).await;
        turn.broken(60.0, None, 2).await;
    }

    "profile.tiered" => tiered(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.admin.post("/api/v1/customers/tier-runs", json!({})).await;
        turn.company.work().await;
        turn.followed(100.0, None, 3).await;
        // Somebody unknown buys with a new card; tiers are computed again at night.
        let order = json!({
            "source": "till", "number": "N-1", "member_number": "900",
            "lines": [{ "sku": "SOUP-1", "quantity_milli": 1000, "unit_price_micro": 12_800_000 }],
        });
        turn.sales.post("/api/v1/sales/orders", order).await;
        turn.broken(75.0, None, 1).await;
    }

    "tier.recomputed" => recomputed(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.admin.post("/api/v1/customers/tier-runs", json!({})).await;
        turn.company.work().await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(27);
        turn.broken(0.0, None, 1).await;
    }

    "segment.fresh" => fresh(turn) {
        turn.import("customers", CUSTOMERS).await;
        let segment = turn.segment(agreed()).await;
        let counted = turn.market.post(&format!("/api/v1/customers/segments/{}/count", id(&segment)), json!({})).await;
        assert_eq!(counted["member_count"], 3, "{counted}");
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(31);
        turn.broken(0.0, None, 1).await;
    }

    "import.good" => good(turn) {
        turn.import("customers", CUSTOMERS).await;
        turn.followed(100.0, Some(90), 1).await;
        let receipt = turn.import("customers", POOR).await;
        assert_eq!((&receipt["read_count"], &receipt["rejected_count"]), (&json!(3), &json!(2)), "{receipt}");
        turn.broken(50.0, Some(90), 1).await;
    }
}
