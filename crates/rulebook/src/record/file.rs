use std::collections::BTreeMap;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Id, Label, Problem, Result};
use serde::Deserialize;
use serde_json::Value as Json;
use store::{Audit, args};

use super::{RecordFile, names, rules, secret, service, sql};
use crate::access::Act;

/// Largest file in a field.
pub const BYTES_MAX: usize = 20 * 1024 * 1024;

/// The files of a comment.
#[derive(Deserialize)]
struct SaidWith {
    files: Vec<Json>,
}

/// Stores a file that a record is going to name.
pub async fn upload(
    app: &App,
    caller: &Caller,
    name: &str,
    media_type: &str,
    bytes: &[u8],
) -> Result<RecordFile> {
    if caller.guest && caller.grants.is_empty() {
        return Err(Problem::forbidden("access.not_for_guests"));
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 255 || name.contains(['/', '\\', '\0']) {
        return Err(
            Problem::unprocessable("rulebook.record.invalid").with_field("name", "rulebook.record.file_name")
        );
    }
    if bytes.is_empty() {
        return Err(Problem::unprocessable("rulebook.record.file_empty"));
    }
    let hash = app.blobs.put(bytes).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.audit(Audit::new("upload", "rulebook.record_file", hash.to_string())).await?;
    tx.commit().await?;
    Ok(RecordFile {
        id: hash.to_string(),
        name: name.to_owned(),
        size: i64::try_from(bytes.len()).map_err(Problem::internal)?,
        media_type: media_type.chars().take(100).collect(),
    })
}

/// Returns the bytes of a file that a record names, for whoever may see that field; every opening is audited.
pub async fn download(
    app: &App,
    caller: &Caller,
    type_id: &str,
    id: Id,
    hash: &str,
) -> Result<(String, String, Vec<u8>)> {
    let record_type = names::record_type(app, type_id)?;
    let record = service::find(app, caller, type_id, id).await?.record;
    let key = |key: &&String| {
        let files = record.values.get(*key).and_then(Json::as_array);
        files
            .is_some_and(|files| files.iter().any(|file| file.get("id").and_then(Json::as_str) == Some(hash)))
    };
    let field = record.values.keys().find(key).and_then(|key| record_type.field(key));
    let is_kept = record.label == Label::Secret || record.secrecy.is_some();
    let is_secret = is_kept || field.is_some_and(|f| f.label == Some(Label::Secret));
    // Values that the caller may not see are not in here, so their files are not found either.
    let said: Vec<SaidWith> = app.store.all(sql::COMMENT_FILES, args![id]).await?;
    let of_values = record.values.values().filter_map(Json::as_array).flatten();
    let files = of_values.chain(said.iter().flat_map(|comment| &comment.files));
    let named = |file: &&Json| file.get("id").and_then(Json::as_str) == Some(hash);
    let file = files.into_iter().find(named).ok_or_else(rules::no_such_type)?;
    let text = |key: &str| file.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (name, media_type) = (text("name"), text("media_type"));
    let hash: Hash = hash.parse().map_err(|_| rules::no_such_type())?;
    let bytes = app.blobs.get(&hash).await?;
    let mut tx = app.store.begin(caller).await?;
    let audit = Audit::new("open_file", record_type.noun, id).within(record.brand_id, record.department_id);
    tx.audit(audit.with(serde_json::json!({ "file": name }))).await?;
    tx.commit().await?;
    if is_secret || caller.guest {
        let shown = std::slice::from_ref(&record);
        secret::note(app, caller, &record_type, shown, Act::Download, Some(&name)).await?;
    }
    if !is_secret {
        return Ok((name, media_type, bytes));
    }
    let at = app.store.now().instant().to_zoned(app.settings.time_zone.clone());
    let words = BTreeMap::from([
        ("name".to_owned(), Json::from(caller.name())),
        ("at".to_owned(), Json::from(at.strftime("%Y-%m-%d %H:%M").to_string())),
        ("number".to_owned(), Json::from(record.number.as_str())),
    ]);
    let mark = app.texts.say(caller.language, "rulebook.record.file_mark", &words);
    let (name, bytes) = secret::marked(&name, &mark, bytes)?;
    Ok((name, media_type, bytes))
}
