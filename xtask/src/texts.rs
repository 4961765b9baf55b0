use std::collections::{BTreeMap, BTreeSet};

use serde_yaml_ng::Value;

use crate::sources::files;

/// Calls whose first argument is the code of a text.
const CALLS: &[&str] = &[
    "Problem::bad_request(\"",
    "Problem::unauthorized(\"",
    "Problem::forbidden(\"",
    "Problem::not_found(\"",
    "Problem::conflict(\"",
    "Problem::precondition_failed(\"",
    "Problem::precondition_required(\"",
    "Problem::too_large(\"",
    "Problem::unprocessable(\"",
    "Problem::too_many(\"",
    "Problem::unavailable(\"",
    ".on_duplicate(\"",
    "Permission::company(\"",
    "Permission::scoped(\"",
];

pub fn check() -> anyhow::Result<Vec<String>> {
    let (written, mut findings) = written()?;
    for (code, path) in used()? {
        if !written.contains(&code) {
            findings.push(format!("texts: {path} uses {code}, which no texts.yaml writes"));
        }
    }
    Ok(findings)
}

/// Returns the codes that have texts, and a finding for each that lacks a language.
fn written() -> anyhow::Result<(BTreeSet<String>, Vec<String>)> {
    let (mut codes, mut findings) = (BTreeSet::new(), Vec::new());
    for source in files("crates", &["texts.yaml"])? {
        let path = source.path.display();
        let texts: BTreeMap<String, BTreeMap<String, Value>> =
            serde_yaml_ng::from_str(&source.text).map_err(|e| anyhow::anyhow!("{path}: {e}"))?;
        for (code, text) in texts {
            for language in ["zh-Hans", "zh-Hant", "en"] {
                if text.get(language).and_then(Value::as_str).is_none_or(str::is_empty) {
                    findings.push(format!("texts: {path}: {code} lacks {language}"));
                }
            }
            codes.insert(code);
        }
    }
    Ok((codes, findings))
}

fn used() -> anyhow::Result<BTreeMap<String, String>> {
    let mut used = BTreeMap::new();
    for source in files("crates", &[".rs"])? {
        if source.is_test() {
            continue;
        }
        let production = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in CALLS {
            let permission = call.starts_with("Permission::");
            for rest in production.split(call).skip(1) {
                let code = rest.split('"').next().unwrap_or_default();
                // Examples in doc comments name codes that nobody speaks.
                if code.contains(['{', '<']) || code.starts_with("test.") {
                    continue;
                }
                let code = if permission { format!("permission.{code}") } else { code.to_owned() };
                used.insert(code, source.path.display().to_string());
            }
        }
    }
    Ok(used)
}
