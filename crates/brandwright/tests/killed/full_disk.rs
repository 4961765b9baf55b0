//! A disk that is full while people work: what was acknowledged is there, and a start says what is wrong.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reqwest::StatusCode;
use serde_json::{Value as Json, json};

use super::product::{self, Product, text};

/// A small disk of its own; only root can mount one.
struct Disk {
    place: PathBuf,
    _dir: tempfile::TempDir,
}

impl Disk {
    /// Mounts a disk of so many megabytes.
    fn mount(megabytes: u32) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a directory");
        let place = dir.path().join("disk");
        std::fs::create_dir(&place).expect("a directory");
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&place).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self { place, _dir: dir })
    }

    /// Fills every byte; returns what fills it.
    fn fill(&self) -> PathBuf {
        let filler = self.place.join("filler");
        let mut file = std::fs::File::create(&filler).expect("a file");
        for size in [1 << 20, 1 << 12, 1] {
            let block = vec![b'x'; size];
            while file.write_all(&block).is_ok() {}
        }
        filler
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a process that was just killed may not have let go yet.
        let _ = Command::new("umount").arg("-l").arg(&self.place).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let Some(disk) = Disk::mount(48) else {
        eprintln!(
            "\n*** SKIPPED: a_full_disk_loses_nothing_that_was_acknowledged needs root to mount a small disk ***\n"
        );
        return;
    };
    let data = disk.place.join("data");
    let token = product::administrator(&data, "admin@full.invalid").await;
    let product = Product::start(&data).await;
    let (mut acknowledged, mut refused) = (Vec::new(), 0);
    for number in 0..5 {
        let (status, _) = make(&product, &token, number).await;
        assert_eq!(status, StatusCode::CREATED);
        acknowledged.push(name(number));
    }
    let filler = disk.fill();
    // Room that the database had before may take a few more; then every change is refused.
    for number in 5..400 {
        let (status, answer) = make(&product, &token, number).await;
        if status.is_success() {
            assert_eq!(refused, 0, "no change is taken after one was refused");
            acknowledged.push(name(number));
            continue;
        }
        assert_eq!((status.as_u16(), text(&answer, "code")), (507, "store.disk_full"), "{answer}");
        assert!(text(&answer, "detail").contains("磁盘已满"), "{answer}");
        refused += 1;
        if refused == 5 {
            break;
        }
    }
    assert_eq!(refused, 5, "the disk was never full");
    // Full as it is, everything can be read.
    assert_eq!(names(&product, &token).await, acknowledged);
    product.kill().await;

    let said = start(&data).await;
    assert!(said.contains("The disk of") && said.contains("is full"), "{said}");
    assert!(said.contains("Make room") && said.contains("Nothing that was stored is lost"), "{said}");
    assert!(!said.contains("panicked") && !said.contains("os error"), "{said}");

    std::fs::remove_file(filler).expect("room again");
    let product = Product::start(&data).await;
    assert_eq!(names(&product, &token).await, acknowledged, "{} were acknowledged", acknowledged.len());
    assert_eq!(make(&product, &token, 999).await.0, StatusCode::CREATED);
    product.kill().await;
    product::output(&data, &["audit", "verify"]).await;
    println!("{} acknowledged, {refused} refused, all of the former are there", acknowledged.len());
}

fn name(number: u32) -> String {
    format!("full-{number:03}")
}

/// Makes a brand with a long name, so that few of them fit.
async fn make(product: &Product, token: &str, number: u32) -> (StatusCode, Json) {
    let long = "满".repeat(100);
    let names = json!({ "zh-Hans": long, "zh-Hant": long, "en": long });
    let brand = json!({ "key": name(number), "names": names, "sender_names": names, "sender_address": "hello@full.invalid" });
    product.try_post(token, "/api/v1/brand/brands", brand).await
}

/// Returns the keys of the brands, sorted.
async fn names(product: &Product, token: &str) -> Vec<String> {
    let rows = product.all(token, "/api/v1/brand/brands").await;
    let mut keys: Vec<String> = rows.iter().map(|row| text(row, "key").to_owned()).collect();
    keys.sort();
    keys
}

/// Starts the server, which must give up, and returns what it says.
async fn start(data: &Path) -> String {
    let words = ["serve", "--listen", "127.0.0.1:0", "--public-listen", "127.0.0.1:0"];
    let mut command = product::command(data, &words);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let output = tokio::time::timeout(super::PATIENCE, child.wait_with_output()).await;
    let output = output.expect("it gives up in time").expect("it ran");
    assert!(!output.status.success(), "it starts on a full disk");
    String::from_utf8_lossy(&output.stderr).into_owned()
}
