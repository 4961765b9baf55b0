use std::collections::{BTreeMap, BTreeSet};

use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};

use super::rules::{NOUNS, group_of, light};
use super::{Cockpit, WorkGroup, WorkItem, WorkKind, WorkLight, WorkLights, sql};
use crate::permissions::{TASK_READ, WORK_MANAGE};
use crate::run::service::permission_of;
use crate::task::{is_movable, knows_staff};
use crate::{Rulebook, parameter, record};

/// Days before its time from which work is amber.
const NEAR_DAYS: &str = "work.near_days";
/// The right to move a campaign, which its domain declares.
const LAUNCH: &str = "campaigns.campaign.launch";
/// Where campaigns tell of themselves.
const CAMPAIGNS: &str = "v_campaigns_campaign";

/// Reads the cockpit as far as the caller sees the work of others.
pub async fn read(app: &App, caller: &Caller) -> Result<Cockpit> {
    let near_days = parameter::get(&app.store, NEAR_DAYS).await?.days()?;
    let (mut items, tasks_cut) = tasks(app, caller).await?;
    let (campaigns, campaigns_cut) = campaigns(app, caller).await?;
    items.extend(campaigns);
    let now = app.store.now();
    let mut lights = WorkLights::default();
    for item in &mut items {
        item.light = light(item.due_at, now, near_days);
        match item.light {
            WorkLight::Red => lights.red += 1,
            WorkLight::Amber => lights.amber += 1,
            WorkLight::Green => lights.green += 1,
            WorkLight::Undated => lights.undated += 1,
        }
    }
    items.sort_by_key(|item| (item.due_at.map_or(i64::MAX, Timestamp::ms), item.id));
    let owners: Vec<Id> = items.iter().filter_map(|item| item.owner_id).collect();
    let names = record::names_of_ids(app, caller, &owners).await?;
    for item in &mut items {
        item.owner_name = item.owner_id.and_then(|id| names.get(&id.to_string()).cloned());
    }
    Ok(Cockpit { items, lights, cut: tasks_cut || campaigns_cut, near_days })
}

/// Returns the nouns of the cockpit's work with what they belong to.
fn groups(app: &App) -> Result<BTreeMap<&'static str, WorkGroup>> {
    let mut groups = BTreeMap::from(NOUNS);
    for record_type in app.part::<Rulebook>()?.record_types() {
        groups.extend(group_of(record_type.spec.area).map(|group| (record_type.noun, group)));
    }
    Ok(groups)
}

async fn tasks(app: &App, caller: &Caller) -> Result<(Vec<WorkItem>, bool)> {
    let groups = groups(app)?;
    let nouns: Vec<&'static str> = groups.keys().copied().collect();
    let read = |permission| -> Result<_> {
        Ok(sql::tasks(&nouns, &caller.scope(permission)?, caller.clearance, knows_staff(app)))
    };
    let query = read(TASK_READ)?;
    let managed: BTreeSet<Id> = match caller.may(WORK_MANAGE) {
        true => {
            app.store.list::<sql::TaskRow>(read(WORK_MANAGE)?).await?.into_iter().map(|row| row.id).collect()
        }
        false => BTreeSet::new(),
    };
    let mut rows: Vec<sql::TaskRow> = app.store.list(query).await?;
    let cut = rows.len() > sql::SHOWN_MAX as usize;
    rows.truncate(sql::SHOWN_MAX as usize);
    let items = rows.into_iter().map(|row| WorkItem {
        id: row.id,
        kind: WorkKind::Task,
        group: groups.get(row.subject_noun.as_str()).copied().unwrap_or(WorkGroup::Campaign),
        title: app.texts.say(caller.language, &row.title_code, &row.title_args),
        link: row.link,
        owner_id: row.assignee_user_id,
        owner_name: None,
        permission: row.assignee_permission,
        due_at: row.due_at,
        light: WorkLight::Undated,
        movable: is_movable(&row.kind) && managed.contains(&row.id),
    });
    Ok((items.collect(), cut))
}

async fn campaigns(app: &App, caller: &Caller) -> Result<(Vec<WorkItem>, bool)> {
    let Some(view) = app.view(CAMPAIGNS) else { return Ok((Vec::new(), false)) };
    let permission = permission_of(app, &view)?;
    if !caller.may(permission) {
        return Ok((Vec::new(), false));
    }
    let query = sql::campaigns(&caller.scope(permission)?);
    let mut rows: Vec<sql::CampaignRow> = app.store.list(query).await?;
    let cut = rows.len() > sql::SHOWN_MAX as usize;
    rows.truncate(sql::SHOWN_MAX as usize);
    let launch = app.permission(LAUNCH).filter(|known| caller.may(*known));
    let launches = launch.map(|permission| caller.scope(permission)).transpose()?.unwrap_or_default();
    let items = rows.into_iter().map(|row| WorkItem {
        movable: launches.covers(row.brand_id, row.department_id, row.owner_id),
        link: format!("/campaigns/{}", row.id),
        id: row.id,
        kind: WorkKind::Campaign,
        group: WorkGroup::Campaign,
        // What is not on its way yet is due when it is to begin; what is on its way, when it is to end.
        due_at: match row.state.as_str() {
            "draft" | "ready" => row.period_from,
            "scheduled" => row.schedule_at,
            _ => row.period_to,
        },
        title: row.name,
        owner_id: row.owner_id,
        owner_name: None,
        permission: None,
        light: WorkLight::Undated,
    });
    Ok((items.collect(), cut))
}
