//! Who is in a segment that is kept: evaluated anew for the people whom something touched, or for everybody.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use kernel::{Id, Result, Timestamp};
use store::{Tx, args};

use super::plan::LiveSegment;
use super::{SegmentChanged, sql};
use crate::condition::Setting;
use crate::condition::sql::and_holds;

/// People in one statement.
const CHUNK: usize = 4_000;
/// People in one message to others.
const TOLD: usize = 1_000;

/// Makes the members of a segment right, among these people or all. Whoever is in it when it is kept first did not
/// enter it then: that is nobody's news.
pub async fn settle(tx: &mut Tx, segment: &LiveSegment, among: Option<&[Id]>, zone: &TimeZone) -> Result<()> {
    let now = tx.now();
    let known: Option<i64> = tx.find(sql::LIVE_MEMBERS, args![segment.id]).await?;
    let (found, before) = match among {
        None => (meeting(tx, segment, None).await?, all_members(tx, segment.id).await?),
        Some(among) => {
            let (mut found, mut before) = (BTreeSet::new(), BTreeSet::new());
            for chunk in among.chunks(CHUNK) {
                found.extend(meeting(tx, segment, Some(chunk)).await?);
                before.extend(tx.list::<Id>(sql::members_among(segment.id, chunk)).await?);
            }
            (found, before)
        }
    };
    let entered: Vec<Id> = found.difference(&before).copied().collect();
    let left: Vec<Id> = before.difference(&found).copied().collect();
    if entered.is_empty() && left.is_empty() && among.is_some() {
        return Ok(());
    }
    write(tx, segment.id, &entered, &left, now).await?;
    if known.is_some() {
        note(tx, segment.id, &entered, &left, now).await?;
    }
    let members = match among {
        None => found.len() as i64,
        Some(_) => known.unwrap_or_default() + entered.len() as i64 - left.len() as i64,
    };
    let full_at = if among.is_none() { now } else { segment.full_at.unwrap_or(now) };
    tx.exec(sql::KEEP_LIVE, args![segment.id, segment.version_id, members, full_at]).await?;
    tx.exec(sql::COUNTED, args![segment.id, segment.version_id, members, now]).await?;
    let day = now.instant().to_zoned(zone.clone()).date().to_string();
    tx.exec(sql::SIZE, args![segment.id, day, members]).await.map(drop)
}

async fn meeting(tx: &mut Tx, segment: &LiveSegment, among: Option<&[Id]>) -> Result<BTreeSet<Id>> {
    let mut query = sql::people(among);
    let setting = Setting { library: &segment.library, now: tx.now() };
    and_holds(&mut query, &segment.tree, setting)?;
    Ok(tx.list::<Id>(query).await?.into_iter().collect())
}

async fn all_members(tx: &mut Tx, segment: Id) -> Result<BTreeSet<Id>> {
    Ok(tx.all::<Id>(sql::MEMBERS, args![segment]).await?.into_iter().collect())
}

async fn write(tx: &mut Tx, segment: Id, entered: &[Id], left: &[Id], now: Timestamp) -> Result<()> {
    for chunk in left.chunks(CHUNK) {
        tx.exec_query(sql::remove_members(segment, chunk)).await?;
    }
    let rows = entered.iter().map(|profile| args![segment, *profile, now]).collect();
    tx.insert_many(sql::ADD_MEMBERS, rows, sql::KEEP_MEMBER).await.map(drop)
}

/// Writes who came and went into the history, and tells those who wait for it.
async fn note(tx: &mut Tx, segment: Id, entered: &[Id], left: &[Id], now: Timestamp) -> Result<()> {
    let came = entered.iter().map(|profile| sql::change(segment, *profile, "entered", now));
    let went = left.iter().map(|profile| sql::change(segment, *profile, "left", now));
    tx.insert_many(sql::ADD_CHANGES, came.chain(went).collect(), "").await?;
    for chunk in entered.chunks(TOLD) {
        let entered = chunk.to_vec();
        tx.emit(&SegmentChanged { segment_id: segment, entered, left: Vec::new() }).await?;
    }
    for chunk in left.chunks(TOLD) {
        let left = chunk.to_vec();
        tx.emit(&SegmentChanged { segment_id: segment, entered: Vec::new(), left }).await?;
    }
    Ok(())
}
