//! Names and addresses lie sealed in the database, and people are found all the same.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use customers::consent::Channel;
use customers::node::{Key, MatchRule, NodeKind, Resolved, resolve};
use customers::privacy::subject_request::{
    self as desk, NewSubjectRequest, Regime, RequestChannel, RequestKind,
};
use customers::profile::facts::{self, About, Facts, Origin};
use customers::profile::{self, ProfileFilter, ProfilePatch};
use customers::sealing;
use customers::suppression::{self, AddSuppression};
use futures::TryStreamExt;
use http_kit::App;
use kernel::{Id, PageQuery};
use store::testing::TestStore;
use store::{Audit, Secrets, Store, Value, args};
use tabular::cli::Options;

use crate::support::{MIGRATIONS, app, id_of, key, member, people, system};

const MAIL: &str = "ouyang.xiaolan@example.invalid";
const STREET: &str = "澜杉路 274 号 15 栋";
/// What must stand nowhere.
const SECRET: [&str; 7] = ["欧阳晓岚", "晓岚", "ouyang.xiaolan", "ouyang", "13911112222", "澜杉路", "王敏之"];

fn mail() -> Key {
    key(NodeKind::Email, MAIL)
}

async fn search(app: &App, text: &str) -> Vec<Id> {
    let filter = ProfileFilter { q: Some(text.into()), ..ProfileFilter::default() };
    let page = profile::list(app, &system(), &PageQuery::default(), &filter).await.expect("a list");
    page.items.iter().map(|profile| profile.id).collect()
}

async fn tell(app: &App, profile: Id, facts: Facts) {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let about = [About { profile, node: profile, facts }];
    facts::apply(&mut tx, &about, Origin { source: "till", import_id: None }).await.expect("applied");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
}

fn named(name: &str) -> Facts {
    Facts { name: Some(name.into()), ..Facts::default() }
}

