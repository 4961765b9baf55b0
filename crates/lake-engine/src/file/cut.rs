use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMillisecondType;
use arrow_array::{FixedSizeBinaryArray, RecordBatch, TimestampMillisecondArray};
use kernel::{Problem, Result};

use crate::row::{HAPPENED_AT, NODE, Order};

/// What rows of a piece are ordered by (排序列), without copying it.
#[derive(Clone, Copy, Debug)]
pub struct Cut<'a> {
    nodes: &'a FixedSizeBinaryArray,
    times: &'a TimestampMillisecondArray,
}

/// Returns what rows of a piece are ordered by.
pub fn orders(batch: &RecordBatch) -> Result<Cut<'_>> {
    let nodes = batch.column(NODE).as_fixed_size_binary_opt();
    let times = batch.column(HAPPENED_AT).as_primitive_opt::<TimestampMillisecondType>();
    match (nodes, times) {
        (Some(nodes), Some(times)) if nodes.value_length() == 16 => Ok(Cut { nodes, times }),
        _ => Err(Problem::internal("a file of the lake has other columns than it should")),
    }
}

impl Cut<'_> {
    /// Returns the order of a row.
    pub fn at(self, row: usize) -> Order {
        let mut node = [0; 16];
        node.copy_from_slice(self.nodes.value(row));
        Order { node, at: self.times.value(row) }
    }

    /// Returns the first place at which the order is broken, `before` included.
    pub fn unordered(self, rows: usize, before: Option<Order>) -> Option<usize> {
        let mut last = before;
        (0..rows).find(|row| {
            let here = self.at(*row);
            let broken = last.is_some_and(|last| last > here);
            last = Some(here);
            broken
        })
    }
}
