//! Password (密码): argon2id, on a thread of its own, so many at a time as memory allows.

use std::sync::{LazyLock, OnceLock};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Problem, Result};
use tokio::sync::Semaphore;

/// Memory of one hash in KiB, passes and lanes: the second choice of OWASP's password storage cheat sheet.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at one time: bounds memory to a hundred megabytes whatever strangers send.
const AT_ONCE: usize = 4;

static PERMITS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(AT_ONCE));
/// A hash that no password fits, so that an unknown user takes as long as a wrong password.
static NOBODY: OnceLock<String> = OnceLock::new();

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &[u8]) -> Result<String> {
    let salt = SaltString::encode_b64(&store::random::bytes::<16>())
        .map_err(|e| Problem::internal(e.to_string()))?;
    let hash = hasher().hash_password(password, &salt).map_err(|e| Problem::internal(e.to_string()))?;
    Ok(hash.to_string())
}

/// Returns the hash of a password, with its parameters and salt inside.
pub async fn hash(password: &str) -> Result<String> {
    let password = password.as_bytes().to_vec();
    apart(move || hash_now(&password)).await?
}

/// What looking at a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The password is the right one.
    pub right: bool,
    /// The hash was made with weaker parameters than today's.
    pub outdated: bool,
}

/// Says whether `password` is the one of `hash`; without a hash it says no, after the same time.
pub async fn verify(password: &str, hash: Option<String>) -> Result<Verdict> {
    let password = password.as_bytes().to_vec();
    apart(move || {
        let real = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => nobody()?,
        };
        let parsed = PasswordHash::new(&hash).map_err(|e| Problem::internal(e.to_string()))?;
        let right = hasher().verify_password(&password, &parsed).is_ok() && real;
        let outdated =
            Params::try_from(&parsed).is_ok_and(|p| p.m_cost() < MEMORY_KIB || p.t_cost() < PASSES);
        Ok(Verdict { right, outdated })
    })
    .await?
}

fn nobody() -> Result<String> {
    if let Some(hash) = NOBODY.get() {
        return Ok(hash.clone());
    }
    let hash = hash_now(&store::random::bytes::<32>())?;
    Ok(NOBODY.get_or_init(|| hash).clone())
}

/// Makes the hash for unknown users before the first of them comes.
pub async fn warm_up() -> Result<()> {
    apart(nobody).await?.map(drop)
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = PERMITS.acquire().await.map_err(Problem::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_fits_and_nobody_has_one() {
        let made = hash("correct horse battery").await.expect("hashes");
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert_ne!(made, hash("correct horse battery").await.expect("hashes"), "salted");
        let verdict = verify("correct horse battery", Some(made.clone())).await.expect("verifies");
        assert_eq!(verdict, Verdict { right: true, outdated: false });
        assert!(!verify("correct horse batterz", Some(made)).await.expect("verifies").right);
        assert!(!verify("correct horse battery", None).await.expect("verifies").right);
    }

    #[tokio::test]
    async fn weaker_hashes_are_found() {
        let params = Params::new(8 * 1024, 1, 1, None).expect("within bounds");
        let salt = SaltString::encode_b64(&[7; 16]).expect("16 bytes");
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let weak = weak.hash_password(b"correct horse battery", &salt).expect("hashes").to_string();
        let verdict = verify("correct horse battery", Some(weak)).await.expect("verifies");
        assert_eq!(verdict, Verdict { right: true, outdated: true });
    }
}
