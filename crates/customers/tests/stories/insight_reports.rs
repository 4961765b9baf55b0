//! The report of a month: written once, sent to departments, and set beside the month before.

use std::io::Read;

use customers::insight_report::rules::Month;
use customers::insight_report::{
    self, AnswerReport, InsightReportDetail, ReportFigureCode as Code, ReportUse, WriteReport,
};
use customers::permissions::{INSIGHT_REPORT_ANSWER, INSIGHT_REPORT_READ, INSIGHT_REPORT_WRITE};
use http_kit::App;
use kernel::{Caller, DAY_MS, GrantScope, Id, Label, PageQuery, Permission, Timestamp};
use store::Observation;
use store::jobs::{Registry, Runner};
use tabular::export::ExportFormat;

use crate::staff::Staff;
use crate::support::{MIGRATIONS, Order, app, member, people, store_orders, user};

const EXPORT_RUN: Permission = Permission::company("tabular.export.run");

fn reader() -> Caller {
    let may = [INSIGHT_REPORT_READ, INSIGHT_REPORT_WRITE, EXPORT_RUN];
    user(&may, GrantScope::Company, Label::Personal)
}

fn of_department(department: Id) -> Caller {
    user(&[INSIGHT_REPORT_READ, INSIGHT_REPORT_ANSWER], GrantScope::Department(department), Label::Personal)
}

fn value(report: &InsightReportDetail, code: Code) -> (Option<f64>, Option<f64>) {
    let figure = report.figures.iter().find(|figure| figure.code == code).expect("a figure");
    (figure.value, figure.before)
}

/// The months before the one that is now, the latest first: their names, and a moment in their middle.
fn months(app: &App) -> [(String, Timestamp); 2] {
    let zone = &app.settings.time_zone;
    let last = Month::before(app.store.now(), zone);
    [last, last.previous()].map(|month| {
        let from = month.span(zone).expect("a span").0;
        (month.to_string(), from.plus_days(14))
    })
}

/// Does what the job of every day does.
async fn run_daily(app: &std::sync::Arc<App>) {
    let mut tx = app.store.begin_observation(Observation::Upkeep).await.expect("a transaction");
    tx.enqueue(&insight_report::Write {}).await.expect("in line");
    tx.commit().await.expect("committed");
    let mut registry = Registry::new();
    (customers::module().jobs)(&mut registry);
    Runner::new(app.store.clone(), app.clone(), registry, 1).run_due().await;
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn a_month_is_written_once_and_set_beside_the_one_before(store: TestStore) {
        let app = app(&store).await;
        let staff = Staff::join(&app);
        people(&app, &(1..=3).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        let [(last, in_last), (before, in_before)] = months(&app);
        let orders = [
            Order::of(&member(1), in_before, 1_000),
            Order::of(&member(2), in_before, 1_000),
            Order::of(&member(1), in_last, 1_000),
            Order::of(&member(1), in_last.plus_days(2), 1_000),
            Order::of(&member(3), in_last, 1_000),
        ];
        store_orders(&app, &orders).await;
        let write = async |month: &str| insight_report::write(&app, &reader(), &WriteReport { month: month.to_owned() }).await;
        let first = write(&before).await.expect("written");
        assert_eq!(value(&first, Code::ActiveCustomers), (Some(2.0), None));
        assert_eq!(value(&first, Code::FirstBuyers), (Some(2.0), None));
        let second = write(&last).await.expect("written");
        assert_eq!(second.before_id, Some(first.report.id));
        assert_eq!(value(&second, Code::ActiveCustomers), (Some(2.0), Some(2.0)));
        assert_eq!(value(&second, Code::FirstBuyers), (Some(1.0), Some(2.0)));
        assert_eq!(value(&second, Code::RepeatRate), (Some(50.0), Some(0.0)));
        assert_eq!(value(&second, Code::RepeatRateQuarter), (Some(33.33), Some(0.0)));
        assert_eq!(value(&second, Code::Retention), (Some(50.0), None), "nobody bought in the month before the first");
        assert_eq!(value(&second, Code::LostCustomers), (Some(0.0), Some(0.0)));
        let twice = write(&last).await.expect_err("it is there");
        assert_eq!(twice.code, "customers.insight_report.exists");
        let now = Month::before(app.store.now().plus_days(31), &app.settings.time_zone).to_string();
        let early = write(&now).await.expect_err("it is not over");
        assert_eq!(early.code, "customers.insight_report.not_over");
        // What is bought later changes no report.
        store_orders(&app, &[Order::of(&member(2), in_last, 1_000)]).await;
        let again = insight_report::get(&app, &reader(), second.report.id).await.expect("there");
        assert_eq!(value(&again, Code::ActiveCustomers), (Some(2.0), Some(2.0)));
        let departments: Vec<Id> = again.departments.iter().map(|one| one.department_id).collect();
        assert_eq!(departments, [staff.market], "departments that are not there get none");
    }

    async fn departments_say_whether_they_use_it(store: TestStore) {
        let app = app(&store).await;
        let staff = Staff::join(&app);
        // Nothing is due before the day of the month, and one report is written then, whoever looks.
        store.clock.advance_ms(32 * DAY_MS);
        run_daily(&app).await;
        run_daily(&app).await;
        let reports = insight_report::list(&app, &reader(), &PageQuery::default()).await.expect("listed").items;
        assert_eq!(reports.len(), 1);
        assert_eq!((reports[0].month.as_str(), reports[0].recipients, reports[0].answered), (months(&app)[0].0.as_str(), 1, 0));
        let id = reports[0].id;
        let said = |department_id: Id, note: &str| AnswerReport { department_id, answer: ReportUse::NotUsed, note: note.into() };
        let market = of_department(staff.market);
        let silent = insight_report::answer(&app, &market, id, &said(staff.market, " ")).await.expect_err("why not");
        assert_eq!(silent.fields[0].code, "customers.insight_report.note_needed");
        let stranger = insight_report::answer(&app, &of_department(staff.service), id, &said(staff.market, "不用")).await.expect_err("not theirs");
        assert_eq!(stranger.code, "access.not_found");
        store.clock.advance_ms(11 * DAY_MS);
        let late = insight_report::get(&app, &reader(), id).await.expect("there");
        assert!(late.departments[0].overdue);
        let answered = insight_report::answer(&app, &market, id, &said(staff.market, "本月以周年庆为主，暂不调整")).await.expect("answered");
        assert_eq!((answered.report.answered, answered.departments[0].answer, answered.departments[0].overdue), (1, Some(ReportUse::NotUsed), false));
        let twice = insight_report::answer(&app, &market, id, &said(staff.market, "又想用了")).await.expect_err("once");
        assert_eq!(twice.code, "customers.insight_report.answered_already");
        let mut file = insight_report::export_file(&app, &reader(), id, ExportFormat::Csv).await.expect("a file");
        assert_eq!(file.rows as usize, late.figures.len());
        let mut text = String::new();
        file.file.read_to_string(&mut text).expect("text");
        assert!(text.contains("customers.insight_report.definition.repeat_rate"), "each figure has its definition: {text:.300}");
    }
}
