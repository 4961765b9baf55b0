//! A mail server that takes what it is given, and remembers it as one does that answers "250": on the disk.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};

/// Part of the addresses whose mailboxes do not exist here.
pub const NOBODY: &str = "gone";

/// The server and what it took.
pub struct Sink {
    pub port: u16,
    log: PathBuf,
    count: watch::Receiver<usize>,
}

/// A Message-ID on its way to the disk, and who waits for it.
type Entry = (String, oneshot::Sender<()>);

impl Sink {
    pub async fn start(log: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let (entries, waiting) = mpsc::channel(1_000);
        let (counter, count) = watch::channel(0);
        let file = std::fs::File::create(log).expect("a file");
        tokio::task::spawn_blocking(move || write(file, waiting, &counter));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that is killed ends its session by an error.
                tokio::spawn(session(stream, entries.clone()));
            }
        });
        Self { port, log: log.to_owned(), count }
    }

    /// Waits until so many messages were taken.
    pub async fn has_taken(&self, wanted: usize) {
        let mut count = self.count.clone();
        let reached = count.wait_for(|count| *count >= wanted);
        tokio::time::timeout(super::PATIENCE, reached).await.expect("in time").expect("the sink lives");
    }

    /// Returns how often each Message-ID was taken, tests aside.
    pub fn taken(&self) -> BTreeMap<String, usize> {
        let mut taken = BTreeMap::new();
        let log = std::fs::read_to_string(&self.log).expect("the log can be read");
        for id in log.lines().filter(|id| !id.starts_with("test-")) {
            *taken.entry(id.to_owned()).or_default() += 1;
        }
        taken
    }
}

/// Makes everything that waits durable at once, then lets those who wait say so.
fn write(mut file: std::fs::File, mut entries: mpsc::Receiver<Entry>, counter: &watch::Sender<usize>) {
    while let Some(first) = entries.blocking_recv() {
        let mut batch = vec![first];
        while let Ok(more) = entries.try_recv() {
            batch.push(more);
        }
        let lines: String = batch.iter().map(|(id, _)| format!("{id}\n")).collect();
        file.write_all(lines.as_bytes()).expect("written");
        file.sync_data().expect("durable");
        let tests = batch.iter().filter(|(id, _)| id.starts_with("test-")).count();
        counter.send_modify(|count| *count += batch.len() - tests);
        for (_, done) in batch {
            // Whoever waited may have lost its client meanwhile.
            let _ = done.send(());
        }
    }
}

async fn session(stream: TcpStream, entries: mpsc::Sender<Entry>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await?;
    let mut line = String::new();
    while next(&mut stream, &mut line).await? {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250 sink\r\n",
            "RCPT" if line.contains(NOBODY) => "550 5.1.1 no such user\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let Some(id) = message(&mut stream).await? else { return Ok(()) };
                let (done, durable) = oneshot::channel();
                entries.send((id, done)).await.expect("the writer lives");
                durable.await.expect("the writer lives");
                "250 2.0.0 taken\r\n"
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "250 ok\r\n",
        };
        stream.write_all(reply.as_bytes()).await?;
    }
    Ok(())
}

/// Reads up to the lone dot and returns the Message-ID; nothing where the client vanished before.
async fn message(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<String>> {
    let (mut id, mut line) = (None, String::new());
    while next(stream, &mut line).await? {
        if line == ".\r\n" {
            return Ok(Some(id.expect("every message has an id")));
        }
        if let Some(value) = line.strip_prefix("Message-ID: <") {
            id = id.or_else(|| Some(value.trim_end().trim_end_matches('>').to_owned()));
        }
    }
    Ok(None)
}

async fn next(stream: &mut BufReader<TcpStream>, line: &mut String) -> std::io::Result<bool> {
    line.clear();
    Ok(stream.read_line(line).await? > 0)
}
