//! Working time against oracles: every day of China's notices, and a walk through every minute.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Caller, Day, GrantScope, Language, Problem, Timestamp};
use proptest::prelude::*;
use rulebook::calendar::{self, CalendarSpec, Compiled, DayKind, DayRule, Weekday};
use rulebook::permissions::{CALENDAR_MANAGE, CALENDAR_READ};
use serde_json::{Value as Json, json};
use store::on_both;
use tower::ServiceExt;

use crate::support::{MIGRATIONS, app, somebody};

/// Every day as PyPI `chinesecalendar` 1.11.0 knows it; made by `oracle/china.py`, which says how.
const CHINA: &str = include_str!("../oracle/china.csv");

fn oracle() -> BTreeMap<i16, Vec<char>> {
    let line = |line: &str| {
        let (year, days) = line.split_once(',').expect("year,days");
        (year.parse().expect("a year"), days.chars().collect())
    };
    CHINA.lines().map(line).collect()
}

pub fn spec(time_zone: &str, weekly: &[(&str, &str, &str)]) -> CalendarSpec {
    let weekly: Vec<Json> = weekly
        .iter()
        .map(|(weekday, from, to)| json!({ "weekday": weekday, "from": from, "to": to }))
        .collect();
    serde_json::from_value(json!({ "time_zone": time_zone, "weekly": weekly })).expect("a definition")
}

