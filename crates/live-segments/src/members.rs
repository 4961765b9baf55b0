/// Slots of a block.
const BLOCK: usize = 1 << 16;
/// Listed one by one up to here: as much as the bits of a block take.
const FEW: usize = BLOCK / 16;

/// Set of slots (成员集): listed where they are few, as bits where they are many.
#[derive(Clone, Debug, Default)]
pub struct Members {
    blocks: Vec<Block>,
    bytes: usize,
    len: usize,
}

#[derive(Clone, Debug)]
enum Block {
    Few(Vec<u16>),
    Many { bits: Box<[u64]>, count: usize },
}

impl Members {
    pub fn has(&self, slot: u32) -> bool {
        let (block, low) = split(slot);
        match self.blocks.get(block) {
            None => false,
            Some(Block::Few(lows)) => lows.binary_search(&low).is_ok(),
            Some(Block::Many { bits, .. }) => bits[usize::from(low) / 64] >> (low % 64) & 1 == 1,
        }
    }

    /// Puts a slot in or takes it out; returns true where that is a change.
    pub fn set(&mut self, slot: u32, is_in: bool) -> bool {
        if self.has(slot) == is_in {
            return false;
        }
        let (block, low) = split(slot);
        if self.blocks.len() <= block {
            self.bytes += (block + 1 - self.blocks.len()) * size_of::<Block>();
            self.blocks.resize(block + 1, Block::Few(Vec::new()));
        }
        let block = &mut self.blocks[block];
        self.bytes -= block.bytes();
        block.set(low, is_in);
        self.bytes += block.bytes();
        self.len = if is_in { self.len + 1 } else { self.len - 1 };
        true
    }

    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the slots in their order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().enumerate().flat_map(|(block, it)| {
            let base = (block * BLOCK) as u32;
            let (few, many): (&[u16], &[u64]) = match it {
                Block::Few(lows) => (lows, &[]),
                Block::Many { bits, .. } => (&[], bits),
            };
            let many = many.iter().enumerate().flat_map(move |(place, word)| {
                (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| base + place as u32 * 64 + bit)
            });
            few.iter().map(move |low| base + u32::from(*low)).chain(many)
        })
    }
}

impl Block {
    fn bytes(&self) -> usize {
        match self {
            Self::Few(lows) => lows.capacity() * 2,
            Self::Many { bits, .. } => bits.len() * 8,
        }
    }

    fn set(&mut self, low: u16, is_in: bool) {
        match self {
            Self::Few(lows) => match (lows.binary_search(&low), is_in) {
                (Err(place), true) => {
                    if lows.len() == lows.capacity() {
                        lows.reserve_exact(lows.len() / 4 + 4);
                    }
                    lows.insert(place, low);
                    if lows.len() > FEW {
                        let mut bits = vec![0_u64; BLOCK / 64].into_boxed_slice();
                        lows.iter().for_each(|low| bits[usize::from(*low) / 64] |= 1 << (low % 64));
                        *self = Self::Many { count: lows.len(), bits };
                    }
                }
                (Ok(place), false) => {
                    lows.remove(place);
                    if lows.len() < lows.capacity() / 2 {
                        lows.shrink_to_fit();
                    }
                }
                _ => {}
            },
            Self::Many { bits, count } => {
                let (word, bit) = (usize::from(low) / 64, 1 << (low % 64));
                if is_in {
                    bits[word] |= bit;
                    *count += 1;
                    return;
                }
                bits[word] &= !bit;
                *count -= 1;
                // Well below the limit, so that one who comes and goes does not turn it over each time.
                if *count < FEW / 2 {
                    let lows =
                        (0..=u16::MAX).filter(|low| bits[usize::from(*low) / 64] >> (low % 64) & 1 == 1);
                    *self = Self::Few(lows.collect());
                }
            }
        }
    }
}

fn split(slot: u32) -> (usize, u16) {
    (slot as usize / BLOCK, slot as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_become_many_and_few_again() {
        let mut members = Members::default();
        let slots: Vec<u32> = (0..200_000).filter(|slot| slot % 7 == 3).collect();
        for slot in slots.iter().rev() {
            assert!(members.set(*slot, true) && !members.set(*slot, true));
        }
        assert!(matches!(members.blocks[0], Block::Many { .. }));
        assert_eq!((members.iter().collect::<Vec<_>>(), members.len()), (slots.clone(), slots.len()));
        assert!((24_576..60_000).contains(&members.bytes()), "{}", members.bytes());
        for slot in slots.iter().filter(|slot| **slot % 5 != 0) {
            assert!(members.set(*slot, false) && !members.set(*slot, false));
        }
        assert!(matches!(members.blocks[0], Block::Few(_)));
        let left: Vec<u32> = slots.into_iter().filter(|slot| slot % 5 == 0).collect();
        assert_eq!(members.iter().collect::<Vec<_>>(), left);
        assert!(members.has(10) && !members.has(3) && !members.has(4_000_000));
    }
}
