use crate::Value;

/// Statements whose answer nobody waits for (随后语句): they go to SQLite with the next one, or with the commit.
///
/// Handing a statement to the driver's thread costs more than most statements do.
#[derive(Debug, Default)]
pub(crate) struct Later {
    statements: Vec<(&'static str, Vec<Value>)>,
}

impl Later {
    /// Begins with a statement.
    pub fn opening(sql: &'static str) -> Self {
        Self { statements: vec![(sql, Vec::new())] }
    }

    /// Adds a statement; its places are `$1` and so on.
    pub fn push(&mut self, sql: &'static str, args: Vec<Value>) {
        self.statements.push((sql, args));
    }

    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Puts these statements before another one; returns the text and its values.
    ///
    /// Values of the other one come first: SQLite counts places without names from the beginning.
    pub fn before(&mut self, sql: String, mut args: Vec<Value>) -> (String, Vec<Value>) {
        if self.is_empty() {
            return (sql, args);
        }
        let later = std::mem::take(self);
        let mut text = String::with_capacity(sql.len() + 400);
        for (statement, values) in later.statements {
            shift(statement, args.len(), &mut text);
            text.push_str("; ");
            args.extend(values);
        }
        text.push_str(&sql);
        (text, args)
    }
}

/// Appends a statement whose places count from so many on.
fn shift(sql: &str, by: usize, text: &mut String) {
    let mut pieces = sql.split('$');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        text.push('$');
        match number.parse::<usize>() {
            Ok(number) => text.push_str(&(number + by).to_string()),
            Err(_) => text.push_str(number),
        }
        text.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_other_statement_come_first() {
        let mut later = Later::opening("SAVEPOINT change");
        later.push("INSERT INTO t (a, b) VALUES ($1, $2)", vec![Value::from(1_i64), Value::from("x")]);
        let (text, args) = later.before("UPDATE t SET a = $1".to_owned(), vec![Value::from(7_i64)]);
        assert_eq!(text, "SAVEPOINT change; INSERT INTO t (a, b) VALUES ($2, $3); UPDATE t SET a = $1");
        assert_eq!(args, vec![Value::from(7_i64), Value::from(1_i64), Value::from("x")]);
        assert_eq!(later.before("SELECT 1".to_owned(), Vec::new()).0, "SELECT 1");
    }
}
