//! The ledger at work: claim, send, settle; a transaction before the wire and one after it.

use std::collections::BTreeMap;

use http_kit::{App, Person};
use kernel::ports::{MailAttachment, MailOutcome, OutgoingMail};
use kernel::{Id, Result, Timestamp};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Observation, Tx, args};

use super::rules::{ATTEMPTS_MAX, CLAIM_MS, back_off_ms};
use super::{DeliveryState, NoticeKind, choice, mail, rules, sql};
use crate::record;
use crate::reply::{self, mail::Mirrored};

/// Why a mail is not sent whose receiver lost access meanwhile.
const NOT_THEIRS: &str = "the person may not see it any more";

/// A mail that is due, with what it says.
#[derive(Clone, Debug, Deserialize)]
pub struct DueMail {
    id: Id,
    pub(super) dedupe_key: String,
    attempts: i64,
    kind: NoticeKind,
    pub(super) link: String,
    pub(super) title_code: String,
    pub(super) title_args: BTreeMap<String, Json>,
    created_at: Timestamp,
    read_at: Option<Timestamp>,
    document: bool,
    subject_id: Id,
    group_key: String,
}

impl DueMail {
    /// Returns the comment that it mirrors, where it does.
    fn comment(&self) -> Option<Id> {
        let id = self.group_key.strip_prefix(record::COMMENT_GROUP)?;
        id.parse().ok().filter(|_| self.title_code == record::COMMENT_OPEN)
    }
}

/// What one worker took to send: one mail to one person.
#[derive(Clone, Debug)]
pub struct MailClaim {
    id: Id,
    person: Person,
    due: Vec<DueMail>,
    message_id: String,
    /// The record whose comments it mirrors, with the secret of the address to answer to.
    mirrors: Option<(Id, Option<String>)>,
}

/// How one try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Sent(String),
    /// Refused for good.
    Refused(String),
    /// Did not leave, or was put off: later.
    Later(String),
    Unknown(String),
    /// Not sent, for its receiver may not see it any more.
    NotTheirs,
}

impl From<MailOutcome> for Outcome {
    fn from(outcome: MailOutcome) -> Self {
        match outcome {
            MailOutcome::Accepted { reply } => Self::Sent(reply),
            MailOutcome::Refused { permanent: true, reply } => Self::Refused(reply),
            MailOutcome::Refused { permanent: false, reply } => Self::Later(reply),
            MailOutcome::NotSent { reason } => Self::Later(reason),
            MailOutcome::Unknown { reason } => Self::Unknown(reason),
        }
    }
}

/// Sends everything that is due; returns how many messages were tried.
pub async fn deliver(app: &App) -> Result<usize> {
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    let now = tx.now();
    tx.exec(sql::ABANDON, args![now.plus_ms(-CLAIM_MS), now]).await?;
    reply::sweep(&mut tx).await?;
    tx.commit().await?;
    let mails = deliver_mail(app).await?;
    Ok(mails + crate::webhook::deliver::deliver(app).await?)
}

async fn deliver_mail(app: &App) -> Result<usize> {
    // Without somebody who knows the addresses, or a way to send, everything waits.
    let (Ok(_), Ok(port)) = (app.people.get(), app.ports.mail.get()) else { return Ok(0) };
    let people: Vec<Id> = app.store.all(sql::DUE_PEOPLE, args![app.store.now()]).await?;
    let mut tried = 0;
    for user in people {
        // Comments leave as one mail for each record, so that they can be answered.
        while let Some(claim) = claim_mail(app, user).await? {
            tried += 1;
            let outcome = match write(app, &claim).await {
                Ok(Some(message)) => port.send(&message).await.into(),
                Ok(None) => Outcome::NotTheirs,
                Err(problem) => Outcome::Later(problem.code.to_string()),
            };
            let attempts = claim.due.iter().map(|one| one.attempts).max().unwrap_or(0) + 1;
            let mut tx = app.store.begin_observation(Observation::SendStep).await?;
            settle(&mut tx, claim.id, attempts, &outcome).await?;
            tx.commit().await?;
        }
    }
    Ok(tried)
}

/// Writes the mail of a claim; nothing where its receiver may not see what it says any more.
async fn write(app: &App, claim: &MailClaim) -> Result<Option<OutgoingMail>> {
    let Some((record_id, secret)) = &claim.mirrors else {
        let mut message = mail::write(app, &claim.person, &claim.due, &claim.message_id);
        message.attachments = documents(app, claim).await;
        return Ok(Some(message));
    };
    let comments: Vec<Id> = claim.due.iter().filter_map(DueMail::comment).collect();
    let mirrored = Mirrored {
        person: &claim.person,
        record_id: *record_id,
        comments: &comments,
        message_id: claim.message_id.clone(),
        secret: secret.as_deref(),
    };
    Box::pin(reply::mail::write(app, &mirrored)).await
}

