use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use kernel::{Caller, Language};
use rulebook::export::ExportFormat;

use crate::context::{Place, operator};
use crate::output::{spoken, unusable};

/// Commands about the rulebook.
#[derive(Subcommand)]
pub enum Rulebook {
    /// Count the clauses by how they stand now.
    Status(Status),
    /// Check a pack without loading it.
    Check(Check),
    /// Write the rulebook with its evidence into a file: OSCAL JSON, XLSX or PDF.
    Export(Export),
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

/// Arguments of `rulebook export`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright rulebook export --format pdf --out rulebook.pdf --data-dir data")]
pub struct Export {
    /// What to write.
    #[arg(long)]
    format: Format,
    /// The file.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
    /// Evaluate every control first, where no server does it every few minutes.
    #[arg(long)]
    evaluate: bool,
    /// The language of the texts.
    #[arg(long, value_name = "LANGUAGE", default_value = "zh-Hans")]
    language: Language,
    #[command(flatten)]
    place: Place,
}

/// Format of an export.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Format {
    /// The clauses, as an OSCAL catalogue.
    OscalCatalog,
    /// The controls, as an OSCAL component definition.
    OscalComponent,
    /// The newest runs, as OSCAL assessment results.
    OscalResults,
    /// Clauses, controls, waivers and parameters, as a workbook.
    Xlsx,
    /// A report to read.
    Pdf,
}

impl Rulebook {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Status(status) => status.run().await,
            Self::Check(check) => self::check(&check.folder),
            Self::Export(export) => export.run().await,
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

/// Prints what a pack holds, or its faults.
pub fn check(folder: &Path) -> anyhow::Result<ExitCode> {
    match server::check_pack(folder) {
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

impl Export {
    async fn run(self) -> anyhow::Result<ExitCode> {
        if self.out.exists() && !self.force {
            let out = self.out.display();
            return Err(unusable(format!("{out} is there already; add --force to replace it")));
        }
        let (_, built) = self.place.open().await?;
        if self.evaluate {
            rulebook::evaluate_all(&built.app, None).await.map_err(spoken)?;
        }
        let caller = Caller { language: self.language, ..operator() };
        let bytes =
            rulebook::export::export(&built.app, &caller, self.format.into()).await.map_err(spoken)?;
        let written = std::fs::write(&self.out, &bytes);
        written.map_err(|error| unusable(format!("{} cannot be written: {error}", self.out.display())))?;
        println!("wrote {} bytes to {}", bytes.len(), self.out.display());
        Ok(ExitCode::SUCCESS)
    }
}

impl From<Format> for ExportFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::OscalCatalog => Self::OscalCatalog,
            Format::OscalComponent => Self::OscalComponent,
            Format::OscalResults => Self::OscalResults,
            Format::Xlsx => Self::Xlsx,
            Format::Pdf => Self::Pdf,
        }
    }
}
