//! The master key file: one line per key, the one that seals first; older ones only open.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use kernel::{Problem, Result};
use sha2::{Digest, Sha256};

use crate::random;

const HEADER: &str =
    "# Master key of this installation. Keep a copy in a safe place, apart from the backups.";
/// First byte of everything sealed here, for a later format.
const FORMAT: u8 = 1;
const KEY_NAME: usize = 8;
const NONCE: usize = 24;

/// A key that seals (主密钥). Its name is derived from it and stands in what it sealed.
#[derive(Clone)]
pub(crate) struct MasterKey {
    name: [u8; KEY_NAME],
    cipher: XChaCha20Poly1305,
    text: String,
}

impl MasterKey {
    pub(crate) fn random() -> Self {
        Self::of(&random::bytes::<32>())
    }

    pub(crate) fn of(bytes: &[u8; 32]) -> Self {
        let digest = Sha256::new().chain_update("brandwright master key").chain_update(bytes).finalize();
        let mut name = [0; KEY_NAME];
        name.copy_from_slice(&digest[..KEY_NAME]);
        Self {
            name,
            cipher: XChaCha20Poly1305::new(Key::from_slice(bytes)),
            text: URL_SAFE_NO_PAD.encode(bytes),
        }
    }

    /// Returns what everything begins with that this key sealed.
    pub(crate) fn head(&self) -> Vec<u8> {
        [&[FORMAT][..], &self.name].concat()
    }

    /// Encrypts; `context` must be the same when opening, so that nothing sealed can change places.
    pub(crate) fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce = random::bytes::<NONCE>();
        let payload = Payload { msg: plain, aad: context };
        let body = self
            .cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .expect("nothing sealed is as long as 256 GB");
        [&[FORMAT][..], &self.name, &nonce, &body].concat()
    }

    pub(crate) fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (head, body) = sealed.split_at_checked(1 + KEY_NAME + NONCE)?;
        let nonce = XNonce::from_slice(&head[1 + KEY_NAME..]);
        self.cipher.decrypt(nonce, Payload { msg: body, aad: context }).ok()
    }

    /// Returns true where this key sealed it.
    pub(crate) fn sealed(&self, sealed: &[u8]) -> bool {
        sealed.first() == Some(&FORMAT) && sealed.get(1..1 + KEY_NAME) == Some(&self.name[..])
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", hex::encode(self.name))
    }
}

/// The keys of one file.
#[derive(Clone, Debug)]
pub(crate) struct KeyFile {
    path: PathBuf,
    keys: Vec<MasterKey>,
}

impl KeyFile {
    /// Reads the file; `None` where there is none.
    pub(crate) fn find(path: &Path) -> Result<Option<Self>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refused(path, &error.to_string())),
        };
        let mode =
            fs::metadata(path).map_err(|error| refused(path, &error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!("{} can be read by others: chmod 600 it", path.display());
        }
        let mut keys = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bytes = URL_SAFE_NO_PAD.decode(line).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            let bytes = bytes.ok_or_else(|| refused(path, &format!("line {} is not a key", number + 1)))?;
            keys.push(MasterKey::of(&bytes));
        }
        if keys.is_empty() {
            return Err(refused(path, "it holds no key"));
        }
        Ok(Some(Self { path: path.to_owned(), keys }))
    }

    /// Writes a file with these keys, readable by its owner alone; whole or not at all.
    pub(crate) fn write(path: &Path, keys: Vec<MasterKey>) -> Result<Self> {
        let written = (|| {
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let draft = path.with_extension("draft");
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            writeln!(file, "{HEADER}")?;
            for key in &keys {
                writeln!(file, "{}", key.text)?;
            }
            file.sync_all()?;
            fs::rename(&draft, path)?;
            File::open(folder)?.sync_all()
        })();
        written.map_err(|error: std::io::Error| refused(path, &error.to_string()))?;
        Ok(Self { path: path.to_owned(), keys })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn keys(&self) -> &[MasterKey] {
        &self.keys
    }

    /// Returns the key that seals.
    pub(crate) fn current(&self) -> &MasterKey {
        &self.keys[0]
    }

    /// Decrypts with whichever key sealed it.
    pub(crate) fn open(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        self.keys
            .iter()
            .find(|key| key.sealed(sealed))
            .and_then(|key| key.open(name.as_bytes(), sealed))
            .ok_or_else(|| Problem::unavailable("store.secret_unreadable").with("name", name))
    }
}

fn refused(path: &Path, reason: &str) -> Problem {
    Problem::unavailable("store.master_key_unreadable")
        .with("file", path.display().to_string())
        .with("reason", reason)
}
