use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http_kit::App;
use jiff::civil::Date;
use kernel::{Caller, Day, Id, Language, LocalText, Problem, Result, Timestamp};
use store::{Audit, Tx, args, json};

use super::compile::Compiled;
use super::{
    Calculation, CalculationResult, Calendar, CalendarChange, CalendarImport, CalendarImportReceipt,
    CalendarSpec, CalendarVersion, CalendarYear, HolidaySet, NewCalendar, PreviewRequest, Weekday,
    WeeklyHours, ical, rules, sql, year as years,
};
use crate::Rulebook;
use crate::clock::jobs::follow;
use crate::parameter::reason_fits;

/// Code of the calendar that is there from the start.
pub const BUILT_IN: &str = "company";
/// From when the first version of a calendar holds: always.
const ALWAYS: Date = Date::constant(1970, 1, 1);
/// The noun in the audit log.
const NOUN: &str = "rulebook.calendar";
/// Most minutes that are asked about: ten years of them.
const MINUTES_MAX: i64 = 10 * 365 * 24 * 60;

/// Compiled calendars by calendar and version; versions never change, so they are kept while the program runs.
pub(crate) type Cache = Mutex<HashMap<(Id, i64), Arc<Compiled>>>;

/// The version of a calendar that something was counted by.
#[derive(Clone, Debug)]
pub(crate) struct Pinned {
    pub calendar_id: Id,
    pub version: i64,
    pub compiled: Arc<Compiled>,
}

/// Returns the company's calendar as it stands.
pub async fn working(app: &App) -> Result<Arc<Compiled>> {
    working_in(app, BUILT_IN).await
}

/// Returns a calendar as it stands.
pub async fn working_in(app: &App, code: &str) -> Result<Arc<Compiled>> {
    let (id, version): (Id, i64) = app.store.get(sql::PIN, args![code]).await?;
    if let Some(known) = known(app, id, version)? {
        return Ok(known);
    }
    keep(app, id, version, app.store.all(sql::UP_TO, args![id, version]).await?)
}

/// Returns when so many seconds of work are over; without a code by the company's calendar.
pub async fn due_after(
    app: &App,
    tx: &mut Tx,
    code: Option<&str>,
    from: Timestamp,
    seconds: i64,
) -> Result<Timestamp> {
    pinned(app, tx, code).await?.compiled.add_work(from, seconds)
}

/// Returns the newest version of a calendar as this transaction sees it.
pub(crate) async fn pinned(app: &App, tx: &mut Tx, code: Option<&str>) -> Result<Pinned> {
    let (id, version): (Id, i64) = tx.get(sql::PIN, args![code.unwrap_or(BUILT_IN)]).await?;
    pinned_version(app, tx, id, version).await
}

/// Returns one version of a calendar.
pub(crate) async fn pinned_version(app: &App, tx: &mut Tx, calendar_id: Id, version: i64) -> Result<Pinned> {
    let compiled = match known(app, calendar_id, version)? {
        Some(known) => known,
        None => keep(app, calendar_id, version, tx.all(sql::UP_TO, args![calendar_id, version]).await?)?,
    };
    Ok(Pinned { calendar_id, version, compiled })
}

fn known(app: &App, id: Id, version: i64) -> Result<Option<Arc<Compiled>>> {
    let cache = app.part::<Rulebook>()?.calendars().lock().unwrap_or_else(PoisonError::into_inner);
    Ok(cache.get(&(id, version)).cloned())
}

fn keep(app: &App, id: Id, version: i64, versions: Vec<(Day, CalendarSpec)>) -> Result<Arc<Compiled>> {
    let compiled = Arc::new(Compiled::new(versions.into_iter().map(|(day, spec)| (day.0, spec)).collect())?);
    let mut cache = app.part::<Rulebook>()?.calendars().lock().unwrap_or_else(PoisonError::into_inner);
    Ok(cache.entry((id, version)).or_insert(compiled).clone())
}

