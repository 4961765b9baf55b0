//! Whoever was erased stays erased, also where an older backup is restored.

use std::sync::Arc;

use backup::archive::key::BackupKey;
use backup::archive::restore::{Target, restore};
use backup::archive::take::{Source, take};
use customers::node::{Key, MatchRule, NodeKind, digest, resolve};
use customers::privacy::subject_request::{
    self as desk, Means, NewSubjectRequest, Regime, RequestChannel, RequestKind, RequestState, VerifyRequest,
};
use futures::TryStreamExt;
use kernel::{Caller, Id};
use lake::{Batch, Event, EventKind, EventLake, Lake};
use lake_engine::Engine;
use server::{Built, Config};
use store::{Audit, Secrets, Store};
use tokio_util::sync::CancellationToken;

const MAIL: &str = "lin.xiao.1987@example.invalid";

fn caller() -> Caller {
    Caller::system("test")
}

/// In how many cells of the whole database a value stands.
async fn cells(store: &Store, value: &str) -> usize {
    let mut snapshot = store.snapshot().await.expect("a snapshot");
    let mut found = 0;
    for table in snapshot.tables().await.expect("tables") {
        let rows: Vec<_> = snapshot.rows(&table).try_collect().await.expect("rows");
        let holds = |cell: &&store::Value| match cell {
            // What lies sealed is looked into.
            store::Value::Text(Some(text)) => {
                store.vault().open_text(text).expect("it opens").contains(value)
            }
            _ => false,
        };
        found += rows.iter().flatten().filter(holds).count();
    }
    found
}

async fn somebody(built: &Built) -> Id {
    let mail = Key::new(NodeKind::Email, MAIL).expect("an address");
    let mut tx = built.app.store.begin(&caller()).await.expect("a transaction");
    resolve(&mut tx, &[vec![mail.clone()]], "till", MatchRule::SameRecord).await.expect("resolved");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
    let node = mail.id(&digest(built.app.store.vault()).expect("the vault is open"));
    let event = Event {
        message_id: "seen".into(),
        kind: EventKind::Track,
        name: "Product Viewed".into(),
        node,
        user_id: None,
        anonymous_id: None,
        happened_at: built.app.store.now(),
        channel: None,
        properties: format!(r#"{{"mail":"{MAIL}"}}"#),
        context: "{}".into(),
    };
    let batch = Batch {
        source_id: Id::from_digest([3; 16]),
        received_at: built.app.store.now(),
        events: vec![event],
    };
    built.app.part::<Lake>().expect("a lake").append(batch).await.expect("kept");
    node
}

store::on_both! {
    migrations = &server::migrations();

    async fn a_restored_backup_does_not_bring_an_erased_customer_back(store: TestStore) {
        let config = Config { data_dir: store.dir().to_owned(), ..Config::default() };
        let built = server::build(&config, store.reopen().await).await.expect("the product is put together");
        let stop = CancellationToken::new();
        let engine = built.app.part::<Arc<Engine>>().expect("an engine").clone();
        let work = lake_engine::begin(engine.clone(), stop.clone()).await;
        while !engine.takes_events() {
            tokio::task::yield_now().await;
        }
        let node = somebody(&built).await;
        let key = BackupKey::read_or_make(&store.dir().join("backup.key")).expect("a key");
        let file = store.dir().join("backups/before.backup");
        std::fs::create_dir_all(store.dir().join("backups")).expect("a folder");
        let source = Source { store: &built.app.store, blobs: &built.app.blobs, data_dir: store.dir(), product: "test", master_key: true };
        take(&source, &file, &key).await.expect("a backup");

        let new = NewSubjectRequest {
            kind: RequestKind::Erasure, regime: Regime::Pipl, profile_id: None, contact: Some(MAIL.into()),
            channel: RequestChannel::Email, received_at: None, note: None,
        };
        let request = desk::create(&built.app, &caller(), &new).await.expect("written down");
        let how = VerifyRequest { means: Means::ReplyToAddress, profile_id: None, detail: None };
        let request = desk::verify(&built.app, &caller(), request.id, request.version, &how).await.expect("verified");
        desk::erase(&built.app, &caller(), request.id, request.version, "本人要求删除").await.expect("erased");
        let done = desk::check(&built.app, &caller(), request.id).await.expect("checked");
        assert_eq!(done.state, RequestState::Done, "{:?}", done.result);
        assert_eq!(cells(&built.app.store, MAIL).await, 0);
        stop.cancel();
        work.await.expect("the work ends");

        // The backup of before holds her; what is started from it does not.
        let dir = store.dir().join("restored");
        let target = Target { dir: dir.clone(), database_url: None, master_key: None };
        let (_, restored) = restore(&file, &key, &target, &server::migrations(), store.clock()).await.expect("restores");
        assert!(restored.differences.is_empty() && restored.master_key, "{restored:?}");
        let config = Config { data_dir: dir, ..Config::default() };
        let raw = server::open_store(&config, store.clock()).await.expect("it opens");
        Secrets::open(raw.clone(), &config.data_dir.join("master.key")).await.expect("the key that came with it");
        assert!(cells(&raw, MAIL).await > 0, "the backup holds her");
        let again = server::build(&config, raw).await.expect("the product is put together");
        assert_eq!(cells(&again.app.store, MAIL).await, 0);
        let stop = CancellationToken::new();
        let engine = again.app.part::<Arc<Engine>>().expect("an engine").clone();
        let work = lake_engine::begin(engine.clone(), stop.clone()).await;
        while !engine.takes_events() {
            tokio::task::yield_now().await;
        }
        let erasures = customers::privacy::erasure::list(&again.app, &caller(), &kernel::PageQuery::default()).await.expect("a list").items;
        let found = customers::privacy::erasure::finish(&again.app, &caller(), erasures[0].id).await.expect("proven");
        assert_eq!((found.hits, &found.places), (0, &Vec::new()));
        let nodes = std::collections::BTreeSet::from([node]);
        assert!(again.app.part::<Lake>().expect("a lake").events_of(&nodes, 10).await.expect("it answers").is_empty());
        stop.cancel();
        work.await.expect("the work ends");
    }
}
