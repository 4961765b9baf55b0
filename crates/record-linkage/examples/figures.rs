//! How well records of one person are found on public data: a line of JSON for each file. The folder is `BRANDWRIGHT_DATA`.

#[path = "../tests/data/mod.rs"]
mod data;

use std::time::Instant;

fn main() {
    for set in data::sets() {
        let begun = Instant::now();
        let quality = set.quality();
        let line = serde_json::json!({ "dataset": set.name, "records": set.records.len(),
            "pairs_compared": quality.compared, "precision": quality.precision, "recall": quality.recall,
            "f1": quality.f1(), "seconds": begun.elapsed().as_secs_f64() });
        println!("{line}");
    }
}