/// Monday to Friday, 9 to 18, with China's holidays.
pub fn office() -> CalendarSpec {
    let week: Vec<(&str, &str, &str)> =
        Weekday::ALL[..5].iter().map(|day| (day.as_str(), "09:00", "18:00")).collect();
    CalendarSpec { holidays: Some(calendar::HolidaySet::China), ..spec("Asia/Shanghai", &week) }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn compiled(spec: CalendarSpec) -> Compiled {
    Compiled::new(vec![(Date::constant(1970, 1, 1), spec)]).expect("compiles")
}

fn code(problem: &Problem) -> &str {
    problem.fields.first().map_or(&problem.code, |field| &field.code)
}

fn body<T: serde::de::DeserializeOwned>(json: Json) -> T {
    serde_json::from_value(json).expect("a body")
}

#[test]
fn a_make_up_saturday_is_worked() {
    // Friday before the spring festival at 17:00, eight hours of work: one on Friday, seven on the Saturday
    // that is made up for.
    let china = compiled(office());
    let asked = at("2026-02-13T17:00:00+08:00");
    assert_eq!(china.add_work(asked, 8 * 3_600).expect("due"), at("2026-02-14T16:00:00+08:00"));
    let plain = compiled(CalendarSpec { holidays: None, ..office() });
    assert_eq!(plain.add_work(asked, 8 * 3_600).expect("due"), at("2026-02-16T16:00:00+08:00"));
    assert_eq!(china.work_between(asked, at("2026-02-24T18:00:00+08:00")).expect("counts"), 19 * 3_600);
    assert_eq!(
        china.next_open(at("2026-02-14T18:00:00+08:00")).expect("opens"),
        at("2026-02-24T09:00:00+08:00")
    );
}

#[test]
fn hours_follow_the_clock_on_the_wall() {
    let night =
        compiled(spec("Europe/Berlin", &[("saturday", "22:00", "06:00"), ("sunday", "02:15", "02:45")]));
    let work = |from: &str, to: &str| night.work_between(at(from), at(to)).expect("counts") / 60;
    // Eight hours of a usual night, seven when the clock is put forward, nine when it is put back.
    assert_eq!(work("2026-03-21T12:00:00Z", "2026-03-22T12:00:00Z"), 480);
    assert_eq!(work("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 420);
    assert_eq!(work("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 540);
    // Hours that fall into the gap alone do not happen; hours that come twice count twice.
    let early =
        compiled(spec("Europe/Berlin", &[("sunday", "02:15", "02:45"), ("monday", "09:00", "10:00")]));
    let work = |from: &str, to: &str| early.work_between(at(from), at(to)).expect("counts") / 60;
    assert_eq!(work("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 0);
    assert_eq!(work("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 60);
}

#[test]
fn a_later_version_leaves_earlier_days_as_they_were() {
    let longer =
        CalendarSpec { weekly: spec("Asia/Shanghai", &[("monday", "09:00", "21:00")]).weekly, ..office() };
    let both =
        Compiled::new(vec![(Date::constant(1970, 1, 1), office()), (Date::constant(2026, 3, 2), longer)]);
    let both = both.expect("compiles");
    let day = |from: &str, to: &str| both.work_between(at(from), at(to)).expect("counts") / 3_600;
    assert_eq!(day("2026-02-27T00:00:00+08:00", "2026-02-28T00:00:00+08:00"), 9);
    assert_eq!(day("2026-03-02T00:00:00+08:00", "2026-03-03T00:00:00+08:00"), 12);
    assert_eq!(day("2026-03-03T00:00:00+08:00", "2026-03-09T00:00:00+08:00"), 0);
}

#[test]
fn time_beyond_what_can_be_counted_is_refused() {
    let china = compiled(office());
    assert_eq!(china.add_work(at("2199-12-31T00:00:00Z"), 86_400).expect_err("too far").status, 422);
    assert_eq!(
        china
            .work_between(at("1960-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"))
            .expect_err("too early")
            .status,
        422
    );
    // A century of work is found, however far that is.
    let far = china.add_work(at("2000-01-03T01:00:00Z"), 100 * 52 * 5 * 9 * 3_600).expect("found");
    assert_eq!(
        china.work_between(at("2000-01-03T01:00:00Z"), far).expect("counts"),
        100 * 52 * 5 * 9 * 3_600
    );
}

/// The minute walk: asks of every minute what the clock on the wall shows, and of that what the definition says.
struct Walk {
    spec: CalendarSpec,
    zone: TimeZone,
    china: BTreeMap<i16, Vec<char>>,
}

impl Walk {
    fn new(spec: CalendarSpec) -> Self {
        let zone = TimeZone::get(&spec.time_zone).expect("a zone");
        Self { spec, zone, china: oracle() }
    }

    fn hours(&self, date: Date) -> Vec<(i64, i64)> {
        let minutes = |text: &str| -> i64 {
            let (hour, minute) = text.split_once(':').expect("HH:MM");
            hour.parse::<i64>().expect("hour") * 60 + minute.parse::<i64>().expect("minute")
        };
        let span = |from: &str, to: &str| {
            let (from, to) = (minutes(from), minutes(to));
            (from, if to <= from { to + 1_440 } else { to })
        };
        let name = |date: Date| Weekday::ALL[date.weekday().to_monday_zero_offset() as usize];
        let of = |weekday: Weekday| -> Vec<(i64, i64)> {
            let own = self.spec.weekly.iter().filter(|hours| hours.weekday == weekday);
            own.map(|hours| span(&hours.from, &hours.to)).collect()
        };
        if let Some(exception) = self.spec.exceptions.iter().find(|exception| exception.date.0 == date) {
            return match &exception.rule {
                DayRule::Closed => vec![],
                DayRule::Hours { hours } => hours.iter().map(|h| span(&h.from, &h.to)).collect(),
                DayRule::MakeUp { weekday } => of(*weekday),
            };
        }
        let letter = self.china.get(&date.year()).map(|days| days[date.day_of_year() as usize - 1]);
        match (self.spec.holidays, letter) {
            (Some(_), Some('H')) => vec![],
            (Some(_), Some('M')) if of(name(date)).is_empty() => {
                Weekday::ALL.iter().map(|day| of(*day)).find(|hours| !hours.is_empty()).unwrap_or_default()
            }
            _ => of(name(date)),
        }
    }

    fn is_open(&self, minute: i64) -> bool {
        let wall = jiff::Timestamp::from_second(minute * 60).expect("a time").to_zoned(self.zone.clone());
        let of_day = i64::from(wall.hour()) * 60 + i64::from(wall.minute());
        let today = self.hours(wall.date()).iter().any(|(from, to)| (*from..*to).contains(&of_day));
        let before = self.hours(wall.date().yesterday().expect("a day before"));
        today || before.iter().any(|(from, to)| (*from..*to).contains(&(of_day + 1_440)))
    }
}

/// Zones with the days around which their clocks, or the calendar itself, do something unusual.
const PLACES: &[(&str, &str)] = &[
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Sao_Paulo", "2018-02-18"),
    ("Asia/Shanghai", "1986-05-04"),
    ("Asia/Shanghai", "1991-09-15"),
    ("Asia/Shanghai", "2026-02-14"),
    ("Asia/Shanghai", "2024-02-29"),
    ("Asia/Kathmandu", "2025-12-31"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("UTC", "2024-12-31"),
];

fn time_of_day() -> impl Strategy<Value = String> {
    (0_u32..24, prop::sample::select(vec![0_u32, 0, 30, 15, 59])).prop_map(|(h, m)| format!("{h:02}:{m:02}"))
}

fn week() -> impl Strategy<Value = Vec<(usize, String, String)>> {
    let around_the_clock =
        (0..7).map(|day| (day, "00:00".to_owned(), "24:00".to_owned())).collect::<Vec<_>>();
    let split = (0..7).flat_map(|day| {
        [(day, "09:00".to_owned(), "12:00".to_owned()), (day, "13:00".to_owned(), "18:00".to_owned())]
    });
    prop_oneof![
        1 => Just(around_the_clock),
        1 => Just(split.collect::<Vec<_>>()),
        6 => prop::collection::vec((0_usize..7, time_of_day(), time_of_day()), 1..9),
    ]
}

prop_compose! {
    fn case()(
        place in prop::sample::select(PLACES.to_vec()),
        week in week(),
        china in any::<bool>(),
        exceptions in prop::collection::btree_map(-3_i64..4, (0_u8..3, time_of_day(), time_of_day()), 0..3),
        begin in -3 * 1_440_i64..3 * 1_440,
        length in 0_i64..4 * 1_440,
    ) -> (CalendarSpec, Timestamp, i64) {
        let (zone, middle) = place;
        let middle: Date = middle.parse().expect("a day");
        let weekly: Vec<(&str, &str, &str)> =
            week.iter().map(|(day, from, to)| (Weekday::ALL[*day].as_str(), from.as_str(), to.as_str())).collect();
        let mut spec = spec(zone, &weekly);
        spec.holidays = china.then_some(calendar::HolidaySet::China);
        let exception = |(days, (kind, from, to)): (&i64, &(u8, String, String))| {
            let date = middle.checked_add(jiff::Span::new().days(*days)).expect("a day");
            let rule = match kind {
                0 => DayRule::Closed,
                1 => DayRule::MakeUp { weekday: spec.weekly[0].weekday },
                _ => DayRule::Hours { hours: vec![calendar::Hours { from: from.clone(), to: to.clone() }] },
            };
            calendar::ExceptionSpec { date: Day(date), rule, name: String::new() }
        };
        spec.exceptions = exceptions.iter().map(exception).collect();
        let noon = middle.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).expect("noon").timestamp();
        (spec, Timestamp::from(noon).plus_ms(begin * 60_000), length)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn working_time_is_what_a_walk_through_every_minute_finds((spec, from, length) in case()) {
        let (calendar, walk) = (compiled(spec.clone()), Walk::new(spec));
        let first = from.ms() / 60_000;
        let mut worked = 0;
        for minute in first..first + length {
            let open = walk.is_open(minute);
            prop_assert_eq!(calendar.is_open(Timestamp::from_ms(minute * 60_000)).expect("asks"), open);
            worked += i64::from(open);
            // Once that much is worked, and not a minute earlier.
            let until = Timestamp::from_ms((minute + 1) * 60_000);
            prop_assert_eq!(calendar.work_between(from, until).expect("counts"), worked * 60);
            if open {
                prop_assert_eq!(calendar.add_work(from, worked * 60).expect("finds"), until);
            }
        }
    }

    #[test]
    fn adding_and_counting_undo_each_other(
        (spec, from, length) in case(), odd in 0_i64..60_000, seconds in 0_i64..200_000, more in 0_i64..100_000,
    ) {
        let calendar = compiled(spec);
        let (from, to) = (from.plus_ms(odd), from.plus_ms(odd * 2 + length * 60_000));
        let add = |at, seconds| calendar.add_work(at, seconds).expect("finds");
        let between = |a, b| calendar.work_between(a, b).expect("counts");
        prop_assert_eq!(between(from, add(from, seconds)), seconds);
        prop_assert_eq!(between(add(from, -seconds), from), seconds);
        prop_assert!(add(from, calendar.work_between(from, to).expect("counts")) <= to.max(from));
        prop_assert!(add(from, seconds) <= add(from, seconds + more));
        prop_assert!(add(from, seconds) <= add(to.max(from), seconds));
        prop_assert_eq!(add(add(from, seconds), more), add(from, seconds + more));
        prop_assert_eq!(between(from, to), -between(to, from));
        let opens = calendar.next_open(from).expect("opens");
        prop_assert!(calendar.is_open(opens).expect("asks") && between(from, opens) == 0);
    }
}

on_both! {
    migrations = MIGRATIONS;

    async fn every_day_of_every_known_year_is_as_the_notices_say(store: TestStore) {
        let app = app(&store, vec![]).await;
        let (mut days, mut years) = (0, 0);
        for (year, letters) in oracle() {
            let request = body(json!({ "definition": office(), "year": year }));
            let view = calendar::preview(&app, Language::En, request).await.expect("a year");
            assert!(view.holidays_known, "{year}");
            assert_eq!(view.days.len(), letters.len());
            for (day, letter) in view.days.iter().zip(letters) {
                let expected = match letter {
                    'W' => DayKind::Open,
                    'R' => DayKind::Closed,
                    'H' => DayKind::Holiday,
                    'M' => DayKind::MakeUp,
                    other => panic!("{other}"),
                };
                assert_eq!((day.kind, day.minutes > 0), (expected, "WM".contains(letter)), "{}", day.date);
                days += 1;
            }
            years += 1;
        }
        assert_eq!((years, days), (23, 8_401));
        let request = body(json!({ "definition": office(), "year": 2027 }));
        assert!(!calendar::preview(&app, Language::En, request).await.expect("a year").holidays_known);
    }

    async fn the_company_has_a_calendar_from_the_start(store: TestStore) {
        let app = app(&store, vec![]).await;
        let company = calendar::get(&app, "company").await.expect("built in");
        assert_eq!((company.definition.time_zone.as_str(), company.definition.weekly.len(), company.version), ("UTC", 10, 1));
        calendar::ensure_built_in(&app).await.expect("a second start");
        assert_eq!(calendar::list(&app).await.expect("lists").len(), 1);
        let year = calendar::year(&app, Language::ZhHans, "company", Some(2026)).await.expect("a year");
        let february = &year.months[1];
        // Twenty weekdays, six of them off, and two Saturdays made up.
        assert_eq!((february.open_days, february.minutes), (16, 16 * 8 * 60));
        let named = year.days.iter().find(|day| day.date.to_string() == "2026-02-17").expect("a day");
        assert_eq!((named.kind, named.name.as_deref()), (DayKind::Holiday, Some("春节")));
    }

    async fn a_calendar_changes_by_versions_with_a_reason(store: TestStore) {
        let app = app(&store, vec![]).await;
        let person = somebody(&[CALENDAR_MANAGE], GrantScope::Company);
        let names = json!({ "zh-Hans": "客服", "zh-Hant": "客服", "en": "Service" });
        let new = |weekly: Json| body::<calendar::NewCalendar>(json!({
            "code": "service", "names": names, "reason": "two shifts",
            "definition": { "time_zone": "Asia/Shanghai", "weekly": weekly },
        }));
        let never = calendar::create(&app, &person, new(json!([]))).await.expect_err("never opens");
        assert_eq!((never.status, code(&never)), (422, "rulebook.calendar.never_open"));
        let wrong = new(json!([{ "weekday": "monday", "from": "9:00", "to": "18:00" }]));
        assert_eq!(code(&calendar::create(&app, &person, wrong).await.expect_err("hours")), "rulebook.calendar.bad_hours");
        let monday = json!([{ "weekday": "monday", "from": "09:00", "to": "18:00" }]);
        let made = calendar::create(&app, &person, new(monday.clone())).await.expect("made");
        let twice = calendar::create(&app, &person, new(monday.clone())).await.expect_err("taken");
        assert_eq!((made.version, twice.status), (1, 409));

        let change = |weekly: Json, zone: &str| body::<calendar::CalendarChange>(json!({
            "reason": "longer hours", "effective_from": "2026-12-01",
            "definition": { "time_zone": zone, "weekly": weekly },
        }));
        let never = calendar::change(&app, &person, "service", 1, change(json!([]), "UTC")).await;
        assert_eq!(code(&never.expect_err("never opens")), "rulebook.calendar.never_open");
        let nowhere = calendar::change(&app, &person, "service", 1, change(monday, "Mars/North")).await;
        assert_eq!(code(&nowhere.expect_err("no zone")), "rulebook.calendar.unknown_time_zone");
        let longer = json!([{ "weekday": "monday", "from": "09:00", "to": "21:00" }]);
        let stale = calendar::change(&app, &person, "service", 7, change(longer.clone(), "Asia/Shanghai")).await;
        assert_eq!(stale.expect_err("another version").status, 412);
        let after = calendar::change(&app, &person, "service", 1, change(longer, "Asia/Shanghai")).await.expect("done");
        assert_eq!((after.version, after.reason.as_str()), (2, "longer hours"));

        let asked = |from: &str| body(json!({ "from": from, "minutes": 600 }));
        let due = async |from: &str| calendar::calculate(&app, "service", &asked(from)).await.expect("due").due_at.expect("due");
        // Mondays before December keep nine hours: the tenth is on the Monday after.
        assert_eq!(due("2026-11-16T01:00:00Z").await, at("2026-11-23T02:00:00Z"));
        assert_eq!(due("2026-12-07T01:00:00Z").await, at("2026-12-07T11:00:00Z"));
        let history = calendar::history(&app, "service").await.expect("kept");
        assert_eq!(history.iter().map(|v| (v.version, v.definition.weekly[0].to.as_str())).collect::<Vec<_>>(), [(2, "21:00"), (1, "18:00")]);
    }

    async fn a_calendar_file_brings_days_off(store: TestStore) {
        let app = app(&store, vec![]).await;
        let person = somebody(&[CALENDAR_MANAGE], GrantScope::Company);
        let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n\
            BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261123\r\nDTEND;VALUE=DATE:20261125\r\nSUMMARY:Founders' days\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261126T090000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\n\
            END:VCALENDAR\r\n";
        let input = |dry_run: bool| body(json!({ "text": text, "reason": "days off of the year", "dry_run": dry_run }));
        let tried = calendar::import(&app, &person, "company", 1, input(true)).await.expect("tried");
        assert_eq!((tried.version, tried.day_count), (1, 2));
        let done = calendar::import(&app, &person, "company", 1, input(false)).await.expect("done");
        assert_eq!((done.version, done.day_count, done.taken_count, done.rejected_count), (2, 2, 1, 1));
        assert_eq!(done.events[1].why.as_deref(), Some("The event is not for whole days"));
        let asked = body(json!({ "from": "2026-11-20T17:00:00Z", "minutes": 120, "to": "2026-11-25T10:00:00Z" }));
        let answer = calendar::calculate(&app, "company", &asked).await.expect("answers");
        assert_eq!((answer.due_at, answer.minutes), (Some(at("2026-11-25T10:00:00Z")), Some(120)));
        let again = calendar::import(&app, &person, "company", 2, input(false)).await.expect("nothing new");
        assert_eq!((again.version, again.day_count, again.rejected_count), (2, 0, 2));
        let broken = body(json!({ "text": "date;name", "reason": "no calendar at all" }));
        let refused = calendar::import(&app, &person, "company", 2, broken).await.expect_err("refused");
        assert_eq!(refused.code, "rulebook.calendar.ical_unreadable");
    }

    async fn only_those_who_may_see_and_change_calendars(store: TestStore) {
        let app = std::sync::Arc::new(app(&store, vec![]).await);
        let status = async |caller: Caller, method: &str, path: &str, body: Json| {
            let (router, _) = calendar::api::routes().split();
            let request = Request::builder().method(method).uri(path).extension(caller)
                .header("content-type", "application/json").header("if-match", "\"1\"")
                .body(Body::from(body.to_string())).expect("a request");
            router.with_state(app.clone()).oneshot(request).await.expect("answers").status()
        };
        let (nobody, reader) = (somebody(&[], GrantScope::Company), somebody(&[CALENDAR_READ], GrantScope::Company));
        let manager = somebody(&[CALENDAR_MANAGE], GrantScope::Company);
        let base = "/api/v1/rulebook/calendars";
        let one = format!("{base}/company");
        let import = json!({ "text": "", "reason": "no calendar at all" });
        for (method, path, sent) in [
            ("GET", base.to_owned(), json!(null)),
            ("GET", one.clone(), json!(null)),
            ("GET", format!("{one}/year"), json!(null)),
            ("GET", format!("{one}/history"), json!(null)),
            ("POST", format!("{one}/calculate"), json!({ "from": "2026-11-22T08:00:00Z", "minutes": 5 })),
            ("POST", "/api/v1/rulebook/calendar-preview".to_owned(), json!({ "definition": office(), "year": 2026 })),
        ] {
            assert_eq!(status(nobody.clone(), method, &path, sent.clone()).await, StatusCode::FORBIDDEN, "{method} {path}");
            assert_eq!(status(reader.clone(), method, &path, sent).await, StatusCode::OK, "{method} {path}");
        }
        for (method, path) in [("POST", base.to_owned()), ("PUT", one.clone()), ("POST", format!("{one}/import"))] {
            assert_eq!(status(reader.clone(), method, &path, json!({})).await, StatusCode::FORBIDDEN, "{method} {path}");
        }
        let answer = status(manager, "POST", &format!("{one}/import"), import).await;
        assert_eq!(answer, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
