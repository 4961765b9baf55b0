//! What people hear of an approval once it has ended; that it waits for them, their task and its mail say.

use kernel::{Id, Result};
use store::Tx;

use super::opening::NOUN;
use super::{Approval, ApprovalState, Decider};
use crate::notification::{self, Notice, NoticeKind};
use crate::task::Sentence;

/// Tells whoever asked what became of it; where it is void, those who had decided too.
pub async fn ended(
    tx: &mut Tx,
    approval: &Approval,
    state: ApprovalState,
    deciders: &[Decider],
) -> Result<()> {
    let code = match state {
        ApprovalState::Approved => "rulebook.notice.approved",
        ApprovalState::Rejected => "rulebook.notice.rejected",
        ApprovalState::Voided => "rulebook.notice.voided",
        ApprovalState::Pending | ApprovalState::Withdrawn => return Ok(()),
    };
    let mut people: Vec<Id> = approval.requested_by.into_iter().collect();
    if state == ApprovalState::Voided {
        people.extend(deciders.iter().filter(|row| row.decision.is_some()).map(|row| row.user_id));
    }
    // Whoever brought it about knows.
    let actor = tx.caller().find_user_id();
    people.retain(|id| Some(*id) != actor);
    people.sort_unstable();
    people.dedup();
    let title = Sentence::new(code).with("title", approval.subject_title.as_str());
    let notice = Notice {
        kind: NoticeKind::Approval,
        subject_noun: NOUN,
        subject_id: approval.id,
        link: format!("/approvals/{}", approval.id),
        title: title.in_three("action", &approval.action_names),
        group_key: format!("approval/{}/{state}", approval.id),
        document: false,
    };
    notification::tell(tx, &people, &notice).await.map(drop)
}
