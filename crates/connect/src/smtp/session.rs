//! One connection to the server, and one message over it.

use std::fmt::Display;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::transport::smtp::{Error, authentication::Mechanism};
use tokio::time::timeout;

use super::{Server, Tls};

/// Longest wait for one answer of the server.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Ways to sign in, the better first.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// Why a message was not taken over.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server said no.
    Refused { permanent: bool, reply: String },
    /// The connection broke before the body: nothing left.
    BeforeBody(String),
    /// The connection broke once the body was on its way: it may have arrived.
    AfterBody(String),
}

/// A connection that has greeted and, where wanted, signed in.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    /// True where the server takes several commands at once (RFC 2920).
    pipelining: bool,
    /// False once the two sides may disagree on where they are.
    sound: bool,
}

impl Session {
    /// Connects, protects the connection as configured, and signs in.
    pub(super) async fn open(server: &Server) -> Result<Self, String> {
        match timeout(TIMEOUT, Self::connect(server)).await {
            Ok(connected) => connected.map_err(|error| error.to_string()),
            Err(_) => Err("the server did not answer in time".to_owned()),
        }
    }

    async fn connect(server: &Server) -> Result<Self, Error> {
        let hello = ClientId::default();
        let (wrapper, starttls) = match &server.tls {
            Tls::None => (None, None),
            Tls::Implicit(parameters) => (Some(parameters.clone()), None),
            Tls::Starttls(parameters) => (None, Some(parameters.clone())),
        };
        let address = (server.host.as_str(), server.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(TIMEOUT), &hello, wrapper, None).await?;
        if let Some(parameters) = starttls {
            connection.starttls(parameters, &hello).await?;
        }
        // The library keeps only what it uses itself of the first greeting's answer.
        let offers = connection.command(Ehlo::new(hello)).await?;
        let pipelining = offers.message().any(|line| line.eq_ignore_ascii_case("PIPELINING"));
        if let Some(credentials) = &server.credentials {
            connection.auth(MECHANISMS, credentials).await?;
        }
        Ok(Self { connection, pipelining, sound: true })
    }

    /// Hands a message over and returns the server's words; `letter` ends with the lone dot.
    pub(super) async fn hand_over(&mut self, envelope: &Envelope, letter: &str) -> Result<String, Failure> {
        // Whoever drops this half way leaves a connection in the middle of something.
        self.sound = false;
        let parameters = self.parameters(envelope, letter)?;
        self.prepare(envelope, parameters).await?;
        let answer = self.ask(letter).await;
        self.sound = matches!(answer, Ok(_) | Err(Failure::Refused { .. }));
        match answer {
            Ok(response) => Ok(response.message().collect::<Vec<_>>().join(" ")),
            Err(Failure::BeforeBody(reason)) => Err(Failure::AfterBody(reason)),
            Err(refused) => Err(refused),
        }
    }

    /// Says from whom and to whom, up to where the server waits for the body.
    async fn prepare(&mut self, envelope: &Envelope, parameters: Vec<MailParameter>) -> Result<(), Failure> {
        let mut commands = vec![Mail::new(envelope.from().cloned(), parameters).to_string()];
        commands.extend(envelope.to().iter().map(|to| Rcpt::new(to.clone(), Vec::new()).to_string()));
        commands.push(Data.to_string());
        let (mut refusal, mut awaits_body) = (None, false);
        for (place, command) in commands.iter().enumerate() {
            let answer = match (self.pipelining, place) {
                (true, 0) => self.ask(commands.concat()).await,
                (true, _) => self.answer().await,
                (false, _) => self.ask(command).await,
            };
            match answer {
                Ok(_) => awaits_body = place + 1 == commands.len(),
                Err(refused @ Failure::Refused { .. }) => {
                    refusal.get_or_insert(refused);
                    if !self.pipelining {
                        break;
                    }
                }
                Err(broken) => return Err(broken),
            }
        }
        let Some(refusal) = refusal else { return Ok(()) };
        // A server that waits for a body that never comes is left.
        self.sound = !awaits_body && self.ask(Rset).await.is_ok();
        Err(refusal)
    }

    /// Says what the message asks of the server; a server that cannot do it refuses the message for good.
    fn parameters(&mut self, envelope: &Envelope, letter: &str) -> Result<Vec<MailParameter>, Failure> {
        let addresses = envelope.from().into_iter().chain(envelope.to());
        let wanted = [
            (
                !letter.is_ascii(),
                Extension::EightBitMime,
                MailParameter::Body(MailBodyParameter::EightBitMime),
            ),
            (
                addresses.map(AsRef::<str>::as_ref).any(|address| !address.is_ascii()),
                Extension::SmtpUtfEight,
                MailParameter::SmtpUtfEight,
            ),
        ];
        let mut parameters = Vec::new();
        for (_, extension, parameter) in wanted.into_iter().filter(|(is_wanted, ..)| *is_wanted) {
            if !self.connection.server_info().supports_feature(extension) {
                self.sound = true;
                return Err(Failure::Refused {
                    permanent: true,
                    reply: format!("the server does not offer {extension}"),
                });
            }
            parameters.push(parameter);
        }
        Ok(parameters)
    }

    async fn ask(&mut self, command: impl Display) -> Result<Response, Failure> {
        answered(timeout(TIMEOUT, self.connection.command(command)).await)
    }

    async fn answer(&mut self) -> Result<Response, Failure> {
        answered(timeout(TIMEOUT, self.connection.read_response()).await)
    }

    /// Returns true where another message can follow.
    pub(super) fn is_sound(&self) -> bool {
        self.sound
    }

    /// Takes leave.
    pub(super) async fn quit(mut self) {
        // Whoever leaves needs no answer.
        let _ = self.ask(Quit).await;
    }
}

fn answered(
    answer: Result<Result<Response, Error>, tokio::time::error::Elapsed>,
) -> Result<Response, Failure> {
    match answer {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) if error.status().is_some() => {
            Err(Failure::Refused { permanent: error.is_permanent(), reply: error.to_string() })
        }
        Ok(Err(error)) => Err(Failure::BeforeBody(error.to_string())),
        Err(_) => Err(Failure::BeforeBody("the server did not answer in time".to_owned())),
    }
}
