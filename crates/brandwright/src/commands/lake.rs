use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use http_kit::App;
use kernel::{Id, Timestamp};
use lake::query::{Found, Question};
use lake_engine::{Engine, Wanted};
use serde_json::json;
use store::Audit;

use crate::context::{Place, operator};
use crate::output::{spinner, spoken, unusable};

/// Commands about the event lake. All work beside a running server.
#[derive(Subcommand)]
pub enum Lake {
    /// Say how much is in it.
    Stats(Stats),
    /// Read every file: its sum, its order, its bounds. Exits 0 when all is well, 1 when not.
    Verify(Verify),
    /// List the files that count, one path a line: what other programs may read. A file that is not listed was merged.
    Files(Files),
    /// Merge files down to one a month.
    Compact(Compact),
    /// Write events as JSON lines.
    Export(Export),
    /// Answer questions about events, all in one pass.
    Ask(Ask),
}

/// Arguments of `lake stats`.
#[derive(Args)]
pub struct Stats {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `lake verify`.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    place: Place,
    /// Also look for events that are there more than once; takes 32 bytes of memory for each event.
    #[arg(long)]
    twice: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `lake files`.
#[derive(Args)]
pub struct Files {
    #[command(flatten)]
    place: Place,
}

/// Arguments of `lake compact`.
#[derive(Args)]
pub struct Compact {
    #[command(flatten)]
    place: Place,
}

/// Arguments of `lake export`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright lake export --data-dir data --to events.jsonl
  brandwright lake export --data-dir data --from 2026-11-01T00:00:00Z --to-time 2026-12-01T00:00:00Z --to november.jsonl

The files that `brandwright lake files` lists are Parquet and can be read as they are, by DuckDB or pyarrow for example.
The export is written to the audit log.")]
pub struct Export {
    #[command(flatten)]
    place: Place,
    /// The file.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Only of this source.
    #[arg(long, value_name = "ID")]
    source: Option<Id>,
    /// Only what happened since.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only what happened before.
    #[arg(long, value_name = "TIME")]
    to_time: Option<String>,
    /// Why; stands in the audit log.
    #[arg(long, default_value = "command line")]
    reason: String,
}

/// Arguments of `lake ask`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright lake ask --data-dir data --questions questions.json

The file holds a list of questions, such as
  [{\"type\": \"total\", \"measure\": \"people\", \"by\": \"channel\", \"every\": {\"unit\": \"week\", \"zone\": \"Asia/Shanghai\"}},
   {\"type\": \"funnel\", \"within_ms\": 604800000, \"steps\": [{\"names\": [\"Product Viewed\"]}, {\"names\": [\"Order Completed\"]}]}]

The answers are printed as one JSON list, in the same order. Where a question asks for people's nodes, the answer is
written to the audit log.")]
pub struct Ask {
    #[command(flatten)]
    place: Place,
    /// File with the questions, a JSON list.
    #[arg(long, value_name = "FILE")]
    questions: PathBuf,
    /// Why people are named; stands in the audit log.
    #[arg(long, default_value = "command line")]
    reason: String,
}

impl Lake {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Stats(stats) => stats.run().await,
            Self::Verify(verify) => verify.run().await,
            Self::Files(files) => files.run().await,
            Self::Compact(compact) => compact.run().await,
            Self::Export(export) => export.run().await,
            Self::Ask(ask) => ask.run().await,
        }
    }
}

fn engine(app: &App) -> anyhow::Result<Arc<Engine>> {
    Ok(app.part::<Arc<Engine>>().map_err(spoken)?.clone())
}

impl Stats {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let stats = built.app.part::<lake::Lake>().map_err(spoken)?.stats().await.map_err(spoken)?;
        let quarantined = customers::quarantine::count_open(&built.app.store).await.map_err(spoken)?;
        if self.json {
            let mut all = serde_json::to_value(&stats)?;
            all["quarantined"] = json!(quarantined);
            println!("{all}");
        } else {
            println!("{} events in {} files of {} bytes", stats.events, stats.files, stats.bytes);
            println!("{} sent again, {quarantined} in quarantine", stats.duplicates);
            println!("{} bytes of the log wait to be put into files", stats.log_bytes);
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Verify {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let wait = spinner("reading the event files");
        let found = engine(&built.app)?.verify(self.twice).await;
        wait.finish_and_clear();
        let found = found.map_err(spoken)?;
        if self.json {
            println!("{}", serde_json::to_string(&found)?);
        } else {
            println!("{} events in {} files", found.events, found.files);
            for fault in &found.faults {
                println!("{}: {}", fault.file, fault.reason);
            }
            println!(
                "{}",
                if found.faults.is_empty() { "The lake is whole." } else { "The lake is NOT whole." }
            );
        }
        Ok(if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl Files {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let engine = engine(&built.app)?;
        for file in engine.live_files().await.map_err(spoken)? {
            println!("{}", engine.settings().files().join(&file.name).display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Compact {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let wait = spinner("merging event files");
        let merged = engine(&built.app)?.compact(true).await;
        wait.finish_and_clear();
        println!("{} files merged", merged.map_err(spoken)?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let wanted = Wanted {
            source_id: self.source,
            from: time(self.from.as_deref())?,
            to: time(self.to_time.as_deref())?,
        };
        let (_, built) = self.place.open().await?;
        let file =
            File::create(&self.to).map_err(|error| unusable(format!("{}: {error}", self.to.display())))?;
        let mut sink = BufWriter::new(file);
        let wait = spinner("writing events");
        let written = engine(&built.app)?.export(&wanted, &mut sink).await;
        wait.finish_and_clear();
        let written = written.map_err(spoken)?;
        sink.flush()?;
        let mut tx = built.app.store.begin(&operator()).await.map_err(spoken)?;
        let facts = json!({ "events": written, "source_id": wanted.source_id });
        let audit = Audit::without_row("export", "lake.event").because(self.reason).with(facts);
        tx.audit(audit).await.map_err(spoken)?;
        tx.commit().await.map_err(spoken)?;
        println!("{written} events written to {}", self.to.display());
        Ok(ExitCode::SUCCESS)
    }
}

impl Ask {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let file = self.questions.display();
        let text =
            std::fs::read_to_string(&self.questions).map_err(|error| unusable(format!("{file}: {error}")))?;
        let questions: Vec<Question> =
            serde_json::from_str(&text).map_err(|error| unusable(format!("{file}: {error}")))?;
        let (_, built) = self.place.open().await?;
        let lake = built.app.part::<lake::Lake>().map_err(spoken)?;
        let wait = spinner("asking the event files");
        let answers = lake.ask(&questions).await;
        wait.finish_and_clear();
        let answers = answers.map_err(spoken)?;
        let named = answers.iter().map(|answer| match &answer.found {
            Found::PerPerson { nodes: Some(nodes), .. } => nodes.len(),
            _ => 0,
        });
        let named: usize = named.sum();
        if named > 0 {
            let mut tx = built.app.store.begin(&operator()).await.map_err(spoken)?;
            let facts = json!({ "people": named, "questions": questions });
            let audit = Audit::without_row("export", "lake.event").because(self.reason).with(facts);
            tx.audit(audit).await.map_err(spoken)?;
            tx.commit().await.map_err(spoken)?;
        }
        println!("{}", serde_json::to_string(&answers)?);
        Ok(ExitCode::SUCCESS)
    }
}

fn time(text: Option<&str>) -> anyhow::Result<Option<Timestamp>> {
    let Some(text) = text else { return Ok(None) };
    let read = serde_json::from_value(json!(text));
    read.map(Some)
        .map_err(|_| unusable(format!("{text:?} is no time; write one such as 2026-11-01T00:00:00Z")))
}
