use http_kit::{App, StaffMove};
use kernel::{Id, Result};
use serde_json::{Map, Value as Json};
use store::{Tx, args};

use super::write::{Act, Row, pass_on};
use super::{names, sql};
use crate::task;

/// Most records that are passed on at once; whoever owns more has a handover of their own.
const AT_ONCE_MAX: i64 = 500;

/// Moves the person of a record to another post, with what they may do, and passes their open work on.
///
/// `named` are the fields of the person, the post, the roles and of whoever takes over.
pub async fn carry_out(
    tx: &mut Tx,
    app: &App,
    row: &Row,
    facts: &Map<String, Json>,
    named: [Option<&str>; 4],
) -> Result<()> {
    let [person, position, roles, work_to] = named;
    let id = |name: Option<&str>| facts.get(name?)?.as_str()?.parse::<Id>().ok();
    let Some(user_id) = id(person) else { return Ok(()) };
    let change = StaffMove {
        user_id,
        position_id: id(position),
        gives: roles_of(facts, roles, "give"),
        takes: roles_of(facts, roles, "take"),
    };
    app.people.get()?.move_person(tx, &change).await?;
    match id(work_to) {
        Some(to) if to != user_id => pass_work_on(tx, app, row, user_id, to).await,
        _ => Ok(()),
    }
}

fn roles_of(facts: &Map<String, Json>, table: Option<&str>, change: &str) -> Vec<Id> {
    let rows = table.and_then(|name| facts.get(name)?.as_array()).map(Vec::as_slice).unwrap_or_default();
    let wanted = rows.iter().filter(|row| row["change"] == change);
    wanted.filter_map(|row| row["role"].as_str()?.parse().ok()).collect()
}

/// Gives open tasks and open records of one person to another.
async fn pass_work_on(tx: &mut Tx, app: &App, row: &Row, from: Id, to: Id) -> Result<()> {
    task::pass_on(tx, from, to).await?;
    let owned: Vec<Id> = tx.all(sql::OWNED, args![from, row.id, AT_ONCE_MAX]).await?;
    for id in owned {
        let before: Row = tx.get(sql::FIND, args![id]).await?;
        let record_type = names::record_type(app, &before.type_id)?;
        let act = Act { action: "pass_on", from_state: before.state.clone(), reason: Some(&row.number) };
        pass_on(tx, app, &record_type, &before, to, &act).await?;
    }
    Ok(())
}
