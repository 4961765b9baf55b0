use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Language, Problem, TextBook};

/// Exit code where the input itself cannot be used (a file that cannot be read, wrong arguments).
pub const UNUSABLE_INPUT: u8 = 2;

/// A problem in words, with the exit code that it asks for.
#[derive(Debug)]
pub struct Spoken {
    words: String,
    code: u8,
}

impl std::fmt::Display for Spoken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Spoken {}

fn texts() -> TextBook {
    let mut book = TextBook::default();
    // The texts were checked when the product was put together; without them the code is shown.
    for yaml in server::texts_in_print() {
        if let Ok(texts) = http_kit::read_texts("texts", yaml) {
            let _ = book.extend(texts);
        }
    }
    book
}

/// Says a text in English: the language of terminals and logs.
pub fn say(code: &str) -> String {
    texts().say(Language::En, code, &std::collections::BTreeMap::new())
}

/// Says a problem in English.
pub fn spoken(problem: Problem) -> anyhow::Error {
    let book = texts();
    let mut words = book.say(Language::En, &problem.code, &problem.args);
    for field in &problem.fields {
        words.push_str(&format!("\n  {}: {}", field.field, book.say(Language::En, &field.code, &field.args)));
    }
    if let Some(source) = &problem.source {
        words.push_str(&format!(" ({source})"));
    }
    let code = if (400..500).contains(&problem.status) { UNUSABLE_INPUT } else { 1 };
    Spoken { words, code }.into()
}

/// Returns the exit code of a failure.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    error.downcast_ref::<Spoken>().map_or(1, |spoken| spoken.code)
}

/// Shows progress in a terminal, and nothing where the output is read by a program.
pub fn bar(total: u64, unit: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let template = format!("{{spinner}} {{wide_bar}} {{percent}}% {{pos}}/{{len}} {unit} {{eta}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}
