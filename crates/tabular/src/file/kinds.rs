use std::fs::File;
use std::io::Read;
use std::path::Path;

use kernel::{Problem, Result};

use super::guard::Meter;
use super::unpack::{archive, beginning, the_one_table};
use super::{Form, Packing, damaged};

/// Bytes that tell what a file is.
const MAGIC: usize = 512;

/// Finds out by its bytes how a file is packed and what is inside; its name is not asked.
pub(super) fn kind(path: &Path) -> Result<(Packing, Form)> {
    let mut magic = Vec::new();
    File::open(path).map_err(damaged)?.take(MAGIC as u64).read_to_end(&mut magic).map_err(damaged)?;
    if magic.is_empty() {
        return Err(Problem::unprocessable("tabular.file.empty"));
    }
    if magic.starts_with(&[0x1f, 0x8b]) {
        return Ok((Packing::Gzip, inside(&beginning(path, Packing::Gzip, MAGIC)?)?));
    }
    if !is_zip(&magic) {
        return Ok((Packing::Plain, inside(&magic)?));
    }
    let mut archive = archive(File::open(path).map_err(damaged)?, &Meter::default())?;
    if archive.file_names().any(|name| name == "xl/workbook.xml") {
        return Ok((Packing::Plain, Form::Xlsx));
    }
    if let Some(name) = other_document(archive.file_names()) {
        return Err(not_a_table(name));
    }
    the_one_table(&mut archive)?;
    Ok((Packing::Zip, inside(&beginning(path, Packing::Zip, MAGIC)?)?))
}

fn is_zip(magic: &[u8]) -> bool {
    magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06")
}

/// Says what stands inside one layer of packing; a second layer is refused, a workbook is none.
fn inside(magic: &[u8]) -> Result<Form> {
    if magic.is_empty() {
        return Err(Problem::unprocessable("tabular.file.empty"));
    }
    if is_zip(magic) {
        return Ok(Form::Xlsx);
    }
    match FOREIGN.iter().find(|(bytes, _)| magic.starts_with(bytes)) {
        Some((_, "XLS")) => Err(Problem::unprocessable("tabular.file.old_excel")),
        Some((_, name)) => Err(not_a_table(name)),
        None => Ok(Form::Text),
    }
}

/// Files that people take for tables, by their first bytes.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"RIFF", "RIFF"),
    (b"PAR1", "Parquet"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
    (b"RDX", "R"),
    (b"<!DOCTYPE", "HTML"),
    (b"<html", "HTML"),
    (b"<?xml", "XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
];

fn other_document<'n>(mut names: impl Iterator<Item = &'n str>) -> Option<&'static str> {
    names.find_map(|name| match name {
        "word/document.xml" => Some("DOCX"),
        "ppt/presentation.xml" => Some("PPTX"),
        "content.xml" => Some("OpenDocument"),
        "xl/workbook.bin" => Some("XLSB"),
        "META-INF/MANIFEST.MF" => Some("JAR"),
        _ => None,
    })
}

pub(super) fn not_a_table(kind: &str) -> Problem {
    Problem::unprocessable("tabular.file.not_a_table").with("kind", kind)
}
