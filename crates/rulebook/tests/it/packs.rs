use kernel::{Language, TextBook};
use rulebook::Rulebook;
use rulebook::pack::shipped;

use crate::support::{PERMISSIONS, faults, folder};

const CLAUSE: &str = "- {id: TT-1.1, department: it, title: {en: a}, text: {en: b}}\n";

#[test]
fn the_shipped_packs_hold_and_have_all_clauses() {
    let book = Rulebook::from_folders(shipped(), rulebook::VIEWS, PERMISSIONS).unwrap_or_else(|faults| {
        let mut texts = TextBook::default();
        texts.extend(http_kit::read_texts("rulebook", rulebook::TEXTS).expect("texts")).expect("unique");
        let lines: Vec<String> = faults.iter().map(|fault| fault.say(&texts, Language::En)).collect();
        panic!("{}", lines.join("\n"))
    });
    let count = |document: &str| book.clause_ids().filter(|id| id.starts_with(document)).count();
    assert_eq!(["BA-", "OC-", "MO-", "TP-", "WM-"].map(count), [77, 68, 95, 93, 73]);
}

#[test]
fn every_text_of_the_shipped_packs_is_written_in_three_languages() {
    for folder in shipped() {
        for (path, text) in &folder.files {
            let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).expect(path);
            let mut lacking = Vec::new();
            incomplete(&value, path, &mut lacking);
            assert!(lacking.is_empty(), "{}: {lacking:#?}", folder.name);
        }
    }
}

/// Finds texts that have some of the languages, but not all; what only explains the product may be English.
fn incomplete(value: &serde_yaml_ng::Value, path: &str, lacking: &mut Vec<String>) {
    match value {
        serde_yaml_ng::Value::Mapping(map) => {
            let has =
                |key: &str| map.get(key).is_some_and(|v| v.as_str().is_some_and(|t| !t.trim().is_empty()));
            let languages = ["zh-Hans", "zh-Hant", "en"].map(has);
            let english_only = languages == [false, false, true]
                && (path.ends_with(".software") || path.ends_with(".evidence"));
            if languages.contains(&true) && languages.contains(&false) && !english_only {
                lacking.push(path.to_owned());
            }
            for (key, inner) in map {
                incomplete(inner, &format!("{path}.{}", key.as_str().unwrap_or_default()), lacking);
            }
        }
        serde_yaml_ng::Value::Sequence(items) => {
            for (place, inner) in items.iter().enumerate() {
                incomplete(inner, &format!("{path}[{place}]"), lacking);
            }
        }
        _ => {}
    }
}

#[test]
fn an_unknown_key_is_refused_on_its_line() {
    let text = "- id: TT-1.1\n  department: it\n  titel: {en: a}\n  text: {en: b}\n";
    assert_eq!(faults(&[("clauses.yaml", text)]), ["test/clauses.yaml:3 rulebook.pack.yaml"]);
    let text = "- id: TT-1.1\n  department: it\n  title: {en: a}\n  text: {zh-hans: b}\n";
    assert_eq!(faults(&[("clauses.yaml", text)]), ["test/clauses.yaml:4 rulebook.pack.yaml"]);
    assert_eq!(faults(&[("extra.yaml", "a: 1")]), ["test/extra.yaml:0 rulebook.pack.unknown_file"]);
    assert_eq!(faults(&[("clauses.yaml", "- id: [")]), ["test/clauses.yaml:1 rulebook.pack.yaml"]);
}

#[test]
fn clauses_belong_to_their_document_once_and_have_their_texts() {
    let text = "- id: TT-1.1\n  department: it\n  title: {en: a}\n  text: {zh-Hans: 乙}\n\
                - id: TT-1.1\n  department: it\n  title: {en: a}\n  text: {en: b}\n\
                - id: ZZ-9.1\n  department: it\n  title: {en: a}\n  text: {en: b}\n";
    assert_eq!(
        faults(&[("clauses.yaml", text)]),
        [
            "test/clauses.yaml:4 rulebook.pack.text_missing",
            "test/clauses.yaml:5 rulebook.pack.duplicate",
            "test/clauses.yaml:9 rulebook.pack.clause_of_other_document",
            "test/clauses.yaml:9 rulebook.pack.unknown_chapter",
        ]
    );
}

#[test]
fn a_parameter_must_fit_its_own_kind_and_bounds() {
    let text = "- {key: a, kind: days, default: soon, title: {en: a}}\n\
                - {key: b, kind: percent, default: 120, title: {en: b}}\n\
                - key: c\n  kind: integer\n  default: 3\n  clauses:\n    - TT-1.1\n    - TT-1.9\n  title: {en: c}\n";
    assert_eq!(
        faults(&[("clauses.yaml", CLAUSE), ("parameters.yaml", text)]),
        [
            "test/parameters.yaml:1 rulebook.pack.parameter_wrong_kind",
            "test/parameters.yaml:2 rulebook.pack.parameter_out_of_bounds",
            "test/parameters.yaml:8 rulebook.pack.unknown_clause",
        ]
    );
}

