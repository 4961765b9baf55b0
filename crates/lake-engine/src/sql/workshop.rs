use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use kernel::{Problem, Result, Timestamp};
use lake::sql::{Asked, Copied, SQL_MAX, Scanned};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{self, Receiver};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::exec::Opened;
use super::people::LazyPeople;
use super::{answer, memory};
use crate::copy;
use crate::engine::Engine;
use crate::manifest::{self, LakeFile};

/// What a question may take (查询限额).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long it may take, in seconds.
    pub seconds: u64,
    /// Bytes that its operators may hold; beyond, what can is spilled to the disk.
    pub bytes: usize,
    /// Bytes of its spilled files.
    pub spill_bytes: u64,
    /// Bytes by which the process may grow meanwhile: what operators do not count is bounded by this.
    pub grown_bytes: u64,
    /// Questions at a time; each has the threads of all.
    pub at_a_time: usize,
    /// How long a question waits for its turn, in seconds.
    pub wait_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            seconds: 60,
            bytes: 240 << 20,
            spill_bytes: 2 << 30,
            grown_bytes: 1_500 << 20,
            at_a_time: 2,
            wait_seconds: 20,
        }
    }
}

/// Where questions in SQL are answered (查询工坊): threads of their own, and turns.
#[derive(Debug)]
pub struct Workshop {
    turns: Arc<Semaphore>,
    threads: OnceLock<Threads>,
    people: Mutex<Option<Arc<LazyPeople>>>,
}

/// Threads on which nothing else waits. Their stacks are large: a long expression is a deep tree.
#[derive(Debug)]
struct Threads(Option<Runtime>);

const THREADS: usize = 2;
const STACK_BYTES: usize = 64 << 20;

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Workshop {
    /// Prepares; threads begin with the first question.
    pub fn new(limits: Limits) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(limits.at_a_time)),
            threads: OnceLock::new(),
            people: Mutex::new(None),
        }
    }

    fn runtime(&self) -> Result<&Runtime> {
        let threads = self.threads.get_or_init(|| {
            let built = Builder::new_multi_thread()
                .worker_threads(THREADS)
                .thread_name("sql")
                .thread_stack_size(STACK_BYTES)
                .enable_time()
                .build();
            Threads(built.inspect_err(|error| tracing::error!(%error, "no threads for SQL: {error}")).ok())
        });
        threads.0.as_ref().ok_or_else(|| Problem::unavailable("insight.query.busy"))
    }

    /// Returns who is who as a copy says; it is read when it is first needed, and shared until there is a newer copy.
    fn people(&self, engine: &Engine, copies: &[Copied]) -> Option<Arc<LazyPeople>> {
        let copy = copies.iter().find(|copy| copy.table_name == lake::sql::PEOPLE.name)?;
        let mut known = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        match known.as_ref() {
            Some(people) if people.file() == copy.file => {}
            _ => *known = Some(Arc::new(LazyPeople::new(&engine.settings.copies(), &copy.file))),
        }
        known.clone()
    }
}

/// What there is at this moment (查询底稿).
#[derive(Debug)]
pub struct Ground {
    pub settings: crate::settings::Settings,
    pub watermark: Option<Timestamp>,
    pub events: Vec<LakeFile>,
    pub copies: Vec<Copied>,
    pub people: Option<Arc<LazyPeople>>,
    pub opened: Arc<Opened>,
}

/// What the threads tell.
pub enum Told {
    /// The columns and the tables, once it is planned.
    Head(SchemaRef, Vec<String>),
    /// Rows.
    Rows(RecordBatch),
    /// There are no more.
    End,
}

/// An answer that is being found (结果流); letting go of it ends the work.
pub struct Answer {
    schema: SchemaRef,
    pub(super) columns: Vec<lake::sql::AnswerColumn>,
    pub(super) tables: Vec<String>,
    pub(super) watermark: Option<Timestamp>,
    opened: Arc<Opened>,
    told: Listening,
}

