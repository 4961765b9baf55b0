use std::path::{Path, PathBuf};

/// A source file of ours.
pub struct Source {
    pub path: PathBuf,
    pub text: String,
}

/// Returns every file below `root` with one of these endings, dependencies and builds aside.
pub fn files(root: &str, endings: &[&str]) -> anyhow::Result<Vec<Source>> {
    let mut found = Vec::new();
    walk(Path::new(root), endings, &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(dir: &Path, endings: &[&str], found: &mut Vec<Source>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | "node_modules" | "dist" | ".git" | "results") {
                walk(&path, endings, found)?;
            }
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(Source { text: std::fs::read_to_string(&path)?, path });
        }
    }
    Ok(())
}

impl Source {
    /// Returns true for tests, which may be longer and may look everywhere.
    pub fn is_test(&self) -> bool {
        let path = self.path.to_string_lossy();
        path.contains("/tests/")
            || path.ends_with("tests.rs")
            || path.contains(".test.")
            || path.contains("/testing/")
    }
}
