use std::process::ExitCode;

use clap::Args;
use server::Check;

use crate::context::Place;

/// Arguments of `doctor`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright doctor --data-dir data
  brandwright doctor --data-dir data --json

Exits 0 when all is well, and 1 when something fails; each failure says what to do.")]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Read every stored file and compare it with its digest, however many there are.
    #[arg(long)]
    deep: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// Tries each thing that the product needs, and says what to do about those that fail.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        server::log_fallback();
        let mut checks = Vec::new();
        match self.place.config() {
            Ok(config) => {
                checks.push(Check::good("configuration", "every key is known and fits".to_owned()));
                checks.extend(server::check_place(&config));
                match self.place.open_with(&config).await {
                    Ok(built) => checks.extend(server::doctor(&built, &config, self.deep).await),
                    Err(error) => {
                        let advice = "Mend this first; what needs the database was not tried.";
                        checks.push(Check::bad("database", format!("{error:#}"), advice));
                    }
                }
            }
            Err(error) => {
                checks.push(Check::bad(
                    "configuration",
                    format!("{error:#}"),
                    "Mend the configuration; nothing else was tried.",
                ));
            }
        }
        let holds = checks.iter().all(|check| check.holds);
        if self.json {
            println!("{}", serde_json::json!({ "holds": holds, "checks": checks }));
        } else {
            for check in &checks {
                println!("{}  {}: {}", if check.holds { "ok  " } else { "FAIL" }, check.name, check.words);
                if let Some(advice) = &check.advice {
                    println!("      {advice}");
                }
            }
        }
        Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}
