//! What the models come to on public data: a line of JSON for each file. The folder is `BRANDWRIGHT_DATA`.

#[path = "../tests/data/mod.rs"]
mod data;

use std::time::Instant;

use customer_value::{PurchaseModel, SpendModel};
use customer_value::{RfmSegment, Summary, digits, summarise, train};

fn main() {
    cdnow();
    online_retail();
}

fn cdnow() {
    let Some((customers, calibrated, until)) = data::cdnow() else { return };
    let begun = Instant::now();
    let all: Vec<Summary> = customers.iter().filter_map(|one| summarise(one, calibrated)).collect();
    let fitted = PurchaseModel::fit(&all).zip(SpendModel::fit(&all));
    let seconds = begun.elapsed().as_secs_f64();
    let Some((purchase, spend)) = fitted else { return };
    let error = train(&customers, until).map(|trained| trained.error).ok();
    let line = serde_json::json!({ "dataset": "cdnow", "customers": all.len(), "purchase": purchase, "spend": spend,
        "hold_out": error, "seconds": seconds });
    println!("{line}");
}

fn online_retail() {
    let Some(all) = data::online_retail() else { return };
    let begun = Instant::now();
    let found = digits(&all);
    let seconds = begun.elapsed().as_secs_f64();
    let champions = found.iter().filter(|one| RfmSegment::of(**one) == RfmSegment::Champions).count();
    let orders: i64 = all.iter().map(|one| one.orders).sum();
    let line = serde_json::json!({ "dataset": "online_retail", "customers": all.len(), "orders": orders,
        "champions": champions, "seconds": seconds });
    println!("{line}");
}
