use kernel::Result;
use lake::query::Found;

use super::held::Held;
use super::machine::{Events, Machine};
use super::plan::Plan;
use super::scan::Scan;

/// One pass (一趟扫描) over the files, in which all questions are answered.
#[derive(Debug)]
pub struct Pass {
    pub plan: Plan,
    pub held: Held,
    pub machines: Vec<Box<dyn Machine>>,
}

impl Pass {
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
        for machine in &mut self.machines {
            machine.events(events, &mut self.held)?;
        }
        events.clear();
        Ok(())
    }

    /// Tells the machines that a person's events are over.
    pub fn person_ends(&mut self, node: u128) -> Result<()> {
        self.machines.iter_mut().try_for_each(|machine| machine.person_ends(node, &mut self.held))
    }

    /// Returns what was found, in the order of the questions.
    pub fn found(self) -> Vec<Found> {
        let Self { held, machines, .. } = self;
        machines.into_iter().map(|machine| machine.found(&held)).collect()
    }
}
