//! What was found out about customers goes to a department, which answers; later it is measured who came back.

use customers::insight::{
    self, AcceptInsight, AdoptInsight, DeclineInsight, InsightDetail, InsightFilter, InsightMoment,
    InsightPatch, InsightState, NewInsight, SendInsight,
};
use customers::permissions::{INSIGHT_ANSWER, INSIGHT_EDIT, INSIGHT_READ, PROFILE_READ, SEGMENT_READ};
use http_kit::App;
use kernel::{Actor, Caller, DAY_MS, GrantScope, Id, Label, PageQuery};
use rulebook::notification::{self, NotificationFilter};
use rulebook::permissions::TASK_READ;
use rulebook::task::{self, TaskFilter, TaskState};
use serde_json::{Value as Json, json};
use store::Observation;
use store::jobs::{Registry, Runner};

use crate::staff::Staff;
use crate::support::{MIGRATIONS, Order, app, member, people, store_orders, system, user};

fn acting(mut caller: Caller, id: Id) -> Caller {
    caller.actor = Actor::User { id, name: "林晓".into(), by_token: false };
    caller
}

/// Somebody of customer service who looks at customers.
fn analyst(staff: Staff) -> Caller {
    let may = [INSIGHT_READ, INSIGHT_EDIT, PROFILE_READ, SEGMENT_READ];
    acting(user(&may, GrantScope::Company, Label::Personal), staff.analyst)
}

/// Somebody who answers for a department and sees nothing else.
fn of_department(id: Id, department: Id) -> Caller {
    let may = [INSIGHT_READ, INSIGHT_ANSWER, INSIGHT_EDIT, TASK_READ];
    acting(user(&may, GrantScope::Department(department), Label::Personal), id)
}

fn new(more: Json) -> NewInsight {
    let mut said = json!({ "title": "无糖酸奶有人找没人卖", "finding": "近四周有不少顾客搜索无糖酸奶，目录里没有。",
        "kind": "need", "evidence": { "type": "observation" } });
    said.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    serde_json::from_value(said).expect("an insight")
}

fn everybody() -> Json {
    json!({ "condition": { "type": "known_since", "within_days": 3650 } })
}

fn version(of: &InsightDetail) -> i64 {
    of.insight.version
}

/// Does what the job of every day does.
async fn run_daily(app: &std::sync::Arc<App>) {
    let mut tx = app.store.begin_observation(Observation::Upkeep).await.expect("a transaction");
    tx.enqueue(&insight::Measure {}).await.expect("in line");
    tx.commit().await.expect("committed");
    let mut registry = Registry::new();
    (customers::module().jobs)(&mut registry);
    Runner::new(app.store.clone(), app.clone(), registry, 1).run_due().await;
}

