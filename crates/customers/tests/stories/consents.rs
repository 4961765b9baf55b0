//! What people agreed to.

use customers::consent::{
    self, Channel, ConsentState, GivenBy, NewConsent, Purpose, RecordConsent, ShownText,
};
use customers::node::{Key, NodeKind};
use customers::suppression::{self, AddSuppression, LiftSuppression, SuppressionFilter};
use http_kit::{App, ConsentChange};
use kernel::{Id, Language, PageQuery, Timestamp};
use store::args;
use store::jobs::{Registry, Runner};

use crate::support::{MIGRATIONS, app, id_of, key, member, people, system};

const BRAND: [u8; 16] = *b"brand-1-brand-1-";

fn brand() -> Id {
    Id::from_digest(BRAND)
}

fn mail() -> Key {
    key(NodeKind::Email, "lin@example.invalid")
}

fn said(app: &App, state: ConsentState, happened_at: Timestamp) -> NewConsent {
    NewConsent {
        node_id: id_of(app, &mail()),
        brand_id: brand(),
        purpose: Purpose::Marketing,
        channel: Channel::Email,
        state,
        happened_at,
        given_by: GivenBy::Person,
        source: "store_form".into(),
        text: Some(ShownText { version: "1".into(), body: "我同意接收优惠信息。".into() }),
        ip_hash: None,
        reason: None,
        import_id: None,
    }
}

async fn record(app: &App, consents: &[NewConsent]) {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    consent::record(&mut tx, consents).await.expect("recorded");
    tx.commit().await.expect("committed");
}

