use async_trait::async_trait;
use http_kit::App;
use kernel::ports::MailOutcome;
use kernel::{Caller, Id, Problem, Result};
use serde::{Deserialize, Serialize};
use store::{Audit, Job, JobError, JobKind, Lease};

use super::{Purpose, mail, service};
use crate::user::service::Account;
use crate::user::{self, UserState};

/// Makes a link and mails it.
#[derive(Debug, Serialize, Deserialize)]
pub struct MailLink {
    /// To whom.
    pub user_id: Id,
    /// What it is for.
    pub purpose: Purpose,
    /// The alert that it is about.
    pub about_id: Option<Id>,
}

impl JobKind for MailLink {
    const KIND: &'static str = "identity.link.mail";
    const PRIORITY: i64 = 20;
}

#[async_trait]
impl Job<App> for MailLink {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let account = user::service::account(&app.store, self.user_id).await?;
        Ok(send(app, &account, self.purpose, self.about_id).await?)
    }
}

/// Mails a reset link to an address, if an account has it.
#[derive(Debug, Serialize, Deserialize)]
pub struct MailReset {
    /// The address, in the form under which it is unique.
    pub email_key: String,
}

impl JobKind for MailReset {
    const KIND: &'static str = "identity.link.mail_reset";
    const PRIORITY: i64 = 20;
}

#[async_trait]
impl Job<App> for MailReset {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        match user::service::by_email(&app.store, &self.email_key).await? {
            // Somebody who never activated gets that link again.
            Some(account) if account.state == UserState::Invited => {
                send(app, &account, Purpose::Activation, None).await?;
            }
            Some(account) => send(app, &account, Purpose::PasswordReset, None).await?,
            None => {}
        }
        Ok(())
    }
}

/// Sends the link if the account is still in the state that it is for; a closed one gets none.
async fn send(app: &App, account: &Account, purpose: Purpose, about_id: Option<Id>) -> Result<()> {
    let fits = match purpose {
        Purpose::Activation => account.state == UserState::Invited,
        Purpose::PasswordReset => account.state == UserState::Active,
        Purpose::NotMe => account.state.is_open(),
        Purpose::FirstAdmin => false,
    };
    if !fits {
        return Ok(());
    }
    // Without a way to send, no link is made either.
    let port = app.ports.mail.get()?;
    let mut tx = app.store.begin(&Caller::system("account mail")).await?;
    let (id, secret) = service::make(&mut tx, purpose, Some(account.id), about_id).await?;
    let facts = serde_json::json!({ "purpose": purpose, "link": id });
    tx.audit(Audit::new("send_link", "identity.user", account.id).with(facts)).await?;
    tx.commit().await?;
    let mail = mail::about(app, account, purpose, about_id, (id, &secret)).await?;
    match port.send(&mail).await {
        // A link that arrives twice is one too many, but works once.
        MailOutcome::Accepted { .. } | MailOutcome::Unknown { .. } => Ok(()),
        MailOutcome::Refused { permanent: true, reply } => {
            Err(Problem::unprocessable("identity.mail.refused").with("reply", reply))
        }
        MailOutcome::Refused { reply, .. } => {
            Err(Problem::unavailable("identity.mail.not_sent").with("reason", reply))
        }
        MailOutcome::NotSent { reason } => {
            Err(Problem::unavailable("identity.mail.not_sent").with("reason", reason))
        }
    }
}
