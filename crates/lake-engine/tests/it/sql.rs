use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{ColumnKind, Id, Label, Problem, Scope};
use lake::sql::{Asked, EVENTS, Origin, PEOPLE, Rows, Seen, SqlLake, Table, TableColumn, Told};
use lake_engine::{Engine, Limits, Settings};
use serde_json::{Value as Json, json};
use store::Store;
use store::testing::START;

use crate::world::{World, batch, event, person, send};

pub const PROFILES: Table = Table {
    name: "profiles",
    origin: Origin::Copied,
    columns: &[
        TableColumn::stored("id", ColumnKind::Text),
        TableColumn::personal("name", ColumnKind::Text),
        TableColumn::stored("city", ColumnKind::Text),
        TableColumn::stored("children", ColumnKind::Integer),
        TableColumn::stored("score", ColumnKind::Real),
        TableColumn::stored("married", ColumnKind::Boolean),
        TableColumn::stored("brand_id", ColumnKind::Text),
        TableColumn::stored("owner_id", ColumnKind::Text),
        TableColumn::stored("created_at", ColumnKind::Time),
    ],
};

pub fn brand(number: u8) -> Id {
    Id::from_digest([number; 16])
}

/// Twenty people; the odd ones are the second brand's, and the last has a city that is a number.
fn profile(number: u64) -> Vec<Json> {
    let brand = brand((number % 2) as u8 + 1);
    let city = if number == 19 { "twelve".to_owned() } else { number.to_string() };
    let (id, at) = (person(number).to_string(), START.plus_ms(number as i64).ms());
    vec![
        json!(id),
        json!(format!("Name {number}")),
        json!(city),
        json!(number % 4),
        json!(number as f64 / 2.0),
        json!(number.is_multiple_of(3)),
        json!(brand.to_string()),
        Json::Null,
        json!(at),
    ]
}

/// Copies the people, each of whom is their own node.
pub async fn copied(engine: &Engine) {
    let mut making = engine.begin_copies(Id::new()).expect("copying begins");
    let people: Vec<Vec<Json>> = (0..20).map(profile).collect();
    let nodes: Vec<Vec<Json>> = people.iter().map(|row| vec![row[0].clone(), row[0].clone()]).collect();
    making.add(&PEOPLE, &nodes).expect("nodes are written");
    making.add(&PROFILES, &people[..7]).expect("people are written");
    making.add(&PROFILES, &people[7..]).expect("more are written");
    let told = |table| Told { table, watermark: START, fingerprint: String::new(), kept: false };
    making.finish(&[told(PEOPLE), told(PROFILES)]).await.expect("copying ends");
}

pub fn all(clearance: Label) -> Vec<Seen> {
    [EVENTS, PROFILES].map(|table| Seen { table, rows: Rows::All, clearance }).into()
}

fn of_brand(number: u8) -> Vec<Seen> {
    let scope = Scope { brands: vec![brand(number)], ..Scope::default() };
    let clearance = Label::Personal;
    vec![
        Seen { table: EVENTS, rows: Rows::OfPeople(scope.clone()), clearance },
        Seen { table: PROFILES, rows: Rows::Within(scope), clearance },
    ]
}

/// Asks and returns all rows.
pub async fn ask(engine: &Engine, tables: Vec<Seen>, sql: &str) -> Result<Vec<Vec<Json>>, Problem> {
    let asked = Asked { sql: sql.to_owned(), values: BTreeMap::new(), tables };
    let mut answer = engine.open(asked).await?;
    let mut rows = Vec::new();
    while let Some(more) = answer.next().await? {
        rows.extend(more);
    }
    Ok(rows)
}

async fn got(engine: &Engine, tables: Vec<Seen>, sql: &str) -> Json {
    json!(ask(engine, tables, sql).await.unwrap_or_else(|problem| panic!("{sql}: {problem}")))
}

async fn refused(engine: &Engine, sql: &str) -> Problem {
    match ask(engine, all(Label::Secret), sql).await {
        Err(problem) => problem,
        Ok(rows) => panic!("{sql} was answered with {rows:?}"),
    }
}

