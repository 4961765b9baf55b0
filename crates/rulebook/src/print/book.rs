//! The file itself. Its one font is a predefined Chinese one, which every reader brings: the file stays small, and no font
//! has to be on the server.

use kernel::Language;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::page::{LATIN_WIDTHS, MARGIN, PAPER, Pages, Sheet, measure};

const FONT: Name<'static> = Name(b"F1");
const FONT_NAME: Name<'static> = Name(b"STSong-Light");

/// The file as it grows: fixed numbers for what every page needs, and two for each page.
pub struct Book {
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
    /// Begins a file; the footer stands on each of its pages, before their number.
    pub fn new(title: &str, language: Language, footer: &str) -> Self {
        let mut pdf = Pdf::new();
        pdf.catalog(CATALOG).pages(TREE).lang(TextStr(language.as_str()));
        pdf.document_info(INFO).title(TextStr(title)).creator(TextStr("Brandwright"));
        font(&mut pdf);
        Self { pdf, footer: footer.to_owned() }
    }

    /// Writes the pages.
    pub fn finish(mut self, pages: &Pages) -> Vec<u8> {
        let sheets = &pages.sheets;
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
    for curve in &sheet.curves {
        let [(x, y), rest @ ..] = curve.as_slice() else { continue };
        content.move_to(*x, *y);
        for (x, y) in rest {
            content.line_to(*x, *y);
        }
        content.stroke();
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
