//! A company's own packs, and the rulebook as files, from the command line.

use crate::common::{Place, plain, ran, shown};

/// Writes the core pack into a folder of its own and changes one figure of it.
fn own_core(place: &Place) -> String {
    let out = place.path("own");
    place.run(&["pack", "export", "core", "--out", &shown(&out)]).good();
    let file = out.join("core/parameters.yaml");
    let text = std::fs::read_to_string(&file).expect("exported");
    let changed = text.replacen("  default: 2\n", "  default: 3\n", 1);
    assert_ne!(text, changed);
    std::fs::write(&file, changed).expect("written");
    shown(&out.join("core"))
}

#[test]
fn a_pack_is_exported_compared_tried_applied_and_taken_back() {
    let place = Place::new();
    let core = own_core(&place);
    let again = shown(&place.path("own"));
    place.run(&["pack", "export", "core", "--out", &again]).refused(2, &["there already"]);
    let mut check = plain();
    check.args(["pack", "check", &core]);
    assert!(ran(check).good().json()["parameters"].as_u64().expect("a number") > 40);

    let diff = place.run(&["pack", "diff", &core]).good();
    assert_eq!(diff.out, "~ parameter contact.email.cap_per_7_days\n    default: 2 -> 3\n", "{diff:?}");
    let tried = place.run(&["pack", "dry-run", &core, "--json"]).good().json();
    assert_eq!(tried["parameters"][0]["key"], "contact.email.cap_per_7_days");
    assert_eq!((&tried["parameters"][0]["before"], &tried["parameters"][0]["after"]), (&2.into(), &3.into()));
    place.run(&["pack", "apply", &core, "--reason", "x"]).refused(2, &["reason"]);
    place.run(&["pack", "apply", &core, "--reason", "three mails a week"]).good();
    assert_eq!(place.run(&["pack", "diff", &core]).good().out, "core runs as it is\n");
    place.run(&["pack", "restore", "core", "--reason", "two are enough"]).good();
    assert_eq!(
        place.run(&["pack", "diff", &core, "--json"]).good().json()["changes"][0]["change"],
        "changed"
    );
    let audit = place.run(&["audit", "verify"]).good();
    assert!(!audit.out.is_empty());
}

#[test]
fn a_faulty_pack_is_refused_with_file_line_and_remedy() {
    let place = Place::new();
    let core = own_core(&place);
    let file = std::path::Path::new(&core).join("parameters.yaml");
    let text = std::fs::read_to_string(&file).expect("there");
    std::fs::write(&file, text.replacen("clauses: [BA-3.5.2, OC-6.2.1]", "clauses: [BA-3.5.2, OC-9.9.9]", 1))
        .expect("written");
    let mut check = plain();
    check.args(["pack", "check", &core]);
    ran(check).refused(2, &["core/parameters.yaml:10: There is no clause “OC-9.9.9”."]);
    place
        .run(&["pack", "apply", &core, "--reason", "a good reason"])
        .refused(2, &["core/parameters.yaml:10:"]);
    place.run(&["pack", "diff", &shown(&place.path("nowhere"))]).refused(2, &["no pack.yaml"]);
}

#[test]
fn the_rulebook_is_written_in_every_format() {
    let place = Place::new();
    let path = |name: &str| shown(&place.path(name));
    for (format, begins) in
        [("oscal_catalog", "{"), ("oscal_component", "{"), ("oscal_results", "{"), ("pdf", "%PDF-")]
    {
        place.run(&["rulebook", "export", "--format", format, "--out", &path(format)]).good();
        let bytes = std::fs::read(place.path(format)).expect("written");
        assert!(bytes.starts_with(begins.as_bytes()), "{format}");
    }
    place.run(&["rulebook", "export", "--format", "xlsx", "--out", &path("pdf")]).refused(2, &["--force"]);
    place.run(&["rulebook", "export", "--format", "xlsx", "--out", &path("pdf"), "--force"]).good();
    assert!(std::fs::read(place.path("pdf")).expect("written").starts_with(b"PK\x03\x04"));
    let text = std::fs::read_to_string(place.path("oscal_catalog")).expect("written");
    let catalog: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(catalog["catalog"]["groups"].as_array().map(Vec::len), Some(5));
}
