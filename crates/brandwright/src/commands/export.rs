use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use kernel::{Caller, Language};
use server::Wanted;
use tabular::export::ExportFormat;

use crate::context::{Place, operator};
use crate::output::{counter, spoken, unusable};

/// What is wanted in the file.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Noun {
    /// Customers, one a row; with --segment the members of a segment.
    Customers,
    /// Orders, one a row.
    Orders,
    /// Products, one a row, with the price that holds now.
    Products,
}

/// Arguments of `export`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright export orders orders.csv --data-dir data
  brandwright export customers regulars.xlsx --segment \"Regulars\" --data-dir data
  brandwright export products products.csv --user ann@example.com --language zh-Hans --json")]
pub struct Export {
    /// What is wanted.
    noun: Noun,
    /// The file to write; its ending says how: .csv or .xlsx.
    file: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Only the members of this segment (its name or id); for customers.
    #[arg(long, value_name = "NAME")]
    segment: Option<String>,
    /// Export what this user may see, by e-mail address; everything when absent.
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// Language of the titles: zh-Hans, zh-Hant or en.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    language: Language,
    /// Replace the file if it is there.
    #[arg(long)]
    force: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "choose zh-Hans, zh-Hant or en".to_owned())
}

impl Export {
    /// Writes the file and says how many rows it holds; the export stands in the audit log.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let format = format_of(&self.file)?;
        let wanted = self.wanted()?;
        if self.file.exists() && !self.force {
            return Err(unusable(format!(
                "{} is there already; add --force to replace it",
                self.file.display()
            )));
        }
        let part = part_of(&self.file);
        // Before anything is read: a place that cannot be written is told at once.
        let out = File::create(&part)
            .map_err(|e| unusable(format!("{} cannot be written: {e}", part.display())))?;
        let written = self.write(out, &wanted, format).await.and_then(|rows| {
            std::fs::rename(&part, &self.file)
                .with_context(|| format!("{} cannot be written", self.file.display()))?;
            Ok(rows)
        });
        let rows = written.inspect_err(|_| drop(std::fs::remove_file(&part)))?;
        if self.json {
            let bytes = std::fs::metadata(&self.file)?.len();
            println!(
                "{}",
                serde_json::json!({ "file": self.file, "format": format, "rows": rows, "bytes": bytes })
            );
        } else {
            println!("wrote {rows} rows to {}", self.file.display());
        }
        Ok(ExitCode::SUCCESS)
    }

    fn wanted(&self) -> anyhow::Result<Wanted> {
        match (self.noun, &self.segment) {
            (Noun::Customers, segment) => Ok(Wanted::Customers { segment: segment.clone() }),
            (_, Some(_)) => Err(unusable("--segment goes with customers only".to_owned())),
            (Noun::Orders, None) => Ok(Wanted::Orders),
            (Noun::Products, None) => Ok(Wanted::Products),
        }
    }

    async fn write(&self, mut out: File, wanted: &Wanted, format: ExportFormat) -> anyhow::Result<u64> {
        let (_, built) = self.place.open().await?;
        let caller = match &self.user {
            Some(email) => identity::cli::caller(&built.app, email, self.language).await.map_err(spoken)?,
            None => Caller { language: self.language, ..operator() },
        };
        let counter = counter("rows");
        let seen = |rows| counter.set_position(rows);
        let mut exported = server::export(&built.app, &caller, wanted, format, seen).await.map_err(spoken)?;
        counter.finish_and_clear();
        std::io::copy(&mut exported.file, &mut out)
            .with_context(|| format!("{} cannot be written", self.file.display()))?;
        out.sync_all().with_context(|| format!("{} cannot be written", self.file.display()))?;
        Ok(exported.rows)
    }
}

fn format_of(file: &Path) -> anyhow::Result<ExportFormat> {
    let ending = file.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match ending.as_str() {
        "csv" => Ok(ExportFormat::Csv),
        "xlsx" => Ok(ExportFormat::Xlsx),
        _ => Err(unusable(format!("{}: the name must end in .csv or .xlsx", file.display()))),
    }
}

/// The file grows beside its place, so that nobody takes a half for the whole.
fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
