use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use backup::archive::key::BackupKey;
use backup::archive::take::count;
use backup::archive::{read, write};
use futures::FutureExt;
use kernel::Caller;
use store::testing::TestStore;
use store::{Audit, Config, Secrets, Store, args, sealed};

use crate::support::{Data, MIGRATIONS, empty_postgres, names, open};

store::on_both! {
    migrations = MIGRATIONS;

    async fn everything_comes_back_into_an_empty_directory(store: TestStore) {
        let data = Data::new(&store).await;
        let file = store.dir().join("a.backup");
        let manifest = data.take(&file).await.expect("a backup");
        assert_eq!(manifest, read::verify(&file, &data.key).await.expect("it is whole"));
        assert_eq!(manifest.tables, count(&data.store).await.expect("counts"));
        assert_eq!(manifest.files.count, 3, "two files and the anchors");
        let dir = store.dir().join("restored");
        let (_, restored) = data.restore(&file, &dir, None).await.expect("restores");
        assert!(restored.differences.is_empty(), "{:?}", restored.differences);
        assert!(!restored.master_key);
        assert_eq!(names(&dir), ["anchors", "backup.key", "blobs", "brandwright.db"]);
        let again = open(&dir, &data.store).await;
        assert_eq!(count(&again).await.expect("counts"), manifest.tables);
        assert!(blob::Blobs::open(&dir.join("blobs")).await.expect("opens").verify_all().await.expect("reads").damaged.is_empty());
        let key = store::audit::public_key(&store.secrets().await).await.expect("a key");
        let report = store::audit::verify(&again, &key, Some(&dir.join("anchors/audit.jsonl"))).await.expect("reads");
        assert!(report.holds() && report.sealed == 2 && report.anchored == 1, "{report:?}");
        // The schema is complete and numbers go on where they were.
        again.migrate(MIGRATIONS).await.expect("nothing to do");
        let next = Data { store: again, blobs: data.blobs.clone(), dir, key: data.key.clone() };
        next.odd(Some("next"), None, true, None).await;
        let last: i64 = next.store.get("SELECT MAX(id) FROM odd", args![]).await.expect("rows");
        assert_eq!(last, 3);
    }

    async fn sealed_values_come_back_under_their_master_key_and_no_other(store: TestStore) {
        let data = Data::new(&store).await;
        store.secrets().await;
        let mut tx = store.begin(&Caller::system("test")).await.expect("begins");
        tx.exec("UPDATE odd SET name = $1", args![sealed("欧阳晓岚")]).await.expect("sealed");
        tx.audit(Audit::without_row("update", "test.odd")).await.expect("audited");
        tx.commit().await.expect("commits");
        let file = store.dir().join("a.backup");
        data.take(&file).await.expect("a backup");
        let dir = store.dir().join("restored");
        let (_, restored) = data.restore(&file, &dir, None).await.expect("restores");
        assert!(restored.differences.is_empty() && !restored.master_key, "{restored:?}");
        let names = "SELECT name FROM odd";
        let closed = open(&dir, &data.store).await;
        let refused = closed.all::<String>(names, args![]).await.expect_err("no key came along");
        assert_eq!(refused.code, "store.value_unreadable");
        let other = store.dir().join("other.key");
        std::fs::write(&other, format!("{}\n", "A".repeat(43))).expect("a key file");
        let refused = Secrets::open(closed.clone(), &other).await.expect_err("another key");
        assert_eq!(refused.code, "store.secret_unreadable");
        Secrets::open(closed.clone(), &store.dir().join("master.key")).await.expect("the key of that time");
        assert_eq!(closed.all::<String>(names, args![]).await.expect("opened"), ["欧阳晓岚", "欧阳晓岚"]);
    }

    async fn the_list_of_erased_people_comes_along(store: TestStore) {
        let data = Data::new(&store).await;
        let file = store.dir().join("a.backup");
        data.take(&file).await.expect("a backup");
        std::fs::write(store.dir().join(backup::archive::ERASURES), b"{}").expect("a list");
        let dir = store.dir().join("restored");
        let (_, restored) = data.restore(&file, &dir, None).await.expect("restores");
        assert!(restored.differences.is_empty(), "{:?}", restored.differences);
        assert_eq!(std::fs::read(dir.join(backup::archive::ERASURES)).expect("a list"), b"{}");
    }

    async fn a_backup_under_write_load_shows_one_moment(store: TestStore) {
        let data = Data::new(&store).await;
        let (done, written) = (AtomicBool::new(false), AtomicUsize::new(2));
        let write = async {
            while !done.load(Ordering::SeqCst) {
                data.odd(Some("meanwhile"), Some(1.5), true, Some(vec![1; 2_000])).await;
                written.fetch_add(1, Ordering::SeqCst);
            }
        };
        let file = store.dir().join("a.backup");
        let take = async {
            while written.load(Ordering::SeqCst) < 50 {
                tokio::task::yield_now().await;
            }
            let manifest = data.take(&file).await;
            done.store(true, Ordering::SeqCst);
            manifest.expect("a backup")
        };
        let (manifest, ()) = tokio::join!(take, write);
        let rows = |name: &str| manifest.tables.iter().find(|t| t.name == name).expect("a table").rows;
        assert!(rows("odd") >= 50, "{}", rows("odd"));
        // A row and its audit row commit together, so one without the other would be another moment.
        assert_eq!(rows("odd"), rows("audit_entry"));
        let dir = store.dir().join("restored");
        let (_, restored) = data.restore(&file, &dir, None).await.expect("restores");
        assert!(restored.differences.is_empty(), "{:?}", restored.differences);
    }

    async fn it_restores_into_postgresql_wherever_it_came_from(store: TestStore) {
        let data = Data::new(&store).await;
        let file = store.dir().join("a.backup");
        let manifest = data.take(&file).await.expect("a backup");
        let empty = empty_postgres().await;
        let (_, restored) = data.restore(&file, &store.dir().join("restored"), Some(empty.config())).await.expect("restores");
        assert!(restored.differences.is_empty(), "{:?}", restored.differences);
        let again = empty.reopen().await;
        assert_eq!(count(&again).await.expect("counts"), manifest.tables);
        again.migrate(MIGRATIONS).await.expect("nothing to do");
        let next = Data { store: again, blobs: data.blobs.clone(), dir: data.dir.clone(), key: data.key.clone() };
        next.odd(Some("next"), None, true, None).await;
        let dangling = "INSERT INTO odd_right (id, left_id) VALUES ('r', 'nobody')";
        let mut tx = next.store.begin_observation(store::Observation::Upkeep).await.expect("begins");
        assert_eq!(tx.exec(dangling, args![]).await.expect_err("references hold again").code, "store.referenced");
    }

    async fn a_flipped_byte_is_found_wherever_it_is(store: TestStore) {
        let data = Data::new(&store).await;
        let file = store.dir().join("a.backup");
        data.take(&file).await.expect("a backup");
        let sound = std::fs::read(&file).expect("a file");
        for place in [40, 120, sound.len() / 2, sound.len() - 1] {
            let mut bytes = sound.clone();
            bytes[place] ^= 1;
            std::fs::write(&file, &bytes).expect("writes");
            let problem = read::verify(&file, &data.key).await.expect_err("damaged");
            let codes = ["backup.damaged", "backup.no_backup", "backup.key.wrong"];
            assert!(codes.contains(&problem.code.as_ref()), "byte {place}: {problem}");
            let dir = store.dir().join("never");
            data.restore(&file, &dir, None).await.expect_err("a damaged one is not restored");
            assert!(names(&dir).is_empty(), "half a restore is left: {:?}", names(&dir));
        }
        for length in [0, 30, 300, sound.len() - 1] {
            std::fs::write(&file, &sound[..length]).expect("writes");
            read::verify(&file, &data.key).await.expect_err("cut off");
        }
        std::fs::write(&file, &sound).expect("writes");
        read::verify(&file, &data.key).await.expect("whole again");
    }
}