/// Makes the company's calendar where there is none: Monday to Friday, 9 to 18 with an hour at noon, in the
/// company's time zone, with China's public holidays.
pub async fn ensure_built_in(app: &App) -> Result<()> {
    if app.store.find::<(Id, i64)>(sql::PIN, args![BUILT_IN]).await?.is_some() {
        return Ok(());
    }
    let hours = [("09:00", "12:00"), ("13:00", "18:00")];
    let weekly = Weekday::ALL[..5].iter().flat_map(|weekday| {
        hours.map(|(from, to)| WeeklyHours { weekday: *weekday, from: from.into(), to: to.into() })
    });
    let definition = CalendarSpec {
        time_zone: app.settings.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        weekly: weekly.collect(),
        exceptions: vec![],
        holidays: Some(HolidaySet::China),
    };
    let named = |language| app.texts.say(language, "rulebook.calendar.company", &Default::default());
    let names = LocalText {
        zh_hans: named(Language::ZhHans),
        zh_hant: named(Language::ZhHant),
        en: named(Language::En),
    };
    let new = NewCalendar { code: BUILT_IN.to_owned(), names, definition, reason: "built in".to_owned() };
    let mut tx = app.store.begin(&Caller::system("rulebook")).await?;
    if add(&mut tx, &new).await?.is_some() {
        tx.commit().await?;
    }
    Ok(())
}

/// Returns every calendar, by code.
pub async fn list(app: &App) -> Result<Vec<Calendar>> {
    app.store.all(sql::LIST, args![]).await
}

/// Returns one calendar.
pub async fn get(app: &App, code: &str) -> Result<Calendar> {
    app.store.get(sql::FIND, args![code]).await
}

/// Returns every version of a calendar, newest first.
pub async fn history(app: &App, code: &str) -> Result<Vec<CalendarVersion>> {
    let versions: Vec<CalendarVersion> = app.store.all(sql::HISTORY, args![code]).await?;
    if versions.is_empty() { Err(Problem::not_found("access.not_found")) } else { Ok(versions) }
}

/// Makes a calendar.
pub async fn create(app: &App, caller: &Caller, new: NewCalendar) -> Result<Calendar> {
    check_reason(&new.reason)?;
    check_names(&new.names)?;
    rules::check_code(&new.code)?;
    rules::check(&new.definition)?;
    let mut tx = app.store.begin(caller).await?;
    let calendar = add(&mut tx, &new).await?;
    let calendar =
        calendar.ok_or_else(|| Problem::conflict("rulebook.calendar.code_taken").with("code", &new.code))?;
    tx.commit().await?;
    Ok(calendar)
}

async fn add(tx: &mut Tx, new: &NewCalendar) -> Result<Option<Calendar>> {
    let (id, now) = (Id::new(), tx.now());
    if tx.exec(sql::INSERT, args![id, &new.code, json(&new.names), now]).await? == 0 {
        return Ok(None);
    }
    keep_version(tx, id, 1, &new.definition, Day(ALWAYS), new.reason.trim()).await?;
    let calendar: Calendar = tx.get(sql::FIND, args![&new.code]).await?;
    let audit = Audit::new("create", NOUN, &new.code).change(None, Some(&calendar));
    tx.audit(audit.because(new.reason.trim())).await?;
    Ok(Some(calendar))
}

/// Gives a calendar a new version; clocks that follow it are counted anew in the background.
pub async fn change(
    app: &App,
    caller: &Caller,
    code: &str,
    version: i64,
    input: CalendarChange,
) -> Result<Calendar> {
    check_reason(&input.reason)?;
    rules::check(&input.definition)?;
    if let Some(names) = &input.names {
        check_names(names)?;
    }
    let mut tx = app.store.begin(caller).await?;
    let before: Calendar = tx.get(sql::FIND, args![code]).await?;
    let names = input.names.unwrap_or_else(|| before.names.clone());
    tx.exec_one(sql::MOVE, args![code, version, json(&names), tx.now()]).await?;
    let from = match input.effective_from {
        Some(day) => day,
        None => today(&input.definition, tx.now())?,
    };
    keep_version(&mut tx, before.id, version + 1, &input.definition, from, input.reason.trim()).await?;
    let after: Calendar = tx.get(sql::FIND, args![code]).await?;
    let audit = Audit::new("change", NOUN, code).change(Some(&before), Some(&after));
    tx.audit(audit.because(input.reason.trim())).await?;
    follow(&mut tx, before.id, version + 1).await?;
    tx.commit().await?;
    Ok(after)
}

