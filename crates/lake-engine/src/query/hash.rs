use std::hash::{BuildHasherDefault, Hasher};

/// Map over codes and periods. Codes are given one after another and periods come from a calendar, so that nobody can
/// choose keys that collide, and hashing may be cheap.
pub type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Cheap>>;
/// Set of codes.
pub type Set<K> = std::collections::HashSet<K, BuildHasherDefault<Cheap>>;

/// Multiplies by an odd number near the golden ratio of 2^64 and folds the high half onto the low one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cheap(u64);

impl Hasher for Cheap {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_i64(&mut self, word: i64) {
        self.write_u64(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
