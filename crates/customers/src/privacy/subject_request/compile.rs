use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Id, Label, Labelled, Problem, Result};
use lake::Lake;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use store::{Audit, Query};
use zip::write::SimpleFileOptions;

use super::service::{done, load, load_seen};
use super::{RequestKind, SubjectRequest, rules};
use crate::merge::check_reason;
use crate::permissions::PRIVACY_MANAGE;
use crate::{node, profile, segment};

/// Most events of one person in a file.
const EVENTS_MAX: usize = 200_000;

type Rows = Vec<Map<String, Json>>;

/// What is known about somebody, part by part.
struct Parts {
    parts: Vec<(&'static str, Rows)>,
    /// What could not be asked.
    missing: Vec<&'static str>,
}

impl Parts {
    fn add(&mut self, name: &'static str, rows: impl serde::Serialize) -> Result<()> {
        let rows = match serde_json::to_value(rows).map_err(Problem::internal)? {
            Json::Array(rows) => rows,
            row => vec![row],
        };
        let rows =
            rows.into_iter().filter_map(|row| if let Json::Object(row) = row { Some(row) } else { None });
        self.parts.push((name, rows.collect()));
        Ok(())
    }

    /// Adds the rows of a published view, where there is one.
    async fn view(&mut self, app: &App, name: &'static str, view: &'static str, query: Query) -> Result<()> {
        if app.view(view).is_none() {
            self.missing.push(name);
            return Ok(());
        }
        let rows: Rows = app.store.list(query).await?;
        self.parts.push((name, rows));
        Ok(())
    }
}

/// Puts together everything that is known about the person of a request, as a file that is kept with it.
pub async fn compile(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    reason: &str,
) -> Result<SubjectRequest> {
    caller.require(PRIVACY_MANAGE)?;
    if caller.clearance < Label::Personal {
        return Err(Problem::field_hidden("name"));
    }
    let reason = check_reason(reason)?;
    let request = load(&app.store, id).await?;
    rules::check_ready(&request, &[RequestKind::Access, RequestKind::Portability])?;
    let person =
        request.profile_id.ok_or_else(|| Problem::unprocessable("customers.privacy.profile_needed"))?;
    let parts = gather(app, person).await?;
    let bytes = archive(&parts)?;
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let hash = app.blobs.put(&bytes).await?;
    let rows: Map<String, Json> =
        parts.parts.iter().map(|(name, rows)| ((*name).to_owned(), json!(rows.len()))).collect();
    let result = json!({ "kind": "file", "file_id": hash.as_str(), "bytes": bytes.len(), "sha256": sha256, "rows": rows,
        "missing": parts.missing });
    let mut tx = app.store.begin(caller).await?;
    let request = load_seen(&mut tx, id, version).await?;
    rules::check_ready(&request, &[RequestKind::Access, RequestKind::Portability])?;
    done(&mut tx, &request, "compile", reason, &result).await?;
    tx.commit().await?;
    load(&app.store, id).await
}

/// Everything about one person, as the product itself sees it: they may have all of it, whoever hands it out.
async fn gather(app: &App, person: Id) -> Result<Parts> {
    let own = Caller::system("customers.privacy");
    let profile = profile::load(&app.store, person).await?;
    let nodes = node::of_profile(&app.store, profile.id).await?;
    let ids: BTreeSet<Id> = nodes.iter().map(|node| node.id).collect();
    let id = profile.id;
    let mut parts = Parts { parts: Vec::new(), missing: Vec::new() };
    parts.add("profile", &profile)?;
    parts.add("identifiers", &nodes)?;
    parts.add("records", profile::record::of_profile(&app.store, id).await?)?;
    parts.parts.push(("consents", app.store.list(sql::consents(id)).await?));
    parts.parts.push(("suppressions", app.store.list(sql::suppressions(id)).await?));
    parts.parts.push(("tiers", app.store.list(sql::tiers(id)).await?));
    parts.parts.push(("redemptions", app.store.list(sql::redemptions(id)).await?));
    parts.parts.push(("requests", app.store.list(sql::requests(id)).await?));
    parts.add("segments", segment::of_profile(app, &own, id).await?)?;
    parts.view(app, "orders", "v_sales_order", sql::orders(id)).await?;
    parts.view(app, "order_lines", "v_sales_order_line", sql::order_lines(id)).await?;
    parts.view(app, "sends", "v_campaigns_send", sql::sends(id)).await?;
    parts.view(app, "deliveries", "v_campaigns_delivery_event", sql::deliveries(id)).await?;
    match app.part::<Lake>() {
        Ok(lake) => parts.add("events", lake.events_of(&ids, EVENTS_MAX).await?)?,
        Err(_) => parts.missing.push("events"),
    }
    for (_, rows) in &mut parts.parts {
        rows.iter_mut().for_each(readable);
    }
    Ok(parts)
}

/// Times stand as numbers in rows; people read dates.
fn readable(row: &mut Map<String, Json>) {
    for (name, value) in row.iter_mut() {
        let is_time = name == "at" || name.ends_with("_at") || name == "since";
        if let (true, Some(ms)) = (is_time, value.as_i64()) {
            *value = json!(kernel::Timestamp::from_ms(ms));
        }
    }
}

/// One ZIP: everything as JSON, and each part as a table besides.
fn archive(parts: &Parts) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    let everything: Map<String, Json> =
        parts.parts.iter().map(|(name, rows)| ((*name).to_owned(), json!(rows))).collect();
    zip.start_file("data.json", options).map_err(Problem::internal)?;
    let text = serde_json::to_vec_pretty(&everything).map_err(Problem::internal)?;
    zip.write_all(&text).map_err(Problem::internal)?;
    for (name, rows) in &parts.parts {
        zip.start_file(format!("{name}.csv"), options).map_err(Problem::internal)?;
        zip.write_all(&table(rows)?).map_err(Problem::internal)?;
    }
    Ok(zip.finish().map_err(Problem::internal)?.into_inner())
}