fn control(evidence: &str) -> String {
    format!(
        "- id: c\n  clauses: {{TT-1.1: full}}\n  title: {{en: c}}\n  rationale: {{en: r}}\n  evidence:\n{evidence}"
    )
}

#[test]
fn a_control_that_says_what_cannot_be_is_refused_with_its_line() {
    let check = |evidence: &str| {
        faults(&[
            ("clauses.yaml", CLAUSE),
            ("parameters.yaml", "- {key: p, kind: text, default: x, title: {en: p}}\n"),
            ("controls.yaml", &control(evidence)),
        ])
    };
    let wrong_column = "    kind: ratio\n    view: v_test_review\n    filter: \"colour == 'red'\"\n    \
                        numerator: \"same_person\"\n    threshold: {op: \">=\", value: 100}\n";
    assert_eq!(check(wrong_column), ["test/controls.yaml:8 rulebook.expression.unknown_field"]);
    let wrong_kind = "    kind: ratio\n    view: v_test_review\n    numerator: \"rounds == 'two'\"\n    \
                      threshold: {op: \">=\", parameter: p}\n";
    assert_eq!(
        check(wrong_kind),
        [
            "test/controls.yaml:8 rulebook.expression.kinds_differ",
            "test/controls.yaml:9 rulebook.pack.parameter_of_other_kind"
        ]
    );
    let both = "    kind: query\n    view: v_test_review\n    window: {days: 3, parameter: p}\n    \
                threshold: {op: \"==\", value: 0}\n";
    assert_eq!(check(both), ["test/controls.yaml:8 rulebook.pack.value_or_parameter"]);
    let unknown_key = "    kind: query\n    view: v_test_review\n    sql: \"SELECT 1\"\n    threshold: {op: \"==\", value: 0}\n";
    assert_eq!(check(unknown_key).len(), 1);
    assert!(check(unknown_key)[0].ends_with("rulebook.pack.yaml"));
}

#[test]
fn a_control_over_a_view_that_nobody_publishes_is_not_connected() {
    let evidence = "    kind: query\n    view: v_nobody\n    counted: \"anything > 1\"\n    threshold: {op: \"==\", value: 0}\n";
    let files = [("clauses.yaml", CLAUSE), ("controls.yaml", &control(evidence))];
    let book = Rulebook::from_folders(vec![folder("test", &files)], &[], PERMISSIONS).expect("no fault");
    assert_eq!(book.unconnected(), [("c", "v_nobody")]);
}

fn machine(rest: &str) -> Vec<String> {
    let text = format!(
        "id: m\nversion: 1\ntitle: {{en: m}}\nfacts: {{n: integer}}\nroles: [author]\nstates:\n  \
         - {{id: a, title: {{en: a}}}}\n  - {{id: b, title: {{en: b}}}}\n  - {{id: z, title: {{en: z}}, end: true}}\n\
         transitions:\n{rest}"
    );
    faults(&[("machines/m.yaml", &text)])
}

#[test]
fn a_machine_is_proven_before_it_runs() {
    let step = |from: &str, to: &str, rest: &str| {
        format!("  - {{action: go, from: [{from}], {to}, title: {{en: g}}{rest}}}\n")
    };
    let fine = step("a", "to: b", "") + &step("b", "to: z", "");
    assert_eq!(machine(&fine), [""; 0]);
    // No way leads to b; no end is reached from a.
    assert_eq!(
        machine(&step("a", "to: z", "")),
        [
            "test/machines/m.yaml:8 rulebook.pack.no_way_to_an_end",
            "test/machines/m.yaml:8 rulebook.pack.unreachable_state",
        ]
    );
    assert_eq!(
        machine(&step("a", "to: b", ""))[..1],
        ["test/machines/m.yaml:7 rulebook.pack.no_way_to_an_end"]
    );
    // The order of guards.
    let guarded = step("a", "to: b", ", guard: 'n > 1'") + &step("b", "to: z", "");
    assert_eq!(machine(&guarded), ["test/machines/m.yaml:11 rulebook.pack.no_else"]);
    let behind = step("a", "to: b", "") + &step("a", "to: z", ", guard: 'n > 1'") + &step("b", "to: z", "");
    assert_eq!(
        machine(&behind),
        [
            "test/machines/m.yaml:11 rulebook.pack.else_not_last",
            "test/machines/m.yaml:12 rulebook.pack.no_else",
        ]
    );
    // Names that nobody knows.
    let names = step(
        "a",
        "to: c",
        ", guard: 'm > 1', required_fields: [k], separate_from: [boss], permission: no.such",
    ) + &step("a", "to: b", "")
        + &step("z", "to: b", "")
        + &step("b", "to: z, refuse: {en: no}", "");
    let found = machine(&names);
    for code in [
        "unknown_state",
        "unknown_fact",
        "unknown_role",
        "unknown_permission",
        "leaves_an_end",
        "to_or_refuse",
    ] {
        assert!(found.iter().any(|f| f.ends_with(&format!("rulebook.pack.{code}"))), "{code}: {found:?}");
    }
    assert!(
        found.contains(&"test/machines/m.yaml:11 rulebook.expression.unknown_field".to_owned()),
        "{found:?}"
    );
}

