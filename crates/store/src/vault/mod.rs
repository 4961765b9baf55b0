//! Vault (保险库): personal values lie encrypted in the database, under a data key that only the master key opens.
//!
//! A value is sealed where it is bound ([`crate::sealed`]) and opened where rows are read, so that statements and types stay
//! as they are. What can be compared, counted or searched for are keyed digests in columns of their own ([`Vault::signer`]).
//!
//! A sealed text says nothing about where it stands: whoever can write to the database can move it to another row.

mod reseal;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Problem, Result};

use crate::Value;
use crate::row::Rows;
use crate::secrets::master::{KeyFile, MasterKey};
use crate::secrets::{Sealed, Signer};

pub use reseal::{SealedColumns, SealedRow};

/// What a sealed text begins with. A plain text that begins so is sealed as well, and thus reads back as it was.
pub const PREFIX: &str = "sealed:v1:";
/// Names of the keys among the installation's secrets: data keys one behind the other, the newest first.
pub(crate) const KEYS: &str = "store.vault.keys";
pub(crate) const DIGEST: &str = "store.vault.digest";
/// Where the data keys are.
pub(crate) const FIND_KEYS: &str = crate::secrets::sql::FIND;
/// Bytes of a data key.
const KEY: usize = 32;
/// The same for all values: a data key seals nothing else.
const CONTEXT: &[u8] = b"store.vault";

/// Seals and opens personal values (保险库). Cheap to clone; closed until the secrets are opened.
#[derive(Clone, Debug, Default)]
pub struct Vault {
    opened: Arc<RwLock<Option<Opened>>>,
}

#[derive(Clone, Debug)]
struct Opened {
    /// Where the master key is.
    file: PathBuf,
    keys: Arc<Keys>,
    digest: [u8; 32],
}

/// Data keys, the one that seals first; none where the vault is closed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(Vec<MasterKey>);

impl Keys {
    fn read(bytes: &[u8]) -> Option<Self> {
        let keys: Vec<MasterKey> =
            bytes.chunks(KEY).map(|key| Some(MasterKey::of(key.try_into().ok()?))).collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Opens a sealed text with whichever key sealed it.
    pub(crate) fn open(&self, text: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let key = self.0.iter().find(|key| key.sealed(&sealed))?;
        String::from_utf8(key.open(CONTEXT, &sealed)?).ok()
    }

    fn seal(&self, text: &str) -> Option<String> {
        let sealed = self.0.first()?.seal(CONTEXT, text.as_bytes());
        let mut written = String::with_capacity(PREFIX.len() + sealed.len().div_ceil(3) * 4);
        written.push_str(PREFIX);
        URL_SAFE_NO_PAD.encode_string(sealed, &mut written);
        Some(written)
    }
}

impl Vault {
    /// Opens the vault; `keys` are the data keys as they lie among the secrets.
    pub(crate) fn open(&self, file: &Path, keys: &[u8], digest: [u8; 32]) -> Result<()> {
        let keys = Keys::read(keys).ok_or_else(|| unreadable(KEYS))?;
        self.put(Opened { file: file.to_owned(), keys: Arc::new(keys), digest });
        Ok(())
    }

    /// Takes the data keys as they lie in the database now; the master key is read anew, because it may be another one, too.
    pub(crate) fn reopen(&self, found: &Rows) -> Result<()> {
        let Some(opened) = self.with(Opened::clone) else { return Ok(()) };
        let rows: Vec<Sealed> = found.read(&Keys::default())?;
        let (Some(row), Some(file)) = (rows.first(), KeyFile::find(&opened.file)?) else { return Ok(()) };
        self.open(&opened.file, &file.open(KEYS, &row.sealed)?, opened.digest)
    }

    /// Seals what is marked, in place.
    pub(crate) fn seal(&self, values: &mut [Value]) -> Result<()> {
        let mut keys = None;
        for value in values {
            let text = match value {
                Value::Sealed(text) => text.take(),
                Value::Text(Some(text)) if text.starts_with(PREFIX) => Some(std::mem::take(text)),
                _ => continue,
            };
            let keys = keys.get_or_insert_with(|| self.keys());
            let sealed = text.map(|text| keys.seal(&text).ok_or_else(closed)).transpose()?;
            *value = Value::Text(sealed);
        }
        Ok(())
    }

