//! Public files on which others have published or computed what a model comes to. The folder is `BRANDWRIGHT_DATA`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use customer_value::{Activity, Purchase};
use jiff::civil::{Date, DateTime, date};

const EPOCH: Date = date(1970, 1, 1);

fn folder() -> PathBuf {
    let set = std::env::var_os("BRANDWRIGHT_DATA").map(PathBuf::from);
    set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"))
}

/// A day as the crate counts it.
pub fn day(date: Date) -> i32 {
    (date - EPOCH).get_days()
}

/// The CDNOW sample: one customer's purchases each, and the last days of calibration and of all.
pub fn cdnow() -> Option<(Vec<Vec<Purchase>>, i32, i32)> {
    let Ok(text) = std::fs::read_to_string(folder().join("cdnow/CDNOW_sample.txt")) else {
        eprintln!("skipped: CDNOW_sample.txt is not there");
        return None;
    };
    let mut customers: BTreeMap<String, Vec<Purchase>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let [_, customer, bought, _, amount] = cells[..] else { panic!("five columns: {line}") };
        let bought = Date::strptime("%Y%m%d", bought).expect("a day");
        let amount = amount.parse().expect("an amount");
        customers.entry(customer.to_owned()).or_default().push(Purchase { day: day(bought), amount });
    }
    Some((customers.into_values().collect(), day(date(1997, 9, 30)), day(date(1998, 6, 30))))
}

/// Online Retail after the usual cleaning: what each customer bought, amounts in thousandths of a pound.
pub fn online_retail() -> Option<Vec<Activity>> {
    let Ok(packed) = std::fs::File::open(folder().join("online_retail/online_retail.csv.gz")) else {
        eprintln!("skipped: online_retail.csv.gz is not there");
        return None;
    };
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut text).expect("a sound file");
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let end = day(date(2011, 12, 10));
    let mut customers: BTreeMap<String, (i32, BTreeSet<String>, i64)> = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a sound row");
        let (invoice, customer) = (&row[0], &row[6]);
        let quantity: f64 = row[3].parse().expect("a quantity");
        let price: f64 = row[5].parse().expect("a price");
        if customer.is_empty() || invoice.starts_with('C') || quantity <= 0.0 || price <= 0.0 {
            continue;
        }
        let at: DateTime = row[4].parse().expect("a time");
        let one = customers.entry(customer.to_owned()).or_insert((i32::MIN, BTreeSet::new(), 0));
        one.0 = one.0.max(day(at.date()));
        one.1.insert(invoice.to_owned());
        one.2 += (price * 1000.0).round() as i64 * quantity as i64;
    }
    let activity = |(last, invoices, total): (i32, BTreeSet<String>, i64)| Activity {
        recency_days: i64::from(end - last),
        orders: invoices.len() as i64,
        total_minor: total,
    };
    Some(customers.into_values().map(activity).collect())
}
