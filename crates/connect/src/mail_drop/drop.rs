use std::path::{Path, PathBuf};

use async_trait::async_trait;
use kernel::ports::{MailOutcome, MailPort, OutgoingMail};
use kernel::{Id, Problem, Result};
use mail_parser::MessageParser;
use sha2::{Digest, Sha256};
use store::{Observation, Store};

use super::{DroppedMail, sql};
use crate::message;

/// One address in this many answers like a mailbox that is gone, so that bounces can be seen.
const GONE_ONE_IN: u64 = 120;

/// Keeps messages below one directory, a file each, and lists them in the database.
#[derive(Debug)]
pub struct MailDrop {
    store: Store,
    root: PathBuf,
}

impl MailDrop {
    /// Uses `<data directory>/mail-drop`.
    pub fn new(store: Store, data_dir: &Path) -> Self {
        Self { store, root: root(data_dir) }
    }

    async fn keep(&self, mail: &OutgoingMail) -> Result<()> {
        let bytes = message::build(mail).map_err(Problem::internal)?.formatted();
        let now = self.store.now();
        let day = now.utc_day().to_string();
        let id = Id::new();
        let file = format!("{day}/{id}.eml");
        tokio::fs::create_dir_all(self.root.join(&day)).await.map_err(Problem::internal)?;
        tokio::fs::write(self.root.join(&file), &bytes).await.map_err(Problem::internal)?;
        let row = DroppedMail {
            id,
            message_id: mail.message_id.clone(),
            sender: mail.from.0.clone(),
            recipient: mail.to.clone(),
            subject: mail.subject.clone(),
            file,
            size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            received_at: now,
            simulated_at: None,
            behaviour: None,
        };
        let mut tx = self.store.begin_observation(Observation::Tracking).await?;
        sql::insert(&mut tx, &row).await?;
        tx.commit().await
    }
}

#[async_trait]
impl MailPort for MailDrop {
    async fn send(&self, mail: &OutgoingMail) -> MailOutcome {
        if is_gone(&mail.to) {
            let reply = "550 5.1.1 mailbox does not exist (simulated by the mail drop)".to_owned();
            return MailOutcome::Refused { permanent: true, reply };
        }
        match self.keep(mail).await {
            Ok(()) => MailOutcome::Accepted { reply: "250 2.0.0 kept in the mail drop".to_owned() },
            Err(problem) => MailOutcome::NotSent { reason: problem.to_string() },
        }
    }
}

fn root(data_dir: &Path) -> PathBuf {
    data_dir.join("mail-drop")
}

/// Returns true for the few generated addresses whose mailbox is simulated as gone.
fn is_gone(address: &str) -> bool {
    let digest = Sha256::digest(address.as_bytes());
    let number = u64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes"));
    address.ends_with("@household.sample.invalid") && number % GONE_ONE_IN == 0
}

/// A kept message after parsing.
#[derive(Debug)]
pub(crate) struct Opened {
    pub html: String,
    pub text: String,
    pub headers: Vec<(String, String)>,
}

/// Reads and parses a kept message.
pub(crate) async fn open(data_dir: &Path, mail: &DroppedMail) -> Result<Opened> {
    let path = root(data_dir).join(&mail.file);
    let bytes = tokio::fs::read(path).await.map_err(|_| Problem::not_found("connect.mail_file_missing"))?;
    let parsed = MessageParser::default()
        .parse(&bytes)
        .ok_or_else(|| Problem::internal(format!("{} is no message", mail.file)))?;
    let headers = parsed.headers_raw().map(|(n, v)| (n.to_owned(), v.trim().to_owned())).collect();
    Ok(Opened {
        html: parsed.body_html(0).map(|h| h.into_owned()).unwrap_or_default(),
        text: parsed.body_text(0).map(|t| t.into_owned()).unwrap_or_default(),
        headers,
    })
}