#[tokio::test]
async fn another_key_is_refused_in_words() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let data = Data::new(&store).await;
    let file = store.dir().join("a.backup");
    data.take(&file).await.expect("a backup");
    let other = BackupKey::read_or_make(&store.dir().join("other.key")).expect("a key");
    assert_eq!(read::verify(&file, &other).await.expect_err("another key").code, "backup.key.wrong");
    let missing = BackupKey::read(&store.dir().join("nowhere.key")).expect_err("no key");
    assert_eq!(missing.code, "backup.key.missing");
    std::fs::write(store.dir().join("bad.key"), "# nothing\nsecret\n").expect("writes");
    let bad = BackupKey::read(&store.dir().join("bad.key")).expect_err("no key");
    assert_eq!(bad.code, "backup.key.unreadable");
    std::fs::write(&file, b"%PDF-1.7 something else").expect("writes");
    assert_eq!(read::verify(&file, &data.key).await.expect_err("no backup").code, "backup.no_backup");
}

#[tokio::test]
async fn nothing_is_restored_over_what_is_there() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let data = Data::new(&store).await;
    let file = store.dir().join("a.backup");
    data.take(&file).await.expect("a backup");
    let problem = data.restore(&file, &data.dir, None).await.expect_err("it is not empty");
    assert_eq!(problem.code, "backup.target_not_empty");
    let full = TestStore::postgres_with(MIGRATIONS).await;
    let dir = store.dir().join("restored");
    let problem = data.restore(&file, &dir, Some(full.config())).await.expect_err("it is not empty");
    assert_eq!(problem.code, "store.not_empty");
    let rows: i64 = full.get("SELECT CAST(COUNT(*) AS BIGINT) FROM odd_left", args![]).await.expect("rows");
    assert_eq!(rows, 1, "what was there stays");
    assert!(names(&dir).is_empty());
}

