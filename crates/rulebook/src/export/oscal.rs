//! OSCAL 1.2 (NIST): the clauses as a catalogue, the controls as a component definition, the runs as results.

use kernel::{DAY_MS, Timestamp};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::Account;
use crate::clause::{Clause, Document, Status};
use crate::control::ControlView;
use crate::run::{Run, Verdict};

/// The version of the format.
const VERSION: &str = "1.2.1";
/// Namespace of what only this product says.
const NAMESPACE: &str = "urn:brandwright:oscal";
/// File in which the catalogue is looked for, beside the others.
const CATALOG: &str = "catalog.json";

/// Returns an id that follows from what it names. OSCAL takes ids of the versions 4 and 5 only, so it is dressed as one
/// that follows from a name.
fn uuid(parts: &[&str]) -> String {
    let digest = Sha256::digest(crate::signature::bytes("oscal", parts));
    let mut bytes: [u8; 16] = digest[..16].try_into().expect("a digest has 32 bytes");
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn metadata(account: &Account, title: &str) -> Json {
    json!({
        "title": account.words.say(title),
        "last-modified": time(account.now),
        "version": time(account.now),
        "oscal-version": VERSION,
    })
}

fn time(at: Timestamp) -> String {
    at.instant().to_string()
}

/// A value of one line, as properties ask for.
fn line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { "-".to_owned() } else { line }
}

fn property(name: &str, value: &str) -> Json {
    json!({ "name": name, "ns": NAMESPACE, "value": line(value) })
}

fn bytes(document: &Json) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("plain data");
    bytes.push(b'\n');
    bytes
}

/// Returns the clauses as a catalogue: documents, their chapters, their clauses.
pub fn catalog(account: &Account) -> Vec<u8> {
    let groups: Vec<Json> = account.documents.iter().map(|document| of_document(account, document)).collect();
    bytes(&json!({ "catalog": {
        "uuid": uuid(&["catalog", &time(account.now)]),
        "metadata": metadata(account, "catalog_title"),
        "groups": groups,
    }}))
}

fn of_document(account: &Account, document: &Document) -> Json {
    let chapters = document.chapters.iter().filter_map(|chapter| {
        let clauses: Vec<Json> =
            account.clauses.iter().filter(|clause| clause.chapter == chapter.id).map(of_clause).collect();
        // A group without anything in it is none.
        (!clauses.is_empty()).then(
            || json!({ "id": chapter.id, "class": "chapter", "title": chapter.title, "controls": clauses }),
        )
    });
    json!({
        "id": document.id,
        "class": "document",
        "title": document.title,
        "parts": [{ "id": format!("{}_ovw", document.id), "name": "overview", "prose": line(&document.summary) }],
        "groups": chapters.collect::<Vec<_>>(),
    })
}

fn of_clause(clause: &Clause) -> Json {
    json!({
        "id": clause.id,
        "class": "clause",
        "title": clause.title,
        "props": [
            property("department", &clause.department),
            property("section", &clause.section),
            property("assessable", if clause.assessable { "yes" } else { "no" }),
        ],
        "parts": [{ "id": statement_id(clause), "name": "statement", "prose": clause.text }],
    })
}

fn statement_id(clause: &Clause) -> String {
    format!("{}_smt", clause.id)
}

/// Returns the controls as what one component, this product, implements.
pub fn component(account: &Account) -> Vec<u8> {
    let requirements = account.clauses.iter().filter_map(|clause| {
        let controls: Vec<&ControlView> = of(account, clause).collect();
        (!controls.is_empty()).then(|| requirement(clause, &controls))
    });
    bytes(&json!({ "component-definition": {
        "uuid": uuid(&["component-definition", &time(account.now)]),
        "metadata": metadata(account, "component_title"),
        "components": [{
            "uuid": uuid(&["component"]),
            "type": "software",
            "title": "Brandwright 品匠",
            "description": account.words.say("component_text"),
            "control-implementations": [{
                "uuid": uuid(&["control-implementation"]),
                "source": CATALOG,
                "description": account.words.say("component_text"),
                "implemented-requirements": requirements.collect::<Vec<_>>(),
            }],
        }],
    }}))
}

fn of<'a>(account: &'a Account, clause: &'a Clause) -> impl Iterator<Item = &'a ControlView> {
    account.controls.iter().filter(|control| control.clauses.contains_key(&clause.id))
}

fn requirement(clause: &Clause, controls: &[&ControlView]) -> Json {
    let mut description = Vec::new();
    let mut properties = Vec::new();
    for control in controls {
        description.push(format!("{}: {}", control.title, control.rationale));
        properties.push(property("control", &control.id));
        properties.push(property("evidence-kind", control.kind.as_str()));
        let coverage = control.clauses.get(&clause.id).map_or("-", |coverage| coverage.as_str());
        properties.push(property("coverage", coverage));
    }
    json!({
        "uuid": uuid(&["requirement", &clause.id]),
        "control-id": clause.id,
        "description": description.join("\n\n"),
        "props": properties,
    })
}

