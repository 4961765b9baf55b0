//! What the sample company found out about its customers: insights in every state, and the reports of two months.

use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, HOUR_MS, Id, ManualClock, Result, Timestamp};
use serde_json::{Value as Json, json};

use crate::insight::{
    self, AcceptInsight, AdoptInsight, DeclineInsight, InsightDetail, NewInsight, SendInsight,
};
use crate::insight_report::rules::Month;
use crate::insight_report::{self, AnswerReport, ReportUse};
use crate::need::{self, NeedCause};

/// Who raises insights in the sample, and who answers them.
#[derive(Clone, Debug)]
pub struct InsightPeople {
    /// Heads customer service.
    pub analyst: Caller,
    /// Heads marketing, with their department.
    pub market: (Caller, Id),
    /// Heads the brand department, with it.
    pub brand: (Caller, Id),
}

/// Days ago on which windows were measured: a day after 30 and 90 days for what was sent 118 and 38 days ago.
const MEASURED: [i64; 3] = [87, 27, 7];

/// An insight of the sample: title, finding, kind, and the people concerned.
struct Told {
    title: &'static str,
    finding: &'static str,
    kind: &'static str,
    group: Option<Json>,
}

/// Finds needs, and writes insights and reports into the past; returns how many insights.
pub async fn load(app: &App, people: &InsightPeople) -> Result<usize> {
    need::recompute(app, NeedCause::Weekly).await?;
    let past = Past { app, people };
    past.adopted().await?;
    past.accepted().await?;
    past.declined().await?;
    past.waiting().await?;
    past.drafted().await?;
    // Each window is measured on the day after its end, as the job would have.
    for days in MEASURED {
        insight::measure(&past.ago(days)).await?;
    }
    past.reported().await?;
    Ok(6)
}

/// The sample's days, as they were.
struct Past<'a> {
    app: &'a App,
    people: &'a InsightPeople,
}

impl Past<'_> {
    /// The product as it was so many days ago.
    fn ago(&self, days: i64) -> App {
        self.at(self.app.store.now().plus_days(-days))
    }

    /// The product as it was at a time.
    fn at(&self, then: Timestamp) -> App {
        let clock = ManualClock::starting_at(then.min(self.app.store.now()));
        App { store: self.app.store.with_clock(Arc::new(clock)), ..self.app.clone() }
    }

    /// Writes an insight down, and sends it on the same day.
    async fn sent(&self, days: i64, told: &Told, to: Id) -> Result<InsightDetail> {
        let (then, analyst) = (self.ago(days), &self.people.analyst);
        let draft = insight::create(&then, analyst, &told.draft()?).await?;
        let to = SendInsight { department_id: Some(to), due_at: None };
        insight::send(&then, analyst, draft.insight.id, draft.insight.version, &to).await
    }

    async fn adopted(&self) -> Result<()> {
        let told = Told {
            title: "高价值顾客周末集中采购，周中几乎不来",
            finding: "等级 A、B 的顾客有一半以上的订单落在周五到周日，周中到店很少。\
                建议周二、周三发放限周中使用的生鲜券，带动复购。",
            kind: "behaviour",
            group: Some(json!({ "type": "tier", "one_of": ["A", "B"] })),
        };
        let (market, department) = &self.people.market;
        let sent = self.sent(118, &told, *department).await?;
        let (id, version) = (sent.insight.id, sent.insight.version);
        let yes = AcceptInsight { remark: Some("纳入九月会员日方案".to_owned()), adopt_by: None };
        let yes = insight::accept(&self.ago(113), market, id, version, &yes).await?;
        let done = AdoptInsight {
            adoption: "每周二向 A、B 级会员发放满 80 减 8 元的生鲜券，限周二、周三使用，已连发八周。"
                .to_owned(),
        };
        insight::adopt(&self.ago(88), market, id, yes.insight.version, &done).await.map(drop)
    }

    async fn accepted(&self) -> Result<()> {
        let told = Told {
            title: "有孩子的家庭常买酸奶和麦片，却很少买自有品牌",
            finding: "有孩子的家庭买酸奶时，近三成会同时买麦片，选的多是外部品牌。\
                建议推出自有品牌的儿童早餐组合装。",
            kind: "basket",
            group: Some(json!({ "type": "number", "field": "children", "at_least": 1 })),
        };
        let (brand, department) = &self.people.brand;
        let sent = self.sent(38, &told, *department).await?;
        let yes = AcceptInsight {
            remark: Some("与供应商谈打样，月底给结论".to_owned()), adopt_by: None
        };
        insight::accept(&self.ago(31), brand, sent.insight.id, sent.insight.version, &yes).await.map(drop)
    }

    async fn declined(&self) -> Result<()> {
        let told = Told {
            title: "搜索“现磨咖啡”的会员增多",
            finding: "站内搜索“现磨咖啡”的次数连续四周上升，门店没有此项服务。建议选两家门店试点咖啡角。",
            kind: "search",
            group: None,
        };
        let (brand, department) = &self.people.brand;
        let sent = self.sent(46, &told, *department).await?;
        let no = DeclineInsight {
            reason: "门店水电条件不足，改造成本高于预期收益；明年新店规划时再评估。".to_owned(),
        };
        insight::decline(&self.ago(40), brand, sent.insight.id, sent.insight.version, &no).await.map(drop)
    }

    /// One within its time, and one whose time is over.
    async fn waiting(&self) -> Result<()> {
        let late = Told {
            title: "许久未来的老顾客流失前常先停买鲜肉",
            finding: "流失风险较高的顾客，多数在最后一单之前一个月就不再买鲜肉。\
                建议把“连续四周未买鲜肉”作为挽回触达的时机。",
            kind: "behaviour",
            group: Some(json!({ "type": "score", "which": "churn", "at_least": 50 })),
        };
        let (market, brand) = (self.people.market.1, self.people.brand.1);
        self.sent(20, &late, market).await?;
        let fresh = Told {
            title: "顾客反映酸奶盖子难撕、容易洒",
            finding: "近四周的评价里多次提到酸奶封口难撕、路上漏洒。建议与供应商改进封膜，并在门店提供手提袋。",
            kind: "feedback",
            group: None,
        };
        self.sent(3, &fresh, brand).await.map(drop)
    }

    async fn drafted(&self) -> Result<()> {
        let told = Told {
            title: "宠物用品搜索多、下单少",
            finding: "搜索宠物用品的人次明显高于购买人次，可能是品种不全。待补充缺货与价格数据后再发出。",
            kind: "need",
            group: None,
        };
        insight::create(&self.ago(1), &self.people.analyst, &told.draft()?).await.map(drop)
    }
}

