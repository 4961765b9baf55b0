use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use kernel::Caller;

use crate::context::Place;
use crate::output::{bar, spoken};

/// What a file holds.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Noun {
    /// Order lines, one a row.
    Orders,
    /// Customers, one a row.
    Customers,
    /// Products, one a row.
    Products,
}

impl Noun {
    fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Customers => "customers",
            Self::Products => "products",
        }
    }
}

/// Arguments of `import`.
#[derive(Args)]
pub struct Import {
    /// What the file holds.
    noun: Noun,
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
        let bar = bar(100, "%");
        let options = tabular::cli::Options { source: self.source, ..Default::default() };
        let caller = Caller::system("command line");
        let seen = |progress: tabular::Progress| {
            bar.set_position(progress.bytes.saturating_mul(100) / progress.bytes_total.max(1));
        };
        let summary = tabular::cli::import(&built.app, &caller, self.noun.as_str(), &self.file, options, seen)
            .await
            .map_err(spoken)?;
        bar.finish_and_clear();
        if self.json {
            println!("{}", serde_json::to_string(&summary)?);
            return Ok(ExitCode::SUCCESS);
        }
        println!("{summary}");
        if summary.present > 0 {
            eprintln!("{} of the rejected rows were there already.", summary.present);
        }
        for note in &summary.notes {
            eprintln!("{note}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