async fn allowed(app: &App) -> Vec<bool> {
    let text = "SELECT allowed FROM v_customers_contactable WHERE channel = 'email' ORDER BY id";
    app.store.all(text, args![]).await.expect("readable")
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_latest_statement_decides_not_the_latest_to_arrive(store: TestStore) {
        let app = app(&store).await;
        let person = people(&app, &[vec![member(1), mail()]]).await[0];
        let now = store.now();
        record(&app, &[said(&app, ConsentState::Granted, now.plus_days(-10)), said(&app, ConsentState::Withdrawn, now.plus_days(-2))]).await;
        assert_eq!(allowed(&app).await, [false]);
        record(&app, &[said(&app, ConsentState::Granted, now.plus_days(-5))]).await;
        assert_eq!(allowed(&app).await, [false], "an old letter changes nothing");
        record(&app, &[said(&app, ConsentState::Granted, now.plus_days(-2))]).await;
        assert_eq!(allowed(&app).await, [false], "of two at the same moment the refusal counts");
        record(&app, &[said(&app, ConsentState::Granted, now.plus_days(-1))]).await;
        assert_eq!(allowed(&app).await, [true]);

        let history = consent::history(&app, &system(), person, &PageQuery::default()).await.expect("history");
        let days: Vec<i64> = history.items.iter().map(|event| (now.ms() - event.happened_at.ms()) / 86_400_000).collect();
        assert_eq!(days, [1, 2, 2, 5, 10]);
        assert!(history.items.iter().all(|event| event.text.as_deref() == Some("我同意接收优惠信息。")));
        let proven: Vec<bool> =
            store.all("SELECT has_proof FROM v_customers_consent_event", args![]).await.expect("readable");
        assert_eq!(proven, [true; 5]);
        let texts: i64 = store.get("SELECT CAST(COUNT(*) AS BIGINT) FROM consent_text", args![]).await.expect("a count");
        assert_eq!(texts, 1, "the sentence is kept once");
    }

    async fn what_stands_can_be_rebuilt_from_the_history(store: TestStore) {
        let app = app(&store).await;
        people(&app, &[vec![member(1), mail()]]).await;
        let states = [ConsentState::Granted, ConsentState::Withdrawn];
        for round in 0..20_i64 {
            let day = (round * 7) % 20;
            record(&app, &[said(&app, states[(round % 2) as usize], store.now().plus_days(-day - 1))]).await;
        }
        let derived: Vec<String> = store
            .all(
                "SELECT state FROM consent_event ORDER BY happened_at DESC,
                 CASE state WHEN 'withdrawn' THEN 0 ELSE 1 END LIMIT 1",
                args![],
            )
            .await
            .expect("readable");
        let standing: Vec<String> = store.all("SELECT state FROM consent", args![]).await.expect("readable");
        assert_eq!(derived, standing);
    }

    async fn staff_record_with_proof_only(store: TestStore) {
        let app = app(&store).await;
        let person = people(&app, &[vec![member(1), mail()]]).await[0];
        let told = |text| RecordConsent {
            node_id: None,
            brand_id: brand(),
            purpose: Purpose::Marketing,
            channel: Channel::Email,
            state: ConsentState::Granted,
            happened_at: None,
            source: "call".into(),
            text,
            text_id: None,
            reason: None,
        };
        let refused = consent::record_for_profile(&app, &system(), person, told(None)).await.expect_err("no proof");
        assert_eq!(refused.code, "customers.consent.proof_missing");
        let text = Some(ShownText { version: "1".into(), body: "我同意。".into() });
        let standing = consent::record_for_profile(&app, &system(), person, told(text.clone())).await.expect("proven");
        assert_eq!((standing.len(), standing[0].state), (1, ConsentState::Granted));
        let by_sms = RecordConsent { channel: Channel::Sms, ..told(text) };
        let refused = consent::record_for_profile(&app, &system(), person, by_sms).await.expect_err("no mobile");
        assert_eq!(refused.code, "customers.consent.no_address");
    }

    async fn a_person_unsubscribes_and_a_mailbox_is_gone(store: TestStore) {
        let app = app(&store).await;
        people(&app, &[vec![member(1), mail()]]).await;
        record(&app, &[said(&app, ConsentState::Granted, store.now().plus_days(-10))]).await;
        let port = app.consents.get().expect("connected");
        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        port.suppress(&mut tx, id_of(&app, &mail()), "email", "hard_bounce", "550 no such user").await.expect("suppressed");
        port.suppress(&mut tx, id_of(&app, &mail()), "email", "hard_bounce", "550 again").await.expect("twice is once");
        tx.commit().await.expect("committed");
        assert_eq!(allowed(&app).await, [false]);
        let list = suppression::list(&app, &system(), &PageQuery::default(), &SuppressionFilter::default()).await;
        let entry = list.expect("a list").items.remove(0);
        assert_eq!((entry.detail.as_deref(), entry.version), (Some("550 again"), 2));
        let why = LiftSuppression { because: "本人确认邮箱已恢复".into() };
        suppression::lift(&app, &system(), entry.id, entry.version, &why).await.expect("lifted");
        assert_eq!(allowed(&app).await, [true]);

        let mut tx = app.store.begin(&system()).await.expect("a transaction");
        let change = ConsentChange {
            node_id: id_of(&app, &mail()),
            brand_id: brand(),
            purpose: "marketing".into(),
            channel: "email".into(),
            granted: false,
            shown_text: "退订".into(),
            language: Language::ZhHans,
            source: "one_click".into(),
            happened_at: tx.now(),
        };
        port.change(&mut tx, &change).await.expect("withdrawn");
        tx.commit().await.expect("committed");
        assert_eq!(allowed(&app).await, [false]);
    }

    async fn a_suppression_ends_by_itself(store: TestStore) {
        let app = app(&store).await;
        people(&app, &[vec![member(1), mail()]]).await;
        record(&app, &[said(&app, ConsentState::Granted, store.now().plus_days(-10))]).await;
        let entry = AddSuppression {
            node_id: id_of(&app, &mail()),
            channel: Channel::Email,
            detail: "客户要求一周内不要联系".into(),
            expires_at: Some(store.now().plus_days(7)),
        };
        suppression::add(&app, &system(), entry).await.expect("added");
        assert_eq!(allowed(&app).await, [false]);
        let mut registry = Registry::new();
        (customers::module().jobs)(&mut registry);
        let runner = Runner::new(app.store.clone(), app.clone(), registry, 1);
        runner.run_due().await;
        assert_eq!(allowed(&app).await, [false]);
        store.clock.advance_ms(7 * kernel::DAY_MS + 1);
        runner.run_due().await;
        assert_eq!(allowed(&app).await, [true]);
    }
}
