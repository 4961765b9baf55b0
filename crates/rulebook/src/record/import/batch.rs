use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Problem, Result};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use store::{Query, Tx, args};
use tabular::{ImportRef, MappedRow, Reject, RowOutcome};

use super::super::write::{Draft, Row, make};
use super::super::{names, sql};
use super::lookup::Lookup;
use super::{RecordTarget, fields};

/// Keys that one statement asks for.
const KEYS_AT_ONCE: usize = 300;

/// Some rows of one import on their way to become records (导入批次).
pub struct Batch<'b> {
    target: &'b RecordTarget,
    import: &'b ImportRef,
    lookup: Lookup,
    /// Rows that became records before, by what they say.
    known: BTreeMap<String, Id>,
    /// Records that rows name by their numbers.
    numbered: BTreeMap<String, Row>,
    /// In whose name the records are made.
    caller: Caller,
    /// The department that they get where a row names none.
    home: Option<Id>,
    /// Where the maker may make records, as far as it was asked.
    allowed: BTreeMap<(Option<Id>, Option<Id>), bool>,
}

impl<'b> Batch<'b> {
    /// Looks up in bulk what the rows need to know.
    pub async fn load(
        app: &App,
        tx: &mut Tx,
        target: &'b RecordTarget,
        import: &'b ImportRef,
        rows: &[MappedRow],
    ) -> Result<Self> {
        let lookup = Lookup::load(app, tx, target, rows).await?;
        let mut caller = tx.caller();
        let maker = import.created_by;
        if let (Some(user), Ok(people)) = (maker, app.people.get()) {
            // Refusals of the type's own sentences are kept in the language of whoever will read them.
            let language = people.people(tx, &[user]).await?.into_iter().find_map(|person| person.language);
            caller.language = language.unwrap_or(caller.language);
        }
        let home = names::department_of(tx, app, maker).await?;
        let (known, numbered) = (BTreeMap::new(), BTreeMap::new());
        let mut batch =
            Self { target, import, lookup, known, numbered, caller, home, allowed: BTreeMap::new() };
        batch.find_known(tx, rows).await?;
        batch.find_numbered(tx, rows).await?;
        Ok(batch)
    }

    async fn find_known(&mut self, tx: &mut Tx, rows: &[MappedRow]) -> Result<()> {
        let keys: Vec<String> = rows.iter().map(|row| self.key(row)).collect();
        for some in keys.chunks(KEYS_AT_ONCE) {
            let mut query = Query::new(sql::IMPORTED_ROWS, args![]);
            query.and("type_id =", &self.target.record_type.spec.id);
            query.and_in("row_key", some.iter().map(String::as_str));
            self.known.extend(tx.list::<(String, Id)>(query).await?);
        }
        Ok(())
    }

    async fn find_numbered(&mut self, tx: &mut Tx, rows: &[MappedRow]) -> Result<()> {
        let Some(place) = self.place(fields::NUMBER) else { return Ok(()) };
        let numbers: Vec<&str> = rows.iter().filter_map(|row| row.text(place)).collect();
        for some in numbers.chunks(KEYS_AT_ONCE) {
            let mut query = Query::new(sql::SOME, args![]);
            query.and("type_id =", &self.target.record_type.spec.id).push(" AND archived_at IS NULL");
            query.and_in("number", some.iter().copied());
            let found: Vec<Row> = tx.list(query).await?;
            self.numbered.extend(found.into_iter().map(|row| (row.number.clone(), row)));
        }
        Ok(())
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.target.fields.iter().position(|column| column.name == name)
    }

    /// Returns what a row is known by for ever: where it comes from and all that it says.
    fn key(&self, row: &MappedRow) -> String {
        let mut hash = Sha256::new();
        hash.update(store::json(&self.import.source));
        for (column, value) in self.target.fields.iter().zip(&row.values) {
            if let Some(value) = value {
                hash.update(store::json(&(column.name, format!("{value:?}"))));
            }
        }
        hex::encode(hash.finalize())
    }

