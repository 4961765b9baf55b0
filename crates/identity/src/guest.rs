//! Guest (外部协作者): an account for somebody from outside, as long as some record invites them.
//!
//! It signs in at the same door with the same protections. What it sees is decided there, anew for each request.

use http_kit::{GuestAccount, GuestMade};
use kernel::{Id, Problem, Result, Timestamp};
use store::{Audit, Tx, args};

use crate::check::{Check, email_key};
use crate::link::{Purpose, service as link};
use crate::user::service::{self, Account};
use crate::user::{NewUser, Origin, User, UserKind, UserState, sql};

/// Makes the account, or keeps the one that there is open for longer.
pub(crate) async fn invite(tx: &mut Tx, guest: &GuestAccount) -> Result<GuestMade> {
    Check::new().email("email", &guest.email).finish()?;
    let known: Option<Account> = tx.find(sql::BY_EMAIL, args![email_key(&guest.email)]).await?;
    match known {
        None => make(tx, guest).await,
        Some(account) if account.kind == UserKind::Staff => {
            Err(Problem::conflict("identity.guest.is_staff").with_field("email", "identity.guest.is_staff"))
        }
        Some(account) => keep(tx, &account, guest).await,
    }
}

async fn make(tx: &mut Tx, guest: &GuestAccount) -> Result<GuestMade> {
    let new = NewUser {
        name: guest.name.clone(),
        email: guest.email.clone(),
        language: guest.language,
        department_id: None,
        position_id: None,
        manager_id: None,
    };
    let user = service::insert(tx, Id::new(), &new, Origin::Invitation, None).await?;
    let now = tx.now();
    tx.exec_one(sql::SET_GUEST, args![user.id, &guest.organisation, guest.until, now]).await?;
    link::send(tx, user.id, Purpose::Activation).await?;
    Ok(GuestMade { user_id: user.id, has_link: true })
}

async fn keep(tx: &mut Tx, account: &Account, guest: &GuestAccount) -> Result<GuestMade> {
    match account.state {
        // Somebody closed it with a reason; who invites cannot know it.
        UserState::Disabled | UserState::Locked => return Err(Problem::conflict("identity.guest.closed")),
        UserState::Invited | UserState::Active | UserState::Left => {}
    }
    let before: User = tx.get(sql::FIND, args![account.id]).await?;
    let now = tx.now();
    let until = before.leave_at.filter(|leave| *leave > guest.until).unwrap_or(guest.until);
    tx.exec_one(sql::GUEST_UNTIL, args![account.id, until, now]).await?;
    let open: User = tx.get(sql::FIND, args![account.id]).await?;
    if open.state == UserState::Left {
        let after = service::reopen(tx, &open, "invited again").await?;
        return Ok(GuestMade { user_id: account.id, has_link: after.state == UserState::Invited });
    }
    let entry = Audit::new("update", "identity.user", account.id);
    tx.audit(entry.change(Some(&before), Some(&open))).await?;
    let waits = open.state == UserState::Invited;
    if waits {
        link::send(tx, account.id, Purpose::Activation).await?;
    }
    Ok(GuestMade { user_id: account.id, has_link: waits })
}

/// Says until when an account is needed; one that nothing needs any more closes with its sessions.
pub(crate) async fn until(tx: &mut Tx, id: Id, until: Option<Timestamp>) -> Result<()> {
    let now = tx.now();
    let before: User = tx.get(sql::FIND, args![id]).await?;
    let until = until.filter(|until| *until > now);
    if before.leave_at == until && until.is_some() {
        return Ok(());
    }
    if !before.state.is_open() {
        return Ok(());
    }
    tx.exec_one(sql::GUEST_UNTIL, args![id, until.unwrap_or(now), now]).await?;
    if until.is_none() {
        return service::leave(tx, id).await;
    }
    let after: User = tx.get(sql::FIND, args![id]).await?;
    tx.audit(Audit::new("update", "identity.user", id).change(Some(&before), Some(&after))).await
}
