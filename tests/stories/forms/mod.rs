//! Public forms: people without an account apply and answer; what they send becomes a record once, and is counted.

pub mod page;

use serde_json::{Value as Json, json};

use crate::harness::arrange::id;
use crate::harness::{Call, Company, Member};
use page::{mark, open, path, send};

/// Makes an opening, whose page for applicants is published; returns its path and the form.
pub async fn opening(market: &Member<'_>) -> (String, Json) {
    let need = json!({ "values": { "name": "店员", "headcount": 1, "duties": "看店", "requirements": "细心", "needed_on": "2027-01-31" } });
    let need = id(&market.post("/api/v1/records/hiring_need", need).await);
    let new = json!({ "values": { "name": "门店店员", "hiring_need": need, "description": "早班，在湖滨店。",
        "sources": [{ "source": "campus", "cost": 60_000 }, { "source": "social", "cost": 0 }] } });
    let opening =
        format!("/api/v1/records/job_opening/{}", id(&market.post("/api/v1/records/job_opening", new).await));
    let form = market.post(&format!("{opening}/forms/applicant"), json!({})).await;
    (opening, form)
}

async fn survey(market: &Member<'_>, name: &str, earlier: Option<&str>) -> String {
    let project = json!({ "values": { "name": "口味", "question": "换配方吗", "decision_supported": "配方", "requester": market.id, "success_criteria": "可判断" } });
    let project = id(&market.post("/api/v1/records/research_project", project).await);
    let questions = json!([
        { "code": "buy", "kind": "single", "question": "会再买吗", "choices": "会；不会", "choices_en": "Yes; No", "question_en": "Would you buy it again?", "needed": true },
        { "code": "score", "kind": "nps", "question": "会推荐吗" },
        { "code": "why", "kind": "text", "question": "为什么" },
    ]);
    let values = json!({ "name": name, "research_project": project, "method": "survey", "source": "会员", "consent": "given",
        "quota": 2, "questions": questions, "earlier_wave": earlier });
    let made = market.post("/api/v1/records/research_data", json!({ "values": values })).await;
    format!("/api/v1/records/research_data/{}", id(&made))
}

async fn answered(company: &Company, path: &str, buy: &str, score: &str) {
    let page = open(company, path).await;
    let texts = [
        ("page", mark(&page)),
        ("q.buy", buy.to_owned()),
        ("q.score", score.to_owned()),
        ("q.why", "味道".to_owned()),
        ("consent", "1".to_owned()),
    ];
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = send(company, path, &texts, &[]).await;
    assert_eq!(sent.status.as_u16(), 303, "{}", sent.text);
}