fn approval(steps: &str, rest: &str) -> Vec<String> {
    let text = format!(
        "id: m\nversion: 1\ntitle: {{en: m}}\nfacts: {{n: integer, boss: text}}\nroles: [author]\nstates:\n  \
         - {{id: a, title: {{en: a}}}}\n  - {{id: z, title: {{en: z}}, end: true}}\ntransitions:\n  \
         - action: go\n    from: [a]\n    to: z\n    title: {{en: g}}\n    approval:\n{rest}      steps:\n{steps}"
    );
    faults(&[("machines/m.yaml", &text)])
}

#[test]
fn an_approval_is_proven_before_it_runs() {
    let step = |rest: &str| format!("        - {{id: s, title: {{en: s}}, {rest}}}\n");
    let sound = step("who: [{field: boss}, {role: finance, when: n > 10}], mode: {quorum: 2}");
    assert_eq!(approval(&sound, ""), [""; 0]);
    let late = step("who: [{role: x}], due: {working_days: 2}, on_timeout: {escalate: {manager_of: boss}}");
    assert_eq!(approval(&late, ""), [""; 0]);
    for (rest, reason) in [
        ("who: []", "rulebook.pack.nobody_decides"),
        ("who: [{field: owner}]", "rulebook.pack.unknown_fact"),
        ("who: [{manager_of: n}]", "rulebook.pack.unknown_fact"),
        ("who: [{permission: no.such}]", "rulebook.pack.unknown_permission"),
        ("who: [{user: somebody}]", "rulebook.pack.no_user_id"),
        ("who: [{role: x, field: boss}]", "rulebook.pack.one_receiver"),
        ("who: [{role: x, when: m > 1}]", "rulebook.expression.unknown_field"),
        ("who: [{role: x}], when: 'n == \"two\"'", "rulebook.expression.kinds_differ"),
        ("who: [{role: x}], mode: {quorum: 0}", "rulebook.pack.quorum_of_none"),
        ("who: [{role: x}], separate_from: [boss]", "rulebook.pack.unknown_role"),
        ("who: [{role: x}], as: boss", "rulebook.pack.unknown_role"),
        ("who: [{role: x}], due: {days: 1, working_days: 1}", "rulebook.pack.one_due"),
        ("who: [{role: x}], due: {days: 0}", "rulebook.pack.one_due"),
        ("who: [{role: x}], due: {field: n}", "rulebook.pack.unknown_fact"),
        ("who: [{role: x}], on_timeout: reject", "rulebook.pack.timeout_without_due"),
    ] {
        assert_eq!(approval(&step(rest), ""), [format!("test/machines/m.yaml:16 {reason}")], "{rest}");
    }
    let twice = sound.clone() + &sound;
    assert_eq!(approval(&twice, ""), ["test/machines/m.yaml:17 rulebook.pack.duplicate"]);
    assert_eq!(
        approval(&sound, "      rejected: nowhere\n"),
        ["test/machines/m.yaml:15 rulebook.pack.unknown_state"]
    );
    let untitled = "        - {id: s, title: {zh-Hans: 步}, who: [{role: x}]}\n";
    assert_eq!(approval(untitled, ""), ["test/machines/m.yaml:16 rulebook.pack.text_missing"]);
}

#[test]
fn every_regularly_in_time_and_real_time_of_the_documents_is_a_parameter() {
    let list = |text: &str| -> Vec<serde_yaml_ng::Value> { serde_yaml_ng::from_str(text).expect("a list") };
    let files = |name: &'static str| {
        shipped()
            .into_iter()
            .filter_map(move |folder| folder.files.get(name).map(|text| list(text)))
            .flatten()
    };
    let mut served = std::collections::BTreeSet::new();
    for parameter in files("parameters.yaml") {
        let clauses = parameter["clauses"].as_sequence().cloned().unwrap_or_default();
        served.extend(clauses.iter().filter_map(|clause| clause.as_str().map(str::to_owned)));
    }
    let mut asking = 0;
    for clause in files("clauses.yaml") {
        let said = format!("{:?} {:?}", clause["title"], clause["text"]);
        let open = ["定期", "及时", "实时", "适时"].iter().any(|word| said.contains(word));
        let id = clause["id"].as_str().expect("an id");
        asking += usize::from(open);
        assert!(!open || served.contains(id), "{id} leaves a time open and no parameter serves it");
    }
    assert!(asking > 40, "{asking}");
}
