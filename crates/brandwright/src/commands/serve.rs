use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use server::{Built, Config, Listening};
use tokio_util::sync::CancellationToken;

use crate::context::Place;
use crate::output::spoken;

/// Arguments of `serve`.
#[derive(Args)]
#[command(after_help = "Examples:
  brandwright serve --sample
  brandwright serve --data-dir /var/lib/brandwright --listen 127.0.0.1:8700
  brandwright serve --database-url postgres://brandwright:secret@db.example.com/brandwright

Stop with Ctrl-C: requests under way are answered, and jobs under way end or are put back.")]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    /// Address for staff, such as 127.0.0.1:8700.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Address for receivers' pages (tracking, preferences); the next port when absent.
    #[arg(long, value_name = "ADDRESS")]
    public_listen: Option<SocketAddr>,
    /// Load the sample company first, and offer one-click sign-in on this machine.
    #[arg(long)]
    sample: bool,
}

impl Serve {
    /// Answers until Ctrl-C or a termination signal; then finishes what is under way.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = self.place.config()?;
        server::start_logging(&config.log)?;
        config.http.listen = self.listen.unwrap_or(config.http.listen);
        config.http.public_listen = self.public_listen.or(config.http.public_listen);
        config.sample |= self.sample;
        let listening = Listening::bind(&config).await?;
        settle_origins(&mut config, &listening)?;
        let built = self.place.open_with(&config).await?;
        if config.sample {
            super::sample::tell(super::sample::load(&built).await?.as_ref());
        }
        welcome(&config, &built).await?;
        let stop = CancellationToken::new();
        tokio::spawn(stop_on_signal(stop.clone()));
        server::serve(built, &config, listening, stop).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Fills in the origins that a start on this machine can know.
fn settle_origins(config: &mut Config, listening: &Listening) -> anyhow::Result<()> {
    let (staff, public) = (listening.staff()?, listening.public()?);
    config.http.admin_url.get_or_insert_with(|| format!("http://{staff}"));
    if public.ip().is_loopback() {
        // Another host name, so that browsers never send staff's cookies there.
        config.http.public_url.get_or_insert_with(|| format!("http://localhost:{}", public.port()));
    }
    Ok(())
}

async fn welcome(config: &Config, built: &Built) -> anyhow::Result<()> {
    let address = &built.app.settings.admin_url;
    println!("\nBrandwright 品匠 is ready: {address}");
    if config.sample {
        println!("Sign in with one click on the login page (sample company, this machine only).\n");
        return Ok(());
    }
    match identity::bootstrap(&built.app).await.map_err(spoken)? {
        Some(token) => {
            println!("Make the first administrator within 30 minutes: {address}/first-admin#{token}\n")
        }
        None => println!("Sign in with your e-mail address and password.\n"),
    }
    Ok(())
}

async fn stop_on_signal(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
        }
        // Without the second signal the first one still stops the server.
        Err(_) => drop(interrupted.await),
    }
    tracing::info!("stopping: requests under way are finished");
    stop.cancel();
}

/// Arguments of `worker`.
#[derive(Args)]
#[command(after_help = "Example:
  brandwright worker --data-dir data --database-url postgres://brandwright:secret@db.example.com/brandwright")]
pub struct Worker {
    #[command(flatten)]
    place: Place,
}

impl Worker {
    /// Works until a signal.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = self.place.config()?;
        server::start_logging(&config.log)?;
        config.workers = config.workers.max(1);
        let built = self.place.open_with(&config).await?;
        let stop = CancellationToken::new();
        tokio::spawn(stop_on_signal(stop.clone()));
        println!("Working in the background. Stop with Ctrl-C.");
        server::work(built, stop).await;
        Ok(ExitCode::SUCCESS)
    }
}
