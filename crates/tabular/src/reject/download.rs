use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use http_kit::{App, AppState};
use kernel::{Caller, Id, Language, Problem, Result};
use tokio::sync::mpsc;

use super::{RejectRow, service};
use crate::export::neutral;
use crate::file::{self, Layout};
use crate::import::{self, sees_cells};
use crate::target::{self, Target};

/// Runs of rejected rows loaded at a time.
const BATCH: u32 = 2_000;

/// Writes the rejected rows of an import, with reasons and cells, into a file that is gone when closed.
pub(super) async fn write(app: &AppState, caller: &Caller, import_id: Id) -> Result<File> {
    let import = import::service::get(app, caller, import_id).await?;
    let target = target::target(app, &import.noun)?;
    let cells = sees_cells(caller, target.label());
    let (sender, receiver) = mpsc::channel(2);
    let loading = load(app.clone(), import_id, sender);
    let writing = Writing {
        app: app.clone(),
        language: caller.language,
        noun: import.noun,
        target,
        path: app.blobs.path(&import.file_hash),
        layout: import.layout,
        titles: import.titles,
        cells,
    };
    let written = file::blocking(move || writing.write(receiver));
    let (loaded, written) = tokio::join!(loading, written);
    loaded?;
    written
}

async fn load(app: Arc<App>, import_id: Id, sender: mpsc::Sender<Vec<RejectRow>>) -> Result<()> {
    let mut after = None;
    loop {
        let rows = service::after(&app, import_id, after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.first_row);
        if sender.send(rows).await.is_err() {
            // The writer ended first: what it says is what counts.
            return Ok(());
        }
    }
}

struct Writing {
    app: Arc<App>,
    language: Language,
    noun: String,
    target: Arc<dyn Target>,
    path: PathBuf,
    layout: Layout,
    titles: Vec<String>,
    /// False where the caller may not see the cells.
    cells: bool,
}

impl Writing {
    fn write(self, mut batches: mpsc::Receiver<Vec<RejectRow>>) -> Result<File> {
        let mut out = BufWriter::new(tempfile::tempfile().map_err(Problem::internal)?);
        // Excel takes a CSV without this mark for the machine's old charset.
        out.write_all("\u{feff}".as_bytes()).map_err(Problem::internal)?;
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let say = |code: &str| self.app.texts.say(self.language, code, &Default::default());
        let own = ["tabular.rejects.row", "tabular.rejects.field", "tabular.rejects.reason"].map(say);
        let titles: &[String] = if self.cells { &self.titles } else { &[] };
        csv.write_record(own.iter().chain(titles)).map_err(Problem::internal)?;
        let mut runs = std::iter::from_fn(move || batches.blocking_recv()).flatten().peekable();
        file::rows(&self.path, &self.layout, &mut |raw| {
            let number = raw.number as i64;
            while runs.next_if(|run| run.last_row < number).is_some() {}
            let Some(run) = runs.peek() else { return Ok(ControlFlow::Break(())) };
            if raw.header || number < run.first_row {
                return Ok(ControlFlow::Continue(()));
            }
            let mut record = vec![
                number.to_string(),
                self.field(run),
                self.app.texts.say(self.language, &run.code, &run.args),
            ];
            if self.cells {
                record.extend(raw.cells.iter().map(|cell| neutral(cell).into_owned()));
            }
            csv.write_record(&record).map_err(Problem::internal)?;
            Ok(ControlFlow::Continue(()))
        })?;
        let mut file = csv
            .into_inner()
            .map_err(|e| Problem::internal(e.into_error()))?
            .into_inner()
            .map_err(|e| Problem::internal(e.into_error()))?;
        file.rewind().map_err(Problem::internal)?;
        Ok(file)
    }

    fn field(&self, run: &RejectRow) -> String {
        let Some(field) = &run.field else { return String::new() };
        if let Some(title) = self.target.field_title(field, self.language) {
            return title;
        }
        let code = format!("import.{}.{field}", self.noun);
        if self.app.texts.contains(&code) {
            self.app.texts.say(self.language, &code, &Default::default())
        } else {
            field.clone()
        }
    }
}
