use std::process::ExitCode;

use clap::Args;

use crate::context::Place;

/// Arguments of `doctor`.
#[derive(Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
}

impl Doctor {
    /// Tries each thing that the product needs, and says what to do about those that fail.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.place.config()?;
        println!("ok    configuration");
        let built = match self.place.open_with(&config).await {
            Ok(built) => built,
            Err(error) => {
                println!("FAIL  database and data directory: {error:#}");
                return Ok(ExitCode::from(1));
            }
        };
        println!("ok    database, schema, keys");
        let mut sound = true;
        for check in server::doctor(&built, &config).await {
            println!("{}  {}", if check.holds { "ok  " } else { "FAIL" }, check.words);
            sound &= check.holds;
        }
        Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}
