//! Finds the template places (模板占位) in a text: `{{ … }}`, `{% … %}`, `{# … #}`.

use std::ops::Range;

/// Kind of a template place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagKind {
    /// `{{ … }}`
    Expression,
    /// `{% … %}`
    Block,
    /// `{# … #}`
    Comment,
}

/// A template place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its kind.
    pub kind: TagKind,
    /// The whole of it.
    pub span: Range<usize>,
    /// What stands between its brackets, without the marks that trim blanks.
    pub inner: Range<usize>,
}

/// A place that begins and never ends: where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclosed(pub usize);

/// Returns the template places in their order.
pub fn tags(text: &str) -> Result<Vec<Tag>, Unclosed> {
    let bytes = text.as_bytes();
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = next_opening(bytes, at) {
        let (kind, closing) = match bytes[start + 1] {
            b'{' => (TagKind::Expression, b"}}"),
            b'%' => (TagKind::Block, b"%}"),
            _ => (TagKind::Comment, b"#}"),
        };
        let end = closing_of(bytes, start + 2, closing, kind != TagKind::Comment).ok_or(Unclosed(start))?;
        tags.push(Tag { kind, span: start..end + 2, inner: trimmed(text, start + 2, end) });
        at = end + 2;
    }
    Ok(tags)
}

fn next_opening(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len().saturating_sub(1))
        .find(|at| bytes[*at] == b'{' && matches!(bytes[at + 1], b'{' | b'%' | b'#'))
}

/// Finds the closing brackets; those inside a quoted text do not count.
fn closing_of(bytes: &[u8], from: usize, closing: &[u8; 2], quotes: bool) -> Option<usize> {
    let mut quote = None;
    let mut at = from;
    while at + 1 < bytes.len() {
        match quote {
            Some(_) if bytes[at] == b'\\' => at += 1,
            Some(mark) if bytes[at] == mark => quote = None,
            Some(_) => {}
            None if bytes[at..at + 2] == closing[..] => return Some(at),
            None if quotes && matches!(bytes[at], b'"' | b'\'') => quote = Some(bytes[at]),
            None => {}
        }
        at += 1;
    }
    None
}

fn trimmed(text: &str, start: usize, end: usize) -> Range<usize> {
    let inner = &text[start..end];
    let mark = |c: char| c == '-' || c == '+';
    let start = start + inner.len() - inner.trim_start_matches(mark).len();
    let inner = &text[start.min(end)..end];
    let body = inner.trim_end_matches(mark);
    let lead = body.len() - body.trim_start().len();
    let start = start.min(end) + lead;
    start..start + body.trim().len()
}

/// Returns the first word of a block: `if`, `include`, `endfor`, …
pub fn keyword<'a>(text: &'a str, tag: &Tag) -> &'a str {
    let inner = &text[tag.inner.clone()];
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len());
    &inner[..end]
}

/// Returns the key of `include "key"`; `None` where the name is not a plain quoted key.
pub fn included<'a>(text: &'a str, tag: &Tag) -> Option<&'a str> {
    let name = text[tag.inner.clone()].strip_prefix("include")?.trim();
    let quoted = |mark: char| name.strip_prefix(mark)?.strip_suffix(mark);
    quoted('"').or_else(|| quoted('\'')).filter(|key| crate::check::is_key(key))
}

/// Returns the parts of an expression or block that are not quoted text, for looking at its names.
pub fn unquoted(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut at) = (Vec::new(), range.start, range.start);
    while at < range.end {
        if matches!(bytes[at], b'"' | b'\'') {
            parts.push(start..at);
            let mark = bytes[at];
            at += 1;
            while at < range.end && bytes[at] != mark {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            start = (at + 1).min(range.end);
        }
        at += 1;
    }
    parts.push(start.min(range.end)..range.end);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inners(text: &str) -> Vec<&str> {
        tags(text).expect("closed").iter().map(|tag| &text[tag.inner.clone()]).collect()
    }

    #[test]
    fn places_are_found_with_their_insides() {
        let text = "你好 {{ customer.name }}{%- if a < b -%}x{% endif %}{# a note {{ #}{{-x-}}{{}}";
        assert_eq!(inners(text), ["customer.name", "if a < b", "endif", "a note {{", "x", ""]);
    }

    #[test]
    fn brackets_inside_quotes_do_not_close() {
        assert_eq!(inners(r#"{{ "}}" ~ '{% \' %}' }}."#), [r#""}}" ~ '{% \' %}'"#]);
        assert_eq!(tags("a {{ 'x }}"), Err(Unclosed(2)));
        assert_eq!(tags("{%"), Err(Unclosed(0)));
    }

    #[test]
    fn includes_name_a_plain_key() {
        let key = |text: &str| {
            tags(text).expect("closed").first().and_then(|t| included(text, t)).map(String::from)
        };
        assert_eq!(key(r#"{% include "mail-footer" %}"#).as_deref(), Some("mail-footer"));
        assert_eq!(key("{%- include 'x' -%}").as_deref(), Some("x"));
        for text in
            ["{% include name %}", r#"{% include "../etc/passwd" %}"#, r#"{% include "a" ignore missing %}"#]
        {
            assert_eq!(key(text), None, "{text}");
        }
    }

    #[test]
    fn quoted_text_holds_no_names() {
        let text = r#"a | default("b | safe") ~ 'c' ~ d"#;
        let parts: Vec<&str> = unquoted(text, 0..text.len()).into_iter().map(|r| &text[r]).collect();
        assert_eq!(parts, ["a | default(", ") ~ ", " ~ d"]);
    }
}
