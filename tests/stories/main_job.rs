//! The main job, end to end, with the sample company: content, review, segment, campaign, results, rulebook, audit.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::http::Method;
use kernel::HOUR_MS;
use serde_json::{Value as Json, json};
use store::testing::TestStore;
use tokio::net::TcpListener;

use crate::harness::arrange::id;
use crate::harness::{Call, Company, Member};

/// Weeks of orders: a little more than the ninety days that the segment looks back.
const WEEKS: u32 = 14;

/// A mail in one language; the first draft has what the law and good manners forbid.
fn variant(language: &str, subject: &str, is_first: bool) -> Json {
    let (picture, words, footer) = match is_first {
        true => {
            ("<mj-image src=\"asset:nowhere\" />", "全网最低价，国家级品质，{{ customer.shoe_size }}", "")
        }
        false => (
            "<mj-image src=\"asset:hotpot-hero\" />",
            "{{ customer.name | default(\"您\") }}，今晚煮一锅",
            "{% include \"mail-footer\" %}",
        ),
    };
    let mjml = format!(
        "<mjml>\n  <mj-body>\n    <mj-section><mj-column>\n      {picture}\n      <mj-text>{words}</mj-text>\n      \
         <mj-button href=\"https://www.chenqi.example/list\">清单</mj-button>\n    </mj-column></mj-section>\n    \
         {footer}\n  </mj-body>\n</mjml>\n"
    );
    json!({ "language": language, "subject": subject, "preheader": "都备好了", "mjml": mjml })
}

fn variants(is_first: bool) -> Json {
    json!([variant("zh-Hans", "今晚煮一锅", is_first), variant("en", "Hot pot tonight", is_first)])
}

/// The people of the story, signed in with one click.
struct Story<'c> {
    company: &'c Company,
    author: Member<'c>,
    director: Member<'c>,
    reviewer: Member<'c>,
    it: Member<'c>,
    auditor: Member<'c>,
    compliance: Member<'c>,
}

impl<'c> Story<'c> {
    async fn begin(company: &'c Company) -> Self {
        let users = company.anonymous(Call::get("/api/v1/identity/sample-users")).await;
        assert!(users.items().len() >= 10, "{}", users.text);
        let by_position: BTreeMap<String, String> = users
            .items()
            .iter()
            .map(|user| (user["position_name"]["en"].as_str().expect("a position").to_owned(), id(user)))
            .collect();
        let sign_in = async |position: &str| {
            let user =
                by_position.get(position).unwrap_or_else(|| panic!("no {position} in {by_position:?}"));
            let call = Call::post("/api/v1/identity/sample-session").json(&json!({ "user_id": user }));
            let answer = company.anonymous(call.header("x-brandwright", "1")).await;
            Member::of_session(company, &answer)
        };
        Self {
            company,
            author: sign_in("Campaign specialist").await,
            director: sign_in("Marketing director").await,
            reviewer: sign_in("Content reviewer").await,
            it: sign_in("IT director").await,
            auditor: sign_in("Internal auditor").await,
            compliance: sign_in("Compliance officer").await,
        }
    }

    /// 1. Marketing writes a mail; the pre-flight blocks what is serious.
    async fn writes(&self, brand_id: &str) -> Json {
        let new = json!({
            "brand_id": brand_id, "kind": "email", "title": "冬日暖锅节之夜", "languages": ["zh-Hans", "en"],
            "variants": variants(true),
        });
        let item = self.author.post("/api/v1/brand/contents", new).await;
        let path = format!("/api/v1/brand/contents/{}", id(&item));
        let run = self.author.post(&format!("{path}/preflight"), json!({})).await;
        assert_eq!(run["verdict"], "blocked", "{run:#}");
        let findings = run["findings"].as_array().expect("findings");
        let codes: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
        for wanted in ["unsubscribe_missing", "ad_term", "picture_unknown", "variable_unknown", "alt_missing"]
        {
            assert!(codes.iter().any(|code| code.contains(wanted)), "{wanted} is not among {codes:?}");
        }
        assert!(findings.iter().all(|f| f["message"].as_str().is_some_and(|message| !message.is_empty())));
        let answer =
            self.author.call(Call::post(format!("{path}/submit")).seen(&item).json(&json!({}))).await;
        answer.refused(409, "brand.review.preflight_blocked");
        let request = json!({ "brand_id": brand_id, "variant": variant("en", "Hot pot tonight", false) });
        let preview = self.author.post("/api/v1/brand/preview", request).await;
        assert!(preview["html"].as_str().is_some_and(|html| html.contains("<html")), "{preview:#}");
        let mended = json!({ "variants": variants(false), "note": "按提示修改" });
        self.author.act(Method::POST, &format!("{path}/versions"), &item, mended).await
    }

