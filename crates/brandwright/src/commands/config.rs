use std::process::ExitCode;

use clap::Subcommand;

use crate::context::Place;

/// Commands about the configuration.
#[derive(Subcommand)]
pub enum Config {
    /// Check the configuration; a mistake is named by its key.
    Check(Place),
    /// Print the configuration as it stands after file, environment and arguments; passwords are left out.
    Show(Place),
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
            Self::Show(place) => println!("{}", serde_json::to_string_pretty(&place.config()?.without_secrets())?),
            Self::Schema => println!("{}", serde_json::to_string_pretty(&server::Config::schema())?),
        }
        Ok(ExitCode::SUCCESS)
    }
}
