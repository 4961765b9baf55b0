//! Rows as text and back, and digests that do not depend on the order of rows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::Value;
use store::snapshot::{CellKind, Table};

/// Writes a row as one line: a JSON array in the order of the table's columns.
///
/// Numbers with a fraction are text, so that every bit of them survives; bytes are base64.
pub fn encode(row: &[Value]) -> String {
    let cells = row.iter().map(|value| match value {
        // What is sealed is read as it lies, and written as it was read.
        Value::Text(v) | Value::Sealed(v) => v.as_deref().map_or(Json::Null, Json::from),
        Value::Integer(v) => Json::from(*v),
        Value::Real(v) => v.map_or(Json::Null, |v| Json::from(format!("{v:?}"))),
        Value::Boolean(v) => Json::from(*v),
        Value::Bytes(v) => v.as_deref().map_or(Json::Null, |v| Json::from(STANDARD.encode(v))),
    });
    Json::Array(cells.collect()).to_string()
}

/// Reads a row back; says what is wrong with one that does not fit its table.
pub fn decode(line: &str, table: &Table) -> Result<Vec<Value>, String> {
    let cells: Vec<Json> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if cells.len() != table.columns.len() {
        return Err(format!("{}: {} values for {} columns", table.name, cells.len(), table.columns.len()));
    }
    let wrong = |name: &str| format!("{}.{name}: a value of another kind", table.name);
    cells
        .into_iter()
        .zip(&table.columns)
        .map(|(cell, (name, kind))| value(cell, *kind).ok_or_else(|| wrong(name)))
        .collect()
}

fn value(cell: Json, kind: CellKind) -> Option<Value> {
    match (kind, cell) {
        (kind, Json::Null) => Some(kind.absent()),
        (CellKind::Text, Json::String(text)) => Some(Value::Text(Some(text))),
        (CellKind::Integer, Json::Number(number)) => number.as_i64().map(|v| Value::Integer(Some(v))),
        (CellKind::Real, Json::String(text)) => text.parse().ok().map(|v| Value::Real(Some(v))),
        (CellKind::Boolean, Json::Bool(v)) => Some(Value::Boolean(Some(v))),
        (CellKind::Bytes, Json::String(text)) => STANDARD.decode(text).ok().map(|v| Value::Bytes(Some(v))),
        _ => None,
    }
}

/// Adds up the SHA-256 of pieces modulo 2^256 (多重集摘要).
///
/// Databases return rows in orders of their own; a sum is the same for all of them. It finds damage; that
/// nobody forged a backup is what its encryption says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum([u64; 4]);

impl Sum {
    /// Adds a piece.
    pub fn add(&mut self, piece: &[u8]) {
        let digest = Sha256::digest(piece);
        let mut carry = false;
        for (limb, bytes) in self.0.iter_mut().rev().zip(digest.rchunks(8)) {
            let added = u64::from_be_bytes(bytes.try_into().expect("a digest has 32 bytes"));
            let (sum, over) = limb.overflowing_add(added);
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            *limb = sum;
            carry = over || again;
        }
    }

    /// Returns the sum in 64 hexadecimal digits.
    pub fn hex(self) -> String {
        self.0.iter().map(|limb| format!("{limb:016x}")).collect()
    }
}

/// Returns what of a file goes into the sum of files.
pub fn file_piece(path: &str, sha256: &str) -> String {
    format!("{path}\n{sha256}")
}

/// Returns true for a place inside the data directory that a backup may fill.
pub fn is_place(path: &str) -> bool {
    let inside = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    let known = path == "master.key" || FOLDERS.iter().any(|folder| path.starts_with(&format!("{folder}/")));
    inside && known && !path.contains('\\')
}

/// Folders of the data directory that are backed up. Of the lake: its files, and what is in its log alone; which events
/// arrived before is learnt again from these.
pub const FOLDERS: [&str; 5] = ["blobs", "anchors", "mail-drop", "lake/files", "lake/log"];

#[cfg(test)]
mod tests {
    use super::*;

    fn table(kinds: &[CellKind]) -> Table {
        let columns = kinds.iter().enumerate().map(|(n, kind)| (format!("c{n}"), *kind)).collect();
        Table { name: "t".into(), columns, sequence: None }
    }

    #[test]
    fn a_row_comes_back_as_it_was() {
        let kinds = [CellKind::Text, CellKind::Integer, CellKind::Real, CellKind::Boolean, CellKind::Bytes];
        let row = vec![
            Value::Text(Some("[\"品匠\"]\n".into())),
            Value::Integer(Some(i64::MIN)),
            Value::Real(Some(0.1 + 0.2)),
            Value::Boolean(Some(true)),
            Value::Bytes(Some(vec![0, 255])),
        ];
        let line = encode(&row);
        assert!(!line.contains('\n'));
        assert_eq!(decode(&line, &table(&kinds)), Ok(row));
        let absent: Vec<Value> = kinds.iter().map(|kind| kind.absent()).collect();
        assert_eq!(decode(&encode(&absent), &table(&kinds)), Ok(absent));
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused_in_words() {
        let table = table(&[CellKind::Integer]);
        assert_eq!(decode("[\"1\"]", &table).expect_err("text"), "t.c0: a value of another kind");
        assert_eq!(decode("[1,2]", &table).expect_err("two"), "t: 2 values for 1 columns");
    }

    #[test]
    fn a_sum_knows_every_piece_and_no_order() {
        let sum = |pieces: &[&str]| {
            let mut sum = Sum::default();
            pieces.iter().for_each(|piece| sum.add(piece.as_bytes()));
            sum.hex()
        };
        assert_eq!(sum(&["a", "b", "c"]), sum(&["c", "a", "b"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a", "b", "b"]));
        assert_eq!(sum(&["a"]), hex::encode(Sha256::digest("a")));
        // Twice the digest of "a" (ca97…) runs over, and its carry wanders through all four parts.
        assert_eq!(sum(&["a", "a"]), "952f022594377b95f58463673447b89b4f0ddff028f89ce57300ef0b5fdc9176");
    }

    #[test]
    fn a_backup_fills_its_own_places_only() {
        assert!(is_place("lake/files/2026-11/0-a.parquet") && !is_place("lake/seen/0"));
        assert!(is_place("blobs/ab/cdef") && is_place("anchors/audit.jsonl") && is_place("master.key"));
        for bad in ["/etc/passwd", "blobs/../../x", "brandwright.toml", "blobs//x", "blobs", "other/x"] {
            assert!(!is_place(bad), "{bad}");
        }
    }
}
