use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Place;
use crate::output::{say, spoken};

/// Commands about the audit log.
#[derive(Subcommand)]
pub enum Audit {
    /// Prove that no entry was changed, removed or cut off. Exits 0 when it is whole, 1 when not.
    Verify(Verify),
}

/// Arguments of `audit verify`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright audit verify --data-dir data
  brandwright audit verify --data-dir data --anchor /mnt/elsewhere/audit.jsonl --json

Exits 0 when the log is whole and 1 when it is not. Keep a copy of data/anchors/audit.jsonl where whoever can
change the database cannot: it proves that the end of the log was not cut off.")]
pub struct Verify {
    #[command(flatten)]
    place: Place,
    /// File of signed checkpoints kept elsewhere; the one in the data directory when absent.
    #[arg(long, value_name = "FILE")]
    anchor: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Audit {
    /// Verifies and says what was found.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Verify(verify) = self;
        let (config, built) = verify.place.open().await?;
        // What committed a moment ago may still be waiting for the sealer.
        built.sealer.tick().await.map_err(spoken)?;
        let key = store::audit::public_key(&built.app.secrets).await.map_err(spoken)?;
        let anchor = verify.anchor.unwrap_or_else(|| config.data_dir.join("anchors").join("audit.jsonl"));
        let report = store::audit::verify(&built.app.store, &key, Some(&anchor)).await.map_err(spoken)?;
        if verify.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            println!(
                "{} entries, {} sealed, {} checkpoints",
                report.entries, report.sealed, report.checkpoints
            );
            for finding in &report.problems {
                let entry = finding.entry_id.map(|id| format!(", entry {id}")).unwrap_or_default();
                println!("{} at {}{entry}", say(&finding.code()), finding.position);
            }
            println!(
                "{}",
                if report.holds() { "The audit log is whole." } else { "The audit log is NOT whole." }
            );
        }
        Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}
