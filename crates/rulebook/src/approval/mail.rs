//! The mail that asks somebody to decide, plain enough for any mail program.

use std::collections::BTreeMap;

use http_kit::{App, Person};
use kernel::ports::{MailOutcome, OutgoingMail};
use kernel::{Caller, Id, Problem, Result};
use serde_json::{Value as Json, json};
use store::{Audit, args};

use super::jobs::MailDecider;
use super::opening::NOUN;
use super::{Approval, ApprovalState, ApprovalStep, ApprovalStepState, Decider, Decision, link, sql};

/// Mails two links to somebody who still has to decide; one who need not is left in peace.
pub(super) async fn send(app: &App, job: &MailDecider) -> Result<()> {
    // Without a way to send, no link is made either.
    let port = app.ports.mail.get()?;
    let mut tx = app.store.begin(&Caller::system("approval mail")).await?;
    let approval: Approval = tx.get(sql::FIND, args![job.approval_id]).await?;
    let step: ApprovalStep = tx.get(sql::STEP, args![job.step_id]).await?;
    let deciders: Vec<Decider> = tx.all(sql::DECIDERS, args![job.step_id]).await?;
    let owes = deciders.iter().any(|row| row.user_id == job.user_id && row.decision.is_none());
    let waits = approval.state == ApprovalState::Pending && step.state == ApprovalStepState::Open;
    let people = app.people.get()?.people(&mut tx, &[job.user_id]).await?;
    let Some(person) = people.into_iter().find(|person| person.active && owes && waits) else {
        return Ok(());
    };
    let links = link::make(&mut tx, &approval, &step, person.id).await?;
    let facts = json!({ "step": step.step_id, "user_id": person.id });
    tx.audit(Audit::new("send_link", NOUN, approval.id).with(facts)).await?;
    tx.commit().await?;
    let for_others: Vec<&str> = deciders
        .iter()
        .filter(|row| row.user_id == person.id && row.for_user_id != person.id)
        .map(|row| row.for_user_name.as_str())
        .collect();
    let mail = write(app, &approval, &step, &person, &for_others, &links);
    match port.send(&mail).await {
        // A mail that arrives twice is one too many; its links work once.
        MailOutcome::Accepted { .. } | MailOutcome::Unknown { .. } => Ok(()),
        MailOutcome::Refused { permanent: true, reply } => {
            Err(Problem::unprocessable("rulebook.approval.mail_refused").with("reply", reply))
        }
        MailOutcome::Refused { reply: reason, .. } | MailOutcome::NotSent { reason } => {
            Err(Problem::unavailable("rulebook.approval.mail_not_sent").with("reason", reason))
        }
    }
}

fn write(
    app: &App,
    approval: &Approval,
    step: &ApprovalStep,
    person: &Person,
    for_others: &[&str],
    links: &[(Decision, String); 2],
) -> OutgoingMail {
    let language = person.language.unwrap_or_default();
    let address = app.settings.admin_url.trim_end_matches('/');
    let due = step.due_at.map(|due| {
        due.instant().to_zoned(app.settings.time_zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    });
    let args: BTreeMap<String, Json> = BTreeMap::from([
        ("name".to_owned(), json!(person.name)),
        ("title".to_owned(), json!(approval.subject_title)),
        ("action".to_owned(), json!(approval.action_names.get(language))),
        ("step".to_owned(), json!(step.names.get(language))),
        ("requester".to_owned(), json!(approval.requested_by_name)),
        ("version".to_owned(), json!(approval.subject_version)),
        ("due".to_owned(), json!(due.unwrap_or_else(|| "-".to_owned()))),
        ("others".to_owned(), json!(for_others.join(", "))),
    ]);
    let say = |part: &str| app.texts.say(language, &format!("rulebook.approval.mail.{part}"), &args);
    let mut text = say("text");
    if !for_others.is_empty() {
        text = format!("{text}\n{}", say("for_others"));
    }
    let buttons = links
        .each_ref()
        .map(|(decision, secret)| (say(decision.as_str()), format!("{address}/approve#{secret}")));
    let plain: String = buttons.iter().map(|(name, url)| format!("\n{name}\n{url}\n")).collect();
    let host = address.split_once("://").map_or("localhost", |(_, rest)| rest);
    let host = host.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("localhost");
    OutgoingMail {
        message_id: format!("{}@{host}", Id::new()),
        from: (format!("no-reply@{host}"), "Brandwright".to_owned()),
        to: person.email.clone(),
        subject: say("subject"),
        html: html(&text, &buttons),
        text: format!("{text}\n{plain}"),
        headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        attachments: Vec::new(),
    }
}

fn html(text: &str, buttons: &[(String, String)]) -> String {
    let paragraphs: String = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| format!("<p style=\"margin:0 0 12px\">{}</p>", escape(line)))
        .collect();
    let links: String = buttons
        .iter()
        .map(|(name, url)| {
            format!(
                "<a href=\"{}\" style=\"background:#1f2328;color:#fff;padding:10px 18px;border-radius:6px;\
                 text-decoration:none;margin-right:12px\">{}</a>",
                escape(url),
                escape(name)
            )
        })
        .collect();
    format!(
        "<!doctype html><html><body style=\"margin:0;padding:24px;font:16px/1.6 sans-serif;color:#1f2328\">\
         <div style=\"max-width:520px;margin:0 auto\">{paragraphs}<p style=\"margin:24px 0\">{links}</p>\
         </div></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn titles_cannot_smuggle_markup_into_a_mail() {
        let shown = html("<b>Budget</b>", &[("Yes".to_owned(), "https://a.example/x#\"onclick".to_owned())]);
        assert!(shown.contains("&lt;b&gt;Budget"));
        assert!(!shown.contains("#\"onclick"));
    }
}
