use std::process::ExitCode;

use clap::Args;

/// Arguments of `openapi`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright openapi > openapi.json")]
pub struct Openapi {}

impl Openapi {
    /// Prints the document; needs no data and no server.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        println!("{}", server::document()?);
        Ok(ExitCode::SUCCESS)
    }
}
