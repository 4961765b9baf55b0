use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use customers::source::SourceKind;

use crate::context::{Place, operator};
use crate::output::spoken;

/// Commands about sources of events.
#[derive(Subcommand)]
pub enum Source {
    /// Make a source, and print its write key.
    Create(Create),
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
    /// Makes the source.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Create(create) = self;
        let (_, built) = create.place.open().await?;
        let (name, kind) = (create.name.as_str(), create.kind.into());
        let made =
            customers::source::create_by_command(&built.app, &operator(), name, kind, &create.purpose).await;
        let key = made.map_err(spoken)?;
        if create.json {
            println!("{}", serde_json::json!({ "name": name, "write_key": key }));
        } else {
            println!("{key}");
        }
        Ok(ExitCode::SUCCESS)
    }
}
