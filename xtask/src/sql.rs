use crate::sources::files;

/// Beginnings of statements as they stand in a string.
const STATEMENTS: &[&str] =
    &["\"SELECT ", "\"INSERT INTO ", "\"UPDATE ", "\"DELETE FROM ", "\"WITH ", "\"CREATE TABLE ", "\"DROP "];

/// The store itself spells statements where it needs them.
const FREE: &[&str] = &["crates/store/", "xtask/", "tests/"];

pub fn check() -> anyhow::Result<Vec<String>> {
    let mut findings = Vec::new();
    for source in files("crates", &[".rs"])? {
        let path = source.path.display().to_string();
        let own_place = path.ends_with("/sql.rs") || path.contains("/sql/");
        if own_place || source.is_test() || FREE.iter().any(|free| path.starts_with(free)) {
            continue;
        }
        let production = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in production.lines().enumerate() {
            if STATEMENTS.iter().any(|statement| line.contains(statement)) {
                findings.push(format!("sql: {path}:{}: SQL belongs in sql.rs", number + 1));
            }
        }
    }
    Ok(findings)
}
