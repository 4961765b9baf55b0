use axum::http::Method;
use serde_json::json;

use super::turns;
use crate::backups::{flip, reported, take};
use crate::harness::Call;
use crate::harness::arrange::id;

turns! {
    "backup.fresh" => fresh(turn) {
        take(&turn.admin).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(27);
        turn.broken(0.0, None, 1).await;
    }

    "backup.verified" => verified(turn) {
        let run = take(&turn.admin).await;
        turn.followed(100.0, Some(30), 1).await;
        flip(run["file"].as_str().expect("a file"));
        turn.admin.expect(Call::post(format!("/api/v1/system/backups/{}/verify", id(&run)))).await;
        turn.company.work().await;
        turn.broken(0.0, Some(30), 1).await;
    }

    "backup.restore_tested" => restore_tested(turn) {
        take(&turn.admin).await;
        turn.admin.expect(Call::post("/api/v1/system/restore-tests")).await;
        turn.company.work().await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(32);
        turn.broken(0.0, None, 1).await;
    }

    "backup.loss_reported" => loss_reported(turn) {
        let (boss, loss) = reported(&turn.admin).await;
        let path = format!("/api/v1/system/losses/{}/acknowledge", id(&loss));
        boss.post(&path, json!({ "note": "已阅" })).await;
        turn.followed(100.0, Some(366), 1).await;
        let noticed = json!({ "what": "素材目录损坏", "noticed_at": turn.company.now(), "noticed_by": "李娜" });
        turn.admin.expect(Call::new(Method::POST, "/api/v1/system/losses").json(&noticed)).await;
        turn.company.pass_hours(25);
        turn.broken(50.0, Some(366), 1).await;
    }
}
