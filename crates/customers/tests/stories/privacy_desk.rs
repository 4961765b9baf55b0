//! What the privacy desk watches over: texts, retention, leaks, decoys, and who takes out more than usual.

use std::collections::BTreeMap;

use customers::consent::{self, Channel, ConsentState, Purpose, RecordConsent};
use customers::node::{Key, NodeKind};
use customers::permissions::{CONSENT_RECORD, PRIVACY_ERASE, PRIVACY_MANAGE, PRIVACY_READ, PROFILE_READ};
use customers::privacy::access_alert::{self, AccessBecause, AccessKind};
use customers::privacy::consent_text::{self, ConsentTextFilter, NewConsentText};
use customers::privacy::decoy::{self, HitChannel, NewDecoy, NewDecoyHit};
use customers::privacy::leak::{
    self, AffectedBy, LeakClock, LeakNoteKind, LeakReport, LeakState, LeakStepKind, LeakedData, NewAffected,
    NewLeak, NewLeakStep,
};
use customers::privacy::retention_rule::{self, Action, NewRetentionRule, What};
use customers::privacy::{hold, overview, profile_export};
use customers::profile::{self, ProfileFilter};
use http_kit::App;
use kernel::{Caller, DAY_MS, GrantScope, HOUR_MS, Id, Label, Language, PageQuery, Permission};
use store::{Audit, args};
use tabular::export::ExportFormat;

use crate::support::{MIGRATIONS, Order, app, key, member, people, store_orders, user};

const EXPORT_RUN: Permission = Permission::company("tabular.export.run");

fn officer() -> Caller {
    let may = [PRIVACY_READ, PRIVACY_MANAGE, PRIVACY_ERASE, PROFILE_READ, EXPORT_RUN, CONSENT_RECORD];
    user(&may, GrantScope::Company, Label::Personal)
}

fn mail(name: &str) -> Key {
    key(NodeKind::Email, &format!("{name}@example.invalid"))
}

async fn export(app: &App, caller: &Caller) -> u64 {
    let filter = ProfileFilter::default();
    profile::export_file(app, caller, &filter, ExportFormat::Csv, |_| ()).await.expect("a file").rows
}

