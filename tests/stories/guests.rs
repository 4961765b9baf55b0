//! Guests: people from outside see the records that they were invited to, for as long as they are, and nothing else.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::harness::arrange::id;
use crate::harness::{Call, Company, Member, PASSWORD};
use crate::refusals::{Access, Operation};

const PARTNERS: &str = "/api/v1/records/project_partner";
const TASKS: &str = "/api/v1/records/project_task";
const CHANGES: &str = "/api/v1/records/partner_change";
const CHEN: &str = "chen@qinghe.example";

/// A partner with a task and a change of theirs, beside a task that is none of their business.
struct Stage<'c> {
    company: &'c Company,
    admin: Member<'c>,
    market: Member<'c>,
    partner: String,
    task: String,
    other: String,
    change: String,
}

fn day(company: &Company, days: i64) -> Json {
    json!(company.now().plus_days(days).instant().to_string().get(..10))
}

impl<'c> Stage<'c> {
    async fn open(company: &'c Company) -> Self {
        let admin = company.member("administrator").await;
        let market = company.member("market").await;
        let new = async |record: &str, values: Json| {
            id(&market.post(&format!("/api/v1/records/{record}"), json!({ "values": values })).await)
        };
        let goal = new("goal", json!({ "name": "目标", "level": "project", "metric": "数", "starts_on": day(company, 0), "due_on": day(company, 90), "target": 5 })).await;
        let project = new("project", json!({ "name": "门店改造", "kind": "general", "goal": goal, "purpose": "做好", "starts_on": day(company, 0), "ends_on": day(company, 80) })).await;
        let partner =
            new("project_partner", json!({ "name": "青禾设计", "project": project, "scope": "界面" })).await;
        let task = new("project_task", json!({ "name": "界面稿", "project": project, "partner": partner, "planned_end": day(company, 60), "weight": 7 })).await;
        let other = new(
            "project_task",
            json!({ "name": "内部核算", "project": project, "planned_end": day(company, 60) }),
        )
        .await;
        let change = new(
            "partner_change",
            json!({ "name": "加一块立牌", "partner": partner, "reason_text": "等候区" }),
        )
        .await;
        Self { company, admin, market, partner, task, other, change }
    }

    async fn invite(&self, record: &str, email: &str, days: i64) -> Json {
        let until = self.company.now().plus_days(days);
        let new = json!({ "name": "陈工", "email": email, "organisation": "青禾设计", "valid_until": until });
        self.market.post(&format!("{record}/guests"), new).await
    }

    /// Sets a password by the link of the invitation, and signs in.
    async fn arrive(&self, email: &str) -> Member<'c> {
        self.company.work().await;
        let mails = self.admin.list(&format!("/api/v1/connect/mail-drop?recipient={email}")).await;
        let mail = self.admin.get(&format!("/api/v1/connect/mail-drop/{}", id(&mails[0]))).await;
        let text = mail["text"].as_str().expect("a text");
        let secret = text.lines().find_map(|line| line.split_once("/activate#")).expect("a link").1.trim();
        let new = json!({ "token": secret, "password": PASSWORD });
        let used = self.company.anonymous(Call::post("/api/v1/identity/activation").json(&new)).await;
        assert!(used.status.is_success(), "{}", used.text);
        let again = self.company.anonymous(Call::post("/api/v1/identity/activation").json(&new)).await;
        assert_eq!(again.status.as_u16(), 404, "a link works once");
        self.company.sign_in(email).await
    }

    fn partner(&self) -> String {
        format!("{PARTNERS}/{}", self.partner)
    }
}

async fn status(who: &Member<'_>, path: &str) -> u16 {
    who.call(Call::get(path)).await.status.as_u16()
}

