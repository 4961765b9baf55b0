//! The report as PDF. Its one font is a predefined Chinese one, which every reader brings: the file stays small, and
//! no font has to be on the server.

use kernel::Language;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::Account;
use super::page::{LATIN_WIDTHS, MARGIN, PAPER, Pages, Sheet, Style, measure};
use crate::clause::{Clause, Document, Status, StatusCounts};

const FONT: Name<'static> = Name(b"F1");
const FONT_NAME: Name<'static> = Name(b"STSong-Light");
const TITLE: Style = Style { size: 20.0, indent: 0.0, grey: 0.0, above: 0.0 };
const HEADING: Style = Style { size: 14.0, indent: 0.0, grey: 0.0, above: 14.0 };
const CHAPTER: Style = Style { size: 11.5, indent: 0.0, grey: 0.0, above: 10.0 };
const BODY: Style = Style { size: 10.0, indent: 0.0, grey: 0.0, above: 4.0 };
const CLAUSE: Style = Style { size: 10.0, indent: 0.0, grey: 0.0, above: 7.0 };
const DETAIL: Style = Style { size: 9.0, indent: 14.0, grey: 0.25, above: 1.0 };

/// Writes the report.
pub fn write(account: &Account) -> Vec<u8> {
    let mut pages = Pages::new();
    front(account, &mut pages);
    for document in &account.documents {
        pages.turn();
        of_document(account, document, &mut pages);
    }
    let title = account.words.say("report_title");
    book(&title, account.language, &format!("{title} · {}", account.local_time), &pages.sheets)
}

/// Binds pages into a file.
pub(crate) fn book(title: &str, language: Language, footer: &str, sheets: &[Sheet]) -> Vec<u8> {
    Book::new(title, language, footer).finish(sheets)
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

/// The file as it grows: fixed numbers for what every page needs, and two for each page.
struct Book {
    pdf: Pdf,
    footer: String,
}

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const TYPE0: Ref = Ref::new(3);
const CID: Ref = Ref::new(4);
const DESCRIPTOR: Ref = Ref::new(5);
const INFO: Ref = Ref::new(6);
const TO_UNICODE: Ref = Ref::new(7);
const FIRST_PAGE: i32 = 10;

/// Says that the codes of the text are UTF-16 already, for readers that copy or search.
const UTF16: &[u8] = b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n\
/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n1 beginbfrange\n<0000> <FFFF> <0000>\n\
endbfrange\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";

impl Book {
    fn new(title: &str, language: Language, footer: &str) -> Self {
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(TREE).lang(TextStr(language.as_str()));
        pdf.document_info(INFO).title(TextStr(title)).creator(TextStr("Brandwright"));
        font(&mut pdf);
        Self { pdf, footer: footer.to_owned() }
    }

    fn finish(mut self, sheets: &[Sheet]) -> Vec<u8> {
        let ids: Vec<(Ref, Ref)> = (0_i32..)
            .zip(sheets)
            .map(|(place, _)| {
                let first = FIRST_PAGE + 2 * place;
                (Ref::new(first), Ref::new(first + 1))
            })
            .collect();
        let count = i32::try_from(sheets.len()).unwrap_or(i32::MAX);
        self.pdf.pages(TREE).kids(ids.iter().map(|(page, _)| *page)).count(count);
        for (number, (sheet, (page_id, content_id))) in (1_usize..).zip(sheets.iter().zip(ids)) {
            let mut page = self.pdf.page(page_id);
            page.media_box(Rect::new(0.0, 0.0, PAPER.0, PAPER.1)).parent(TREE).contents(content_id);
            page.resources().fonts().pair(FONT, TYPE0);
            page.finish();
            let footer = format!("{} · {number}/{count}", self.footer);
            self.pdf.stream(content_id, &content(sheet, &footer));
        }
        self.pdf.finish()
    }
}

fn font(pdf: &mut Pdf) {
    let china = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"GB1"), supplement: 5 };
    pdf.type0_font(TYPE0)
        .base_font(FONT_NAME)
        .encoding_predefined(Name(b"UniGB-UTF16-H"))
        .descendant_font(CID)
        .to_unicode(TO_UNICODE);
    let mut cid = pdf.cid_font(CID);
    cid.subtype(CidFontType::Type0).base_font(FONT_NAME).system_info(china).font_descriptor(DESCRIPTOR);
    cid.default_width(1000.0).widths().consecutive(1, LATIN_WIDTHS.map(f32::from));
    cid.finish();
    pdf.font_descriptor(DESCRIPTOR)
        .name(FONT_NAME)
        .flags(FontFlags::SERIF | FontFlags::SYMBOLIC)
        .bbox(Rect::new(-25.0, -254.0, 1000.0, 880.0))
        .italic_angle(0.0)
        .ascent(880.0)
        .descent(-120.0)
        .cap_height(880.0)
        .stem_v(93.0);
    pdf.stream(TO_UNICODE, UTF16);
}

fn content(sheet: &Sheet, footer: &str) -> Vec<u8> {
    let mut content = Content::new();
    content.set_line_width(0.6);
    for y in &sheet.rules {
        content.move_to(MARGIN, *y).line_to(PAPER.0 - MARGIN, *y).stroke();
    }
    for line in &sheet.lines {
        put(&mut content, (line.x, line.y), line.size, line.grey, &line.text);
    }
    let x = PAPER.0 - MARGIN - measure(footer, 8.0);
    put(&mut content, (x, MARGIN - 24.0), 8.0, 0.4, footer);
    content.finish().to_vec()
}

fn put(content: &mut Content, (x, y): (f32, f32), size: f32, grey: f32, text: &str) {
    let codes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    content
        .set_fill_gray(grey)
        .begin_text()
        .set_font(FONT, size)
        .next_line(x, y)
        .show(Str(&codes))
        .end_text();
}
