//! The one source of secrets outside tests.

use rand::RngCore;

/// Returns `N` random bytes from the operating system.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rngs::ThreadRng::default().fill_bytes(&mut bytes);
    bytes
}

/// Returns a token of 32 random bytes in URL-safe base64 (43 characters).
pub fn token() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<32>())
}
