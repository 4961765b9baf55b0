//! House rules of ARCHITECTURE.md, as checks: `cargo xtask check`.

mod floors;
mod generated;
mod sizes;
mod sources;
mod sql;
mod texts;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks the house rules.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All checks that need no build of the product.
    Check,
    /// Arrows between crates point downward only.
    Floors,
    /// No file over 800 lines, no function over 70.
    Sizes,
    /// SQL stands only in `sql.rs` and migrations.
    Sql,
    /// Every code that the sources use has a text in three languages.
    Texts,
    /// Generated files are what the built binary would write now; `--write` brings them up to date.
    Generated {
        /// The built binary.
        #[arg(long, default_value = "target/debug/brandwright")]
        binary: std::path::PathBuf,
        /// Write instead of compare.
        #[arg(long)]
        write: bool,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    let findings = match Cli::parse().command {
        Command::Check => [floors::check()?, sizes::check()?, sql::check()?, texts::check()?].concat(),
        Command::Floors => floors::check()?,
        Command::Sizes => sizes::check()?,
        Command::Sql => sql::check()?,
        Command::Texts => texts::check()?,
        Command::Generated { binary, write } => generated::check(&binary, write)?,
    };
    for finding in &findings {
        println!("{finding}");
    }
    println!("{} findings", findings.len());
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
