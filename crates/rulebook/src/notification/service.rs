use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Result};
use store::{Observation, Query, Tx, args, json};

use super::jobs::Deliver;
use super::{Channel, Notice, Notification, NotificationCount, NotificationFilter, choice, sql};
use crate::webhook;

/// Tells people of something, within the transaction that makes it necessary; returns how many were told.
///
/// Whoever was told of the same thing before is not told again.
pub async fn tell(tx: &mut Tx, users: &[Id], notice: &Notice) -> Result<u64> {
    say(tx, users, notice, true).await
}

/// Tells people of something of which a mail of its own goes out.
pub async fn tell_without_mail(tx: &mut Tx, users: &[Id], notice: &Notice) -> Result<u64> {
    say(tx, users, notice, false).await
}

async fn say(tx: &mut Tx, users: &[Id], notice: &Notice, by_mail: bool) -> Result<u64> {
    let (mut told, mut leaves) = (0, 0);
    let endpoints = webhook::service::listening(tx, notice.kind, notice.subject_id).await?;
    for user in users {
        let choice = choice::of(tx, *user, notice.kind).await?;
        let id = Id::new();
        let args = args![
            id,
            user,
            notice.kind.as_str(),
            notice.subject_noun,
            notice.subject_id,
            &notice.link,
            notice.title.code,
            json(&notice.title.args),
            &notice.group_key,
            choice.in_app,
            tx.now(),
            notice.document,
        ];
        if tx.exec(sql::INSERT, args).await? == 0 {
            continue;
        }
        told += 1;
        if choice.mail && by_mail {
            let key = format!("mail/{user}/{}", notice.group_key);
            leaves += intend(tx, id, Channel::Mail, Some(*user), None, &key).await?;
        }
        for endpoint in endpoints.iter().filter(|_| choice.webhook) {
            // A program is told once, however many people are.
            let key = format!("webhook/{endpoint}/{}", notice.group_key);
            leaves += intend(tx, id, Channel::Webhook, None, Some(*endpoint), &key).await?;
        }
    }
    if leaves > 0 {
        tx.enqueue_once(&Deliver {}, Deliver::KEY).await?;
    }
    Ok(told)
}

async fn intend(
    tx: &mut Tx,
    notification_id: Id,
    channel: Channel,
    user: Option<Id>,
    endpoint: Option<Id>,
    key: &str,
) -> Result<u64> {
    let now = tx.now();
    let args = args![Id::new(), notification_id, channel.as_str(), user, endpoint, key, now];
    tx.exec(sql::INTEND, args).await
}

/// Takes back what was said of a thing that is done: it counts as read, and no mail of it leaves any more.
pub async fn withdraw(tx: &mut Tx, group_key: &str) -> Result<()> {
    let now = tx.now();
    if tx.exec(sql::WITHDRAW, args![group_key, now]).await? > 0 {
        tx.exec(sql::WITHDRAW_MAIL, args![group_key, now]).await?;
    }
    Ok(())
}

/// Returns the caller's notifications, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &NotificationFilter,
) -> Result<Page<Notification>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query.and("user_id =", caller.user_id()?).and_some("kind =", filter.kind.map(|kind| kind.as_str()));
    if filter.unread == Some(true) {
        query.push(" AND read_at IS NULL");
    }
    query.and_some("id <", page.after::<Id>()?).push(" ORDER BY id DESC").limit_overfull(size);
    let mut found: Vec<Notification> = app.store.list(query).await?;
    found.iter_mut().for_each(|one| speak(app, caller, one));
    Ok(Page::from_overfull(found, size, |one| one.id))
}

fn speak(app: &App, caller: &Caller, one: &mut Notification) {
    one.title = app.texts.say(caller.language, &one.title_code, &one.title_args);
}

/// Counts what the caller has not read.
pub async fn count(app: &App, caller: &Caller) -> Result<NotificationCount> {
    app.store.get(sql::COUNT, args![caller.user_id()?]).await
}

/// Marks one of the caller's notifications as read.
pub async fn read(app: &App, caller: &Caller, id: Id) -> Result<Notification> {
    let user = caller.user_id()?;
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    let now = tx.now();
    tx.exec(sql::READ, args![id, user, now]).await?;
    let mut one: Notification = tx.get(sql::FIND, args![id, user]).await?;
    tx.commit().await?;
    speak(app, caller, &mut one);
    Ok(one)
}

/// Marks all of the caller's notifications as read.
pub async fn read_all(app: &App, caller: &Caller) -> Result<NotificationCount> {
    let user = caller.user_id()?;
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    let now = tx.now();
    tx.exec(sql::READ_ALL, args![user, now]).await?;
    tx.commit().await?;
    count(app, caller).await
}
