use axum::extract::State;
use http_kit::{
    AppState, Body, IfMatch, NoContent, Params, PathOf, Reply, Routes, Who, needs, operations, signed_in,
};
use kernel::{Id, Page, PageQuery};

use super::jobs::{self, EncryptionTest};
use super::{Device, DeviceCheck, DeviceFilter, NewDevice, service};
use crate::permissions::DEVICE_MANAGE;
use crate::session::Client;

/// Lists devices: all for those who keep the register, else one's own.
#[utoipa::path(get, path = "/api/v1/identity/devices", operation_id = "list_devices", tag = "identity",
    params(PageQuery, DeviceFilter), responses((status = 200, body = Page<Device>)))]
async fn list(
    State(app): State<AppState>,
    Who(caller): Who,
    Params(page): Params<PageQuery>,
    Params(filter): Params<DeviceFilter>,
) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &service::list(&app, &caller, &page, &filter).await?))
}

/// Enters a device of one's own; IT is asked to look at it.
#[utoipa::path(post, path = "/api/v1/identity/devices", operation_id = "create_device", tag = "identity",
    request_body = NewDevice, responses((status = 201, body = Device)))]
async fn create(
    State(app): State<AppState>,
    Who(caller): Who,
    client: Client,
    Body(new): Body<NewDevice>,
) -> http_kit::Result<Reply> {
    Ok(Reply::created(&caller, &service::create(&app, &caller, &client, &new).await?))
}

/// Writes down what was found on a device.
#[utoipa::path(post, path = "/api/v1/identity/devices/{id}/check", operation_id = "check_device", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), request_body = DeviceCheck,
    responses((status = 200, body = Device)))]
async fn check(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
    Body(found): Body<DeviceCheck>,
) -> http_kit::Result<Reply> {
    Ok(Reply::row(&caller, &service::check(&app, &caller, id, version, &found).await?))
}

/// Takes a device out of use.
#[utoipa::path(delete, path = "/api/v1/identity/devices/{id}", operation_id = "retire_device", tag = "identity",
    params(("id" = Id, Path), ("If-Match" = String, Header)), responses((status = 204)))]
async fn retire(
    State(app): State<AppState>,
    Who(caller): Who,
    PathOf(id): PathOf<Id>,
    IfMatch(version): IfMatch,
) -> http_kit::Result<NoContent> {
    service::retire(&app, &caller, id, version).await?;
    Ok(NoContent)
}

/// Lists the results of the encryption's self-tests, the latest first.
#[utoipa::path(get, path = "/api/v1/identity/encryption-tests", operation_id = "list_encryption_tests",
    tag = "identity", responses((status = 200, body = Page<EncryptionTest>)))]
async fn encryption_tests(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    Ok(Reply::page(&caller, &Page::whole(jobs::results(&app).await?)))
}

/// Tests the encryption of stored secrets now.
#[utoipa::path(post, path = "/api/v1/identity/encryption-tests", operation_id = "run_encryption_test",
    tag = "identity", responses((status = 200, body = Page<EncryptionTest>)))]
async fn test_encryption(State(app): State<AppState>, Who(caller): Who) -> http_kit::Result<Reply> {
    jobs::run(&app).await?;
    Ok(Reply::page(&caller, &Page::whole(jobs::results(&app).await?)))
}

/// The operations on devices.
pub fn routes() -> Routes {
    Routes::new()
        .add(operations!(list), signed_in())
        .add(operations!(create), signed_in())
        .add(operations!(check), needs(DEVICE_MANAGE))
        .add(operations!(retire), signed_in())
        .add(operations!(encryption_tests), needs(DEVICE_MANAGE))
        .add(operations!(test_encryption), needs(DEVICE_MANAGE))
}
