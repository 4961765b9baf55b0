//! What stories begin with: a brand with its parts, customers, approved content, a campaign.

use axum::http::Method;
use serde_json::{Value as Json, json};
use tokio::sync::OnceCell;

use super::{Call, Company, Member};

/// A company that may send: the people of five roles and a brand with a picture and a footer.
pub struct Shop<'c> {
    pub company: &'c Company,
    pub admin: Member<'c>,
    pub market: Member<'c>,
    pub brand: Member<'c>,
    pub service: Member<'c>,
    pub sales: Member<'c>,
    pub brand_id: String,
    aims: OnceCell<Aims>,
}

/// What campaigns of a shop serve.
#[derive(Debug)]
pub struct Aims {
    /// A yearly promotion strategy in force.
    pub strategy: String,
    /// A business goal.
    pub goal: String,
    /// A plan.
    pub plan: String,
}

/// Customers who said yes to e-mail in front of a text that was kept.
pub const CUSTOMERS: &str = "会员号,姓名,邮箱,城市,语言,同意邮件营销,同意时间,同意文本,同意文本版本
1,林晓,lin@customer.invalid,杭州,zh-Hans,是,2026-11-01,我同意接收优惠信息。,2026-03
2,王敏,wang@customer.invalid,上海,zh-Hans,是,2026-11-02,我同意接收优惠信息。,2026-03
3,陈静,chen@customer.invalid,苏州,zh-Hans,是,2026-11-03,我同意接收优惠信息。,2026-03
";

/// A mail without faults that says `words`.
pub fn variant(words: &str) -> Json {
    let mjml = format!(
        "<mjml>\n  <mj-body>\n    <mj-section><mj-column>\n      <mj-image src=\"asset:hero\" />\n      \
         <mj-text>{{{{ customer.name }}}}，{words}</mj-text>\n      \
         <mj-button href=\"https://www.chenqi.example/list\">看清单</mj-button>\n    </mj-column></mj-section>\n    \
         {{% include \"footer\" %}}\n  </mj-body>\n</mjml>\n"
    );
    json!({ "language": "zh-Hans", "subject": "今晚煮一锅", "preheader": "都备好了", "mjml": mjml })
}

fn same(text: &str) -> Json {
    json!({ "zh-Hans": text, "zh-Hant": text, "en": text })
}

/// Everybody who agreed to marketing by e-mail.
pub fn agreed() -> Json {
    json!({ "type": "consent", "state": "granted", "channel": "email", "purpose": "marketing" })
}

/// A picture's header of 600 by 200, with a mark that makes other bytes.
fn png(mark: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(600_u32.to_be_bytes());
    bytes.extend(200_u32.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, mark, 0, 0, 0]);
    bytes
}

/// Returns a form with a picture and, where there are some, its words.
pub fn picture_form(method: Method, path: &str, words: Option<&Json>, mark: u8) -> Call {
    let edge = "edge-of-parts";
    let mut body = Vec::new();
    if let Some(words) = words {
        body.extend(
            format!("--{edge}\r\ncontent-disposition: form-data; name=\"asset\"\r\n\r\n{words}\r\n").bytes(),
        );
    }
    let head = "content-disposition: form-data; name=\"file\"; filename=\"p.png\"\r\ncontent-type: image/png";
    body.extend(format!("--{edge}\r\n{head}\r\n\r\n").bytes());
    body.extend(png(mark));
    body.extend(format!("\r\n--{edge}--\r\n").bytes());
    Call::new(method, path).bytes(&format!("multipart/form-data; boundary={edge}"), body)
}

/// Returns the id of a row.
#[track_caller]
pub fn id(row: &Json) -> String {
    row["id"].as_str().unwrap_or_else(|| panic!("no id in {row}")).to_owned()
}

