use kernel::Timestamp;

use super::Attestation;
use crate::run::Verdict;

/// Returns what the signature is over; every part has its length before it, so that no two acts read the same.
pub fn signed_bytes(attestation: &Attestation) -> Vec<u8> {
    crate::signature::bytes(
        "rulebook.attestation",
        &[
            &attestation.id.to_string(),
            &attestation.control_id,
            &attestation.statement_hash,
            if attestation.holds { "yes" } else { "no" },
            &attestation.note,
            &attestation.signed_by.to_string(),
            &attestation.signed_at.ms().to_string(),
            &attestation.valid_until.ms().to_string(),
        ],
    )
}

/// Judges the newest attestation of a control: one that is over, forged, or of other words says nothing.
pub fn judge(newest: Option<&Attestation>, statement_hash: &str, now: Timestamp) -> Verdict {
    match newest {
        Some(found) if found.genuine && found.statement_hash == statement_hash && now < found.valid_until => {
            if found.holds {
                Verdict::Attested
            } else {
                Verdict::Broken
            }
        }
        _ => Verdict::Insufficient,
    }
}
