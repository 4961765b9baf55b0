//! The binary as a process of its own, and its API as a program would call it.

use std::path::Path;
use std::process::Stdio;

use reqwest::{Method, StatusCode};
use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

/// A password that nobody has used before.
const PASSWORD: &str = "harvest-Lantern-92-quiet";

/// Returns the binary with a subcommand on a data directory.
pub fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brandwright"));
    command
        .args(words)
        .arg("--data-dir")
        .arg(data)
        .env("BRANDWRIGHT_LOG__FILTER", "error")
        .kill_on_drop(true);
    command
}

/// Runs a subcommand to its end and returns what it printed.
pub async fn output(data: &Path, words: &[&str]) -> String {
    let output = command(data, words).output().await.expect("the binary runs");
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    assert!(output.status.success(), "{words:?}: {text} {}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Makes a user who may do everything and returns a token that acts for them.
pub async fn administrator(data: &Path, email: &str) -> String {
    let words = ["user", "create", "--email", email, "--role", "administrator", "--password-stdin"];
    let mut child =
        command(data, &words).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(PASSWORD.as_bytes()).await.expect("written");
    drop(stdin);
    assert!(child.wait().await.expect("it ends").success(), "{email} was not made");
    output(data, &["token", "create", "--user", email]).await
}

/// A running server.
pub struct Product {
    child: Child,
    base: String,
    client: reqwest::Client,
}

impl Product {
    /// Starts the server and waits until it says that it is ready.
    pub async fn start(data: &Path) -> Self {
        let words = ["serve", "--listen", "127.0.0.1:0", "--public-listen", "127.0.0.1:0"];
        let mut child = command(data, &words).stdout(Stdio::piped()).spawn().expect("the binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("text") {
                if let Some((_, address)) = line.split_once("is ready: ") {
                    return address.trim().to_owned();
                }
            }
            panic!("the server ended before it was ready");
        };
        let base = tokio::time::timeout(super::PATIENCE, ready).await.expect("ready in time");
        // What it says later is read and dropped, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let client = reqwest::Client::builder().build().expect("a client");
        Self { child, base, client }
    }

    /// Kills the server with signal 9.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it ran");
    }

    /// Calls an operation and returns the answer, which must be a good one.
    pub async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Json>,
    ) -> Json {
        let bytes = body.map(|body| body.to_string().into_bytes());
        self.send(token, method, path, version, bytes).await
    }

    /// Sends bytes as they are.
    pub async fn send(
        &self,
        token: &str,
        method: Method,
        path: &str,
        version: Option<i64>,
        body: Option<Vec<u8>>,
    ) -> Json {
        let mut request =
            self.client.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(token);
        request = request.header("content-type", "application/json");
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        if status == StatusCode::NO_CONTENT {
            Json::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Json::Null)
        }
    }

    /// Posts and returns whatever the answer is.
    pub async fn try_post(&self, token: &str, path: &str, body: Json) -> (StatusCode, Json) {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(token).json(&body);
        let response = request.send().await.expect("an answer");
        (response.status(), response.json().await.expect("JSON"))
    }

    pub async fn get(&self, token: &str, path: &str) -> Json {
        self.call(token, Method::GET, path, None, None).await
    }

    pub async fn post(&self, token: &str, path: &str, version: Option<i64>, body: Json) -> Json {
        self.call(token, Method::POST, path, version, Some(body)).await
    }

    /// Returns all rows of a list, page after page.
    pub async fn all(&self, token: &str, path: &str) -> Vec<Json> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(token, &format!("{path}{joint}page_size=200{cursor}")).await;
            rows.extend(page["items"].as_array().expect("rows").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }
}

/// Returns a text of an answer.
pub fn text<'a>(json: &'a Json, field: &str) -> &'a str {
    json[field].as_str().unwrap_or_else(|| panic!("{field} in {json}"))
}

/// Returns the version that the next change names.
pub fn version(json: &Json) -> Option<i64> {
    Some(json["version"].as_i64().unwrap_or_else(|| panic!("a version in {json}")))
}