/// Three people: one bought twice lately, one once lately and once before, one once before.
async fn shop(app: &App) {
    people(app, &(1..=4).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
    let ago = |days: i64| app.store.now().plus_days(-days);
    let orders = [
        Order::of(&member(1), ago(5), 1_000),
        Order::of(&member(1), ago(20), 1_000),
        Order::of(&member(2), ago(10), 1_000),
        Order::of(&member(2), ago(60), 1_000),
        Order::of(&member(3), ago(60), 1_000),
        Order { kind: "return", ..Order::of(&member(3), ago(8), 1_000) },
    ];
    store_orders(app, &orders).await;
}

/// Moments, windows and rates of those that are measured.
fn rates(detail: &InsightDetail) -> Vec<(InsightMoment, i64, Option<i64>, Option<f64>)> {
    let shown = detail.measurements.iter();
    shown.map(|one| (one.moment, one.days, one.buyers, one.rate)).collect()
}

async fn titles(app: &App, user: Id) -> Vec<String> {
    let caller = acting(system(), user);
    let told = notification::list(app, &caller, &PageQuery::default(), &NotificationFilter::default()).await;
    let mut codes: Vec<String> = told.expect("listed").items.into_iter().map(|one| one.title_code).collect();
    codes.sort();
    codes
}

async fn tasks(app: &App, caller: &Caller, state: TaskState) -> Vec<String> {
    let filter = TaskFilter { state: Some(state), mine: Some(false), ..TaskFilter::default() };
    let found = task::list(app, caller, &PageQuery::default(), &filter).await.expect("listed");
    found.items.into_iter().map(|task| task.kind).collect()
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_department_answers_and_it_is_measured_who_came_back(store: TestStore) {
        let app = app(&store).await;
        let staff = Staff::join(&app);
        let (analyst, market) = (analyst(staff), of_department(staff.marketer, staff.market));
        shop(&app).await;
        let draft = insight::create(&app, &analyst, &new(everybody())).await.expect("written");
        assert_eq!((draft.insight.state, draft.insight.home_department_id), (InsightState::Draft, Some(staff.service)));
        assert!(draft.measurements.is_empty() && draft.group_now_in_words.is_some());
        let hidden = insight::get(&app, &market, draft.insight.id).await.expect_err("a draft is its writer's");
        assert_eq!(hidden.code, "access.not_found");
        let id = draft.insight.id;
        let to = SendInsight { department_id: Some(staff.market), due_at: None };
        let sent = insight::send(&app, &analyst, id, version(&draft), &to).await.expect("sent");
        assert_eq!(sent.insight.due_at, Some(app.store.now().plus_days(14)));
        assert_eq!(sent.insight.group_size, Some(4));
        use InsightMoment::{After, Before};
        let before = [(Before, 30, Some(2), Some(50.0)), (After, 30, None, None), (Before, 90, Some(3), Some(66.67)), (After, 90, None, None)];
        assert_eq!(rates(&sent), before);
        assert_eq!(titles(&app, staff.marketer).await, ["customers.insight.task.answer"]);
        assert_eq!(tasks(&app, &market, TaskState::Open).await, ["customers.insight.answer"]);
        let stale = insight::accept(&app, &market, id, version(&draft), &AcceptInsight::default()).await.expect_err("seen before it was sent");
        assert_eq!(stale.status, 412);
        let yes = insight::accept(&app, &market, id, version(&sent), &AcceptInsight::default()).await.expect("accepted");
        assert_eq!(yes.insight.state, InsightState::Accepted);
        assert_eq!(tasks(&app, &market, TaskState::Open).await, ["customers.insight.adopt"]);
        let twice = DeclineInsight { reason: "不做".into() };
        let twice = insight::decline(&app, &market, id, version(&yes), &twice).await.expect_err("answered already");
        assert_eq!(twice.code, "customers.insight.not_waiting");
        let done = AdoptInsight { adoption: "十二月上架两款无糖酸奶".into() };
        let used = insight::adopt(&app, &market, id, version(&yes), &done).await.expect("used");
        assert_eq!(used.insight.state, InsightState::Adopted);
        assert_eq!(titles(&app, staff.analyst).await, ["customers.insight.notice.accepted", "customers.insight.notice.adopted"]);
        assert!(tasks(&app, &market, TaskState::Open).await.is_empty());

        // The one who had stayed away comes back twice; a stranger to the group buys, too.
        people(&app, &[vec![member(9)]]).await;
        let now = app.store.now();
        let orders = [
            Order::of(&member(3), now.plus_days(3), 1_000),
            Order::of(&member(3), now.plus_days(9), 1_000),
            Order::of(&member(9), now.plus_days(9), 1_000),
        ];
        store_orders(&app, &orders).await;
        store.clock.advance_ms(29 * DAY_MS);
        assert_eq!(insight::measure(&app).await.expect("measured"), 0, "a window is measured once it is over");
        store.clock.advance_ms(2 * DAY_MS);
        run_daily(&app).await;
        let later = insight::get(&app, &analyst, id).await.expect("there");
        assert_eq!(rates(&later)[1], (After, 30, Some(1), Some(100.0)));
        let all = &later.measurements[1];
        assert_eq!((all.all_buyers, all.all_rate), (Some(2), Some(50.0)));
        assert_eq!(rates(&later)[0], before[0], "what was measured first stays");
        assert_eq!(insight::measure(&app).await.expect("measured"), 0, "nothing is measured twice");
    }

    async fn what_nobody_answers_is_seen(store: TestStore) {
        let app = app(&store).await;
        let staff = Staff::join(&app);
        let analyst = analyst(staff);
        let asked = json!({ "department_id": staff.market });
        let draft = insight::create(&app, &analyst, &new(asked)).await.expect("written");
        let sent = insight::send(&app, &analyst, draft.insight.id, 1, &SendInsight { department_id: None, due_at: None }).await.expect("sent");
        assert!(sent.measurements.is_empty(), "nobody in particular is concerned");
        let overdue = InsightFilter { overdue: Some(true), ..InsightFilter::default() };
        let list = async |caller: &Caller| insight::list(&app, caller, &PageQuery::default(), &overdue).await.expect("listed").items;
        assert!(list(&analyst).await.is_empty());
        store.clock.advance_ms(15 * DAY_MS);
        run_daily(&app).await;
        let late = list(&analyst).await;
        assert!(late.len() == 1 && late[0].overdue);
        assert_eq!(list(&of_department(staff.marketer, staff.market)).await.len(), 1);
        assert!(list(&of_department(Id::new(), Id::new())).await.is_empty(), "other departments see nothing");
        assert_eq!(titles(&app, staff.analyst).await, ["customers.insight.notice.overdue"]);
        let standing = insight::standing(&app, &analyst).await.expect("counted");
        let of_quarter: i64 = standing.departments.iter().map(|one| one.overdue).sum();
        assert!(of_quarter == 1 || standing.since > sent.insight.sent_at.expect("sent"), "{standing:?}");
    }

    async fn a_no_needs_a_reason_and_a_department_that_is_there(store: TestStore) {
        let app = app(&store).await;
        let staff = Staff::join(&app);
        let (analyst, market) = (analyst(staff), of_department(staff.marketer, staff.market));
        let draft = insight::create(&app, &analyst, &new(json!({}))).await.expect("written");
        let id = draft.insight.id;
        let nowhere = SendInsight { department_id: Some(Id::new()), due_at: None };
        let refused = insight::send(&app, &analyst, id, 1, &nowhere).await.expect_err("no such department");
        assert_eq!(refused.fields[0].code, "customers.insight.department_unknown");
        let nobody = insight::send(&app, &analyst, id, 1, &SendInsight { department_id: None, due_at: None }).await.expect_err("to nobody");
        assert_eq!(nobody.fields[0].code, "customers.insight.department_needed");
        let patch = InsightPatch { department_id: Some(staff.market), ..InsightPatch::default() };
        let patched = insight::update(&app, &analyst, id, 1, &patch).await.expect("changed");
        let sent = insight::send(&app, &analyst, id, version(&patched), &SendInsight { department_id: None, due_at: None }).await.expect("sent");
        let late = insight::update(&app, &analyst, id, version(&sent), &patch).await.expect_err("it is out");
        assert_eq!(late.code, "customers.insight.sent_already");
        let silent = insight::decline(&app, &market, id, version(&sent), &DeclineInsight { reason: "  ".into() }).await.expect_err("why");
        assert_eq!(silent.fields[0].field, "reason");
        let service = of_department(staff.analyst, staff.service);
        let own = insight::decline(&app, &service, id, version(&sent), &DeclineInsight { reason: "算了".into() }).await.expect_err("not theirs to answer");
        assert_eq!(own.code, "access.not_found");
        let no = insight::decline(&app, &market, id, version(&sent), &DeclineInsight { reason: "供应商交不出货".into() }).await.expect("declined");
        assert_eq!((no.insight.state, no.insight.answer.as_deref()), (InsightState::Declined, Some("供应商交不出货")));
        let both = json!({ "segment_id": Id::new(), "condition": { "type": "known_since", "within_days": 30 } });
        let both = insight::create(&app, &analyst, &new(both)).await.expect_err("one group");
        assert_eq!(both.fields[0].code, "customers.insight.one_group");
        let unknown = json!({ "evidence": { "type": "segment", "segment_id": Id::new() } });
        let unknown = insight::create(&app, &analyst, &new(unknown)).await.expect_err("no such segment");
        assert_eq!(unknown.fields[0].code, "customers.insight.evidence_unknown");
    }
}
