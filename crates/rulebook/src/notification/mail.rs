//! What a mail of notifications looks like: plain enough for any mail program.

use std::collections::BTreeMap;

use http_kit::{App, Person};
use kernel::ports::OutgoingMail;
use serde_json::json;

use super::deliver::DueMail;
use super::plain::{escape, host};
use super::rules::message_id;

/// Returns the id that the mail of these notifications has, whenever it is tried.
pub(super) fn id_of(app: &App, due: &[DueMail]) -> String {
    let keys: Vec<&str> = due.iter().map(|one| one.dedupe_key.as_str()).collect();
    message_id(&keys, &host(app))
}

/// Writes a mail of one or more notifications, in the receiver's language.
pub(super) fn write(app: &App, person: &Person, due: &[DueMail], message_id: &str) -> OutgoingMail {
    let language = person.language.unwrap_or_default();
    let address = app.settings.admin_url.trim_end_matches('/');
    let say = |code: &str| {
        let args = BTreeMap::from([
            ("count".to_owned(), json!(due.len())),
            ("name".to_owned(), json!(person.name)),
            ("address".to_owned(), json!(address)),
        ]);
        app.texts.say(language, code, &args)
    };
    let lines: Vec<(String, String)> = due
        .iter()
        .map(|one| {
            let title = app.texts.say(language, &one.title_code, &one.title_args);
            (title, format!("{address}{}", one.link))
        })
        .collect();
    let subject = match lines.as_slice() {
        [(title, _)] => title.clone(),
        _ => say("rulebook.notification.mail.subject"),
    };
    let (greeting, foot) =
        (say("rulebook.notification.mail.greeting"), say("rulebook.notification.mail.foot"));
    let choices = format!("{address}/account#notifications");
    let listed: String = lines.iter().map(|(title, url)| format!("{title}\n{url}\n\n")).collect();
    let host = host(app);
    OutgoingMail {
        message_id: message_id.to_owned(),
        from: (format!("no-reply@{host}"), "Brandwright".to_owned()),
        to: person.email.clone(),
        subject: subject.replace(['\r', '\n'], " "),
        html: html(&greeting, &lines, &foot, &choices),
        text: format!("{greeting}\n\n{listed}{foot}\n{choices}\n"),
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        attachments: Vec::new(),
    }
}

fn html(greeting: &str, lines: &[(String, String)], foot: &str, choices: &str) -> String {
    let items: String = lines
        .iter()
        .map(|(title, url)| {
            format!("<li style=\"margin:0 0 10px\"><a href=\"{}\">{}</a></li>", escape(url), escape(title))
        })
        .collect();
    format!(
        "<!doctype html><html><body style=\"margin:0;padding:24px;font:16px/1.6 sans-serif;color:#1f2328\">\
         <div style=\"max-width:520px;margin:0 auto\"><p>{}</p><ul style=\"padding-left:20px\">{items}</ul>\
         <p style=\"color:#57606a;font-size:13px\"><a href=\"{}\">{}</a></p></div></body></html>",
        escape(greeting),
        escape(choices),
        escape(foot),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_cannot_smuggle_markup_into_a_mail() {
        let shown = html("您好", &[("<b>李娜</b>".into(), "https://a.example/\"x".into())], "设置", "/a");
        assert!(shown.contains("&lt;b&gt;李娜") && !shown.contains("/\"x"), "{shown}");
    }
}
