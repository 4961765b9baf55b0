use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Result};
use serde_json::Value as Json;

use super::{Import, Preview, PreviewRow, RowProblem, run, sees_cells, service};
use crate::export::decimal;
use crate::file;
use crate::mapping::RowReader;
use crate::target::{Datum, FieldKind, FieldSpec, MappedRow, Reject, RowOutcome, Target};

/// Rows shown before the start.
const ROWS: usize = 20;

/// Reads the first rows as they would be stored.
pub(super) async fn preview(app: &App, caller: &Caller, id: Id) -> Result<Preview> {
    let (import, target) = service::get_to_run(app, caller, id).await?;
    let fields = target.fields();
    let (path, layout) = (app.blobs.path(&import.file_hash), import.layout.clone());
    let head = file::blocking(move || file::head(&path, &layout, ROWS + 1)).await?;
    let reader = RowReader::new(fields, &import.columns, app.settings.time_zone.clone())?;
    let unfilled = |f: &&FieldSpec| f.required && !import.columns.iter().any(|used| used.field == f.name);
    let width = head.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut rows = Vec::new();
    let mut sound = Vec::new();
    for raw in head.iter().filter(|row| !row.header).take(ROWS) {
        let (values, problem) = match reader.read(raw) {
            Ok(row) => {
                let shown = values(fields, &row.values);
                sound.push((rows.len(), row));
                (shown, None)
            }
            Err(reject) => (BTreeMap::new(), Some(RowProblem::of(reject, app, caller))),
        };
        let cells = raw.cells.iter().map(str::to_owned).collect();
        rows.push(PreviewRow { number: raw.number, cells, values, problem });
    }
    if target.rehearses() {
        for (place, reject) in rehearse(app, &import, target.as_ref(), sound).await? {
            if let Some(row) = rows.get_mut(place) {
                row.problem = Some(RowProblem::of(reject, app, caller));
            }
        }
    }
    Ok(Preview {
        titles: import.titles,
        width,
        missing_fields: fields.iter().filter(unfilled).map(|field| field.name.to_owned()).collect(),
        rows: sees_cells(caller, target.label()).then_some(rows),
    })
}

/// Stores rows and takes them back at once; returns those that would be rejected, by their place.
async fn rehearse(
    app: &App,
    import: &Import,
    target: &dyn Target,
    sound: Vec<(usize, MappedRow)>,
) -> Result<Vec<(usize, Reject)>> {
    let (places, rows): (Vec<usize>, Vec<MappedRow>) = sound.into_iter().unzip();
    let mut tx = app.store.begin(&run::caller_of(import)).await?;
    // What is not committed was never there.
    let outcomes = target.store(app, &mut tx, &import.reference(), rows).await?;
    drop(tx);
    let rejected = places.into_iter().zip(outcomes).filter_map(|(place, outcome)| match outcome {
        RowOutcome::Rejected(reject) => Some((place, reject)),
        RowOutcome::Stored | RowOutcome::Unchanged => None,
    });
    Ok(rejected.collect())
}

fn values(fields: &[FieldSpec], values: &[Option<Datum>]) -> BTreeMap<String, Json> {
    let shown = fields
        .iter()
        .zip(values)
        .filter_map(|(field, value)| Some((field.name.to_owned(), shown(field.kind, value.as_ref()?))));
    shown.collect()
}

fn shown(kind: FieldKind, datum: &Datum) -> Json {
    match (datum, kind) {
        (Datum::Text(text), _) => Json::from(text.as_str()),
        (Datum::Integer(number), FieldKind::Decimal(places)) => Json::from(short(*number, places)),
        (Datum::Integer(number), FieldKind::Money) => Json::from(short(*number, 2)),
        (Datum::Integer(number), _) => Json::from(*number),
        (Datum::Day(day), _) => Json::from(day.to_string()),
        (Datum::Time(time), _) => Json::from(time.to_string()),
        (Datum::Boolean(truth), _) => Json::from(*truth),
    }
}

/// Writes a scaled number without the zeros at its end, but with two places at least.
fn short(number: i64, places: u8) -> String {
    let mut text = decimal(number, places);
    let fraction = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    while text.ends_with('0') && fraction(&text) > 2 {
        text.pop();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_numbers_are_shown_with_their_fraction() {
        assert_eq!(short(2_550_000, 6), "2.55");
        assert_eq!(short(-500, 3), "-0.50");
        assert_eq!(short(1_234_567, 6), "1.234567");
    }
}
