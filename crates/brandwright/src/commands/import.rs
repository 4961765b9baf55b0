use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::context::{Place, operator};
use crate::output::{bytes, spoken};

/// What files hold, beside records.
const NOUNS: [&str; 4] = ["orders", "customers", "products", "expenses"];

/// Reads what a file holds: a noun of these, or a record type.
fn noun(word: &str) -> Result<String, String> {
    if NOUNS.contains(&word) || word.strip_prefix("record.").is_some_and(|id| !id.is_empty()) {
        return Ok(word.to_owned());
    }
    Err(format!("it is one of {}, or record.<type>", NOUNS.join(", ")))
}

/// Arguments of `import`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright import orders orders-2026-07.csv.gz --data-dir data
  brandwright import customers members.xlsx --source crm --data-dir data
  brandwright import record.risk risks.xlsx --data-dir data

Prints one line, `read N stored N rejected N`; rows that were there already count as rejected. The web UI shows
each rejected row with its reason. An import that was cut goes on where it was cut: run the same command again.
Exits 0 when the file was read to its end, and 2 when it cannot be read at all.")]
pub struct Import {
    /// What the file holds: orders, customers, products, expenses, or record.<type>.
    #[arg(value_parser = noun)]
    noun: String,
    /// The file: CSV or XLSX, plain or gzip; its type is recognised by its content.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Name of the system that the rows come from; rows of one source are recognised when they come again.
    #[arg(long)]
    source: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Imports and accounts for every row.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let bar = bytes();
        let options = tabular::cli::Options { source: self.source, ..Default::default() };
        let seen = |progress: tabular::Progress| {
            bar.set_length(progress.bytes_total);
            bar.set_position(progress.bytes);
        };
        let summary = tabular::cli::import(&built.app, &operator(), &self.noun, &self.file, options, seen)
            .await
            .map_err(spoken)
            .with_context(|| self.file.display().to_string())?;
        bar.finish_and_clear();
        if self.json {
            println!("{}", serde_json::to_string(&summary)?);
            return Ok(ExitCode::SUCCESS);
        }
        println!("{summary}");
        for note in &summary.notes {
            eprintln!("{note}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
