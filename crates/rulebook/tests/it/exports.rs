use std::collections::BTreeSet;

use kernel::{Caller, GrantScope, Language, PageQuery, Scope};
use rulebook::export::{ExportFormat, export};
use rulebook::pack::Folder;
use rulebook::permissions::{CLAUSE_READ, WAIVER_REQUEST, WAIVER_SIGN};
use rulebook::waiver::{self, NewWaiver, WaiverDecision};
use serde_json::Value as Json;
use store::on_both;

use crate::support::{MIGRATIONS, app, folder, somebody};

const CLAUSES: &str = "- {id: TT-1.1, department: brand, title: {en: One, zh-Hans: 壹}, text: {en: Do it, zh-Hans: 定期检查渠道。}}\n\
                       - {id: TT-1.2, department: it, title: {en: Two}, text: {en: Do that}}\n\
                       - {id: TT-1.3, department: it, title: {en: Three}, text: {en: Never}}\n";
const PARAMETERS: &str = "- {key: rulebook.run.stale_hours, kind: integer, default: 24, title: {en: Stale}}\n\
                          - {key: rulebook.waiver.days_max, kind: days, default: 365, title: {en: Waiver}}\n";
const CONTROLS: &str = "- id: c\n  clauses: {TT-1.1: full, TT-1.2: partial}\n  title: {en: c}\n  rationale: {en: r}\n  \
                        evidence: {kind: query, view: v_rulebook_parameter_change, threshold: {op: '>', value: 0}}\n";

fn packs() -> Vec<Folder> {
    let files = [("clauses.yaml", CLAUSES), ("parameters.yaml", PARAMETERS), ("controls.yaml", CONTROLS)];
    vec![folder("test", &files)]
}

fn person() -> Caller {
    somebody(&[CLAUSE_READ, WAIVER_REQUEST, WAIVER_SIGN], GrantScope::Company)
}

async fn json(app: &http_kit::App, format: ExportFormat) -> Json {
    serde_json::from_slice(&export(app, &person(), format).await.expect("exports")).expect("JSON")
}

async fn furnish(app: &http_kit::App) {
    rulebook::evaluate_all(app, None).await.expect("runs");
    let wanted = serde_json::from_str(r#"{"shown_status": "broken", "reason": "to be mended", "days": 9}"#);
    let wanted: NewWaiver = wanted.expect("a body");
    let made = waiver::request(app, &person(), "TT-1.2", wanted).await.expect("asks");
    let words = WaiverDecision { note: "seen and agreed".into() };
    waiver::sign(app, &person(), made.id, 1, words).await.expect("signs");
}

on_both! {
    migrations = MIGRATIONS;

    async fn oscal_files_point_at_each_other(store: TestStore) {
        let app = app(&store, packs()).await;
        furnish(&app).await;
        let catalog = json(&app, ExportFormat::OscalCatalog).await;
        let controls = &catalog["catalog"]["groups"][0]["groups"][0]["controls"];
        let ids: BTreeSet<&str> = controls.as_array().expect("clauses").iter().filter_map(|c| c["id"].as_str()).collect();
        assert_eq!(ids, BTreeSet::from(["TT-1.1", "TT-1.2", "TT-1.3"]));

        let component = json(&app, ExportFormat::OscalComponent).await;
        let implemented = &component["component-definition"]["components"][0]["control-implementations"][0];
        let required = implemented["implemented-requirements"].as_array().expect("requirements");
        assert!(required.len() == 2 && required.iter().all(|r| ids.contains(r["control-id"].as_str().expect("an id"))));

        let results = json(&app, ExportFormat::OscalResults).await;
        let result = &results["assessment-results"]["results"][0];
        let findings = result["findings"].as_array().expect("findings");
        let states: Vec<_> = findings.iter().map(|f| f["target"]["status"]["state"].as_str().expect("a state")).collect();
        assert_eq!(states, ["satisfied", "not-satisfied"]);
        let waived = findings[1]["props"].to_string();
        assert!(waived.contains("waiver-signed-by") && waived.contains("to be mended"), "{waived}");
        let observed = &result["observations"][0];
        assert_eq!(findings[0]["related-observations"][0]["observation-uuid"], observed["uuid"]);
        assert_eq!(observed["relevant-evidence"].as_array().map(Vec::len), Some(2));
        // The same rulebook has the same names tomorrow.
        let again = json(&app, ExportFormat::OscalResults).await;
        assert_eq!(again["assessment-results"]["results"][0]["findings"], result["findings"]);
    }

    async fn reports_are_whole_files_and_stand_in_the_audit_log(store: TestStore) {
        let app = app(&store, packs()).await;
        furnish(&app).await;
        let reader = Caller { language: Language::ZhHans, ..person() };
        let pdf = export(&app, &reader, ExportFormat::Pdf).await.expect("exports");
        assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
        assert!(pdf.len() < 200_000, "the file brings no font");
        let sentence: Vec<u8> = "定期检查渠道。".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(holds(&pdf, &sentence), "the clause's text is in it");
        let xlsx = export(&app, &reader, ExportFormat::Xlsx).await.expect("exports");
        assert!(xlsx.starts_with(b"PK\x03\x04"));
        let stranger = somebody(&[], GrantScope::Company);
        let refused = export(&app, &stranger, ExportFormat::Pdf).await.expect_err("no right");
        assert_eq!(refused.status, 403);
        let filter = store::audit::AuditFilter { noun: Some("rulebook.clause".into()), ..Default::default() };
        let audit = store::audit::list(&app.store, &filter, &PageQuery::default(), &Scope::everything()).await;
        let exported: Vec<String> = audit.expect("lists").items.into_iter().map(|entry| entry.action).collect();
        assert_eq!(exported, ["export", "export"]);
    }
}

/// Returns whether a PDF shows these bytes; in a string of it some of them are written with a backslash, or all as
/// hexadecimal digits.
pub fn holds(pdf: &[u8], bytes: &[u8]) -> bool {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut escaped = Vec::new();
    for byte in bytes {
        if matches!(byte, b'(' | b')' | b'\\') {
            escaped.push(b'\\');
        }
        escaped.push(*byte);
    }
    [digits.into_bytes(), escaped]
        .iter()
        .any(|form| pdf.windows(form.len()).any(|part| part == form.as_slice()))
}
