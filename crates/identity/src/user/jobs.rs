use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id};
use serde::{Deserialize, Serialize};
use store::{Audit, Job, JobError, JobKind, Lease, args};

use super::{service, sql};

/// Closes the accounts of those whose leave date has come; every minute.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseLeavers {}

impl JobKind for CloseLeavers {
    const KIND: &'static str = "identity.user.close_leavers";
    const PRIORITY: i64 = 10;
}

#[async_trait]
impl Job<App> for CloseLeavers {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let leavers: Vec<Id> = app.store.all(sql::LEAVERS, args![app.store.now()]).await?;
        for id in leavers {
            let mut tx = app.store.begin(&Caller::system("leave date")).await?;
            service::leave(&mut tx, id).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Flags the accounts that nobody has used for long; every day.
#[derive(Debug, Serialize, Deserialize)]
pub struct FlagIdle {}

impl JobKind for FlagIdle {
    const KIND: &'static str = "identity.user.flag_idle";
}

#[async_trait]
impl Job<App> for FlagIdle {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let days = crate::policy::idle_days(app).await?;
        let since = app.store.now().plus_days(-days);
        let idle: Vec<(Id, String)> = app.store.all(sql::IDLE, args![since]).await?;
        if idle.is_empty() {
            return Ok(());
        }
        let mut tx = app.store.begin(&Caller::system("idle accounts")).await?;
        for (id, name) in &idle {
            tx.exec(sql::FLAG_IDLE, args![*id, tx.now()]).await?;
            tx.audit(Audit::new("flag_idle", "identity.user", id).with(serde_json::json!({ "days": days })))
                .await?;
            crate::notice::idle(&mut tx, *id, name, days).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
