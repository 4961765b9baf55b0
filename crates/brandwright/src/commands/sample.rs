use std::process::ExitCode;

use clap::Args;
use server::Built;
use server::sample::Loaded;

use crate::context::Place;
use crate::output::{spoken, steps};

/// Arguments of `sample`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright sample --data-dir data

Takes a minute or two. Loading again adds nothing.")]
pub struct Sample {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Sample {
    /// Loads what is not there yet; loading again changes nothing.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let loaded = load(&built).await?;
        if self.json {
            println!("{}", serde_json::json!({ "new": loaded.is_some(), "loaded": loaded }));
        } else {
            tell(loaded.as_ref());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Loads the sample company, showing how far it is; returns nothing where it is there already.
pub async fn load(built: &Built) -> anyhow::Result<Option<Loaded>> {
    let bar = steps(server::sample::STEPS);
    let loaded = server::sample::load(&built.app, &|step| bar.set_position(step)).await.map_err(spoken)?;
    bar.finish_and_clear();
    Ok(loaded)
}

/// Says what was loaded.
pub fn tell(loaded: Option<&Loaded>) {
    let Some(loaded) = loaded else {
        println!("The sample company is there already.");
        return;
    };
    if let Some(until) = loaded.until {
        println!(
            "Sample company: {} households, {} orders with {} lines, {} products, until {until}.",
            loaded.households, loaded.orders, loaded.lines, loaded.products
        );
    }
    println!(
        "Sample company: {} acts with records, {} events of its site and app.",
        loaded.acts, loaded.events
    );
}