    /// Returns a text from a snapshot as it was before it was sealed; any other text is returned as it is.
    pub fn open_text<'t>(&self, text: &'t str) -> Result<Cow<'t, str>> {
        if !text.starts_with(PREFIX) {
            return Ok(Cow::Borrowed(text));
        }
        self.keys().open(text).map(Cow::Owned).ok_or_else(|| unreadable("snapshot"))
    }

    /// Returns what tells values apart without showing them: the same for ever, whatever becomes of the data key.
    pub fn signer(&self, name: &str) -> Result<Signer> {
        let digest = self.with(|opened| opened.digest).ok_or_else(closed)?;
        Ok(Signer::of(Signer::of(digest).sign(name.as_bytes())))
    }

    /// Returns what stands behind the prefix in everything that is sealed as values are now: which key it was.
    pub fn mark(&self) -> Result<String> {
        let keys = self.keys();
        Ok(URL_SAFE_NO_PAD.encode(keys.0.first().ok_or_else(closed)?.head()))
    }

    pub(crate) fn keys(&self) -> Arc<Keys> {
        self.with(|opened| opened.keys.clone()).unwrap_or_default()
    }

    fn with<T>(&self, take: impl FnOnce(&Opened) -> T) -> Option<T> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(take)
    }

    fn put(&self, opened: Opened) {
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = Some(opened);
    }
}

const UNREADABLE: &str = "store.value_unreadable";

/// Says that a sealed value does not open.
pub(crate) fn unreadable(place: &str) -> Problem {
    Problem::unavailable(UNREADABLE).with("place", place)
}

pub(crate) fn is_unreadable(problem: &Problem) -> bool {
    problem.code == UNREADABLE
}

/// Says that a value would have been written as it is.
pub(crate) fn not_sealed() -> Problem {
    Problem::internal("a value that is to be sealed went another way than through the store")
}

fn closed() -> Problem {
    Problem::unavailable("store.vault_closed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sealed;

    fn vault(keys: &[[u8; 32]]) -> Vault {
        let vault = Vault::default();
        vault.open(Path::new("master.key"), &keys.concat(), [9; 32]).expect("keys");
        vault
    }

    fn one(vault: &Vault, value: Value) -> String {
        let mut values = [value];
        vault.seal(&mut values).expect("sealed");
        let [Value::Text(Some(text))] = values else { panic!("{values:?}") };
        text
    }

    #[test]
    fn the_same_value_never_looks_the_same_and_opens_again() {
        let vault = vault(&[[1; 32]]);
        let (a, b) = (one(&vault, sealed("林晓")), one(&vault, sealed("林晓")));
        let mark = vault.mark().expect("open");
        assert!(a != b && !a.contains("林"));
        // Statements look for it at this place.
        assert_eq!((a.get(10..22), mark.len()), (Some(mark.as_str()), 12));
        assert_eq!(vault.open_text(&a).expect("opens"), "林晓");
        assert_eq!(vault.open_text("林晓").expect("plain"), "林晓");
        let mut empty = [sealed(None::<&str>)];
        vault.seal(&mut empty).expect("nothing to seal");
        assert_eq!(empty, [Value::Text(None)]);
    }

    #[test]
    fn what_looks_sealed_and_is_not_reads_back_as_it_was_written() {
        let vault = vault(&[[1; 32]]);
        let written = one(&vault, Value::from("sealed:v1:by hand"));
        assert_eq!(vault.open_text(&written).expect("opens"), "sealed:v1:by hand");
    }

    #[test]
    fn another_key_or_a_changed_letter_opens_nothing() {
        let sealed = one(&vault(&[[1; 32]]), sealed("林晓"));
        let refused = vault(&[[2; 32]]).open_text(&sealed).expect_err("another key");
        assert_eq!(refused.code, UNREADABLE);
        let last = if sealed.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{last}", &sealed[..sealed.len() - 1]);
        assert!(vault(&[[1; 32]]).open_text(&changed).is_err());
        assert_eq!(vault(&[[2; 32], [1; 32]]).open_text(&sealed).expect("an older key"), "林晓");
        assert_eq!(
            Vault::default().seal(&mut [crate::sealed("x")]).expect_err("closed").code,
            "store.vault_closed"
        );
    }

    #[test]
    fn digests_are_told_apart_by_what_they_are_for() {
        let vault = vault(&[[1; 32]]);
        let sign = |name: &str| vault.signer(name).expect("open").sign(b"x");
        assert_eq!(sign("a"), sign("a"));
        assert_ne!(sign("a"), sign("b"));
    }
}
