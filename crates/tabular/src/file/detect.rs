use std::path::Path;

use kernel::{Problem, Result};

use super::{Charset, Form, Layout, Packing, charset, dialect, head, kinds, sheet, unpack};

/// Unpacked bytes by which encoding and separator are judged.
const HEAD_BYTES: usize = 1 << 20;
/// Rows by which titles, dates and numbers are judged.
const HEAD_ROWS: usize = 2_000;

/// What a file turned out to be.
#[derive(Clone, Debug)]
pub struct Detected {
    /// How its cells are found.
    pub layout: Layout,
    /// Sheets of a workbook.
    pub sheets: Vec<String>,
    /// The titles, where there are some.
    pub titles: Vec<String>,
    /// The first rows below them.
    pub sample: Vec<Vec<String>>,
    /// True where the name promises another kind of file than this is.
    pub misnamed: bool,
}

/// Finds out what a file is. `name`: what people call it; `known`: is this a title of some field?
pub fn detect(path: &Path, name: &str, known: &dyn Fn(&str) -> bool) -> Result<Detected> {
    let (packing, form) = kinds::kind(path)?;
    let mut layout = Layout { packing, form, charset: None, separator: None, sheet: None, header: false };
    let mut sheets = Vec::new();
    match form {
        Form::Xlsx => {
            sheets = sheet::sheets(path, packing)?;
            layout.sheet = sheets.first().cloned();
        }
        Form::Text => {
            let (charset, text) = beginning(path, packing)?;
            layout.charset = Some(charset);
            layout.separator = Some(dialect::separator(&text));
        }
    }
    let misnamed = is_misnamed(name, packing, form);
    let mut detected = Detected { layout, sheets, titles: Vec::new(), sample: Vec::new(), misnamed };
    detected.look(path, Some(known))?;
    Ok(detected)
}

impl Detected {
    /// Looks at a file whose layout a person corrected.
    pub fn by_layout(path: &Path, name: &str, layout: Layout) -> Result<Self> {
        let (packing, form) = kinds::kind(path)?;
        if (packing, form) != (layout.packing, layout.form) {
            return Err(Problem::unprocessable("tabular.file.layout_does_not_fit"));
        }
        let sheets = if form == Form::Xlsx { sheet::sheets(path, packing)? } else { Vec::new() };
        let misnamed = is_misnamed(name, packing, form);
        let mut detected = Self { layout, sheets, titles: Vec::new(), sample: Vec::new(), misnamed };
        detected.look(path, None)?;
        Ok(detected)
    }

    /// Reads the first rows; decides about titles where `known` is given.
    fn look(&mut self, path: &Path, known: Option<&dyn Fn(&str) -> bool>) -> Result<()> {
        let raw = head(path, &self.layout, HEAD_ROWS)?;
        let mut rows: Vec<Vec<String>> =
            raw.iter().map(|row| row.cells.iter().map(str::to_owned).collect()).collect();
        if rows.is_empty() {
            return Err(Problem::unprocessable("tabular.file.empty"));
        }
        if let Some(known) = known {
            self.layout.header = dialect::has_header(&rows, known);
        }
        if self.layout.header {
            self.titles = rows.remove(0).into_iter().map(|title| title.trim().to_owned()).collect();
        }
        self.sample = rows;
        Ok(())
    }
}

/// Returns the charset and the first whole lines of a text.
fn beginning(path: &Path, packing: Packing) -> Result<(Charset, String)> {
    let bytes = unpack::beginning(path, packing, HEAD_BYTES)?;
    let whole = bytes.len() < HEAD_BYTES;
    let charset = charset::detect(&bytes, whole).ok_or_else(|| kinds::not_a_table("binary"))?;
    let mut text = charset::decode(&bytes, charset);
    if !whole && let Some(end) = text.rfind('\n') {
        text.truncate(end + 1);
    }
    Ok((charset, text))
}

fn is_misnamed(name: &str, packing: Packing, form: Form) -> bool {
    let name = name.to_lowercase();
    let expected: &[&str] = match (packing, form) {
        (Packing::Gzip, _) => &[".gz", ".gzip"],
        (Packing::Zip, _) => &[".zip"],
        (Packing::Plain, Form::Xlsx) => &[".xlsx", ".xlsm"],
        (Packing::Plain, Form::Text) => &[".csv", ".txt", ".tsv", ".tab", ".dat"],
    };
    name.contains('.') && !expected.iter().any(|ending| name.ends_with(ending))
}