    async fn on_content(&self, who: &Member<'_>, item: &Json, verb: &str, body: Json) -> Json {
        let path = format!("/api/v1/brand/contents/{}", id(item));
        let seen = who.get(&path).await;
        who.act(Method::POST, &format!("{path}/{verb}"), &seen, body).await
    }

    /// 2. Brand reviews it; an edit voids the approval.
    async fn reviews(&self, item: &Json) -> String {
        let path = format!("/api/v1/brand/contents/{}", id(item));
        let submitted = self.on_content(&self.author, item, "submit", json!({})).await;
        let own =
            self.author.call(Call::post(format!("{path}/approve")).seen(&submitted).json(&json!({}))).await;
        own.refused(403, "access.missing_permission");
        let tasks = self.reviewer.list("/api/v1/rulebook/tasks?mine=true").await;
        assert!(tasks.iter().any(|task| task["subject_id"] == item["id"]), "{tasks:#?}");
        let approved = self.on_content(&self.reviewer, item, "approve", json!({})).await;
        assert_eq!(
            (&approved["state"], &approved["approval"]["state"]),
            (&json!("approved"), &json!("valid"))
        );
        let first =
            self.author.get(&format!("{path}/approval")).await["token"].as_str().expect("a token").to_owned();
        let edited = self
            .on_content(
                &self.author,
                item,
                "versions",
                json!({ "variants": variants(false), "note": "标点" }),
            )
            .await;
        let edited = match edited["state"].as_str() {
            // The same words are the same content; another subject is not.
            Some("approved") => {
                let mut words = variants(false);
                words[1]["subject"] = json!("Hot pot tonight?");
                self.on_content(&self.author, item, "versions", json!({ "variants": words })).await
            }
            _ => edited,
        };
        assert_eq!(
            (&edited["state"], &edited["approval"]["state"]),
            (&json!("draft"), &json!("void")),
            "{edited:#}"
        );
        self.on_content(&self.author, item, "submit", json!({})).await;
        self.on_content(&self.reviewer, item, "approve", json!({})).await;
        let second =
            self.author.get(&format!("{path}/approval")).await["token"].as_str().expect("a token").to_owned();
        assert_ne!(first, second);
        second
    }

    /// 3. Marketing builds a segment and asks why somebody is in it or not.
    async fn segments(&self) -> Json {
        let definition = json!({ "type": "all", "of": [
            { "type": "ordered", "what": { "by": "department", "value": "PRODUCE" }, "at_least": 2, "within_days": 90 },
            { "type": "not", "of": { "type": "redeemed" } },
            { "type": "tier", "one_of": ["A", "B"] },
        ] });
        let tried = json!({ "definition": definition });
        let preview = self.author.post("/api/v1/customers/segments/preview", tried.clone()).await;
        let (count, total) =
            (preview["count"].as_i64().expect("a count"), preview["total"].as_i64().expect("a total"));
        assert!(count > 50 && count < total, "{preview}");
        let sample = self.author.post("/api/v1/customers/segments/sample", tried).await;
        let sample = sample["items"].as_array().expect("people");
        assert_eq!(sample.len(), 20);
        let new = json!({ "name": "常买蔬果的 A、B 级客户", "active": true, "definition": definition });
        let segment = self.author.post("/api/v1/customers/segments", new).await;
        let path = format!("/api/v1/customers/segments/{}", id(&segment));
        assert_eq!(self.author.post(&format!("{path}/count"), json!({})).await["member_count"], json!(count));
        let why = self.author.get(&format!("{path}/members/{}", id(&sample[0]))).await;
        assert_eq!(
            (&why["is_member"], why["why"]["of"].as_array().map(Vec::len)),
            (&json!(true), Some(3)),
            "{why:#}"
        );
        let others = self.author.list("/api/v1/customers/profiles?tier=D").await;
        let why = self.author.get(&format!("{path}/members/{}", id(&others[0]))).await;
        assert_eq!((&why["is_member"], &why["why"]["holds"]), (&json!(false), &json!(false)), "{why:#}");
        segment
    }