impl Past<'_> {
    /// The reports of two months, each written on the first day of the next one; not everybody has answered the last.
    async fn reported(&self) -> Result<()> {
        let zone = &self.app.settings.time_zone;
        let last = Month::before(self.app.store.now(), zone);
        let (market, brand) = (&self.people.market, &self.people.brand);
        let first = self.written(last.previous()).await?;
        self.answered(first, brand, ReportUse::NotUsed, "本月以老品补货为主，选品暂不调整。").await?;
        self.answered(first, market, ReportUse::Used, "用于周年庆的人群选择，优先触达 A、B 级会员。").await?;
        let second = self.written(last).await?;
        let used = "据此把次月会员日的主推品类改为乳品与早餐，预算不变。";
        self.answered(second, market, ReportUse::Used, used).await
    }

    /// Writes the report of a month in the morning after it; returns the report, and a time on the day after that.
    async fn written(&self, month: Month) -> Result<(Id, Timestamp)> {
        let over = month.span(&self.app.settings.time_zone)?.1;
        let morning = over.plus_ms(6 * HOUR_MS);
        let system = Caller::system("sample");
        let id = insight_report::write_month(&self.at(morning), &system, &month.to_string()).await?;
        Ok((id, morning.plus_days(1)))
    }

    async fn answered(
        &self,
        (report, at): (Id, Timestamp),
        (who, department): &(Caller, Id),
        answer: ReportUse,
        note: &str,
    ) -> Result<()> {
        let said = AnswerReport { department_id: *department, answer, note: note.to_owned() };
        match insight_report::answer(&self.at(at), who, report, &said).await {
            // A company that sends its reports elsewhere has nothing to answer here.
            Err(problem) if problem.code == "access.not_found" => Ok(()),
            other => other.map(drop),
        }
    }
}

impl Told {
    fn draft(&self) -> Result<NewInsight> {
        let mut said = json!({ "title": self.title, "finding": self.finding, "kind": self.kind,
            "evidence": { "type": "observation" } });
        if let Some(group) = &self.group {
            said["condition"] = group.clone();
            said["evidence"] = json!({ "type": "condition", "definition": group });
        }
        serde_json::from_value(said).map_err(kernel::Problem::internal)
    }
}
