//! Secrets are kept only as digests.

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of a secret of full entropy, in hexadecimal.
pub fn of(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}
