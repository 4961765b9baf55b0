use kernel::{Caller, DAY_MS, GrantScope, HOUR_MS, Language, PageQuery, Timestamp};
use rulebook::attestation::{self, NewAttestation};
use rulebook::clause::Status;
use rulebook::permissions::{CLAUSE_READ, EVIDENCE_GIVE};
use rulebook::run::{Run, Verdict};
use rulebook::{evidence_file, run};
use store::testing::{START, TestStore};
use store::{Observation, on_both};

use crate::support::{MIGRATIONS, app, faults, folder, somebody};

const CLAUSE: &str = "- {id: TT-1.1, department: brand, title: {en: a}, text: {en: b}}\n";
const PARAMETERS: &str = "- {key: rulebook.run.stale_hours, kind: integer, default: 24, title: {en: Stale}}\n\
                          - {key: minutes, kind: minutes, default: 90, title: {en: m}}\n\
                          - {key: times, kind: integer, default: 3, title: {en: m}}\n";

fn control(id: &str, evidence: &str) -> String {
    format!(
        "- id: {id}\n  clauses: {{TT-1.1: partial}}\n  title: {{en: c}}\n  rationale: {{en: r}}\n  \
         evidence: {evidence}\n"
    )
}

fn pack(controls: &str) -> Vec<rulebook::pack::Folder> {
    let files = [("clauses.yaml", CLAUSE), ("parameters.yaml", PARAMETERS), ("controls.yaml", controls)];
    vec![folder("test", &files)]
}

async fn put(store: &TestStore, id: &str, score: Option<f64>, from: Timestamp, to: Option<Timestamp>) {
    let mut tx = store.begin_observation(Observation::Measurement).await.expect("begins");
    let sql =
        "INSERT INTO review (id, state, score, submitted_at, decided_at) VALUES ($1, 'approved', $2, $3, $4)";
    tx.exec(sql, store::args![id, score, from, to]).await.expect("inserts");
    tx.commit().await.expect("commits");
}

async fn evaluate(app: &http_kit::App, control: &str) -> Run {
    run::evaluate(app, Language::En, control).await.expect("runs")
}

fn day(text: &str) -> Timestamp {
    format!("{text}T10:00:00Z").parse().expect("a time")
}

fn giver() -> Caller {
    somebody(&[EVIDENCE_GIVE, CLAUSE_READ], GrantScope::Company)
}

async fn status(app: &http_kit::App) -> Status {
    rulebook::clause::find(app, Language::En, "TT-1.1").await.expect("shows").clause.status
}

/// Small whole numbers in no order, always the same.
fn numbers(count: u64) -> Vec<u32> {
    let mut state = 88_172_645_463_325_252_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % 997).expect("small")
    };
    (0..count).map(next).collect()
}

fn oracle(statistic: &str, values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let size = sorted.len();
    match statistic {
        "median" if size % 2 == 1 => sorted[size / 2],
        "median" => f64::midpoint(sorted[size / 2 - 1], sorted[size / 2]),
        "p90" => sorted[(size * 9).div_ceil(10) - 1],
        "sum" => sorted.iter().sum(),
        "average" => sorted.iter().sum::<f64>() / f64::from(u32::try_from(size).expect("small")),
        "maximum" => sorted[size - 1],
        _ => sorted[0],
    }
}

const STATISTICS: [&str; 6] = ["median", "p90", "sum", "average", "maximum", "minimum"];

