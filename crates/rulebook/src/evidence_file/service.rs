use http_kit::App;
use kernel::{Caller, Id, Page, PageQuery, Problem, Result};
use store::{Audit, Query, args};

use super::{EvidenceFile, EvidenceFileFilter, rules, sql};
use crate::attestation::{of_people, valid_days};
use crate::control::EvidenceKind;
use crate::parameter;
use crate::run::{self, Found, Verdict};
use crate::signature::in_person;

const VIEW: &str = "v_rulebook_evidence_file";

/// Takes in a file that proves a control.
pub async fn add(
    app: &App,
    caller: &Caller,
    control_id: &str,
    (name, note): (&str, &str),
    bytes: &[u8],
) -> Result<EvidenceFile> {
    let signed = of_people(app, caller, control_id, EvidenceKind::File)?;
    let user = in_person(caller)?;
    if bytes.is_empty() || bytes.len() > rules::BYTES_MAX {
        return Err(Problem::unprocessable("rulebook.evidence_file.size").with("bytes_max", rules::BYTES_MAX));
    }
    if !parameter::reason_fits(note) {
        return Err(Problem::unprocessable("rulebook.evidence_file.invalid")
            .with_field("note", "rulebook.parameter.reason_length"));
    }
    let days = valid_days(app, &signed).await?;
    // The bytes go first: a file without a row is swept, a row without its file would be broken.
    let file_hash = app.blobs.put(bytes).await?;
    let mut tx = app.store.begin(caller).await?;
    let (name, now) = (rules::clean_name(name), tx.now());
    let file = EvidenceFile {
        id: Id::new(),
        control_id: control_id.to_owned(),
        file_hash,
        content_type: rules::content_type(&name).to_owned(),
        file_name: name,
        file_bytes: i64::try_from(bytes.len()).map_err(Problem::internal)?,
        note: note.trim().to_owned(),
        uploaded_by: user,
        uploaded_by_name: caller.name().to_owned(),
        uploaded_at: now,
        valid_until: now.plus_days(days),
        withdrawn_at: None,
        withdrawn_by: None,
        version: 1,
    };
    tx.exec(sql::INSERT, insert(&file)).await?;
    let facts =
        serde_json::json!({ "control": control_id, "file_hash": file.file_hash, "name": file.file_name });
    let audit = Audit::new("add", "rulebook.evidence_file", file.id).because(&file.note).with(facts);
    tx.audit(audit).await?;
    run::after_change(&mut tx, &[VIEW]).await?;
    tx.commit().await?;
    Ok(file)
}

fn insert(file: &EvidenceFile) -> Vec<store::Value> {
    args![
        file.id,
        &file.control_id,
        file.file_hash.as_str(),
        &file.file_name,
        file.file_bytes,
        &file.content_type,
        &file.note,
        file.uploaded_by,
        &file.uploaded_by_name,
        file.uploaded_at,
        file.valid_until,
    ]
}

/// Takes a file back; it stays in the list and proves nothing any more.
pub async fn withdraw(app: &App, caller: &Caller, id: Id, version: i64) -> Result<EvidenceFile> {
    let mut tx = app.store.begin(caller).await?;
    let before: EvidenceFile = tx.get(sql::FIND, args![id]).await?;
    of_people(app, caller, &before.control_id, EvidenceKind::File)?;
    if before.withdrawn_at.is_some() {
        return Err(Problem::conflict("rulebook.evidence_file.withdrawn"));
    }
    tx.exec_one(sql::WITHDRAW, args![id, version, tx.now(), in_person(caller)?]).await?;
    let after: EvidenceFile = tx.get(sql::FIND, args![id]).await?;
    let audit = Audit::new("withdraw", "rulebook.evidence_file", id);
    tx.audit(audit.change(Some(&before), Some(&after))).await?;
    run::after_change(&mut tx, &[VIEW]).await?;
    tx.commit().await?;
    Ok(after)
}

/// Looks at the files of a control that stand: each must still be there, byte for byte.
pub(crate) async fn found(app: &App, control_id: &str) -> Result<Found> {
    let files: Vec<EvidenceFile> = app.store.all(sql::STANDING, args![control_id, app.store.now()]).await?;
    let mut whole = 0;
    for file in &files {
        let there = app.blobs.contains(&file.file_hash).await && app.blobs.verify(&file.file_hash).await?;
        whole += i64::from(there);
    }
    let population = i64::try_from(files.len()).map_err(Problem::internal)?;
    let verdict = match (population, whole) {
        (0, _) => Verdict::Insufficient,
        (all, whole) if all == whole => Verdict::Followed,
        _ => Verdict::Broken,
    };
    Ok(Found {
        verdict,
        value: None,
        threshold: 1.0,
        population,
        counted: whole,
        from: files.last().map(|file| file.uploaded_at),
        row_ids: files.iter().map(|file| file.id.to_string()).collect(),
    })
}

/// Returns evidence files, newest first.
pub async fn list(app: &App, page: &PageQuery, filter: &EvidenceFileFilter) -> Result<Page<EvidenceFile>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .and_some("control_id =", filter.control.as_deref())
        .and_some("id <", page.after::<Id>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |file: &EvidenceFile| file.id))
}

/// Returns a file with its bytes; one whose bytes are no longer what they were is refused.
pub async fn content(app: &App, id: Id) -> Result<(EvidenceFile, Vec<u8>)> {
    let file: EvidenceFile = app.store.get(sql::FIND, args![id]).await?;
    let bytes = app.blobs.get(&file.file_hash).await?;
    if blob::Hash::of(&bytes) != file.file_hash {
        return Err(Problem::conflict("rulebook.evidence_file.damaged"));
    }
    Ok((file, bytes))
}
