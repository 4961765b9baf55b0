//! Person by person (按人遍历): all files side by side, so that each person's events come in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

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
    /// Place of the next rows of one person.
    next: usize,
}

impl Input {
    /// Returns whose the next rows are that matter.
    fn head(&mut self, pass: &mut Pass) -> Result<Option<u128>> {
        loop {
            if let Some(run) = self.scan.chunk.runs.get(self.next) {
                return Ok(Some(run.node));
            }
            self.next = 0;
            if !pass.advance(&mut self.scan)? {
                return Ok(None);
            }
        }
    }

    /// Takes a person's events, and returns who is next.
    fn take(&mut self, node: u128, events: &mut Events, pass: &mut Pass) -> Result<Option<u128>> {
        loop {
            let run = self.scan.chunk.runs[self.next];
            events.add(&mut self.scan.chunk, run, &pass.plan, &mut pass.held)?;
            self.next += 1;
            match self.head(pass)? {
                // Their rows lie in two pieces.
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
        let mut input = Input { scan, month, next: 0 };
        if let Some(node) = input.head(pass)? {
            heads.push(Reverse((node, place)));
        }
        inputs.push(input);
    }
    let mut events = Events::new(&pass.plan);
    let mut month: Option<usize> = None;
    loop {
        let Some(mut head) = heads.peek_mut() else { return Ok(()) };
        let Reverse((node, place)) = *head;
        if month.is_some_and(|month| inputs[month].month != inputs[place].month) {
            pass.events(&mut events)?;
        }
        month = Some(place);
        match inputs[place].take(node, &mut events, pass)? {
            // Put where it belongs when it is let go of.
            Some(next) => {
                *head = Reverse((next, place));
                drop(head);
            }
            None => {
                PeekMut::pop(head);
            }
        }
        if heads.peek().is_none_or(|Reverse((next, _))| *next != node) {
            pass.events(&mut events)?;
            pass.person_ends(node)?;
            month = None;
        }
    }
}
