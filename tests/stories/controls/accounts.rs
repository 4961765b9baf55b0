use axum::http::Method;
use serde_json::{Value as Json, json};

use super::turns;
use crate::harness::arrange::{Shop, id};
use crate::harness::people::{department, hire, role};
use crate::harness::{Call, Company, Member};

/// Sets up the second factor of somebody who signs in, and returns the session that did it.
async fn with_second_factor<'c>(company: &'c Company, email: &str) -> Member<'c> {
    let member = company.sign_in(email).await;
    let setup = member.post("/api/v1/identity/me/totp", json!({})).await;
    let code = crate::harness::people::code(&setup, company.now());
    member.expect(Call::new(Method::PUT, "/api/v1/identity/me/totp").json(&json!({ "code": code }))).await;
    member
}

/// Somebody signs in from a strange device and says that it was not they.
async fn not_me(shop: &Shop<'_>, email: &str) -> Json {
    shop.company.sign_in(email).await;
    shop.company.pass_minutes(1);
    let member = shop.company.sign_in(email).await;
    let alerts = member.list("/api/v1/identity/alerts").await;
    let alert = alerts.first().unwrap_or_else(|| panic!("no alert for {email}"));
    member.expect(Call::post(format!("/api/v1/identity/alerts/{}/not-me", id(alert)))).await;
    let cases = shop.admin.list("/api/v1/identity/security-cases").await;
    cases.into_iter().find(|case| case["state"] == "open").expect("a case is open")
}

/// Says when somebody leaves.
async fn leaves_in_an_hour(shop: &Shop<'_>, member: &Member<'_>) {
    let path = format!("/api/v1/identity/users/{}", member.id);
    let seen = shop.admin.get(&path).await;
    let leave_at = shop.company.now().plus_ms(kernel::HOUR_MS);
    shop.admin.act(Method::PATCH, &path, &seen, json!({ "leave_at": leave_at })).await;
}

/// Asks for an account to be closed as an important change.
async fn close_account(shop: &Shop<'_>, member: &Member<'_>) -> Json {
    let new = json!({
        "kind": "identity.user.disable_many", "target": { "user_ids": [member.id] }, "reason": "项目结束",
    });
    shop.admin.post("/api/v1/identity/deletion-requests", new).await
}

