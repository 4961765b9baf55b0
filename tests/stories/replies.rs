//! Comments go out by mail, and what comes back as a reply is a comment: once, by the person whose address it is.

use kernel::HOUR_MS;
use serde_json::{Value as Json, json};
use store::testing::TestStore;

use crate::harness::arrange::id;
use crate::harness::{Answer, Call, Company, Member};

const REPLIES: &str = "reply@in.daoting.example";
const TASKS: &str = "/api/v1/records/project_task";
const DROP: &str = "/api/v1/connect/mail-drop";

/// A company that takes replies, with a task of the market's on which sales has a say.
struct Stage<'c> {
    company: &'c Company,
    admin: Member<'c>,
    market: Member<'c>,
    sales: Member<'c>,
    /// Where a mail program posts what arrives.
    door: String,
    task: String,
}

fn day(company: &Company, days: i64) -> Json {
    json!(company.now().plus_days(days).instant().to_string().get(..10))
}

impl<'c> Stage<'c> {
    async fn open(company: &'c Company) -> Self {
        // In the morning, so that nobody's quiet hours are in the way for long.
        company.clock.advance_ms(HOUR_MS);
        let admin = company.member("administrator").await;
        let (market, sales) = (company.member("market").await, company.member("sales").await);
        for who in [&market, &sales] {
            let kinds = ["task", "approval", "deadline", "alert", "record"].map(|kind| {
                json!({ "kind": kind, "in_app": true, "mail": true, "webhook": true, "digest": "none" })
            });
            let all = json!({ "choices": kinds, "quiet_hours": { "from": 0, "to": 0 }, "digest_hour": 8 });
            who.expect(
                Call::new(axum::http::Method::PUT, "/api/v1/rulebook/notification-choices").json(&all),
            )
            .await;
        }
        let goal = json!({ "name": "目标", "level": "project", "metric": "数", "starts_on": day(company, 0),
            "due_on": day(company, 60), "target": 5 });
        let goal = id(&market.post("/api/v1/records/goal", json!({ "values": goal })).await);
        let project = json!({ "name": "项目", "kind": "general", "goal": goal, "purpose": "做好",
            "starts_on": day(company, 0), "ends_on": day(company, 50) });
        let project = id(&market.post("/api/v1/records/project", json!({ "values": project })).await);
        let task = json!({ "name": "整理报价", "project": project, "planned_end": day(company, 40) });
        let task = id(&market.post(TASKS, json!({ "values": task })).await);
        let intake = json!({ "name": "邮件回复", "opens": "comment", "mapping": {} });
        let made = admin.post("/api/v1/rulebook/intakes", intake).await;
        let url = made["url"].as_str().expect("its address");
        let door = url[url.find("/api/").expect("a path")..].to_owned();
        Self { company, admin, market, sales, door, task }
    }

    fn comments(&self) -> String {
        format!("{TASKS}/{}/comments", self.task)
    }

    /// Says something and lets the mails go; returns the newest one to this address, with its headers.
    async fn say(&self, who: &Member<'_>, text: &str, to: &str) -> Json {
        who.post(&self.comments(), json!({ "text": text })).await;
        self.company.work().await;
        self.newest(to).await
    }

    async fn newest(&self, to: &str) -> Json {
        let mails = self.admin.list(&format!("{DROP}?recipient={to}")).await;
        self.admin.get(&format!("{DROP}/{}", id(&mails[0]))).await
    }

    async fn arrives(&self, mail: &str) -> Answer {
        self.company.anonymous(Call::post(&self.door).bytes("message/rfc822", mail)).await
    }

    async fn said(&self) -> Vec<Json> {
        self.market.list(&self.comments()).await
    }
}

fn header<'m>(mail: &'m Json, name: &str) -> &'m str {
    let all = mail["headers"].as_array().expect("headers");
    let found =
        all.iter().filter_map(|line| line.as_str()?.split_once(": ")).find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no {name} in {mail:#}")).1
}

