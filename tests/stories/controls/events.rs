use serde_json::json;

use super::turns;
use crate::harness::Call;
use crate::harness::arrange::{id, import};
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

    "event.expected_kinds_live" => brought(turn) {
        let new = json!({ "name": "网店", "kind": "server", "purpose": "服务与统计", "silent_after_hours": 24,
            "expected": ["sales"] });
        let made = turn.admin.post(SOURCES, new).await;
        let key = key(&turn.admin, &made).await;
        let taking = Taking::begin(turn.company).await;
        send(turn.company, &key, &json!({ "batch": [track("1", "u")] })).await.done();
        turn.admin.list(&format!("{SOURCES}/coverage")).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(25);
        // Pages come, and orders do not.
        let page = json!({ "type": "page", "messageId": "2", "userId": "u", "name": "Home" });
        send(turn.company, &key, &json!({ "batch": [page] })).await.done();
        turn.admin.list(&format!("{SOURCES}/coverage")).await;
        taking.end().await;
        turn.broken(0.0, None, 1).await;
    }

    "event.totals_agree" => reconciled(turn) {
        let made = turn.admin.post(SOURCES, json!({ "name": "网店", "kind": "server", "purpose": "统计" })).await;
        let key = key(&turn.admin, &made).await;
        let taking = Taking::begin(turn.company).await;
        let nameless = json!({ "type": "track", "userId": "u", "messageId": "3" });
        let batch = json!({ "batch": [track("1", "u"), track("2", "u"), nameless] });
        send(turn.company, &key, &batch).await.done();
        taking.end().await;
        let day = turn.company.app.store.now().utc_day().to_string();
        let totals = format!("{SOURCES}/{}/totals", id(&made));
        turn.admin.post(&totals, json!({ "day": day, "events": 3 })).await;
        turn.followed(100.0, Some(30), 1).await;
        let said = turn.admin.post(&totals, json!({ "day": day, "events": 5 })).await;
        assert_eq!((&said["difference"], &said["stored"], &said["quarantined"]), (&json!(-2), &json!(2), &json!(1)));
        turn.broken(0.0, Some(30), 1).await;
    }

    "event.volume_usual" => steady(turn) {
        let made = turn.admin.post(SOURCES, json!({ "name": "网店", "kind": "server", "purpose": "统计" })).await;
        let key = key(&turn.admin, &made).await;
        let sent = async |week: i64, much: i64| {
            let taking = Taking::begin(turn.company).await;
            let events: Vec<_> = (0..much).map(|n| track(&format!("{week}/{n}"), "u")).collect();
            send(turn.company, &key, &json!({ "batch": events })).await.done();
            taking.end().await;
        };
        for week in 0..4 {
            turn.company.pass_days(7);
            sent(week, 60).await;
        }
        turn.company.pass_days(1);
        turn.company.work().await;
        turn.followed(100.0, Some(7), 1).await;
        turn.company.pass_days(6);
        sent(4, 20).await;
        turn.company.pass_days(1);
        turn.company.work().await;
        turn.broken(0.0, Some(7), 1).await;
    }

    "customer.worklist_worked" => worked(turn) {
        import(&turn.admin, "customers", None, "会员号,姓名,邮箱\n71,周宁,zhou@mailinator.com\n72,,wu@customer.invalid\n").await;
        turn.admin.post("/api/v1/customers/worklist/find", json!({})).await;
        turn.company.work().await;
        let waiting = turn.admin.list("/api/v1/customers/worklist").await;
        let of = |problem: &str| waiting.iter().find(|item| item["problem"] == json!(problem)).expect("it waits");
        let place = format!("/api/v1/customers/worklist/{}/ignore", id(of("no_name")));
        let let_be = Call::post(place).seen(of("no_name")).json(&json!({ "reason": "不愿留名" }));
        turn.admin.call(let_be).await.done();
        turn.followed(100.0, Some(180), 1).await;
        turn.company.pass_days(31);
        turn.broken(50.0, Some(180), 1).await;
    }

    "identity.matches_decided" => decided(turn) {
        let alike = |one: u32, name: &str| {
            format!("会员号,姓名,地址\n{one},{name},湖滨路七号\n{},{name},湖滨路七号\n", one + 1)
        };
        import(&turn.admin, "customers", None, &alike(71, "周宁")).await;
        let waiting = turn.admin.list("/api/v1/customers/matches?state=open").await;
        let place = format!("/api/v1/customers/matches/{}/distinct", id(&waiting[0]));
        let apart = Call::post(place).seen(&waiting[0]).json(&json!({ "reason": "父子同名同住" }));
        turn.admin.call(apart).await.done();
        turn.followed(100.0, Some(90), 1).await;
        import(&turn.admin, "customers", None, &alike(81, "吴桐")).await;
        turn.company.pass_hours(15 * 24);
        turn.broken(50.0, Some(90), 1).await;
    }
}