store::on_both! {
    migrations = &server::migrations();

    async fn an_application_becomes_a_record_once_with_its_source_and_consent(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let (opening, form) = opening(&market).await;
        let names: Vec<&Json> = form["links"].as_array().expect("links").iter().map(|link| &link["channel"]).collect();
        assert_eq!(names, [&Json::Null, &json!("campus"), &json!("social")], "one link for each channel");
        assert!(market.get(&opening).await["values"]["form_published_at"].is_string());
        let campus = path(&form, form["links"][1]["name"].as_str().expect("a name"));
        let page = open(&company, &campus).await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text);
        assert!(page.text.contains("早班，在湖滨店。") && page.text.contains("Apply: 门店店员"), "{}", page.text);
        assert!(!page.text.contains("<script"), "it works without scripts");
        let chinese = open(&company, &format!("{campus}?lang=zh-Hant")).await;
        assert!(chinese.text.contains("應徵門店店員") || chinese.text.contains("應徵门店店员"), "{}", chinese.text);

        // What is missing is said beside the field, and what was filled in stays.
        let mark = mark(&page);
        let wrong = send(&company, &campus, &[("page", &mark), ("name", "李<b>四")], &[("resume", "cv.pdf", b"MZ")]).await;
        assert_eq!(wrong.status.as_u16(), 422);
        for said in ["李&lt;b&gt;四", "f-contact-error", "f-resume-error", "f-consent-error", "Please choose your files again"] {
            assert!(wrong.text.contains(said), "{said}: {}", wrong.text);
        }
        let records = "/api/v1/records/applicant";
        assert!(market.list(records).await.is_empty());

        let whole = [("page", mark.as_str()), ("name", "李四"), ("contact", "138 0000 0000"), ("consent", "1")];
        let sent = send(&company, &campus, &whole, &[("resume", "简历.pdf", b"%PDF-1.7 cv")]).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.text);
        let thanks = open(&company, sent.headers["location"].to_str().expect("a path")).await;
        assert!(thanks.text.contains("Thank you for applying"), "{}", thanks.text);
        // The same page again, and the same person on another page, are no second application.
        assert_eq!(send(&company, &campus, &whole, &[]).await.status.as_u16(), 303);
        let other = page::mark(&open(&company, &campus).await);
        let again = [("page", other.as_str()), ("name", "李四"), ("contact", "13800000000"), ("consent", "1")];
        assert_eq!(send(&company, &campus, &again, &[]).await.status.as_u16(), 303);
        let compliance = company.member("compliance").await;
        let rows = compliance.list(records).await;
        assert_eq!(rows.len(), 1, "{rows:#?}");
        let values = &rows[0]["values"];
        assert_eq!((&values["source"], &values["source_link"], &rows[0]["state"]), (&json!("campus"), &form["links"][1]["name"], &json!("new")));
        assert_eq!((&values["name"], &values["resume"][0]["name"], &values["resume"][0]["media_type"]), (&json!("李四"), &json!("简历.pdf"), &json!("application/pdf")));
        assert!(values["consent_text"].as_str().is_some_and(|text| text.contains("门店店员")) && values["received_at"].is_string());
        assert_eq!(rows[0]["owner_id"], json!(market.id));
        let audit = company.member("administrator").await.list("/api/v1/system/audit?noun=record.applicant&action=create").await;
        assert_eq!(audit[0]["actor_name"], json!("public_form"));

        let results = compliance.get(&format!("{opening}/forms/applicant/results")).await;
        let channel = |id: &str| results["channels"].as_array().expect("channels").iter().find(|one| one["channel"] == id).expect("it").clone();
        let campus_row = channel("campus");
        assert_eq!((&campus_row["records"], &campus_row["cost_minor"], &campus_row["outcomes"]), (&json!(1), &json!(60_000), &json!(0)));
        assert!(campus_row["visits"].as_i64().is_some_and(|visits| visits >= 3) && channel("social")["records"] == 0);
    }

    async fn what_is_no_page_of_ours_takes_nothing_and_little_comes_from_one_address(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let (opening, form) = opening(&market).await;
        let direct = path(&form, form["links"][0]["name"].as_str().expect("a name"));
        assert_eq!(open(&company, "/f/nothing").await.status.as_u16(), 404);
        let head = company.visitor(Call::new(axum::http::Method::HEAD, &direct)).await;
        assert_eq!(head.status.as_u16(), 200);
        let program = company.visitor(Call::get(&direct).header("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)")).await;
        let page = mark(&program);
        let shown = market.get(&format!("{opening}/forms")).await["items"][0]["links"][0].clone();
        assert_eq!((&shown["visits"], &shown["scanners"]), (&json!(0), &json!(1)));
        let sent = async |page: &str, trap: &str, contact: &str| {
            let texts = [("page", page), ("website", trap), ("name", "王五"), ("contact", contact), ("consent", "1")];
            send(&company, &direct, &texts, &[]).await.status.as_u16()
        };
        assert_eq!(sent("1.2.3", "", "1").await, 422, "a page that we did not make");
        assert_eq!(sent(&page, "http://spam", "2").await, 303, "who fills in what nobody sees is told that all went well");
        company.pass_hours(49);
        assert_eq!(sent(&page, "", "3").await, 422, "a page of the day before yesterday");
        let answers = async || market.get(&format!("{opening}/forms")).await["items"][0]["links"][0]["answers"].clone();
        assert_eq!(answers().await, json!(0));
        let fresh = mark(&open(&company, &direct).await);
        assert_eq!(sent(&fresh, "", "4").await, 303);
        assert_eq!(answers().await, json!(1));
        let mut last = 0;
        for _ in 0..40 {
            last = sent("1.2.3", "", "5").await;
        }
        assert_eq!(last, 429);
        company.pass_minutes(11);
        assert_eq!(sent("1.2.3", "", "5").await, 422);
        // A link that is closed, a form that is taken back, and an opening that is closed take nothing.
        let link = id(&form["links"][0]);
        market.post(&format!("{opening}/forms/applicant/links/{link}/closing"), json!({})).await;
        assert_eq!(open(&company, &direct).await.status.as_u16(), 410);
        let social = path(&form, form["links"][2]["name"].as_str().expect("a name"));
        market.post(&format!("{opening}/forms/applicant/withdrawal"), json!({})).await;
        assert_eq!(open(&company, &social).await.status.as_u16(), 410);
        market.post(&format!("{opening}/forms/applicant"), json!({})).await;
        assert_eq!(open(&company, &social).await.status.as_u16(), 200);
        let seen = market.get(&opening).await;
        market.act(axum::http::Method::POST, &format!("{opening}/actions/close"), &seen, json!({ "values": {}, "reason": "招满" })).await;
        assert_eq!(open(&company, &social).await.status.as_u16(), 410);
    }

    async fn a_survey_is_tabulated_and_compared_with_the_wave_before(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let first = survey(&market, "第一期", None).await;
        let form = market.post(&format!("{first}/forms/survey_answer"), json!({})).await;
        let direct = path(&form, form["links"][0]["name"].as_str().expect("a name"));
        let english = open(&company, &direct).await;
        assert!(english.text.contains("Would you buy it again?") && english.text.contains("value=\"会\"") && english.text.contains("<span>Yes</span>"), "{}", english.text);
        for (buy, score) in [("会", "9"), ("不会", "3"), ("不会", "5"), ("不会", "8")] {
            answered(&company, &direct, buy, score).await;
        }
        let second = survey(&market, "第二期", first.rsplit('/').next()).await;
        market.post(&format!("{second}/forms/survey_answer"), json!({})).await;
        let links = json!({ "name": "会员", "channel": "sms", "once": true, "count": 5 });
        let form = market.post(&format!("{second}/forms/survey_answer/links"), links).await;
        for place in 1..=4 {
            answered(&company, &path(&form, &format!("会员 {place}")), "会", "10").await;
        }
        // A link for one person is answered once.
        assert_eq!(open(&company, &path(&form, "会员 1")).await.status.as_u16(), 410);
        let results = market.get(&format!("{second}/forms/survey_answer/results")).await;
        assert_eq!((&results["invited"], &results["answers"], &results["response_rate"]), (&json!(5), &json!(4), &json!(80.0)));
        assert_eq!((&results["compared_with"], &results["compared_answers"]), (&json!("第一期"), &json!(4)));
        let buy = &results["questions"][0]["choices"][0];
        assert_eq!((&buy["value"], &buy["share"], &buy["compared_share"]), (&json!("Yes"), &json!(100.0), &json!(25.0)));
        let difference = &buy["difference"];
        assert!(difference["points"] == 75.0 && difference["low"].as_f64().is_some_and(|low| low > 0.0) && difference["significant"] == true, "{difference}");
        assert_eq!((&results["questions"][1]["net_promoter_score"], &results["questions"][1]["mean"]), (&json!(100.0), &json!(10.0)));
        assert_eq!(results["questions"][2]["texts"].as_array().map(Vec::len), Some(4));
        let file = market.call(Call::get(format!("{second}/forms/survey_answer/results/export?format=csv"))).await;
        assert!(file.status.is_success() && file.text.contains("会") && file.text.lines().count() >= 5, "{}", file.text);
        // What was answered keeps its questions.
        let seen = market.get(&second).await;
        let mut questions = seen["values"]["questions"].clone();
        questions[0]["choices"] = json!("会；也许；不会");
        questions[0]["choices_en"] = Json::Null;
        market.act(axum::http::Method::PATCH, &second, &seen, json!({ "values": { "questions": questions } })).await;
        let again = market.call(Call::post(format!("{second}/forms/survey_answer")).json(&json!({}))).await;
        again.refused(409, "rulebook.form.questions_answered");
        let seen = market.get(&second).await;
        assert_eq!(seen["values"]["answers"], json!(4));
        let closed = market.act(axum::http::Method::POST, &format!("{second}/actions/close"), &seen, json!({ "values": { "flagged": 0 } })).await;
        assert_eq!((&closed["values"]["records_count"], &closed["state"]), (&json!(4), &json!("collected")));
        // Others neither publish it nor read single answers.
        let service = company.member("service").await;
        assert!(service.call(Call::get(format!("{second}/forms/survey_answer/results"))).await.status.is_client_error());
    }

    async fn what_is_erased_leaves_history_and_store(store: TestStore) {
        let company = Company::new(store).await;
        let market = company.member("market").await;
        let compliance = company.member("compliance").await;
        let (_, form) = opening(&market).await;
        let direct = path(&form, form["links"][0]["name"].as_str().expect("a name"));
        let page = mark(&open(&company, &direct).await);
        let texts = [("page", page.as_str()), ("name", "赵六独名"), ("contact", "13900000000"), ("consent", "1")];
        send(&company, &direct, &texts, &[("resume", "cv.pdf", b"%PDF-1.7 only once")]).await;
        let row = compliance.list("/api/v1/records/applicant").await[0].clone();
        let path = format!("/api/v1/records/applicant/{}", id(&row));
        let hash = row["values"]["resume"][0]["id"].as_str().expect("a digest").to_owned();
        let kept = async || company.app.blobs.list().await.expect("a list").iter().any(|one| one.to_string() == hash);
        assert!(kept().await);
        for action in ["reject", "erase"] {
            let seen = compliance.get(&path).await;
            compliance.act(axum::http::Method::POST, &format!("{path}/actions/{action}"), &seen, json!({ "values": {} })).await;
        }
        company.work().await;
        let history = compliance.call(Call::get(format!("{path}/history"))).await;
        assert!(!history.text.contains("赵六独名") && !history.text.contains("13900000000"), "{}", history.text);
        assert!(!kept().await, "the CV is gone");
        assert!(compliance.get(&path).await["values"]["erased_at"].is_string());
    }
}
