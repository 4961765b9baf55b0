//! The mail that mirrors comments on one record.

use std::collections::BTreeMap;

use http_kit::{App, Person};
use kernel::Result;
use kernel::ports::OutgoingMail;
use serde::Deserialize;
use serde_json::json;
use store::args;

use super::{rules, sql, words};
use crate::notification::plain::{escape, host};
use crate::record::{self, RecordFile};

/// A comment as its mail shows it.
#[derive(Clone, Debug, Deserialize)]
struct Said {
    body: String,
    author_name: String,
    files: Vec<RecordFile>,
    type_id: String,
    number: String,
    title: String,
}

/// What a mail of comments says beside them.
pub(crate) struct Mirrored<'m> {
    pub person: &'m Person,
    pub record_id: kernel::Id,
    pub comments: &'m [kernel::Id],
    pub message_id: String,
    /// The secret of the address to answer to, where there is one.
    pub secret: Option<&'m str>,
}

/// Writes the mail; nothing where its reader may not see the record any more.
pub(crate) async fn write(app: &App, mirrored: &Mirrored<'_>) -> Result<Option<OutgoingMail>> {
    let mut said: Vec<Said> = Vec::new();
    for id in mirrored.comments {
        said.extend(app.store.find::<Said>(sql::SAID, args![id]).await?);
    }
    let Some(first) = said.first() else { return Ok(None) };
    let system = kernel::Caller::system("comment mails");
    let reader = app.people.get()?.caller(app, mirrored.person.id, &system).await?;
    let Some(reader) = reader else { return Ok(None) };
    match record::find(app, &reader, &first.type_id, mirrored.record_id).await {
        Ok(_) => {}
        Err(problem) if problem.status < 500 => return Ok(None),
        Err(problem) => return Err(problem),
    }
    Ok(Some(put_together(app, mirrored, &said, first)))
}

fn put_together(app: &App, mirrored: &Mirrored<'_>, said: &[Said], first: &Said) -> OutgoingMail {
    let language = mirrored.person.language.unwrap_or_default();
    let say = |code: &str| {
        app.texts.say(language, code, &BTreeMap::from([("name".to_owned(), json!(mirrored.person.name))]))
    };
    let address = app.settings.admin_url.trim_end_matches('/');
    let link = format!("{address}/records/{}/{}", first.type_id, mirrored.record_id);
    let choices = format!("{address}/account#notifications");
    let answer = app.settings.reply_to.as_deref().zip(mirrored.secret);
    let answer = answer.and_then(|(reply_to, secret)| rules::address(reply_to, secret));
    let above =
        answer.as_ref().map(|_| format!("{} {} ————", words::ABOVE, say("rulebook.reply.mail.above")));
    let open = say("rulebook.reply.mail.open");
    let foot = say("rulebook.notification.mail.foot");
    let spoken: Vec<(String, &str, String)> = said.iter().map(shown).collect();
    let text: String = spoken.iter().map(|(who, body, files)| format!("{who}:\n{body}\n{files}\n")).collect();
    let above_text = above.as_ref().map(|line| format!("{line}\n\n")).unwrap_or_default();
    let host = host(app);
    let thread = format!("<record-{}@{host}>", mirrored.record_id);
    let mut headers = vec![
        ("Auto-Submitted".to_owned(), "auto-generated".to_owned()),
        ("In-Reply-To".to_owned(), thread.clone()),
        ("References".to_owned(), thread),
    ];
    headers.extend(answer.map(|answer| ("Reply-To".to_owned(), answer)));
    let places = Places { link: &link, open: &open, choices: &choices, foot: &foot };
    OutgoingMail {
        message_id: mirrored.message_id.clone(),
        from: (format!("no-reply@{host}"), "Brandwright".to_owned()),
        to: mirrored.person.email.clone(),
        // The same for all comments on a record, so that mail programs keep them together.
        subject: format!("{} {}", first.number, first.title).replace(['\r', '\n'], " "),
        html: html(above.as_deref(), &spoken, &places),
        text: format!("{above_text}{text}{open}\n{link}\n\n{foot}\n{choices}\n"),
        headers,
        attachments: Vec::new(),
    }
}

fn shown(said: &Said) -> (String, &str, String) {
    let names: Vec<&str> = said.files.iter().map(|file| file.name.as_str()).collect();
    let files = if names.is_empty() { String::new() } else { format!("[{}]\n", names.join(", ")) };
    (said.author_name.clone(), &said.body, files)
}

struct Places<'p> {
    link: &'p str,
    open: &'p str,
    choices: &'p str,
    foot: &'p str,
}

fn html(above: Option<&str>, spoken: &[(String, &str, String)], places: &Places<'_>) -> String {
    let above = above.map(|line| format!("<p style=\"color:#57606a;font-size:13px\">{}</p>", escape(line)));
    let said: String = spoken
        .iter()
        .map(|(who, body, files)| {
            let body = escape(body).replace('\n', "<br>");
            format!("<p style=\"margin:0 0 16px\"><b>{}</b><br>{body}<br>{}</p>", escape(who), escape(files))
        })
        .collect();
    format!(
        "<!doctype html><html><body style=\"margin:0;padding:24px;font:16px/1.6 sans-serif;color:#1f2328\">\
         <div style=\"max-width:520px;margin:0 auto\">{}{said}<p><a href=\"{}\">{}</a></p>\
         <p style=\"color:#57606a;font-size:13px\"><a href=\"{}\">{}</a></p></div></body></html>",
        above.unwrap_or_default(),
        escape(places.link),
        escape(places.open),
        escape(places.choices),
        escape(places.foot),
    )
}
