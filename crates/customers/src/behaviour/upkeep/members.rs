//! Who is in a segment that is kept: evaluated anew for the people whom something touched, or for everybody.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use kernel::{Id, Result, Timestamp};
use store::{Query, Tx, args};

use super::plan::LiveSegment;
use super::{SegmentChanged, sql};
use crate::condition::sql::and_holds;
use crate::segment::{MemberChange, hook};

/// People in one statement.
const CHUNK: usize = 4_000;
/// People in one message to others.
const TOLD: usize = 1_000;

/// Makes the members of a segment right, among these people or all. Whoever is in it when it is kept first did not
/// enter it then: that is nobody's news.
pub async fn settle(tx: &mut Tx, segment: &LiveSegment, among: Option<&[Id]>, zone: &TimeZone) -> Result<()> {
    let now = tx.now();
    let known: Option<i64> = tx.find(sql::LIVE_MEMBERS, args![segment.id]).await?;
    let members = match (among, known) {
        (Some(among), Some(known)) => {
            let Some(by) = settle_among(tx, segment, among).await? else { return Ok(()) };
            known + by
        }
        (_, known) => settle_all(tx, segment, known.is_some()).await?,
    };
    let full_at = if among.is_none() { now } else { segment.full_at.unwrap_or(now) };
    let follows_events = !segment.keys.is_empty();
    tx.exec(sql::KEEP_LIVE, args![segment.id, segment.version_id, members, full_at, follows_events]).await?;
    tx.exec(sql::COUNTED, args![segment.id, segment.version_id, members, now]).await?;
    let day = now.instant().to_zoned(zone.clone()).date().to_string();
    tx.exec(sql::SIZE, args![segment.id, day, members]).await.map(drop)
}

/// Returns by how many there are more; nothing where nobody came or went.
async fn settle_among(tx: &mut Tx, segment: &LiveSegment, among: &[Id]) -> Result<Option<i64>> {
    let (mut found, mut before) = (BTreeSet::new(), BTreeSet::new());
    for chunk in among.chunks(CHUNK) {
        let mut query = sql::people();
        query.and_in("p.id", chunk.iter().copied());
        found.extend(tx.list::<Id>(meeting(query, segment, tx.now())?).await?);
        before.extend(tx.list::<Id>(sql::members_among(segment.id, chunk)).await?);
    }
    let entered: Vec<Id> = found.difference(&before).copied().collect();
    let left: Vec<Id> = before.difference(&found).copied().collect();
    if entered.is_empty() && left.is_empty() {
        return Ok(None);
    }
    write(tx, segment.id, &entered, &left).await?;
    note(tx, segment.id, &entered, &left).await?;
    Ok(Some(entered.len() as i64 - left.len() as i64))
}

/// Returns how many there are. Only those who come and go are looked at: a segment may be everybody.
async fn settle_all(tx: &mut Tx, segment: &LiveSegment, is_known: bool) -> Result<i64> {
    if is_known {
        let mut left = sql::members_without(segment.id);
        and_holds(&mut left, &segment.tree, segment.setting(tx.now()))?;
        left.push(sql::CLOSE);
        let left: Vec<Id> = tx.list(left).await?;
        let mut entered = meeting(sql::people(), segment, tx.now())?;
        sql::and_not_in(&mut entered, segment.id);
        let entered: Vec<Id> = tx.list(entered).await?;
        write(tx, segment.id, &entered, &left).await?;
        note(tx, segment.id, &entered, &left).await?;
    } else {
        tx.exec(sql::FORGET_MEMBERS, args![segment.id]).await?;
        let everybody = sql::first_members(segment.id, tx.now());
        tx.exec_query(meeting(everybody, segment, tx.now())?).await?;
    }
    tx.get(sql::COUNT_MEMBERS, args![segment.id]).await
}

fn meeting(mut people: Query, segment: &LiveSegment, now: Timestamp) -> Result<Query> {
    and_holds(&mut people, &segment.tree, segment.setting(now))?;
    Ok(people)
}

async fn write(tx: &mut Tx, segment: Id, entered: &[Id], left: &[Id]) -> Result<()> {
    let now = tx.now();
    for chunk in left.chunks(CHUNK) {
        tx.exec_query(sql::remove_members(segment, chunk)).await?;
    }
    let rows = entered.iter().map(|profile| args![segment, *profile, now]).collect();
    tx.insert_many(sql::ADD_MEMBERS, rows, sql::KEEP_MEMBER).await.map(drop)
}

/// Writes who came and went into the history, and tells those who wait for it.
async fn note(tx: &mut Tx, segment: Id, entered: &[Id], left: &[Id]) -> Result<()> {
    let now = tx.now();
    let came = entered.iter().map(|profile| sql::change(segment, *profile, "entered", now));
    let went = left.iter().map(|profile| sql::change(segment, *profile, "left", now));
    tx.insert_many(sql::ADD_CHANGES, came.chain(went).collect(), "").await?;
    for chunk in entered.chunks(TOLD) {
        let entered = chunk.to_vec();
        hook::tell(tx, segment, MemberChange::Entered, chunk).await?;
        tx.emit(&SegmentChanged { segment_id: segment, entered, left: Vec::new() }).await?;
    }
    for chunk in left.chunks(TOLD) {
        let left = chunk.to_vec();
        hook::tell(tx, segment, MemberChange::Left, chunk).await?;
        tx.emit(&SegmentChanged { segment_id: segment, entered: Vec::new(), left }).await?;
    }
    Ok(())
}
