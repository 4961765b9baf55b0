//! The audit log and its chain, against somebody who has the database to himself.

use std::path::PathBuf;

use ed25519_dalek::{Signer, SigningKey};
use kernel::{Caller, Id, MINUTE_MS, PageQuery, Scope};
use sha2::{Digest, Sha256};
use store::audit::{self, AuditFilter, FindingKind, PublicKey, Report, Sealer};
use store::testing::TestStore;
use store::{Audit, Secrets, args, on_both};

use crate::common::user;

/// A log of ten entries, sealed, with two checkpoints: after 5 and after 10.
struct Log {
    sealer: Sealer,
    key: PublicKey,
    anchor: PathBuf,
}

async fn act(store: &TestStore, caller: &Caller, number: i64) {
    let mut tx = store.begin(caller).await.unwrap();
    tx.audit(Audit::new("approve", "test.thing", number).because("合规").with(number)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn log(store: &TestStore) -> Log {
    let secrets = store.secrets().await;
    let anchor = store.dir().join("anchors/audit.jsonl");
    let sealer = Sealer::new((**store).clone(), &secrets, &anchor).await.unwrap();
    let caller = user("陈晓");
    for number in 1..=10 {
        act(store, &caller, number).await;
        if number % 5 == 0 {
            store.clock.advance_ms(MINUTE_MS);
            sealer.tick().await.unwrap();
        }
    }
    Log { sealer, key: audit::public_key(&secrets).await.unwrap(), anchor }
}

impl Log {
    async fn verify(&self, store: &TestStore) -> Report {
        audit::verify(store, &self.key, Some(&self.anchor)).await.unwrap()
    }

    async fn kinds(&self, store: &TestStore) -> Vec<(FindingKind, i64)> {
        self.verify(store).await.problems.iter().map(|finding| (finding.kind, finding.position)).collect()
    }
}

/// Chains all entries anew, as the sealer would have.
async fn forge_chain(store: &TestStore) {
    store.tamper("DELETE FROM audit_seal").await;
    let entries: Vec<serde_json::Map<String, serde_json::Value>> =
        store.all("SELECT * FROM audit_entry ORDER BY id", args![]).await.unwrap();
    let mut hash = "0".repeat(64);
    for (position, entry) in (1..).zip(&entries) {
        let columns = [
            "id",
            "at",
            "actor_kind",
            "actor_id",
            "actor_name",
            "request_id",
            "action",
            "noun",
            "noun_id",
            "brand_id",
            "department_id",
            "reason",
            "changes",
            "row_count",
        ];
        let fields: Vec<String> = columns
            .iter()
            .map(|name| {
                let value = match &entry[*name] {
                    serde_json::Value::Number(n) if *name == "changes" => serde_json::json!(n.to_string()),
                    value => value.clone(),
                };
                format!("\"{name}\":{value}")
            })
            .collect();
        hash = hex::encode(Sha256::digest(format!("{hash}\n{{{}}}", fields.join(","))));
        let id = &entry["id"];
        store.tamper(&format!("INSERT INTO audit_seal VALUES ({position}, {id}, '{hash}')")).await;
    }
}

on_both! {
    async fn an_honest_log_holds(store: TestStore) {
        let log = log(&store).await;
        let report = log.verify(&store).await;
        let expected = Report {
            entries: 10, sealed: 10, waiting: 0, checkpoints: 2, anchored: 2, problems: vec![],
        };
        assert_eq!(report, expected);
        assert!(report.holds());
        act(&store, &user("林晓"), 11).await;
        assert_eq!((log.verify(&store).await.waiting, log.verify(&store).await.holds()), (1, true));
        // At the end the rest is sealed and signed whatever the minute.
        log.sealer.close().await.unwrap();
        let report = log.verify(&store).await;
        assert_eq!((report.sealed, report.checkpoints, report.anchored, report.holds()), (11, 3, 3, true));
        let lines = std::fs::read_to_string(&log.anchor).unwrap();
        assert_eq!(lines.lines().count(), 3);
    }

    async fn the_forger_of_these_tests_knows_how_to_chain(store: TestStore) {
        let log = log(&store).await;
        forge_chain(&store).await;
        assert!(log.verify(&store).await.holds());
    }

    async fn a_changed_entry_is_found(store: TestStore) {
        let log = log(&store).await;
        store.tamper("UPDATE audit_entry SET actor_name = '别人' WHERE id = 4").await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::EntryChanged, 4)]);
    }

    async fn a_deleted_entry_is_found_with_and_without_its_link(store: TestStore) {
        let log = log(&store).await;
        store.tamper("DELETE FROM audit_entry WHERE id = 4").await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::EntryMissing, 4)]);
        store.tamper("DELETE FROM audit_seal WHERE entry_id = 4").await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::SealMissing, 4)]);
    }

    async fn an_entry_that_was_slipped_in_is_found(store: TestStore) {
        let log = log(&store).await;
        store.tamper(
            "INSERT INTO audit_entry (at, actor_kind, actor_name, request_id, action, noun)
             VALUES (1, 'user', 'x', 'r', 'approve', 'test.thing')",
        ).await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::EntryUnsealed, 10)]);
    }

    async fn a_cut_tail_is_found_by_the_checkpoints_and_without_them_by_the_anchor(store: TestStore) {
        let log = log(&store).await;
        store.tamper("DELETE FROM audit_entry WHERE id > 7").await;
        store.tamper("DELETE FROM audit_seal WHERE position > 7").await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::TailCut, 10)]);
        store.tamper("DELETE FROM audit_checkpoint WHERE position > 7").await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::TailCut, 10)]);
        // Without the anchor nothing is left that knows.
        assert!(audit::verify(&store, &log.key, None).await.unwrap().holds());
        // Everything gone.
        store.tamper("DELETE FROM audit_entry; DELETE FROM audit_seal; DELETE FROM audit_checkpoint").await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::TailCut, 5), (FindingKind::TailCut, 10)]);
    }

    async fn a_chain_that_was_written_anew_is_found(store: TestStore) {
        let log = log(&store).await;
        store.tamper("DELETE FROM audit_entry WHERE id = 7").await;
        forge_chain(&store).await;
        assert_eq!(log.kinds(&store).await, [(FindingKind::TailCut, 10)]);
        act(&store, &user("x"), 12).await;
        log.sealer.tick().await.unwrap();
        assert_eq!(log.kinds(&store).await, [(FindingKind::ChainRewritten, 10)]);
    }

    async fn checkpoints_of_a_stranger_are_found(store: TestStore) {
        let log = log(&store).await;
        store.tamper("UPDATE audit_entry SET action = 'reject' WHERE id = 9").await;
        forge_chain(&store).await;
        let head: String = store.get("SELECT hash FROM audit_seal WHERE position = 10", args![]).await.unwrap();
        let at = store.now().ms();
        let forged = SigningKey::from_bytes(&[7; 32])
            .sign(format!("brandwright audit checkpoint\n10\n{head}\n{at}").as_bytes());
        let forged = hex::encode(forged.to_bytes());
        store.tamper(&format!(
            "UPDATE audit_checkpoint SET hash = '{head}', at = {at}, signature = '{forged}' WHERE position = 10"
        )).await;
        let found = [(FindingKind::CheckpointForged, 10), (FindingKind::ChainRewritten, 10)];
        assert_eq!(log.kinds(&store).await, found);
    }

    async fn even_with_the_signing_key_the_anchor_tells(store: TestStore) {
        let log = log(&store).await;
        store.tamper("UPDATE audit_entry SET action = 'reject' WHERE id = 9").await;
        forge_chain(&store).await;
        store.tamper("DELETE FROM audit_checkpoint WHERE position = 10").await;
        store.clock.advance_ms(MINUTE_MS);
        log.sealer.tick().await.unwrap();
        // The program itself signed the forgery; the line in the anchor is older.
        assert!(audit::verify(&store, &log.key, None).await.unwrap().holds());
        assert_eq!(log.kinds(&store).await, [(FindingKind::ChainRewritten, 10)]);
    }

    async fn an_anchor_of_another_hand_is_found_and_a_missing_one_is_said(store: TestStore) {
        let log = log(&store).await;
        let lines = std::fs::read_to_string(&log.anchor).unwrap();
        std::fs::write(&log.anchor, format!("{}nonsense\n", lines.replacen("\"position\":5", "\"position\":4", 1))).unwrap();
        assert_eq!(log.kinds(&store).await, [(FindingKind::AnchorForged, 1), (FindingKind::AnchorForged, 3)]);
        std::fs::remove_file(&log.anchor).unwrap();
        let refused = audit::verify(&store, &log.key, Some(&log.anchor)).await.unwrap_err();
        assert_eq!(refused.code, "audit.anchor_unreachable");
    }

    async fn checkpoints_come_at_most_once_a_minute_and_sealers_do_not_trip_each_other(store: TestStore) {
        let log = log(&store).await;
        let other = Sealer::new(store.reopen().await, &store.secrets().await, &log.anchor).await.unwrap();
        for number in 11..=20 {
            act(&store, &user("x"), number).await;
            let (one, two) = tokio::join!(log.sealer.tick(), other.tick());
            one.and(two).unwrap();
        }
        let report = log.verify(&store).await;
        assert_eq!((report.sealed, report.checkpoints, report.holds()), (20, 2, true));
        store.clock.advance_ms(MINUTE_MS);
        let (one, two) = tokio::join!(log.sealer.tick(), other.tick());
        one.and(two).unwrap();
        let report = log.verify(&store).await;
        assert_eq!((report.checkpoints, report.anchored, report.holds()), (3, 3, true));
    }

    async fn the_list_filters_turns_pages_and_keeps_to_the_scope(store: TestStore) {
        let (brand, caller) = (Id::new(), user("陈晓"));
        for number in 1..=5 {
            store.clock.advance_ms(1_000);
            let mut tx = store.begin(&caller).await.unwrap();
            let action = if number % 2 == 0 { "approve" } else { "reject" };
            let entry = Audit::new(action, "test.thing", number).within((number > 3).then_some(brand), None);
            tx.audit(entry.covering(7)).await.unwrap();
            tx.commit().await.unwrap();
        }
        act(&store, &user("别人"), 3).await;
        let list = async |filter: AuditFilter, scope: Scope| {
            let mut page = PageQuery { page_size: Some(2), cursor: None };
            let mut ids = Vec::new();
            loop {
                let rows = audit::list(&store, &filter, &page, &scope).await.unwrap();
                ids.extend(rows.items.iter().map(|entry| entry.id));
                page.cursor = rows.next_cursor;
                if page.cursor.is_none() {
                    return ids;
                }
            }
        };
        let all = Scope::everything;
        assert_eq!(list(AuditFilter::default(), all()).await, [6, 5, 4, 3, 2, 1]);
        let actor = AuditFilter { actor: caller.find_user_id(), action: Some("approve".into()), ..Default::default() };
        assert_eq!(list(actor, all()).await, [4, 2]);
        let row = AuditFilter { noun: Some("test.thing".into()), noun_id: Some("3".into()), ..Default::default() };
        assert_eq!(list(row, all()).await, [6, 3]);
        let start = store::testing::START;
        let time = AuditFilter { from: Some(start.plus_ms(2_000)), to: Some(start.plus_ms(4_000)), ..Default::default() };
        assert_eq!(list(time, all()).await, [3, 2]);
        assert_eq!(list(AuditFilter::default(), Scope { brands: vec![brand], ..Scope::default() }).await, [5, 4]);
        let own = Scope { owner: caller.find_user_id(), ..Scope::default() };
        assert_eq!(list(AuditFilter::default(), own).await, [5, 4, 3, 2, 1]);
        assert!(list(AuditFilter::default(), Scope::default()).await.is_empty());
        let entry = audit::list(&store, &AuditFilter::default(), &PageQuery::default(), &all()).await.unwrap().items;
        assert_eq!((entry[0].actor_name.as_str(), entry[0].reason.as_deref(), entry[5].row_count), ("别人", Some("合规"), 7));
    }
}

#[tokio::test]
async fn the_key_that_signs_is_sealed() {
    let store = TestStore::sqlite().await;
    let secrets: Secrets = store.secrets().await;
    let key = audit::public_key(&secrets).await.unwrap();
    assert_eq!(audit::public_key(&store.secrets().await).await.unwrap(), key);
    secrets.rotate_master_key().await.unwrap();
    assert_eq!(audit::public_key(&store.secrets().await).await.unwrap(), key);
    assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
}
