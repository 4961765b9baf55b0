use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, OnDuplicate, Query, args};

use super::{Device, DeviceCheck, DeviceFilter, NewDevice, rules, sql};
use crate::check::{Check, NAME_MAX};
use crate::permissions::DEVICE_MANAGE;
use crate::session::{Client, rules::Cookies};
use crate::token::service::require_person;
use crate::user::{self, User};
use crate::{digest, notice, policy};

/// Returns devices: all for those who keep the register, else one's own.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &DeviceFilter,
) -> Result<Page<Device>> {
    let (size, days, now) = (page.size()?, policy::device_check_days(app).await?, app.store.now());
    let mut query = Query::new(sql::LIST, args![]);
    if !caller.may(DEVICE_MANAGE) {
        query.and("d.owner_id =", caller.user_id()?);
    }
    query
        .and_some("d.state =", filter.state.map(|state| state.as_str()))
        .and_some("d.owner_id =", filter.owner_id);
    if filter.check_overdue == Some(true) {
        query
            .push(" AND d.state <> 'retired' AND (d.checked_at IS NULL")
            .push(" OR d.checked_at <= ")
            .bind(now.plus_days(-days))
            .push(")");
    }
    query.and_some("d.id <", page.after::<Id>()?).push(" ORDER BY d.id DESC").limit_overfull(size);
    let mut devices: Vec<Device> = app.store.list(query).await?;
    for device in &mut devices {
        judge(device, days, now);
    }
    Ok(Page::from_overfull(devices, size, |device| device.id))
}

fn judge(device: &mut Device, days: i64, now: kernel::Timestamp) {
    device.check_due_at = device.checked_at.map(|at| at.plus_days(days));
    device.sound = rules::is_sound(device.state, device.encrypted, device.checked_at, days, now);
}

/// Enters a device of the caller's; IT is asked to look at it.
pub async fn create(app: &App, caller: &Caller, client: &Client, new: &NewDevice) -> Result<Device> {
    let owner_id = require_person(caller)?;
    Check::new()
        .text("name", &new.name, 1, NAME_MAX)
        .optional("serial", new.serial.as_deref(), NAME_MAX)
        .finish()?;
    let secret = client.device_secret(&Cookies::of(&app.settings.admin_url));
    if new.this_browser && secret.is_none() {
        return Err(Problem::conflict("identity.device.browser_unknown"));
    }
    let browser = secret.filter(|_| new.this_browser).map(digest::of);
    let owner: User = app.store.get(user::sql::FIND, args![owner_id]).await?;
    let id = Id::new();
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        id,
        new.name.trim(),
        new.kind.as_str(),
        new.serial.as_deref().map(str::trim),
        owner_id,
        owner.department_id,
        browser,
        tx.now(),
    ];
    tx.exec_one(sql::INSERT, args).await.on_duplicate("identity.device.registered")?;
    let device: Device = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("create", "identity.device", id).within(None, owner.department_id);
    tx.audit(entry.change(None, Some(&device))).await?;
    notice::device_waits(&mut tx, &device).await?;
    tx.commit().await?;
    Ok(device)
}

/// Writes down what IT found on a device; nobody checks their own.
pub async fn check(app: &App, caller: &Caller, id: Id, version: i64, found: &DeviceCheck) -> Result<Device> {
    Check::new()
        .optional("encryption", found.encryption.as_deref(), NAME_MAX)
        .that(
            !found.encrypted || found.encryption.is_some(),
            "encryption",
            "identity.device.encryption_named",
        )
        .finish()?;
    let mut tx = app.store.begin(caller).await?;
    let before: Device = tx.get(sql::FIND, args![id]).await?;
    if caller.find_user_id() == Some(before.owner_id) {
        return Err(Problem::forbidden("identity.device.own_check"));
    }
    let encryption = found.encryption.as_deref().map(str::trim);
    let args = args![id, version, found.encrypted, encryption, tx.now(), caller.find_user_id()];
    tx.exec_one(sql::CHECK, args).await?;
    let mut after: Device = tx.get(sql::FIND, args![id]).await?;
    let entry = Audit::new("check", "identity.device", id).within(None, after.department_id);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    notice::device_checked(&mut tx, id).await?;
    tx.commit().await?;
    judge(&mut after, policy::device_check_days(app).await?, app.store.now());
    Ok(after)
}

/// Takes a device out of use: its owner or those who keep the register.
pub async fn retire(app: &App, caller: &Caller, id: Id, version: i64) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    let before: Device = tx.get(sql::FIND, args![id]).await?;
    if !caller.may(DEVICE_MANAGE) && caller.find_user_id() != Some(before.owner_id) {
        return Err(Problem::not_found("access.not_found"));
    }
    tx.exec_one(sql::RETIRE, args![id, version, tx.now()]).await?;
    let entry = Audit::new("retire", "identity.device", id).within(None, before.department_id);
    tx.audit(entry).await?;
    notice::device_checked(&mut tx, id).await?;
    tx.commit().await
}
