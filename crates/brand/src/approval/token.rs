//! Approval token (放行凭证): names an approval and proves that this installation gave it for one closure.
//!
//! It is derived, never stored: whoever has only the database can make none, and whoever changes the
//! approved hash in the database makes every token of it worthless.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Id;
use store::secrets::Signer;

use super::Approval;

/// Name of the signing key.
pub const KEY: &str = "brand.approval";
/// First part of a token, for a later format.
const FORMAT: &str = "bwa1";

/// Makes the token of an approval.
pub fn make(signer: &Signer, approval: &Approval) -> String {
    let signature = URL_SAFE_NO_PAD.encode(signer.sign(&bound(approval)));
    format!("{FORMAT}.{}.{signature}", approval.id)
}

/// Returns the approval that a token names, before anything is proved.
pub fn named(token: &str) -> Option<Id> {
    let mut parts = token.split('.');
    (parts.next()? == FORMAT).then_some(())?;
    let id = parts.next()?.parse().ok()?;
    parts.next()?;
    parts.next().is_none().then_some(id)
}

/// Returns true where this installation gave the token for exactly this approval.
pub fn proves(signer: &Signer, token: &str, approval: &Approval) -> bool {
    let signature = token.rsplit('.').next().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    named(token) == Some(approval.id)
        && signature.is_some_and(|bytes| signer.verify(&bound(approval), &bytes))
}

/// Everything that the token is bound to.
fn bound(approval: &Approval) -> Vec<u8> {
    let Approval { id, content_id, version_id, closure_hash, approved_by, .. } = approval;
    format!("{FORMAT}\n{id}\n{content_id}\n{version_id}\n{closure_hash}\n{approved_by}").into_bytes()
}
