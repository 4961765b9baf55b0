//! Link (审批链接): decides one step in one way, once, for one person, on the content that was asked about.

use http_kit::App;
use kernel::{Actor, Caller, Id, Labelled, LocalText, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Tx, args};
use utoipa::ToSchema;

use super::service::{Proof, decide_in, over, refuse_void};
use super::{Approval, ApprovalState, ApprovalStep, ApprovalStepState, Decision, NewDecision, sql};
use crate::signature;

/// Longest that a link of a step without a due time works.
const DAYS: i64 = 7;

/// The secret of a link; it stands in the body of a request, which no server logs.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalLinkToken)]
pub struct LinkToken {
    /// The secret.
    #[schema(max_length = 100)]
    pub token: String,
}

/// A decision by a link.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApprovalLinkDecision)]
pub struct LinkDecision {
    /// The secret of the link.
    #[schema(max_length = 100)]
    pub token: String,
    /// Why; asked for where it is not agreed.
    #[schema(max_length = 1000)]
    pub comment: Option<String>,
    /// A code of the authenticator; asked for where money moves.
    #[schema(max_length = 20)]
    pub code: Option<String>,
}

/// What a link would decide (审批链接内容); no more than its receiver needs to recognise it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ApprovalLinkView)]
pub struct LinkView {
    /// What the thing is called.
    pub subject_title: String,
    /// Its version.
    pub subject_version: i64,
    /// What is to be done.
    pub action_names: LocalText,
    /// The step.
    pub step_names: LocalText,
    /// Who asked.
    pub requested_by_name: String,
    /// When.
    pub requested_at: Timestamp,
    /// Until when it waits.
    pub due_at: Option<Timestamp>,
    /// What the link decides.
    pub decision: Decision,
    /// True where a code of the authenticator is asked for.
    pub asks_code: bool,
    /// Until when the link works.
    pub expires_at: Timestamp,
    /// Key of the text that says why it no longer works; absent where it does.
    pub refusal: Option<String>,
}

impl Labelled for LinkView {
    const NOUN: &'static str = "rulebook.approval_link";
}

#[derive(Debug, Deserialize)]
struct Link {
    approval_id: Id,
    step_id: Id,
    user_id: Id,
    decision: Decision,
    content_hash: String,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    voided_at: Option<Timestamp>,
}

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// Makes a link, in place of those that the person already has for the step; returns the two secrets.
pub(super) async fn make(
    tx: &mut Tx,
    approval: &Approval,
    step: &ApprovalStep,
    user_id: Id,
) -> Result<[(Decision, String); 2]> {
    let now = tx.now();
    tx.exec(sql::VOID_LINKS, args![step.id, user_id, now]).await?;
    // A step that is late already must still be decidable by the mail that reminds of it.
    let until = step.due_at.filter(|due| *due > now).unwrap_or(now.plus_days(DAYS));
    let links = [Decision::Approve, Decision::Reject].map(|decision| (decision, store::random::token()));
    for (decision, secret) in &links {
        let args = args![
            Id::new(),
            digest(secret),
            approval.id,
            step.id,
            user_id,
            decision.as_str(),
            approval.subject_version,
            &approval.content_hash,
            until,
            now,
        ];
        tx.exec_one(sql::INSERT_LINK, args).await?;
    }
    Ok(links)
}

/// Says why a link no longer works.
fn refusal(link: &Link, approval: &Approval, step: &ApprovalStep, now: Timestamp) -> Option<&'static str> {
    if link.used_at.is_some() {
        return Some("rulebook.approval.link_used");
    }
    match approval.state {
        ApprovalState::Voided => return Some("rulebook.approval.voided"),
        ApprovalState::Withdrawn => return Some("rulebook.approval.withdrawn"),
        ApprovalState::Approved | ApprovalState::Rejected => return Some("rulebook.approval.over"),
        ApprovalState::Pending => {}
    }
    if step.state != ApprovalStepState::Open {
        return Some("rulebook.approval.over");
    }
    if link.voided_at.is_some() {
        return Some("rulebook.approval.link_voided");
    }
    (link.expires_at <= now).then_some("rulebook.approval.link_expired")
}

async fn load(app: &App, token: &str) -> Result<(Link, Approval, ApprovalStep)> {
    let link: Option<Link> = app.store.find(sql::LINK, args![digest(token)]).await?;
    let link = link.ok_or_else(|| Problem::not_found("rulebook.approval.link_unknown"))?;
    let approval = app.store.get(sql::FIND, args![link.approval_id]).await?;
    let step = app.store.get(sql::STEP, args![link.step_id]).await?;
    Ok((link, approval, step))
}

/// Shows what a link would decide; changes nothing.
pub async fn show(app: &App, token: &str) -> Result<LinkView> {
    let (link, approval, step) = load(app, token).await?;
    let refusal = refusal(&link, &approval, &step, app.store.now()).map(str::to_owned);
    let asks_code = approval.takes_code();
    Ok(LinkView {
        subject_title: approval.subject_title,
        subject_version: approval.subject_version,
        action_names: approval.action_names,
        step_names: step.names,
        requested_by_name: approval.requested_by_name,
        requested_at: approval.requested_at,
        due_at: step.due_at,
        decision: link.decision,
        asks_code,
        expires_at: link.expires_at,
        refusal,
    })
}

/// Decides by a link: as the person to whom it was mailed, once.
pub async fn use_link(app: &App, stranger: &Caller, input: &LinkDecision) -> Result<LinkView> {
    let (link, approval, step) = load(app, &input.token).await?;
    if let Some(code) = refusal(&link, &approval, &step, app.store.now()) {
        return Err(refused(code, &approval));
    }
    let name = name_of(app, link.user_id).await?;
    let decider =
        Caller { actor: Actor::User { id: link.user_id, name, by_token: false }, ..stranger.clone() };
    if approval.takes_code() {
        signature::prove(app, link.user_id, input.code.as_deref(), "code").await?;
    }
    let mut tx = app.store.begin(&decider).await?;
    let used = tx.exec(sql::USE_LINK, args![digest(&input.token), tx.now()]).await?;
    if used == 0 {
        return Err(refused("rulebook.approval.link_used", &approval));
    }
    let decision = NewDecision {
        step_id: Some(link.step_id),
        decision: link.decision,
        comment: input.comment.clone(),
        content_hash: Some(link.content_hash.clone()),
        code: None,
    };
    let verdict = Box::pin(decide_in(&mut tx, app, &decider, approval.id, &decision, Proof::Link)).await?;
    tx.commit().await?;
    refuse_void(verdict)?;
    show(app, &input.token).await
}

fn refused(code: &'static str, approval: &Approval) -> Problem {
    match code {
        "rulebook.approval.over" => over(approval),
        code => Problem::conflict(code),
    }
}

/// Returns the name of whoever a link was mailed to; nobody decides who may no longer act.
async fn name_of(app: &App, user_id: Id) -> Result<String> {
    let mut tx = app.store.begin(&Caller::system("approval link")).await?;
    let people = app.people.get()?.people(&mut tx, &[user_id]).await?;
    let person = people.into_iter().find(|person| person.active);
    person.map(|person| person.name).ok_or_else(|| Problem::forbidden("rulebook.approval.not_yours"))
}
