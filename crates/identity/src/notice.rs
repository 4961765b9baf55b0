//! What the access door puts on the one list behind "my work".

use http_kit::ChangePreview;
use kernel::{Id, Language, LocalText, Result, Timestamp};
use rulebook::task::{self, Assignee, CardAction, NewTask, Sentence};
use store::Tx;

use crate::device::Device;
use crate::permissions::{
    ACCOUNT_APPROVE, CASE_HANDLE, DELETION_APPROVE, DEVICE_MANAGE, REVIEW_DECIDE, USER_MANAGE,
};

const IDLE: &str = "identity.idle";
const HANDOVER: &str = "identity.handover";
const ALERT: &str = "identity.alert";
const CASE: &str = "identity.security_case";
const DEVICE: &str = "identity.device";
const ACCOUNT_REQUEST: &str = "identity.account_request";
const REVIEW: &str = "identity.access_review";
const DELETION: &str = "identity.deletion_request";

fn holders(code: &'static str, department_id: Option<Id>) -> Assignee {
    Assignee::Permission { code, brand_id: None, department_id }
}

fn post(action: &str, path: String, primary: bool, reason_field: Option<&str>) -> CardAction {
    CardAction {
        action: action.to_owned(),
        title: action.to_owned(),
        titles: None,
        method: "POST".to_owned(),
        path,
        primary,
        reason_field: reason_field.map(str::to_owned),
        if_match: None,
    }
}

/// An account that nobody has used for long.
pub(crate) async fn idle(tx: &mut Tx, user_id: Id, name: &str, days: i64) -> Result<()> {
    let path = format!("/api/v1/identity/users/{user_id}/disable");
    let task = NewTask {
        kind: IDLE,
        subject_noun: "identity.user",
        subject_id: user_id,
        link: format!("/system/users/{user_id}"),
        title: Sentence::new("identity.task.idle").with("name", name).with("days", days),
        assignee: holders(USER_MANAGE.code, None),
        not_for: vec![user_id],
        due_at: None,
        actions: vec![post("disable", path, true, Some("reason"))],
    };
    task::open(tx, task).await.map(drop)
}

/// The account was used again, or closed.
pub(crate) async fn idle_over(tx: &mut Tx, user_id: Id) -> Result<()> {
    task::cancel(tx, "identity.user", user_id, IDLE).await.map(drop)
}

/// Somebody left: what they own must go to somebody else.
pub(crate) async fn handover(
    tx: &mut Tx,
    id: Id,
    name: &str,
    to: Option<Id>,
    department_id: Option<Id>,
) -> Result<()> {
    let task = NewTask {
        kind: HANDOVER,
        subject_noun: HANDOVER,
        subject_id: id,
        link: format!("/people/handovers/{id}"),
        title: Sentence::new("identity.task.handover").with("name", name),
        assignee: to.map_or(holders(USER_MANAGE.code, department_id), Assignee::User),
        not_for: Vec::new(),
        due_at: Some(tx.now().plus_days(7)),
        actions: Vec::new(),
    };
    task::open(tx, task).await.map(drop)
}

/// The hand-over is done.
pub(crate) async fn handed_over(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, HANDOVER, id, HANDOVER, by).await.map(drop)
}

/// A sign-in that may be somebody else's: its owner is asked.
pub(crate) async fn alert(tx: &mut Tx, id: Id, user_id: Id, device: &str, address: &str) -> Result<()> {
    let path = |answer| format!("/api/v1/identity/alerts/{id}/{answer}");
    let task = NewTask {
        kind: ALERT,
        subject_noun: ALERT,
        subject_id: id,
        link: "/account".to_owned(),
        title: Sentence::new("identity.task.alert").with("device", device).with("address", address),
        assignee: Assignee::User(user_id),
        not_for: Vec::new(),
        due_at: Some(tx.now()),
        actions: vec![post("not_me", path("not-me"), false, None), post("me", path("me"), true, None)],
    };
    task::open(tx, task).await.map(drop)
}

/// The owner said whose sign-in it was.
pub(crate) async fn alert_answered(tx: &mut Tx, id: Id, by: Id) -> Result<()> {
    task::complete(tx, ALERT, id, ALERT, Some(by)).await.map(drop)
}

/// An account is locked: IT must look at it.
pub(crate) async fn case_opened(tx: &mut Tx, id: Id, name: &str) -> Result<()> {
    let task = NewTask {
        kind: CASE,
        subject_noun: CASE,
        subject_id: id,
        link: format!("/system/security-cases/{id}"),
        title: Sentence::new("identity.task.security_case").with("name", name),
        assignee: holders(CASE_HANDLE.code, None),
        not_for: Vec::new(),
        due_at: Some(tx.now().plus_ms(4 * kernel::HOUR_MS)),
        actions: vec![post("handle", format!("/api/v1/identity/security-cases/{id}/handle"), true, None)],
    };
    task::open(tx, task).await.map(drop)
}

