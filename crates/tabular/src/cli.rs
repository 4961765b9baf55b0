//! Import from the command line: the same importer, waited for.

use std::path::Path;

use http_kit::AppState;
use kernel::{Caller, Currency, Id, Problem, Result};
use serde::Serialize;

use crate::file::UNPACKED_MAX;
use crate::import::{self, Finished, Import, ImportState, NewImport, Progress, service};
use crate::mapping::ColumnUse;

/// What the command line says beside noun and file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the rows come from; `import` where nobody says.
    pub source: Option<String>,
    /// The brand that the rows belong to.
    pub brand_id: Option<Id>,
    /// Currency of amounts whose row names none; the company's where nobody says.
    pub currency: Option<Currency>,
    /// What fills each field, for files whose titles do not tell.
    pub columns: Option<Vec<ColumnUse>>,
}

/// Receipt of an import (导入回执): `read = stored + rejected`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The import.
    pub import_id: Id,
    /// Rows read.
    pub read: i64,
    /// Rows stored.
    pub stored: i64,
    /// Rows rejected, those that were there already included.
    pub rejected: i64,
    /// Rows that were there already.
    pub present: i64,
    /// What should be known, in the caller's language.
    pub notes: Vec<String>,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "read {} stored {} rejected {}", self.read, self.stored, self.rejected)
    }
}

/// Imports a file and waits for the end; `progress` is called after each chunk.
///
/// A file whose import was cut goes on where it was cut.
pub async fn import(
    app: &AppState,
    caller: &Caller,
    noun: &str,
    path: &Path,
    options: Options,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Summary> {
    let file = tokio::fs::File::open(path).await.map_err(|error| {
        let problem = Problem::unprocessable("tabular.file.unreadable");
        problem.with("name", path.display().to_string()).with("reason", error.to_string())
    })?;
    let (file_hash, file_bytes) = app.blobs.put_stream(file, UNPACKED_MAX).await?;
    let begun = match find_cut(app, &file_hash, noun, &options).await? {
        Some(cut) => cut,
        None => {
            let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Options { source, brand_id, currency, columns } = options;
            let new = NewImport {
                noun: noun.to_owned(),
                file_name,
                file_hash,
                file_bytes,
                source,
                brand_id,
                currency,
            };
            let import = import::create(app, caller, new).await?;
            match columns {
                None => import,
                Some(columns) => {
                    let patch = import::ImportPatch { columns: Some(columns), ..Default::default() };
                    service::correct(app, caller, import.id, import.version, patch).await?
                }
            }
        }
    };
    let started = service::start_here(app, caller, begun.id, begun.version).await?;
    match import::run(app, started.id, None, &mut progress).await {
        Ok(Finished::Done(import)) => Ok(summary(app, caller, *import)),
        Ok(Finished::Superseded) => Err(Problem::conflict("tabular.import.moved")),
        Err(problem) => {
            import::fail(app, started.id, &problem).await?;
            Err(problem)
        }
    }
}

/// Returns the import of this file that began and did not end, where it was asked for in the same way.
async fn find_cut(
    app: &AppState,
    hash: &blob::Hash,
    noun: &str,
    options: &Options,
) -> Result<Option<Import>> {
    let same = service::of_file(app, hash, noun).await?;
    Ok(same.into_iter().find(|import| {
        matches!(import.state, ImportState::Running | ImportState::Failed)
            && import.brand_id == options.brand_id
            && options.source.as_ref().is_none_or(|source| *source == import.source)
            && options.columns.is_none()
    }))
}

fn summary(app: &AppState, caller: &Caller, import: Import) -> Summary {
    let import = import.spoken(app, caller);
    let mut notes: Vec<String> = import.notes.into_iter().map(|note| note.text).collect();
    if import.present_count > 0 {
        let code = if import.stored_count == 0 && import.present_count == import.read_count {
            "tabular.import.all_present"
        } else {
            "tabular.import.some_present"
        };
        let args = [("count".to_owned(), import.present_count.into())].into();
        notes.push(app.texts.say(caller.language, code, &args));
    }
    Summary {
        import_id: import.id,
        read: import.read_count,
        stored: import.stored_count,
        rejected: import.rejected_count,
        present: import.present_count,
        notes,
    }
}
