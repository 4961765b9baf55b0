//! Every code that this domain says has its sentence.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Nouns whose codes are permissions or names of rows where they have two words after the domain.
const NOUNS: [&str; 4] = ["input", "render", "preflight", "approval"];

fn codes_in(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in
        fs::read_dir(folder).expect("the sources are here").map(|entry| entry.expect("readable").path())
    {
        if entry.is_dir() {
            codes_in(&entry, codes);
            continue;
        }
        let text = fs::read_to_string(&entry).expect("text");
        let production = text.split("#[cfg(test)]").next().unwrap_or_default();
        for rest in production.split("\"brand.").skip(1) {
            let code = rest.split('"').next().unwrap_or_default();
            let noun = code.split('.').next().unwrap_or_default();
            if NOUNS.contains(&noun) && code.contains('.') {
                codes.insert(format!("brand.{code}"));
            }
        }
    }
}

#[test]
fn every_finding_has_its_sentence() {
    let mut codes = BTreeSet::new();
    codes_in(Path::new("src"), &mut codes);
    // The beginning by which misspelt and unknown names are recognised together.
    codes.remove("brand.preflight.variable");
    let texts = http_kit::read_texts("brand", brand::module().texts).expect("texts are complete");
    let silent: Vec<&String> = codes.iter().filter(|code| !texts.contains_key(*code)).collect();
    assert!(codes.len() > 60 && silent.is_empty(), "{silent:?}");
}
