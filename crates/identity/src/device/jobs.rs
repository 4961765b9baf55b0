use async_trait::async_trait;
use http_kit::App;
use kernel::{Id, Labelled, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Job, JobError, JobKind, Lease, Observation, args};
use utoipa::ToSchema;

use super::sql;
use crate::totp;

/// Result (自检结果) of one self-test of the encryption of stored secrets.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EncryptionTest {
    /// Its id.
    pub id: Id,
    /// When it ran.
    pub at: Timestamp,
    /// What was tested.
    pub subject: String,
    /// True where it held.
    pub passed: bool,
    /// What was found.
    pub detail: String,
}

impl Labelled for EncryptionTest {
    const NOUN: &'static str = "identity.encryption_test";
}

/// Tests every day that stored secrets are encrypted, that a changed one is refused, and that none stands in plain text.
#[derive(Debug, Serialize, Deserialize)]
pub struct TestEncryption {}

impl JobKind for TestEncryption {
    const KIND: &'static str = "identity.device.test_encryption";
}

#[async_trait]
impl Job<App> for TestEncryption {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        run(app).await?;
        Ok(())
    }
}

/// Runs the self-test and keeps its results.
pub async fn run(app: &App) -> Result<()> {
    let results = [("cipher", cipher_holds(app).await), ("second_factor_keys", stored_keys(app).await)];
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    for (subject, result) in results {
        let (passed, detail) = match result {
            Ok(detail) => (true, detail),
            Err(problem) => (false, problem.to_string()),
        };
        tx.exec(sql::TESTED, args![Id::new(), tx.now(), subject, passed, detail]).await?;
    }
    tx.commit().await
}

async fn cipher_holds(app: &App) -> Result<String> {
    let cipher = totp::service::cipher(app).await?;
    let plain = store::random::bytes::<32>();
    let mut sealed = cipher.encrypt("self-test", &plain);
    let opened = cipher.decrypt("self-test", &sealed)?;
    let hidden = !sealed.windows(plain.len()).any(|window| window == plain);
    let moved = cipher.decrypt("elsewhere", &sealed).is_err();
    if let Some(last) = sealed.last_mut() {
        *last ^= 1;
    }
    let changed = cipher.decrypt("self-test", &sealed).is_err();
    if opened == plain && hidden && moved && changed {
        return Ok("opens what it sealed, refuses what was moved or changed".to_owned());
    }
    Err(kernel::Problem::internal(format!(
        "opened={} hidden={hidden} moved_refused={moved} changed_refused={changed}",
        opened == plain
    )))
}

/// Every stored key must open under its owner's id: one that was written in plain text does not.
async fn stored_keys(app: &App) -> Result<String> {
    let cipher = totp::service::cipher(app).await?;
    let keys: Vec<(Id, Vec<u8>)> = app.store.all(totp::sql::ANY_KEY, args![]).await?;
    for (id, sealed) in &keys {
        cipher.decrypt(&id.to_string(), sealed)?;
    }
    Ok(format!("{} keys open under their owners", keys.len()))
}

/// Returns the latest results.
pub async fn results(app: &App) -> Result<Vec<EncryptionTest>> {
    app.store.all(sql::TESTS, args![]).await
}
