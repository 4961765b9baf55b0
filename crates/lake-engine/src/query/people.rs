//! Person by person (按人遍历): all files side by side, so that each person's events come in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use kernel::Result;

use super::machine::Events;
use super::pass::Pass;
use super::scan::Scan;

/// A file among those that are read side by side.
#[derive(Debug)]
struct Input {
    scan: Scan,
    /// Events of another month are earlier or later, whoever's they are.
    month: String,
    row: usize,
}

impl Input {
    /// Goes on to the next row that matters, and returns whose it is.
    fn seek(&mut self, pass: &mut Pass) -> Result<Option<u128>> {
        loop {
            while self.row < self.scan.chunk.rows {
                if pass.plan.by_person.meets(self.scan.chunk.marks_of(self.row)) {
                    return Ok(Some(self.scan.chunk.node(self.row)));
                }
                self.row += 1;
            }
            self.row = 0;
            if !pass.advance(&mut self.scan)? {
                return Ok(None);
            }
        }
    }

    /// Takes a person's events, and returns who is next.
    fn take(&mut self, node: u128, events: &mut Events, pass: &mut Pass) -> Result<Option<u128>> {
        loop {
            events.add(&mut self.scan.chunk, self.row, &pass.plan, &mut pass.held)?;
            self.row += 1;
            match self.seek(pass)? {
                Some(next) if next == node => {}
                next => return Ok(next),
            }
        }
    }
}

/// Hands every person's events to the machines. The files come in the order of their months.
pub fn walk(scans: Vec<(String, Scan)>, pass: &mut Pass) -> Result<()> {
    let mut inputs = Vec::with_capacity(scans.len());
    let mut heads = BinaryHeap::with_capacity(scans.len());
    for (place, (month, scan)) in scans.into_iter().enumerate() {
        let mut input = Input { scan, month, row: 0 };
        if let Some(node) = input.seek(pass)? {
            heads.push(Reverse((node, place)));
        }
        inputs.push(input);
    }
    let mut events = Events::new(&pass.plan);
    let mut month: Option<usize> = None;
    while let Some(Reverse((node, place))) = heads.pop() {
        if month.is_some_and(|month| inputs[month].month != inputs[place].month) {
            pass.events(&mut events)?;
        }
        month = Some(place);
        if let Some(next) = inputs[place].take(node, &mut events, pass)? {
            heads.push(Reverse((next, place)));
        }
        if heads.peek().is_none_or(|Reverse((next, _))| *next != node) {
            pass.events(&mut events)?;
            pass.person_ends(node)?;
            month = None;
        }
    }
    Ok(())
}
