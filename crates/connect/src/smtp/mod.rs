//! E-mail over SMTP to any server.

mod session;

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use kernel::ports::{MailOutcome, MailPort, OutgoingMail};
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::TlsParameters;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use self::session::{Failure, Session};
use crate::message;

/// An SMTP server.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name or address.
    pub host: String,
    /// Its port: 465 for `implicit`, 587 for `starttls`, 25 for `none`.
    pub port: u16,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: TlsMode,
    /// The user, where the server asks for one.
    #[serde(default)]
    pub username: Option<String>,
    /// The password.
    #[serde(default)]
    pub password: Option<String>,
    /// Most connections at a time.
    #[serde(default = "connections_default")]
    pub connections: u32,
    /// Most messages a minute over all campaigns, as the server's keeper allows; without it as many as it takes.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub rate_per_minute: Option<u32>,
}

fn connections_default() -> u32 {
    16
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Plain first, then STARTTLS; without it nothing is sent.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Implicit,
    /// None: for a server on this machine.
    None,
}

/// The server and how it is spoken to.
struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
}

/// How a connection is protected, with what that takes.
enum Tls {
    None,
    Starttls(TlsParameters),
    Implicit(TlsParameters),
}

/// Sends over a bounded number of connections to one SMTP server, which are kept for the next message.
pub struct SmtpMail {
    server: Server,
    rate_per_minute: Option<u32>,
    /// Room for connections.
    room: Semaphore,
    kept: Mutex<Vec<Session>>,
}

impl std::fmt::Debug for SmtpMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMail")
            .field("host", &self.server.host)
            .field("port", &self.server.port)
            .finish_non_exhaustive()
    }
}

impl SmtpMail {
    /// Prepares the connections; none is made yet.
    pub fn new(config: &SmtpConfig) -> Result<Self, String> {
        let parameters =
            || TlsParameters::new(config.host.clone()).map_err(|e| format!("mail.smtp.host: {e}"));
        let tls = match config.tls {
            TlsMode::Starttls => Tls::Starttls(parameters()?),
            TlsMode::Implicit => Tls::Implicit(parameters()?),
            TlsMode::None => Tls::None,
        };
        let credentials = config.username.clone().zip(config.password.clone());
        let credentials = credentials.map(|(user, password)| Credentials::new(user, password));
        let server = Server { host: config.host.clone(), port: config.port, tls, credentials };
        let room = usize::try_from(config.connections.max(1)).unwrap_or(1);
        Ok(Self {
            server,
            // A rate of nothing would never end.
            rate_per_minute: config.rate_per_minute.map(|rate| rate.max(1)),
            room: Semaphore::new(room),
            kept: Mutex::default(),
        })
    }

    /// Connects, greets and signs in, as every sending does; nothing is sent.
    pub async fn check(&self) -> Result<(), String> {
        Session::open(&self.server).await?.quit().await;
        Ok(())
    }

    /// Hands a message over on a connection that was kept, or on a new one.
    async fn hand_over(&self, envelope: &Envelope, letter: &str) -> Result<String, Failure> {
        let _room = self.room.acquire().await.map_err(|closed| Failure::BeforeBody(closed.to_string()))?;
        if let Some(session) = self.take() {
            match self.hand_over_on(session, envelope, letter).await {
                // Servers close what idles: nothing left yet, so a new connection may try.
                Err(Failure::BeforeBody(_)) => {}
                done => return done,
            }
        }
        let session = Session::open(&self.server).await.map_err(Failure::BeforeBody)?;
        self.hand_over_on(session, envelope, letter).await
    }

    async fn hand_over_on(
        &self,
        mut session: Session,
        envelope: &Envelope,
        letter: &str,
    ) -> Result<String, Failure> {
        let done = session.hand_over(envelope, letter).await;
        if session.is_sound() {
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        }
        done
    }

    fn take(&self) -> Option<Session> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

#[async_trait]
impl MailPort for SmtpMail {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        let message = match message::build(mail) {
            Ok(message) => message,
            Err(reason) => return MailOutcome::Refused { permanent: true, reply: reason },
        };
        match self.hand_over(message.envelope(), &letter(&message.formatted())).await {
            Ok(reply) => MailOutcome::Accepted { reply },
            Err(Failure::Refused { permanent, reply }) => MailOutcome::Refused { permanent, reply },
            Err(Failure::BeforeBody(reason)) => MailOutcome::NotSent { reason },
            Err(Failure::AfterBody(reason)) => MailOutcome::Unknown { reason },
        }
    }

    fn rate_per_minute(&self) -> Option<i64> {
        self.rate_per_minute.map(i64::from)
    }
}

/// Returns a message as it goes over the wire: dots that begin a line doubled, and the lone dot at the end, so that
/// one write carries all of it.
fn letter(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let mut letter = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            letter.push('.');
        }
        letter.push_str(line);
    }
    if !letter.ends_with("\r\n") {
        letter.push_str("\r\n");
    }
    letter.push_str(".\r\n");
    letter
}

#[cfg(test)]
mod tests;
