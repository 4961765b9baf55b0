//! Secrets of the installation (安装密钥): kept in the database, sealed under a master key beside it.
//!
//! Whoever has only the database, or only a backup of it, has none of them.

pub(crate) mod master;
pub(crate) mod sql;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, Mac};
use kernel::{Caller, Problem, Result};
use serde::Deserialize;
use sha2::Sha256;

use self::master::{KeyFile, MasterKey};
use crate::{Audit, Observation, Store, args, random, vault};

/// The secrets (密钥库), opened. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Secrets {
    store: Store,
    file: Arc<Mutex<KeyFile>>,
    made: Arc<Mutex<HashMap<String, [u8; 32]>>>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    sealed: Vec<u8>,
}

impl Secrets {
    /// Opens the secrets with the key file, which the first start makes.
    ///
    /// A database with secrets whose key file is gone is refused: a new key could open none of them.
    pub async fn open(store: Store, key_file: &Path) -> Result<Self> {
        let file = match KeyFile::find(key_file)? {
            Some(file) => file,
            None if store.find::<String>(sql::ANY, args![]).await?.is_some() => {
                return Err(Problem::unavailable("store.master_key_missing")
                    .with("file", key_file.display().to_string()));
            }
            None => KeyFile::write(key_file, vec![MasterKey::random()])?,
        };
        let secrets = Self { store, file: Arc::new(Mutex::new(file)), made: Arc::default() };
        secrets.open_vault().await?;
        Ok(secrets)
    }

    /// Opens the vault for personal values with its keys, which the first start makes.
    async fn open_vault(&self) -> Result<()> {
        let digest = self.get_or_create(vault::DIGEST).await?;
        let keys = self.find_or_make(vault::KEYS).await?;
        self.store.vault().open(self.keys().path(), &keys, digest)
    }

    /// Puts a new data key in place: what is written from here on is sealed under it, and older keys go on opening what
    /// they sealed until that is sealed anew.
    pub async fn rotate_data_key(&self, caller: &Caller) -> Result<()> {
        let digest = self.get_or_create(vault::DIGEST).await?;
        let mut tx = self.store.begin(caller).await?;
        tx.lock("store.vault", kernel::Id::from_digest([0; 16])).await?;
        let old: Sealed = tx.get(sql::FIND, args![vault::KEYS]).await?;
        let old = self.keys().open(vault::KEYS, &old.sealed)?;
        let keys = [&random::bytes::<32>()[..], &old].concat();
        let sealed = self.keys().current().seal(vault::KEYS.as_bytes(), &keys);
        tx.exec_one(sql::RESEAL, args![vault::KEYS, sealed]).await?;
        tx.audit(Audit::without_row("rotate", "store.data_key")).await?;
        tx.commit().await?;
        self.store.vault().open(self.keys().path(), &keys, digest)
    }

    /// Keeps a secret under a name, in place of an older one.
    pub async fn seal(&self, name: &str, secret: &[u8]) -> Result<()> {
        let sealed = self.keys().current().seal(name.as_bytes(), secret);
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        tx.exec(sql::PUT, args![name, sealed, tx.now()]).await?;
        tx.commit().await?;
        self.made().remove(name);
        Ok(())
    }

    /// Returns a secret, if there is one.
    pub async fn find(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let sealed: Option<Sealed> = self.store.find(sql::FIND, args![name]).await?;
        sealed.map(|row| self.keys().open(name, &row.sealed)).transpose()
    }

    /// Returns a secret of 32 random bytes, made when first asked for and then always the same.
    pub async fn get_or_create(&self, name: &str) -> Result<[u8; 32]> {
        if let Some(secret) = self.made().get(name) {
            return Ok(*secret);
        }
        let secret = self.find_or_make(name).await?;
        let secret: [u8; 32] = secret.try_into().map_err(|_| unreadable(name))?;
        self.made().insert(name.to_owned(), secret);
        Ok(secret)
    }

