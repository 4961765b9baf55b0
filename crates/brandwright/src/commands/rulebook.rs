use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Place;
use crate::output::spoken;

/// Commands about the rulebook.
#[derive(Subcommand)]
pub enum Rulebook {
    /// Count the clauses by how they stand now.
    Status(Status),
    /// Check a pack without loading it.
    Check(Check),
}

/// Arguments of `rulebook status`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright rulebook status --data-dir data --json")]
pub struct Status {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `rulebook check`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright rulebook check packs/brand-automation

Prints what the pack holds. Exits 2 when it is faulty, with `file:line: reason` for every fault.")]
pub struct Check {
    /// The pack's folder.
    folder: PathBuf,
}

impl Rulebook {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Status(status) => status.run().await,
            Self::Check(check) => check.run(),
        }
    }
}

impl Status {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let counts = rulebook::status(&built.app).await.map_err(spoken)?;
        if self.json {
            println!("{}", serde_json::to_string(&counts)?);
        } else {
            println!(
                "{} clauses, {} covered: {} followed, {} broken",
                counts.clauses, counts.covered, counts.followed, counts.broken
            );
            println!(
                "{} insufficient, {} attested, {} uncovered, {} stale, {} overridden",
                counts.insufficient, counts.attested, counts.uncovered, counts.stale, counts.overridden
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Check {
    fn run(self) -> anyhow::Result<ExitCode> {
        match server::check_pack(&self.folder) {
            Ok(contents) => {
                println!("{}", serde_json::to_string_pretty(&contents)?);
                Ok(ExitCode::SUCCESS)
            }
            Err(faults) => {
                for fault in faults {
                    eprintln!("{fault}");
                }
                Ok(ExitCode::from(crate::output::UNUSABLE_INPUT))
            }
        }
    }
}
