//! What the product does with records by itself once a time has come (定时动作), as their machines say.

use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Result};
use store::{Query, args};

use super::{act, sql};
use crate::Rulebook;
use crate::machine::TimedSpec;
use crate::parameter;
use crate::record_type::RecordType;
use crate::record_type::intern::intern;

/// Most records of one state that are done at once; the next look finds the others.
const AT_ONCE_MAX: i64 = 200;

/// Does what is due; returns with how many records.
pub async fn do_what_is_due(app: &App) -> Result<usize> {
    let book = app.part::<Rulebook>()?.snapshot();
    let mut done = 0;
    for record_type in book.record_types() {
        let machines = record_type.spec.machines.iter().filter_map(|choice| book.machine(&choice.machine));
        for machine in machines {
            for state in &machine.spec.states {
                if let Some(timed) = &state.timed {
                    done += of_state(app, record_type, &state.id, timed).await?;
                }
            }
        }
    }
    Ok(done)
}

async fn of_state(app: &App, record_type: &Arc<RecordType>, state: &str, timed: &TimedSpec) -> Result<usize> {
    let days = match &timed.after {
        Some(key) => parameter::get(&app.store, key).await?.days()?,
        None => 0,
    };
    let mut query = Query::new(sql::IDS, args![]);
    query.push(record_type.view.name).push(" WHERE TRUE").and("state =", state);
    query.push(" AND ").push(intern(&timed.at)).push(" <= ").bind(app.store.now().plus_days(-days));
    query.push(" ORDER BY id LIMIT ").bind(AT_ONCE_MAX);
    let mut done = 0;
    for id in app.store.list::<Id>(query).await? {
        let mut tx = app.store.begin(&Caller::system("timers")).await?;
        tx.lock(record_type.noun, id).await?;
        // What refuses leaves everything as it was; people see it standing there.
        if act::try_by_product(&mut tx, app, record_type, id, &timed.action).await? {
            tx.commit().await?;
            done += 1;
        }
    }
    Ok(done)
}