/// Prints the records that these notices bring along. One that cannot be printed is still linked to.
async fn documents(app: &App, claim: &MailClaim) -> Vec<MailAttachment> {
    let mut found = Vec::new();
    let language = claim.person.language.unwrap_or_default();
    for one in claim.due.iter().filter(|one| one.document) {
        let mut parts = one.link.rsplit('/');
        let (Some(Ok(id)), Some(type_id)) = (parts.next().map(str::parse), parts.next()) else { continue };
        match record::print_for_mail(app, language, type_id, id).await {
            Ok(printed) => found.extend(printed.map(|printed| MailAttachment {
                name: printed.name,
                media_type: "application/pdf".to_owned(),
                bytes: printed.bytes,
            })),
            Err(problem) => {
                tracing::warn!(link = one.link, code = %problem.code, "{} could not be printed: {}", one.link, problem.code);
            }
        }
    }
    found
}

/// Takes what may leave to one person now; puts off and ends the rest. After this it may be on the wire.
pub async fn claim_mail(app: &App, user: Id) -> Result<Option<MailClaim>> {
    let mut tx = app.store.begin_observation(Observation::SendStep).await?;
    // One worker at a time decides for one person.
    tx.lock("rulebook.notification_mail", user).await?;
    let now = tx.now();
    let waiting: Vec<DueMail> = tx.all(sql::DUE_MAIL, args![user, now]).await?;
    let person = app.people.get()?.people(&mut tx, &[user]).await?.into_iter().find(|person| person.active);
    let due = match &person {
        Some(_) => leaving(app, &mut tx, user, waiting).await?,
        None => {
            for one in waiting {
                tx.exec(sql::SUPPRESS, args![one.id, "the person has no account any more", now]).await?;
            }
            Vec::new()
        }
    };
    let due = together(due);
    let mirrors = match due.first().filter(|one| one.comment().is_some()).map(|one| one.subject_id) {
        Some(record_id) if app.settings.reply_to.is_some() => {
            Some((record_id, Some(reply::issue(&mut tx, user, record_id).await?)))
        }
        about => about.map(|record_id| (record_id, None)),
    };
    let (claim, message_id) = (Id::new(), mail::id_of(app, &due));
    for one in &due {
        tx.exec_one(sql::CLAIM, args![one.id, claim, now, &message_id]).await?;
    }
    tx.commit().await?;
    let person = person.filter(|_| !due.is_empty());
    Ok(person.map(|person| MailClaim { id: claim, person, due, message_id, mirrors }))
}

/// Returns what leaves as one mail: the comments on one record, or all that are no comments.
fn together(due: Vec<DueMail>) -> Vec<DueMail> {
    let about = |one: &DueMail| one.comment().map(|_| one.subject_id);
    let Some(first) = due.first().map(about) else { return due };
    due.into_iter().filter(|one| about(one) == first).collect()
}

/// Returns those that leave now: the others were read meanwhile, or come later.
async fn leaving(app: &App, tx: &mut Tx, user: Id, waiting: Vec<DueMail>) -> Result<Vec<DueMail>> {
    let now = tx.now();
    let habit = choice::habit(tx, user).await?;
    let quiet = match habit.quiet() {
        Some(own) => own.range(),
        None => choice::company_quiet(tx).await?,
    };
    let mut due = Vec::new();
    for one in waiting {
        if one.read_at.is_some() {
            tx.exec(sql::SUPPRESS, args![one.id, "read before", now]).await?;
            continue;
        }
        let chosen = choice::of(tx, user, one.kind).await?;
        let zone = &app.settings.time_zone;
        let when = rules::due(now, one.created_at, &chosen, habit.digest_hour, quiet, zone);
        if when > now {
            tx.exec(sql::DEFER, args![one.id, when]).await?;
        } else {
            due.push(one);
        }
    }
    Ok(due)
}

/// Writes down how a try ended; returns the state that it led to.
pub(crate) async fn settle(
    tx: &mut Tx,
    claim: Id,
    attempts: i64,
    outcome: &Outcome,
) -> Result<DeliveryState> {
    let now = tx.now();
    let (state, words) = match outcome {
        Outcome::Sent(words) => (DeliveryState::Sent, words),
        Outcome::Unknown(words) => (DeliveryState::Unknown, words),
        Outcome::Refused(words) => (DeliveryState::Failed, words),
        Outcome::NotTheirs => (DeliveryState::Suppressed, &NOT_THEIRS.to_owned()),
        Outcome::Later(words) if attempts >= ATTEMPTS_MAX => (DeliveryState::Failed, words),
        Outcome::Later(words) => {
            let again = now.plus_ms(back_off_ms(attempts));
            tx.exec(sql::AGAIN, args![claim, short(words), again]).await?;
            return Ok(DeliveryState::Intent);
        }
    };
    tx.exec(sql::SETTLE, args![claim, state.as_str(), short(words), now]).await?;
    Ok(state)
}

/// What others say can be long.
fn short(words: &str) -> String {
    words.chars().take(500).collect()
}
