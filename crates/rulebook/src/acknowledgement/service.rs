use std::collections::BTreeSet;

use http_kit::App;
use kernel::{Id, Result, Unacknowledged};
use store::{Query, Tx, args};

use super::{ACKNOWLEDGEMENT, RELEASE, rules, sql};
use crate::Rulebook;

/// A document that binds the holders of permissions.
struct Binding {
    document: String,
    title: kernel::LocalText,
    permissions: BTreeSet<String>,
}

fn bindings(app: &App, book: &Rulebook) -> Vec<Binding> {
    let bound = book.packs().iter().filter_map(|pack| {
        let permissions = rules::codes(&pack.manifest.binds.as_ref()?.permissions, &app.permissions.all());
        let title = pack.manifest.texts.title.0.clone();
        Some(Binding { document: pack.manifest.document.clone()?, title, permissions })
    });
    bound.collect()
}

/// Returns the codes of the permissions that wait until their holder acknowledged a document.
fn bound_codes(app: &App, document: &str) -> Result<BTreeSet<String>> {
    let book = app.part::<Rulebook>()?.snapshot();
    let found = bindings(app, &book).into_iter().find(|binding| binding.document == document);
    Ok(found.map(|binding| binding.permissions).unwrap_or_default())
}

/// Returns those whom a document binds because of what they may do.
pub(crate) async fn bound_people(tx: &mut Tx, app: &App, document: &str) -> Result<Vec<Id>> {
    let codes: Vec<String> = bound_codes(app, document)?.into_iter().collect();
    app.people.get()?.holders_of_any(tx, &codes).await
}

/// Returns what somebody who holds these permissions has to acknowledge before some of them take effect.
///
/// A document binds from its first release on. An acknowledgement of an older edition keeps counting: a new one is
/// owed, but nobody who works by the rules is stopped in the middle of their work.
///
/// Every request asks this, so what is dear to know is asked last: most people acknowledged everything, or nothing
/// was released yet.
pub async fn unacknowledged(
    app: &App,
    user_id: Id,
    held: impl FnOnce() -> BTreeSet<String> + Send,
) -> Result<Vec<Unacknowledged>> {
    // Without packs, as in tests of one domain, nothing binds anybody.
    let Ok(rulebook) = app.part::<Rulebook>() else { return Ok(Vec::new()) };
    let book = rulebook.snapshot();
    let (Some(acknowledgement), Some(release)) =
        (book.record_type(ACKNOWLEDGEMENT), book.record_type(RELEASE))
    else {
        return Ok(Vec::new());
    };
    let mut query = Query::new(sql::DOCUMENTS, args![]);
    query.push(release.view.name).push(" WHERE state IN ('published', 'complete')");
    let mut documents: Vec<String> = app.store.list(query).await?;
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Query::new(sql::DOCUMENTS, args![]);
    query.push(acknowledgement.view.name).push(" WHERE state = 'acknowledged' AND acknowledged_by = person");
    let given: Vec<String> = app.store.list(query.and("person =", user_id).clone()).await?;
    documents.retain(|document| !given.iter().any(|known| known == document || known == EVERYTHING));
    if documents.is_empty() {
        return Ok(Vec::new());
    }
    let (held, mut waiting) = (held(), Vec::new());
    for Binding { document, title, permissions } in bindings(app, &book) {
        let permissions: BTreeSet<String> = permissions.intersection(&held).cloned().collect();
        if documents.contains(&document) && !permissions.is_empty() {
            let link = link(app, acknowledgement.view.name, user_id, &document).await?;
            waiting.push(Unacknowledged { document, title, link, permissions });
        }
    }
    Ok(waiting)
}

/// Stands in an acknowledgement for all documents at once.
const EVERYTHING: &str = "all";

/// Returns the page where somebody acknowledges a document; the list of theirs until it is opened for them.
async fn link(app: &App, view: &'static str, user_id: Id, document: &str) -> Result<String> {
    let mut query = Query::new(sql::IDS, args![]);
    query.push(view).push(" WHERE state = 'outstanding'");
    query.and("person =", user_id).and("document =", document).push(" ORDER BY id DESC LIMIT 1");
    let open: Option<Id> = app.store.list(query).await?.into_iter().next();
    Ok(match open {
        Some(id) => format!("/records/{ACKNOWLEDGEMENT}/{id}"),
        None => format!("/records/{ACKNOWLEDGEMENT}?view=to_me"),
    })
}