fn reply(from: &str, to: &str, key: &str, text: &str) -> String {
    format!(
        "Return-Path: <{from}>\r\nFrom: <{from}>\r\nTo: <{to}>\r\nMessage-ID: <{key}@mail.example>\r\n\
         Subject: Re: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

const MARKET: &str = "market@daoting.example";

async fn takes_replies(store: TestStore) -> Company {
    Company::with(store, |config| config.mail.reply_to = Some(REPLIES.to_owned())).await
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_reply_by_mail_becomes_a_comment_once(store: TestStore) {
        let company = takes_replies(store).await;
        let stage = Stage::open(&company).await;
        let mail = stage.say(&stage.sales, "价格<定了>吗？\n第二行", MARKET).await;
        let text = mail["text"].as_str().expect("a text");
        assert!(text.contains("价格<定了>吗？\n第二行") || text.contains("价格<定了>吗？\r\n第二行"), "{text}");
        assert!(mail["html"].as_str().is_some_and(|html| html.contains("价格&lt;定了&gt;吗？<br>第二行")));
        let to = header(&mail, "Reply-To").to_owned();
        assert!(to.starts_with("reply+") && to.ends_with("@in.daoting.example"), "{to}");
        let thread = header(&mail, "References").to_owned();
        assert_eq!(header(&mail, "In-Reply-To"), thread);
        let answer = "定了，见附件。\r\n\r\n发自我的 iPhone\r\n\r\n在 2026年11月3日，Sales <no-reply@x.example> 写道：\r\n> 价格定了吗？";
        let parts = format!(
            "From: Market <{MARKET}>\r\nTo: <{to}>\r\nMessage-ID: <r1@mail.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{answer}\r\n--b\r\nContent-Type: text/csv\r\n\
             Content-Disposition: attachment; filename=\"price.csv\"\r\n\r\na,1\r\n--b\r\nContent-Type: text/csv\r\n\
             Content-Disposition: attachment; filename=\"empty.csv\"\r\n\r\n--b--\r\n");
        let first = stage.arrives(&parts).await;
        assert_eq!((first.status.as_u16(), &first.json["outcome"]), (201, &json!("opened")), "{}", first.text);
        let again = stage.arrives(&parts).await;
        assert_eq!((again.status.as_u16(), &again.json["outcome"]), (200, &json!("known")));
        let said = stage.said().await;
        assert_eq!(said.len(), 2, "{said:#?}");
        let (comment, file) = (&said[1], &said[1]["files"][0]);
        assert_eq!((&comment["body"], &comment["by_mail"]), (&json!("定了，见附件。"), &json!(true)));
        assert_eq!((&comment["author_id"], &comment["left_out"]), (&json!(stage.market.id), &json!(["empty.csv"])));
        let path = format!("{TASKS}/{}/files/{}", stage.task, file["id"].as_str().expect("an id"));
        assert_eq!(stage.sales.call(Call::get(path)).await.text.trim_end(), "a,1");
        // It is mirrored in turn, in the same thread, and whoever wrote it is not told.
        company.work().await;
        let back = stage.newest("sales@daoting.example").await;
        assert_eq!(header(&back, "References"), thread);
        assert!(back["text"].as_str().is_some_and(|text| text.contains("定了，见附件。") && text.contains("price.csv")));
        assert_ne!(header(&back, "Reply-To"), to, "an address is for one person");
        let audit = stage.admin.list("/api/v1/system/audit?noun=record.project_task&action=comment").await;
        assert!(audit.iter().any(|row| row["actor_id"] == json!(stage.market.id)), "{audit:#?}");
    }

    async fn what_is_no_reply_of_theirs_becomes_nothing(store: TestStore) {
        let company = takes_replies(store).await;
        let stage = Stage::open(&company).await;
        let mail = stage.say(&stage.sales, "在吗？", MARKET).await;
        let to = header(&mail, "Reply-To").to_owned();
        let refused = async |mail: String, status: u16, code: &str| {
            let answer = stage.arrives(&mail).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
        };
        refused(reply("sales@daoting.example", &to, "s", "我来答"), 403, "rulebook.reply.other_sender").await;
        refused(reply(MARKET, "reply+00@in.daoting.example", "u", "好"), 404, "rulebook.reply.unknown").await;
        refused(reply(MARKET, &to, "e", "> 在吗？\r\n发自我的 iPhone"), 422, "rulebook.reply.empty").await;
        let automatic = stage.arrives(&format!("Auto-Submitted: auto-replied\r\n{}", reply(MARKET, &to, "a", "休假中"))).await;
        assert_eq!((automatic.status.as_u16(), &automatic.json["outcome"]), (200, &json!("refused")), "nothing bounces");
        let bounced = reply(MARKET, &to, "b", "退信").replace(&format!("Return-Path: <{MARKET}>"), "Return-Path: <>");
        assert_eq!(stage.arrives(&bounced).await.status.as_u16(), 200);
        company.pass_days(31);
        refused(reply(MARKET, &to, "x", "晚了"), 410, "rulebook.reply.expired").await;
        assert_eq!(stage.said().await.len(), 1);
        // Each refusal is kept with its reason, and the person hears of those that were theirs.
        let codes: Vec<Json> = stage.admin.list("/api/v1/rulebook/intake-entries?outcome=refused").await.iter().map(|entry| entry["code"].clone()).collect();
        for code in ["other_sender", "unknown", "empty", "automatic", "expired"] {
            assert!(codes.contains(&json!(format!("rulebook.reply.{code}"))), "{code}: {codes:?}");
        }
        let told = stage.market.list("/api/v1/rulebook/notifications?kind=alert").await;
        let codes: Vec<&Json> = told.iter().map(|one| &one["title_code"]).collect();
        assert_eq!(codes, [&json!("rulebook.notice.reply_expired"), &json!("rulebook.notice.reply_empty")]);
    }

    async fn whoever_lost_access_neither_reads_nor_comments(store: TestStore) {
        let company = takes_replies(store).await;
        let stage = Stage::open(&company).await;
        stage.say(&stage.sales, "在吗？", MARKET).await;
        let mail = stage.say(&stage.market, "在", "sales@daoting.example").await;
        let to = header(&mail, "Reply-To").to_owned();
        let held = stage.admin.get(&format!("/api/v1/identity/users/{}", stage.sales.id)).await;
        let grant = id(&held["grants"][0]);
        let path = format!("/api/v1/identity/users/{}/grants/{grant}", stage.sales.id);
        stage.admin.expect(Call::new(axum::http::Method::DELETE, path)).await;
        let answer = stage.arrives(&reply("sales@daoting.example", &to, "l", "还在")).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (403, "rulebook.reply.no_access"), "{}", answer.text);
        stage.market.post(&stage.comments(), json!({ "text": "内部价 88" })).await;
        company.work().await;
        let newest = stage.newest("sales@daoting.example").await;
        assert!(!newest["text"].as_str().expect("a text").contains("88"), "{newest:#}");
        assert_eq!(stage.said().await.len(), 3);
    }

    async fn comments_that_do_not_arrive_and_silence_break_the_controls(store: TestStore) {
        let company = takes_replies(store).await;
        let stage = Stage::open(&company).await;
        let judged = async |control: &str, verdict: &str| {
            let run = stage.admin.post(&format!("/api/v1/rulebook/controls/{control}/evaluate"), json!({})).await;
            assert_eq!(run["verdict"], verdict, "{control}: {run:#}");
        };
        let task = format!("{TASKS}/{}", stage.task);
        let seen = stage.market.get(&task).await;
        stage.market.act(axum::http::Method::POST, &format!("{task}/actions/start"), &seen, json!({})).await;
        stage.say(&stage.sales, "在吗？", MARKET).await;
        company.pass_days(8);
        company.work().await;
        let asked = stage.market.get(&task).await;
        assert!(asked["values"]["asked_at"].is_string(), "silent for eight days: {asked:#}");
        stage.market.act(axum::http::Method::POST, &format!("{task}/actions/report"), &asked, json!({ "values": { "status_note": "过半" } })).await;
        company.pass_days(3);
        judged("task.prompts_answered", "followed").await;
        judged("task.comments_mirrored", "followed").await;
        // A mailbox that is gone, as the mail drop plays it for few addresses.
        let gone = (0..).map(|n| format!("h{n}@household.sample.invalid")).find(|address| is_gone(address)).expect("one of them");
        let lost = company.member_as("sales", &gone).await;
        lost.post(&stage.comments(), json!({ "text": "我也看" })).await;
        stage.market.post(&stage.comments(), json!({ "text": "好" })).await;
        for _ in 0..3 {
            company.pass_days(3);
            company.work().await;
        }
        judged("task.comments_mirrored", "broken").await;
        judged("task.prompts_answered", "broken").await;
    }
}

/// One address in a hundred and twenty is simulated as gone.
fn is_gone(address: &str) -> bool {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(address.as_bytes());
    u64::from_be_bytes(digest[..8].try_into().expect("eight bytes")) % 120 == 0
}
