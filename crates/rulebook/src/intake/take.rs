//! Taking what a sender sends: one record for each key, and a reason for each refusal.

use http_kit::App;
use kernel::{Caller, Id, Label, MINUTE_MS, Problem, Result};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::{Observation, args};

use super::{Intake, IntakeKind, IntakeOutcome, IntakeReceipt, rules, sql};
use crate::record::{self, Draft};

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
    match open(app, &intake, kind, sent).await {
        Ok(receipt) => Ok(receipt),
        Err(problem) => {
            // What is wrong with the product itself is no refusal of the sender's.
            if problem.status < 500 {
                refuse(app, &intake, kind, &problem).await?;
            }
            Err(problem)
        }
    }
}

async fn open(app: &App, intake: &Intake, kind: IntakeKind, sent: &Sent<'_>) -> Result<IntakeReceipt> {
    let body = rules::read(kind, sent.body)?;
    let key = rules::sender_key(intake.key_path.as_deref(), sent.key, kind, &body);
    let mut tx = app.store.begin(&Caller::system(ACTS_AS)).await?;
    let now = tx.now();
    if tx.exec(sql::SEE, args![intake.id, &key, now]).await? == 0 {
        drop(tx);
        return known(app, intake, kind, &key).await;
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
    let entry = args![
        Id::new(),
        intake.id,
        now,
        kind.as_str(),
        IntakeOutcome::Opened.as_str(),
        None::<String>,
        "[]",
        id
    ];
    tx.exec_one(sql::INSERT_ENTRY, entry).await?;
    tx.exec_one(sql::USED, args![intake.id, now]).await?;
    let (_, number): (Id, String) = tx.get(sql::NUMBER, args![id]).await?;
    tx.commit().await?;
    // Numbers of what is secret are not for senders.
    let number = (record_type.spec.label <= Label::Internal).then_some(number);
    Ok(IntakeReceipt { outcome: IntakeOutcome::Opened, number })
}

/// Answers what was sent before as it was answered then.
async fn known(app: &App, intake: &Intake, kind: IntakeKind, key: &str) -> Result<IntakeReceipt> {
    let record: Option<(Id, String)> = app.store.find(sql::KNOWN, args![intake.id, key]).await?;
    let record_type = record::record_type(app, &intake.opens)?;
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    let now = tx.now();
    let outcome = IntakeOutcome::Known;
    let id = record.as_ref().map(|(id, _)| *id);
    let entry = args![Id::new(), intake.id, now, kind.as_str(), outcome.as_str(), None::<String>, "[]", id];
    tx.exec_one(sql::INSERT_ENTRY, entry).await?;
    tx.exec_one(sql::USED, args![intake.id, now]).await?;
    tx.commit().await?;
    let number = record.map(|(_, number)| number).filter(|_| record_type.spec.label <= Label::Internal);
    Ok(IntakeReceipt { outcome, number })
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
