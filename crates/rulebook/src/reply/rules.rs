//! What a mail that comes to the door says of itself. Pure.

use mail_parser::{Address, HeaderName, Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use super::words;

/// Most bytes of a reply, its files included.
pub const MAIL_MAX: usize = 8 * 1024 * 1024;
/// Most files that a comment takes.
pub const FILES_MAX: usize = 10;
/// Headers that name where a mail went.
const WENT_TO: [&str; 4] = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];

/// A file that came with a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// A reply as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Address of the sender, in small letters.
    pub from: String,
    /// Addresses that it went to, in small letters.
    pub to: Vec<String>,
    /// What tells it from others.
    pub key: String,
    /// True where a program answered, or a mail came back.
    pub automatic: bool,
    /// What the sender wrote.
    pub words: String,
    /// Files that came along.
    pub files: Vec<Attached>,
}

/// Reads a mail; nothing where it is none.
pub fn read(bytes: &[u8]) -> Option<Arrived> {
    let message = MessageParser::default().parse(bytes)?;
    let from = message.from().and_then(Address::first).and_then(|from| from.address()).unwrap_or_default();
    let text = message.body_text(0).unwrap_or_default();
    let key = match message.message_id() {
        Some(id) => format!("mail/{id}"),
        None => format!("body/{}", hex::encode(Sha256::digest(bytes))),
    };
    Some(Arrived {
        from: from.trim().to_lowercase(),
        to: went_to(&message),
        key: hex::encode(Sha256::digest(key)),
        automatic: is_automatic(&message, from),
        words: words::own(&text),
        files: files(&message),
    })
}

fn went_to(message: &Message<'_>) -> Vec<String> {
    let named = [message.to(), message.cc()].into_iter().flatten().flat_map(Address::iter);
    let mut found: Vec<String> = named.filter_map(|one| one.address()).map(str::to_lowercase).collect();
    for name in WENT_TO {
        let said = message.header_raw(HeaderName::parse(name).unwrap_or(HeaderName::Other(name.into())));
        found.extend(said.map(|said| said.trim().trim_matches(['<', '>']).to_lowercase()));
    }
    found
}

/// Programs that answer by themselves say so; what came back has no return path.
fn is_automatic(message: &Message<'_>, from: &str) -> bool {
    let said = |name: &str| {
        let name = HeaderName::parse(name).unwrap_or_else(|| HeaderName::Other(name.to_owned().into()));
        message.header_raw(name).map(|value| value.trim().to_lowercase())
    };
    let answered = said("Auto-Submitted").is_some_and(|value| !value.starts_with("no"));
    let came_back = said("Return-Path").is_some_and(|value| value.replace(' ', "") == "<>");
    let bulk = said("Precedence")
        .is_some_and(|value| ["bulk", "junk", "auto_reply", "list"].contains(&value.as_str()));
    let marked =
        ["X-Autoreply", "X-Autorespond", "X-Failed-Recipients"].iter().any(|name| said(name).is_some());
    let local = from.split('@').next().unwrap_or_default().to_lowercase();
    let report = message.content_type().is_some_and(|kind| kind.subtype() == Some("report"));
    answered
        || came_back
        || bulk
        || marked
        || report
        || ["mailer-daemon", "postmaster"].contains(&local.as_str())
}

/// Pictures inside a text belong to signatures and quotes; files stand beside it.
fn files(message: &Message<'_>) -> Vec<Attached> {
    let beside = message.attachments().filter(|part| {
        let inline = part.content_disposition().is_some_and(|kind| kind.is_inline());
        part.attachment_name().is_some() && !(inline || part.content_id().is_some())
    });
    beside
        .map(|part| Attached {
            name: part.attachment_name().unwrap_or_default().trim().replace(['/', '\\', '\0'], "_"),
            media_type: part.content_type().map_or_else(
                || "application/octet-stream".to_owned(),
                |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
            ),
            bytes: part.contents().to_vec(),
        })
        .collect()
}

/// Returns the address to answer to: the secret stands behind a plus.
pub fn address(reply_to: &str, secret: &str) -> Option<String> {
    let (local, domain) = reply_to.split_once('@')?;
    Some(format!("{local}+{secret}@{domain}"))
}

/// Finds the secret among the addresses that a mail went to.
pub fn secret(reply_to: &str, addresses: &[String]) -> Option<String> {
    let reply_to = reply_to.to_lowercase();
    let (local, domain) = reply_to.split_once('@')?;
    let of = |address: &String| {
        let (name, host) = address.split_once('@')?;
        let secret = name.strip_prefix(local)?.strip_prefix('+')?;
        (host == domain && !secret.is_empty()).then(|| secret.to_owned())
    };
    addresses.iter().find_map(of)
}

/// Splits the files of a reply into those that are kept and the names of the others.
pub fn kept(files: Vec<Attached>) -> (Vec<Attached>, Vec<String>) {
    let mut kept = Vec::new();
    let mut left_out = Vec::new();
    for file in files {
        let sound = !file.bytes.is_empty() && !file.name.is_empty() && file.name.chars().count() <= 255;
        if sound && kept.len() < FILES_MAX {
            kept.push(file);
        } else {
            left_out.push(file.name.chars().take(255).collect());
        }
    }
    (kept, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLY: &str = "From: Li Na <Li@daoting.example>\r\nTo: \"x\" <reply+abc123@in.example>\r\n\
        Message-ID: <1@mail.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n";
    const PARTS: &str = "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n好的。\r\n\r\n> 请确认\r\n\
        --b\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=logo.png\r\n\r\nx\r\n\
        --b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"a/b.pdf\"\r\n\r\npdf\r\n\
        --b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=empty.csv\r\n\r\n--b--\r\n";

    #[test]
    fn a_reply_says_who_to_where_and_what() {
        let arrived = read(format!("{REPLY}{PARTS}").as_bytes()).expect("a mail");
        assert_eq!((arrived.from.as_str(), arrived.words.as_str()), ("li@daoting.example", "好的。"));
        assert_eq!(secret("reply@in.example", &arrived.to).as_deref(), Some("abc123"));
        assert_eq!(secret("other@in.example", &arrived.to), None);
        assert!(!arrived.automatic);
        let (kept, left_out) = kept(arrived.files);
        assert_eq!(kept.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a_b.pdf"]);
        assert_eq!(left_out, ["empty.csv"]);
    }

    #[test]
    fn what_programs_send_is_no_reply() {
        for header in [
            "Auto-Submitted: auto-replied\r\n",
            "Return-Path: <>\r\n",
            "Precedence: bulk\r\n",
            "X-Autoreply: yes\r\n",
        ] {
            let arrived = read(format!("{header}{REPLY}{PARTS}").as_bytes()).expect("a mail");
            assert!(arrived.automatic, "{header}");
        }
        let arrived = read(
            format!("Auto-Submitted: no\r\nReturn-Path: <li@daoting.example>\r\n{REPLY}{PARTS}").as_bytes(),
        );
        assert!(!arrived.expect("a mail").automatic);
        let bounce = REPLY.replace("Li@daoting.example", "MAILER-DAEMON@mx.example");
        assert!(read(format!("{bounce}{PARTS}").as_bytes()).expect("a mail").automatic);
    }

    #[test]
    fn an_address_holds_its_secret() {
        let made = address("reply@in.example", "00ff").expect("an address");
        assert_eq!(made, "reply+00ff@in.example");
        assert_eq!(secret("Reply@in.example", &[made]).as_deref(), Some("00ff"));
    }
}
