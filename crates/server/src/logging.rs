use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts structured logs on standard error.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&log.filter).map_err(|e| anyhow::anyhow!("log.filter {:?}: {e}", log.filter))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logs: {error}"))
}

/// Logs warnings and errors only, for short commands.
pub fn fallback() {
    // A second start in one process changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("warn"))
        .with_writer(std::io::stderr)
        .with_target(false)
        .try_init();
}
