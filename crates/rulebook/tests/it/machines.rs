use kernel::{Caller, GrantScope, Id};
use rulebook::machine::{self, Instance};
use serde_json::{Value as Json, json};
use store::{Audit, on_both};

use crate::support::{APPROVE, MIGRATIONS, WRITE, app, folder, somebody};

fn packs() -> Vec<rulebook::pack::Folder> {
    rulebook::pack::shipped().into_iter().filter(|pack| pack.name == "core").map(without_clauses).collect()
}

/// Two machines of the core pack: the rest of it names clauses, types and permissions of others.
fn without_clauses(mut pack: rulebook::pack::Folder) -> rulebook::pack::Folder {
    let wanted = ["pack.yaml", "machines/content_review.yaml", "machines/campaign.yaml"];
    pack.files.retain(|path, _| wanted.contains(&path.as_str()));
    pack
}

async fn begin(app: &http_kit::App, caller: &Caller) -> Instance {
    let mut tx = app.store.begin(caller).await.expect("begins");
    let subject = Id::new();
    let instance =
        machine::start(&mut tx, app, "content_review", "brand.content", subject).await.expect("starts");
    machine::participate(&mut tx, instance.id, caller.user_id().expect("a user"), "author")
        .await
        .expect("notes");
    tx.audit(Audit::new("create", "brand.content", subject)).await.expect("audits");
    tx.commit().await.expect("commits");
    instance
}

async fn act(
    app: &http_kit::App,
    caller: &Caller,
    instance: &Instance,
    action: &'static str,
    facts: Json,
) -> kernel::Result<machine::Step> {
    let mut tx = app.store.begin(caller).await?;
    let step = machine::advance(&mut tx, app, caller, instance.id, action, &facts).await?;
    tx.audit(Audit::new(action, "brand.content", instance.subject_id)).await?;
    tx.commit().await?;
    Ok(step)
}

fn clean() -> Json {
    json!({"preflight_current": true, "serious_findings": 0})
}

on_both! {
    migrations = MIGRATIONS;

    async fn an_author_never_approves_their_own_whatever_they_hold(store: TestStore) {
        let app = app(&store, packs()).await;
        let author = somebody(&[WRITE, APPROVE], GrantScope::Company);
        let reviewer = somebody(&[WRITE, APPROVE], GrantScope::Company);
        let instance = begin(&app, &author).await;
        let refused = act(&app, &author, &instance, "submit", json!({"preflight_current": true, "serious_findings": 2})).await;
        let refused = refused.expect_err("serious findings block");
        assert_eq!(refused.code, "rulebook.machine.refused");
        assert!(refused.args["reason"].as_str().is_some_and(|reason| reason.contains("serious problems")));
        // What is not known to be in order is not in order.
        assert_eq!(act(&app, &author, &instance, "submit", json!({})).await.expect_err("no pre-flight").status, 409);

        let step = act(&app, &author, &instance, "submit", clean()).await.expect("submits");
        assert_eq!((step.from.as_str(), step.to.as_str()), ("draft", "in_review"));
        let refused = act(&app, &author, &instance, "approve", clean()).await.expect_err("the author");
        assert_eq!((refused.status, refused.code.as_ref()), (403, "rulebook.machine.separated"));
        let stranger = somebody(&[WRITE], GrantScope::Company);
        assert_eq!(act(&app, &stranger, &instance, "approve", clean()).await.expect_err("no right").status, 403);
        let refused = act(&app, &reviewer, &instance, "return", json!({"reason": " "})).await.expect_err("no reason");
        assert_eq!((refused.status, refused.code.as_ref()), (422, "rulebook.machine.field_missing"));
        act(&app, &reviewer, &instance, "approve", clean()).await.expect("approves");

        // Whoever edits the approved item is an author from then on, over the whole history.
        act(&app, &reviewer, &instance, "edit", json!({})).await.expect("edits");
        act(&app, &author, &instance, "submit", clean()).await.expect("submits again");
        let refused = act(&app, &reviewer, &instance, "approve", clean()).await.expect_err("an author now");
        assert_eq!(refused.code, "rulebook.machine.separated");
        let history = machine::history(&app.store, instance.id).await.expect("kept");
        let actions: Vec<&str> = history.iter().map(|step| step.action.as_str()).collect();
        assert_eq!(actions, ["start", "submit", "approve", "edit", "submit"]);
    }

    async fn what_may_be_done_is_offered_with_the_reason_why_not(store: TestStore) {
        let app = app(&store, packs()).await;
        let author = somebody(&[WRITE], GrantScope::Company);
        let instance = begin(&app, &author).await;
        let facts = json!({"preflight_current": true, "serious_findings": 1});
        let offers = machine::actions(&app, &author, &instance, &facts).await.expect("offers");
        let submit = offers.iter().find(|offer| offer.action == "submit").expect("offered");
        assert!(!submit.allowed && submit.reason.as_deref().is_some_and(|r| r.contains("Mend them first")));
        let archive = offers.iter().find(|offer| offer.action == "archive").expect("offered");
        assert!(archive.allowed && archive.to.as_deref() == Some("archived"));
        assert_eq!(act(&app, &author, &instance, "approve", clean()).await.expect_err("not now").code, "rulebook.machine.not_now");
    }

    async fn an_instance_keeps_the_version_that_it_began_with(store: TestStore) {
        let version = |number: i64, end: &str| {
            let text = format!(
                "id: m\nversion: {number}\ntitle: {{en: m}}\nstates:\n  - {{id: a, title: {{en: a}}}}\n  \
                 - {{id: {end}, title: {{en: z}}, end: true}}\ntransitions:\n  \
                 - {{action: go, from: [a], to: {end}, permission: brand.content.write, title: {{en: g}}}}\n"
            );
            vec![folder("test", &[("machines/m.yaml", &text)])]
        };
        let person = somebody(&[WRITE], GrantScope::Company);
        let old = app(&store, version(1, "old_end")).await;
        let mut tx = old.store.begin(&person).await.expect("begins");
        let instance = machine::start(&mut tx, &old, "m", "test.thing", Id::new()).await.expect("starts");
        tx.audit(Audit::without_row("create", "test.thing")).await.expect("audits");
        tx.commit().await.expect("commits");

        let new = app(&store, version(2, "new_end")).await;
        let step = act(&new, &person, &instance, "go", json!({})).await.expect("moves");
        assert_eq!(step.to, "old_end");
        assert!(machine::find(&new.store, instance.id).await.expect("there").ended);
        // A published version never changes under its number.
        let changed = rulebook::Rulebook::from_folders(version(2, "other"), &[], crate::support::PERMISSIONS).expect("sound");
        let mut parts = axum::http::Extensions::new();
        parts.insert(changed);
        let clash = http_kit::App { parts, ..new };
        assert_eq!(rulebook::publish(&clash).await.expect_err("refused").code, "rulebook.pack.machine_changed");
    }

    async fn of_two_who_decide_at_once_one_wins(store: TestStore) {
        let app = app(&store, packs()).await;
        let author = somebody(&[WRITE], GrantScope::Company);
        let instance = begin(&app, &author).await;
        act(&app, &author, &instance, "submit", clean()).await.expect("submits");
        let (one, two) = (somebody(&[APPROVE], GrantScope::Company), somebody(&[APPROVE], GrantScope::Company));
        let (a, b) = futures::join!(
            act(&app, &one, &instance, "approve", clean()),
            act(&app, &two, &instance, "return", json!({"reason": "tone"})),
        );
        assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|won| **won).count(), 1);
        assert_eq!(machine::history(&app.store, instance.id).await.expect("kept").len(), 3);
    }
}