/// Takes the days of an iCalendar file as days off.
pub async fn import(
    app: &App,
    caller: &Caller,
    code: &str,
    version: i64,
    input: CalendarImport,
) -> Result<CalendarImportReceipt> {
    check_reason(&input.reason)?;
    let calendar = get(app, code).await?;
    if calendar.version != version {
        return Err(Problem::precondition_failed("store.changed_meanwhile"));
    }
    let (new, mut events) = ical::read(&input.text, &calendar.definition.exceptions)?;
    for event in &mut events {
        event.why =
            event.rejected.as_ref().map(|code| app.texts.say(caller.language, code, &Default::default()));
    }
    let day_count = new.len();
    let mut receipt = CalendarImportReceipt {
        version,
        dry_run: input.dry_run,
        day_count: i64::try_from(day_count).unwrap_or(i64::MAX),
        taken_count: count(events.iter().filter(|event| event.rejected.is_none())),
        rejected_count: count(events.iter().filter(|event| event.rejected.is_some())),
        events,
    };
    if day_count == 0 || input.dry_run {
        return Ok(receipt);
    }
    let mut definition = calendar.definition;
    definition.exceptions.extend(new);
    definition.exceptions.sort_by_key(|exception| exception.date);
    // Days off of a file hold on their dates, past ones too: what was open then is a matter of fact.
    let effective_from = Some(calendar.effective_from);
    let input = CalendarChange { definition, effective_from, names: None, reason: input.reason };
    receipt.version = change(app, caller, code, version, input).await?.version;
    Ok(receipt)
}

/// Returns how a year of a calendar is worked.
pub async fn year(app: &App, language: Language, code: &str, year: Option<i16>) -> Result<CalendarYear> {
    let calendar = get(app, code).await?;
    let compiled = working_in(app, code).await?;
    view(app, language, &compiled, &calendar.definition, year)
}

/// Returns how a year would be worked by a definition that nobody has kept.
pub async fn preview(app: &App, language: Language, input: PreviewRequest) -> Result<CalendarYear> {
    rules::check(&input.definition)?;
    let compiled = Compiled::new(vec![(ALWAYS, input.definition.clone())])?;
    view(app, language, &compiled, &input.definition, Some(input.year))
}

fn view(
    app: &App,
    language: Language,
    compiled: &Compiled,
    spec: &CalendarSpec,
    year: Option<i16>,
) -> Result<CalendarYear> {
    let zone = rules::zone(&spec.time_zone).ok_or_else(|| Problem::internal("the time zone is gone"))?;
    let year = year.unwrap_or_else(|| app.store.now().instant().to_zoned(zone.clone()).year());
    years::view(compiled, spec.holidays, &zone, year, (&app.texts, language))
}

/// Answers a question about working time.
pub async fn calculate(app: &App, code: &str, input: &Calculation) -> Result<CalculationResult> {
    let compiled = working_in(app, code).await?;
    let refused = || Problem::unprocessable("rulebook.calendar.invalid");
    let due_at = match input.minutes {
        Some(minutes) if minutes.abs() > MINUTES_MAX => {
            return Err(refused().with_field("minutes", "rulebook.calendar.too_many"));
        }
        Some(minutes) => Some(compiled.add_work(input.from, minutes * 60)?),
        None => None,
    };
    let minutes = match input.to {
        Some(to) => Some(compiled.ms_between(input.from, to)? / kernel::MINUTE_MS),
        None => None,
    };
    if due_at.is_none() && minutes.is_none() {
        return Err(refused().with_field("minutes", "rulebook.calendar.nothing_asked"));
    }
    let next_open_at = compiled.next_open(input.from)?;
    Ok(CalculationResult { open: next_open_at == input.from, next_open_at, due_at, minutes })
}

async fn keep_version(
    tx: &mut Tx,
    calendar: Id,
    version: i64,
    spec: &CalendarSpec,
    from: Day,
    reason: &str,
) -> Result<()> {
    let (caller, now) = (tx.caller(), tx.now());
    let (by, name) = (caller.find_user_id(), caller.name());
    let args = args![Id::new(), calendar, version, json(spec), from, reason, by, name, now];
    tx.exec(sql::KEEP, args).await.map(drop)
}

fn today(spec: &CalendarSpec, now: Timestamp) -> Result<Day> {
    let zone = rules::zone(&spec.time_zone).ok_or_else(|| Problem::internal("the time zone is gone"))?;
    Ok(Day(now.instant().to_zoned(zone).date()))
}

fn check_reason(reason: &str) -> Result<()> {
    if reason_fits(reason) {
        return Ok(());
    }
    let problem = Problem::unprocessable("rulebook.calendar.invalid");
    Err(problem.with_field("reason", "rulebook.parameter.reason_length"))
}

fn check_names(names: &LocalText) -> Result<()> {
    let longest = [&names.zh_hans, &names.zh_hant, &names.en].map(|name| name.chars().count());
    if names.is_complete() && longest.iter().all(|length| *length <= rules::NAME_MAX) {
        return Ok(());
    }
    let problem = Problem::unprocessable("rulebook.calendar.invalid");
    Err(problem.with_field("names", "rulebook.calendar.name_incomplete"))
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}
