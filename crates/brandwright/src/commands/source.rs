use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand, ValueEnum};
use customers::source::{LogAccount, SourceKind};
use lake::EventLake;
use lake_engine::Engine;
use tokio_util::sync::CancellationToken;

use crate::context::{Place, operator};
use crate::output::{spinner, spoken, unusable};

/// Commands about sources of events.
#[derive(Subcommand)]
pub enum Source {
    /// Make a source, and print its write key.
    Create(Create),
    /// Bring the pages of a web server's access log into the lake.
    ImportLog(ImportLog),
}

/// Arguments of `source create`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright source create --data-dir data --name 'Web shop' --kind website

Prints the write key. Programs send it as the user name of Basic authentication; SDKs take it as their write key.")]
pub struct Create {
    #[command(flatten)]
    place: Place,
    /// What people call it.
    #[arg(long)]
    name: String,
    /// What it is.
    #[arg(long, value_enum, default_value = "server")]
    kind: Kind,
    /// What its events are for, as the people were told.
    #[arg(long, default_value = "service and statistics")]
    purpose: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `source import-log`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright source import-log --data-dir data --source 'Web shop' access.log.gz

Reads the combined format of Apache and nginx, and JSON lines; plain or gzip. Pages that people saw are stored once, however
often the file is read; pictures, errors and programs are counted and left out. No address of a visitor is kept.")]
pub struct ImportLog {
    #[command(flatten)]
    place: Place,
    /// Name of the source.
    #[arg(long)]
    source: String,
    /// The log.
    file: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// A site with the web tag.
    Website,
    /// An app on people's phones.
    App,
    /// A program of the company or of a partner.
    Server,
}

impl From<Kind> for SourceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Website => Self::Website,
            Kind::App => Self::App,
            Kind::Server => Self::Server,
        }
    }
}

impl Source {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(create) => create.run().await,
            Self::ImportLog(import) => import.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let (name, kind) = (self.name.as_str(), self.kind.into());
        let made =
            customers::source::create_by_command(&built.app, &operator(), name, kind, &self.purpose).await;
        let key = made.map_err(spoken)?;
        if self.json {
            println!("{}", serde_json::json!({ "name": name, "write_key": key }));
        } else {
            println!("{key}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl ImportLog {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let file =
            File::open(&self.file).map_err(|error| unusable(format!("{}: {error}", self.file.display())))?;
        let (_, built) = self.place.open().await?;
        let engine = built.app.part::<Arc<Engine>>().map_err(spoken)?.clone();
        let stop = CancellationToken::new();
        let work = lake_engine::begin(engine.clone(), stop.clone()).await;
        if !engine.takes_events() {
            stop.cancel();
            let words = "a server has this data directory: upload the log on the source's page, or stop the server first";
            return Err(unusable(words.to_owned()));
        }
        let wait = spinner("reading the log");
        let read =
            customers::source::import_log_by_command(&built.app, &operator(), &self.source, file).await;
        wait.finish_and_clear();
        stop.cancel();
        work.await?;
        self.tell(&read.map_err(spoken)?)
    }

    fn tell(&self, account: &LogAccount) -> anyhow::Result<ExitCode> {
        if self.json {
            println!("{}", serde_json::to_string(account)?);
            return Ok(ExitCode::SUCCESS);
        }
        println!("{} lines read: {} pages stored", account.read, account.stored);
        println!(
            "{} no pages, {} by programs, {} empty, {} rejected",
            account.no_page, account.bots, account.empty, account.rejected
        );
        for fault in &account.faults {
            println!("line {}: {}", fault.line, fault.fault);
        }
        Ok(ExitCode::SUCCESS)
    }
}
