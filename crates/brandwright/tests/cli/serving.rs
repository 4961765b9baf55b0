//! The server as a process: ready, watched, stopped.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::common::Place;

/// Longest wait for anything here.
const PATIENCE: Duration = Duration::from_secs(120);

struct Server {
    child: Child,
    address: String,
}

impl Server {
    async fn start(place: &Place, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::from(place.command(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--public-listen",
            "127.0.0.1:0",
        ]));
        command
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("the binary runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("text") {
                if let Some((_, address)) = line.split_once("is ready: http://") {
                    return address.trim().to_owned();
                }
            }
            panic!("the server ended before it was ready");
        };
        let address = tokio::time::timeout(PATIENCE, ready).await.expect("ready in time");
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child, address }
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::Client::builder()
            .build()
            .expect("a client")
            .get(format!("http://{}{path}", self.address))
            .send()
            .await
            .expect("an answer")
    }

    /// Asks it to stop, as service managers do.
    fn terminate(&self) {
        let id = self.child.id().expect("it runs").to_string();
        let killed = std::process::Command::new("kill").args(["-TERM", &id]).status().expect("kill is there");
        assert!(killed.success());
    }

    /// Waits for its end; returns the exit code and what it logged.
    async fn ended(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        let mut lines = self.child.stderr.take().expect("a pipe");
        let end = async {
            lines.read_to_string(&mut log).await.expect("UTF-8");
            self.child.wait().await.expect("it ends")
        };
        let status = tokio::time::timeout(PATIENCE, end).await.expect("it ends in time");
        (status.code(), log)
    }
}

#[tokio::test]
async fn it_says_how_it_is() {
    let place = Place::new();
    let server = Server::start(&place, &[]).await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    // The worker looks for work within a second of the start.
    let mut ready = server.get("/readyz").await;
    while ready.status() != 200 {
        let body: Json = ready.json().await.expect("JSON");
        assert_eq!(body["worker"], "not started", "{body}");
        tokio::task::yield_now().await;
        ready = server.get("/readyz").await;
    }
    let body: Json = ready.json().await.expect("JSON");
    assert_eq!(body, serde_json::json!({ "ready": true, "database": "ok", "schema": "ok", "worker": "ok" }));
    let answer = server.get("/api/v1/nothing").await;
    assert!(answer.headers().contains_key("x-request-id"));
    let metrics = server.get("/metrics").await;
    let kind = metrics.headers()["content-type"].to_str().expect("ASCII").to_owned();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = metrics.text().await.expect("text");
    for line in [
        "http_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"} 1",
        "http_request_seconds_bucket{route=\"/healthz\",method=\"GET\",le=\"0.1\"}",
        "# TYPE brandwright_jobs gauge",
        "# TYPE brandwright_sends gauge",
        "brandwright_outbox_lag_seconds ",
        "brandwright_audit_seal_lag_seconds ",
        "brandwright_database_connections ",
        "brandwright_info{version=",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn a_stop_answers_what_is_under_way_and_logs_are_json_on_request() {
    let place = Place::new();
    let variables = [("BRANDWRIGHT_LOG__FORMAT", "json"), ("BRANDWRIGHT_LOG__FILTER", "info,server=debug")];
    let server = Server::start(&place, &variables).await;
    // A request whose body is still on its way when the stop comes.
    let mut slow = TcpStream::connect(&server.address).await.expect("it listens");
    let head = "POST /api/v1/identity/session HTTP/1.1\r\nhost: x\r\nx-brandwright: 1\r\nx-request-id: slow-one\r\n\
                content-type: application/json\r\ncontent-length: 50\r\nconnection: close\r\n\r\n";
    slow.write_all(head.as_bytes()).await.expect("sent");
    // Answered after the other one began, so that it is known to be under way.
    assert_eq!(server.get("/healthz").await.status(), 200);
    server.terminate();
    while TcpStream::connect(&server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    slow.write_all(&[b' '; 50]).await.expect("sent");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("http.json_syntax"), "{answer}");
    let (code, log) = server.ended().await;
    assert_eq!(code, Some(0), "{log}");
    let lines: Vec<Json> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let answered =
        lines.iter().find(|line| line["message"] == "answered" && line["span"]["id"] == "slow-one");
    assert_eq!(answered.expect("logged with its request")["status"], 400);
}
