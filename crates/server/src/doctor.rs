use std::io::Write;

use kernel::Timestamp;
use serde::Serialize;

use crate::config::MailKind;
use crate::{Built, Config};

/// Free space under which the database could soon not grow any more.
const FREE_BYTES_MIN: u64 = 512 * 1024 * 1024;
/// Difference between this machine's clock and the database's that no network explains.
const SKEW_MS_MAX: i64 = 5_000;

/// One thing that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was tried.
    pub name: &'static str,
    /// True where it is as it should be.
    pub holds: bool,
    /// What was found.
    pub words: String,
    /// What to do where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

impl Check {
    /// Says that something is as it should be.
    pub fn good(name: &'static str, words: String) -> Self {
        Self { name, holds: true, words, advice: None }
    }

    /// Says that something is not, and what to do.
    pub fn bad(name: &'static str, words: String, advice: &'static str) -> Self {
        Self { name, holds: false, words, advice: Some(advice) }
    }

    fn of<T, E: std::fmt::Display>(
        name: &'static str,
        tried: Result<T, E>,
        good: impl FnOnce(T) -> String,
        advice: &'static str,
    ) -> Self {
        match tried {
            Ok(found) => Self::good(name, good(found)),
            Err(error) => Self::bad(name, error.to_string(), advice),
        }
    }
}

/// Tries the data directory: whether it can be written, and how much room there is.
pub fn check_place(config: &Config) -> Vec<Check> {
    let dir = &config.data_dir;
    let shown = dir.display().to_string();
    let written = std::fs::create_dir_all(dir).and_then(|()| probe(dir));
    let space = fs2::available_space(dir);
    vec![
        Check::of(
            "data directory",
            written.map_err(|error| format!("{shown} cannot be written: {error}")),
            |()| format!("{shown} can be written"),
            "Let the account that runs Brandwright write there, or choose another place with --data-dir.",
        ),
        match space {
            Ok(free) if free < FREE_BYTES_MIN => Check::bad(
                "free space",
                format!("{} MB are free on the disk of {shown}", free / 1_000_000),
                "Make room on the disk, or move the data directory to a larger one.",
            ),
            Ok(free) => Check::good("free space", format!("{} MB", free / 1_000_000)),
            Err(error) => {
                Check::bad("free space", format!("{shown}: {error}"), "Check that the disk is mounted.")
            }
        },
    ]
}

/// Writes a file, waits until the disk has it, and removes it.
pub(crate) fn probe(dir: &std::path::Path) -> std::io::Result<()> {
    let path = dir.join(format!(".probe-{}", kernel::Id::new()));
    let written = std::fs::File::create(&path).and_then(|mut file| {
        file.write_all(b"probe")?;
        file.sync_all()
    });
    // Whatever became of the writing, nothing stays behind.
    let removed = std::fs::remove_file(&path);
    written.and(removed)
}

/// Tries each thing that the running product needs; `deep` reads every stored file.
pub async fn doctor(built: &Built, config: &Config, deep: bool) -> Vec<Check> {
    let mut checks = database(built).await;
    checks.push(audit(built, config).await);
    checks.push(personal_values(built).await);
    checks.push(files(built, deep).await);
    checks.push(packs(built));
    checks.push(mail(config).await);
    checks.push(public_pages(config));
    checks
}

async fn database(built: &Built) -> Vec<Check> {
    let store = &built.app.store;
    let refused = store.check_statements().await;
    let statements = match refused.first() {
        None => Check::good("statements", "the database takes every one".to_owned()),
        Some((name, reason)) => Check::bad(
            "statements",
            format!("the database refuses {}, such as {name}: {reason}", refused.len()),
            "Use PostgreSQL 15 or newer, and a program and a database of the same version.",
        ),
    };
    let about = store.about().await;
    let skew = |at: Timestamp| (store.now().ms() - at.ms()).abs();
    let clock = match &about {
        Ok(about) if skew(about.now) > SKEW_MS_MAX => Check::bad(
            "clock",
            format!("this machine and the database differ by {} s", skew(about.now) / 1_000),
            "Let both keep time by NTP: quiet hours, leases and expiries depend on it.",
        ),
        Ok(_) => Check::good("clock", "agrees with the database's".to_owned()),
        Err(problem) => Check::bad("clock", problem.to_string(), "The database did not tell its time."),
    };
    let version = Check::of("database", about, |about| about.version, "See whether the database is running.");
    vec![version, statements, clock]
}

