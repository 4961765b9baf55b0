use std::io::Read;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::context::Place;
use crate::output::spoken;

/// Commands about users.
#[derive(Subcommand)]
pub enum User {
    /// Make a user with one role in the whole company.
    Create(Create),
}

/// Arguments of `user create`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright user create --data-dir data --email ann@example.com --role administrator --password-stdin < password.txt

Prints the id of the user. A password never stands on the command line, where other users of the machine see it.")]
pub struct Create {
    #[command(flatten)]
    place: Place,
    /// E-mail address, which is also the name to sign in with.
    #[arg(long)]
    email: String,
    /// Role, such as administrator, market, brand, it, sales, service, finance, management, compliance or auditor.
    #[arg(long)]
    role: String,
    /// Name to show; the address when absent.
    #[arg(long)]
    name: Option<String>,
    /// Read the password from standard input.
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl User {
    /// Makes the user.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Create(create) = self;
        let mut password = String::new();
        std::io::stdin().read_to_string(&mut password)?;
        let password = password.trim_end_matches(['\r', '\n']);
        let (_, built) = create.place.open().await?;
        let name = create.name.as_deref().unwrap_or(&create.email);
        let id = identity::cli::create_user(&built.app, &create.email, name, &create.role, password)
            .await
            .map_err(spoken)?;
        if create.json {
            println!("{}", serde_json::json!({ "id": id, "email": create.email, "role": create.role }));
        } else {
            println!("{id}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
