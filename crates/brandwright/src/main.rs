//! The command line of Brandwright (品匠). It reads arguments, calls `server`, prints; nothing else.

mod commands;
mod context;
mod output;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Command;

/// Brandwright runs a company's marketing rulebook: it does the work and shows, clause by clause,
/// whether the rules are followed.
///
/// Start with `brandwright serve --sample` and open the address that it prints.
#[derive(Parser)]
#[command(
    name = "brandwright",
    version,
    propagate_version = true,
    after_help = "\
Exit codes: 0 done; 1 failed, or the answer is no; 2 what was given cannot be used (arguments, a file, the configuration).
Settings come from data/brandwright.toml, then BRANDWRIGHT_* variables, then arguments; see `brandwright config --help`."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    keep_few_pools();
    let cli = Cli::parse();
    match commands::run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("brandwright: {error:#}");
            ExitCode::from(output::exit_code(&error))
        }
    }
}

/// Has the system's allocator keep two pools instead of eight for each core: after a burst of events every pool holds on
/// to what one thread needed once, and the process to nearly twice the memory that is in use.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(
    unsafe_code,
    reason = "the C library has no safe way to set it, and no thread runs yet that could mind"
)]
fn keep_few_pools() {
    // SAFETY: mallopt may be called at any time; it changes one number of the allocator under its own lock.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 2) };
}

/// Other C libraries keep no pools for each thread.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn keep_few_pools() {}
