/// Fixed sequence of draws (SplitMix64, Steele, Lea and Flood 2014): the same seed draws the same.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// Begins a sequence.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Draws from 0 up to, but not, 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws one of the first `count` numbers from 0.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.share() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Draws `wanted` different ones of the first `count` numbers, in rising order; all where there are no more.
    pub fn some_of(&mut self, count: usize, wanted: usize) -> Vec<usize> {
        if wanted >= count {
            return (0..count).collect();
        }
        // Selection sampling (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S).
        let mut drawn = Vec::with_capacity(wanted);
        for place in 0..count {
            let left = (count - place) as f64;
            if self.share() * left < (wanted - drawn.len()) as f64 {
                drawn.push(place);
            }
        }
        drawn
    }
}
