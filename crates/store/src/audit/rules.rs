//! The chain: what is hashed, and what is signed.
//!
//! `hash(n) = SHA-256(hash(n-1) "\n" json(entry n))`, hashes as 64 hexadecimal digits, the first
//! link being 64 zeros; the JSON is the row's columns in the order of [`Entry`], without spaces.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// An entry as it is chained: the row, column by column, `changes` as the text that is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub id: i64,
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: Option<String>,
    pub actor_name: String,
    pub request_id: String,
    pub action: String,
    pub noun: String,
    pub noun_id: Option<String>,
    pub brand_id: Option<String>,
    pub department_id: Option<String>,
    pub reason: Option<String>,
    pub changes: Option<String>,
    pub row_count: i64,
}

/// A link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Link {
    pub position: i64,
    pub hash: String,
}

impl Link {
    pub(super) fn beginning() -> Self {
        Self { position: 0, hash: "0".repeat(64) }
    }

    /// Returns the link that chains `entry` to this one.
    pub(super) fn next(&self, entry: &Entry) -> Self {
        let digest = Sha256::new()
            .chain_update(&self.hash)
            .chain_update("\n")
            .chain_update(crate::json(entry))
            .finalize();
        Self { position: self.position + 1, hash: hex::encode(digest) }
    }
}

/// Checkpoint (检查点): a signed state of the chain. The same line stands in the anchor file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// How many entries are chained.
    pub position: i64,
    /// Hash of the last of them.
    pub hash: String,
    /// When it was signed.
    pub at: Timestamp,
    /// Ed25519 signature, hexadecimal.
    pub signature: String,
}

/// Returns the bytes that are signed.
pub(super) fn signed_text(position: i64, hash: &str, at: Timestamp) -> Vec<u8> {
    format!("brandwright audit checkpoint\n{position}\n{hash}\n{}", at.ms()).into_bytes()
}

/// Key with which checkpoints are checked; not secret, so that others can keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    pub(super) fn of(key: &SigningKey) -> Self {
        Self(key.verifying_key())
    }

    pub(super) fn signed(&self, checkpoint: &Checkpoint) -> bool {
        let signature = hex::decode(&checkpoint.signature).ok().and_then(|b| Signature::from_slice(&b).ok());
        let text = signed_text(checkpoint.position, &checkpoint.hash, checkpoint.at);
        signature.is_some_and(|signature| self.0.verify_strict(&text, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

impl FromStr for PublicKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .map(Self)
            .ok_or_else(|| "a public key is 64 hexadecimal digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64) -> Entry {
        Entry {
            id,
            at: 1_795_334_400_000,
            actor_kind: "user".into(),
            actor_id: Some("u".into()),
            actor_name: "陈晓".into(),
            request_id: "r".into(),
            action: "approve".into(),
            noun: "brand.content".into(),
            noun_id: None,
            brand_id: None,
            department_id: None,
            reason: Some("合规".into()),
            changes: Some(r#"{"state":["draft","approved"]}"#.into()),
            row_count: 1,
        }
    }

    #[test]
    fn the_chain_can_be_redone_with_common_tools() {
        // printf '%064d\n%s' 0 '{"id":1,…}' | sha256sum
        let json = r#"{"id":1,"at":1795334400000,"actor_kind":"user","actor_id":"u","actor_name":"陈晓","request_id":"r","action":"approve","noun":"brand.content","noun_id":null,"brand_id":null,"department_id":null,"reason":"合规","changes":"{\"state\":[\"draft\",\"approved\"]}","row_count":1}"#;
        assert_eq!(crate::json(&entry(1)), json);
        let expected = hex::encode(Sha256::digest(format!("{}\n{json}", "0".repeat(64))));
        assert_eq!(Link::beginning().next(&entry(1)), Link { position: 1, hash: expected });
    }

    #[test]
    fn a_signature_holds_for_its_checkpoint_alone() {
        use ed25519_dalek::Signer;
        let key = SigningKey::from_bytes(&[7; 32]);
        let at = Timestamp::from_ms(5);
        let signature = hex::encode(key.sign(&signed_text(3, "ab", at)).to_bytes());
        let checkpoint = Checkpoint { position: 3, hash: "ab".into(), at, signature };
        let public: PublicKey = PublicKey::of(&key).to_string().parse().expect("its own text");
        assert!(public.signed(&checkpoint));
        assert!(!public.signed(&Checkpoint { position: 4, ..checkpoint.clone() }));
        assert!(!public.signed(&Checkpoint { hash: "cd".into(), ..checkpoint.clone() }));
        assert!(!public.signed(&Checkpoint { at: Timestamp::from_ms(6), ..checkpoint }));
    }
}
