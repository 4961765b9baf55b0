use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use kernel::{Problem, Result};
use zip::ZipArchive;

use super::guard::{Meter, check_size};
use super::{Packing, damaged};

/// Bytes read from disk at a time.
const BUFFER: usize = 64 * 1024;
/// Entries that an archive or a workbook may have.
const ENTRIES_MAX: usize = 10_000;

/// Opens a text, packed or not, under the guards.
pub(super) fn with_text<T>(
    path: &Path,
    packing: Packing,
    meter: &Meter,
    read: impl FnOnce(&mut dyn Read) -> Result<T>,
) -> Result<T> {
    let file = File::open(path).map_err(damaged)?;
    match packing {
        Packing::Plain => read(&mut meter.guarded(meter.counted(file))),
        Packing::Gzip => {
            let packed = BufReader::with_capacity(BUFFER, meter.counted(file));
            read(&mut meter.guarded(MultiGzDecoder::new(packed)))
        }
        Packing::Zip => {
            let mut archive = archive(file, meter)?;
            let place = the_one_table(&mut archive)?;
            let entry = archive.by_index(place).map_err(zip_problem)?;
            read(&mut meter.guarded(entry))
        }
    }
}

/// Returns the first bytes of what is inside.
pub(super) fn beginning(path: &Path, packing: Packing, bytes_max: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // The meter sees no rows here, so this reads without the limit per row, but bounded by itself.
    let meter = Meter::default();
    with_text(path, packing, &meter, |text| {
        while bytes.len() < bytes_max {
            meter.row_ends();
            let wanted = (bytes_max - bytes.len()).min(BUFFER) as u64;
            if text.take(wanted).read_to_end(&mut bytes).map_err(damaged)? == 0 {
                break;
            }
        }
        Ok(())
    })?;
    Ok(bytes)
}

/// Opens a workbook for reading at any place, after its sizes were proven by unpacking it once.
pub(super) fn workbook(path: &Path, packing: Packing, meter: &Meter) -> Result<File> {
    let mut file = match packing {
        Packing::Plain => File::open(path).map_err(damaged)?,
        _ => unpacked(path, packing)?,
    };
    prove_sizes(&file, meter)?;
    file.seek(SeekFrom::Start(0)).map_err(damaged)?;
    Ok(file)
}

fn unpacked(path: &Path, packing: Packing) -> Result<File> {
    let mut whole = tempfile::tempfile().map_err(damaged)?;
    let meter = Meter::default();
    with_text(path, packing, &meter, |inside| {
        let mut buffer = vec![0; BUFFER];
        loop {
            meter.row_ends();
            match inside.read(&mut buffer).map_err(damaged)? {
                0 => return Ok(()),
                count => whole.write_all(&buffer[..count]).map_err(damaged)?,
            }
        }
    })?;
    Ok(whole)
}

/// What the archive's directory says about sizes may be a lie, so everything is unpacked and counted.
fn prove_sizes(file: &File, meter: &Meter) -> Result<()> {
    // Shared strings are held in memory while a workbook is read.
    const STRINGS_MAX: u64 = 256 << 20;
    let mut archive = archive(file.try_clone().map_err(damaged)?, &Meter::default())?;
    let packed = file.metadata().map_err(damaged)?.len();
    let mut buffer = vec![0; BUFFER];
    let mut total = 0;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(zip_problem)?;
        let strings = entry.name().ends_with("sharedStrings.xml");
        let mut size = 0;
        loop {
            let count = entry.read(&mut buffer).map_err(damaged)? as u64;
            if count == 0 {
                break;
            }
            size += count;
            total += count;
            check_size(packed, total)?;
            if strings && size > STRINGS_MAX {
                return Err(Problem::too_large("tabular.file.too_large").with("bytes_max", STRINGS_MAX));
            }
        }
    }
    meter.row_ends();
    Ok(())
}

/// Opens an archive; refuses one with a directory too long to be a table's.
pub(super) fn archive<R: Read + Seek>(
    file: R,
    meter: &Meter,
) -> Result<ZipArchive<super::guard::Counted<R>>> {
    let archive = ZipArchive::new(meter.counted(file)).map_err(zip_problem)?;
    if archive.len() > ENTRIES_MAX {
        return Err(Problem::unprocessable("tabular.file.too_many_entries").with("entries", archive.len()));
    }
    Ok(archive)
}

/// Returns the place of the only file in an archive; what macOS and folders add does not count.
pub(super) fn the_one_table<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<usize> {
    let mut tables = Vec::new();
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(zip_problem)?;
        let noise =
            entry.is_dir() || entry.name().starts_with("__MACOSX/") || entry.name().ends_with(".DS_Store");
        if noise {
            continue;
        }
        if entry.encrypted() {
            return Err(Problem::unprocessable("tabular.file.encrypted"));
        }
        tables.push(place);
    }
    match tables[..] {
        [place] => Ok(place),
        _ => Err(Problem::unprocessable("tabular.file.one_table_expected").with("entries", tables.len())),
    }
}

pub(super) fn zip_problem(error: zip::result::ZipError) -> Problem {
    match error {
        zip::result::ZipError::Io(error) => damaged(error),
        other => {
            let mut problem = Problem::unprocessable("tabular.file.damaged");
            problem.source = Some(Box::new(other));
            problem
        }
    }
}
