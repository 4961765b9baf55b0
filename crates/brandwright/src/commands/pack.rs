use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use kernel::Language;
use rulebook::pack::{self, ChangeKind, Folder, ObjectChange, service};
use serde_json::Value as Json;

use crate::context::{Place, operator};
use crate::output::{spoken, unusable};

/// Commands about packs.
#[derive(Subcommand)]
pub enum Pack {
    /// Check a pack without loading it.
    Check(Check),
    /// Show how a pack differs from the one that runs.
    Diff(Diff),
    /// Say what would change if a pack ran, on today's data.
    DryRun(DryRun),
    /// Let a company's own pack run, beside a running server too.
    Apply(Apply),
    /// Let the shipped version of a pack run again.
    Restore(Restore),
    /// Write the files of a running pack into an empty directory.
    Export(Export),
}

/// Arguments of `pack check`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright pack check packs/brand-automation

Prints what the pack holds. Exits 2 when it is faulty, with `file:line: reason` for every fault.")]
pub struct Check {
    /// The pack's folder.
    folder: PathBuf,
}

/// Arguments of `pack diff` and `pack dry-run`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright pack diff our-pack --data-dir data")]
pub struct Diff {
    /// The pack's folder; its name is the pack's id.
    folder: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Arguments of `pack dry-run`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright pack dry-run our-pack --data-dir data

Exits 2 when the pack is faulty.")]
pub struct DryRun {
    #[command(flatten)]
    of: Diff,
}

/// Arguments of `pack apply`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright pack apply our-pack --reason 'new travel rules' --data-dir data

A running server takes the new version up within seconds. The next upgrade of a shipped pack leaves what was changed.")]
pub struct Apply {
    /// The pack's folder; its name is the pack's id.
    folder: PathBuf,
    /// Why; stands in the audit log.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    place: Place,
}

/// Arguments of `pack restore`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright pack restore core --reason 'back to the shipped rules' --data-dir data")]
pub struct Restore {
    /// The pack's id.
    id: String,
    /// Why; stands in the audit log.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    place: Place,
}

/// Arguments of `pack export`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright pack export core --out our-packs --data-dir data

Writes into our-packs/core, which `pack check`, `pack diff` and `pack apply` take.")]
pub struct Export {
    /// The pack's id.
    id: String,
    /// The directory in which the pack's folder is made.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

impl Pack {
    /// Runs the command.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(check) => super::rulebook::check(&check.folder),
            Self::Diff(diff) => diff.run().await,
            Self::DryRun(dry_run) => dry_run.run().await,
            Self::Apply(apply) => apply.run().await,
            Self::Restore(restore) => restore.run().await,
            Self::Export(export) => export.run().await,
        }
    }
}

fn read(folder: &Path) -> anyhow::Result<Folder> {
    if !folder.join("pack.yaml").is_file() {
        return Err(unusable(format!("{}: there is no pack.yaml", folder.display())));
    }
    pack::folder(folder).map_err(spoken)
}

impl Diff {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let folder = read(&self.folder)?;
        let (_, built) = self.place.open().await?;
        let diff = service::compare(&built.app, &folder).map_err(spoken)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&diff)?);
        } else if diff.changes.is_empty() {
            println!("{} runs as it is", folder.name);
        } else {
            diff.changes.iter().for_each(print_change);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_change(change: &ObjectChange) {
    let sign = match change.change {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '-',
        ChangeKind::Changed => '~',
    };
    let id = if change.id.is_empty() { &change.file } else { &change.id };
    println!("{sign} {} {id}", change.kind);
    for value in &change.values {
        println!("    {}: {} -> {}", value.path, short(value.before.as_ref()), short(value.after.as_ref()));
    }
}

fn short(value: Option<&Json>) -> String {
    value.map_or("nothing".to_owned(), Json::to_string)
}

impl DryRun {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let folder = read(&self.of.folder)?;
        let (_, built) = self.of.place.open().await?;
        let said = pack::dry_run(&built.app, Language::En, &folder).await.map_err(spoken)?;
        if self.of.json {
            println!("{}", serde_json::to_string_pretty(&said)?);
        } else {
            print_dry_run(&said);
        }
        let code = if said.faults.is_empty() { 0 } else { crate::output::UNUSABLE_INPUT };
        Ok(ExitCode::from(code))
    }
}

fn print_dry_run(said: &pack::DryRun) {
    for fault in &said.faults {
        eprintln!("{}:{}: {}", fault.file, fault.line, fault.message);
    }
    let status = |status: Option<rulebook::clause::Status>| status.map_or("-".to_owned(), |s| s.to_string());
    for turn in &said.clauses {
        println!("{} {}: {} -> {}", turn.clause_id, turn.title, status(turn.before), status(turn.after));
    }
    for turn in &said.parameters {
        println!("{}: {} -> {}", turn.key, short(turn.before.as_ref()), short(turn.after.as_ref()));
    }
    for turn in &said.machines {
        println!(
            "{} version {}: {} open instances stay on an older version",
            turn.machine_id, turn.after, turn.open_on_older
        );
    }
    println!(
        "{} objects differ, {} clauses would stand otherwise, {} parameters would change",
        said.changes.len(),
        said.clauses.len(),
        said.parameters.len()
    );
}

impl Apply {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let folder = read(&self.folder)?;
        let (_, built) = self.place.open().await?;
        let applied = service::apply(&built.app, &operator(), folder, &self.reason).await.map_err(spoken)?;
        println!("{} {} runs, {}", applied.id, applied.label, applied.content_hash);
        Ok(ExitCode::SUCCESS)
    }
}

impl Restore {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        service::restore(&built.app, &operator(), &self.id, &self.reason).await.map_err(spoken)?;
        println!("{} runs as it is shipped", self.id);
        Ok(ExitCode::SUCCESS)
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (_, built) = self.place.open().await?;
        let pack = service::files(&built.app, &self.id).map_err(spoken)?;
        let folder = self.out.join(&pack.id);
        if folder.exists() {
            return Err(unusable(format!("{} is there already", folder.display())));
        }
        for (path, text) in &pack.files {
            let file = folder.join(path);
            let parent = file.parent().unwrap_or(&folder);
            let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&file, text));
            written.map_err(|error| unusable(format!("{} cannot be written: {error}", file.display())))?;
        }
        println!("wrote {} files to {}", pack.files.len(), folder.display());
        Ok(ExitCode::SUCCESS)
    }
}
