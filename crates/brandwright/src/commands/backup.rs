use std::path::{Path, PathBuf};
use std::process::ExitCode;

use backup::archive::key::BackupKey;
use backup::archive::read;
use backup::run::service::{Taking, take};
use backup::run::{BackupRun, BegunBy};
use backup::{Place as BackupPlace, said::Said};
use clap::{Args, Subcommand};
use kernel::{Caller, Language};
use serde_json::json;

use crate::context::Place;
use crate::output::{say_with, spinner, spoken};

/// Arguments of `backup`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Backup {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    take: Take,
}

#[derive(Subcommand)]
enum Command {
    /// Read a backup from beginning to end and say whether it is whole. Exits 2 when it is not.
    Verify(Verify),
    /// List the backups in the folder, newest first.
    List(List),
}

/// Arguments of `backup` itself.
#[derive(Args)]
struct Take {
    #[command(flatten)]
    place: Place,
    /// File or directory for the backup; the folder of the configuration when absent.
    #[arg(long, value_name = "FILE|DIR")]
    to: Option<PathBuf>,
    /// Put the master key in: the backup and its key then open every secret.
    #[arg(long)]
    with_master_key: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `backup verify`.
#[derive(Args)]
struct Verify {
    /// The backup.
    file: PathBuf,
    /// Data directory whose backup key opens it.
    #[arg(long, value_name = "DIR", default_value = "data")]
    data_dir: PathBuf,
    /// The backup key, where it is not in the data directory.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `backup list`.
#[derive(Args)]
struct List {
    #[command(flatten)]
    place: Place,
    /// The backup key, where it is not in the data directory.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Backup {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            None => self.take.run().await,
            Some(Command::Verify(verify)) => verify.run().await,
            Some(Command::List(list)) => list.run().await,
        }
    }
}

impl Take {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let place = BackupPlace::of(&built.app).map_err(spoken)?;
        let how = Taking {
            begun_by: BegunBy::Command,
            asked_by: None,
            master_key: self.with_master_key,
            to: self.to.clone(),
        };
        let wait = spinner("taking the backup and reading it again");
        let taken = take(&built.app, &Caller::system("command"), &how).await;
        wait.finish_and_clear();
        let run = taken.map_err(spoken)?;
        if self.json {
            println!("{}", receipt(&run, &place.key_file));
        } else {
            tell(&run, &place.key_file);
        }
        Ok(if run.verified { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

fn receipt(run: &BackupRun, key_file: &Path) -> serde_json::Value {
    json!({
        "id": run.id, "file": run.file, "bytes": run.size_bytes, "sha256": run.sha256, "taken_at": run.taken_at,
        "rows": run.row_count, "files": run.file_count, "took_ms": run.took_ms, "verified": run.verified,
        "verify_ms": run.verify_ms, "master_key": run.master_key, "key_file": key_file,
        "problem": run.problem.as_ref().map(words),
    })
}

fn words(problem: &Said) -> String {
    say_with(&problem.code, &problem.args, Language::En)
}

fn tell(run: &BackupRun, key_file: &Path) {
    let (rows, files) = (run.row_count.unwrap_or_default(), run.file_count.unwrap_or_default());
    println!("{}", run.file.as_deref().unwrap_or_default());
    println!("{rows} rows, {files} files, {} bytes, {} ms", run.size_bytes.unwrap_or_default(), run.took_ms);
    match &run.problem {
        None => println!("Read again and whole."),
        Some(problem) => println!("NOT sound: {}", words(problem)),
    }
    println!(
        "Key: {}. Keep a copy of it away from this machine: without it no backup opens.",
        key_file.display()
    );
    if !run.master_key {
        println!(
            "The master key (master.key) is not inside. Keep a copy of it, too: restored data do not open without it."
        );
    }
}

impl Verify {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let key_file = self.key_file.unwrap_or_else(|| self.data_dir.join("backup.key"));
        let key = BackupKey::read(&key_file).map_err(spoken)?;
        let wait = spinner("reading the backup");
        let found = read::verify(&self.file, &key).await;
        wait.finish_and_clear();
        let manifest = found.map_err(spoken)?;
        let damaged = &manifest.files.damaged;
        if self.json {
            println!("{}", serde_json::to_string(&manifest)?);
        } else {
            let head = &manifest.head;
            println!("Taken at {} from {} by version {}.", head.taken_at, head.database, head.product);
            println!(
                "{} rows in {} tables, {} files.",
                manifest.rows(),
                manifest.tables.len(),
                manifest.files.count
            );
            for name in damaged {
                println!("File {name} was damaged before the backup was taken.");
            }
            println!(
                "{}",
                if damaged.is_empty() { "The backup is whole." } else { "The backup is as it was written." }
            );
        }
        Ok(if damaged.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.place.config()?;
        let folder = config.backup.dir.clone().unwrap_or_else(|| config.data_dir.join("backups"));
        let own = || config.backup.key_file.clone().unwrap_or_else(|| config.data_dir.join("backup.key"));
        let key = BackupKey::read(&self.key_file.clone().unwrap_or_else(own)).map_err(spoken)?;
        let mut found = Vec::new();
        for file in read::in_folder(&folder).await.map_err(spoken)?.into_iter().rev() {
            let head = read::head(&file, &key).await.map_err(|problem| spoken(problem).to_string());
            let bytes = tokio::fs::metadata(&file).await?.len();
            found.push((file, bytes, head));
        }
        if self.json {
            let items: Vec<_> = found
                .iter()
                .map(|(file, bytes, head)| match head {
                    Ok(head) => json!({ "file": file, "bytes": bytes, "taken_at": head.taken_at,
                        "database": head.database, "product": head.product, "master_key": head.master_key }),
                    Err(words) => json!({ "file": file, "bytes": bytes, "problem": words }),
                })
                .collect();
            println!("{}", json!({ "folder": folder, "items": items }));
            return Ok(ExitCode::SUCCESS);
        }
        if found.is_empty() {
            println!("No backups in {}.", folder.display());
        }
        for (file, bytes, head) in &found {
            match head {
                Ok(head) => {
                    println!("{}  {}  {bytes} bytes  {}", head.taken_at, file.display(), head.database)
                }
                Err(words) => println!("?  {}  {bytes} bytes  {words}", file.display()),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
