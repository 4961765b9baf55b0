//! The backup key (备份密钥): an age identity in a file. Whoever has it opens every backup; whoever lost it none.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use kernel::{Problem, Result};

const HEADER: &str = "# Key of the backups of this installation. Keep a copy away from this machine:
# without it no backup opens.";

/// The keys of one file: the first one seals, all of them open.
#[derive(Clone)]
pub struct BackupKey {
    identities: Vec<Identity>,
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BackupKey({})", self.name())
    }
}

impl BackupKey {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Problem::unprocessable("backup.key.missing").with("file", path.display().to_string())
            }
            _ => refused(path, &error.to_string()),
        })?;
        let mut identities = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let identity = line.parse::<Identity>();
            identities
                .push(identity.map_err(|reason| refused(path, &format!("line {}: {reason}", number + 1)))?);
        }
        if identities.is_empty() {
            return Err(refused(path, "it holds no key"));
        }
        Ok(Self { identities })
    }

    /// Reads the file, making it when absent; readable by its owner alone.
    pub fn read_or_make(path: &Path) -> Result<Self> {
        if path.exists() {
            return Self::read(path);
        }
        Self { identities: vec![Identity::generate()] }.write(path)?;
        Self::read(path)
    }

    /// Writes the keys to a file that only its owner can read; one that is there stays as it is.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let written = (|| {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            // Two programs may get here at once: the first one's stays.
            let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
                opened => opened?,
            };
            writeln!(file, "{HEADER}")?;
            for identity in &self.identities {
                writeln!(file, "# public key: {}", identity.to_public())?;
                writeln!(file, "{}", identity.to_string().expose_secret())?;
            }
            file.sync_all()
        })();
        written.map_err(|error: std::io::Error| refused(path, &error.to_string()))
    }

    /// Returns the public half of the key that seals; it tells keys apart and opens nothing.
    pub fn name(&self) -> String {
        self.recipient().to_string()
    }

    pub(super) fn recipient(&self) -> Recipient {
        self.identities[0].to_public()
    }

    pub(super) fn identities(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.identities.iter().map(|identity| identity as &dyn age::Identity)
    }
}

fn refused(path: &Path, reason: &str) -> Problem {
    Problem::unprocessable("backup.key.unreadable")
        .with("file", path.display().to_string())
        .with("reason", reason)
}
