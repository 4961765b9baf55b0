use http_kit::{App, Person};
use kernel::{Caller, Id, Problem, Result};
use sha2::{Digest, Sha256};
use store::{Observation, Tx, args};

use super::{ReplyAddress, rules, sql};
use crate::intake::{Intake, IntakeOutcome, IntakeReceipt, Sent, settle_in};
use crate::notification::{self, Notice, NoticeKind};
use crate::parameter;
use crate::record::{self, NewComment, RecordFile};
use crate::task::Sentence;

/// Policy parameter: days for which an address takes replies.
const DAYS: &str = "comment.reply_days";
/// Bytes of the secret in an address: small enough for the part before the `@`, and no letter depends on its case.
const SECRET_BYTES: usize = 16;

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.to_lowercase()))
}

/// Makes an address for one person and one record; only its digest is kept.
pub(crate) async fn issue(tx: &mut Tx, user_id: Id, record_id: Id) -> Result<String> {
    let secret = hex::encode(store::random::bytes::<SECRET_BYTES>());
    let (now, days) = (tx.now(), parameter::get_in(tx, DAYS).await?.days()?);
    tx.exec_one(sql::ISSUE, args![digest(&secret), user_id, record_id, now, now.plus_days(days)]).await?;
    Ok(secret)
}

/// Forgets addresses that ended long ago; until then what ended says so.
pub(crate) async fn sweep(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    tx.exec(sql::SWEEP, args![now.plus_days(-366)]).await.map(drop)
}

/// Takes a reply: it becomes a comment of whoever the address is for, once.
pub(crate) async fn take(app: &App, intake: &Intake, sent: &Sent<'_>) -> Result<IntakeReceipt> {
    if sent.body.len() > rules::MAIL_MAX {
        return Err(Problem::too_large("rulebook.intake.too_large").with("max", rules::MAIL_MAX));
    }
    let mail = rules::read(sent.body).ok_or_else(|| Problem::bad_request("rulebook.intake.malformed"))?;
    if mail.automatic {
        return Err(Problem::unprocessable("rulebook.reply.automatic"));
    }
    let unknown = || Problem::not_found("rulebook.reply.unknown");
    let secret = app.settings.reply_to.as_deref().and_then(|reply_to| rules::secret(reply_to, &mail.to));
    let secret = secret.ok_or_else(unknown)?;
    let found: Option<ReplyAddress> = app.store.find(sql::BY_DIGEST, args![digest(&secret)]).await?;
    let address = found.ok_or_else(unknown)?;
    let person = sender(app, &address, &mail.from).await?;
    if let Some(receipt) = crate::intake::known_before(app, intake, &mail.key).await? {
        return Ok(receipt);
    }
    let key = mail.key.clone();
    match comment(app, intake, &address, mail).await {
        // Whoever answered hears at once that nothing came of it; a mail of ours may be all that they see.
        Err(problem) if problem.status < 500 => {
            tell(app, &person, &address, &key, &problem).await?;
            Err(problem)
        }
        other => other,
    }
}

/// Returns the person whose address it is, if the mail is theirs; nobody else is told anything.
async fn sender(app: &App, address: &ReplyAddress, from: &str) -> Result<Person> {
    let mut tx = app.store.begin(&Caller::system("replies")).await?;
    let people = app.people.get()?.people(&mut tx, &[address.user_id]).await?;
    drop(tx);
    let theirs = |person: &Person| person.active && person.email.trim().to_lowercase() == from;
    people.into_iter().find(theirs).ok_or_else(|| Problem::forbidden("rulebook.reply.other_sender"))
}

async fn comment(
    app: &App,
    intake: &Intake,
    address: &ReplyAddress,
    mail: rules::Arrived,
) -> Result<IntakeReceipt> {
    if address.expires_at <= app.store.now() {
        return Err(Problem::new(410, "rulebook.reply.expired"));
    }
    let system = Caller::system("replies");
    let caller = app.people.get()?.caller(app, address.user_id, &system).await?;
    let no_access = || Problem::forbidden("rulebook.reply.no_access");
    let caller = caller.ok_or_else(no_access)?;
    let type_id: String = app.store.get(sql::TYPE_OF, args![address.record_id]).await?;
    let place = record::commented(app, &caller, &type_id, address.record_id)
        .await
        .map_err(|problem| if problem.status < 500 { no_access() } else { problem })?;
    let (files, left_out) = rules::kept(mail.files);
    if mail.words.is_empty() && files.is_empty() {
        return Err(Problem::unprocessable("rulebook.reply.empty"));
    }
    let mut kept = Vec::with_capacity(files.len());
    for file in files {
        // What is stored is found by its content; a reply that is refused later leaves nothing that is named.
        let hash = app.blobs.put(&file.bytes).await?;
        let size = i64::try_from(file.bytes.len()).map_err(Problem::internal)?;
        kept.push(RecordFile { id: hash.to_string(), name: file.name, size, media_type: file.media_type });
    }
    let new = NewComment { text: mail.words, files: kept };
    let new = record::checked_comment(app, &caller, &place, new).await?;
    let mut tx = app.store.begin(&caller).await?;
    let taken = settle_in(&mut tx, intake, &mail.key, address.record_id).await?;
    if !taken {
        drop(tx);
        return Ok(IntakeReceipt { outcome: IntakeOutcome::Known, number: None });
    }
    record::comment_in(&mut tx, &place, new, Some(left_out)).await?;
    tx.commit().await?;
    Ok(IntakeReceipt { outcome: IntakeOutcome::Opened, number: Some(place.number().to_owned()) })
}

/// Tells somebody that their reply became nothing, once for each reply.
async fn tell(app: &App, person: &Person, address: &ReplyAddress, key: &str, why: &Problem) -> Result<()> {
    let code = match why.code.as_ref() {
        "rulebook.reply.expired" => "rulebook.notice.reply_expired",
        "rulebook.reply.empty" => "rulebook.notice.reply_empty",
        "rulebook.reply.no_access" => "rulebook.notice.reply_no_access",
        _ => "rulebook.notice.reply_refused",
    };
    let type_id: String = app.store.get(sql::TYPE_OF, args![address.record_id]).await?;
    let lost = why.code == "rulebook.reply.no_access";
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    let notice = Notice {
        kind: NoticeKind::Alert,
        subject_noun: "rulebook.record_comment",
        subject_id: address.record_id,
        link: if lost { "/".to_owned() } else { format!("/records/{type_id}/{}", address.record_id) },
        title: Sentence::new(code),
        group_key: format!("reply/{key}"),
        document: false,
    };
    notification::tell(&mut tx, &[person.id], &notice).await?;
    tx.commit().await
}
