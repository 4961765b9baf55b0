use std::process::Command;

use anyhow::Context;
use serde_json::Value;

/// Every crate with its floor. A crate may use crates of lower floors; inside floors 1 and 2 it may
/// also use those that stand before it in this list. Crates of floor 3 never see each other.
const FLOORS: &[(&str, u8)] = &[
    ("kernel", 0),
    ("record-linkage", 0),
    ("customer-value", 0),
    ("store", 1),
    ("blob", 1),
    ("lake", 1),
    ("live-segments", 1),
    ("http-kit", 2),
    ("tabular", 2),
    ("rulebook", 2),
    ("connect", 2),
    ("lake-engine", 2),
    ("identity", 3),
    ("brand", 3),
    ("catalog", 3),
    ("customers", 3),
    ("campaigns", 3),
    ("sales", 3),
    ("governance", 3),
    ("insight", 3),
    ("backup", 3),
    ("server", 4),
    ("brandwright", 5),
    ("stories", 6),
    ("xtask", 6),
];

/// Crates that floor 3 must not see although they lie below it.
const HIDDEN_FROM_DOMAINS: &[&str] = &["connect", "lake-engine"];

/// Outside crates that only one crate of ours may name.
const FENCED: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("lettre", &["connect"]),
    ("reqwest", &["connect"]),
    ("arrow-array", &["lake-engine"]),
    ("arrow-schema", &["lake-engine"]),
    ("arrow-select", &["lake-engine"]),
    ("parquet", &["lake-engine"]),
    ("datafusion", &["lake-engine"]),
    ("fjall", &["lake-engine"]),
    ("clap", &["brandwright", "xtask"]),
];

pub fn check() -> anyhow::Result<Vec<String>> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .context("cargo metadata")?;
    anyhow::ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        if place(name).is_none() {
            findings.push(format!("floors: crate {name} has no floor; add it to xtask/src/floors.rs"));
            continue;
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            // Test helpers may look anywhere below; only what ships is held to the floors.
            if dependency["kind"].as_str() == Some("dev") {
                continue;
            }
            let used = dependency["name"].as_str().unwrap_or_default();
            findings.extend(edge(name, used).map(|why| format!("floors: {name} -> {used}: {why}")));
        }
    }
    Ok(findings)
}

fn place(name: &str) -> Option<(usize, u8)> {
    FLOORS.iter().position(|(n, _)| *n == name).map(|at| (at, FLOORS[at].1))
}

fn edge(name: &str, used: &str) -> Option<String> {
    if let Some((_, allowed)) = FENCED.iter().find(|(fenced, _)| *fenced == used) {
        return (!allowed.contains(&name)).then(|| format!("only {} may name it", allowed.join(" and ")));
    }
    let ((from, floor), (to, below)) = (place(name)?, place(used)?);
    match () {
        () if below > floor => Some("points upward".to_owned()),
        () if below == floor && floor == 3 => Some("two domains must not see each other".to_owned()),
        () if below == floor && to >= from => {
            Some("inside a floor only earlier crates may be used".to_owned())
        }
        () if floor == 3 && HIDDEN_FROM_DOMAINS.contains(&used) => {
            Some("domains reach it through a port".to_owned())
        }
        () => None,
    }
}
