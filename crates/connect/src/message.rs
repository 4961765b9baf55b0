use kernel::ports::OutgoingMail;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};

/// Writes a message as RFC 5322 says: plain text and HTML as alternatives.
pub(crate) fn build(mail: &OutgoingMail) -> Result<Message, String> {
    let (address, name) = &mail.from;
    let sender = mailbox(address, Some(name.clone()))?;
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}>", mail.message_id)))
        .from(sender)
        .to(mailbox(&mail.to, None)?)
        .subject(mail.subject.clone());
    for (name, value) in &mail.headers {
        let name = HeaderName::new_from_ascii(name.clone()).map_err(|_| format!("header name {name:?}"))?;
        builder = builder.raw_header(HeaderValue::new(name, value.clone()));
    }
    let body = MultiPart::alternative_plain_html(with_crlf(&mail.text), with_crlf(&mail.html));
    if mail.attachments.is_empty() {
        return builder.multipart(body).map_err(|error| error.to_string());
    }
    let mut whole = MultiPart::mixed().multipart(body);
    for file in &mail.attachments {
        let media_type = file.media_type.parse().map_err(|_| format!("media type {:?}", file.media_type))?;
        whole = whole.singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), media_type));
    }
    builder.multipart(whole).map_err(|error| error.to_string())
}

/// Ends every line as mail does. The library would do it, too, but moves the rest of the text for every line.
fn with_crlf(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 32);
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(words) => {
                lines.push_str(words.strip_suffix('\r').unwrap_or(words));
                lines.push_str("\r\n");
            }
            None => lines.push_str(line),
        }
    }
    lines
}

fn mailbox(address: &str, name: Option<String>) -> Result<Mailbox, String> {
    let parsed = address.parse().map_err(|error| format!("address {address:?}: {error}"))?;
    Ok(Mailbox::new(name.filter(|n| !n.is_empty()), parsed))
}

#[cfg(test)]
mod tests {
    use kernel::ports::MailAttachment;

    use super::*;

    #[test]
    fn lines_end_as_mail_wants_it() {
        assert_eq!(with_crlf("a\nb\r\n\nc"), "a\r\nb\r\n\r\nc");
    }

    fn mail() -> OutgoingMail {
        OutgoingMail {
            message_id: "abc@mail.invalid".into(),
            from: ("news@brand.invalid".into(), "鲜禾".into()),
            to: "h1@household.sample.invalid".into(),
            subject: "冬日暖锅节".into(),
            html: "<p>你好</p>".into(),
            text: "你好".into(),
            headers: vec![("List-Unsubscribe-Post".into(), "List-Unsubscribe=One-Click".into())],
            attachments: Vec::new(),
        }
    }

    #[test]
    fn the_message_keeps_its_id_and_its_list_headers() {
        let text = String::from_utf8(build(&mail()).expect("sound").formatted()).expect("7 bit");
        assert!(text.contains("Message-ID: <abc@mail.invalid>"), "{text}");
        assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{text}");
        let parsed = mail_parser::MessageParser::default().parse(text.as_bytes()).expect("a message");
        assert_eq!(parsed.subject(), Some("冬日暖锅节"));
        assert_eq!(parsed.body_text(0).as_deref().map(str::trim), Some("你好"));
    }

    #[test]
    fn files_come_along_beside_the_text() {
        let file = MailAttachment {
            name: "REP-0001.pdf".into(),
            media_type: "application/pdf".into(),
            bytes: b"%PDF-1.7".to_vec(),
        };
        let mail = OutgoingMail { attachments: vec![file], ..mail() };
        let text = build(&mail).expect("sound").formatted();
        let parsed = mail_parser::MessageParser::default().parse(&text).expect("a message");
        let found = parsed.attachment(0).expect("a file");
        assert_eq!(mail_parser::MimeHeaders::attachment_name(found), Some("REP-0001.pdf"));
        assert_eq!(found.contents(), b"%PDF-1.7");
        assert_eq!(parsed.body_text(0).as_deref().map(str::trim), Some("你好"));
    }
}
