use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::{Place, operator};
use crate::output::spoken;

/// Commands about keys.
#[derive(Subcommand)]
pub enum Keys {
    /// Put a new data key in place, and seal every personal value anew under it.
    Rotate(Rotate),
}

/// Arguments of `keys rotate`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright keys rotate --data-dir data

What is written from then on lies under the new key; what lies under older ones is sealed anew at once, a batch at a time,
beside a running server. The master key stays as it is, and older backups go on opening with it.")]
pub struct Rotate {
    #[command(flatten)]
    place: Place,
}

impl Keys {
    /// Changes the key.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Rotate(rotate) = self;
        let (_, built) = rotate.place.open().await?;
        built.app.secrets.rotate_data_key(&operator()).await.map_err(spoken)?;
        let rows = customers::sealing::seal_all(&built.app.store).await.map_err(spoken)?;
        println!("A new data key is in place; {rows} rows were looked at and lie under it.");
        Ok(ExitCode::SUCCESS)
    }
}