on_both! {
    migrations = MIGRATIONS;

    async fn a_month_without_the_event_breaks_the_control(store: TestStore) {
        let evidence = "{kind: event_count, view: v_test_review, at: decided_at, period: month, periods: \
                        {parameter: times}, at_least: 1}";
        let app = app(&store, pack(&control("c", evidence))).await;
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Insufficient);

        // The month that runs now (November) counts once it has one; those before the first ever are not asked for.
        put(&store, "r1", None, day("2026-10-30"), Some(day("2026-10-31"))).await;
        let found = evaluate(&app, "c").await;
        assert_eq!((found.verdict, found.value, found.threshold), (Verdict::Followed, Some(1.0), 1.0));
        put(&store, "r0", None, day("2026-07-01"), Some(day("2026-07-03"))).await;
        let found = evaluate(&app, "c").await;
        assert_eq!((found.verdict, found.value, found.threshold), (Verdict::Broken, Some(1.0), 3.0));
        assert_eq!(found.window_from, Some("2026-08-01T00:00:00Z".parse().expect("a time")));
        assert_eq!(found.row_ids, ["r1"]);
        for (id, at) in [("r2", "2026-08-31"), ("r3", "2026-09-01")] {
            put(&store, id, None, day(at), Some(day(at))).await;
        }
        let found = evaluate(&app, "c").await;
        assert_eq!((found.verdict, found.value), (Verdict::Followed, Some(3.0)));
        assert_eq!(found.why, "In the last 114 days: it was done in 3 of 3 periods. Required: every one.");
        // With one in November the three months are September to November; in January October is asked for last.
        put(&store, "r4", None, day("2026-11-20"), Some(day("2026-11-20"))).await;
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Followed);
        store.clock.advance_ms(50 * DAY_MS);
        let found = evaluate(&app, "c").await;
        assert_eq!((found.verdict, found.value), (Verdict::Broken, Some(2.0)));
    }

    async fn figures_are_what_a_naive_reader_computes(store: TestStore) {
        let mut controls = String::new();
        for statistic in STATISTICS {
            let of_column = format!(
                "{{kind: figure, view: v_test_review, statistic: {statistic}, of: {{column: score}}, \
                 threshold: {{op: '<=', value: 5000}}}}"
            );
            controls += &control(&format!("column.{statistic}"), &of_column);
            let of_time = format!(
                "{{kind: figure, view: v_test_review, statistic: {statistic}, of: {{from: submitted_at, \
                 to: decided_at, unit: hours}}, threshold: {{op: '<=', parameter: minutes}}}}"
            );
            controls += &control(&format!("time.{statistic}"), &of_time);
        }
        let app = app(&store, pack(&controls)).await;
        assert_eq!(evaluate(&app, "column.median").await.verdict, Verdict::Insufficient);
        let mut values = Vec::new();
        for (place, number) in numbers(37).into_iter().enumerate() {
            let value = f64::from(number) / 8.0;
            values.push(value);
            let from = START.plus_days(-3);
            let to = from.plus_ms(i64::from(number) * HOUR_MS / 8);
            put(&store, &format!("r{place}"), Some(value), from, Some(to)).await;
            // Rows without the quantity have no part in it.
            put(&store, &format!("open{place}"), None, from, None).await;
            if [0, 1, 9, 10, 36].contains(&place) {
                for statistic in STATISTICS {
                    let wanted = oracle(statistic, &values);
                    for of in ["column", "time"] {
                        let found = evaluate(&app, &format!("{of}.{statistic}")).await;
                        let value = found.value.expect("a figure");
                        assert!((value - wanted).abs() < 1e-9, "{of} {statistic} of {place}: {value} {wanted}");
                        assert_eq!(found.population, i64::try_from(values.len()).expect("small"));
                    }
                }
            }
        }
        // 90 minutes are one and a half of the hours in which it is counted.
        let found = evaluate(&app, "time.median").await;
        assert!((found.threshold - 1.5).abs() < f64::EPSILON);
        assert_eq!(found.verdict, Verdict::Broken);
    }

    async fn a_signature_stands_for_its_words_and_its_time(store: TestStore) {
        let evidence = |words: &str| format!(
            "{{kind: attestation, statement: {{en: {words}}}, permission: rulebook.evidence.give, valid: {{days: 30}}}}"
        );
        let app = app(&store, pack(&control("c", &evidence("Doors are locked.")))).await;
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Insufficient);
        let detail = rulebook::clause::find(&app, Language::En, "TT-1.1").await.expect("shows");
        assert_eq!(detail.controls[0].statement, "Doors are locked.");
        let statement_hash = detail.controls[0].statement_hash.clone().expect("a statement");
        let input = |holds: bool| NewAttestation {
            statement_hash: statement_hash.clone(),
            holds,
            note: "walked the floor".into(),
            code: None,
        };
        let stranger = somebody(&[CLAUSE_READ], GrantScope::Company);
        let refused = attestation::sign(&app, &stranger, "c", input(true)).await.expect_err("no right");
        assert_eq!(refused.status, 403);
        let mut token = giver();
        token.actor = kernel::Actor::User { id: kernel::Id::new(), name: "bot".into(), by_token: true };
        let refused = attestation::sign(&app, &token, "c", input(true)).await.expect_err("a token");
        assert_eq!(refused.code, "rulebook.signature.in_person");
        let other = NewAttestation { statement_hash: "0".repeat(64), ..input(true) };
        let refused = attestation::sign(&app, &giver(), "c", other).await.expect_err("other words");
        assert_eq!(refused.code, "rulebook.attestation.words_changed");

        let signed = attestation::sign(&app, &giver(), "c", input(true)).await.expect("signs");
        let found = evaluate(&app, "c").await;
        assert_eq!((found.verdict, found.row_ids), (Verdict::Attested, vec![signed.id.to_string()]));
        assert_eq!(status(&app).await, Status::Attested);
        let opened = run::rows(&app, &giver(), found.id, &PageQuery::default(), &Default::default()).await;
        assert_eq!(opened.expect("opens").items[0].columns["signed_by_name"], "Somebody");

        // A row that was changed in the database is no signature.
        let mut tx = store.begin_observation(Observation::Measurement).await.expect("begins");
        tx.exec("UPDATE rulebook_attestation SET note = 'x' WHERE TRUE", vec![]).await.expect("forges");
        tx.commit().await.expect("commits");
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Insufficient);

        attestation::sign(&app, &giver(), "c", input(true)).await.expect("signs");
        store.clock.advance_ms(30 * DAY_MS - 1);
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Attested);
        store.clock.advance_ms(1);
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Insufficient);
        attestation::sign(&app, &giver(), "c", input(false)).await.expect("signs");
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Broken);
        assert_eq!(status(&app).await, Status::Broken);
    }

    async fn a_file_proves_while_it_is_whole_and_stands(store: TestStore) {
        let evidence = "{kind: file, statement: {en: The contract.}, permission: rulebook.evidence.give, \
                        valid: {days: 10}}";
        let app = app(&store, pack(&control("c", evidence))).await;
        let add = |bytes: &'static [u8]| {
            let app = &app;
            async move { evidence_file::add(app, &giver(), "c", ("a/合同.pdf", "signed contract"), bytes).await }
        };
        assert_eq!(add(b"").await.expect_err("empty").code, "rulebook.evidence_file.size");
        let file = add(b"%PDF one").await.expect("takes it");
        assert_eq!((file.file_name.as_str(), file.content_type.as_str()), ("合同.pdf", "application/pdf"));
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Followed);
        assert_eq!(status(&app).await, Status::Followed);
        assert_eq!(evidence_file::content(&app, file.id).await.expect("reads").1, b"%PDF one");

        std::fs::write(app.blobs.path(&file.file_hash), b"%PDF two").expect("damages it");
        let found = evaluate(&app, "c").await;
        assert_eq!((found.verdict, found.population, found.counted), (Verdict::Broken, 1, 0));
        let refused = evidence_file::content(&app, file.id).await.expect_err("damaged");
        assert_eq!(refused.code, "rulebook.evidence_file.damaged");
        evidence_file::withdraw(&app, &giver(), file.id, file.version).await.expect("withdraws");
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Insufficient);

        add(b"%PDF three").await.expect("takes it");
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Followed);
        store.clock.advance_ms(10 * DAY_MS);
        assert_eq!(evaluate(&app, "c").await.verdict, Verdict::Insufficient);
    }

    async fn a_control_that_waits_is_shown_and_not_counted(store: TestStore) {
        let controls = control("c", "{kind: query, view: v_test_review, threshold: {op: '==', value: 0}}")
            .replace("  title", "  waits: true\n  title");
        let app = app(&store, pack(&controls)).await;
        assert_eq!(rulebook::evaluate_all(&app, None).await.expect("runs"), 0);
        assert_eq!(status(&app).await, Status::Uncovered);
        let detail = rulebook::clause::find(&app, Language::En, "TT-1.1").await.expect("shows");
        assert_eq!((detail.controls.len(), detail.controls[0].connected), (1, false));
    }
}