/// Columns in which a text stands as it is, over all tables.
async fn places(store: &Store, text: &str) -> BTreeSet<String> {
    let mut snapshot = store.snapshot().await.expect("a snapshot");
    let mut found = BTreeSet::new();
    for table in snapshot.tables().await.expect("tables") {
        let mut rows = snapshot.rows(&table);
        while let Some(row) = rows.try_next().await.expect("rows") {
            let cells = row.iter().zip(&table.columns);
            let hit = cells.filter(|(cell, _)| match cell {
                Value::Text(Some(cell)) => cell.contains(text),
                Value::Bytes(Some(cell)) => holds(cell, text),
                _ => false,
            });
            found.extend(hit.map(|(_, (column, _))| format!("{}.{column}", table.name)));
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// The files of SQLite that hold a text, after everything went into them and while it is still in the log.
async fn files(store: &TestStore, text: &str) -> Vec<String> {
    let store::Config::Sqlite { file } = store.config() else { return Vec::new() };
    let mut found = Vec::new();
    for round in ["before", "after"] {
        for path in [file.clone(), file.with_extension("db-wal")] {
            if holds(&std::fs::read(&path).unwrap_or_default(), text) {
                found.push(format!("{} {round} the checkpoint", name(&path)));
            }
        }
        store.empty_log().await.expect("into the file");
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

async fn nothing_stands_in_clear(store: &TestStore) {
    for text in SECRET {
        assert_eq!(places(store, text).await, BTreeSet::new(), "{text}");
        assert_eq!(files(store, text).await, Vec::<String>::new(), "{text}");
    }
    // What is looked at is really the data.
    assert!(places(store, "杭州").await.contains("profile.city"));
    assert!(places(store, "sealed:v1:").await.contains("identifier_node.value"));
}

/// Everybody and everything that is told about them, by the ways on which it comes.
async fn tell_everything(app: &Arc<App>) {
    let path = app.settings.data_dir.join("customers.csv");
    let text = format!(
        "会员号,姓名,名,邮箱,手机,地址,城市\n1,欧阳晓岚,晓岚,{MAIL},139 1111 2222,{STREET},杭州\n2,李四,,,,,杭州\n"
    );
    std::fs::write(&path, text).expect("the test's own directory");
    let options = Options { source: Some("crm".into()), ..Options::default() };
    let summary =
        tabular::cli::import(app, &system(), "customers", &path, options, |_| ()).await.expect("imported");
    assert_eq!(summary.stored, 2);
    let other = search(app, "李四").await[0];
    let version = profile::get(app, &system(), other).await.expect("a person").profile.version;
    let patch = ProfilePatch {
        name: Some(Some("王敏之".into())),
        mobile: Some("13911112222 ".into()),
        address: Some(Some(STREET.into())),
        ..ProfilePatch::default()
    };
    let taken =
        profile::patch(app, &system(), other, version, &patch).await.expect_err("somebody else's number");
    assert_eq!(taken.code, "customers.profile.identifier_taken");
    let patch = ProfilePatch { mobile: None, ..patch };
    profile::patch(app, &system(), other, version, &patch).await.expect("changed");
    let request = NewSubjectRequest {
        kind: RequestKind::Access,
        regime: Regime::Pipl,
        profile_id: None,
        contact: Some(MAIL.into()),
        channel: RequestChannel::Email,
        received_at: None,
        note: Some("欧阳晓岚 13911112222 来电".into()),
    };
    let request = desk::create(app, &system(), &request).await.expect("written down");
    assert_eq!(request.contact.as_deref(), Some(MAIL));
    assert!(request.profile_id.is_some(), "known by the address");
    let entry = AddSuppression {
        node_id: id_of(app, &mail()),
        channel: Channel::Email,
        detail: "欧阳晓岚 来电要求".into(),
        expires_at: None,
    };
    let listed = suppression::add(app, &system(), entry).await.expect("added");
    assert_eq!(listed[0].address.as_deref(), Some(MAIL));
}

/// Somebody as an older program wrote them: as they are, under an id that everybody can compute.
async fn somebody_of_before(store: &TestStore) -> Id {
    let (mail, mobile) = (mail().older_id(), key(NodeKind::Mobile, "13911112222").older_id());
    let card = member(17).older_id();
    let record = Id::new();
    store
        .tamper(&format!(
            "INSERT INTO identifier_node (id, kind, value, created_at) VALUES ('{mail}', 'email', '{MAIL}', 1),
                ('{mobile}', 'mobile', '+8613911112222', 2), ('{card}', 'member_number', 'M-00017', 3);
             INSERT INTO profile (id, name, given_name, address, city, source, created_at, updated_at, email_node_id, mobile_node_id,
                    member_node_id)
                VALUES ('{mail}', '欧阳晓岚', '晓岚', '{STREET}', '杭州', 'till', 1, 1, '{mail}', '{mobile}', '{card}');
             INSERT INTO profile_node (id, node_id, profile_id, since) VALUES ('{}', '{mail}', '{mail}', 1),
                ('{}', '{mobile}', '{mail}', 2), ('{}', '{card}', '{mail}', 3);
             INSERT INTO profile_record (id, node_id, source, told_at, name, given_name, address, attributes, cleared)
                VALUES ('{record}', '{mail}', 'till', 1, '欧阳晓岚', '晓岚', '{STREET}', '{{}}', '[]')",
            Id::new(),
            Id::new(),
            Id::new(),
        ))
        .await;
    mail
}

const ASKED: [&str; 8] = ["欧阳晓岚", "晓岚", "阳", MAIL, "ouyang.xiaolan@", "13911112222", "2222", "m-0001"];

store::on_both! {
    migrations = MIGRATIONS;

    async fn what_names_or_reaches_somebody_stands_nowhere_in_clear(store: TestStore) {
        let app = app(&store).await;
        tell_everything(&app).await;
        nothing_stands_in_clear(&store).await;
        let found = search(&app, "晓岚").await;
        let person = profile::get(&app, &system(), found[0]).await.expect("a person").profile;
        assert_eq!((person.name.as_deref(), person.given_name.as_deref()), (Some("欧阳晓岚"), Some("晓岚")));
        assert_eq!((person.email.as_deref(), person.mobile.as_deref()), (Some(MAIL), Some("+8613911112222")));
        assert_eq!(person.address.as_deref(), Some(STREET));
        let told = profile::record::of_profile(&store, person.id).await.expect("facts");
        assert!(told.iter().any(|fact| fact.field == "name" && fact.value == Some("欧阳晓岚".into())));
        let published: Vec<(String, Option<String>)> =
            store.all("SELECT address, kind FROM v_customers_address WHERE kind = 'email'", args![]).await.expect("a view");
        assert_eq!(published, [(MAIL.to_owned(), Some("email".to_owned()))], "who reads the view reads the address");
    }

    async fn no_id_tells_the_number_that_it_is_of(store: TestStore) {
        let app = app(&store).await;
        let mobile = key(NodeKind::Mobile, "13911112222");
        let person = people(&app, &[vec![mobile.clone(), mail()]]).await[0];
        assert_eq!(person, id_of(&app, &mobile));
        for guess in [mobile.older_id(), mail().older_id()] {
            assert_eq!(places(&store, &guess.to_string()).await, BTreeSet::new(), "a digest that anybody can compute");
        }
    }

    async fn without_the_key_nobody_is_shown(store: TestStore) {
        let app = app(&store).await;
        tell_everything(&app).await;
        let closed = store.reopen().await;
        let refused = closed.all::<Option<String>>("SELECT name FROM profile", args![]).await.expect_err("no key");
        assert_eq!(refused.code, "store.value_unreadable");
        let other = store.dir().join("other.key");
        std::fs::write(&other, format!("{}\n", "A".repeat(43))).expect("the test's own directory");
        let refused = Secrets::open(closed, &other).await.expect_err("another master key");
        assert_eq!(refused.code, "store.secret_unreadable");
    }

    async fn people_of_before_are_found_and_sealed_and_keep_their_ids(store: TestStore) {
        let app = app(&store).await;
        let person = somebody_of_before(&store).await;
        assert_eq!(sealing::remaining(&store).await.expect("counts").len(), 4, "two kinds of identifiers, people, records");
        for text in ASKED {
            assert_eq!(search(&app, text).await, [person], "{text} before");
        }
        assert!(sealing::seal_all(&store).await.expect("sealed") >= 4);
        assert_eq!(sealing::remaining(&store).await.expect("counts"), []);
        assert_eq!(sealing::seal_all(&store).await.expect("once is enough"), 0);
        nothing_stands_in_clear(&store).await;
        for text in ASKED {
            assert_eq!(search(&app, text).await, [person], "{text} after");
        }
        // Whoever comes again by the same address is the same person, under the same ids.
        let again = people(&app, &[vec![mail(), key(NodeKind::Mobile, "13911112222"), member(5)]]).await[0];
        assert_eq!(again, person);
        let nodes: i64 = store.get("SELECT COUNT(*) FROM identifier_node", args![]).await.expect("a count");
        assert_eq!(nodes, 4, "the new card alone is new");

        app.secrets.rotate_data_key(&system()).await.expect("a new key");
        assert_eq!(sealing::remaining(&store).await.expect("counts").len(), 4, "all of it lies under the older key");
        assert!(sealing::seal_all(&store).await.expect("sealed anew") >= 4);
        assert_eq!(sealing::remaining(&store).await.expect("counts"), []);
        for text in ASKED {
            assert_eq!(search(&app, text).await, [person], "{text} under a new key");
        }
    }

    async fn sealing_goes_on_where_it_was_interrupted(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &(0..1_203).map(|n| vec![member(n)]).collect::<Vec<_>>()).await;
        store.tamper("UPDATE profile SET name = '王敏之'").await;
        // As if it had ended after the first half.
        let half = { let mut sorted = ids.clone(); sorted.sort(); sorted[600] };
        store.tamper(&format!("INSERT INTO sealing (table_name, mark, after_key) VALUES ('profile', '{}', '{half}')", store.vault().mark().expect("open"))).await;
        sealing::seal_all(&store).await.expect("sealed");
        assert_eq!(sealing::remaining(&store).await.expect("counts"), [sealing::Remaining { table: "profile", rows: 601 }]);
        store.tamper("DELETE FROM sealing WHERE table_name = 'profile'").await;
        assert_eq!(sealing::seal_all(&store).await.expect("from the beginning"), 1_203);
        assert_eq!(sealing::remaining(&store).await.expect("counts"), []);
        assert!(search(&app, "敏之").await.len() > 40);
    }

    async fn two_who_come_at_the_same_time_by_one_address_are_one(store: TestStore) {
        let app = app(&store).await;
        for round in 0..5 {
            let address = key(NodeKind::Email, &format!("p{round}@example.invalid"));
            let come = async |card: u32| {
                let mut tx = app.store.begin(&system()).await.expect("a transaction");
                let record = vec![address.clone(), member(card)];
                let found = resolve(&mut tx, &[record], "till", MatchRule::SameRecord).await.expect("resolved");
                tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
                tx.commit().await.expect("committed");
                found[0]
            };
            let (one, other) = tokio::join!(come(100 + round), come(200 + round));
            let id = |found| match found { Resolved::Profile { id, .. } => id, other => panic!("{other:?}") };
            assert_eq!(id(one), id(other));
            let nodes: i64 = store.get("SELECT COUNT(*) FROM profile_node WHERE node_id = $1 AND until IS NULL", args![id_of(&app, &address)]).await.expect("a count");
            assert_eq!(nodes, 1);
        }
    }

    async fn a_search_follows_names_merges_and_erasures(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![member(1), mail()], vec![member(2), key(NodeKind::Mobile, "13911112222")]]).await;
        tell(&app, ids[0], named("欧阳晓岚")).await;
        tell(&app, ids[1], named("Anna-Maria Lindqvist")).await;
        for text in ["anna", "ANNA-MARIA", "lindqv", "maria l", "2222", "13911112222", "+86 139-1111-2222"] {
            assert_eq!(search(&app, text).await, [ids[1]], "{text}");
        }
        for text in ["欧", "阳晓", "欧阳 晓岚", "Ouyang.Xiaolan@", "@example.invalid", "xiaolan"] {
            assert_eq!(search(&app, text).await, [ids[0]], "{text}");
        }
        for text in ["阳欧", "nobody@example.invalid", "1391111", "%", "_", "'"] {
            assert_eq!(search(&app, text).await, [], "{text}");
        }
        tell(&app, ids[0], named("王敏之")).await;
        assert_eq!((search(&app, "欧阳").await, search(&app, "敏之").await), (vec![], vec![ids[0]]), "a new name");

        let version = profile::get(&app, &system(), ids[0]).await.expect("a person").profile.version;
        let wish = customers::merge::MergeProfile { with: ids[1], reason: "本人到店确认".into() };
        let kept = customers::merge::merge(&app, &system(), ids[0], version, &wish).await.expect("merged").id;
        for text in ["2222", MAIL] {
            assert_eq!(search(&app, text).await, [kept], "{text} after a merge");
        }
        let gone = if kept == ids[0] { ids[1] } else { ids[0] };
        assert!(!search(&app, "@example.invalid").await.contains(&gone));
    }
}
