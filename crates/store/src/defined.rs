use kernel::{Problem, Result};

use crate::{Dialect, Tx};

/// View over one table that is defined while the product runs (运行时视图): renamed columns of the rows of one kind.
///
/// Names come from checked packs; whatever is no plain name is refused here all the same, so that none can become SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinedView<'v> {
    /// Its name.
    pub name: &'v str,
    /// The table.
    pub table: &'static str,
    /// Columns of the table and the names that they get.
    pub columns: Vec<(String, String)>,
    /// The column that tells the kinds apart, and the one that is shown.
    pub kind: (&'static str, &'v str),
    /// Fixed text behind the condition, such as ` AND archived_at IS NULL`.
    pub rest: &'static str,
}

crate::statements::sql_on! {
    Sqlite:
    FIND_SQLITE = "SELECT name FROM sqlite_schema WHERE type = 'view' AND name = $1";
}
crate::statements::sql_on! {
    Postgres:
    FIND_POSTGRES = "SELECT CAST(viewname AS TEXT) AS name FROM pg_views WHERE schemaname = current_schema() AND viewname = $1";
}

impl DefinedView<'_> {
    /// Returns the text that defines it.
    pub fn definition(&self) -> Result<String> {
        let names = self.columns.iter().flat_map(|(column, name)| [column.as_str(), name.as_str()]);
        let mut names = names.chain([self.name, self.table, self.kind.0, self.kind.1]);
        if let Some(odd) = names.find(|name| !is_plain(name)) {
            return Err(Problem::internal(format!("{odd:?} is no plain name")));
        }
        let columns: Vec<String> =
            self.columns.iter().map(|(column, name)| format!("{column} AS \"{name}\"")).collect();
        let (table, (column, kind), rest) = (self.table, self.kind, self.rest);
        let (name, columns) = (self.name, columns.join(", "));
        Ok(format!("CREATE VIEW {name} AS SELECT {columns} FROM {table} WHERE {column} = '{kind}'{rest}"))
    }
}

fn is_plain(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.len() <= 60 && name.chars().all(letters)
}

impl Tx {
    /// Defines a view, in place of one of the same name.
    pub async fn define_view(&mut self, view: &DefinedView<'_>) -> Result<()> {
        let definition = view.definition()?;
        let script = format!("DROP VIEW IF EXISTS {}; {definition};", view.name);
        self.script(script).await
    }

    /// Returns whether a view of this name is there.
    pub async fn has_view(&mut self, name: &str) -> Result<bool> {
        let find = match self.dialect() {
            Dialect::Sqlite => FIND_SQLITE,
            Dialect::Postgres => FIND_POSTGRES,
        };
        Ok(self.find::<String>(find, crate::args![name]).await?.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_sql() {
        let view = |name: &'static str| DefinedView {
            name: "v_record_risk",
            table: "rulebook_record",
            columns: vec![("s1".into(), name.into())],
            kind: ("type_id", "risk"),
            rest: "",
        };
        assert_eq!(
            view("order").definition().expect("plain"),
            "CREATE VIEW v_record_risk AS SELECT s1 AS \"order\" FROM rulebook_record WHERE type_id = 'risk'"
        );
        assert!(view("a\"; DROP TABLE x; --").definition().is_err());
    }
}
