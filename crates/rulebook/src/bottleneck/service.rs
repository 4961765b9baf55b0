use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, MINUTE_MS, Problem, Result, Scope};
use store::args;

use super::rules::{self, Target};
use super::{Bottleneck, BottleneckFilter, WaitingFilter, WaitingItem, sql};
use crate::machine::Machine;
use crate::permissions::TASK_READ;
use crate::run::service::permission_of;
use crate::{Rulebook, parameter, record};

/// What every step may take that says nothing of its own.
const USUAL: &str = "step.target_hours";
/// Days that are looked at where nobody says otherwise.
const DAYS: i64 = 90;

/// Things of other domains that pass through a machine: view, column of its names, page.
const VIEWS: [(&str, &str, &str); 2] =
    [("v_brand_content", "title", "/content/items/"), ("v_campaigns_campaign", "name", "/campaigns/")];

/// A step by its machine and state.
type Step = (String, String);

/// The machines that run, with what each of their steps may take.
struct Targets<'b> {
    machines: BTreeMap<&'b str, &'b Machine>,
    minutes: BTreeMap<Step, i64>,
}

impl<'b> Targets<'b> {
    async fn load(app: &App, book: &'b Rulebook) -> Result<Self> {
        let machines: BTreeMap<&str, &Machine> =
            book.machines().map(|machine| (machine.spec.id.as_str(), machine)).collect();
        let mut minutes = BTreeMap::new();
        for machine in machines.values() {
            for state in &machine.spec.states {
                let found = match rules::target(&machine.spec, state) {
                    None => None,
                    Some(Target::Minutes(minutes)) => Some(minutes),
                    Some(Target::Parameter(key)) => of_parameter(app, book, &key).await?,
                    Some(Target::Usual) => of_parameter(app, book, USUAL).await?,
                };
                minutes.extend(found.map(|m| ((machine.spec.id.clone(), state.id.clone()), m)));
            }
        }
        Ok(Self { machines, minutes })
    }

    fn limits(&self, app: &App) -> Vec<sql::Limit> {
        let now = app.store.now();
        let limit = |((machine_id, state), minutes): (&Step, &i64)| sql::Limit {
            machine_id: machine_id.clone(),
            state: state.clone(),
            before: now.plus_ms(-minutes * MINUTE_MS),
        };
        self.minutes.iter().map(limit).collect()
    }

    /// Returns the names of a step; what no pack knows any more stands for itself.
    fn names(&self, caller: &Caller, machine_id: &str, state: &str) -> (String, String) {
        let machine = self.machines.get(machine_id);
        let of_state = machine.and_then(|m| m.spec.states.iter().find(|s| s.id == state));
        let title = machine.map_or(machine_id, |m| m.spec.title.get(caller.language));
        (title.to_owned(), of_state.map_or(state, |s| s.title.get(caller.language)).to_owned())
    }
}

/// Returns the minutes of a parameter; nothing where no pack has it.
async fn of_parameter(app: &App, book: &Rulebook, key: &str) -> Result<Option<i64>> {
    if book.parameter(key).is_none() {
        return Ok(None);
    }
    Ok(rules::minutes(&parameter::get(&app.store, key).await?))
}

/// Returns the steps that anything passed or stands in, the slowest against its target first.
///
/// Clause: OC-1.3.3
pub async fn list(app: &App, caller: &Caller, filter: &BottleneckFilter) -> Result<Vec<Bottleneck>> {
    let days = filter.days.unwrap_or(DAYS);
    if !(1..=366).contains(&days) {
        return Err(
            Problem::bad_request("rulebook.bottleneck.days").with_field("days", "rulebook.bottleneck.days")
        );
    }
    let targets = Targets::load(app, app.part::<Rulebook>()?).await?;
    let since = app.store.now().plus_days(-days);
    let mut steps: BTreeMap<Step, Bottleneck> = BTreeMap::new();
    let times: Vec<sql::TimesRow> = app.store.all(sql::TIMES, args![since]).await?;
    for row in times {
        let step = entry(&mut steps, &targets, caller, row.machine_id, row.state);
        (step.passes, step.median_minutes, step.p90_minutes) = (row.passes, row.median, row.p90);
    }
    let standing: Vec<sql::CountRow> = app.store.all(sql::STANDING, args![]).await?;
    for row in standing {
        entry(&mut steps, &targets, caller, row.machine_id, row.state).waiting = row.things;
    }
    let late: Vec<sql::CountRow> = app.store.list(sql::late(&targets.limits(app))).await?;
    for row in late {
        entry(&mut steps, &targets, caller, row.machine_id, row.state).waiting_late = row.things;
    }
    let mut steps: Vec<Bottleneck> = steps.into_values().collect();
    rules::rank(&mut steps);
    Ok(steps)
}

