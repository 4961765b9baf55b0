use kernel::{Caller, DAY_MS, GrantScope, Language};
use rulebook::clause::Status;
use rulebook::permissions::{CLAUSE_READ, WAIVER_REQUEST, WAIVER_SIGN};
use rulebook::waiver::{self, NewWaiver, WaiverDecision, WaiverState};
use store::{Observation, on_both};

use crate::support::{MIGRATIONS, app, folder, somebody};

const CLAUSE: &str = "- {id: TT-1.1, department: brand, title: {en: a}, text: {en: b}}\n";
const PARAMETERS: &str = "- {key: rulebook.run.stale_hours, kind: integer, default: 24, title: {en: Stale}}\n\
                          - {key: rulebook.waiver.days_max, kind: days, default: 365, title: {en: Waiver}}\n";

fn packs() -> Vec<rulebook::pack::Folder> {
    vec![folder("test", &[("clauses.yaml", CLAUSE), ("parameters.yaml", PARAMETERS)])]
}

fn person() -> Caller {
    somebody(&[WAIVER_REQUEST, WAIVER_SIGN, CLAUSE_READ], GrantScope::Company)
}

fn wanted(days: i64) -> NewWaiver {
    NewWaiver { shown_status: Status::Followed, reason: "moved to the new office".into(), days }
}

fn words() -> WaiverDecision {
    WaiverDecision { note: "seen and agreed".into() }
}

async fn clause(app: &http_kit::App) -> rulebook::clause::ClauseDetail {
    rulebook::clause::find(app, Language::En, "TT-1.1").await.expect("shows")
}

on_both! {
    migrations = MIGRATIONS;

    async fn a_waiver_is_signed_by_another_shown_and_over_in_time(store: TestStore) {
        let app = app(&store, packs()).await;
        let (asking, signing) = (person(), person());
        for (days, field) in [(0, "days"), (366, "days")] {
            let refused = waiver::request(&app, &asking, "TT-1.1", wanted(days)).await.expect_err("too long");
            assert_eq!(refused.fields[0].field, field);
        }
        let uncovered = NewWaiver { shown_status: Status::Uncovered, ..wanted(3) };
        let refused = waiver::request(&app, &asking, "TT-1.1", uncovered).await.expect_err("no word");
        assert_eq!(refused.fields[0].code, "rulebook.waiver.status");

        let made = waiver::request(&app, &asking, "TT-1.1", wanted(365)).await.expect("asks");
        assert_eq!(clause(&app).await.clause.status, Status::Uncovered);
        let tasks = |caller: Caller| {
            let app = &app;
            async move { rulebook::task::count(app, &caller).await.expect("counts").open }
        };
        assert_eq!((tasks(signing.clone()).await, tasks(asking.clone()).await), (1, 0));
        let own = waiver::sign(&app, &asking, made.id, 1, words()).await.expect_err("one's own");
        assert_eq!(own.code, "rulebook.waiver.own");
        let signed = waiver::sign(&app, &signing, made.id, 1, words()).await.expect("signs");
        assert_eq!((signed.state, signed.standing), (WaiverState::Signed, true));
        assert_eq!(tasks(signing.clone()).await, 0);
        let again = waiver::sign(&app, &signing, made.id, 2, words()).await.expect_err("once only");
        assert_eq!(again.code, "rulebook.waiver.over");

        let shown = clause(&app).await;
        assert_eq!((shown.clause.status, shown.clause.derived_status), (Status::Followed, Status::Uncovered));
        assert!(shown.clause.overridden && shown.waivers[0].decided_by_name.as_deref() == Some("Somebody"));
        let counts = rulebook::status(&app).await.expect("counts");
        assert_eq!((counts.followed, counts.overridden, counts.uncovered), (1, 1, 0));
        store.clock.advance_ms(365 * DAY_MS);
        assert!(!clause(&app).await.clause.overridden);
        assert_eq!(rulebook::status(&app).await.expect("counts").overridden, 0);
    }

    async fn a_forged_refused_or_withdrawn_waiver_does_not_stand(store: TestStore) {
        let app = app(&store, packs()).await;
        let (asking, signing) = (person(), person());
        let made = waiver::request(&app, &asking, "TT-1.1", wanted(30)).await.expect("asks");
        waiver::refuse(&app, &signing, made.id, 1, words()).await.expect("refuses");
        assert!(!clause(&app).await.clause.overridden);

        let made = waiver::request(&app, &asking, "TT-1.1", wanted(30)).await.expect("asks");
        waiver::sign(&app, &signing, made.id, 1, words()).await.expect("signs");
        let mut tx = store.begin_observation(Observation::Measurement).await.expect("begins");
        let sql = "UPDATE rulebook_waiver SET expires_at = expires_at + 1 WHERE state = 'signed'";
        tx.exec(sql, vec![]).await.expect("forges");
        tx.commit().await.expect("commits");
        assert!(!clause(&app).await.clause.overridden);

        let made = waiver::request(&app, &asking, "TT-1.1", wanted(30)).await.expect("asks");
        waiver::sign(&app, &signing, made.id, 1, words()).await.expect("signs");
        assert!(clause(&app).await.clause.overridden);
        let stranger = somebody(&[CLAUSE_READ], GrantScope::Company);
        let refused = waiver::withdraw(&app, &stranger, made.id, 2, words()).await.expect_err("no right");
        assert_eq!(refused.status, 403);
        waiver::withdraw(&app, &asking, made.id, 2, words()).await.expect("takes it back");
        assert!(!clause(&app).await.clause.overridden);
    }
}