impl<'c> Shop<'c> {
    /// Opens a shop with the brand Chenqi.
    pub async fn open(company: &'c Company) -> Self {
        let admin = company.member("administrator").await;
        let brand = company.member("brand").await;
        let brand_id = new_brand(&brand, "chenqi").await;
        let hero =
            json!({ "brand_id": brand_id, "key": "hero", "title": "主图", "alt_texts": same("一锅热汤") });
        brand.expect(picture_form(Method::POST, "/api/v1/brand/assets", Some(&hero), 1)).await;
        let footer = "<mj-section><mj-column><mj-text><a href=\"{{ unsubscribe_url }}\">退订</a></mj-text>\
            </mj-column></mj-section>";
        let footer =
            json!({ "brand_id": brand_id, "key": "footer", "title": "页脚", "sources": same(footer) });
        brand.post("/api/v1/brand/partials", footer).await;
        Self {
            company,
            market: company.member("market").await,
            service: company.member("service").await,
            sales: company.member("sales").await,
            admin,
            brand,
            brand_id,
            aims: OnceCell::new(),
        }
    }

    /// Imports a file to its end and returns the receipt.
    pub async fn import(&self, noun: &str, text: &str) -> Json {
        import(&self.admin, noun, Some(&self.brand_id), text).await
    }

    /// Writes a mail that says `words`.
    pub async fn content(&self, words: &str) -> Json {
        let new = json!({
            "brand_id": self.brand_id, "kind": "email", "title": "冬日暖锅节", "languages": ["zh-Hans"],
            "variants": [variant(words)],
        });
        self.market.post("/api/v1/brand/contents", new).await
    }

    /// Does something to a content item as it stands now.
    pub async fn with_content(&self, who: &Member<'_>, item: &Json, verb: &str, body: Json) -> Json {
        let path = format!("/api/v1/brand/contents/{}", id(item));
        let seen = who.get(&path).await;
        who.act(Method::POST, &format!("{path}/{verb}"), &seen, body).await
    }

    /// Saves another version of a content item.
    pub async fn rewrite(&self, item: &Json, words: &str) -> Json {
        let version = json!({ "variants": [variant(words)] });
        self.with_content(&self.market, item, "versions", version).await
    }

    /// Writes a mail and takes it through its review.
    pub async fn approved(&self, words: &str) -> Json {
        let item = self.content(words).await;
        self.with_content(&self.market, &item, "submit", json!({})).await;
        self.with_content(&self.brand, &item, "approve", json!({})).await
    }

    /// Returns the token of a content item's approval.
    pub async fn approval(&self, item: &Json) -> String {
        let approval = self.market.get(&format!("/api/v1/brand/contents/{}/approval", id(item))).await;
        approval["token"].as_str().expect("a token").to_owned()
    }

    /// Makes a segment.
    pub async fn segment(&self, definition: Json) -> Json {
        let new = json!({ "name": "测试人群", "brand_id": self.brand_id, "active": true, "definition": definition });
        self.market.post("/api/v1/customers/segments", new).await
    }

    /// Returns what campaigns serve; made once, and in force then.
    pub async fn aims(&self) -> &Aims {
        self.aims.get_or_init(|| self.aim()).await
    }

    async fn aim(&self) -> Aims {
        let day = |days: i64| self.company.now().plus_days(days).instant().to_string()[..10].to_owned();
        let (market, records) = (&self.market, "/api/v1/records");
        let goal = json!({ "name": "销售额", "level": "company", "metric": "销售额", "due_on": day(300), "target": 5 });
        let goal = id(&market.post(&format!("{records}/goal"), json!({ "values": goal })).await);
        let part = |part: &str| json!({ "part": part, "content": "内容", "goal": "达成", "who": market.id });
        let strategy = json!({
            "name": "年度推广策略", "kind": "annual_promotion", "objective": goal, "starts_on": day(-1),
            "ends_on": day(600), "review_on": day(300),
            "parts": [part("targets"), part("channels"), part("content")],
        });
        // Whoever decides must be there before they are asked.
        let deciders = [
            self.company.member_as("compliance", "strategy-compliance@daoting.example").await,
            self.company.member_as("management", "strategy-management@daoting.example").await,
        ];
        let strategy = market.post(&format!("{records}/strategy"), json!({ "values": strategy })).await;
        let path = format!("{records}/strategy/{}", id(&strategy));
        market.act(Method::POST, &format!("{path}/actions/submit"), &strategy, json!({})).await;
        for decider in &deciders {
            let waiting = format!("/api/v1/rulebook/approvals?subject_id={}", id(&strategy));
            let approval = id(&decider.list(&waiting).await[0]);
            let decide = format!("/api/v1/rulebook/approvals/{approval}/decide");
            decider.post(&decide, json!({ "decision": "approve" })).await;
        }
        assert_eq!(market.get(&path).await["state"], "in_force");
        let plan = json!({
            "name": "推广计划", "kind": "department", "level": "year", "strategy": id(&strategy), "objective": goal,
            "starts_on": day(0), "ends_on": day(300),
        });
        let plan = id(&market.post(&format!("{records}/plan"), json!({ "values": plan })).await);
        Aims { strategy: id(&strategy), goal, plan }
    }

