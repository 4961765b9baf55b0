use std::process::ExitCode;

use clap::Subcommand;

use crate::context::Place;

/// Commands about the configuration.
#[derive(Subcommand)]
#[command(after_help = "Examples:
  brandwright config check --data-dir data
  BRANDWRIGHT_HTTP__LISTEN=127.0.0.1:9000 brandwright config print --data-dir data
  brandwright config schema > brandwright.schema.json")]
pub enum Config {
    /// Check the configuration; a mistake is named by its file, line and key, or by its variable. Exits 0 or 2.
    Check(Place),
    /// Print the configuration as it stands after file, environment and arguments, as JSON; passwords are left out.
    #[command(alias = "show")]
    Print(Place),
    /// Print the JSON Schema of the configuration file.
    Schema,
}

impl Config {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(place) => {
                place.config()?;
                println!("The configuration is sound.");
            }
            Self::Print(place) => {
                println!("{}", serde_json::to_string_pretty(&place.config()?.without_secrets())?)
            }
            Self::Schema => println!("{}", serde_json::to_string_pretty(&server::Config::schema())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}
