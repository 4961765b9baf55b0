use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Place;
use crate::output::spoken;

/// Commands about API tokens.
#[derive(Subcommand)]
pub enum Token {
    /// Make a token that acts for a user, and print it once.
    Create(Create),
}

/// Arguments of `token create`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright token create --data-dir data --user ann@example.com --name reports --days 30

Prints the token, once. Send it as `Authorization: Bearer TOKEN`.")]
pub struct Create {
    #[command(flatten)]
    place: Place,
    /// E-mail address of the user.
    #[arg(long)]
    user: String,
    /// What the token is for.
    #[arg(long, default_value = "command line")]
    name: String,
    /// Days until it expires.
    #[arg(long, default_value_t = 90)]
    days: u32,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl Token {
    /// Makes the token.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Create(create) = self;
        let (_, built) = create.place.open().await?;
        let secret = identity::cli::create_token(&built.app, &create.user, &create.name, create.days)
            .await
            .map_err(spoken)?;
        if create.json {
            println!("{}", serde_json::json!({ "token": secret, "user": create.user, "days": create.days }));
        } else {
            println!("{secret}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