/// Returns the newest runs as observations, and how the clauses stand as findings.
pub fn results(account: &Account) -> Vec<u8> {
    let runs = account.controls.iter().filter_map(|control| Some((control, control.run.as_ref()?)));
    let observations: Vec<Json> = runs.map(|(control, run)| observation(control, run)).collect();
    let findings = account.clauses.iter().filter(|clause| clause.status != Status::Uncovered);
    let findings: Vec<Json> = findings.map(|clause| finding(account, clause)).collect();
    let plan = uuid(&["plan"]);
    let mut result = json!({
        "uuid": uuid(&["result", &time(account.now)]),
        "title": account.words.say("results_title"),
        "description": account.words.say("results_text"),
        "start": time(earliest(account)),
        "end": time(account.now),
        "reviewed-controls": { "control-selections": [{ "include-all": {} }] },
    });
    // Empty lists are refused by the format.
    for (name, items) in [("observations", observations), ("findings", findings)] {
        if !items.is_empty() {
            result[name] = Json::Array(items);
        }
    }
    bytes(&json!({ "assessment-results": {
        "uuid": uuid(&["assessment-results", &time(account.now)]),
        "metadata": metadata(account, "results_title"),
        "import-ap": { "href": format!("#{plan}") },
        "results": [result],
        "back-matter": { "resources": [{
            "uuid": plan,
            "title": account.words.say("plan_title"),
            "description": account.words.say("plan_text"),
        }]},
    }}))
}

fn earliest(account: &Account) -> Timestamp {
    let starts = account.controls.iter().filter_map(|control| control.run.as_ref()?.window_from);
    starts.min().unwrap_or(account.now.plus_ms(-DAY_MS))
}

fn observation(control: &ControlView, run: &Run) -> Json {
    let mut properties = vec![
        property("control", &control.id),
        property("verdict", run.verdict.as_str()),
        property("threshold", &format!("{} {}", run.operator.as_str(), run.threshold)),
        property("population", &run.population.to_string()),
        property("counted", &run.counted.to_string()),
        property("spec-hash", &run.spec_hash),
    ];
    properties.extend(run.value.map(|value| property("value", &value.to_string())));
    for (key, input) in &run.inputs {
        properties.push(property("parameter", &format!("{key} = {}", input.value)));
    }
    let mut observation = json!({
        "uuid": observation_id(run),
        "title": control.title,
        "description": run.why,
        "props": properties,
        "methods": [if control.statement.is_empty() { "TEST" } else { "EXAMINE" }],
        "collected": time(run.confirmed_at),
    });
    let evidence: Vec<Json> = run.row_ids.iter().take(20).map(|row| {
        json!({ "href": format!("/rulebook/runs/{}?row={row}", run.id), "description": format!("{} {row}", control.view) })
    }).collect();
    if !evidence.is_empty() {
        observation["relevant-evidence"] = Json::Array(evidence);
    }
    observation
}

fn observation_id(run: &Run) -> String {
    uuid(&["observation", &run.id.to_string()])
}

fn finding(account: &Account, clause: &Clause) -> Json {
    let waiver = account.waivers.iter().find(|waiver| waiver.clause_id == clause.id);
    let mut properties = vec![
        property("status", clause.status.as_str()),
        property("derived-status", clause.derived_status.as_str()),
    ];
    if let Some(waiver) = waiver {
        properties.push(property("waiver", &waiver.reason));
        properties.extend(waiver.decided_by_name.as_deref().map(|name| property("waiver-signed-by", name)));
        properties.extend(waiver.expires_at.map(|end| property("waiver-expires", &time(end))));
    }
    let satisfied = matches!(clause.status, Status::Followed | Status::Attested);
    let related: Vec<Json> = of(account, clause)
        .filter_map(|control| control.run.as_ref())
        .filter(|run| run.verdict != Verdict::Insufficient || !satisfied)
        .map(|run| json!({ "observation-uuid": observation_id(run) }))
        .collect();
    let mut finding = json!({
        "uuid": uuid(&["finding", &clause.id]),
        "title": format!("{} {}", clause.id, clause.title),
        "description": account.words.say(&format!("status_{}", clause.status)),
        "props": properties,
        "target": {
            "type": "statement-id",
            "target-id": statement_id(clause),
            "status": { "state": if satisfied { "satisfied" } else { "not-satisfied" } },
        },
    });
    if !related.is_empty() {
        finding["related-observations"] = Json::Array(related);
    }
    finding
}
