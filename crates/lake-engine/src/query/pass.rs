use kernel::Result;
use lake::query::Found;

use super::held::Held;
use super::machine::{Events, Machine, Tallies};
use super::plan::{Bits, Plan};
use super::scan::Scan;

/// One pass (一趟扫描) over the files, in which all questions are answered.
#[derive(Debug)]
pub struct Pass {
    pub plan: Plan,
    pub held: Held,
    machines: Vec<Box<dyn Machine>>,
    /// Of each leaf, the machines that see its events person by person.
    seers: Callers,
    /// Of each leaf, the machines that want to know when a person's events are over.
    enders: Callers,
    tallies: Tallies,
    /// A bit for each leaf of which the person has events.
    met: Bits,
}

/// Machines by leaf (叶到状态机): nobody is asked who has nothing to do with what happened.
#[derive(Debug)]
struct Callers {
    of: Vec<Bits>,
    /// Machines that are called now.
    called: Bits,
}

impl Callers {
    fn new(leaves: usize, machines: &[Box<dyn Machine>], which: impl Fn(&dyn Machine) -> Vec<usize>) -> Self {
        let mut of = vec![Bits::none(machines.len()); leaves];
        for (place, machine) in machines.iter().enumerate() {
            which(machine.as_ref()).into_iter().for_each(|leaf| of[leaf].set(place));
        }
        Self { of, called: Bits::none(machines.len()) }
    }

    /// Returns the machines that have to do with some of these leaves.
    fn of(&mut self, met: &Bits) -> impl Iterator<Item = usize> {
        let Self { of, called } = self;
        called.0.fill(0);
        met.each_of(&met.0, |leaf| {
            called.0.iter_mut().zip(&of[leaf].0).for_each(|(called, more)| *called |= more);
        });
        called.iter()
    }
}

impl Pass {
    pub fn new(plan: Plan, machines: Vec<Box<dyn Machine>>, held: Held) -> Self {
        let leaves = plan.leaves.len();
        let seers = Callers::new(leaves, &machines, |machine| machine.sees());
        let enders = Callers::new(leaves, &machines, |machine| machine.ends());
        let (tallies, met) = (Tallies::new(&plan), Bits::none(leaves));
        Self { plan, held, machines, seers, enders, tallies, met }
    }

    /// Reads the next rows of a file and shows them to the machines; false at its end.
    pub fn advance(&mut self, scan: &mut Scan) -> Result<bool> {
        self.held.in_time()?;
        if !scan.advance(&self.plan)? {
            return Ok(false);
        }
        for machine in &mut self.machines {
            machine.rows(&mut scan.chunk, &mut self.held)?;
        }
        Ok(true)
    }

    /// Shows a person's events of a month to the machines.
    pub fn events(&mut self, events: &mut Events) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        events.ready();
        self.tallies.add(events);
        let Self { machines, seers, held, met, .. } = self;
        seers.of(&events.met).try_for_each(|place| machines[place].events(events, held))?;
        met.0.iter_mut().zip(&events.met.0).for_each(|(met, more)| *met |= more);
        events.clear();
        Ok(())
    }

    /// Tells the machines that a person's events are over.
    pub fn person_ends(&mut self, node: u128) -> Result<()> {
        let Self { machines, enders, tallies, held, met, .. } = self;
        enders.of(met).try_for_each(|place| machines[place].person_ends(node, tallies, held))?;
        tallies.clear(met);
        met.0.fill(0);
        Ok(())
    }

    /// Returns what was found, in the order of the questions.
    pub fn found(self) -> Vec<Found> {
        let Self { held, machines, .. } = self;
        machines.into_iter().map(|machine| machine.found(&held)).collect()
    }
}