fn titles(rows: &[Json]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["title"].as_str().or(row["record"]["title"].as_str())).collect()
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_guest_sees_what_they_were_invited_to_and_nothing_else(store: TestStore) {
        let company = Company::new(store).await;
        let stage = Stage::open(&company).await;
        let invited = stage.invite(&stage.partner(), CHEN, 30).await;
        let guest = stage.arrive(CHEN).await;
        let session = guest.get("/api/v1/identity/session").await;
        assert_eq!((&session["guest"], &session["clearance"]), (&json!(true), &json!("internal")));
        let mine = guest.list("/api/v1/rulebook/guest-records").await;
        let mut seen = titles(&mine);
        seen.sort_unstable();
        assert_eq!(seen, ["加一块立牌", "界面稿", "青禾设计"]);
        assert_eq!(titles(&guest.list(TASKS).await), ["界面稿"]);
        assert!(guest.list(&format!("{TASKS}?search=%E5%86%85%E9%83%A8")).await.is_empty(), "nothing beyond is found");
        assert_eq!(status(&guest, &format!("{TASKS}/{}", stage.task)).await, 200);
        assert_eq!(status(&guest, &format!("{TASKS}/{}", stage.other)).await, 404);
        // What is for the staff alone is masked, and records that they may not see have no names.
        let task = guest.get(&format!("{TASKS}/{}", stage.task)).await;
        assert!(task["values"]["weight"].is_null() && task["masked"].as_array().is_some_and(|m| m.contains(&json!("weight"))), "{task:#}");
        let project = task["values"]["project"].as_str().expect("its id").to_owned();
        assert!(task["names"][&project].is_null(), "{task:#}");
        assert_eq!(guest.call(Call::get(format!("{TASKS}?filter=weight%20%3E%201"))).await.status.as_u16(), 403);
        for path in ["/api/v1/people", "/api/v1/rulebook/clauses", "/api/v1/rulebook/tasks", "/api/v1/identity/users", "/api/v1/rulebook/dashboards"] {
            let answer = guest.call(Call::get(path)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "access.not_for_guests"), "{path}");
        }
        // The people of the house are not theirs to look up, and they stand in no list of colleagues.
        let colleagues = stage.market.list("/api/v1/people?q=%E9%99%88").await;
        assert!(colleagues.is_empty(), "{colleagues:#?}");
        let accounts = stage.admin.list("/api/v1/identity/users?kind=guest").await;
        assert_eq!((accounts.len(), &accounts[0]["organisation"]), (1, &json!("青禾设计")));
        assert_eq!(accounts[0]["leave_at"], invited["valid_until"]);
        let roles = stage.admin.list("/api/v1/identity/roles?page_size=200").await;
        let grant = json!({ "role_id": id(&roles[0]), "scope": "company" });
        let given = stage.admin.call(Call::post(format!("/api/v1/identity/users/{}/grants", guest.id)).json(&grant)).await;
        assert_eq!((given.status.as_u16(), given.code()), (409, "identity.guest.no_roles"));
    }

    async fn a_guest_comments_brings_files_and_takes_their_steps(store: TestStore) {
        let company = Company::new(store).await;
        let stage = Stage::open(&company).await;
        stage.invite(&stage.partner(), CHEN, 30).await;
        let guest = stage.arrive(CHEN).await;
        let file = guest.expect(Call::post("/api/v1/record-files?name=draft.txt").bytes("text/plain", "初稿")).await;
        let comments = format!("{TASKS}/{}/comments", stage.task);
        guest.post(&comments, json!({ "text": "初稿见附件", "files": [file] })).await;
        let said = stage.market.list(&comments).await;
        assert_eq!((said.len(), &said[0]["author_name"]), (1, &json!("陈工")));
        let path = format!("{TASKS}/{}/files/{}", stage.task, file["id"].as_str().expect("an id"));
        assert_eq!(guest.call(Call::get(path)).await.text, "初稿");
        let task = format!("{TASKS}/{}", stage.task);
        let seen = stage.market.get(&task).await;
        stage.market.act(Method::POST, &format!("{task}/actions/start"), &seen, json!({})).await;
        let seen = guest.get(&task).await;
        let offered: Vec<&Json> = seen["actions"].as_array().expect("actions").iter().map(|one| &one["action"]).collect();
        assert_eq!(offered, [&json!("report")], "{seen:#}");
        let with = |values: Json| Call::post(format!("{task}/actions/report")).seen(&seen).json(&json!({ "values": values }));
        let sly = guest.call(with(json!({ "status_note": "过半", "planned_end": "2030-01-01" }))).await;
        assert_eq!((sly.status.as_u16(), sly.code()), (403, "rulebook.machine.not_for_guests"));
        let done = guest.expect(with(json!({ "status_note": "过半" }))).await;
        assert_eq!(done["values"]["status_note"], json!("过半"));
        let cancel = Call::post(format!("{task}/actions/cancel")).seen(&done).json(&json!({ "values": { "reason": "不做" } }));
        assert_eq!(guest.call(cancel).await.status.as_u16(), 403);
        let patch = Call::new(Method::PATCH, &task).seen(&done).json(&json!({ "values": { "name": "改名" } }));
        assert_eq!(guest.call(patch).await.status.as_u16(), 403);
        // A change of what was agreed takes both sides: theirs is confirmed by nobody of the house.
        let change = format!("{CHANGES}/{}", stage.change);
        let seen = stage.market.get(&change).await;
        let for_them = Call::post(format!("{change}/actions/confirm_theirs")).seen(&seen).json(&json!({}));
        assert_eq!(stage.market.call(for_them.clone()).await.code(), "rulebook.machine.guests_only");
        guest.expect(for_them).await;
        let seen = stage.market.get(&change).await;
        let both = stage.market.act(Method::POST, &format!("{change}/actions/confirm"), &seen, json!({})).await;
        assert_eq!((&both["state"], &both["values"]["confirmed_by_them"]), (&json!("confirmed"), &json!(guest.id)));
        // Each look and download is in the log that the record shows.
        let shown = stage.market.get(&format!("{}/guests", stage.partner())).await;
        let acts: Vec<&str> = shown["accesses"].as_array().expect("a log").iter().filter_map(|one| one["act"].as_str()).collect();
        assert!(acts.contains(&"view") && acts.contains(&"download"), "{shown:#}");
        let audit = stage.admin.list("/api/v1/system/audit?noun=record.project_partner&action=invite_guest").await;
        assert_eq!(audit.len(), 1);
    }

    async fn access_ends_with_the_day_the_record_and_the_invitation(store: TestStore) {
        let company = Company::new(store).await;
        let stage = Stage::open(&company).await;
        let task = format!("{TASKS}/{}", stage.other);
        let invited = stage.invite(&stage.partner(), CHEN, 30).await;
        let second = stage.invite(&task, CHEN, 10).await;
        assert_eq!(second["user_id"], invited["user_id"]);
        let guest = stage.arrive(CHEN).await;
        assert_eq!((status(&guest, &task).await, status(&guest, &stage.partner()).await), (200, 200));
        let withdraw = format!("{task}/guests/{}/withdraw", id(&second));
        stage.market.post(&withdraw, json!({ "reason": "不再需要" })).await;
        assert_eq!((status(&guest, &task).await, status(&guest, &stage.partner()).await), (404, 200), "at once, and only there");
        assert_eq!(stage.market.call(Call::post(&withdraw).json(&json!({ "reason": "再一次" }))).await.status.as_u16(), 409);
        let prolonged = stage.invite(&stage.partner(), CHEN, 60).await;
        assert_eq!(id(&prolonged), id(&invited), "whoever is invited already gets the new end");
        let seen = stage.market.get(&stage.partner()).await;
        stage.market.act(Method::POST, &format!("{}/actions/end", stage.partner()), &seen, json!({ "values": { "reason": "结束" } })).await;
        assert_eq!(status(&guest, &stage.partner()).await, 403, "with the record, before any job ran");
        assert!(guest.list("/api/v1/rulebook/guest-records").await.is_empty());
        company.pass_hours(7);
        company.work().await;
        assert_eq!(status(&guest, "/api/v1/identity/session").await, 401, "nothing is left, so the account is closed");
        let account = stage.admin.get(&format!("/api/v1/identity/users/{}", guest.id)).await;
        assert_eq!(account["state"], json!("left"));
        // Invited again, the same account opens with the same password.
        stage.invite(&format!("{TASKS}/{}", stage.task), CHEN, 20).await;
        let back = company.sign_in(CHEN).await;
        assert_eq!(titles(&back.list(TASKS).await), ["界面稿"]);
        company.pass_days(21);
        let over = Member::try_sign_in(&company, CHEN, PASSWORD, None).await;
        assert_eq!((over.status.as_u16(), over.code()), (403, "identity.session.account_left"), "by the clock");
    }

    async fn nobody_is_invited_who_or_where_they_may_not_be(store: TestStore) {
        let company = Company::new(store).await;
        let stage = Stage::open(&company).await;
        let try_at = async |path: String, email: &str, days: i64| {
            let new = json!({ "name": "陈工", "email": email, "organisation": "青禾", "valid_until": company.now().plus_days(days) });
            let answer = stage.market.call(Call::post(format!("{path}/guests")).json(&new)).await;
            (answer.status.as_u16(), answer.code().to_owned())
        };
        assert_eq!(try_at(stage.partner(), "market@daoting.example", 5).await, (409, "identity.guest.is_staff".into()));
        assert_eq!(try_at(stage.partner(), CHEN, 91).await, (422, "rulebook.guest.invalid".into()));
        assert_eq!(try_at(stage.partner(), CHEN, -1).await, (422, "rulebook.guest.invalid".into()));
        let goals = stage.market.list("/api/v1/records/goal").await;
        assert_eq!(try_at(format!("/api/v1/records/goal/{}", id(&goals[0])), CHEN, 5).await, (404, "rulebook.guest.not_here".into()));
        let finance = company.member("finance").await;
        let new = json!({ "name": "陈工", "email": CHEN, "organisation": "青禾", "valid_until": company.now().plus_days(5) });
        finance.call(Call::post(format!("{}/guests", stage.partner())).json(&new)).await.refused(403, "access.missing_permission");
    }

    async fn every_operation_refuses_a_guest_but_those_that_are_theirs(store: TestStore) {
        let company = Company::new(store).await;
        let stage = Stage::open(&company).await;
        stage.invite(&stage.partner(), CHEN, 30).await;
        let guest = stage.arrive(CHEN).await;
        let words = crate::refusals::words(&company);
        let mut open = Vec::new();
        for operation in Operation::all(&company.document) {
            if operation.access == Access::Public {
                continue;
            }
            if operation.guests {
                open.push(operation.id.clone());
                continue;
            }
            let answer = guest.call(operation.call(crate::refusals::nowhere(&operation), 1, &words)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "access.not_for_guests"), "{}: {}", operation.id, answer.text);
        }
        open.sort_unstable();
        assert_eq!(open, [
            "act_on_record", "change_my_password", "confirm_totp", "count_notifications", "create_record_comment", "disable_totp",
            "end_all_sessions", "end_session", "get_record", "get_record_file", "get_record_schema", "get_session",
            "keep_notification_choices", "list_my_guest_records", "list_notifications", "list_record_comments", "list_record_types",
            "list_records", "list_sessions", "lock_screen", "read_all_notifications", "read_notification", "set_up_totp",
            "show_notification_choices", "sign_out", "update_me", "upload_record_file",
        ]);
        // Of the records themselves they reach those of their invitation; all types are asked.
        let types = stage.admin.list("/api/v1/records").await;
        for record in types.iter().filter_map(|one| one["id"].as_str()) {
            let answer = guest.call(Call::get(format!("/api/v1/records/{record}"))).await;
            let theirs = ["project_partner", "project_task", "partner_change"].contains(&record);
            assert_eq!(answer.status.is_success(), theirs, "{record}: {}", answer.text);
        }
    }

    async fn guests_that_stay_or_never_come_break_the_controls(store: TestStore) {
        let company = Company::new(store).await;
        let stage = Stage::open(&company).await;
        let judged = async |control: &str, verdict: &str| {
            let run = stage.admin.post(&format!("/api/v1/rulebook/controls/{control}/evaluate"), json!({})).await;
            assert_eq!(run["verdict"], verdict, "{control}: {run:#}");
        };
        stage.invite(&stage.partner(), CHEN, 16).await;
        let guest = stage.arrive(CHEN).await;
        guest.get(&stage.partner()).await;
        let change = format!("{CHANGES}/{}", stage.change);
        let seen = guest.get(&change).await;
        guest.act(Method::POST, &format!("{change}/actions/confirm_theirs"), &seen, json!({})).await;
        let seen = stage.market.get(&change).await;
        stage.market.act(Method::POST, &format!("{change}/actions/confirm"), &seen, json!({})).await;
        company.pass_days(15);
        judged("guest.used", "followed").await;
        judged("partner.changes_confirmed", "followed").await;
        company.pass_days(3);
        company.work().await;
        judged("guest.ended", "followed").await;
        // Somebody who never looks, a change that nobody confirms, and an end that no check has come by for.
        let values = json!({ "name": "改尺寸", "partner": stage.partner, "reason_text": "门头" });
        stage.market.post(CHANGES, json!({ "values": values })).await;
        stage.invite(&stage.partner(), "wu@qinghe.example", 30).await;
        company.pass_days(15);
        judged("guest.used", "broken").await;
        judged("partner.changes_confirmed", "broken").await;
        company.pass_days(20);
        judged("guest.ended", "broken").await;
        company.work().await;
        // By then the partner was quiet for more than a month, and its owner was reminded.
        let told = stage.market.list("/api/v1/rulebook/notifications").await;
        let quiet = told.iter().any(|one| one["subject_id"] == json!(stage.partner));
        assert!(quiet, "{told:#?}");
    }
}
