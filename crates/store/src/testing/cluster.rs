use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection};
use tokio::sync::Mutex;

use crate::Config;

/// Where Debian puts PostgreSQL's programs.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Oldest version that the product runs on.
const VERSION_MIN: u32 = 15;

/// Makes a cluster, says "ready", and takes it down when the test process lets go of its end of the
/// pipe, however that process ended.
const MINDER: &str = r#"
trap '' INT TERM HUP
dir=$1 bin=$2
{
    "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --no-sync --encoding=UTF8 --locale=C &&
    "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start -o "-k $dir -c listen_addresses= -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB"
} >"$dir/start" 2>&1 && echo ready || cat "$dir/start" "$dir/log"
read -r _
"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
rm -rf "$dir"
"#;

/// A private PostgreSQL cluster on a socket in a temporary directory, one per test process.
#[derive(Debug)]
pub struct Cluster {
    dir: PathBuf,
    bin: PathBuf,
    templates: Mutex<HashSet<String>>,
    next: AtomicU64,
    /// Holds the pipe on which the minder waits.
    _minder: Child,
}

impl Cluster {
    /// Returns the cluster of this process, starting it when first asked for.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    fn start() -> Self {
        let bin = programs();
        let dir = tempfile::Builder::new().prefix("pg-test-").tempdir().expect("a directory").keep();
        let mut minder = Command::new("sh");
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package made a user for it.
            let owned = Command::new("chown").arg("postgres:postgres").arg(&dir).status();
            assert!(
                owned.is_ok_and(|status| status.success()),
                "the user postgres is missing: run `make setup`"
            );
            minder = Command::new("setpriv");
            minder.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
        }
        let mut minder = minder
            .args(["-c", MINDER, "minder"])
            .args([&dir, &bin])
            .current_dir(&dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("a shell runs");
        let mut out = BufReader::new(minder.stdout.take().expect("stdout is a pipe"));
        let mut first = String::new();
        out.read_line(&mut first).expect("the minder says something");
        if first.trim() != "ready" {
            drop(minder.stdin.take());
            let mut words = first;
            out.read_to_string(&mut words).expect("the minder says why");
            panic!("PostgreSQL did not start in {}:\n{words}", dir.display());
        }
        Self { dir, bin, templates: Mutex::default(), next: AtomicU64::new(1), _minder: minder }
    }

    /// Returns the address of a database.
    pub(super) fn config(&self, database: &str) -> Config {
        let socket = self.dir.display();
        Config::Postgres { url: format!("postgres://postgres@localhost/{database}?host={socket}") }
    }

    /// Makes the database `name` with `fill` unless this process made it before.
    pub(super) async fn template(&self, name: &str, fill: impl AsyncFnOnce(Config)) {
        let mut templates = self.templates.lock().await;
        if !templates.contains(name) {
            self.admin(format!("CREATE DATABASE {name}")).await;
            fill(self.config(name)).await;
            templates.insert(name.to_owned());
        }
    }

    /// Makes a copy of a template and returns its name.
    pub(super) async fn create(&self, template: &str) -> String {
        let name = format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.admin(format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        name
    }

    /// Drops a database without waiting for it.
    pub(super) fn drop_later(&self, name: &str) {
        let dropped = Command::new(self.bin.join("dropdb"))
            .args(["--force", "--if-exists", "-U", "postgres", "-h"])
            .arg(&self.dir)
            .arg(name)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        // It goes with the cluster at the latest.
        drop(dropped);
    }

    async fn admin(&self, sql: String) {
        let Config::Postgres { url } = self.config("postgres") else { unreachable!("it is one") };
        let mut connection = sqlx::PgConnection::connect(&url).await.expect("the cluster answers");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the cluster obeys");
        connection.close().await.expect("the cluster lets go");
    }
}

/// Returns the newest version that is installed.
fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir(Path::new(DEBIAN))
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            let bin = path.join("bin");
            (version >= VERSION_MIN && bin.join("initdb").exists()).then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).unwrap_or_else(|| {
        panic!("PostgreSQL {VERSION_MIN} or newer is not in {DEBIAN}: `make setup` installs it")
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("`id` runs");
    id.stdout.trim_ascii() == b"0"
}
