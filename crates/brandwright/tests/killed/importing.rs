//! An import that is killed and begun again: read = stored + rejected, no line twice, none lost.

use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::product::{self, Product, command, text};
use super::{Dice, kills};

/// Lines of the file: several transactions of the importer.
const LINES: u64 = 20_000;
/// Lines of one order.
const PER_ORDER: u64 = 4;
/// Every so many lines one has no readable price.
const BROKEN_EVERY: u64 = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_survives_kill_9() {
    let (kills, mut dice) = (kills(), Dice::new());
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("orders.csv");
    std::fs::write(&file, orders()).expect("written");

    // How long it takes undisturbed, so that kills fall into its middle.
    let calm = dir.path().join("calm");
    let begun = Instant::now();
    let receipt = product::output(&calm, &["import", "orders", &file.display().to_string()]).await;
    let whole = begun.elapsed();
    assert_eq!(receipt, expected());

    let data = dir.path().join("killed");
    let mut killed = 0;
    while killed < kills {
        // Each run gets its share of the whole, so that the last one is killed before its end, too.
        let moment = whole.mul_f64(0.1 + dice.below(800) as f64 / 1_000.0).div_f64(kills as f64);
        if !interrupted(&data, &file, moment).await {
            break;
        }
        killed += 1;
    }
    assert!(killed > 0, "every import was over before it was killed");
    println!("killed {killed} times; one undisturbed import takes {whole:?}");
    let receipt = product::output(&data, &["import", "orders", &file.display().to_string()]).await;
    // Where the last kill came after the last line, the file is complete and everything is there already.
    let again = format!("read {LINES} stored 0 rejected {LINES}");
    assert!(receipt == expected() || receipt == again, "{receipt}");
    check(&data).await;
}

/// Begins the import and kills it at a moment; returns false where it was over before.
async fn interrupted(data: &Path, file: &Path, moment: Duration) -> bool {
    let words = ["import", "orders", &file.display().to_string()];
    let mut child =
        command(data, &words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    match tokio::time::timeout(moment, child.wait()).await {
        Ok(ended) => {
            assert!(ended.expect("it ran").success());
            false
        }
        Err(_) => {
            child.kill().await.expect("it ran");
            true
        }
    }
}

/// Every line has a price of its own, so that one that is lost or doubled shows in the sums.
fn orders() -> String {
    let mut csv = "order_number,happened_at,sku,quantity,unit_price\n".to_owned();
    for line in 0..LINES {
        let order = line / PER_ORDER;
        let price =
            if is_broken(line) { "a lot".to_owned() } else { format!("{}.{:02}", line / 100, line % 100) };
        writeln!(csv, "N{order},2026-03-{:02} 12:00,P{},1,{price}", 1 + order % 28, line % 100)
            .expect("a string");
    }
    csv
}

fn is_broken(line: u64) -> bool {
    line % BROKEN_EVERY == 1
}

fn expected() -> String {
    let broken = (0..LINES).filter(|line| is_broken(*line)).count() as u64;
    format!("read {LINES} stored {} rejected {broken}", LINES - broken)
}

/// Compares every order with the file.
async fn check(data: &Path) {
    let token = product::administrator(data, "reader@kill.invalid").await;
    let product = Product::start(data).await;
    let orders = product.all(&token, "/api/v1/sales/orders").await;
    assert_eq!(orders.len() as u64, LINES / PER_ORDER);
    for order in &orders {
        let number: u64 = text(order, "number").trim_start_matches('N').parse().expect("a number");
        let lines = (number * PER_ORDER..(number + 1) * PER_ORDER).filter(|line| !is_broken(*line));
        let (count, total) = lines.fold((0, 0), |(count, total), line| (count + 1, total + line));
        assert_eq!(
            (order["line_count"].as_u64(), order["total_minor"].as_u64()),
            (Some(count), Some(total)),
            "{order}"
        );
    }
    product.kill().await;
}
