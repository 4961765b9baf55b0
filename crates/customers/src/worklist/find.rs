use std::collections::{BTreeMap, BTreeSet};

use http_kit::App;
use kernel::{Caller, Id, Result, Timestamp};
use store::{Audit, Observation, Tx, args};

use super::rules::{Known, problems};
use super::{DataProblem, ItemState, sql};
use crate::consent::Channel;
use crate::suppression::{NewSuppression, SuppressionReason, suppress};

/// Policy parameter: months after which what is known about somebody needs confirming.
const MONTHS: &str = "customer.confirm_months";
/// People who are looked at together.
const CHUNK: i64 = 2_000;
/// Days of a month, for periods of months.
const MONTH_DAYS: i64 = 30;

/// Looks at everybody; returns how many items are new.
pub async fn find(app: &App) -> Result<u64> {
    let months = rulebook::parameter::get(&app.store, MONTHS).await?.integer()?;
    let stale_before = app.store.now().plus_days(-months * MONTH_DAYS);
    let (mut after, mut seen) = (None, 0);
    let (mut new, mut mended) = (0, 0);
    loop {
        let people: Vec<sql::Person> = app.store.list(sql::people(after, CHUNK)).await?;
        let Some(last) = people.last() else {
            note(app, seen, new, mended).await?;
            return Ok(new);
        };
        after = Some(last.id);
        seen += people.len();
        let mut tx = app.store.begin(&Caller::system("customers.worklist")).await?;
        let (found, gone) = chunk(&mut tx, &people, stale_before).await?;
        if found > 0 {
            tx.audit(Audit::without_row("find", "customers.worklist_item").covering(found)).await?;
        }
        tx.commit().await?;
        new += found;
        mended += gone;
    }
}

/// Notes that everybody was looked at, and what came of it.
async fn note(app: &App, people: usize, found: u64, mended: u64) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let now = tx.now();
    let row = args![Id::new(), now, people as i64, found as i64, mended as i64];
    tx.exec_one(sql::INSERT_RUN, row).await?;
    tx.commit().await
}

/// Returns how many items are new, and how many were mended.
async fn chunk(tx: &mut Tx, people: &[sql::Person], stale_before: Timestamp) -> Result<(u64, u64)> {
    let ids: Vec<Id> = people.iter().map(|person| person.id).collect();
    let waiting: Vec<sql::Waiting> = tx.list(sql::waiting(&ids)).await?;
    let mut waiting: BTreeMap<(Id, DataProblem), Id> =
        waiting.into_iter().map(|item| ((item.profile_id, item.problem), item.id)).collect();
    let (now, mut rows, mut unusable) = (tx.now(), Vec::new(), BTreeSet::new());
    for person in people {
        for problem in problems(&known(person), stale_before) {
            if waiting.remove(&(person.id, problem)).is_none() {
                let open = ItemState::Open.as_str();
                rows.push(args![Id::new(), person.id, problem.as_str(), open, now, 1]);
            }
            if problem == DataProblem::MobileInvalid {
                unusable.extend(person.mobile_node_id);
            }
        }
    }
    keep_from_sending(tx, unusable, now).await?;
    let mended: Vec<Id> = waiting.into_values().collect();
    let mended = match mended.is_empty() {
        true => 0,
        false => tx.exec_query(sql::mended(&mended, now)).await?,
    };
    Ok((tx.insert_many(sql::INSERT, rows, sql::FIND_AGAIN).await?, mended))
}

fn known(person: &sql::Person) -> Known {
    Known {
        name: person.name.clone(),
        email: person.email.clone(),
        mobile: person.mobile.clone(),
        household_size: person.household_size,
        children: person.children,
        email_bounced: person.bounced.is_some(),
        last_told: Some(person.checked_at.map_or(person.updated_at, |at| at.max(person.updated_at))),
    }
}

/// Nothing goes to a number that nobody can have, so that no money is spent on it; somebody who knows better takes it off
/// the list.
async fn keep_from_sending(tx: &mut Tx, numbers: BTreeSet<Id>, now: Timestamp) -> Result<()> {
    let mut entries = Vec::new();
    for node_id in numbers {
        let known: Option<Id> = tx.find(sql::SUPPRESSED, args![node_id]).await?;
        if known.is_none() {
            entries.push(NewSuppression {
                node_id,
                channel: Channel::Sms,
                reason: SuppressionReason::Invalid,
                detail: None,
                source: "worklist".to_owned(),
                happened_at: now,
                expires_at: None,
            });
        }
    }
    suppress(tx, &entries).await
}
