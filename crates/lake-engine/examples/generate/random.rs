/// Random numbers (随机数) that follow from a seed: SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Begins a row of numbers that belongs to a seed and some numbers.
    pub fn of(seed: u64, numbers: &[u64]) -> Self {
        let mut random = Self(seed);
        for number in numbers {
            random.0 = random.next() ^ number;
        }
        random
    }

    /// Returns 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a number below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// Returns true so often.
    pub fn chance(&mut self, of: f64) -> bool {
        self.unit() < of
    }

    /// Returns a place below a bound; low ones far more often.
    pub fn skewed(&mut self, bound: u64) -> u64 {
        let unit = self.unit();
        (unit * unit * unit * bound as f64) as u64
    }
}
