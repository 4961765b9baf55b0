use std::path::Path;
use std::process::Command;

use anyhow::Context;

/// Files that the binary writes: path and arguments.
const GENERATED: &[(&str, &[&str])] =
    &[("openapi.json", &["openapi"]), ("docs/config.schema.json", &["config", "schema"])];

pub fn check(binary: &Path, write: bool) -> anyhow::Result<Vec<String>> {
    let mut findings = Vec::new();
    for (path, arguments) in GENERATED {
        let output =
            Command::new(binary).args(*arguments).output().with_context(|| binary.display().to_string())?;
        anyhow::ensure!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
        let fresh = String::from_utf8(output.stdout)?;
        if write {
            std::fs::write(path, &fresh)?;
        } else if std::fs::read_to_string(path).unwrap_or_default() != fresh {
            findings.push(format!("generated: {path} is stale; run `make generate`"));
        }
    }
    Ok(findings)
}