#[test]
fn evidence_that_cannot_be_measured_is_refused_on_its_line() {
    let faulty = |evidence: &str| {
        let text = control("c", "x").replace(" x\n", &format!("\n    view: v_test_review\n{evidence}"));
        faults(&[("clauses.yaml", CLAUSE), ("controls.yaml", &text)])
    };
    let count = "    kind: event_count\n    period: month\n    periods: 99\n    at: state\n";
    assert_eq!(
        faulty(count),
        [
            "test/controls.yaml:9 rulebook.pack.periods",
            "test/controls.yaml:10 rulebook.expression.unknown_field"
        ]
    );
    let figure = "    kind: figure\n    statistic: p90\n    threshold: {op: '<=', value: 1}\n    of: {column: state}\n";
    assert_eq!(faulty(figure), ["test/controls.yaml:10 rulebook.expression.unknown_field"]);
    let figure = "    kind: figure\n    statistic: p90\n    threshold: {op: '<=', value: 1}\n    of: {from: submitted_at}\n";
    assert_eq!(faulty(figure), ["test/controls.yaml:10 rulebook.pack.quantity"]);
    let nobody = "\n    kind: attestation\n    statement: {zh-Hans: 甲}\n    permission: no.such\n    valid: {days: 3}\n";
    let text = control("c", "x").replace(" x\n", nobody);
    assert_eq!(
        faults(&[("clauses.yaml", CLAUSE), ("controls.yaml", &text)]),
        [
            "test/controls.yaml:7 rulebook.pack.text_missing",
            "test/controls.yaml:8 rulebook.pack.unknown_permission"
        ]
    );
}