fn affected(by: AffectedBy) -> NewAffected {
    NewAffected { by, segment_id: None, profile_ids: None, source: None, export_id: None }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn consents_point_at_the_text_they_were_given_under(store: TestStore) {
        let app = app(&store).await;
        let id = people(&app, &[vec![mail("anna")]]).await[0];
        let new = |version: &str, text: &str| NewConsentText {
            brand_id: None, purpose: Purpose::Marketing, channel: Channel::Email, language: Language::ZhHans,
            version: version.into(), text: text.into(), valid_from: None,
        };
        let first = consent_text::create(&app, &officer(), &new("1", "我同意接收优惠信息。")).await.expect("published");
        let again = consent_text::create(&app, &officer(), &new("1", "我同意接收一切。")).await.expect_err("a version never changes");
        assert_eq!(again.code, "customers.privacy.text_exists");
        let told = |text_id| RecordConsent {
            node_id: None, brand_id: Id::from_digest([1; 16]), purpose: Purpose::Marketing, channel: Channel::Email,
            state: ConsentState::Granted, happened_at: None, source: "store_form".into(), text: None, text_id: Some(text_id), reason: None,
        };
        consent::record_for_profile(&app, &officer(), id, told(first.id)).await.expect("recorded");
        let unknown = consent::record_for_profile(&app, &officer(), id, told(Id::new())).await.expect_err("no such text");
        assert_eq!(unknown.code, "customers.consent.text_unknown");
        store.clock.advance_ms(DAY_MS);
        consent_text::create(&app, &officer(), &new("2", "我同意接收优惠信息，可随时退订。")).await.expect("published");
        let history = consent::history(&app, &officer(), id, &PageQuery::default()).await.expect("a history").items;
        assert_eq!((history[0].text_id, history[0].text_version.as_deref()), (Some(first.id), Some("1")));
        let list = |current| async move {
            let filter = ConsentTextFilter { current, ..ConsentTextFilter::default() };
            consent_text::list(&app, &officer(), &PageQuery::default(), &filter).await.expect("a list").items
        };
        let all = list(None).await;
        let seen: Vec<_> = all.iter().map(|text| (text.version.as_str(), text.consents, text.valid_until.is_some())).collect();
        assert_eq!(seen, [("2", 0, false), ("1", 1, true)]);
    }

    async fn whoever_is_silent_long_enough_goes_unless_held(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &(1..=4).map(|n| vec![member(n), mail(&format!("p{n}"))]).collect::<Vec<_>>()).await;
        store.clock.advance_ms(400 * DAY_MS);
        store_orders(&app, &[Order::of(&member(1), app.store.now().plus_days(-10), 500)]).await;
        hold::create(&app, &officer(), &hold::NewHold { profile_id: ids[1], reason: "诉讼期间须保留".into(), until: None }).await.expect("held");
        let new = NewRetentionRule { name: "两年未活动".into(), what: What::InactiveProfiles, after_days: 365, action: Action::Erase, active: true };
        let manager = user(&[PRIVACY_READ, PRIVACY_MANAGE], GrantScope::Company, Label::Personal);
        retention_rule::create(&app, &manager, &new).await.expect_err("who may not erase lets nobody be erased at night");
        let rule = retention_rule::create(&app, &officer(), &new).await.expect("made");
        let preview = retention_rule::preview(&app, &officer(), rule.id).await.expect("a preview");
        assert_eq!((preview.count, preview.held), (2, 1));
        assert_eq!(preview.sample.iter().collect::<std::collections::BTreeSet<_>>(), [&ids[2], &ids[3]].into());
        let there = |app: std::sync::Arc<App>| async move {
            app.store.get::<i64>("SELECT COUNT(*) FROM identifier_node WHERE kind = 'email' AND erased_at IS NULL", args![]).await.expect("a count")
        };
        assert_eq!(there(app.clone()).await, 4, "a preview changes nothing");
        assert_eq!(retention_rule::keep_all(&app).await.expect("kept"), 1);
        assert_eq!(there(app.clone()).await, 2);
        let runs = retention_rule::runs(&app, &officer(), &PageQuery::default(), &retention_rule::RunFilter::default()).await.expect("runs").items;
        assert_eq!(runs.iter().map(|run| (run.count, run.held, run.finished_at.is_some())).collect::<Vec<_>>(), [(2, 1, true)]);
        let waiting: i64 = app.store.get("SELECT COUNT(*) FROM job WHERE kind = 'customers.privacy.erase'", args![]).await.expect("jobs");
        assert_eq!(waiting, 2, "the events of each follow in the background");
        let counts = overview::get(&app, &officer()).await.expect("an overview");
        assert_eq!((counts.erased_total, counts.retention_rules_active), (2, 1));
    }

    async fn a_leak_has_a_clock_and_a_list_of_people(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![mail("anna")], vec![mail("bert")], vec![mail("carl")]]).await;
        assert_eq!(export(&app, &officer()).await, 3);
        let export = profile_export::list(&app, &officer(), &PageQuery::default()).await.expect("exports").items.remove(0);
        assert_eq!((export.rows, export.available), (3, true));
        people(&app, &[vec![mail("dora")]]).await;
        let new = NewLeak {
            title: "导出文件误发".into(), what_happened: "客户名单误发给外部供应商。".into(), discovered_at: None,
            fields: vec![LeakedData::Name, LeakedData::Email],
        };
        let found = leak::create(&app, &officer(), &new).await.expect("written down");
        assert_eq!((found.clock, found.authority_due_at), (LeakClock::Running, found.discovered_at.plus_ms(72 * HOUR_MS)));
        let named = NewAffected { profile_ids: Some(vec![ids[0]]), ..affected(AffectedBy::Profiles) };
        let one = leak::add(&app, &officer(), found.id, found.version, &named).await.expect("named");
        assert_eq!(one.affected_count, 1);
        let whole = NewAffected { export_id: Some(export.id), ..affected(AffectedBy::Export) };
        let all = leak::add(&app, &officer(), found.id, one.version, &whole).await.expect("named");
        assert_eq!(all.affected_count, 3, "the same person once, and nobody who came later");
        let unclear = leak::add(&app, &officer(), found.id, all.version, &affected(AffectedBy::Segment)).await.expect_err("which");
        assert_eq!(unclear.code, "customers.privacy.affected_unclear");
        let listed = leak::affected(&app, &officer(), found.id, &PageQuery::default()).await.expect("a list").items;
        assert_eq!(listed.iter().filter(|person| person.email.is_some()).count(), 3);
        assert_eq!(leak::export_file(&app, &officer(), found.id, ExportFormat::Csv).await.expect("a file").rows, 3);
        store.clock.advance_ms(60 * HOUR_MS);
        assert_eq!(leak::remind(&app).await.expect("reminded"), 1);
        assert_eq!(leak::get(&app, &officer(), found.id).await.expect("a leak").clock, LeakClock::DueSoon);
        store.clock.advance_ms(13 * HOUR_MS);
        assert_eq!((leak::remind(&app).await.expect("reminded"), leak::remind(&app).await.expect("reminded")), (1, 0));
        let early = leak::close(&app, &officer(), found.id, all.version, "已全部处理完毕").await.expect_err("nobody told the authority");
        assert_eq!(early.code, "customers.privacy.leak_unreported");
        let step = NewLeakStep { kind: LeakNoteKind::Contained, note: "供应商确认已删除文件".into() };
        let contained = leak::step(&app, &officer(), found.id, all.version, &step).await.expect("noted");
        assert_eq!((contained.state, contained.clock), (LeakState::Contained, LeakClock::Overdue));
        let told = LeakReport { reported_at: None, reference: "网信办 2026-118".into() };
        let reported = leak::report(&app, &officer(), found.id, contained.version, &told).await.expect("noted");
        let closed = leak::close(&app, &officer(), found.id, reported.version, "已全部处理完毕").await.expect("closed");
        assert_eq!((closed.state, closed.clock), (LeakState::Closed, LeakClock::Reported));
        let steps: Vec<_> = leak::timeline(&app, &officer(), found.id).await.expect("steps").items.into_iter().map(|step| step.kind).collect();
        use LeakStepKind::{Affected, AuthorityReported, Closed, Contained, Discovered};
        assert_eq!(steps, [Discovered, Affected, Affected, Contained, AuthorityReported, Closed]);
    }

    async fn a_decoy_says_which_exports_it_was_in_and_is_in_no_figure(store: TestStore) {
        let app = app(&store).await;
        people(&app, &[vec![mail("anna")], vec![mail("bert")]]).await;
        assert_eq!(export(&app, &officer()).await, 2);
        store.clock.advance_ms(HOUR_MS);
        let new = NewDecoy { label: "2026 秋季名单".into(), name: "沈知遥".into(), email: Some("zhiyao.shen@example.invalid".into()), mobile: None };
        let planted = decoy::create(&app, &officer(), &new).await.expect("planted");
        let taken = decoy::create(&app, &officer(), &new).await.expect_err("the address is somebody's");
        assert_eq!(taken.code, "customers.profile.identifier_taken");
        let everybody: i64 = app.store.get("SELECT COUNT(*) FROM v_customers_profile", args![]).await.expect("a count");
        assert_eq!(everybody, 2, "no figure counts it");
        let thief = user(&[PROFILE_READ, EXPORT_RUN], GrantScope::Company, Label::Personal);
        assert_eq!(export(&app, &thief).await, 3, "a list that leaves holds it");
        decoy::list(&app, &thief, &PageQuery::default()).await.expect_err("who works elsewhere does not learn which it is");
        store.clock.advance_ms(HOUR_MS);
        let nobody = NewDecoyHit { decoy_id: None, address: Some("anna@example.invalid".into()), channel: HitChannel::Email, happened_at: None, sender: None, note: None };
        assert_eq!(decoy::hit(&app, &officer(), &nobody).await.expect_err("a real person").code, "customers.privacy.no_decoy");
        let hit = NewDecoyHit { address: Some("Zhiyao.Shen@EXAMPLE.invalid".into()), sender: Some("promo@elsewhere.invalid".into()), ..nobody };
        let hit = decoy::hit(&app, &officer(), &hit).await.expect("noted");
        assert_eq!((hit.decoy_id, hit.exports_before), (planted.id, 1));
        assert_eq!((hit.exports[0].actor_id, hit.exports[0].rows), (thief.find_user_id(), 3));
        let listed = decoy::list(&app, &officer(), &PageQuery::default()).await.expect("decoys").items.remove(0);
        assert_eq!((listed.hits, listed.exports), (1, 1));
        decoy::retire(&app, &officer(), planted.id, planted.version, "名单已停用").await.expect("retired");
        assert_eq!(export(&app, &officer()).await, 2);
    }

    async fn who_takes_out_more_than_usual_is_noticed(store: TestStore) {
        let app = app(&store).await;
        let (calm, busy) = (officer(), user(&[PROFILE_READ], GrantScope::Company, Label::Personal));
        let act = |caller: Caller, action: &'static str, rows: u64| {
            let app = app.clone();
            async move {
                let mut tx = app.store.begin(&caller).await.expect("a transaction");
                tx.audit(Audit::without_row(action, "customers.profile").covering(rows)).await.expect("an audit row");
                tx.commit().await.expect("committed");
            }
        };
        for _ in 0..30 {
            act(busy.clone(), "export", 900).await;
            store.clock.advance_ms(DAY_MS);
        }
        act(busy.clone(), "export", 1_000).await;
        act(calm.clone(), "export", 499).await;
        assert_eq!(access_alert::watch(&app).await.expect("looked"), 0, "each as usual");
        act(calm.clone(), "export", 2).await;
        for _ in 0..11 {
            act(calm.clone(), "unmask", 1).await;
        }
        act(busy.clone(), "export", 4_001).await;
        assert_eq!(access_alert::watch(&app).await.expect("looked"), 3);
        assert_eq!(access_alert::watch(&app).await.expect("looked"), 0, "once is enough");
        let alerts = access_alert::list(&app, &officer(), &PageQuery::default(), &access_alert::AlertFilter::default()).await.expect("alerts").items;
        let seen: BTreeMap<_, _> = alerts.iter().map(|alert| ((Some(alert.user_id), alert.kind), (alert.because, alert.count, alert.threshold))).collect();
        let expected = BTreeMap::from([
            ((calm.find_user_id(), AccessKind::ExportRows), (AccessBecause::Unusual, 501, 500)),
            ((calm.find_user_id(), AccessKind::Unmasks), (AccessBecause::Unusual, 11, 10)),
            ((busy.find_user_id(), AccessKind::ExportRows), (AccessBecause::Absolute, 5_001, 5_000)),
        ]);
        assert_eq!(seen, expected);
        let own = alerts.iter().find(|alert| Some(alert.user_id) == calm.find_user_id()).expect("an alert");
        let refused = access_alert::explain(&app, &calm, own.id, own.version, "季度对账需要").await.expect_err("nobody clears themselves");
        assert_eq!(refused.code, "customers.privacy.own_alert");
        access_alert::explain(&app, &officer(), own.id, own.version, "季度对账需要").await.expect("explained");
        let filter = access_alert::FigureFilter { user_id: busy.find_user_id(), days: Some(2) };
        let days = access_alert::figures(&app, &officer(), &filter).await.expect("figures").items;
        assert_eq!(days.iter().map(|day| (day.exports, day.export_rows)).collect::<Vec<_>>(), [(2, 5_001), (1, 900)]);
    }
}
