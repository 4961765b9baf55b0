use std::sync::Arc;

use blob::Hash;
use http_kit::App;
use kernel::{Caller, Currency, Id, Result};
use store::{Audit, args, json};

use super::{Import, ImportState, Note, rules, service, sql};
use crate::file::{self, Detected};
use crate::mapping::{self, ColumnUse};
use crate::permissions::IMPORT_RUN;
use crate::target::{self, Target};

/// A file that arrived, and what its sender said of it.
#[derive(Clone, Debug)]
pub(crate) struct NewImport {
    pub noun: String,
    pub file_name: String,
    pub file_hash: Hash,
    pub file_bytes: u64,
    pub source: Option<String>,
    pub brand_id: Option<Id>,
    pub currency: Option<Currency>,
}

/// Refuses whoever may not import this noun into this brand.
pub(crate) async fn authorise(
    app: &App,
    caller: &Caller,
    target: &dyn Target,
    brand_id: Option<Id>,
) -> Result<()> {
    caller.scope(IMPORT_RUN)?.require_new(brand_id, None, caller.find_user_id())?;
    target.authorise(app, caller, brand_id).await
}

/// Looks at a file, proposes its mapping, and keeps it for its start.
pub(crate) async fn create(app: &App, caller: &Caller, new: NewImport) -> Result<Import> {
    let target = target::target(app, &new.noun)?;
    authorise(app, caller, target.as_ref(), new.brand_id).await?;
    if let Some(source) = &new.source {
        rules::check_source(source)?;
    }
    let path = app.blobs.path(&new.file_hash);
    let (name, known) = (new.file_name.clone(), target.clone());
    let detected = file::blocking(move || {
        file::detect(&path, &name, &|title| mapping::rules::is_known(known.fields(), title))
    })
    .await?;
    let saved = mapping::service::find_fitting(app, &new.noun, &detected.titles).await?;
    let (columns, source) = match saved {
        Some((columns, source)) => (columns, Some(source)),
        None => (mapping::rules::propose(target.fields(), &detected.titles), None),
    };
    let mut import = draft(app, caller, new, source, &detected, columns);
    import.notes = notes(app, &target, &mut import, &detected).await?;
    insert(app, caller, &import).await?;
    Ok(import)
}

fn draft(
    app: &App,
    caller: &Caller,
    new: NewImport,
    saved_source: Option<String>,
    detected: &Detected,
    columns: Vec<ColumnUse>,
) -> Import {
    let now = app.store.now();
    Import {
        id: Id::new(),
        noun: new.noun,
        source: new.source.or(saved_source).unwrap_or_else(|| rules::SOURCE_DEFAULT.to_owned()),
        brand_id: new.brand_id,
        currency: new.currency.unwrap_or_else(|| app.settings.currency.clone()),
        file_name: rules::file_name(&new.file_name),
        file_hash: new.file_hash,
        file_bytes: i64::try_from(new.file_bytes).unwrap_or(i64::MAX),
        layout: detected.layout.clone(),
        sheets: detected.sheets.clone(),
        titles: detected.titles.clone(),
        columns,
        notes: Vec::new(),
        state: ImportState::Ready,
        read_count: 0,
        stored_count: 0,
        rejected_count: 0,
        present_count: 0,
        undone_count: 0,
        bytes_done: 0,
        failure: None,
        created_by: caller.find_user_id(),
        created_by_name: caller.name().to_owned(),
        created_at: now,
        updated_at: now,
        started_at: None,
        finished_at: None,
        version: 1,
    }
}

/// Settles the spelling of the columns and says what should be known.
pub(super) async fn notes(
    app: &App,
    target: &Arc<dyn Target>,
    import: &mut Import,
    detected: &Detected,
) -> Result<Vec<Note>> {
    let mut notes = rules::file_notes(detected.misnamed, import);
    notes.extend(target.notes());
    notes.extend(mapping::rules::settle(
        target.fields(),
        &mut import.columns,
        &import.titles,
        &detected.sample,
    ));
    let earlier = service::of_file(app, &import.file_hash, &import.noun).await?;
    let done = |i: &&Import| i.id != import.id && matches!(i.state, ImportState::Done | ImportState::Running);
    if let Some(earlier) = earlier.iter().find(done) {
        let note = Note::new("tabular.note.same_file").with("import_id", earlier.id.to_string());
        notes.push(note.with("at", earlier.created_at.to_string()).with("source", earlier.source.clone()));
    }
    Ok(notes)
}

async fn insert(app: &App, caller: &Caller, import: &Import) -> Result<()> {
    let mut tx = app.store.begin(caller).await?;
    let args = args![
        import.id,
        &import.noun,
        &import.source,
        import.brand_id,
        import.currency.as_str(),
        &import.file_name,
        import.file_hash.as_str(),
        import.file_bytes,
        json(&import.layout),
        json(&import.sheets),
        json(&import.titles),
        json(&import.columns),
        json(&import.notes),
        import.state.as_str(),
        import.created_by,
        &import.created_by_name,
        import.created_at,
    ];
    tx.exec(sql::INSERT, args).await?;
    let facts =
        serde_json::json!({ "noun": import.noun, "file": import.file_name, "sha256": import.file_hash });
    tx.audit(Audit::new("upload", "tabular.import", import.id).within(import.brand_id, None).with(facts))
        .await?;
    tx.commit().await
}
