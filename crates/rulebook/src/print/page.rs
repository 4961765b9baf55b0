//! Pages of text: lines that are broken by the width of their letters, in the one font of the report.

/// Width and height of A4, in points.
pub const PAPER: (f32, f32) = (595.0, 842.0);
/// Free space around the text.
pub const MARGIN: f32 = 54.0;
/// Height of a line as a share of the size of its letters.
const LEADING: f32 = 1.45;

/// Widths of the letters from the space to `~` in STSong-Light, in thousandths of their size; all others are as wide
/// as they are high.
pub const LATIN_WIDTHS: [u16; 95] = [
    207, 270, 342, 467, 462, 797, 710, 239, 374, 374, 423, 605, 238, 375, 238, 334, 462, 462, 462, 462, 462,
    462, 462, 462, 462, 462, 238, 238, 605, 605, 605, 344, 748, 684, 560, 695, 739, 563, 511, 729, 793, 318,
    312, 666, 526, 896, 758, 772, 544, 772, 628, 465, 607, 753, 711, 972, 647, 620, 607, 374, 333, 374, 606,
    500, 239, 417, 503, 427, 529, 415, 264, 444, 518, 241, 230, 495, 228, 793, 527, 524, 524, 504, 338, 336,
    277, 517, 450, 652, 466, 452, 407, 370, 258, 370, 605,
];

/// A line of text in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    pub grey: f32,
    pub text: String,
}

/// A page: its lines, a rule at each of these heights, and curves through points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub lines: Vec<Line>,
    pub rules: Vec<f32>,
    pub curves: Vec<Vec<(f32, f32)>>,
}

/// Puts text on pages from top to bottom.
#[derive(Debug)]
pub struct Pages {
    pub sheets: Vec<Sheet>,
    /// Where the last line stands.
    y: f32,
}

/// How a paragraph is set.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub size: f32,
    pub indent: f32,
    pub grey: f32,
    /// Space above it.
    pub above: f32,
}

/// The title of a document.
pub const TITLE: Style = Style { size: 20.0, indent: 0.0, grey: 0.0, above: 0.0 };
/// A part of it.
pub const HEADING: Style = Style { size: 14.0, indent: 0.0, grey: 0.0, above: 14.0 };
/// A chapter of a part.
pub const CHAPTER: Style = Style { size: 11.5, indent: 0.0, grey: 0.0, above: 10.0 };
/// What is read.
pub const BODY: Style = Style { size: 10.0, indent: 0.0, grey: 0.0, above: 4.0 };
/// What stands below it, smaller.
pub const DETAIL: Style = Style { size: 9.0, indent: 14.0, grey: 0.25, above: 1.0 };

impl Pages {
    /// Starts with one empty page.
    pub fn new() -> Self {
        Self { sheets: vec![Sheet::default()], y: PAPER.1 - MARGIN }
    }

    /// Sets a paragraph; one that does not fit goes on over the page.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        let width = PAPER.0 - 2.0 * MARGIN - style.indent;
        self.y -= style.above;
        for text in broken(text, style.size, width) {
            if self.y - style.size * LEADING < MARGIN {
                self.turn();
            }
            self.y -= style.size * LEADING;
            let line = Line { x: MARGIN + style.indent, y: self.y, size: style.size, grey: style.grey, text };
            self.sheet().lines.push(line);
        }
    }

    /// Keeps so much height together: what does not fit begins on the next page.
    pub fn keep(&mut self, height: f32) {
        if self.y - height < MARGIN {
            self.turn();
        }
    }

    /// Draws a rule across the page.
    pub fn rule(&mut self) {
        self.y -= 5.0;
        let y = self.y;
        self.sheet().rules.push(y);
    }

    /// Draws values from left to right, the least at the bottom and the greatest at the top of the given height.
    pub fn curve(&mut self, values: &[f64], indent: f32, height: f32) {
        let (least, greatest) =
            values.iter().fold((f64::MAX, f64::MIN), |(least, most), v| (least.min(*v), most.max(*v)));
        if values.len() < 2 {
            return;
        }
        self.keep(height + 6.0);
        self.y -= height + 6.0;
        let (width, span) = (PAPER.0 - 2.0 * MARGIN - indent, (greatest - least).max(f64::EPSILON));
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "places on paper")]
        let point = |(place, value): (usize, &f64)| {
            let x = MARGIN + indent + width * place as f32 / (values.len() - 1) as f32;
            (x, self.y + height * ((value - least) / span) as f32)
        };
        let points = values.iter().enumerate().map(point).collect();
        self.sheet().curves.push(points);
    }

    /// Begins a page.
    pub fn turn(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = PAPER.1 - MARGIN;
    }

    fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("there is a first page")
    }
}

/// Returns the width of a letter in thousandths of its size.
fn width(letter: char) -> f32 {
    let place = u32::from(letter).checked_sub(32).and_then(|place| LATIN_WIDTHS.get(place as usize));
    place.map_or(1000.0, |width| f32::from(*width))
}

/// Returns how wide a text is.
pub fn measure(text: &str, size: f32) -> f32 {
    text.chars().map(width).sum::<f32>() * size / 1000.0
}

/// Breaks a text into lines: between Chinese letters anywhere, between words of others.
pub fn broken(text: &str, size: f32, available: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for piece in pieces(paragraph) {
            if !line.is_empty() && measure(&line, size) + measure(piece.trim_end(), size) > available {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line.push_str(if line.is_empty() { piece.trim_start() } else { piece });
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Returns what may not be torn apart: a word with the space behind it, or a Chinese letter with the mark behind it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (place, letter) in text.char_indices() {
        let torn = before.is_some_and(|before| {
            !CLOSING.contains(letter)
                && !OPENING.contains(before)
                && (before == ' ' || !before.is_ascii() || !letter.is_ascii())
                && letter != ' '
        });
        if torn {
            pieces.push(&text[start..place]);
            start = place;
        }
        before = Some(letter);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// Marks that never begin a line.
const CLOSING: &str = "，。；：、！？）】》」』”’%,.;:!?)]";
/// Marks that never end one.
const OPENING: &str = "（【《「『“‘([";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_never_begin_with_a_mark() {
        assert_eq!(broken("one two three", 10.0, 45.0), ["one two", "three"]);
        assert_eq!(broken("一二三，四五", 10.0, 30.0), ["一二", "三，四", "五"]);
        assert_eq!(broken("a\n\nb", 10.0, 100.0), ["a", "", "b"]);
    }

    #[test]
    fn a_long_text_goes_on_over_the_page() {
        let mut pages = Pages::new();
        let style = Style { size: 10.0, indent: 0.0, grey: 0.0, above: 0.0 };
        pages.paragraph(&"字".repeat(6000), style);
        assert!(pages.sheets.len() > 1);
        let letters: usize =
            pages.sheets.iter().flat_map(|s| &s.lines).map(|line| line.text.chars().count()).sum();
        assert_eq!(letters, 6000);
        assert!(pages.sheets.iter().flat_map(|s| &s.lines).all(|line| line.y >= MARGIN));
    }
}
