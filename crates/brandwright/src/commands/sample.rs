use std::process::ExitCode;

use clap::Args;
use server::Built;

use crate::context::Place;
use crate::output::{bar, spoken};

/// Arguments of `sample`.
#[derive(Args)]
pub struct Sample {
    #[command(flatten)]
    place: Place,
}

impl Sample {
    /// Loads what is not there yet; loading again changes nothing.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        load(&built).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Loads the sample company, showing how far it is.
pub async fn load(built: &Built) -> anyhow::Result<()> {
    let bar = bar(server::sample::STEPS, "steps");
    let loaded = server::sample::load(&built.app, &|step| bar.set_position(step)).await.map_err(spoken)?;
    bar.finish_and_clear();
    println!(
        "Sample company: {} households, {} orders with {} lines, {} products, until {}.",
        loaded.households, loaded.orders, loaded.lines, loaded.products, loaded.until
    );
    Ok(())
}
