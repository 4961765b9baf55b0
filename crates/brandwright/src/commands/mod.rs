mod audit;
mod backup;
mod config;
mod doctor;
mod export;
mod import;
mod keys;
mod lake;
mod openapi;
mod pack;
mod restore;
mod rulebook;
mod sample;
mod serve;
mod source;
mod token;
mod user;

use std::process::ExitCode;

use clap::Subcommand;

/// What can be done from the command line.
#[derive(Subcommand)]
pub enum Command {
    /// Answer requests, show the web UI and work in the background.
    Serve(serve::Serve),
    /// Work in the background only, beside other nodes on the same PostgreSQL.
    Worker(serve::Worker),
    /// Load the sample company: a real grocery retailer's year with generated names.
    Sample(sample::Sample),
    /// Import orders, customers, products, expenses or records from CSV or XLSX, plain or gzip.
    Import(import::Import),
    /// Write customers, orders, products or the members of a segment into a CSV or XLSX file.
    Export(export::Export),
    /// Make users.
    #[command(subcommand)]
    User(user::User),
    /// Make API tokens.
    #[command(subcommand)]
    Token(token::Token),
    /// Prove that the audit log is whole.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Change the key under which personal values lie.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Make sources of events.
    #[command(subcommand)]
    Source(source::Source),
    /// Count, check, merge and write out what is in the event lake.
    #[command(subcommand)]
    Lake(lake::Lake),
    /// Show how the clauses of the rulebook stand; export them with their evidence.
    #[command(subcommand)]
    Rulebook(rulebook::Rulebook),
    /// Check, compare, try, apply and export packs.
    #[command(subcommand)]
    Pack(pack::Pack),
    /// Take a backup of records, files and audit anchors, sealed and read again, beside a running server or without one.
    Backup(backup::Backup),
    /// Restore a backup into an empty directory, and into SQLite or an empty PostgreSQL database.
    Restore(restore::Restore),
    /// Print the OpenAPI document.
    Openapi(openapi::Openapi),
    /// Check or print the configuration and its schema.
    #[command(subcommand)]
    Config(config::Config),
    /// Look for what would keep the product from working.
    Doctor(doctor::Doctor),
}

/// Runs one command.
pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Worker(worker) => worker.run().await,
        Command::Sample(sample) => sample.run().await,
        Command::Import(import) => import.run().await,
        Command::Export(export) => export.run().await,
        Command::User(user) => user.run().await,
        Command::Token(token) => token.run().await,
        Command::Audit(audit) => audit.run().await,
        Command::Keys(keys) => keys.run().await,
        Command::Source(source) => source.run().await,
        Command::Lake(lake) => lake.run().await,
        Command::Rulebook(rulebook) => rulebook.run().await,
        Command::Pack(pack) => pack.run().await,
        Command::Backup(backup) => backup.run().await,
        Command::Restore(restore) => restore.run().await,
        Command::Openapi(openapi) => openapi.run(),
        Command::Config(config) => config.run(),
        Command::Doctor(doctor) => doctor.run().await,
    }
}
