//! Taking what a sender sends: one record for each key, and a reason for each refusal.

use http_kit::App;
use kernel::{Caller, Id, Label, MINUTE_MS, Problem, Result};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::{Observation, Tx, args};

use super::{Intake, IntakeKind, IntakeOutcome, IntakeReceipt, rules, sql};
use crate::record::{self, Draft};
use crate::reply;

/// Under which name the product acts.
const ACTS_AS: &str = "intake";
/// Days for which refusals are kept.
const REFUSED_DAYS: i64 = 92;

/// What was sent (来件).
#[derive(Debug)]
pub struct Sent<'s> {
    /// The content type that the sender said.
    pub content_type: &'s str,
    /// The sender's key, where a header has one.
    pub key: Option<&'s str>,
    /// The bytes.
    pub body: &'s [u8],
}

/// Returns the digest under which a secret is kept.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// Takes what was sent to a secret address; an unknown one takes nothing.
pub async fn take(app: &App, secret: &str, sent: &Sent<'_>) -> Result<IntakeReceipt> {
    let unknown = || Problem::not_found("rulebook.intake.unknown");
    let found: Option<Intake> = app.store.find(sql::BY_DIGEST, args![digest(secret)]).await?;
    let intake = found.filter(|intake| intake.active).ok_or_else(unknown)?;
    let kind =
        rules::kind(sent.content_type).ok_or_else(|| Problem::new(415, "rulebook.intake.media_type"))?;
    let now = app.store.now();
    let recent: i64 = app.store.get(sql::RECENT, args![intake.id, now.plus_ms(-MINUTE_MS)]).await?;
    if recent >= intake.per_minute {
        return Err(Problem::too_many("rulebook.intake.too_many").with("retry_after_seconds", 60));
    }
    let taken = match intake.opens == reply::COMMENT {
        true => Box::pin(reply::take(app, &intake, sent)).await,
        false => open(app, &intake, kind, sent).await,
    };
    match taken {
        Ok(receipt) => Ok(receipt),
        Err(problem) => {
            // What is wrong with the product itself is no refusal of the sender's.
            if problem.status < 500 {
                refuse(app, &intake, kind, &problem).await?;
            }
            match problem.code.as_ref() {
                // A refusal would be answered to a program, and that by another one.
                "rulebook.reply.automatic" => {
                    Ok(IntakeReceipt { outcome: IntakeOutcome::Refused, number: None })
                }
                _ => Err(problem),
            }
        }
    }
}

/// Takes the key of a mail that became part of a record, with its entry, in the transaction that writes the record.
///
/// False where it was taken before: then nothing is to be written.
pub(crate) async fn settle_in(tx: &mut Tx, intake: &Intake, key: &str, record_id: Id) -> Result<bool> {
    let now = tx.now();
    if tx.exec(sql::SEE, args![intake.id, key, now]).await? == 0 {
        return Ok(false);
    }
    tx.exec_one(sql::OPENED, args![intake.id, key, record_id]).await?;
    enter(tx, intake, IntakeKind::Mail, IntakeOutcome::Opened, Some(record_id)).await?;
    Ok(true)
}

/// Answers a mail that was taken before as what it is.
pub(crate) async fn known_before(app: &App, intake: &Intake, key: &str) -> Result<Option<IntakeReceipt>> {
    match app.store.find::<(Id, String)>(sql::KNOWN, args![intake.id, key]).await? {
        Some(_) => known(app, intake, IntakeKind::Mail, key, false).await.map(Some),
        None => Ok(None),
    }
}

/// Keeps what became of something that was taken.
async fn enter(
    tx: &mut Tx,
    intake: &Intake,
    kind: IntakeKind,
    outcome: IntakeOutcome,
    record_id: Option<Id>,
) -> Result<()> {
    let now = tx.now();
    let entry =
        args![Id::new(), intake.id, now, kind.as_str(), outcome.as_str(), None::<String>, "[]", record_id];
    tx.exec_one(sql::INSERT_ENTRY, entry).await?;
    tx.exec_one(sql::USED, args![intake.id, now]).await
}

async fn open(app: &App, intake: &Intake, kind: IntakeKind, sent: &Sent<'_>) -> Result<IntakeReceipt> {
    let body = rules::read(kind, sent.body)?;
    let key = rules::sender_key(intake.key_path.as_deref(), sent.key, kind, &body);
    let mut tx = app.store.begin(&Caller::system(ACTS_AS)).await?;
    let now = tx.now();
    if tx.exec(sql::SEE, args![intake.id, &key, now]).await? == 0 {
        drop(tx);
        let numbers = record::record_type(app, &intake.opens)?.spec.label <= Label::Internal;
        return known(app, intake, kind, &key, numbers).await;
    }
    let record_type = record::record_type(app, &intake.opens)?;
    let (given, facts) = rules::values(&record_type, &intake.mapping, &body);
    let values = record::fill(app, &record_type, &given, &facts, None, now);
    let draft = Draft {
        values,
        owner_id: Some(intake.owner_id),
        department_id: intake.department_id,
        brand_id: None,
        reason: Some(intake.name.clone()),
    };
    let id = record::make(&mut tx, app, &Caller::system(ACTS_AS), &record_type, draft).await?;
    tx.exec_one(sql::OPENED, args![intake.id, &key, id]).await?;
    enter(&mut tx, intake, kind, IntakeOutcome::Opened, Some(id)).await?;
    let (_, number): (Id, String) = tx.get(sql::NUMBER, args![id]).await?;
    tx.commit().await?;
    // Numbers of what is secret are not for senders.
    let number = (record_type.spec.label <= Label::Internal).then_some(number);
    Ok(IntakeReceipt { outcome: IntakeOutcome::Opened, number })
}

/// Answers what was sent before as it was answered then.
async fn known(
    app: &App,
    intake: &Intake,
    kind: IntakeKind,
    key: &str,
    numbers: bool,
) -> Result<IntakeReceipt> {
    let record: Option<(Id, String)> = app.store.find(sql::KNOWN, args![intake.id, key]).await?;
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let outcome = IntakeOutcome::Known;
    enter(&mut tx, intake, kind, outcome, record.as_ref().map(|(id, _)| *id)).await?;
    tx.commit().await?;
    Ok(IntakeReceipt { outcome, number: record.map(|(_, number)| number).filter(|_| numbers) })
}

/// Keeps why something was refused; nothing of what was sent.
async fn refuse(app: &App, intake: &Intake, kind: IntakeKind, problem: &Problem) -> Result<()> {
    let fields: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let now = tx.now();
    let entry = args![
        Id::new(),
        intake.id,
        now,
        kind.as_str(),
        IntakeOutcome::Refused.as_str(),
        problem.code.as_ref(),
        store::json(&Json::from(fields)),
        None::<Id>
    ];
    tx.exec_one(sql::INSERT_ENTRY, entry).await?;
    tx.exec(sql::DROP_REFUSED, args![intake.id, now.plus_days(-REFUSED_DAYS)]).await?;
    tx.commit().await
}
