//! Names of exact bytes.

use sha2::{Digest, Sha256};

/// Returns the SHA-256 as 64 hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
