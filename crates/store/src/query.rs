use kernel::{Dimension, Scope};

use crate::Value;

/// Columns by which a noun's rows can be narrowed; those that it does not have stay `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScopeColumns {
    /// Column with the brand's id.
    pub brand: Option<&'static str>,
    /// Column with the department's id.
    pub department: Option<&'static str>,
    /// Column with the owner's id.
    pub owner: Option<&'static str>,
}

impl ScopeColumns {
    /// The usual names on all three.
    pub const USUAL: Self =
        Self { brand: Some("brand_id"), department: Some("department_id"), owner: Some("owner_id") };

    /// Returns the column of a dimension.
    pub fn of(&self, dimension: Dimension) -> Option<&'static str> {
        match dimension {
            Dimension::Brand => self.brand,
            Dimension::Department => self.department,
            Dimension::Own => self.owner,
        }
    }
}

/// A statement put together from fixed pieces and bound values; input can never become SQL.
///
/// Begin with a text that ends in a `WHERE` condition (`WHERE TRUE` if there is none).
#[derive(Clone, Debug)]
pub struct Query {
    sql: String,
    args: Vec<Value>,
    /// True where every place was written by [`Self::bind`]: first place, first value, and so on.
    in_order: bool,
}

impl Query {
    /// Starts with fixed text and its values.
    pub fn new(sql: &'static str, args: Vec<Value>) -> Self {
        Self { sql: sql.to_owned(), args, in_order: !sql.contains('$') }
    }

    /// Appends fixed text.
    pub fn push(&mut self, sql: &'static str) -> &mut Self {
        self.in_order &= !sql.contains('$');
        self.sql.push_str(sql);
        self
    }

