//! Secret records: who is cleared for them, what is noted of each look, what a file says that is taken.

use std::io::{Cursor, Write as _};

use http_kit::App;
use kernel::{Caller, Id, Label, Problem, Result};
use store::{Query, args};
use zip::write::SimpleFileOptions;

use super::write::Row;
use super::{Record, sql};
use crate::access::{self, Act, Noted};
use crate::record_type::intern::intern;
use crate::record_type::{FieldSpec, RecordType};
use crate::{Rulebook, parameter};

/// Returns the caller as they may read now: without what clears them, nothing secret is shown.
pub async fn reader(app: &App, caller: &Caller) -> Result<Caller> {
    let mut reader = caller.clone();
    if !is_cleared(app, caller).await? {
        reader.clearance = reader.clearance.min(Label::Personal);
    }
    Ok(reader)
}

/// Returns whether somebody whose clearance reaches to what is secret may also look at it now.
async fn is_cleared(app: &App, caller: &Caller) -> Result<bool> {
    let Some(user) = caller.find_user_id().filter(|_| caller.clearance >= Label::Secret) else {
        return Ok(true);
    };
    let book = app.part::<Rulebook>()?.snapshot();
    for record_type in book.record_types() {
        let (Some(spec), Some(condition)) = (&record_type.spec.clears, &record_type.clears) else { continue };
        if book.parameter(&spec.parameter).is_none()
            || !parameter::get(&app.store, &spec.parameter).await?.boolean()?
        {
            continue;
        }
        let mut query = Query::new(sql::IDS, args![]);
        query.push(record_type.view.name).push(" WHERE ").push(intern(&spec.person)).push(" = ").bind(user);
        query.push(" AND ");
        condition.push_sql(&mut query, &record_type.view, &Default::default(), app.store.now())?;
        query.push(" LIMIT 1");
        if app.store.list::<Id>(query).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Refuses a secret record to whoever has the clearance but not what clears them; the refusal is noted.
pub async fn require(
    app: &App,
    caller: &Caller,
    reader: &Caller,
    record_type: &RecordType,
    row: &Row,
) -> Result<()> {
    if row.label < Label::Secret || reader.clearance >= Label::Secret || caller.clearance < Label::Secret {
        return Ok(());
    }
    let noted =
        Noted { noun: record_type.noun, id: row.id, number: &row.number, act: Act::Refused, file_name: None };
    access::note(app, caller, &[noted]).await?;
    Err(Problem::forbidden("rulebook.record.not_cleared"))
}

/// Returns whether what is shown of a record is secret.
pub fn shows_secret(record_type: &RecordType, record: &Record) -> bool {
    let secret =
        |field: &FieldSpec| field.label == Some(Label::Secret) && record.values.contains_key(&field.key);
    record.label == Label::Secret || record.secrecy.is_some() || record_type.spec.fields.iter().any(secret)
}

/// Notes what a caller saw or took of records, as far as it is secret.
pub async fn note(
    app: &App,
    caller: &Caller,
    record_type: &RecordType,
    records: &[Record],
    act: Act,
    file_name: Option<&str>,
) -> Result<()> {
    // Whatever somebody from outside looks at is noted.
    let secret = records.iter().filter(|record| caller.guest || shows_secret(record_type, record));
    let noted: Vec<Noted<'_>> = secret
        .map(|record| Noted { noun: record_type.noun, id: record.id, number: &record.number, act, file_name })
        .collect();
    access::note(app, caller, &noted).await
}

/// Puts a visible mark on a file that is taken: a first line into text; around others, whose content stays as it was,
/// an archive with the file and the mark beside it.
pub fn marked(name: &str, mark: &str, bytes: Vec<u8>) -> Result<(String, Vec<u8>)> {
    let text = ["txt", "csv", "md", "log", "json", "yaml", "yml"];
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    if text.contains(&ending.as_str())
        && let Ok(content) = std::str::from_utf8(&bytes)
    {
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        return Ok((name.to_owned(), format!("\u{feff}{mark}\n\n{content}").into_bytes()));
    }
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let mut add = |name: &str, content: &[u8]| -> Result<()> {
        archive.start_file(name, options).map_err(Problem::internal)?;
        archive.write_all(content).map_err(Problem::internal)
    };
    add(MARK_FILE, format!("\u{feff}{mark}\n").as_bytes())?;
    add(name, &bytes)?;
    let written = archive.finish().map_err(Problem::internal)?.into_inner();
    Ok((format!("{name}.zip"), written))
}

/// Name of the mark in an archive: it stands first, whatever the other file is called.
const MARK_FILE: &str = "00-CONFIDENTIAL.txt";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_the_first_thing_that_is_seen() {
        let (name, bytes) = marked("a.csv", "Taken by Li", b"x,y\n".to_vec()).expect("marks");
        assert_eq!((name.as_str(), bytes.as_slice()), ("a.csv", "\u{feff}Taken by Li\n\nx,y\n".as_bytes()));
        let (name, bytes) = marked("合同.pdf", "Taken by Li", vec![0xff, 0xfe]).expect("marks");
        assert_eq!(name, "合同.pdf.zip");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        assert!(names.contains(&"合同.pdf".to_owned()) && names.contains(&MARK_FILE.to_owned()), "{names:?}");
        let mut kept = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name("合同.pdf").expect("there"), &mut kept)
            .expect("reads");
        assert_eq!(kept, [0xff, 0xfe], "the file itself is as it was");
    }
}