turns! {
    "account.approved" => approved(turn) {
        let department = department(&turn.admin, "store_north").await;
        let second = turn.company.member_as("administrator", "second@daoting.example").await;
        let new = json!({
            "name": "新人", "email": "new@daoting.example", "department_id": department,
            "role_id": role(&turn.admin, "market").await, "scope": "company", "reason": "新同事",
        });
        let request = turn.admin.post("/api/v1/identity/account-requests", new).await;
        let path = format!("/api/v1/identity/account-requests/{}/approve", id(&request));
        second.act(Method::POST, &path, &request, json!({})).await;
        turn.followed(100.0, None, 1).await;
        hire(&turn.admin, "unasked@daoting.example", None).await;
        turn.broken(50.0, None, 1).await;
    }

    "scope.covered" => covered(turn) {
        let (admin, departments) = (&turn.admin, "/api/v1/identity/departments");
        let market = department(admin, "market").await;
        let person = hire(admin, "head@daoting.example", Some(&market)).await;
        let path = format!("{departments}/{market}");
        let seen = admin.get(&path).await;
        assert_eq!(seen["gaps"], json!(["no_head"]));
        assert!(seen["clauses"].as_i64().is_some_and(|clauses| clauses > 50), "{seen:#}");
        let change = json!({ "names": seen["names"], "parent_id": null, "head_id": person.id });
        let seen = admin.act(Method::PUT, &path, &seen, change).await;
        assert_eq!(seen["gaps"], json!([]));
        turn.followed(100.0, None, 1).await;
        let north = format!("{departments}/{}", department(admin, "store_north").await);
        turn.broken(50.0, None, 1).await;
        let seen = admin.get(&north).await;
        assert_eq!(seen["gaps"], json!(["no_user", "no_head", "no_clause"]));
        let change = json!({ "names": seen["names"], "parent_id": null, "head_id": null, "in_scope": false });
        let seen = admin.act(Method::PUT, &north, &seen, change).await;
        assert_eq!((&seen["in_scope"], &seen["gaps"]), (&json!(false), &json!([])));
        turn.followed(100.0, None, 1).await;
    }

    "account.reviewed" => reviewed(turn) {
        turn.followed(100.0, None, 5).await;
        turn.company.pass_days(191);
        turn.broken(0.0, None, 5).await;
    }

    "account.two_factor" => two_factor(turn) {
        let mut sessions = Vec::new();
        for role in ["administrator", "brand", "market", "service", "sales"] {
            sessions.push(with_second_factor(turn.company, &format!("{role}@daoting.example")).await);
        }
        turn.followed(100.0, None, 5).await;
        for member in &sessions[3..] {
            member.post("/api/v1/identity/me/totp/disable", json!({ "password": crate::harness::PASSWORD })).await;
        }
        turn.broken(60.0, None, 2).await;
    }

    "account.case_handled" => case_handled(turn) {
        let case = not_me(&turn, "market@daoting.example").await;
        let path = format!("/api/v1/identity/security-cases/{}/handle", id(&case));
        turn.admin.expect(Call::post(path)).await;
        turn.followed(100.0, Some(90), 1).await;
        not_me(&turn, "sales@daoting.example").await;
        turn.company.pass_hours(25);
        turn.broken(50.0, Some(90), 1).await;
    }

    "account.leaver_disabled" => leaver_disabled(turn) {
        turn.company.sign_in("market@daoting.example").await;
        leaves_in_an_hour(&turn, &turn.market).await;
        turn.company.pass_hours(1);
        turn.company.work().await;
        turn.company.pass_minutes(6);
        turn.followed(100.0, Some(180), 1).await;
        turn.market.call(Call::get("/api/v1/identity/session")).await.refused(401, "identity.token.invalid");
        leaves_in_an_hour(&turn, &turn.sales).await;
        turn.company.pass_minutes(66);
        turn.broken(50.0, Some(180), 1).await;
    }

    "account.idle_flagged" => idle_flagged(turn) {
        turn.company.sign_in("market@daoting.example").await;
        let users = turn.admin.list("/api/v1/identity/users?page_size=200").await;
        let seen = users.iter().filter(|user| !user["last_seen_at"].is_null()).count();
        turn.followed(100.0, None, seen).await;
        turn.company.pass_days(92);
        let again = turn.company.sign_in("sales@daoting.example").await;
        drop(again);
        let users = turn.admin.list("/api/v1/identity/users?page_size=200").await;
        let now = turn.company.now();
        let day = |user: &Json| user["last_seen_at"].as_str().and_then(|at| at.parse::<kernel::Timestamp>().ok());
        let idle = users.iter().filter(|user| day(user).is_some_and(|at| at < now.plus_days(-91))).count();
        let seen = users.iter().filter(|user| day(user).is_some()).count();
        assert!(idle > 0, "{users:#?}");
        turn.broken((1000.0 * (seen - idle) as f64 / seen as f64).round() / 10.0, None, idle).await;
        turn.company.work().await;
        turn.followed(100.0, None, seen).await;
    }

    "deletion.second_person" => second_person(turn) {
        let second = turn.company.member_as("administrator", "second@daoting.example").await;
        let request = close_account(&turn, &turn.market).await;
        let path = format!("/api/v1/identity/deletion-requests/{}/approve", id(&request));
        second.act(Method::POST, &path, &request, json!({})).await;
        turn.followed(100.0, Some(90), 1).await;
        let request = close_account(&turn, &turn.sales).await;
        let path = format!("/api/v1/identity/deletion-requests/{}/approve", id(&request));
        let alone = turn.admin.call(Call::post(path).seen(&request)).await;
        alone.refused(403, "identity.deletion_request.own");
        turn.broken(50.0, Some(90), 1).await;
    }

    "deletion.decided" => decided(turn) {
        close_account(&turn, &turn.market).await;
        turn.company.pass_days(7);
        turn.followed(100.0, None, 1).await;
        turn.company.pass_minutes(1);
        turn.broken(0.0, None, 1).await;
    }

    "access.refused" => refused(turn) {
        let probe = || turn.market.call(Call::get("/api/v1/identity/security-cases"));
        probe().await.refused(403, "access.missing_permission");
        turn.followed(0.0, Some(30), 1).await;
        for _ in 0..9 {
            probe().await.refused(403, "access.missing_permission");
        }
        turn.broken(1.0, Some(30), 1).await;
    }

    "device.checked" => checked(turn) {
        let owner = turn.company.sign_in("market@daoting.example").await;
        let new = json!({ "name": "工作电脑", "kind": "laptop", "this_browser": false });
        let device = owner.post("/api/v1/identity/devices", new).await;
        let path = format!("/api/v1/identity/devices/{}/check", id(&device));
        let found = json!({ "encrypted": true, "encryption": "LUKS2" });
        turn.admin.act(Method::POST, &path, &device, found).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_days(181);
        turn.broken(0.0, None, 1).await;
    }

    "encryption.tested" => tested(turn) {
        turn.admin.expect(Call::post("/api/v1/identity/encryption-tests")).await;
        turn.followed(100.0, None, 1).await;
        turn.company.pass_hours(51);
        turn.broken(0.0, None, 1).await;
    }
}