fn table(rows: &Rows) -> Result<Vec<u8>> {
    let titles: BTreeSet<&String> = rows.iter().flat_map(Map::keys).collect();
    // Spreadsheets take a file for what it is by these bytes.
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut out = csv::Writer::from_writer(&mut bytes);
    out.write_record(&titles).map_err(Problem::internal)?;
    for row in rows {
        let cells = titles.iter().map(|title| cell(row.get(*title).unwrap_or(&Json::Null)));
        out.write_record(cells).map_err(Problem::internal)?;
    }
    out.flush().map_err(Problem::internal)?;
    drop(out);
    Ok(bytes)
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => match text.starts_with(['=', '@', '\t', '\r']) {
            // A spreadsheet would compute it.
            true => format!("'{text}"),
            false => text.clone(),
        },
        other => other.to_string(),
    }
}

/// Returns the file of a request, with its name; the log keeps who took it and why.
pub async fn file(app: &App, caller: &Caller, id: Id, reason: &str) -> Result<(String, Vec<u8>)> {
    caller.require(PRIVACY_MANAGE)?;
    if caller.clearance < Label::Personal {
        return Err(Problem::field_hidden("name"));
    }
    let reason = check_reason(reason)?;
    let request = load(&app.store, id).await?;
    let result = request.result.as_ref();
    if result.is_some_and(|result| result["erased"] == json!(true)) {
        return Err(Problem::new(410, "customers.privacy.file_erased"));
    }
    let hash =
        result.and_then(|result| result["file_id"].as_str()).and_then(|text| text.parse::<Hash>().ok());
    let hash = hash.ok_or_else(|| Problem::conflict("customers.privacy.no_file"))?;
    let bytes = app.blobs.get(&hash).await?;
    let mut tx = app.store.begin(caller).await?;
    let entry = Audit::new("download", SubjectRequest::NOUN, id)
        .because(reason)
        .with(json!({ "bytes": bytes.len(), "number": request.number }));
    tx.audit(entry).await?;
    tx.commit().await?;
    Ok((format!("{}.zip", request.number), bytes))
}

mod sql {
    pub use super::super::sql::parts::*;
}
