//! What a form sent: texts and files, before anything is believed of it.

use std::collections::BTreeMap;

use axum::extract::Multipart;
use kernel::{Problem, Result};

/// Most parts of a form.
const PARTS_MAX: usize = 300;
/// Most bytes of one text.
const TEXT_MAX: usize = 64 * 1024;
/// Largest file.
pub const FILE_MAX: usize = 10 * 1024 * 1024;
/// Largest form, its files included.
pub const FORM_MAX: usize = 24 * 1024 * 1024;
/// Most files in one field.
pub const FILES_MAX: usize = 3;

/// What a form sent (提交内容).
#[derive(Debug, Default)]
pub struct Posted {
    texts: BTreeMap<String, Vec<String>>,
    pub files: BTreeMap<String, Vec<Sent>>,
}

/// A file that was sent.
#[derive(Debug)]
pub struct Sent {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Posted {
    /// Reads a form.
    pub async fn read(mut parts: Multipart) -> Result<Self> {
        let unreadable = |_| Problem::bad_request("rulebook.form.unreadable");
        let mut posted = Self::default();
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            count += 1;
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(file_name);
            let bytes = part.bytes().await.map_err(|_| Problem::too_large("rulebook.form.too_large"))?;
            if count > PARTS_MAX || (file.is_none() && bytes.len() > TEXT_MAX) {
                return Err(Problem::too_large("rulebook.form.too_large"));
            }
            match file {
                // A browser sends an empty file where none was chosen.
                Some(_) if bytes.is_empty() => {}
                Some(file) => {
                    posted.files.entry(name).or_default().push(Sent { name: file, bytes: bytes.to_vec() })
                }
                None => posted.put(&name, &String::from_utf8_lossy(&bytes)),
            }
        }
        Ok(posted)
    }

    /// Adds a text; one without letters counts as none.
    pub fn put(&mut self, name: &str, value: &str) {
        let value = value.replace("\r\n", "\n").trim().to_owned();
        if !value.is_empty() {
            self.texts.entry(name.to_owned()).or_default().push(value);
        }
    }

    /// Returns the texts of a name.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.texts.get(name).map(|texts| texts.iter().map(String::as_str).collect()).unwrap_or_default()
    }

    /// Returns the first text of a name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).and_then(|texts| texts.first()).map(String::as_str)
    }
}

/// Returns the last part of what the sender calls a file, without what no name may hold.
fn file_name(said: &str) -> String {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(80).collect();
    if name.trim().is_empty() { "file".to_owned() } else { name.trim().to_owned() }
}

/// Kinds of files that are taken: ending, how they begin, media type.
const KINDS: [(&str, &[u8], &str); 7] = [
    ("pdf", b"%PDF-", "application/pdf"),
    ("docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("odt", b"PK\x03\x04", "application/vnd.oasis.opendocument.text"),
    ("doc", b"\xd0\xcf\x11\xe0", "application/msword"),
    ("png", b"\x89PNG", "image/png"),
    ("jpg", b"\xff\xd8\xff", "image/jpeg"),
    ("jpeg", b"\xff\xd8\xff", "image/jpeg"),
];

/// What a browser offers to choose from.
pub const ACCEPT: &str = ".pdf,.doc,.docx,.odt,.png,.jpg,.jpeg";

impl Sent {
    /// Returns its media type; refused where its ending and its beginning are not those of a kind that is taken.
    pub fn media_type(&self) -> Result<&'static str, &'static str> {
        if self.bytes.len() > FILE_MAX {
            return Err("rulebook.form.file_too_large");
        }
        let ending = self.name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let kind = KINDS.iter().find(|(known, begins, _)| *known == ending && self.bytes.starts_with(begins));
        kind.map(|(_, _, media_type)| *media_type).ok_or("rulebook.form.file_kind")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says_or_is_refused() {
        let sent =
            |name: &str, bytes: &[u8]| Sent { name: file_name(name), bytes: bytes.to_vec() }.media_type();
        assert_eq!(sent("C:\\cv\\简历.PDF", b"%PDF-1.7"), Ok("application/pdf"));
        assert_eq!(sent("cv.pdf", b"<script>"), Err("rulebook.form.file_kind"));
        assert_eq!(sent("cv.html", b"%PDF-1.7"), Err("rulebook.form.file_kind"));
        assert_eq!(sent("cv.png", &vec![0x89; FILE_MAX + 1]), Err("rulebook.form.file_too_large"));
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("/"), "file");
    }
}
