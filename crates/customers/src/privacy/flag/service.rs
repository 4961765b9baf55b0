use http_kit::App;
use kernel::{Caller, Id, Labelled, Problem, Result, Timestamp};
use serde_json::json;
use store::{Audit, Tx, args};

use super::{Flag, PrivacyFlags, SetFlags, sql};
use crate::merge::check_reason;
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};
use crate::profile;

/// Returns what somebody does not want to be done with their data.
pub async fn get(app: &App, caller: &Caller, profile: Id) -> Result<PrivacyFlags> {
    caller.require(PRIVACY_READ)?;
    let profile = profile::load(&app.store, profile).await?;
    app.store.get(sql::ONE, args![profile.id]).await
}

/// Sets or lifts a flag inside the caller's transaction; the audit row is the caller's. Returns since when it is set.
pub(crate) async fn set(tx: &mut Tx, profile: Id, flag: Flag, on: bool) -> Result<Option<Timestamp>> {
    let before: PrivacyFlags = tx.get(sql::ONE, args![profile]).await?;
    let (known, text) = match flag {
        Flag::NoAutomated => (before.no_automated_since, sql::NO_AUTOMATED),
        Flag::Restricted => (before.restricted_since, sql::RESTRICTED),
    };
    let now = tx.now();
    let since = on.then(|| known.unwrap_or(now));
    if before.erased_at.is_some() {
        return Err(Problem::conflict("customers.privacy.erased_already"));
    }
    tx.exec_one(text, args![profile, since, now]).await?;
    Ok(since)
}

/// Sets or lifts flags without a request.
pub async fn put(app: &App, caller: &Caller, profile: Id, wish: &SetFlags) -> Result<PrivacyFlags> {
    caller.require(PRIVACY_MANAGE)?;
    let reason = check_reason(&wish.reason)?;
    let mut tx = app.store.begin(caller).await?;
    let profile = profile::load_in(&mut tx, profile).await?;
    for (flag, on) in [(Flag::NoAutomated, wish.no_automated), (Flag::Restricted, wish.restricted)] {
        if let Some(on) = on {
            set(&mut tx, profile.id, flag, on).await?;
        }
    }
    let entry = Audit::new("flag", PrivacyFlags::NOUN, profile.id)
        .within(profile.brand_id, profile.department_id)
        .because(reason)
        .with(json!({ "no_automated": wish.no_automated, "restricted": wish.restricted }));
    tx.audit(entry).await?;
    let after = tx.get(sql::ONE, args![profile.id]).await?;
    tx.commit().await?;
    Ok(after)
}
