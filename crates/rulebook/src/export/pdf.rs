//! The report as PDF.

use super::Account;
use crate::clause::{Clause, Document, Status, StatusCounts};
use crate::print::{BODY, Book, CHAPTER, DETAIL, HEADING, Pages, Style, TITLE};

/// A clause in the report.
const CLAUSE: Style = Style { size: 10.0, indent: 0.0, grey: 0.0, above: 7.0 };

/// Writes the report.
pub fn write(account: &Account) -> Vec<u8> {
    let mut pages = Pages::new();
    front(account, &mut pages);
    for document in &account.documents {
        pages.turn();
        of_document(account, document, &mut pages);
    }
    let title = account.words.say("report_title");
    Book::new(&title, account.language, &format!("{title} · {}", account.local_time)).finish(&pages)
}

fn front(account: &Account, pages: &mut Pages) {
    let words = &account.words;
    pages.paragraph(&words.say("report_title"), TITLE);
    pages.paragraph(&words.with("report_time", &[("time", account.local_time.as_str().into())]), DETAIL);
    pages.rule();
    pages.paragraph(&words.say("report_text"), BODY);
    pages.paragraph(&words.say("total"), HEADING);
    pages.paragraph(&counts(account, &account.total), BODY);
    for document in &account.documents {
        pages.paragraph(&document.title, CHAPTER);
        pages.paragraph(&counts(account, &document.counts), DETAIL);
    }
    if !account.waivers.is_empty() {
        pages.paragraph(&words.say("sheet_waivers"), HEADING);
    }
    for waiver in &account.waivers {
        let status = words.say(&format!("status_{}", waiver.shown_status));
        pages.paragraph(&format!("{} {status}", waiver.clause_id), CLAUSE);
        let day = |at: Option<kernel::Timestamp>| {
            at.map_or(String::new(), |at| at.instant().strftime("%Y-%m-%d").to_string())
        };
        let args = [
            ("reason", waiver.reason.as_str().into()),
            ("requested", waiver.requested_by_name.as_str().into()),
            ("signed", waiver.decided_by_name.as_deref().unwrap_or_default().into()),
            ("day", day(waiver.decided_at).into()),
            ("until", day(waiver.expires_at).into()),
        ];
        pages.paragraph(&words.with("waiver_line", &args), DETAIL);
    }
}

fn counts(account: &Account, counts: &StatusCounts) -> String {
    let args = [
        ("clauses", counts.clauses.into()),
        ("followed", counts.followed.into()),
        ("broken", counts.broken.into()),
        ("insufficient", counts.insufficient.into()),
        ("attested", counts.attested.into()),
        ("uncovered", counts.uncovered.into()),
        ("stale", counts.stale.into()),
        ("overridden", counts.overridden.into()),
    ];
    account.words.with("counts", &args)
}

fn of_document(account: &Account, document: &Document, pages: &mut Pages) {
    pages.paragraph(&document.title, TITLE);
    pages.paragraph(&document.summary, DETAIL);
    pages.rule();
    for chapter in &document.chapters {
        pages.keep(60.0);
        pages.paragraph(&format!("{}  {}", chapter.id, chapter.title), CHAPTER);
        for clause in account.clauses.iter().filter(|clause| clause.chapter == chapter.id) {
            of_clause(account, clause, pages);
        }
    }
}

fn of_clause(account: &Account, clause: &Clause, pages: &mut Pages) {
    let words = &account.words;
    pages.keep(48.0);
    let mut marks = words.say(&format!("status_{}", clause.status));
    if clause.overridden {
        marks += &format!(" · {}", words.say("column_overridden"));
    }
    if clause.stale {
        marks += &format!(" · {}", words.say("column_stale"));
    }
    pages.paragraph(&format!("{}  {}  [{marks}]", clause.id, clause.title), CLAUSE);
    pages.paragraph(&clause.text, DETAIL);
    if clause.status == Status::Uncovered {
        return;
    }
    for control in account.controls.iter().filter(|control| control.clauses.contains_key(&clause.id)) {
        let Some(run) = &control.run else { continue };
        let verdict = words.say(&format!("status_{}", run.verdict));
        let style = Style { indent: 26.0, grey: 0.4, ..DETAIL };
        pages.paragraph(&format!("{verdict} · {} · {}", control.title, run.why), style);
    }
}
