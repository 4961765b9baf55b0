//! Configuration (配置): a file, then `BRANDWRIGHT_*`, then what the command line says.
//!
//! `BRANDWRIGHT_MAIL__SMTP__HOST` sets `mail.smtp.host`. An unknown key is an error that names it.

mod read;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Directory for the database, files, keys and backups.
    pub data_dir: PathBuf,
    /// `postgres://user:password@host/database`; SQLite in the data directory when absent.
    #[serde(default)]
    pub database_url: Option<String>,
    /// Addresses and origins.
    pub http: Http,
    /// The company.
    pub company: Company,
    /// How mail leaves.
    pub mail: Mail,
    /// Backups.
    pub backup: Backup,
    /// Events.
    pub lake: Lake,
    /// Logs.
    pub log: Log,
    /// Background workers in this process; 0 for a node that only answers requests.
    pub workers: usize,
    /// A directory with the company's own rulebook packs, beside those built in.
    #[serde(default)]
    pub packs_dir: Option<PathBuf>,
    /// Private hosts (`name` or `name:port`) that webhooks and watches may reach; public ones need no entry.
    #[serde(default)]
    pub webhook_hosts: Vec<String>,
    /// True with the sample company: one-click sign-in on loopback, simulated recipients.
    pub sample: bool,
}

/// Addresses and origins.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Where staff's requests are answered.
    pub listen: SocketAddr,
    /// Where receivers' requests (tracking, preferences) are answered; by default the next port.
    #[serde(default)]
    pub public_listen: Option<SocketAddr>,
    /// The origin that staff type, such as `https://brandwright.example.com`.
    #[serde(default)]
    pub admin_url: Option<String>,
    /// The origin in messages; must differ from `admin_url`. Without it nothing can be sent.
    #[serde(default)]
    pub public_url: Option<String>,
    /// Largest request body in bytes, streamed uploads aside.
    pub body_max_bytes: usize,
    /// Longest time for one request in seconds.
    pub timeout_seconds: u64,
}

/// The company.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// IANA name of the reporting time zone.
    pub time_zone: String,
    /// ISO 4217 code of the reporting currency.
    pub currency: String,
}

/// How mail leaves.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `drop` keeps messages as .eml files in the data directory; `smtp` hands them to a server.
    pub kind: MailKind,
    /// The server, for `smtp`.
    #[serde(default)]
    pub smtp: Option<connect::SmtpConfig>,
    /// Address at which replies to mails of comments arrive, such as `reply@in.example.com`; what is sent there, also to
    /// `reply+anything@`, is to be posted to an intake that takes replies. Without it mails are not answered.
    #[serde(default)]
    pub reply_to: Option<String>,
}

/// Kind of mail hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Messages stay on this machine, as .eml files that the UI shows.
    Drop,
    /// Messages go to an SMTP server.
    Smtp,
}

/// Backups.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    /// Where backups go; `<data_dir>/backups` when absent. Choose another disk.
    #[serde(default)]
    pub dir: Option<PathBuf>,
    /// The file with the key that opens them; `<data_dir>/backup.key` when absent. Keep a copy elsewhere.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
}

/// Events.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lake {
    /// Seconds that an event waits at most until it is in a file. It is on disk when it is acknowledged.
    pub flush_seconds: u64,
}

/// Logs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `text` for people, `json` for collectors.
    pub format: LogFormat,
    /// Filter such as `info` or `info,sqlx=warn`.
    pub filter: String,
}

/// Format of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            database_url: None,
            http: Http {
                listen: SocketAddr::from(([127, 0, 0, 1], 8700)),
                public_listen: None,
                admin_url: None,
                public_url: None,
                body_max_bytes: 8 * 1024 * 1024,
                timeout_seconds: 60,
            },
            company: Company { time_zone: "Asia/Shanghai".to_owned(), currency: "CNY".to_owned() },
            mail: Mail { kind: MailKind::Drop, smtp: None, reply_to: None },
            backup: Backup { dir: None, key_file: None },
            lake: Lake { flush_seconds: 10 },
            log: Log {
                format: LogFormat::Text,
                filter: "info,sqlx=warn,fjall=warn,lsm_tree=warn".to_owned(),
            },
            workers: 2,
            packs_dir: None,
            webhook_hosts: Vec::new(),
            sample: false,
        }
    }
}

