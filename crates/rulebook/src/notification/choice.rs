//! Choices (通知设置): how each person wants to be told.

use http_kit::App;
use kernel::{Caller, Id, Result};
use serde::Deserialize;
use serde_json::json;
use store::{Audit, Tx, args};

use super::rules::{DIGEST_HOUR, check, default_choice};
use super::{NewNotificationChoices, NoticeKind, NotificationChoice, NotificationChoices, QuietHours, sql};
use crate::parameter::{self, TimeRange};

/// Policy parameter with the company's quiet hours.
const QUIET_HOURS: &str = "notification.quiet_hours";

/// When somebody wants to be left alone, and when their digest comes.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Habit {
    own_quiet_hours: bool,
    quiet_from: Option<i64>,
    quiet_to: Option<i64>,
    pub digest_hour: i64,
}

impl Habit {
    /// Returns the person's own quiet hours, where they have some.
    pub fn quiet(&self) -> Option<QuietHours> {
        let own = self.quiet_from.zip(self.quiet_to).filter(|_| self.own_quiet_hours);
        own.map(|(from, to)| QuietHours { from, to })
    }
}

/// Returns how somebody wants to be told of a kind.
pub(crate) async fn of(tx: &mut Tx, user: Id, kind: NoticeKind) -> Result<NotificationChoice> {
    let known: Vec<NotificationChoice> = tx.all(sql::CHOICES, args![user]).await?;
    Ok(known.into_iter().find(|choice| choice.kind == kind).unwrap_or_else(|| default_choice(kind)))
}

/// Returns when somebody wants to be left alone.
pub(crate) async fn habit(tx: &mut Tx, user: Id) -> Result<Habit> {
    let found: Option<Habit> = tx.find(sql::HABIT, args![user]).await?;
    let none = Habit { own_quiet_hours: false, quiet_from: None, quiet_to: None, digest_hour: DIGEST_HOUR };
    Ok(found.unwrap_or(none))
}

/// Returns the company's quiet hours.
pub(crate) async fn company_quiet(tx: &mut Tx) -> Result<TimeRange> {
    parameter::get_in(tx, QUIET_HOURS).await?.time_range()
}

/// Returns how the caller wants to be told.
pub async fn choices(app: &App, caller: &Caller) -> Result<NotificationChoices> {
    let user = caller.user_id()?;
    let company: TimeRange = parameter::get(&app.store, QUIET_HOURS).await?.time_range()?;
    let known: Vec<NotificationChoice> = app.store.all(sql::CHOICES, args![user]).await?;
    let habit: Option<Habit> = app.store.find(sql::HABIT, args![user]).await?;
    Ok(shown(&known, habit.as_ref(), company))
}

fn shown(known: &[NotificationChoice], habit: Option<&Habit>, company: TimeRange) -> NotificationChoices {
    let chosen = |kind: NoticeKind| known.iter().find(|choice| choice.kind == kind).cloned();
    NotificationChoices {
        choices: NoticeKind::ALL
            .iter()
            .map(|kind| chosen(*kind).unwrap_or_else(|| default_choice(*kind)))
            .collect(),
        quiet_hours: habit.and_then(Habit::quiet),
        company_quiet_hours: company.into(),
        digest_hour: habit.map_or(DIGEST_HOUR, |habit| habit.digest_hour),
    }
}

/// Keeps how the caller wants to be told from now on.
pub async fn choose(app: &App, caller: &Caller, new: &NewNotificationChoices) -> Result<NotificationChoices> {
    check(new)?;
    let user = caller.user_id()?;
    let mut tx = app.store.begin(caller).await?;
    for choice in &new.choices {
        let args = args![
            user,
            choice.kind.as_str(),
            choice.in_app,
            choice.mail,
            choice.webhook,
            choice.digest.as_str()
        ];
        tx.exec(sql::CHOOSE, args).await?;
    }
    let quiet = new.quiet_hours;
    let now = tx.now();
    let args = args![
        user,
        quiet.is_some(),
        quiet.map(|quiet| quiet.from),
        quiet.map(|quiet| quiet.to),
        new.digest_hour,
        now
    ];
    tx.exec(sql::KEEP_HABIT, args).await?;
    let facts = json!({ "choices": new.choices, "quiet_hours": quiet, "digest_hour": new.digest_hour });
    tx.audit(Audit::new("choose", "rulebook.notification_choice", user).with(facts)).await?;
    tx.commit().await?;
    choices(app, caller).await
}
