use super::Separator;
use crate::value;

/// Rows looked at to choose a separator.
const ROWS: usize = 200;

/// Chooses the separator under which the rows of a text agree best; `text` ends with a whole line.
pub(super) fn separator(text: &str) -> Separator {
    let candidates = [Separator::Comma, Separator::Tab, Separator::Semicolon, Separator::Pipe];
    let mut best = (Separator::Comma, Fit::default());
    for separator in candidates {
        let fit = Fit::of(&widths(text, separator));
        if fit.better_than(best.1) {
            best = (separator, fit);
        }
    }
    if best.1.columns >= 2 && best.1.agreement >= 0.6 {
        return best.0;
    }
    let blanks = Fit::of(&widths(text, Separator::Blanks));
    // Sentences have blanks as well: only rows that agree throughout are columns.
    if blanks.columns >= 2 && blanks.agreement >= 0.98 { Separator::Blanks } else { best.0 }
}

/// How well rows agree on a number of columns.
#[derive(Clone, Copy, Debug, Default)]
struct Fit {
    columns: usize,
    agreement: f64,
}

impl Fit {
    fn of(widths: &[usize]) -> Self {
        let widest = widths.iter().copied().max().unwrap_or(0);
        let share = |columns: usize| {
            let count = widths.iter().filter(|w| **w == columns).count();
            count as f64 / widths.len().max(1) as f64
        };
        // Of widths that as many rows have, the larger one says more.
        let columns = (1..=widest).max_by(|a, b| share(*a).total_cmp(&share(*b)).then(a.cmp(b))).unwrap_or(0);
        Self { columns, agreement: share(columns) }
    }

    fn better_than(self, other: Self) -> bool {
        match (self.columns >= 2, other.columns >= 2) {
            (true, false) => self.agreement >= 0.6,
            (false, _) => false,
            (true, true) => (self.agreement, self.columns) > (other.agreement, other.columns),
        }
    }
}

fn widths(text: &str, separator: Separator) -> Vec<usize> {
    let Some(byte) = separator.byte() else {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).take(ROWS);
        return lines.map(|line| line.split_whitespace().count()).collect();
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(byte)
        .from_reader(text.as_bytes());
    reader.records().filter_map(Result::ok).take(ROWS).map(|record| record.len()).collect()
}

/// Decides whether the first row holds titles. `known`: is this a title of some field?
pub(super) fn has_header(rows: &[Vec<String>], known: &dyn Fn(&str) -> bool) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    if first.iter().any(|cell| known(cell)) {
        return true;
    }
    let filled: Vec<&str> = first.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    if filled.iter().any(|cell| value::looks_like_data(cell)) {
        return false;
    }
    let mut distinct = filled.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() != filled.len() {
        return false;
    }
    // Titles over columns of numbers and dates, or titles that no row below repeats.
    let typed = rest.iter().take(ROWS).any(|row| row.iter().any(|cell| value::looks_like_data(cell.trim())));
    let repeated = |(place, title): (usize, &String)| {
        !title.trim().is_empty() && rest.iter().any(|row| row.get(place).is_some_and(|cell| cell == title))
    };
    typed || !first.iter().enumerate().any(repeated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_on_which_the_rows_agree() {
        assert_eq!(separator("a,b\n1,\"x;y;z\"\n2,q\n"), Separator::Comma);
        assert_eq!(separator("a;b;c\n1;2,5;3\n4;5,5;6\n"), Separator::Semicolon);
        assert_eq!(separator("a\tb\n1\tx, y\n"), Separator::Tab);
        assert_eq!(separator("a|b\n1|2\n"), Separator::Pipe);
        assert_eq!(
            separator(" 00004 0001 19970101  2   29.33\n 00005 0002 19970102  1    9.33\n"),
            Separator::Blanks
        );
        assert_eq!(separator("email\na@b.invalid\nc@d.invalid\n"), Separator::Comma);
        assert_eq!(separator("remark\nvery good\nnot at all good\n"), Separator::Comma);
    }

    #[test]
    fn titles_are_told_from_data() {
        let rows = |text: &str| -> Vec<Vec<String>> {
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
        };
        let nothing = |_: &str| false;
        assert!(has_header(&rows("name,total\nA,5\nB,6"), &nothing));
        assert!(!has_header(&rows("00004,19970101,29.33\n00005,19970102,3.10"), &nothing));
        assert!(!has_header(&rows("red,apple\ngreen,apple\nred,cherry"), &nothing));
        assert!(has_header(&rows("2019,name\n5,x"), &|title| title == "name"));
    }
}
