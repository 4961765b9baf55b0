use serde_json::json;

use super::turns;
use crate::harness::arrange::id;

const REMINDERS: &str = "/api/v1/identity/secrecy-reminders";

turns! {
    "secrecy.reminded" => reminded(turn) {
        let market = turn.company.sign_in("market@daoting.example").await;
        let shown = market.post(REMINDERS, json!({ "occasion": "period" })).await;
        market.post(&format!("{REMINDERS}/{}/confirm", id(&shown)), json!({})).await;
        turn.followed(100.0, Some(62), 1).await;
        let sales = turn.company.sign_in("sales@daoting.example").await;
        sales.post(REMINDERS, json!({ "occasion": "record" })).await;
        turn.company.pass_days(2);
        turn.broken(50.0, Some(62), 1).await;
    }
}