impl Config {
    /// Reads the file (by default `brandwright.toml` in the data directory, where it exists) and the environment.
    ///
    /// A mistake is named with its file and line, or with its variable.
    pub fn load(file: Option<&Path>, data_dir: Option<&Path>) -> anyhow::Result<Self> {
        read::load(file, data_dir)
    }

    /// Refuses settings that contradict each other: the key, and what is wrong with it.
    fn check(&self) -> Result<(), (String, String)> {
        let wrong = |key: &str, words: String| Err((key.to_owned(), words));
        let zone = &self.company.time_zone;
        if jiff::tz::TimeZone::get(zone).is_err() {
            return wrong(
                "company.time_zone",
                format!("{zone:?} is no time zone; write one such as \"Asia/Shanghai\""),
            );
        }
        let currency = &self.company.currency;
        if kernel::Currency::try_from(currency.clone()).is_err() {
            return wrong(
                "company.currency",
                format!("{currency:?} is no currency; write a code such as \"CNY\""),
            );
        }
        if self.mail.kind == MailKind::Smtp && self.mail.smtp.is_none() {
            return wrong("mail.kind", "is \"smtp\", but mail.smtp.host is not set".to_owned());
        }
        if let Some(address) = self.mail.reply_to.as_ref().filter(|address| !is_mailbox(address)) {
            let words = "write one such as \"reply@in.example.com\", without a plus";
            return wrong("mail.reply_to", format!("{address:?} is no address for replies; {words}"));
        }
        if let Err(reason) = tracing_subscriber::EnvFilter::try_new(&self.log.filter) {
            return wrong("log.filter", format!("{:?} is no filter: {reason}", self.log.filter));
        }
        for (key, url) in
            [("http.admin_url", &self.http.admin_url), ("http.public_url", &self.http.public_url)]
        {
            if let Some(url) = url.as_ref().filter(|url| !is_origin(url)) {
                return wrong(
                    key,
                    format!("{url:?} is no origin; write one such as \"https://brandwright.example.com\""),
                );
            }
        }
        if self.http.admin_url.is_some() && self.http.admin_url == self.http.public_url {
            let why = "receivers' pages never share staff's cookies";
            return wrong("http.public_url", format!("must be another origin than http.admin_url: {why}"));
        }
        if self.database_url.as_ref().is_some_and(|url| !is_postgres(url)) {
            return wrong("database_url", "must look like postgres://user:password@host/database".to_owned());
        }
        Ok(())
    }

    /// Returns the configuration with passwords taken out, fit to be printed.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        const HIDDEN: &str = "[hidden]";
        if let Some(password) = self.mail.smtp.as_mut().and_then(|smtp| smtp.password.as_mut()) {
            HIDDEN.clone_into(password);
        }
        if self.database_url.is_some() {
            self.database_url = Some(HIDDEN.to_owned());
        }
        self
    }

    /// Returns the JSON Schema of the file.
    pub fn schema() -> serde_json::Value {
        serde_json::to_value(schemars::schema_for!(Self)).expect("a schema is plain data")
    }

    /// Returns where receivers' requests are answered.
    pub fn public_listen(&self) -> SocketAddr {
        self.http.public_listen.unwrap_or_else(|| {
            let mut address = self.http.listen;
            // Port 0 asks the system for any free port, for both.
            address.set_port(match address.port() {
                0 => 0,
                port => port.wrapping_add(1).max(1),
            });
            address
        })
    }
}

/// An origin: scheme, host, perhaps a port, and nothing behind.
fn is_origin(url: &str) -> bool {
    let Ok(uri) = url.parse::<axum::http::Uri>() else { return false };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some()
        && uri.path() == "/"
        && !url.ends_with('/')
}

/// An address behind whose name a plus and a secret still have room.
fn is_mailbox(address: &str) -> bool {
    let sound = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    address.split_once('@').is_some_and(|(name, host)| sound(name) && name.len() <= 30 && sound(host))
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

#[cfg(test)]
mod tests;
