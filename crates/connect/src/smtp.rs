//! E-mail over SMTP to any server.

use std::time::Duration;

use async_trait::async_trait;
use kernel::ports::{MailOutcome, MailPort, OutgoingMail};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::message;

/// Longest wait for one answer of the server.
const TIMEOUT: Duration = Duration::from_secs(30);

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

/// Sends over pooled connections to one SMTP server.
#[derive(Debug)]
pub struct SmtpMail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpMail {
    /// Prepares the connections; none is made yet.
    pub fn new(config: &SmtpConfig) -> Result<Self, String> {
        let tls = || TlsParameters::new(config.host.clone()).map_err(|e| format!("mail.smtp.host: {e}"));
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(match config.tls {
                TlsMode::Starttls => Tls::Required(tls()?),
                TlsMode::Implicit => Tls::Wrapper(tls()?),
                TlsMode::None => Tls::None,
            })
            .timeout(Some(TIMEOUT))
            .pool_config(PoolConfig::new().max_size(config.connections.max(1)));
        if let (Some(user), Some(password)) = (&config.username, &config.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build() })
    }

    /// Connects, greets and signs in, as every sending does; nothing is sent.
    pub async fn check(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the server answers, but does not take mail".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}


#[async_trait]
impl MailPort for SmtpMail {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        let message = match message::build(mail) {
            Ok(message) => message,
            Err(reason) => return MailOutcome::Refused { permanent: true, reply: reason },
        };
        match self.transport.send(message).await {
            Ok(response) => MailOutcome::Accepted { reply: response.message().collect::<Vec<_>>().join(" ") },
            Err(error) => outcome(&error),
        }
    }
}

/// Says what is known after a failure: a reply is a refusal, no connection means nothing left.
fn outcome(error: &lettre::transport::smtp::Error) -> MailOutcome {
    let reason = error.to_string();
    if error.status().is_some() {
        return MailOutcome::Refused { permanent: error.is_permanent(), reply: reason };
    }
    // The library tells "could not connect" apart only in words; a test pins them.
    let never_connected = reason.starts_with("Connection error") || error.is_client() || error.is_tls();
    if never_connected { MailOutcome::NotSent { reason } } else { MailOutcome::Unknown { reason } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    fn mail() -> OutgoingMail {
        OutgoingMail {
            message_id: "1@mail.invalid".into(),
            from: ("a@brand.invalid".into(), String::new()),
            to: "b@sample.invalid".into(),
            subject: "s".into(),
            html: "<p>h</p>".into(),
            text: "t".into(),
            headers: vec![],
        }
    }

    fn client(port: u16) -> SmtpMail {
        let config = SmtpConfig {
            host: "127.0.0.1".into(),
            port,
            tls: TlsMode::None,
            username: None,
            password: None,
            connections: 1,
        };
        SmtpMail::new(&config).expect("sound")
    }

    /// Answers each line by `replies`, then closes; DATA's body is read up to the lone dot.
    async fn server(replies: &'static [(&'static str, &'static str)]) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a client");
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 ready\r\n").await.expect("written");
            let mut line = String::new();
            while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) {
                let reply = replies.iter().find(|(head, _)| line.starts_with(head)).map(|(_, reply)| *reply);
                line.clear();
                match reply {
                    Some("close") => return,
                    Some(reply) => stream.write_all(reply.as_bytes()).await.expect("written"),
                    None => {}
                }
            }
        });
        port
    }

    #[tokio::test]
    async fn a_closed_port_means_that_nothing_was_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        assert!(matches!(client(port).send(&mail()).await, MailOutcome::NotSent { .. }));
    }

    #[tokio::test]
    async fn replies_tell_refusals_for_good_from_refusals_for_now() {
        for (reply, for_good) in [("550 5.1.1 no such user\r\n", true), ("451 4.7.1 later\r\n", false)] {
            let replies: &'static [_] = Box::leak(Box::new([
                ("EHLO", "250 ok\r\n"),
                ("MAIL", "250 ok\r\n"),
                ("RCPT", reply),
                ("QUIT", "close"),
            ]));
            let outcome = client(server(replies).await).send(&mail()).await;
            assert!(matches!(outcome, MailOutcome::Refused { permanent, .. } if permanent == for_good), "{outcome:?}");
        }
    }

    #[tokio::test]
    async fn a_connection_lost_after_the_body_leaves_it_unknown() {
        let port = server(&[
            ("EHLO", "250 ok\r\n"),
            ("MAIL", "250 ok\r\n"),
            ("RCPT", "250 ok\r\n"),
            ("DATA", "354 go on\r\n"),
            (".\r\n", "close"),
        ])
        .await;
        let outcome = client(port).send(&mail()).await;
        assert!(matches!(outcome, MailOutcome::Unknown { .. }), "{outcome:?}");
    }
}
