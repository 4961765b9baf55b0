//! Makes the plain text part (纯文本) of a mail from its HTML, tokens kept in place.

use scraper::{ElementRef, Html, Node};

use super::protect::{CLOSE, OPEN};

/// Returns the text of a page: links with their address, pictures with their words, blocks on lines.
pub fn from_html(html: &str) -> String {
    let page = Html::parse_document(html);
    let mut writer = Writer::default();
    writer.element(page.root_element());
    writer.finish()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Line breaks that are due before the next word.
    breaks: usize,
    /// True where a blank is due before the next word.
    blank: bool,
    /// True once a word was written: nothing is due before the first.
    begun: bool,
}

impl Writer {
    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        match name {
            "head" | "style" | "script" | "title" => return,
            "br" => self.line(1),
            "hr" => self.rule(),
            "img" => self.words(element.attr("alt").unwrap_or_default()),
            _ => {}
        }
        // What is hidden on the screen, such as the preheader, is not part of the text.
        if element.attr("style").is_some_and(hides) {
            return;
        }
        let around = breaks_around(name);
        self.line(around);
        if name == "li" {
            self.words("-");
            self.blank = true;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => self.words(text),
                Node::Comment(comment) => self.token(comment),
                Node::Element(_) => {
                    if let Some(inner) = ElementRef::wrap(child) {
                        self.element(inner);
                    }
                }
                _ => {}
            }
        }
        if name == "a" {
            self.address(element);
        }
        if matches!(name, "td" | "th") {
            self.blank = true;
        }
        self.line(around);
    }

    fn words(&mut self, text: &str) {
        for (place, word) in text.split([' ', '\n', '\t', '\r']).enumerate() {
            if place > 0 {
                self.blank = true;
            }
            if !word.is_empty() {
                self.put(word);
            }
        }
    }

    /// A comment that is a token is a block of the template; all others are for mail programs.
    fn token(&mut self, comment: &str) {
        if comment.starts_with(OPEN) && comment.ends_with(CLOSE) {
            self.out.push_str(comment);
        }
    }

    fn put(&mut self, word: &str) {
        if self.begun && self.breaks > 0 {
            self.out.push_str(&"\n".repeat(self.breaks));
        } else if self.begun && self.blank {
            self.out.push(' ');
        }
        (self.breaks, self.blank, self.begun) = (0, false, true);
        self.out.push_str(word);
    }

    fn line(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
    }

    fn rule(&mut self) {
        self.line(1);
        self.put("----------");
        self.line(1);
    }

    fn address(&mut self, link: ElementRef<'_>) {
        let Some(address) = link.attr("href").filter(|href| !href.is_empty() && !href.starts_with('#'))
        else {
            return;
        };
        let text: String = link.text().collect();
        if text.trim() != address.trim() {
            self.blank = true;
            self.put(&format!("({address})"));
        }
    }

    fn finish(self) -> String {
        let mut out = self.out;
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }
}

fn hides(style: &str) -> bool {
    let style = style.replace(' ', "");
    style.contains("display:none") || style.contains("mso-hide:all")
}

/// Returns how many line breaks stand before and after an element.
fn breaks_around(name: &str) -> usize {
    match name {
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "blockquote" => 2,
        "div" | "tr" | "li" | "table" | "section" | "header" | "footer" | "center" | "dt" | "dd" => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_links_and_pictures_become_lines() {
        let text = from_html(
            "<html><head><style>p{}</style></head><body><div style='display: none'>预览</div>\
             <h1>冬日 暖锅节</h1><table><tr><td><p>天冷了，\n  来一锅。</p></td></tr></table>\
             <img alt='一锅热汤'><a href='https://a.invalid/x'><b>看菜单</b></a><ul><li>牛肉</li><li>菌菇</li></ul>\
             <!--[if mso]>x<![endif]--></body></html>",
        );
        assert_eq!(
            text,
            "冬日 暖锅节\n\n天冷了， 来一锅。\n\n一锅热汤看菜单 (https://a.invalid/x)\n\n- 牛肉\n- 菌菇\n"
        );
    }

    #[test]
    fn tokens_stay_where_they_stood() {
        let text = from_html("<p><!--⸨0⸩-->早<!--⸨1⸩--> ⸨2⸩</p>");
        assert_eq!(text, "⸨0⸩早⸨1⸩ ⸨2⸩\n");
    }
}
