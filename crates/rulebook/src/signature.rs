//! Signatures (签名) of what people put their name under: HMAC-SHA-256 under a key of this installation.

use http_kit::App;
use kernel::Result;

/// Name of the key.
const KEY: &str = "rulebook.signature";

/// Puts the parts of an act in a row; each has its length before it, so that no two acts read the same.
pub fn bytes(kind: &str, parts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in std::iter::once(&kind).chain(parts) {
        bytes.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// Signs; returns hexadecimal digits.
pub async fn sign(app: &App, bytes: &[u8]) -> Result<String> {
    Ok(hex::encode(app.secrets.signer(KEY).await?.sign(bytes)))
}

/// Returns whether a signature belongs to these bytes.
pub async fn holds(app: &App, bytes: &[u8], signature: &str) -> Result<bool> {
    let Ok(signature) = hex::decode(signature) else { return Ok(false) };
    Ok(app.secrets.signer(KEY).await?.verify(bytes, &signature))
}