fn entry<'s>(
    steps: &'s mut BTreeMap<Step, Bottleneck>,
    targets: &Targets<'_>,
    caller: &Caller,
    machine_id: String,
    state: String,
) -> &'s mut Bottleneck {
    let key = (machine_id, state);
    let target_minutes = targets.minutes.get(&key).copied();
    steps.entry(key).or_insert_with_key(|(machine_id, state)| {
        let (machine_title, state_title) = targets.names(caller, machine_id, state);
        Bottleneck {
            machine_id: machine_id.clone(),
            machine_title,
            state: state.clone(),
            state_title,
            passes: 0,
            median_minutes: None,
            p90_minutes: None,
            target_minutes,
            load_percent: None,
            waiting: 0,
            waiting_late: 0,
        }
    })
}

/// Returns what waits longer than its step may take: the caller's own things, or everybody's as far as they see them.
pub async fn waiting(app: &App, caller: &Caller, filter: &WaitingFilter) -> Result<Vec<WaitingItem>> {
    let mine = filter.mine.unwrap_or(true);
    let owner = if mine { Some(caller.user_id()?) } else { None };
    let targets = Targets::load(app, app.part::<Rulebook>()?).await?;
    let limits = targets.limits(app);
    // What is somebody's own is theirs to see; of others they see what their work lets them.
    let scope = if mine { Scope::everything() } else { caller.scope(TASK_READ)? };
    let query = sql::records(&limits, owner, &scope, caller.clearance);
    let mut rows: Vec<(sql::ThingRow, &str)> =
        app.store.list::<sql::ThingRow>(query).await?.into_iter().map(|row| (row, "")).collect();
    for (view, title, page) in VIEWS {
        let Some(published) = app.view(view) else { continue };
        let permission = permission_of(app, &published)?;
        if !caller.may(permission) {
            continue;
        }
        let query = sql::rows(published.name, title, &limits, owner, &caller.scope(permission)?);
        rows.extend(app.store.list::<sql::ThingRow>(query).await?.into_iter().map(|row| (row, page)));
    }
    rows.sort_by_key(|(row, _)| (row.since, row.id));
    rows.truncate(sql::SHOWN_MAX as usize);
    let owners: Vec<Id> = rows.iter().filter_map(|(row, _)| row.owner_id).collect();
    let names = record::names_of_ids(app, caller, &owners).await?;
    let now = app.store.now();
    let item = |(row, page): (sql::ThingRow, &str)| {
        let (machine_title, state_title) = targets.names(caller, &row.machine_id, &row.state);
        let target_minutes = targets.minutes.get(&(row.machine_id, row.state)).copied().unwrap_or_default();
        WaitingItem {
            id: row.id,
            link: match &row.type_id {
                Some(record_type) => format!("/records/{record_type}/{}", row.id),
                None => format!("{page}{}", row.id),
            },
            title: match &row.number {
                Some(number) => format!("{number} {}", row.title),
                None => row.title,
            },
            machine_title,
            state_title,
            owner_name: row.owner_id.and_then(|id| names.get(&id.to_string()).cloned()),
            owner_id: row.owner_id,
            since: row.since,
            minutes: (now.ms() - row.since.ms()) / MINUTE_MS,
            target_minutes,
        }
    };
    Ok(rows.into_iter().map(item).collect())
}
