//! Many rows at once into PostgreSQL: its COPY parses one line of text, where an INSERT parses, plans and binds every
//! value of every chunk.

use std::fmt::Write;

use kernel::Result;
use sqlx::PgConnection;

use crate::Value;
use crate::error::problem;

/// Bytes that are sent at a time.
const BUFFER: usize = 256 << 10;

/// Returns the COPY that stores what `INSERT INTO t (a, b) VALUES` would.
pub(crate) fn statement(head: &str) -> Option<String> {
    let target = head.trim().strip_prefix("INSERT INTO ")?.strip_suffix("VALUES")?;
    Some(format!("COPY {} FROM STDIN", target.trim()))
}

/// Copies rows and returns how many.
pub(crate) async fn copy(connection: &mut PgConnection, statement: &str, rows: &[Vec<Value>]) -> Result<u64> {
    let mut target = connection.copy_in_raw(statement).await.map_err(problem)?;
    let mut text = String::with_capacity(BUFFER + (BUFFER >> 3));
    for row in rows {
        push_row(&mut text, row);
        if text.len() >= BUFFER {
            target.send(text.as_bytes()).await.map_err(problem)?;
            text.clear();
        }
    }
    target.send(text.as_bytes()).await.map_err(problem)?;
    target.finish().await.map_err(problem)
}

fn push_row(text: &mut String, row: &[Value]) {
    for (place, value) in row.iter().enumerate() {
        if place > 0 {
            text.push('\t');
        }
        match value {
            Value::Text(Some(v)) => push_text(text, v),
            Value::Integer(Some(v)) => write!(text, "{v}").expect("a string takes everything"),
            Value::Real(Some(v)) => write!(text, "{v}").expect("a string takes everything"),
            Value::Boolean(Some(v)) => text.push(if *v { 't' } else { 'f' }),
            Value::Bytes(Some(v)) => {
                text.push_str("\\\\x");
                text.push_str(&hex::encode(v));
            }
            Value::Text(None)
            | Value::Integer(None)
            | Value::Real(None)
            | Value::Boolean(None)
            | Value::Bytes(None)
            // What is to be sealed was, before it came here.
            | Value::Sealed(_) => {
                text.push_str("\\N");
            }
        }
    }
    text.push('\n');
}

/// Escapes what separates values and rows.
fn push_text(text: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_names_its_copy() {
        let head = "INSERT INTO thing (id,\n    name) VALUES";
        assert_eq!(statement(head).as_deref(), Some("COPY thing (id,\n    name) FROM STDIN"));
        assert_eq!(statement("INSERT INTO thing (id) SELECT"), None);
    }

    #[test]
    fn what_separates_is_escaped() {
        let mut text = String::new();
        push_row(&mut text, &crate::args!["a\tb\\N\r\n", None::<&str>, 7_i64, true, 1.5, vec![0_u8, 255]]);
        assert_eq!(text, "a\\tb\\\\N\\r\\n\t\\N\t7\tt\t1.5\t\\\\x00ff\n");
    }
}
