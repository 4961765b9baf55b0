use std::collections::HashMap;
use std::time::{Duration, Instant};

use kernel::{Problem, Result};

/// Most groups, periods and cohorts that the questions of one pass have together.
const GROUPS_MAX: usize = 100_000;
/// Most values that are held to be told apart or to be put in order, and most events of one person in a month.
const VALUES_MAX: usize = 5_000_000;
/// Most bytes of the texts that are held.
const TEXT_BYTES_MAX: usize = 64 << 20;

/// Code of a text that is not there.
pub const NONE: u32 = 0;

/// What all questions of a pass hold together (查询内存), with its limits.
///
/// Texts by which events are grouped or told apart are numbered, whichever column they are in.
#[derive(Debug)]
pub struct Held {
    until: Instant,
    limit: Duration,
    groups: usize,
    values: usize,
    bytes: usize,
    codes: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Held {
    /// Begins a pass that may take so long.
    pub fn new(limit: Duration) -> Self {
        let until = Instant::now() + limit;
        Self { until, limit, groups: 0, values: 0, bytes: 0, codes: HashMap::new(), texts: Vec::new() }
    }

    /// Refuses to go on when it takes too long.
    pub fn in_time(&self) -> Result<()> {
        if Instant::now() < self.until {
            return Ok(());
        }
        Err(Problem::unavailable("lake.query.too_slow").with("seconds", self.limit.as_secs()))
    }

    /// Makes room for a group.
    pub fn group(&mut self) -> Result<()> {
        self.groups += 1;
        if self.groups > GROUPS_MAX {
            return Err(Problem::unprocessable("lake.query.too_many_groups").with("most", GROUPS_MAX));
        }
        Ok(())
    }

    /// Makes room for a value.
    pub fn value(&mut self) -> Result<()> {
        self.values(1)
    }

    /// Makes room for values.
    pub fn values(&mut self, values: usize) -> Result<()> {
        self.values += values;
        Self::fits(self.values)
    }

    /// Refuses more values than can be held.
    pub fn fits(values: usize) -> Result<()> {
        if values > VALUES_MAX {
            return Err(Problem::unprocessable("lake.query.too_many_values").with("most", VALUES_MAX));
        }
        Ok(())
    }

    /// Returns the code of a text.
    pub fn code(&mut self, text: &str) -> Result<u32> {
        if let Some(code) = self.codes.get(text) {
            return Ok(*code);
        }
        self.value()?;
        self.bytes += text.len();
        if self.bytes > TEXT_BYTES_MAX {
            return Err(Problem::unprocessable("lake.query.too_many_values").with("most", self.texts.len()));
        }
        self.texts.push(text.into());
        let code = self.texts.len() as u32;
        self.codes.insert(text.into(), code);
        Ok(code)
    }

    /// Returns the text of a code.
    pub fn text(&self, code: u32) -> Option<&str> {
        self.texts.get(code.checked_sub(1)? as usize).map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Held {
        Held::new(Duration::from_secs(60))
    }

    fn code_of(problem: Problem) -> String {
        problem.code.into_owned()
    }

    #[test]
    fn a_text_keeps_its_code() {
        let mut held = held();
        let codes: Vec<u32> = ["a", "b", "a"].iter().map(|text| held.code(text).expect("room")).collect();
        assert_eq!(codes, [1, 2, 1]);
        assert_eq!((held.text(NONE), held.text(2), held.text(3)), (None, Some("b"), None));
    }

    #[test]
    fn there_is_an_end_to_groups_values_texts_and_time() {
        let mut held = held();
        (0..GROUPS_MAX).for_each(|_| held.group().expect("room"));
        assert_eq!(held.group().map_err(code_of), Err("lake.query.too_many_groups".to_owned()));
        held.values = VALUES_MAX;
        assert_eq!(held.value().map_err(code_of), Err("lake.query.too_many_values".to_owned()));
        let mut other = Held::new(Duration::ZERO);
        assert_eq!(other.in_time().map_err(code_of), Err("lake.query.too_slow".to_owned()));
        other.bytes = TEXT_BYTES_MAX;
        assert_eq!(other.code("a").map_err(code_of), Err("lake.query.too_many_values".to_owned()));
    }
}
