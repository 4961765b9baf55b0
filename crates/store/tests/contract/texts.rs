//! Every code that kernel, store and blob speak has a text, and every text is spoken.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kernel::LocalText;
use store::audit::FindingKind;

const DOMAINS: &[&str] = &["access", "page", "port", "store", "idempotency", "audit", "blob"];

fn read(dir: &Path, sources: &mut String) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, sources);
        } else {
            let text = std::fs::read_to_string(&path).unwrap();
            sources.push_str(text.split("#[cfg(test)]").next().unwrap());
        }
    }
}

/// Returns the words in quotes that look like codes of these crates.
fn spoken() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut sources = String::new();
    for name in ["kernel", "store", "blob"] {
        read(&crates.join(name).join("src"), &mut sources);
    }
    let quoted = sources.split(['"', '\'']).filter(|word| {
        let mut parts = word.split('.');
        DOMAINS.contains(&parts.next().unwrap())
            && parts.next().is_some()
            && parts.next().is_none()
            && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.')
    });
    // Kinds of jobs, nouns of locks and the like are no codes.
    let others = [
        "store.audit",
        "store.outbox",
        "store.upkeep",
        "store.job",
        "store.schedule",
        "store.audit_entry",
        "store.vault",
        "store.data_key",
    ];
    let mut codes: BTreeSet<String> = quoted.filter(|w| !others.contains(w)).map(str::to_owned).collect();
    codes.extend(FindingKind::ALL.iter().map(|kind| format!("audit.finding.{kind}")));
    codes.insert("internal".to_owned());
    codes
}

#[test]
fn every_code_has_a_text_in_three_languages_and_no_text_is_idle() {
    let texts: BTreeMap<String, LocalText> = serde_yaml_ng::from_str(store::TEXTS).unwrap();
    assert_eq!(texts.keys().cloned().collect::<BTreeSet<_>>(), spoken());
    for (code, text) in &texts {
        assert!(text.is_complete(), "{code}");
        let places = |sentence: &str| {
            let rest = sentence.split('{').skip(1);
            rest.map(|part| part.split('}').next().unwrap().to_owned()).collect::<BTreeSet<_>>()
        };
        assert_eq!(places(&text.zh_hans), places(&text.en), "{code}");
        assert_eq!(places(&text.zh_hans), places(&text.zh_hant), "{code}");
    }
}
