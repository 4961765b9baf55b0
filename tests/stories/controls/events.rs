use serde_json::json;

use super::turns;
use crate::harness::Call;
use crate::harness::arrange::id;
use crate::sources::{SOURCES, Taking, key, send, track};

turns! {
    "event.sources_heard" => heard(turn) {
        let new = json!({ "name": "网店", "kind": "server", "purpose": "服务与统计", "silent_after_hours": 24 });
        let made = turn.admin.post(SOURCES, new).await;
        // A new one has its time, too.
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(25);
        turn.broken(0.0, None, 1).await;
        let key = key(&turn.admin, &made).await;
        let taking = Taking::begin(turn.company).await;
        send(turn.company, &key, &json!({ "batch": [track("1", "u")] })).await.done();
        taking.end().await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(25);
        turn.broken(0.0, None, 1).await;
    }

    "event.quarantine_cleared" => cleared(turn) {
        let made = turn.admin.post(SOURCES, json!({ "name": "网店", "kind": "server", "purpose": "统计" })).await;
        let key = key(&turn.admin, &made).await;
        let nameless = |message: &str| json!({ "batch": [{ "type": "track", "userId": "u", "messageId": message }] });
        send(turn.company, &key, &nameless("1")).await.done();
        let waiting = turn.admin.list("/api/v1/customers/quarantine?state=open").await;
        let place = format!("/api/v1/customers/quarantine/{}/dismiss", id(&waiting[0]));
        let dismissed = Call::post(place).seen(&waiting[0]).json(&json!({ "reason": "测试数据" }));
        turn.admin.call(dismissed).await.done();
        turn.followed(100.0, Some(30), 1).await;
        send(turn.company, &key, &nameless("2")).await.done();
        turn.company.pass_hours(73);
        turn.broken(50.0, Some(30), 1).await;
    }
}
