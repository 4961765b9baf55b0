//! Access logs (访问日志): pages that a web server served, brought into the lake from its files.

use std::io::{BufRead, BufReader, Read};

use http_kit::App;
use kernel::{Caller, Id, Labelled, Problem, Result, Timestamp};
use lake::{Batch, EVENT_MAX, Event, Lake};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Audit;
use utoipa::ToSchema;

use super::wire::{Fault, access_log, plausible};
use super::{service, visit};
use crate::plan::{EventTally, Noted};

/// Events that are handed on at a time.
const EVENTS: usize = 1_000;
/// Most lines whose faults are told one by one.
const TOLD: usize = 100;

/// What became of every line (导入账目): read = stored + not pages + programs + empty + rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogAccount {
    /// Lines that were read.
    pub read: u64,
    /// Pages that people saw.
    pub stored: u64,
    /// Pictures, scripts, errors, forms.
    pub no_page: u64,
    /// Visits of programs.
    pub bots: u64,
    /// Empty lines and comments.
    pub empty: u64,
    /// Lines that cannot be read.
    pub rejected: u64,
    /// The first of these, with their number and why.
    pub faults: Vec<LogFault>,
}

/// Line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogFault {
    /// Number of the line, from 1 on.
    pub line: u64,
    /// Why.
    pub fault: Fault,
}

impl Labelled for LogAccount {
    const NOUN: &'static str = "customers.log_account";
}

/// Reads an access log for a source. Reading the same file again stores nothing twice.
pub async fn import_log(
    app: &App,
    caller: &Caller,
    source: Id,
    file: impl Read + Send,
) -> Result<LogAccount> {
    service::exists(app, source).await?;
    let lines = unpacked(file).map_err(unreadable)?;
    let now = app.store.now();
    let (mut account, mut events) = (LogAccount::default(), Vec::with_capacity(EVENTS));
    for line in lines.split(b'\n') {
        let line = line.map_err(unreadable)?;
        account.read += 1;
        events.extend(read(&line, now, &mut account));
        if events.len() == EVENTS {
            append(app, source, now, &mut events).await?;
        }
    }
    append(app, source, now, &mut events).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.audit(
        Audit::new("import_log", "customers.source", source).with(json!(account)).covering(account.stored),
    )
    .await?;
    tx.commit().await?;
    Ok(account)
}

/// Returns the lines of a file, whether it is packed or not.
fn unpacked<'f>(file: impl Read + Send + 'f) -> std::io::Result<Box<dyn BufRead + Send + 'f>> {
    let mut plain = BufReader::new(file);
    if plain.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(plain))));
    }
    Ok(Box::new(plain))
}

fn unreadable(error: std::io::Error) -> Problem {
    Problem::unprocessable("customers.source.log_unreadable").with("reason", error.to_string())
}

fn read(line: &[u8], now: Timestamp, account: &mut LogAccount) -> Option<Event> {
    let number = account.read;
    let hit = match std::str::from_utf8(line) {
        _ if line.len() > EVENT_MAX => Err(Fault::TooLarge),
        Err(_) => Err(Fault::Malformed),
        Ok(text) => access_log::read_line(text, number),
    };
    let hit = hit.and_then(|hit| match hit {
        Some(hit) => plausible(hit.event.happened_at, now).map(|()| Some(hit)),
        None => Ok(None),
    });
    match hit {
        Err(fault) => {
            account.rejected += 1;
            if account.faults.len() < TOLD {
                account.faults.push(LogFault { line: number, fault });
            }
            None
        }
        Ok(None) => {
            account.empty += 1;
            None
        }
        Ok(Some(hit)) if !hit.is_page => {
            account.no_page += 1;
            None
        }
        Ok(Some(hit)) if hit.user_agent.as_deref().is_some_and(visit::is_bot) => {
            account.bots += 1;
            None
        }
        Ok(Some(hit)) => {
            account.stored += 1;
            Some(hit.event)
        }
    }
}

async fn append(app: &App, source: Id, now: Timestamp, events: &mut Vec<Event>) -> Result<()> {
    for event in events.iter_mut() {
        event.channel = visit::arrival(event).map(|channel| channel.as_str().to_owned());
    }
    let events = std::mem::replace(events, Vec::with_capacity(EVENTS));
    let noted = Noted::seen(&events);
    app.part::<Lake>()?.append(Batch { source_id: source, received_at: now, events }).await?;
    app.part::<EventTally>()?.add(app, source, now, noted).await;
    Ok(())
}