    /// 4. Marketing plans, tests, schedules; at its hour the campaign starts by itself.
    async fn campaigns(&self, item: &Json, approval: &str, segment: &Json) -> Json {
        let now = self.company.now();
        let strategies = self.author.list("/api/v1/records/strategy?view=in_force").await;
        let strategy = strategies
            .iter()
            .find(|row| row["values"]["kind"] == "annual_promotion")
            .expect("the sample has a promotion strategy in force");
        let goals = self.author.list("/api/v1/records/goal?view=active").await;
        let campaign = json!({
            "brand_id": item["brand_id"], "name": "暖锅之夜", "segment_id": id(segment), "content_id": id(item),
            "strategy_id": id(strategy), "business_goal_id": id(&goals[0]),
            "approval": approval, "period_from": now, "period_to": now.plus_days(14),
        });
        let campaign = self.author.post("/api/v1/campaigns/campaigns", json!({ "campaign": campaign })).await;
        let path = format!("/api/v1/campaigns/campaigns/{}", id(&campaign));
        let refusal = self.author.call(Call::post(format!("{path}/prepare")).seen(&campaign)).await;
        refusal.refused(422, "campaigns.campaign.not_ready");
        let gaps: Vec<&Json> =
            refusal.json["fields"].as_array().expect("fields").iter().map(|f| &f["field"]).collect();
        assert_eq!(gaps, ["goal_metric", "goal_target"]);
        let goal = json!({ "goal_metric": "revenue", "goal_target": 500_000 });
        let campaign = self.author.act(Method::PATCH, &path, &campaign, goal).await;
        let campaign = self.author.act(Method::POST, &format!("{path}/prepare"), &campaign, json!({})).await;
        let at = now.plus_ms(HOUR_MS);
        let untested = self
            .director
            .call(Call::post(format!("{path}/schedule")).seen(&campaign).json(&json!({ "schedule_at": at })))
            .await;
        assert!(untested.status.is_client_error(), "{}", untested.text);
        self.author.expect(Call::post(format!("{path}/test"))).await;
        let tests = self.author.list("/api/v1/connect/mail-drop?page_size=200").await;
        let tests: Vec<&Json> = tests
            .iter()
            .filter(|mail| mail["message_id"].as_str().is_some_and(|m| m.starts_with("test-")))
            .collect();
        assert_eq!(tests.len(), 2, "one in each language");
        let campaign = self.author.get(&path).await;
        self.director
            .act(Method::POST, &format!("{path}/schedule"), &campaign, json!({ "schedule_at": at }))
            .await;
        self.company.pass_hours(1);
        self.company.work().await;
        let launched = self.author.get(&path).await;
        assert_eq!(
            (&launched["state"], &launched["launched_at"]),
            (&json!("running"), &json!(at)),
            "{launched:#}"
        );
        launched
    }

    async fn figures(&self, campaign: &Json) -> BTreeMap<String, Json> {
        let results = self.author.get(&format!("/api/v1/campaigns/campaigns/{}/results", id(campaign))).await;
        let figures = results["figures"].as_array().expect("figures").iter();
        figures.map(|figure| (figure["key"].as_str().expect("a key").to_owned(), figure.clone())).collect()
    }

    /// 5. Simulated recipients open, click, buy and unsubscribe; every figure opens the rows that it counts.
    async fn results(&self, campaign: &Json) {
        self.company.pass_minutes(1);
        self.author.expect(Call::post("/api/v1/connect/simulator/run")).await;
        self.company.work().await;
        let figures = self.figures(campaign).await;
        let value = |key: &str| figures[key]["value"].as_i64().expect("a figure");
        assert_eq!(value("waiting"), 0);
        assert_eq!(json!(value("planned")), campaign["audience_count"]);
        assert_eq!(
            value("planned"),
            value("sent") + value("suppressed") + value("failed") + value("unknown")
        );
        for key in ["sent", "delivered", "opened", "clicked", "orders", "revenue"] {
            assert!(value(key) > 0, "{key}: {figures:#?}");
        }
        assert!(value("sent") >= value("opened") && value("opened") >= value("clicked"), "{figures:#?}");
        for (key, figure) in &figures {
            let rows = self.all(figure["rows"].as_str().expect("a list")).await;
            let counted = match key.as_str() {
                "revenue" => rows.iter().map(|row| row["total_minor"].as_i64().expect("an amount")).sum(),
                _ => i64::try_from(rows.len()).expect("few"),
            };
            assert_eq!(counted, value(key), "{key} and its rows");
        }
        let results = self.author.get(&format!("/api/v1/campaigns/campaigns/{}/results", id(campaign))).await;
        assert_eq!(results["goal"]["reached"], json!(value("revenue")));
        assert_eq!(results["attribution"]["model"], "last_touch");
    }

    /// Returns every row of a list, page by page.
    async fn all(&self, path: &str) -> Vec<Json> {
        let (mut rows, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let behind = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.author.get(&format!("{path}{mark}page_size=200{behind}")).await;
            rows.extend(page["items"].as_array().expect("rows").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return rows,
            }
        }
    }