    /// Appends a place for a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.args.push(value.into());
        self.sql.push('$');
        self.sql.push_str(&self.args.len().to_string());
        self
    }

    /// Appends ` AND <condition> <place>`, as in `and("city =", city)`.
    pub fn and(&mut self, condition: &'static str, value: impl Into<Value>) -> &mut Self {
        self.push(" AND ").push(condition).push(" ").bind(value)
    }

    /// Appends the condition only where there is a value.
    pub fn and_some<T: Into<Value>>(&mut self, condition: &'static str, value: Option<T>) -> &mut Self {
        if let Some(value) = value {
            self.and(condition, value);
        }
        self
    }

    /// Appends ` AND <column> IN (…)`; an empty list matches nothing.
    pub fn and_in<T: Into<Value>>(
        &mut self,
        column: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.push(" AND ").any_of(column, values)
    }

    /// Appends `<column> IN (…)` without a conjunction.
    pub fn any_of<T: Into<Value>>(
        &mut self,
        column: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self.push("FALSE");
        }
        self.push(column).push(" IN (");
        for (place, value) in values.enumerate() {
            if place > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    /// Appends a search for `text` anywhere in `column`, without regard to case, wildcards taken literally.
    pub fn and_contains(&mut self, column: &'static str, text: &str) -> &mut Self {
        let mut pattern = String::with_capacity(text.len() + 2);
        pattern.push('%');
        for character in text.to_lowercase().chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('%');
        self.push(" AND LOWER(").push(column).push(") LIKE ").bind(pattern).push(" ESCAPE '\\'")
    }

    /// Narrows to the rows of a scope: the one way in which grants reach SQL.
    pub fn scope(&mut self, scope: &Scope, columns: ScopeColumns) -> &mut Self {
        self.narrow(scope, columns, None)
    }

    /// The same for nouns to whose rows guests are invited; `row` is the column with the row's own id.
    pub fn scope_of_rows(&mut self, scope: &Scope, columns: ScopeColumns, row: &'static str) -> &mut Self {
        self.narrow(scope, columns, Some(row))
    }

    fn narrow(&mut self, scope: &Scope, columns: ScopeColumns, row: Option<&'static str>) -> &mut Self {
        if scope.everything {
            return self;
        }
        self.push(" AND (FALSE");
        if let (Some(column), false) = (columns.brand, scope.brands.is_empty()) {
            self.push(" OR ").any_of(column, &scope.brands);
        }
        if let (Some(column), false) = (columns.department, scope.departments.is_empty()) {
            self.push(" OR ").any_of(column, &scope.departments);
        }
        if let (Some(column), Some(owner)) = (columns.owner, scope.owner) {
            self.push(" OR ").push(column).push(" = ").bind(owner);
        }
        if let (Some(column), false) = (row, scope.rows.is_empty()) {
            self.push(" OR ").any_of(column, &scope.rows);
        }
        self.push(")")
    }

    /// Appends ` LIMIT` one row more than the page shows (see `Page::from_overfull`).
    pub fn limit_overfull(&mut self, size: u32) -> &mut Self {
        self.push(" LIMIT ").bind(i64::from(size) + 1)
    }

    /// Returns the text, for tests and plans.
    pub fn text(&self) -> &str {
        &self.sql
    }

    pub(crate) fn into_parts(self) -> (String, Vec<Value>) {
        (self.sql, self.args)
    }

    /// Returns text and values as SQLite likes them: it finds `$12` by walking through the names of all places,
    /// so a statement's cost would grow with the square of its places; nameless ones are found by counting.
    pub(crate) fn into_nameless_parts(self) -> (String, Vec<Value>) {
        if !self.in_order {
            return self.into_parts();
        }
        let mut sql = String::with_capacity(self.sql.len());
        let mut digits = false;
        for character in self.sql.chars() {
            match character {
                '$' => {
                    sql.push('?');
                    digits = true;
                }
                '0'..='9' if digits => {}
                other => {
                    digits = false;
                    sql.push(other);
                }
            }
        }
        (sql, self.args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[test]
    fn input_becomes_values_never_text() {
        let mut query = Query::new("SELECT id FROM t WHERE TRUE", vec![]);
        query.and("city =", "'; DROP TABLE t; --").and_contains("name", "50%_");
        assert_eq!(
            query.text(),
            r"SELECT id FROM t WHERE TRUE AND city = $1 AND LOWER(name) LIKE $2 ESCAPE '\'"
        );
        assert_eq!(query.into_parts().1[1], Value::from(r"%50\%\_%"));
    }

    #[test]
    fn places_lose_their_names_only_where_they_stand_in_order() {
        let mut query = Query::new("SELECT id FROM t WHERE TRUE", vec![]);
        query.and("a =", 1_i64).and_in("b", [2_i64, 3]).push(" AND c = 10");
        let (sql, args) = query.into_nameless_parts();
        assert_eq!(sql, "SELECT id FROM t WHERE TRUE AND a = ? AND b IN (?, ?) AND c = 10");
        assert_eq!(args.len(), 3);
        let mut query = Query::new("SELECT $1, $1", vec![Value::from(1_i64)]);
        query.and("a =", 2_i64);
        assert_eq!(query.into_nameless_parts().0, "SELECT $1, $1 AND a = $2");
    }

    #[test]
    fn an_empty_scope_shows_nothing() {
        let mut query = Query::new("SELECT id FROM t WHERE TRUE", vec![]);
        query.scope(&Scope::default(), ScopeColumns::USUAL);
        assert_eq!(query.text(), "SELECT id FROM t WHERE TRUE AND (FALSE)");
        let mut query = Query::new("SELECT id FROM t WHERE TRUE", vec![]);
        let scope = Scope { brands: vec![Id::new()], ..Scope::default() };
        // A noun without a brand column shows nothing to a grant that is narrowed by brand.
        query.scope(&scope, ScopeColumns::default());
        assert_eq!(query.text(), "SELECT id FROM t WHERE TRUE AND (FALSE)");
        // Rows to which a guest was invited are rows of the noun that lets guests in.
        let scope = Scope { rows: vec![Id::new()], ..Scope::default() };
        let mut query = Query::new("SELECT id FROM t WHERE TRUE", vec![]);
        query.scope(&scope, ScopeColumns::USUAL);
        assert_eq!(query.text(), "SELECT id FROM t WHERE TRUE AND (FALSE)");
        let mut query = Query::new("SELECT id FROM t WHERE TRUE", vec![]);
        query.scope_of_rows(&scope, ScopeColumns::USUAL, "id");
        assert!(query.text().contains(" OR id "), "{}", query.text());
    }
}
