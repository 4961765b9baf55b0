use std::collections::BTreeMap;
use std::path::Path;

use kernel::{Problem, Result};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// Largest file of a pack: a text of this size cannot be proofread.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

#[derive(RustEmbed)]
#[folder = "../../packs"]
struct Shipped;

/// Folder of one pack (制度包目录), its files by their path inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The folder's name.
    pub name: String,
    /// Text of each file.
    pub files: BTreeMap<String, String>,
}

impl Folder {
    /// Returns the digest by which this very content is known.
    pub fn content_hash(&self) -> String {
        let mut digest = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
                digest.update(part);
            }
        }
        hex::encode(digest.finalize())
    }
}

/// Returns the packs that are in the binary.
pub fn shipped() -> Vec<Folder> {
    let mut folders: BTreeMap<String, Folder> = BTreeMap::new();
    for path in Shipped::iter() {
        let Some((name, inner)) = path.split_once('/') else { continue };
        if !inner.ends_with(".yaml") {
            continue;
        }
        let Some(file) = Shipped::get(&path) else { continue };
        let text = String::from_utf8_lossy(&file.data).into_owned();
        let folder = Folder { name: name.to_owned(), files: BTreeMap::new() };
        folders.entry(name.to_owned()).or_insert(folder).files.insert(inner.to_owned(), text);
    }
    folders.into_values().collect()
}

/// Returns the packs in a directory: each folder with a `pack.yaml` is one.
pub fn under(directory: &Path) -> Result<Vec<Folder>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(|e| unreadable(directory, e.to_string()))? {
        let path = entry.map_err(|e| unreadable(directory, e.to_string()))?.path();
        if path.join("pack.yaml").is_file() {
            folders.push(folder(&path)?);
        }
    }
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(folders)
}

/// Returns the pack in one folder.
pub fn folder(path: &Path) -> Result<Folder> {
    // `.` has a name too.
    let path = path.canonicalize().map_err(|e| unreadable(path, e.to_string()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = BTreeMap::new();
    collect(&path, "", &mut files).map_err(|e| unreadable(&path, e))?;
    Ok(Folder { name, files })
}

fn unreadable(path: &Path, reason: String) -> Problem {
    Problem::unavailable("rulebook.pack.unreadable")
        .with("path", path.display().to_string())
        .with("reason", reason)
}

/// Reads the YAML files of a folder and of the folders one level below.
fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), String> {
    for entry in std::fs::read_dir(directory).map_err(|e| e.to_string())? {
        let entry = entry.map_err(|e| e.to_string())?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(|e| e.to_string())?;
        if kind.is_dir() && prefix.is_empty() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else if kind.is_file() && name.ends_with(".yaml") {
            if entry.metadata().map_err(|e| e.to_string())?.len() > FILE_BYTES_MAX {
                return Err(format!("{name} is larger than {FILE_BYTES_MAX} bytes"));
            }
            files.insert(
                name.clone(),
                std::fs::read_to_string(entry.path()).map_err(|e| format!("{name}: {e}"))?,
            );
        }
    }
    Ok(())
}
