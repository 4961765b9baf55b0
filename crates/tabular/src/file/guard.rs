use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use kernel::Problem;

/// Bytes that may come out of one packed byte; honest tables stay under 50.
pub const RATIO_MAX: u64 = 200;
/// Bytes that may come out of a file altogether.
pub const UNPACKED_MAX: u64 = 4 << 30;
/// Bytes of one row; a quote that is never closed would otherwise make one row of the whole file.
pub const ROW_BYTES_MAX: u64 = 1 << 20;
/// Cells of one row.
pub const COLUMNS_MAX: usize = 1_000;
/// Bytes that may come out before the ratio is looked at: short files pack in odd ways.
const RATIO_GRACE: u64 = 4 << 20;

/// Counts what was read, shared by the layers of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    packed: Rc<Cell<u64>>,
    row: Rc<Cell<u64>>,
}

impl Meter {
    /// Bytes of the packed file that were read.
    pub(super) fn packed(&self) -> u64 {
        self.packed.get()
    }

    /// Says that a row is complete.
    pub(super) fn row_ends(&self) {
        self.row.set(0);
    }

    /// Counts bytes of the packed file on their way in.
    pub(super) fn counted<R: Read>(&self, inner: R) -> Counted<R> {
        Counted { inner, meter: self.clone() }
    }

    /// Limits what comes out of the unpacking.
    pub(super) fn guarded<R: Read>(&self, inner: R) -> Guarded<R> {
        Guarded { inner, meter: self.clone(), unpacked: 0 }
    }
}

pub(super) struct Counted<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.meter.packed.set(self.meter.packed.get() + count as u64);
        Ok(count)
    }
}

impl<R: io::Seek> io::Seek for Counted<R> {
    fn seek(&mut self, place: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(place)
    }
}

pub(super) struct Guarded<R> {
    inner: R,
    meter: Meter,
    unpacked: u64,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)? as u64;
        self.unpacked += count;
        let row = self.meter.row.get() + count;
        self.meter.row.set(row);
        check_size(self.meter.packed.get(), self.unpacked).map_err(io::Error::other)?;
        if row > ROW_BYTES_MAX + buffer.len() as u64 {
            return Err(io::Error::other(
                Problem::too_large("tabular.file.row_too_long").with("bytes_max", ROW_BYTES_MAX),
            ));
        }
        Ok(count as usize)
    }
}

/// Refuses what a bomb would unpack to.
pub(super) fn check_size(packed: u64, unpacked: u64) -> Result<(), Problem> {
    if unpacked > UNPACKED_MAX {
        return Err(Problem::too_large("tabular.file.too_large").with("bytes_max", UNPACKED_MAX));
    }
    if unpacked > RATIO_GRACE && unpacked / RATIO_MAX > packed {
        return Err(Problem::unprocessable("tabular.file.bomb").with("ratio_max", RATIO_MAX));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_refused_and_a_short_file_is_not() {
        assert!(check_size(1_000, RATIO_GRACE).is_ok());
        assert_eq!(check_size(1_000, RATIO_GRACE + 1).expect_err("ratio").code, "tabular.file.bomb");
        assert!(check_size(UNPACKED_MAX, UNPACKED_MAX).is_ok());
        assert_eq!(check_size(UNPACKED_MAX, UNPACKED_MAX + 1).expect_err("size").status, 413);
    }
}
