//! Filling in forms as a browser without scripts does.

use serde_json::Value as Json;

use crate::harness::{Answer, Call, Company, PUBLIC_URL};

/// What a telephone's browser says of itself.
const PHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148";
const BOUNDARY: &str = "formline";

/// Returns the path of the link with this name.
pub fn path(form: &Json, name: &str) -> String {
    let links = form["links"].as_array().expect("links");
    let link =
        links.iter().find(|link| link["name"] == name).unwrap_or_else(|| panic!("no {name} in {form:#}"));
    let url = link["url"].as_str().expect("an address");
    url.strip_prefix(PUBLIC_URL).expect("on the public origin").to_owned()
}

/// Opens the page of a form.
pub async fn open(company: &Company, path: &str) -> Answer {
    company.visitor(Call::get(path).header("user-agent", PHONE)).await
}

/// Returns the mark of a page.
pub fn mark(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"page\" value=\"").unwrap_or_else(|| panic!("{}", page.text));
    rest.split('"').next().expect("a mark").to_owned()
}

/// Sends a form: texts by name, and files by name, file name and content.
pub async fn send(
    company: &Company,
    path: &str,
    texts: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in texts {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    for (name, file, content) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    company.visitor(Call::post(path).header("user-agent", PHONE).bytes(&kind, body)).await
}