    async fn find_or_make(&self, name: &str) -> Result<Vec<u8>> {
        if let Some(secret) = self.find(name).await? {
            return Ok(secret);
        }
        let sealed = self.keys().current().seal(name.as_bytes(), &random::bytes::<32>());
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        // Two nodes may get here at once: the first one's stays.
        tx.exec(sql::ADD, args![name, sealed, tx.now()]).await?;
        tx.commit().await?;
        self.find(name).await?.ok_or_else(|| unreadable(name))
    }

    /// Returns a signer under the named key, for signed links and the like.
    pub async fn signer(&self, name: &str) -> Result<Signer> {
        Ok(Signer { key: self.get_or_create(name).await? })
    }

    /// Returns the keyed digest (HMAC-SHA-256) of `data` under the named key.
    pub async fn hmac(&self, name: &str, data: &[u8]) -> Result<[u8; 32]> {
        Ok(self.signer(name).await?.sign(data))
    }

    /// Returns a cipher under the named key, for secrets that stand in tables of their own.
    ///
    /// A change of the master key does not touch what it encrypted.
    pub async fn cipher(&self, name: &str) -> Result<Cipher> {
        Ok(Cipher { key: MasterKey::of(&self.get_or_create(name).await?) })
    }

    /// Puts a new master key in place and seals every secret under it; returns their number.
    ///
    /// The file holds both keys until the database has changed: a crash in between loses nothing.
    pub async fn rotate_master_key(&self) -> Result<usize> {
        let old = self.keys();
        let both = [vec![MasterKey::random()], old.keys().to_vec()].concat();
        let both = KeyFile::write(old.path(), both)?;
        self.replace(both.clone());
        let mut tx = self.store.begin_observation(Observation::Upkeep).await?;
        let rows: Vec<Row> = tx.all(sql::ALL, args![]).await?;
        for row in &rows {
            let secret = both.open(&row.name, &row.sealed)?;
            let sealed = both.current().seal(row.name.as_bytes(), &secret);
            tx.exec(sql::RESEAL, args![&row.name, sealed]).await?;
        }
        tx.commit().await?;
        self.replace(KeyFile::write(old.path(), vec![both.current().clone()])?);
        Ok(rows.len())
    }

    fn keys(&self) -> KeyFile {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, file: KeyFile) {
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = file;
    }

    fn made(&self) -> std::sync::MutexGuard<'_, HashMap<String, [u8; 32]>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unreadable(name: &str) -> Problem {
    Problem::unavailable("store.secret_unreadable").with("name", name)
}

#[derive(Deserialize)]
pub(crate) struct Sealed {
    pub(crate) sealed: Vec<u8>,
}

/// Signs and checks under one key; needs no database, so it fits hot loops.
#[derive(Clone)]
pub struct Signer {
    key: [u8; 32],
}

impl Signer {
    pub(crate) fn of(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// Returns the signature.
    pub fn sign(&self, data: &[u8]) -> [u8; 32] {
        self.mac(data).finalize().into_bytes().into()
    }

    /// Returns true where `signature` belongs to `data`; takes the same time for any wrong one.
    pub fn verify(&self, data: &[u8], signature: &[u8]) -> bool {
        self.mac(data).verify_slice(signature).is_ok()
    }

    fn mac(&self, data: &[u8]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.key).expect("any length is a key");
        mac.update(data);
        mac
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

/// Encrypts and decrypts under one key.
#[derive(Clone, Debug)]
pub struct Cipher {
    key: MasterKey,
}

impl Cipher {
    /// Encrypts; `context` (the row's id, say) must be the same when decrypting.
    pub fn encrypt(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        self.key.seal(context.as_bytes(), plain)
    }

    /// Decrypts; refuses what was changed or moved.
    pub fn decrypt(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        self.key
            .open(context.as_bytes(), sealed)
            .ok_or_else(|| Problem::unavailable("store.secret_unreadable").with("name", context))
    }
}
