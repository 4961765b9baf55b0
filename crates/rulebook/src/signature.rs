//! Signatures (签名) of what people put their name under: HMAC-SHA-256 under a key of this installation; and the proof,
//! at that moment, that it is they.

use http_kit::{App, SecondFactor};
use kernel::{Actor, Caller, Id, Problem, Result};
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

/// Returns the user; a token or the product itself cannot put a name under anything.
pub fn in_person(caller: &Caller) -> Result<Id> {
    match &caller.actor {
        Actor::User { by_token: true, .. } => Err(Problem::forbidden("rulebook.signature.in_person")),
        _ => caller.user_id(),
    }
}

/// Asks for the second factor of whoever signs; each code counts once. Outside any transaction.
pub async fn prove(app: &App, user_id: Id, code: Option<&str>, field: &str) -> Result<()> {
    let code = code.map(str::trim).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| {
        Problem::unprocessable("rulebook.approval.code_missing")
            .with_field(field, "rulebook.approval.code_missing")
    })?;
    app.part::<SecondFactor>()?.0.check(app, user_id, code).await
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