struct Listening {
    receiver: Receiver<Result<Told>>,
    work: JoinHandle<()>,
    until: Instant,
    limits: Limits,
    resident: Option<u64>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// Begins to answer; returns once the question is planned.
pub async fn begin(engine: &Engine, asked: Asked) -> Result<Answer> {
    if asked.sql.len() > SQL_MAX {
        return Err(Problem::unprocessable("insight.query.too_long").with("max", SQL_MAX));
    }
    let (limits, workshop) = (engine.settings.sql, &engine.sql);
    let turn = turn(workshop, limits).await?;
    // In this order: files that come in between are read, and the watermark promises less than there is.
    let watermark = manifest::watermark(&engine.store).await?;
    let events = manifest::live(&engine.store).await?;
    let copies = copy::listed(&engine.store, &engine.settings.copies()).await?;
    let people = workshop.people(engine, &copies);
    let opened = Arc::new(Opened::default());
    let settings = engine.settings.clone();
    let until = Instant::now() + Duration::from_secs(limits.seconds);
    let ground = Ground { settings, watermark, events, copies, people, opened: opened.clone() };
    let stamps = stamps(&ground);
    let (sender, receiver) = mpsc::channel(2);
    let resident = memory::resident();
    let work = workshop.runtime()?.spawn(async move {
        let _turn = turn;
        answer::find(ground, asked, sender).await;
    });
    let mut told = Listening { receiver, work, until, limits, resident };
    let Told::Head(schema, tables) = told.next().await? else {
        return Err(Problem::internal("an answer begins with its columns"));
    };
    let columns = super::rows::columns(&schema);
    let watermark = tables.iter().filter_map(|name| stamps(name)).min();
    Ok(Answer { schema, columns, tables, watermark, opened, told })
}

async fn turn(workshop: &Workshop, limits: Limits) -> Result<OwnedSemaphorePermit> {
    let waiting = workshop.turns.clone().acquire_owned();
    match tokio::time::timeout(Duration::from_secs(limits.wait_seconds), waiting).await {
        Ok(turn) => turn.map_err(Problem::internal),
        Err(_) => Err(Problem::unavailable("insight.query.busy")),
    }
}

/// Returns until when each table holds everything.
fn stamps(ground: &Ground) -> impl Fn(&str) -> Option<Timestamp> + use<> {
    let events = ground.watermark;
    let copies: Vec<(String, Timestamp)> =
        ground.copies.iter().map(|copy| (copy.table_name.clone(), copy.watermark)).collect();
    move |name| {
        if name == lake::sql::EVENTS.name {
            return events;
        }
        copies.iter().find(|(known, _)| known == name).map(|(_, at)| *at)
    }
}

impl Listening {
    /// Waits for what is told next, as long as there is time and memory.
    async fn next(&mut self) -> Result<Told> {
        const LOOK_EVERY: Duration = Duration::from_millis(100);
        loop {
            let look = (Instant::now() + LOOK_EVERY).min(self.until);
            match tokio::time::timeout_at(look, self.receiver.recv()).await {
                Ok(Some(told)) => return told,
                Ok(None) => return Err(Problem::internal("the work on a question in SQL broke off")),
                Err(_) if Instant::now() >= self.until => {
                    self.work.abort();
                    return Err(
                        Problem::unavailable("insight.query.too_slow").with("seconds", self.limits.seconds)
                    );
                }
                Err(_) if self.grew() => {
                    self.work.abort();
                    return Err(memory::too_much(self.limits.grown_bytes));
                }
                Err(_) => {}
            }
        }
    }

    fn grew(&self) -> bool {
        let now = memory::resident().zip(self.resident);
        now.is_some_and(|(now, before)| now.saturating_sub(before) > self.limits.grown_bytes)
    }
}

impl Answer {
    /// Returns the columns as Arrow names them.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns the next rows, as columns.
    pub async fn batch(&mut self) -> Result<Option<RecordBatch>> {
        match self.told.next().await? {
            Told::Rows(batch) => Ok(Some(batch)),
            Told::Head(..) | Told::End => Ok(None),
        }
    }

    pub(super) fn opened(&self) -> Scanned {
        self.opened.scanned()
    }
}