#[tokio::test]
async fn a_database_that_is_not_there_is_made_and_one_with_data_is_left_alone() {
    let store = TestStore::postgres_with(MIGRATIONS).await;
    let data = Data::new(&store).await;
    let file = store.dir().join("a.backup");
    let manifest = data.take(&file).await.expect("a backup");
    let Config::Postgres { url } = store.config() else { panic!("PostgreSQL was asked for") };
    let name = format!("restored_{}", kernel::Id::new().to_string().replace('-', ""));
    let made = store::snapshot::create_database(url, &name).await.expect("it is made");
    let beside = Config::Postgres { url: made };
    let (_, restored) = data.restore(&file, &store.dir().join("one"), Some(&beside)).await.expect("restores");
    assert!(restored.differences.is_empty(), "{:?}", restored.differences);
    let there = Store::open(&beside, data.store.clock()).await.expect("the new database opens");
    assert_eq!(count(&there).await.expect("counts"), manifest.tables);

    let dir = store.dir().join("two");
    let refused = data.restore(&file, &dir, Some(&beside)).await.expect_err("it has data");
    assert_eq!(refused.code, "store.not_empty");
    assert!(names(&dir).is_empty(), "half a restore is left: {:?}", names(&dir));
    assert_eq!(count(&there).await.expect("counts"), manifest.tables, "what was there stays");
    let refused = store::snapshot::create_database(url, &name).await.expect_err("its name is taken");
    assert_eq!((refused.status, &*refused.code), (422, "store.database_not_made"), "{refused}");
    assert!(refused.args["reason"].as_str().is_some_and(|why| why.contains("already exists")), "{refused}");
}

#[tokio::test]
async fn an_account_that_may_make_no_database_is_told_so() {
    let store = TestStore::postgres_with(MIGRATIONS).await;
    store.tamper("CREATE ROLE modest LOGIN").await;
    let Config::Postgres { url } = store.config() else { panic!("PostgreSQL was asked for") };
    let modest = url.replace("postgres://postgres@", "postgres://modest@");
    assert_ne!(&modest, url, "the address names its user");
    let refused = store::snapshot::create_database(&modest, "never_made").await.expect_err("no right");
    assert_eq!((refused.status, &*refused.code), (422, "store.database_not_made"), "{refused}");
    assert!(
        refused.args["reason"].as_str().is_some_and(|why| why.contains("permission denied")),
        "{refused}"
    );
}

#[tokio::test]
async fn a_backup_that_breaks_off_has_no_name() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let data = Data::new(&store).await;
    let folder = store.dir().join("backups");
    let file = folder.join("a.backup");
    let mut taking = data.take(&file).boxed();
    // One step of the work, and then nobody goes on with it: as if the process had ended there.
    assert!(futures::poll!(&mut taking).is_pending(), "a backup takes more than one step");
    drop(taking);
    assert!(!file.exists());
    // A draft that a dead process left is in nobody's way, and in no list.
    let other = folder.join("b.backup");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(write::draft(&other), b"half").expect("writes");
    assert!(read::in_folder(&folder).await.expect("reads").is_empty());
    data.take(&other).await.expect("a backup");
    assert_eq!(read::in_folder(&folder).await.expect("reads"), std::slice::from_ref(&other));
    read::verify(&other, &data.key).await.expect("it is whole");
}

#[tokio::test]
async fn a_filling_that_breaks_off_never_opens() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let applied = store.snapshot().await.expect("a snapshot").migrations().await.expect("migrations");
    let config = Config::Sqlite { file: store.dir().join("half.db") };
    let half = Store::open(&config, store.reopen().await.clock()).await.expect("opens");
    drop(store::snapshot::Filling::begin(&half, &config, MIGRATIONS, &applied).await.expect("begins"));
    half.migrate(MIGRATIONS).await.expect_err("its tables are there and nobody noted them");
    assert_eq!(
        half.require_empty().await.expect_err("nor does another restore go in").code,
        "store.not_empty"
    );
}

#[tokio::test]
async fn a_schema_that_this_program_does_not_know_is_refused() {
    let store = TestStore::sqlite_with(MIGRATIONS).await;
    let data = Data::new(&store).await;
    let file = store.dir().join("a.backup");
    data.take(&file).await.expect("a backup");
    let target = backup::archive::restore::Target {
        dir: store.dir().join("restored"),
        database_url: None,
        master_key: None,
    };
    let older = &MIGRATIONS[..2];
    let refused =
        backup::archive::restore::restore(&file, &data.key, &target, older, data.store.clock()).await;
    assert_eq!(refused.expect_err("an older program").code, "store.schema_from_the_future");
}