    /// Makes a draft of a campaign that lacks nothing; `more` goes before.
    pub async fn draft(&self, item: &Json, segment: &Json, more: Json) -> Json {
        let (now, aims) = (self.company.now(), self.aims().await);
        let mut campaign = json!({
            "brand_id": self.brand_id, "name": "冬日火锅节", "goal_metric": "orders", "goal_target": 4,
            "period_from": now, "period_to": now.plus_days(30), "segment_id": id(segment), "content_id": id(item),
            "approval": self.approval(item).await, "strategy_id": aims.strategy, "business_goal_id": aims.goal,
            "plan_id": aims.plan,
        });
        for (name, value) in more.as_object().expect("fields") {
            campaign[name] = value.clone();
        }
        self.market.post("/api/v1/campaigns/campaigns", json!({ "campaign": campaign })).await
    }

    /// Does something to a campaign as it stands now.
    pub async fn with_campaign(&self, campaign: &Json, verb: &str, body: Json) -> Json {
        let path = format!("/api/v1/campaigns/campaigns/{}", id(campaign));
        let seen = self.market.get(&path).await;
        self.market.act(Method::POST, &format!("{path}/{verb}"), &seen, body).await
    }

    /// Makes a campaign to everybody who agreed, complete and tested.
    pub async fn ready(&self, more: Json) -> Json {
        let item = self.approved("暖锅来了").await;
        let segment = self.segment(agreed()).await;
        let campaign = self.draft(&item, &segment, more).await;
        self.with_campaign(&campaign, "prepare", json!({})).await;
        self.with_campaign(&campaign, "test", json!({})).await;
        self.market.get(&format!("/api/v1/campaigns/campaigns/{}", id(&campaign))).await
    }

    /// Launches a campaign to everybody who agreed and lets its messages go out.
    pub async fn launched(&self, more: Json) -> Json {
        let campaign = self.ready(more).await;
        let launched = self.with_campaign(&campaign, "launch", json!({})).await;
        self.company.work().await;
        launched
    }

    /// Returns the messages of a campaign.
    pub async fn sends(&self, campaign: &Json) -> Vec<Json> {
        let path = format!("/api/v1/campaigns/campaigns/{}/sends?page_size=200", id(campaign));
        self.market.list(&path).await
    }

    /// Changes a policy parameter.
    pub async fn set(&self, key: &str, value: Json) -> Json {
        let path = format!("/api/v1/rulebook/parameters/{key}");
        let seen = self.admin.get(&path).await;
        self.admin.act(Method::PUT, &path, &seen, json!({ "value": value, "reason": "测试政策变更" })).await
    }
}

/// Makes a brand and returns its id.
pub async fn new_brand(keeper: &Member<'_>, key: &str) -> String {
    let new = json!({
        "key": key, "names": same("晨畦"), "sender_names": same("晨畦鲜食"),
        "sender_address": format!("hello@{key}.example"), "link_domains": [format!("{key}.example")],
    });
    id(&keeper.post("/api/v1/brand/brands", new).await)
}

/// Imports a file to its end and returns the receipt.
pub async fn import(who: &Member<'_>, noun: &str, brand_id: Option<&str>, text: &str) -> Json {
    let brand = brand_id.map(|id| format!("&brand_id={id}")).unwrap_or_default();
    let path = format!("/api/v1/tabular/imports?noun={noun}&file_name={noun}.csv&source=crm{brand}");
    let seen = who.expect(Call::post(path).bytes("application/octet-stream", text)).await;
    let path = format!("/api/v1/tabular/imports/{}", id(&seen));
    who.act(Method::POST, &format!("{path}/start"), &seen, json!({})).await;
    who.company.work().await;
    who.get(&path).await
}
