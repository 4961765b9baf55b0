//! Public files whose truth is known, and how well it is found.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use record_linkage::{Model, Options, Prepared, Record, block, clusters};

/// Records with what each is about in truth.
pub struct Set {
    /// Its name.
    pub name: &'static str,
    /// The records.
    pub records: Vec<Record>,
    /// The person of each.
    pub truth: Vec<String>,
}

/// How well pairs of one person were found.
#[derive(Clone, Copy, Debug)]
pub struct Quality {
    /// Of those found, how many are.
    pub precision: f64,
    /// Of those that are, how many were found.
    pub recall: f64,
    /// Pairs that were compared.
    pub compared: usize,
}

impl Quality {
    /// Harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall).max(f64::MIN_POSITIVE)
    }
}

fn folder() -> PathBuf {
    let set = std::env::var_os("BRANDWRIGHT_DATA").map(PathBuf::from);
    set.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")).join("identity")
}

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let Ok(mut reader) = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(folder().join(file)) else {
        eprintln!("skipped: {file} is not there");
        return Vec::new();
    };
    reader.deserialize().map(|row| row.expect("a sound row")).collect()
}

/// The sets that are there.
pub fn sets() -> Vec<Set> {
    let told =
        |row: &BTreeMap<String, String>, name: &str| row.get(name).filter(|text| !text.is_empty()).cloned();
    let febrl = rows("febrl3.csv");
    let person = |row: &BTreeMap<String, String>| Record {
        name: told(row, "surname"),
        given_name: told(row, "given_name"),
        born: told(row, "date_of_birth"),
        address: Some(
            ["street_number", "address_1", "address_2"]
                .map(|name| told(row, name).unwrap_or_default())
                .join(" "),
        )
        .filter(|text| !text.trim().is_empty()),
        district: told(row, "suburb"),
        city: told(row, "state"),
        postcode: told(row, "postcode"),
        number: told(row, "soc_sec_id"),
        ..Record::default()
    };
    let truth: Vec<String> =
        febrl.iter().map(|row| row["rec_id"].split('-').nth(1).expect("a number").to_owned()).collect();
    let with_number: Vec<Record> = febrl.iter().map(person).collect();
    let without: Vec<Record> =
        with_number.iter().cloned().map(|record| Record { number: None, ..record }).collect();
    let fake = rows("fake_1000.csv");
    let person = |row: &BTreeMap<String, String>| Record {
        name: told(row, "surname"),
        given_name: told(row, "first_name"),
        born: told(row, "dob"),
        city: told(row, "city"),
        email: told(row, "email"),
        ..Record::default()
    };
    let sets = [
        Set { name: "febrl3", records: with_number, truth: truth.clone() },
        Set { name: "febrl3 without soc_sec_id", records: without, truth },
        Set {
            name: "fake_1000",
            records: fake.iter().map(person).collect(),
            truth: fake.iter().map(|row| row["cluster"].clone()).collect(),
        },
    ];
    sets.into_iter().filter(|set| !set.records.is_empty()).collect()
}

impl Set {
    /// Finds who is one person, from nothing but the records, and compares that with the truth, pair by pair.
    pub fn quality(&self) -> Quality {
        let options = Options::default();
        let prepared: Vec<Prepared> = self.records.iter().map(Prepared::new).collect();
        let blocked = block(&prepared, &options);
        let model = Model::learn(&prepared, &blocked.pairs, &options).expect("enough to learn from");
        let scored: Vec<(u32, u32, f64)> = blocked
            .pairs
            .iter()
            .map(|(l, r)| (*l, *r, model.score(&prepared[*l as usize], &prepared[*r as usize]).probability))
            .collect();
        let found = clusters(prepared.len(), scored.into_iter(), 0.5, 50);
        let pairs =
            |sizes: BTreeMap<(String, u32), u64>| sizes.values().map(|n| n * (n - 1) / 2).sum::<u64>() as f64;
        let count = |key: fn(&str, u32) -> (String, u32)| {
            let mut sizes = BTreeMap::new();
            for (truth, found) in self.truth.iter().zip(&found) {
                *sizes.entry(key(truth, *found)).or_default() += 1;
            }
            pairs(sizes)
        };
        let right = count(|truth, found| (truth.to_owned(), found));
        let of_truth = count(|truth, _| (truth.to_owned(), 0));
        let of_found = count(|_, found| (String::new(), found));
        Quality { precision: right / of_found, recall: right / of_truth, compared: blocked.pairs.len() }
    }
}
