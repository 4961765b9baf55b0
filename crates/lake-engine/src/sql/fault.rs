//! Faults (错误): what DataFusion refuses, as people read it.

use datafusion::error::DataFusionError;
use kernel::Problem;

use super::memory;
use super::workshop::Ground;

/// Longest sentence of the engine that is passed on, in characters.
const SAID_MAX: usize = 500;

/// How DataFusion says that spilled files take more than they may.
const SPILL_IS_FULL: &str = "disk space during the spilling process has exceeded";

/// Says what is wrong with a question.
pub fn wrong(message: impl Into<String>) -> Problem {
    Problem::unprocessable("insight.query.wrong").with("message", message.into())
}

/// Says what is wrong with the text of a question.
pub fn of_text(error: DataFusionError) -> Problem {
    let (line, column) = place(&error).unzip();
    let message = plain(&error);
    match line.zip(column) {
        Some((line, column)) => Problem::unprocessable("insight.query.wrong_at")
            .with("message", message)
            .with("line", line)
            .with("column", column),
        None => wrong(message),
    }
}

/// Says why a question could not be answered.
pub fn of(error: DataFusionError, ground: &Ground) -> Problem {
    // A full spill arrives as a failed write of Arrow, in which nothing but the sentence tells what it was.
    if error.to_string().contains(SPILL_IS_FULL) {
        return memory::too_much(ground.settings.sql.bytes as u64);
    }
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => memory::too_much(ground.settings.sql.bytes as u64),
        DataFusionError::ObjectStore(_)
        | DataFusionError::ParquetError(_)
        | DataFusionError::IoError(_)
        | DataFusionError::ExecutionJoin(_) => {
            tracing::error!(%error, "a question in SQL could not be answered: {error}");
            Problem::internal(error)
        }
        DataFusionError::Internal(_) => {
            tracing::warn!(%error, "the SQL engine does not understand itself: {error}");
            of_text(error)
        }
        _ => of_text(error),
    }
}

/// Returns line and column, from what the engine noted or from its sentence.
fn place(error: &DataFusionError) -> Option<(u64, u64)> {
    if let Some(span) = error.diagnostic().and_then(|found| found.span) {
        return Some((span.start.line, span.start.column));
    }
    let said = error.to_string();
    let number = |word: &str| -> Option<u64> {
        let rest = said.rsplit_once(word)?.1;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    number("Line: ").zip(number("Column: "))
}

/// Returns the sentence without what it says about itself.
fn plain(error: &DataFusionError) -> String {
    let root = error.find_root();
    let said = match error.diagnostic() {
        Some(found) if !found.message.is_empty() => found.message.clone(),
        _ => root.message().into_owned(),
    };
    let said = said.split("\n\nbacktrace:").next().unwrap_or_default();
    let said = said.split(" at Line: ").next().unwrap_or_default();
    let mut said = said.trim();
    for opening in ["ParserError(\"", "TokenizerError(\"", "sql parser error: ", "Error during planning: "] {
        said = said.strip_prefix(opening).unwrap_or(said);
    }
    let said = said.trim_end_matches("\")").replace("\\\"", "\"");
    said.chars().take(SAID_MAX).collect()
}
