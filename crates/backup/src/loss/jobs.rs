use async_trait::async_trait;
use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde::{Deserialize, Serialize};
use store::{Config, Job, JobError, JobKind, Lease, Registry};

use super::{Beside, service};
use crate::archive::key::BackupKey;
use crate::archive::restore::{Target, restore};
use crate::place::Place;
use crate::run;

/// Restores a backup beside the live data.
#[derive(Debug, Serialize, Deserialize)]
pub struct RestoreBeside {
    /// The loss that it is for.
    pub loss_id: Id,
    /// The backup.
    pub run_id: Id,
}

impl JobKind for RestoreBeside {
    const KIND: &'static str = "backup.restore_beside";
    // A second try would find the half of the first in its place; a person decides anew.
    const MAX_ATTEMPTS: i64 = 1;
}

#[async_trait]
impl Job<App> for RestoreBeside {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let outcome = bring_back(app, self).await;
        service::restored(app, &Caller::system("backup"), self.loss_id, &outcome).await?;
        outcome.map(drop).map_err(JobError::Fail)
    }
}

/// Adds the job.
pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<RestoreBeside>();
}

async fn bring_back(app: &App, job: &RestoreBeside) -> Result<Beside> {
    let place = Place::of(app)?;
    let run = run::service::get(app, job.run_id).await?;
    let file = run::service::file_of(&run)?;
    let key = BackupKey::read(&place.key_file)?;
    let stamp = app.store.now().instant().strftime("%Y%m%d_%H%M%S").to_string();
    let data_dir = std::path::absolute(&place.data_dir).map_err(Problem::internal)?;
    let dir = data_dir.join("restored").join(&stamp);
    let (database_url, database) = match &place.database {
        Config::Sqlite { .. } => (None, None),
        Config::Postgres { url } => {
            let name = format!("brandwright_restored_{stamp}");
            (Some(store::snapshot::create_database(url, &name).await?), Some(name))
        }
    };
    // The master key is on this machine anyway: with it the restored data open as they are.
    let master_key = Some(place.data_dir.join("master.key")).filter(|path| path.is_file());
    let target = Target { dir, database_url: database_url.clone(), master_key };
    let (_, result) = restore(&file, &key, &target, &place.migrations, app.store.clock()).await?;
    let mut command = format!("brandwright serve --data-dir {}", quoted(&result.dir));
    if let Some(url) = &database_url {
        command.push_str(&format!(" --database-url {}", quoted(&store::snapshot::without_password(url))));
    }
    Ok(Beside { result, database, command })
}

/// Returns a word as a shell takes it for one.
fn quoted(word: &str) -> String {
    if word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-:@".contains(c)) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
