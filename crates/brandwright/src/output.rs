use std::time::Duration;

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

/// Says a text that names values.
pub fn say_with(
    code: &str,
    args: &std::collections::BTreeMap<String, serde_json::Value>,
    language: Language,
) -> String {
    texts().say(language, code, args)
}

/// Shows in a terminal that work goes on whose end nobody knows.
pub fn spinner(what: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
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

/// Says that the input itself cannot be used.
pub fn unusable(words: String) -> anyhow::Error {
    Spoken { words, code: UNUSABLE_INPUT }.into()
}

/// Shows in a terminal how many of `total` steps are done; nothing where the output is read by a program.
pub fn steps(total: u64) -> ProgressBar {
    styled(ProgressBar::new(total), "{spinner} {wide_bar} step {pos} of {len} {elapsed}")
}

/// Shows in a terminal how much of a file is read, and how long the rest will take.
pub fn bytes() -> ProgressBar {
    styled(ProgressBar::new(0), "{spinner} {wide_bar} {bytes} of {total_bytes} {eta}")
}

/// Shows in a terminal how many there are so far, where nobody knows how many there will be.
pub fn counter(what: &'static str) -> ProgressBar {
    styled(ProgressBar::new_spinner(), &format!("{{spinner}} {{human_pos}} {what} {{elapsed}}"))
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    // The clock goes on while a long step shows nothing new.
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
