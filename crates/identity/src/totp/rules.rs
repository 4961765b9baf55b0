use kernel::Timestamp;
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, TOTP};

/// Seconds for which one code stands.
pub const STEP_SECONDS: i64 = 30;
/// Bytes of a key (RFC 4226 asks for 16, recommends 20).
pub const KEY_BYTES: usize = 20;
/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits that nobody confuses: 32 of them.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Returns the authenticator of a key, under the account's address.
pub fn authenticator(key: &[u8], email: &str) -> Option<TOTP> {
    // A colon would end the account's name in the address of the QR code.
    let account = email.replace(':', "");
    TOTP::new(
        Algorithm::SHA1,
        6,
        1,
        STEP_SECONDS.unsigned_abs(),
        key.to_vec(),
        Some("Brandwright".into()),
        account,
    )
    .ok()
}

/// Returns the step that `code` belongs to: the present one, or the one before or after for clocks that differ.
///
/// Only steps after `last_used` count, so that a code that was looked at over a shoulder opens nothing.
pub fn step_of(totp: &TOTP, code: &str, now: Timestamp, last_used: i64) -> Option<i64> {
    let present = now.ms() / 1000 / STEP_SECONDS;
    (present - 1..=present + 1).find(|step| {
        let expected = totp.generate((step * STEP_SECONDS).unsigned_abs());
        *step > last_used && bool::from(expected.as_bytes().ct_eq(code.as_bytes()))
    })
}

/// Returns the code without the blanks and hyphens that people type.
pub fn tidy(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_lowercase()
}

/// Writes random bytes as a recovery code such as `k7m2p-x9qr4`.
pub fn recovery_code(random: [u8; 10]) -> String {
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    let (front, back) = random.split_at(5);
    let text = |half: &[u8]| half.iter().map(letter).collect::<String>();
    format!("{}-{}", text(front), text(back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_only_around_its_time() {
        let totp = authenticator(&[7; KEY_BYTES], "li.na@sample.invalid").expect("a sound key");
        let now = Timestamp::from_ms(1_795_334_400_000);
        let step = now.ms() / 30_000;
        let code = totp.generate((step * 30).unsigned_abs());
        assert_eq!(step_of(&totp, &code, now, 0), Some(step));
        assert_eq!(step_of(&totp, &code, now.plus_ms(30_000), 0), Some(step));
        assert_eq!(step_of(&totp, &code, now.plus_ms(60_000), 0), None);
        assert_eq!(step_of(&totp, &code, now, step), None, "used before");
        assert_eq!(step_of(&totp, "", now, 0), None);
    }

    #[test]
    fn the_published_test_vector_holds() {
        // RFC 6238, appendix B: SHA-1, 59 seconds, the last six of 94287082.
        let totp = authenticator(b"12345678901234567890", "a@b.c").expect("a sound key");
        assert_eq!(step_of(&totp, "287082", Timestamp::from_ms(59_000), 0), Some(1));
        assert!(totp.get_url().starts_with("otpauth://totp/Brandwright:"));
    }

    #[test]
    fn recovery_codes_are_easy_to_type() {
        assert_eq!(recovery_code([0; 10]), "aaaaa-aaaaa");
        assert_eq!(tidy(" K7M2P-x9qr4 "), "k7m2px9qr4");
    }
}