    /// Makes a record of a row, or says why not.
    pub async fn take(&mut self, app: &App, tx: &mut Tx, row: &MappedRow) -> Result<RowOutcome> {
        let key = self.key(row);
        if self.known.contains_key(&key) {
            return Ok(RowOutcome::Unchanged);
        }
        let draft = match self.draft(row) {
            Ok(draft) => draft,
            Err(reject) => return Ok(reject.into()),
        };
        let number = self.place(fields::NUMBER).and_then(|place| row.text(place));
        if let Some(there) = number.and_then(|number| self.numbered.get(number)) {
            return Ok(compare(there, &draft.values));
        }
        if !self.may(app, tx, &draft).await? {
            return Ok(Reject::new("access.outside_scope").into());
        }
        let record_type = &self.target.record_type;
        match make(tx, app, &self.caller, record_type, draft).await {
            Ok(id) => {
                let args = args![&record_type.spec.id, &key, id, self.import.id, tx.now()];
                tx.exec_one(sql::INSERT_IMPORTED, args).await?;
                self.known.insert(key, id);
                Ok(RowOutcome::Stored)
            }
            Err(problem) if problem.status < 500 => Ok(rejected(problem).into()),
            Err(problem) => Err(problem),
        }
    }

    /// Reads the cells of a row as a record to be made.
    fn draft(&self, row: &MappedRow) -> std::result::Result<Draft, Reject> {
        let mut draft = Draft {
            owner_id: self.import.created_by,
            department_id: self.home,
            brand_id: self.import.brand_id,
            ..Draft::default()
        };
        for (column, value) in self.target.fields.iter().zip(&row.values) {
            let Some(value) = value else { continue };
            if let Some(field) = self.target.record_type.field(column.name) {
                draft.values.insert(field.key.clone(), self.lookup.value(field, value)?);
                continue;
            }
            let tabular::Datum::Text(word) = value else { continue };
            match column.name {
                fields::OWNER => draft.owner_id = self.lookup.base(column.name, word)?,
                fields::DEPARTMENT => draft.department_id = self.lookup.base(column.name, word)?,
                fields::BRAND => draft.brand_id = self.lookup.base(column.name, word)?,
                _ => {}
            }
        }
        Ok(draft)
    }

    /// Returns whether the maker may make a record there; their own place was asked about before the import began.
    async fn may(&mut self, app: &App, tx: &mut Tx, draft: &Draft) -> Result<bool> {
        let Some(maker) = self.import.created_by else { return Ok(true) };
        let place = (draft.brand_id, draft.department_id);
        let own = place == (self.import.brand_id, self.home) && draft.owner_id == Some(maker);
        if own {
            return Ok(true);
        }
        if let Some(known) = self.allowed.get(&place) {
            return Ok(*known);
        }
        let permission = self.target.record_type.write.code;
        let holders = app.people.get()?.holders_of_permission(tx, permission, place.0, place.1).await?;
        let may = holders.contains(&maker);
        self.allowed.insert(place, may);
        Ok(may)
    }
}

/// A record that a row names by its number says the same, or something else.
fn compare(there: &Row, values: &Map<String, Json>) -> RowOutcome {
    if values.iter().all(|(key, value)| there.document.get(key) == Some(value)) {
        return RowOutcome::Unchanged;
    }
    Reject::new("rulebook.record.import.number_taken")
        .of(fields::NUMBER)
        .with("number", there.number.as_str())
        .into()
}

/// A refusal of the type as the reason of a row: of many fields at fault the first, of one sentence the sentence.
fn rejected(problem: Problem) -> Reject {
    if problem.code == "rulebook.record.invalid" {
        return problem.into();
    }
    let field = problem.fields.first().map(|field| field.field.clone());
    Reject { code: problem.code.into_owned(), field, args: problem.args }
}
