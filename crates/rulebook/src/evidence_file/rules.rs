/// Largest evidence file.
pub const BYTES_MAX: usize = 20 * 1024 * 1024;
/// Most characters of a file's name.
const NAME_MAX: usize = 200;

/// Returns a name without folders and control characters; `file` where nothing is left.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    if clean.trim().is_empty() { "file".to_owned() } else { clean.trim().to_owned() }
}

/// Returns the media type for a name; what a browser might run is only ever handed out as bytes.
pub fn content_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "csv" => "text/csv",
        "txt" => "text/plain",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere() {
        assert_eq!(clean_name("../../etc/合同 2026.pdf"), "合同 2026.pdf");
        assert_eq!(clean_name("a\\b\n.txt"), "b.txt");
        assert_eq!(clean_name("x/"), "file");
        assert_eq!(content_type("x.HTML"), "application/octet-stream");
    }
}
