use crate::{Built, Config};

/// One thing that was tried.
#[derive(Debug, Clone)]
pub struct Check {
    /// True where it is as it should be.
    pub holds: bool,
    /// What was tried, and what to do where it failed.
    pub words: String,
}

/// Tries each thing that the running product needs beside its database.
pub async fn doctor(built: &Built, config: &Config) -> Vec<Check> {
    let check = |holds: bool, good: &str, bad: String| Check { holds, words: if holds { good.to_owned() } else { bad } };
    let app = &built.app;
    let probe = app.blobs.put(b"doctor").await;
    let refused = app.store.check_statements().await;
    let free = std::fs::metadata(&config.data_dir).is_ok_and(|dir| !dir.permissions().readonly());
    vec![
        check(probe.is_ok(), "files can be written", format!("files cannot be written: {}", probe.err().map(|e| e.to_string()).unwrap_or_default())),
        check(free, "data directory", format!("{} is read-only", config.data_dir.display())),
        check(
            refused.is_empty(),
            "every statement fits the database",
            format!("{} statements do not fit the database, such as {:?}", refused.len(), refused.first()),
        ),
        check(
            config.http.public_url.is_some() || config.http.listen.ip().is_loopback(),
            "address of receivers' pages",
            "http.public_url is not set: nothing can be sent".to_owned(),
        ),
        check(app.ports.mail.get().is_ok(), "mail", "mail is not connected".to_owned()),
    ]
}
