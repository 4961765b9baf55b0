//! A backup that is killed while it is being written: nothing that bears a backup's name is half of one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::product::{self, Product, text};
use super::{Dice, PATIENCE, kills, until};

/// Bytes that do not pack: they make a backup long enough to fall into its middle.
const BYTES: usize = 64 * 1024 * 1024;
/// What breaks off is swept when it is older than a day.
const OLDER: Duration = Duration::from_secs(25 * 60 * 60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_survives_kill_9() {
    let (kills, mut dice) = (kills(), Dice::new());
    let dir = tempfile::tempdir().expect("a directory");
    let (data, folder) = (dir.path().join("data"), dir.path().join("data").join("backups"));
    let token = product::administrator(&data, "it@kill.invalid").await;
    fill(&data, &mut dice);
    let mut product = Product::start(&data).await;
    let mut left = 0;
    for _ in 0..kills {
        let enough = dice.below(BYTES as u64 * 3 / 4);
        let before = drafts(&folder);
        product.post(&token, "/api/v1/system/backups", None, json!({})).await;
        being_written(&folder, &before, enough).await;
        product.kill().await;
        left += drafts(&folder).len() - before.len();
        for file in whole(&folder) {
            verified(&data, &file).await;
        }
        product = Product::start(&data).await;
    }
    assert!(left > 0, "every backup was over before it was killed");
    println!("killed {kills} times, {left} of them while a backup was being written");

    // What is younger may be written by another process at this moment, and stays.
    for draft in drafts(&folder) {
        let file = std::fs::File::options().write(true).open(&draft).expect("a draft");
        let now = file.metadata().and_then(|file| file.modified()).expect("its time");
        file.set_modified(now - OLDER).expect("its time");
    }
    let known = whole(&folder);
    product.post(&token, "/api/v1/system/backups", None, json!({})).await;
    let run = until("the next backup", async || {
        let runs = product.get(&token, "/api/v1/system/backups").await;
        let run = runs["items"].as_array().expect("rows").first().cloned()?;
        (!known.contains(&PathBuf::from(text(&run, "file")))).then_some(run)
    })
    .await;
    assert_eq!((&run["state"], &run["verified"]), (&json!("done"), &json!(true)), "{run:#}");
    verified(&data, Path::new(text(&run, "file"))).await;
    assert!(drafts(&folder).is_empty(), "what broke off is swept: {:?}", drafts(&folder));
    product.kill().await;
    product::output(&data, &["audit", "verify"]).await;
}

/// Puts a file into the data directory that the backup has to carry.
fn fill(data: &Path, dice: &mut Dice) {
    let folder = data.join("mail-drop");
    std::fs::create_dir_all(&folder).expect("a directory");
    let bytes: Vec<u8> = (0..BYTES / 8).flat_map(|_| dice.below(u64::MAX).to_le_bytes()).collect();
    std::fs::write(folder.join("large.eml"), bytes).expect("written");
}

/// Waits until a draft that was not there before has so many bytes.
async fn being_written(folder: &Path, before: &[PathBuf], enough: u64) {
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    let seen = async {
        loop {
            ticks.tick().await;
            let new = drafts(folder).into_iter().find(|draft| !before.contains(draft));
            // It may get its name between two looks.
            let size = new.and_then(|draft| std::fs::metadata(draft).ok()).map(|found| found.len());
            if size.is_some_and(|size| size >= enough) {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.expect("a backup begins");
}

fn drafts(folder: &Path) -> Vec<PathBuf> {
    ending(folder, "part")
}

fn whole(folder: &Path) -> Vec<PathBuf> {
    ending(folder, "backup")
}

fn ending(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

/// Expects that a backup is whole, by the command that people use.
async fn verified(data: &Path, file: &Path) {
    let said = product::output(data, &["backup", "verify", &file.display().to_string()]).await;
    assert!(said.contains("The backup is whole."), "{said}");
}