/// IT is done with it.
pub(crate) async fn case_closed(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, CASE, id, CASE, by).await.map(drop)
}

/// A device waits to be looked at.
pub(crate) async fn device_waits(tx: &mut Tx, device: &Device) -> Result<()> {
    let task = NewTask {
        kind: DEVICE,
        subject_noun: DEVICE,
        subject_id: device.id,
        link: "/system/devices?state=waiting".to_owned(),
        title: Sentence::new("identity.task.device")
            .with("device", device.name.as_str())
            .with("name", device.owner_name.as_str()),
        assignee: holders(DEVICE_MANAGE.code, None),
        not_for: vec![device.owner_id],
        due_at: None,
        actions: Vec::new(),
    };
    task::open(tx, task).await.map(drop)
}

/// Somebody looked at the device, or it is out of use.
pub(crate) async fn device_checked(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, DEVICE, id, DEVICE, by).await.map(drop)
}

/// A department head asks for an account.
pub(crate) async fn account_requested(
    tx: &mut Tx,
    id: Id,
    version: i64,
    name: &str,
    role: &LocalText,
) -> Result<()> {
    let path = |act: &str| format!("/api/v1/identity/account-requests/{id}/{act}");
    let decide = |act, primary, reason| CardAction {
        if_match: Some(version),
        ..post(act, path(act), primary, reason)
    };
    let task = NewTask {
        kind: ACCOUNT_REQUEST,
        subject_noun: ACCOUNT_REQUEST,
        subject_id: id,
        link: format!("/system/account-requests/{id}"),
        title: Sentence::new("identity.task.account_request")
            .with("name", name)
            .with("role", role.get(Language::default())),
        assignee: holders(ACCOUNT_APPROVE.code, None),
        not_for: tx.caller().find_user_id().into_iter().collect(),
        due_at: Some(tx.now().plus_days(2)),
        actions: vec![decide("approve", true, None), decide("reject", false, Some("reason"))],
    };
    task::open(tx, task).await.map(drop)
}

/// The request is decided or withdrawn.
pub(crate) async fn account_decided(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, ACCOUNT_REQUEST, id, ACCOUNT_REQUEST, by).await.map(drop)
}

/// An access review waits for the department's head.
pub(crate) async fn review_opened(
    tx: &mut Tx,
    id: Id,
    reviewer: Option<Id>,
    (department_id, department): (Id, &LocalText),
    due_at: Timestamp,
) -> Result<()> {
    let task = NewTask {
        kind: REVIEW,
        subject_noun: REVIEW,
        subject_id: id,
        link: format!("/people/access-reviews/{id}"),
        title: Sentence::new("identity.task.access_review")
            .with("department", department.get(Language::default())),
        assignee: reviewer.map_or(holders(REVIEW_DECIDE.code, Some(department_id)), Assignee::User),
        not_for: Vec::new(),
        due_at: Some(due_at),
        actions: Vec::new(),
    };
    task::open(tx, task).await.map(drop)
}

/// Everybody in the review is decided on.
pub(crate) async fn review_closed(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, REVIEW, id, REVIEW, by).await.map(drop)
}

/// An important delete or bulk change needs a second person.
pub(crate) async fn deletion_requested(
    tx: &mut Tx,
    id: Id,
    version: i64,
    preview: &ChangePreview,
) -> Result<()> {
    let path = |act: &str| format!("/api/v1/identity/deletion-requests/{id}/{act}");
    let decide = |act, primary, reason| CardAction {
        if_match: Some(version),
        ..post(act, path(act), primary, reason)
    };
    let task = NewTask {
        kind: DELETION,
        subject_noun: DELETION,
        subject_id: id,
        link: format!("/system/deletion-requests/{id}"),
        title: Sentence { code: preview.summary_code, args: preview.summary_args.clone() },
        assignee: Assignee::Permission {
            code: DELETION_APPROVE.code,
            brand_id: preview.brand_id,
            department_id: preview.department_id,
        },
        not_for: tx.caller().find_user_id().into_iter().collect(),
        due_at: Some(tx.now().plus_days(3)),
        actions: vec![decide("approve", true, None), decide("reject", false, Some("reason"))],
    };
    task::open(tx, task).await.map(drop)
}

/// The second person decided, or the first one withdrew.
pub(crate) async fn deletion_decided(tx: &mut Tx, id: Id) -> Result<()> {
    let by = tx.caller().find_user_id();
    task::complete(tx, DELETION, id, DELETION, by).await.map(drop)
}
