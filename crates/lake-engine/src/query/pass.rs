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
    /// Of each machine, the leaves whose events it sees person by person.
    seen: Vec<Bits>,
    tallies: Tallies,
}

impl Pass {
    pub fn new(plan: Plan, machines: Vec<Box<dyn Machine>>, held: Held) -> Self {
        let bits = |machine: &dyn Machine| {
            let mut bits = Bits::none(plan.leaves.len());
            machine.sees().into_iter().for_each(|leaf| bits.set(leaf));
            bits
        };
        let seen = machines.iter().map(|machine| bits(machine.as_ref())).collect();
        let tallies = Tallies::new(&plan);
        Self { plan, held, machines, seen, tallies }
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

    /// Shows some of a person's events to the machines.
    pub fn events(&mut self, events: &mut Events) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        events.sort();
        self.tallies.add(events);
        for (machine, seen) in self.machines.iter_mut().zip(&self.seen) {
            if seen.meets(&events.met) {
                machine.events(events, &mut self.held)?;
            }
        }
        events.clear();
        Ok(())
    }

    /// Tells the machines that a person's events are over.
    pub fn person_ends(&mut self, node: u128) -> Result<()> {
        let Self { machines, tallies, held, .. } = self;
        machines.iter_mut().try_for_each(|machine| machine.person_ends(node, tallies, held))?;
        self.tallies.clear();
        Ok(())
    }

    /// Returns what was found, in the order of the questions.
    pub fn found(self) -> Vec<Found> {
        let Self { held, machines, .. } = self;
        machines.into_iter().map(|machine| machine.found(&held)).collect()
    }
}