/// A lake with an event for each of forty hours, two for each of twenty people, and a copy of those people.
pub async fn filled() -> (World, Arc<Engine>) {
    let world = World::sqlite().await;
    let node = world.start().await;
    let events = (0..40).map(|number| event(&format!("m{number}"), number, number as i64));
    send(&node.engine, [batch(events.collect())]).await;
    node.stop().await;
    let engine = world.engine();
    copied(&engine).await;
    (world, engine)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_are_asked_and_joined() {
    let (_world, engine) = filled().await;
    let ask = async |sql: &str| got(&engine, all(Label::Personal), sql).await;
    assert_eq!(ask("SELECT COUNT(*) AS n, SUM(value) AS v FROM events").await, json!([[40, 780.0]]));
    assert_eq!(
        ask("SELECT p.name, COUNT(*) FROM events e JOIN profiles p ON p.id = e.profile_id \
             WHERE p.city IN ('3', '4') GROUP BY p.name ORDER BY 1")
        .await,
        json!([["Name 3", 2], ["Name 4", 2]])
    );
    assert_eq!(
        ask("WITH firsts AS (SELECT profile_id, MIN(happened_at) AS at FROM events GROUP BY 1) \
             SELECT COUNT(DISTINCT profile_id), MIN(at) FROM firsts")
        .await,
        json!([[20, START.instant().to_string()]])
    );
    assert_eq!(
        ask("SELECT married, children, score FROM profiles WHERE city = '3'").await,
        json!([[true, 3, 1.5]])
    );
    assert_eq!(ask("SHOW TABLES").await, json!([["events"], ["profiles"]]));
    let columns = ask("DESCRIBE profiles").await;
    assert_eq!(columns[1], json!(["name", "text", false]));
    let plan = ask("EXPLAIN SELECT city FROM profiles WHERE children = 2").await.to_string();
    assert!(plan.contains("profiles") && !plan.contains("parquet"), "{plan}");
    assert_eq!(ask("SELECT 1 + 1 AS two, 'x' AS x, NULL AS nothing").await, json!([[2, "x", null]]));
    assert_eq!(ask("VALUES (1), (2)").await, json!([[1], [2]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_says_how_far_it_reaches_and_what_it_read() {
    let (world, engine) = filled().await;
    let asked = |sql: &str| Asked { sql: sql.into(), values: BTreeMap::new(), tables: all(Label::Personal) };
    let mut answer = engine.open(asked("SELECT name FROM events WHERE value > 35")).await.expect("an answer");
    assert_eq!(answer.watermark(), Some(START));
    assert_eq!(answer.tables(), ["events"]);
    while answer.next().await.expect("rows").is_some() {}
    let scanned = answer.scanned();
    assert!(scanned.files >= 1 && scanned.bytes > 0, "{scanned:?}");
    assert_eq!(scanned.rows, 4, "only rows that fit leave the files");
    let answer = engine.open(asked("SELECT 1")).await.expect("an answer");
    assert_eq!(answer.watermark(), None);
    let mut values = asked("SELECT COUNT(*) FROM profiles WHERE city = $city AND children >= $least");
    values.values = [("city".to_owned(), json!("3")), ("least".to_owned(), json!(2))].into();
    let mut answer = engine.open(values).await.expect("an answer");
    assert_eq!(answer.next().await.expect("rows"), Some(vec![vec![json!(1)]]));
    // A file that is there and listed nowhere is not there.
    let stray = engine.settings().copies().join("orders-stray.parquet");
    std::fs::write(stray, b"PAR1").expect("a file");
    assert_eq!(engine.copies().await.expect("a list").len(), 2);
    drop(world);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_hidden_is_empty_on_every_path() {
    let (_world, engine) = filled().await;
    let ask = async |sql: &str| got(&engine, all(Label::Internal), sql).await;
    assert_eq!(
        ask("SELECT COUNT(*), COUNT(name), MIN(name), MAX(name) FROM profiles").await,
        json!([[20, 0, null, null]])
    );
    for filter in [
        "name = 'Name 3'",
        "name LIKE 'Name%'",
        "length(name) > 0",
        "name IS NOT NULL",
        "upper(name) = 'NAME 3'",
        "name IN ('Name 1', 'Name 2')",
        "name BETWEEN 'A' AND 'Z'",
        "name || city = 'Name 33'",
    ] {
        let sql = format!("SELECT COUNT(*) FROM profiles WHERE {filter}");
        assert_eq!(ask(&sql).await, json!([[0]]), "{filter}");
    }
    assert_eq!(ask("SELECT name, COUNT(*) FROM profiles GROUP BY name").await, json!([[null, 20]]));
    let by_name = ask("SELECT city FROM profiles ORDER BY name DESC, id LIMIT 3").await;
    assert_eq!(by_name, ask("SELECT city FROM profiles ORDER BY id LIMIT 3").await, "order tells nothing");
    assert_eq!(ask("SELECT COUNT(*) FROM profiles a JOIN profiles b ON a.name = b.name").await, json!([[0]]));
    assert_eq!(
        ask("SELECT COUNT(properties), COUNT(context), COUNT(user_id), COUNT(*) FROM events").await,
        json!([[0, 0, 0, 40]])
    );
    assert_eq!(ask("SELECT string_agg(name, ',') FROM (SELECT name FROM profiles UNION ALL SELECT user_id FROM events) AS x").await, json!([[null]]));
    assert_eq!(ask("DESCRIBE profiles").await[1], json!(["name", "text", true]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_outside_the_scope_are_not_there() {
    let (_world, engine) = filled().await;
    let ask = async |sql: &str| got(&engine, of_brand(1), sql).await;
    assert_eq!(ask("SELECT COUNT(*), COUNT(DISTINCT brand_id) FROM profiles").await, json!([[10, 1]]));
    assert_eq!(ask("SELECT COUNT(*) FROM profiles WHERE city = '3' OR 1 = 1").await, json!([[10]]));
    assert_eq!(ask("SELECT COUNT(*) FROM events").await, json!([[20]]));
    assert_eq!(
        ask("SELECT COUNT(*) FROM events WHERE profile_id NOT IN (SELECT id FROM profiles)").await,
        json!([[0]])
    );
    assert_eq!(
        ask("SELECT COUNT(*) FROM profiles p FULL JOIN events e ON e.profile_id = p.id WHERE p.id IS NULL")
            .await,
        json!([[0]])
    );
    let nobody = Scope::default();
    let clearance = Label::Personal;
    let none = vec![
        Seen { table: EVENTS, rows: Rows::OfPeople(nobody.clone()), clearance },
        Seen { table: PROFILES, rows: Rows::Within(nobody), clearance },
    ];
    for table in ["events", "profiles"] {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(got(&engine, none.clone(), &sql).await, json!([[0]]), "{table}");
    }
}

/// The city of one person of the second brand is no number: whoever sees the first brand alone may count on numbers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_do_not_tell_of_rows_outside_the_scope() {
    let (_world, engine) = filled().await;
    for sql in [
        "SELECT COUNT(*) FROM profiles WHERE CAST(city AS INT) >= 0",
        "SELECT COUNT(*) FROM profiles WHERE 100 / (CASE WHEN city = 'twelve' THEN 0 ELSE 1 END) > 0",
        "SELECT COUNT(CAST(city AS INT)) FROM profiles",
        "SELECT COUNT(*) FROM (SELECT * FROM profiles ORDER BY created_at DESC LIMIT 100) AS p WHERE CAST(city AS INT) >= 0",
    ] {
        assert_eq!(got(&engine, of_brand(1), sql).await, json!([[10]]), "{sql}");
        let seen = ask(&engine, of_brand(2), sql).await.expect_err("theirs is among them");
        assert_eq!(seen.status, 422, "{sql}: {seen}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_reading_is_refused() {
    let (_world, engine) = filled().await;
    let before = engine.copies().await.expect("a list");
    for sql in [
        "INSERT INTO profiles VALUES ('x')",
        "UPDATE profiles SET city = 'x'",
        "DELETE FROM profiles",
        "TRUNCATE TABLE profiles",
        "MERGE INTO profiles p USING events e ON p.id = e.profile_id WHEN MATCHED THEN DELETE",
        "DROP TABLE profiles",
        "ALTER TABLE profiles ADD COLUMN x TEXT",
        "CREATE TABLE x AS SELECT * FROM profiles",
        "CREATE VIEW x AS SELECT * FROM profiles",
        "CREATE SCHEMA x",
        "CREATE DATABASE x",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "CREATE FUNCTION f(INT) RETURNS INT RETURN $1",
        "CREATE INDEX x ON profiles (id)",
        "COPY profiles TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO 'x.parquet' STORED AS PARQUET",
        "SET datafusion.execution.batch_size = 1",
        "RESET datafusion.execution.batch_size",
        "SHOW ALL",
        "SHOW datafusion.execution.batch_size",
        "PREPARE x AS SELECT 1",
        "EXECUTE x",
        "DEALLOCATE x",
        "BEGIN",
        "COMMIT",
        "GRANT SELECT ON profiles TO public",
        "USE x",
        "CALL x()",
        "SELECT * INTO x FROM profiles",
        "SELECT * FROM profiles FOR UPDATE",
        "WITH x AS (DELETE FROM profiles RETURNING *) SELECT * FROM x",
        "WITH x AS (INSERT INTO profiles VALUES (1) RETURNING *) SELECT * FROM x",
        "ATTACH DATABASE '/etc/passwd' AS x",
        "INSTALL httpfs",
    ] {
        let problem = refused(&engine, sql).await;
        let plain = ["insight.query.not_read_only", "insight.query.wrong", "insight.query.wrong_at"];
        assert!(plain.contains(&problem.code.as_ref()), "{sql}: {problem}");
        assert_eq!(problem.status, 422, "{sql}");
    }
    assert_eq!(refused(&engine, "DROP TABLE profiles").await.code, "insight.query.not_read_only");
    assert_eq!(refused(&engine, "SELECT 1; SELECT 2").await.code, "insight.query.wrong");
    assert_eq!(engine.copies().await.expect("a list"), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_else_can_be_read() {
    let (_world, engine) = filled().await;
    let file = format!("{}", engine.settings().dir.join("log").display());
    let own = engine.copies().await.expect("a list").remove(0).file;
    for sql in [
        "SELECT * FROM '/etc/passwd'".to_owned(),
        "SELECT * FROM \"/etc/passwd\"".to_owned(),
        "SELECT * FROM 'file:///etc/passwd'".to_owned(),
        "SELECT * FROM 'https://example.invalid/x.parquet'".to_owned(),
        "SELECT * FROM 's3://bucket/x.parquet'".to_owned(),
        format!("SELECT * FROM '{file}'"),
        format!("SELECT * FROM 'lake://lake/copies/{own}'"),
        "SELECT * FROM people_by_node".to_owned(),
        "SELECT * FROM read_csv('/etc/passwd')".to_owned(),
        "SELECT * FROM read_parquet('x')".to_owned(),
        "SELECT * FROM parquet_metadata('x')".to_owned(),
        "SELECT * FROM glob('/etc/*')".to_owned(),
        "SELECT * FROM information_schema.tables".to_owned(),
        "SELECT * FROM information_schema.columns".to_owned(),
        "SELECT * FROM datafusion.public.profiles".to_owned(),
        "SELECT * FROM public.profiles".to_owned(),
        "SELECT * FROM pg_catalog.pg_tables".to_owned(),
        "SELECT * FROM sqlite_master".to_owned(),
        "SELECT * FROM generate_series(1, 1000000000000)".to_owned(),
        "SELECT * FROM range(1000000000000)".to_owned(),
        "DESCRIBE information_schema.tables".to_owned(),
        "SELECT (SELECT COUNT(*) FROM '/etc/passwd')".to_owned(),
    ] {
        let problem = refused(&engine, &sql).await;
        assert!(problem.code.starts_with("insight.query.unknown_table"), "{sql}: {problem}");
    }
    for sql in [
        "SELECT read_file('/etc/passwd')",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT load_extension('x')",
        "SELECT getenv('PATH')",
        "SELECT version()",
        "SELECT repeat('x', 2000000000)",
        "SELECT lpad('x', 2000000000)",
        "SELECT generate_series(1, 1000000000000)",
        "SELECT current_setting('x')",
    ] {
        let problem = refused(&engine, sql).await;
        assert!(problem.code.starts_with("insight.query.wrong"), "{sql}: {problem}");
    }
    let near = refused(&engine, "SELECT * FROM profile").await;
    assert_eq!(
        (near.code.as_ref(), &near.args["suggestion"]),
        ("insight.query.unknown_table_near", &json!("profiles"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_said_with_their_place() {
    let (_world, engine) = filled().await;
    let problem = refused(&engine, "SELECT citty\nFROM profiles").await;
    let place = (&problem.args["line"], &problem.args["column"]);
    assert_eq!(
        (problem.code.as_ref(), place),
        ("insight.query.wrong_at", (&json!(1), &json!(8))),
        "{problem}"
    );
    assert!(problem.args["message"].to_string().contains("citty"), "{problem}");
    let problem = refused(&engine, "SELECT *\nFROM profiles WHERE WHERE").await;
    assert_eq!(
        (problem.code.as_ref(), &problem.args["line"]),
        ("insight.query.wrong_at", &json!(2)),
        "{problem}"
    );
    let problem = refused(&engine, "").await;
    assert_eq!(problem.code, "insight.query.wrong");
    let problem = refused(&engine, "SELECT city + 1, lower(children, 2) FROM profiles").await;
    assert_eq!(problem.status, 422);
    let problem = refused(&engine, &format!("SELECT '{}'", "x".repeat(20_000))).await;
    assert_eq!(problem.code, "insight.query.too_long");
}

fn hurried(world: &World, limits: Limits) -> Engine {
    let mut settings = Settings::new(&world.store.dir().join("lake"), 3_600);
    settings.sql = limits;
    Engine::new(Store::clone(&world.store), settings)
}

/// Rows without end that take little memory.
const ENDLESS: &str = "SELECT l.x FROM (SELECT a.value + b.value + c.value + d.value AS x FROM events a, events b, events c, events d) AS l \
     CROSS JOIN (SELECT a.value + b.value + c.value + d.value AS x FROM events a, events b, events c, events d) AS r";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_long_is_ended_and_others_go_on() {
    let (world, engine) = filled().await;
    let hurried = hurried(&world, Limits { seconds: 1, at_a_time: 1, ..Limits::default() });
    let ended = ask(&hurried, all(Label::Secret), &format!("{ENDLESS} WHERE l.x + r.x < 0"))
        .await
        .expect_err("it takes years");
    assert_eq!((ended.status, ended.code.as_ref()), (503, "insight.query.too_slow"));
    // The only turn is free again, so the work has really ended.
    let rows = ask(&hurried, all(Label::Secret), "SELECT COUNT(*) FROM events").await.expect("an answer");
    assert_eq!(json!(rows), json!([[40]]));
    assert_eq!(got(&engine, all(Label::Secret), "SELECT 1").await, json!([[1]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_nobody_waits_for_ends() {
    let (world, _engine) = filled().await;
    let one = hurried(&world, Limits { at_a_time: 1, ..Limits::default() });
    let asked = Asked { sql: ENDLESS.into(), values: BTreeMap::new(), tables: all(Label::Secret) };
    let mut answer = one.open(asked).await.expect("it begins");
    assert!(answer.next().await.expect("rows").is_some());
    drop(answer);
    assert_eq!(got(&one, all(Label::Secret), "SELECT 1").await, json!([[1]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_are_limited() {
    let (world, _engine) = filled().await;
    let one = hurried(&world, Limits { at_a_time: 1, wait_seconds: 0, ..Limits::default() });
    let asked = |sql: &str| Asked { sql: sql.into(), values: BTreeMap::new(), tables: all(Label::Secret) };
    let held = one
        .open(asked("SELECT a.value FROM events a, events b, events c, events d"))
        .await
        .expect("it begins");
    let refused = one.open(asked("SELECT 1")).await.err().expect("there is one turn");
    assert_eq!((refused.status, refused.code.as_ref()), (503, "insight.query.busy"));
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_much_memory_is_ended_and_the_process_goes_on() {
    let (world, _engine) = filled().await;
    let small = hurried(&world, Limits { bytes: 8 << 20, spill_bytes: 1 << 20, ..Limits::default() });
    for sql in [
        // A side of a join that has to be held.
        "SELECT COUNT(*) FROM (SELECT a.properties AS x, b.context AS y, c.message_id AS z FROM events a, events b, events c, events d) AS l \
         JOIN (SELECT a.message_id AS z FROM events a, events b, events c, events d) AS r ON l.z = r.z",
        // Groups that never end.
        "SELECT x, COUNT(*) FROM (SELECT a.message_id || b.message_id || c.message_id || d.message_id AS x \
         FROM events a, events b, events c, events d) AS q GROUP BY x ORDER BY 2",
        // A sort that does not fit on the disk either.
        "SELECT a.message_id || b.message_id || c.message_id || d.message_id AS x \
         FROM events a, events b, events c, events d ORDER BY x",
        // One value that never ends.
        "SELECT length(string_agg(a.properties || b.properties, ',')) FROM events a, events b, events c, events d, events e",
    ] {
        let ended =
            ask(&small, all(Label::Secret), sql).await.err().unwrap_or_else(|| panic!("{sql} was answered"));
        assert_eq!(
            (ended.status, ended.code.as_ref()),
            (422, "insight.query.too_much_memory"),
            "{sql}: {ended}"
        );
    }
    assert_eq!(got(&small, all(Label::Secret), "SELECT COUNT(*) FROM events").await, json!([[40]]));
    let spill = small.settings().copies().join("spill");
    let left = std::fs::read_dir(spill).expect("a folder").count();
    assert_eq!(left, 0, "spilled files are gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sorts_that_do_not_fit_in_memory_are_spilled() {
    let (world, _engine) = filled().await;
    // What others of these tests take meanwhile counts for the process, not for this question.
    let small = hurried(&world, Limits { bytes: 24 << 20, grown_bytes: u64::MAX, ..Limits::default() });
    let sql = "SELECT COUNT(*), MIN(x), MAX(n) FROM (SELECT x, ROW_NUMBER() OVER (ORDER BY x) AS n FROM (SELECT a.message_id || \
        b.message_id || c.message_id || d.properties AS x FROM events a, events b, events c, \
        (SELECT properties FROM events LIMIT 10) AS d) AS q) AS r";
    let rows = got(&small, all(Label::Secret), sql).await;
    assert_eq!((&rows[0][0], &rows[0][2]), (&json!(640_000), &json!(640_000)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deep_and_wide_texts_are_answered_or_refused() {
    let (world, _engine) = filled().await;
    let engine = hurried(&world, Limits { seconds: 10, wait_seconds: 60, ..Limits::default() });
    let many = |count: usize, piece: &str| vec![piece; count].join("");
    let mut doubled = "WITH t0 AS (SELECT properties AS x FROM events)".to_owned();
    for level in 1..28 {
        doubled += &format!(", t{level} AS (SELECT x || x AS x FROM t{})", level - 1);
    }
    let bombs = [
        format!("SELECT 1{}", many(9_000, "+1")),
        format!("SELECT {}1{}", many(3_000, "("), many(3_000, ")")),
        format!("SELECT {} TRUE", many(3_000, "NOT ")),
        format!("SELECT {}1", many(5_000, "- ")),
        format!("SELECT 1 {}", many(1_200, " UNION SELECT 1")),
        format!("SELECT 1 WHERE 1 IN (1{})", many(9_000, ",1")),
        format!("SELECT 1{}", many(150, "+1")),
        format!("SELECT 1 {}", many(90, " UNION SELECT 1")),
        format!("SELECT * FROM events {}", many(190, ", events")),
        format!(
            "SELECT COUNT(*) FROM events GROUP BY CUBE ({})",
            (1..40).map(|n| format!("value + {n}")).collect::<Vec<_>>().join(", ")
        ),
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r".to_owned(),
        format!("{doubled} SELECT MAX(length(x)) FROM t27"),
        "SELECT regexp_replace(properties, '(a*)*b', properties) FROM events".to_owned(),
    ];
    for sql in bombs {
        let start: String = sql.chars().take(60).collect();
        if let Err(problem) = ask(&engine, all(Label::Secret), &sql).await {
            let code = problem.code.as_ref();
            assert!(code.starts_with("insight.query.") && code != "insight.query.busy", "{start}: {problem}");
        }
    }
    assert_eq!(got(&engine, all(Label::Secret), "SELECT COUNT(*) FROM events").await, json!([[40]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_change_all_at_once_and_those_that_are_kept_stay() {
    let (_world, engine) = filled().await;
    let before = engine.copies().await.expect("a list");
    let mut making = engine.begin_copies(Id::new()).expect("copying begins");
    making.add(&PROFILES, &[profile(1)]).expect("written");
    assert_eq!(got(&engine, all(Label::Personal), "SELECT COUNT(*) FROM profiles").await, json!([[20]]));
    let later = START.plus_ms(60_000);
    let told = |table, kept| Told { table, watermark: later, fingerprint: "1".into(), kept };
    making.finish(&[told(PEOPLE, true), told(PROFILES, false)]).await.expect("copying ends");
    assert_eq!(got(&engine, all(Label::Personal), "SELECT COUNT(*) FROM profiles").await, json!([[1]]));
    let after = engine.copies().await.expect("a list");
    assert_eq!((&after[0].file, after[0].watermark), (&before[0].file, later), "who is who was kept");
    assert_ne!(after[1].file, before[1].file);
    // What a crash or a restored backup left without its file is not there.
    std::fs::remove_file(engine.settings().copies().join(&after[1].file)).expect("it goes");
    let refused = ask(&engine, all(Label::Personal), "SELECT 1 FROM profiles").await.expect_err("it is gone");
    assert_eq!(
        (refused.code.as_ref(), &refused.args["table"]),
        ("insight.query.not_copied", &json!("profiles"))
    );
}
