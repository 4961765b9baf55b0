use serde_json::json;

use super::turns;
use crate::harness::Call;

turns! {
    "audit.verified" => verified(turn) {
        turn.company.work().await;
        let path = "/api/v1/system/audit-verifications";
        let found = turn.admin.expect(Call::post(path)).await;
        assert_eq!((&found["ok"], &found["problems"]), (&json!(true), &json!(0)), "{found}");
        assert!(found["sealed"].as_i64() > Some(0) && found["anchored"].as_i64() > Some(0), "{found}");
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(27);
        turn.broken(0.0, None, 1).await;
    }
}
