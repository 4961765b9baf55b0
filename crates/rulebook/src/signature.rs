//! Signatures (签名) of what people put their name under: HMAC-SHA-256 under a key of this installation.

use http_kit::App;
use kernel::Result;
use store::secrets::Signer;

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

/// Returns the key. The first time makes it, which is a change of its own: ask before a transaction begins.
pub async fn signer(app: &App) -> Result<Signer> {
    app.secrets.signer(KEY).await
}

/// Signs; returns hexadecimal digits.
pub fn sign(signer: &Signer, bytes: &[u8]) -> String {
    hex::encode(signer.sign(bytes))
}

/// Returns whether a signature belongs to these bytes.
pub async fn holds(app: &App, bytes: &[u8], signature: &str) -> Result<bool> {
    let Ok(signature) = hex::decode(signature) else { return Ok(false) };
    Ok(signer(app).await?.verify(bytes, &signature))
}