    /// 6. The rulebook says of 406 clauses whether they are followed, and opens the rows that prove it.
    async fn rulebook(&self) {
        let coverage = self.compliance.get("/api/v1/rulebook/coverage").await;
        assert_eq!(coverage["total"]["clauses"], 406, "{coverage:#}");
        for by in ["documents", "departments"] {
            let sum: i64 = coverage[by]
                .as_array()
                .expect("rows")
                .iter()
                .filter_map(|row| row["counts"]["clauses"].as_i64())
                .sum();
            assert_eq!(sum, 406, "{by}");
        }
        assert_eq!(coverage["documents"].as_array().map(Vec::len), Some(5));
        assert!(coverage["total"]["covered"].as_i64() >= Some(30), "{coverage:#}");
        let mut proven = std::collections::BTreeSet::new();
        for control in self.compliance.list("/api/v1/rulebook/controls").await {
            let run = &control["run"];
            if control["connected"] != true || run["verdict"] == "insufficient" || run.is_null() {
                continue;
            }
            assert!(
                run["value"].is_number() && run["window_to"].is_string() && run["why"].is_string(),
                "{run:#}"
            );
            let opened =
                self.compliance.call(Call::get(format!("/api/v1/rulebook/runs/{}/rows", id(run)))).await;
            if opened.json["code"] == "access.missing_permission" {
                // Records that only their parties see stay theirs; the verdict over them is everybody's.
                let wanted = opened.json["args"]["permission"].as_str().expect("a permission");
                assert!(wanted.ends_with(".read_all"), "{}", opened.text);
                continue;
            }
            let rows = opened.json["items"].as_array().unwrap_or_else(|| panic!("{}", opened.text));
            assert!(!rows.is_empty(), "{} opens no rows: {run:#}", control["id"]);
            assert!(rows.iter().all(|row| row["link"].as_str().is_some_and(|link| link.starts_with('/'))));
            proven.extend(control["clauses"].as_object().expect("clauses").keys().cloned());
        }
        assert!(proven.len() >= 30, "{} clauses rest on what the story did: {proven:?}", proven.len());
        let uncovered = self.compliance.list("/api/v1/rulebook/clauses?status=uncovered&page_size=10").await;
        assert!(
            uncovered.iter().all(|clause| clause["controls"] == 0 && clause["status"] == "uncovered"),
            "{uncovered:#?}"
        );
    }

    /// 7. The log says who did what, and its chain holds.
    async fn audit(&self, item: &Json, campaign: &Json) {
        let of = async |noun: &str, row: &Json| {
            let path = format!("/api/v1/system/audit?noun={noun}&noun_id={}&page_size=200", id(row));
            let entries = self.auditor.list(&path).await;
            entries
                .iter()
                .map(|entry| (entry["action"].clone(), entry["actor_id"].clone()))
                .collect::<Vec<_>>()
        };
        let did = |entries: &[(Json, Json)], action: &str, who: &Member<'_>| {
            assert!(
                entries.contains(&(json!(action), json!(who.id))),
                "{action} by {} is not in {entries:?}",
                who.id
            );
        };
        let entries = of("brand.content", item).await;
        did(&entries, "submit", &self.author);
        did(&entries, "approve", &self.reviewer);
        let entries = of("campaigns.campaign", campaign).await;
        did(&entries, "create", &self.author);
        did(&entries, "schedule", &self.director);
        assert!(entries.iter().any(|(action, _)| action == "launch"), "{entries:?}");
        let found = self.it.expect(Call::post("/api/v1/system/audit-verifications")).await;
        assert_eq!((&found["ok"], &found["problems"]), (&json!(true), &json!(0)), "{found:#}");
        assert!(found["sealed"].as_i64() > Some(50) && found["anchored"].as_i64() > Some(0), "{found:#}");
    }
}

async fn story(store: TestStore) {
    // The simulator follows links as a mail program does, over a real socket.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let company = Company::with(store, |config| {
        config.sample = true;
        config.http.public_url = Some(origin.clone());
    })
    .await;
    let public = company.public_router().into_make_service_with_connect_info::<SocketAddr>();
    let receivers = tokio::spawn(async move { axum::serve(listener, public).await });
    let options = server::sample::Options { last_weeks: Some(WEEKS) };
    let loaded = server::sample::load_with(&company.app, &options, &|_| ()).await.expect("the sample loads");
    assert_eq!(loaded.households, 2_469);
    let story = Story::begin(&company).await;
    let brands = story.author.list("/api/v1/brand/brands").await;
    let brand = brands.iter().find(|brand| brand["key"] == "chenqi").expect("the fresh brand");
    let item = story.writes(&id(brand)).await;
    let approval = story.reviews(&item).await;
    let segment = story.segments().await;
    let campaign = story.campaigns(&item, &approval, &segment).await;
    story.results(&campaign).await;
    company.pass_minutes(16);
    company.work().await;
    story.rulebook().await;
    story.audit(&item, &campaign).await;
    receivers.abort();
}

mod the_main_job {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        story(TestStore::sqlite_with(&server::migrations()).await).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        story(TestStore::postgres_with(&server::migrations()).await).await;
    }
}