async fn audit(built: &Built, config: &Config) -> Check {
    const ADVICE: &str = "Run `brandwright audit verify` to see each place, and keep a copy of the data before you change anything.";
    let verified = async {
        built.sealer.tick().await?;
        let key = store::audit::public_key(&built.app.secrets).await?;
        let anchor = config.data_dir.join("anchors").join("audit.jsonl");
        store::audit::verify(&built.app.store, &key, Some(&anchor)).await
    };
    match verified.await {
        Ok(report) if report.holds() => {
            Check::good("audit log", format!("{} entries, whole", report.entries))
        }
        Ok(report) => Check::bad("audit log", format!("{} findings", report.problems.len()), ADVICE),
        Err(problem) => Check::bad("audit log", problem.to_string(), ADVICE),
    }
}

/// What names or reaches a person lies encrypted, under the present key; what does not is nearly always on its way.
async fn personal_values(built: &Built) -> Check {
    const ADVICE: &str = "Put the master key file in its place that belongs to these data.";
    match customers::sealing::remaining(&built.app.store).await {
        Ok(left) if left.is_empty() => Check::good("personal values", "all lie encrypted".to_owned()),
        Ok(left) => {
            let tables: Vec<String> = left.iter().map(|of| format!("{} of {}", of.rows, of.table)).collect();
            Check::good(
                "personal values",
                format!("still to be encrypted by the background work: {} rows", tables.join(", ")),
            )
        }
        Err(problem) => Check::bad("personal values", problem.to_string(), ADVICE),
    }
}

async fn files(built: &Built, deep: bool) -> Check {
    const ADVICE: &str = "Bring the damaged or missing files back from a backup.";
    let blobs = &built.app.blobs;
    let tried = async {
        let hash = blobs.put(b"doctor").await?;
        let read = blobs.get(&hash).await?;
        let kept = blobs.list().await?.len();
        let damaged = if deep { blobs.verify_all().await?.damaged.len() } else { 0 };
        Ok::<_, kernel::Problem>((read == b"doctor", kept, damaged))
    };
    match tried.await {
        Ok((true, kept, 0)) if deep => Check::good("files", format!("all {kept} are what their digests say")),
        Ok((true, kept, 0)) => Check::good("files", format!("{kept} stored; one was written and read back")),
        Ok((false, ..)) => {
            Check::bad("files", "a file that was just written reads back differently".to_owned(), ADVICE)
        }
        Ok((_, _, damaged)) => Check::bad("files", format!("{damaged} are damaged"), ADVICE),
        Err(problem) => {
            Check::bad("files", problem.to_string(), "Check the folder `blobs` in the data directory.")
        }
    }
}

fn packs(built: &Built) -> Check {
    match built.app.part::<rulebook::Rulebook>() {
        Ok(book) => {
            let open = book.unconnected().len();
            let clauses = book.clause_ids().count();
            Check::good(
                "packs",
                format!("{clauses} clauses; {open} controls wait for parts that are not there yet"),
            )
        }
        Err(problem) => Check::bad("packs", problem.to_string(), "Check packs_dir in the configuration."),
    }
}

async fn mail(config: &Config) -> Check {
    match (config.mail.kind, &config.mail.smtp) {
        (MailKind::Smtp, Some(smtp)) => {
            let server = format!("{}:{}", smtp.host, smtp.port);
            let tried = match connect::SmtpMail::new(smtp) {
                Ok(mail) => mail.check().await,
                Err(error) => Err(error),
            };
            Check::of(
                "mail",
                tried.map_err(|error| format!("{server}: {error}")),
                |()| format!("{server} takes mail"),
                "Check mail.smtp in the configuration: host, port, tls, user and password; and that no firewall is between.",
            )
        }
        _ => Check::good("mail", "stays on this machine, in the mail drop".to_owned()),
    }
}

fn public_pages(config: &Config) -> Check {
    match &config.http.public_url {
        Some(url) => Check::good("receivers' pages", format!("links in messages lead to {url}")),
        None if config.http.listen.ip().is_loopback() => Check::good(
            "receivers' pages",
            "on this machine only; set http.public_url before you send to others".to_owned(),
        ),
        None => Check::bad(
            "receivers' pages",
            "http.public_url is not set, so nothing can be sent".to_owned(),
            "Set http.public_url to the address under which receivers reach http.public_listen.",
        ),
    }
}
