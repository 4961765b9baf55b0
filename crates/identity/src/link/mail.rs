//! The few mails that the access door sends, plain enough for any mail program.

use std::collections::BTreeMap;

use http_kit::App;
use kernel::ports::OutgoingMail;
use kernel::{Id, Result};
use serde_json::{Value as Json, json};

use super::Purpose;
use crate::session::rules::host_of;
use crate::user::UserKind;
use crate::user::service::Account;

/// Writes the mail of a link, in the receiver's language.
pub(super) async fn about(
    app: &App,
    account: &Account,
    purpose: Purpose,
    about_id: Option<Id>,
    (link_id, secret): (Id, &str),
) -> Result<OutgoingMail> {
    let address = app.settings.admin_url.trim_end_matches('/');
    let url = format!("{address}{}#{secret}", purpose.page());
    let mut args = BTreeMap::from([
        ("name".to_owned(), json!(account.name)),
        ("minutes".to_owned(), json!(purpose.minutes())),
        ("hours".to_owned(), json!(purpose.minutes() / 60)),
        ("days".to_owned(), json!(purpose.minutes() / 60 / 24)),
        ("url".to_owned(), json!(url)),
        ("address".to_owned(), json!(address)),
    ]);
    if let Some(alert_id) = about_id {
        args.extend(crate::alert::service::facts(app, alert_id).await?);
    }
    let language = account.language.unwrap_or_default();
    // Somebody from outside is told that they are invited, not that they work here.
    let guest = account.kind == UserKind::Guest && purpose == Purpose::Activation;
    let about = if guest { "guest_activation" } else { purpose.as_str() };
    let say = |part: &str, args: &BTreeMap<String, Json>| {
        app.texts.say(language, &format!("identity.mail.{about}.{part}"), args)
    };
    let host = host_of(address).unwrap_or("localhost").to_owned();
    let (subject, text, action) = (say("subject", &args), say("text", &args), say("action", &args));
    Ok(OutgoingMail {
        message_id: format!("{link_id}@{host}"),
        from: (format!("no-reply@{host}"), "Brandwright".to_owned()),
        to: account.email.clone(),
        subject,
        html: html(&text, &action, &url),
        text: format!("{text}\n\n{action}\n{url}\n"),
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        attachments: Vec::new(),
    })
}

fn html(text: &str, action: &str, url: &str) -> String {
    let paragraphs: String = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("<p style=\"margin:0 0 12px\">{}</p>", escape(line)))
        .collect();
    format!(
        "<!doctype html><html><body style=\"margin:0;padding:24px;font:16px/1.6 sans-serif;color:#1f2328\">\
         <div style=\"max-width:520px;margin:0 auto\">{paragraphs}\
         <p style=\"margin:24px 0\"><a href=\"{url}\" style=\"background:#1f2328;color:#fff;padding:10px 18px;\
         border-radius:6px;text-decoration:none\">{}</a></p></div></body></html>",
        escape(action),
        url = escape(url),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_smuggle_markup_into_a_mail() {
        let shown = html("您好 <b>李娜</b>", "设置密码", "https://a.example/x#\"onclick");
        assert!(shown.contains("&lt;b&gt;李娜"));
        assert!(!shown.contains("#\"onclick"));
    }
}
