use super::machine::Event;
use super::plan::Bits;

/// What of a person's events matters to funnels (步骤序列): found once for all whose steps begin alike.
#[derive(Debug)]
pub struct Sequence {
    /// Leaf of each step.
    leaves: Vec<usize>,
    bits: Bits,
    /// Events that are a step, in the order of time.
    pub moments: Vec<Moment>,
    /// Steps that some of them are.
    pub steps: u32,
}

/// An event that is a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When it happened.
    pub at: i64,
    /// A bit for each step that it fits.
    pub steps: u32,
    /// Its place among the person's events.
    pub place: u32,
}

impl Sequence {
    /// Prepares for steps, of so many leaves.
    pub fn new(leaves: &[usize], of: usize) -> Self {
        let mut bits = Bits::none(of);
        leaves.iter().for_each(|leaf| bits.set(*leaf));
        Self { leaves: leaves.to_vec(), bits, moments: Vec::new(), steps: 0 }
    }

    /// Returns true where some event with these marks may be a step.
    pub fn meets(&self, marks: &[u64]) -> bool {
        self.bits.meets(marks)
    }

    /// Adds an event, where it is a step.
    pub fn add(&mut self, place: usize, event: Event<'_>) {
        if !self.meets(event.marks) {
            return;
        }
        let steps = (0_u32..)
            .zip(&self.leaves)
            .fold(0, |steps, (step, leaf)| steps | u32::from(event.fits(*leaf)) << step);
        self.steps |= steps;
        self.moments.push(Moment { at: event.at, steps, place: place as u32 });
    }

    /// Begins with the next events.
    pub fn clear(&mut self) {
        self.moments.clear();
        self.steps = 0;
    }
}
