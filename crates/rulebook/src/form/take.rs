//! Taking what a form sent: a page is taken once, a person once where the type says so, and little from one address.

use http_kit::App;
use kernel::{Caller, Id, Language, MINUTE_MS, Problem, Result, Timestamp};
use serde_json::{Map, Value as Json, json};
use store::{Observation, args};

use super::posted::Posted;
use super::service::{Form, Kept, Place};
use super::{page, rules, sql};
use crate::record::{self, Draft};

/// Under which name the product acts.
const ACTS_AS: &str = "public_form";
/// Name of the signing key.
pub const KEY: &str = "rulebook.forms";
/// Name of the field that people do not see: only programs fill it in.
pub const TRAP: &str = "website";
/// Name of the field with the page's mark.
pub const MARK: &str = "page";
/// Name of the box that says that the sender agrees.
pub const CONSENT: &str = "consent";
/// Most that is sent from one address in ten minutes: a class room behind one address, no flood.
const ATTEMPTS_MAX: i64 = 40;
/// Most visits of one sender to a link in ten minutes that are noted.
const VISITS_MAX: i64 = 30;
const WINDOW_MS: i64 = 10 * MINUTE_MS;

/// A form as its visitor finds it.
pub struct Visited {
    pub link: Kept,
    pub form: Form,
    pub place: Place,
    /// Why it takes nothing.
    pub closed: Option<&'static str>,
}

/// What became of what was sent.
pub enum Outcome {
    /// It was taken, now or before.
    Taken,
    /// Fields are at fault: their names and codes; all that is wrong with the whole stands under "".
    Wrong(Vec<(String, String)>),
}

/// Finds the form of an address.
pub async fn visited(app: &App, token: &str) -> Result<Visited> {
    let unknown = || Problem::not_found("rulebook.form.unknown");
    let link: Option<Kept> = app.store.find(sql::BY_TOKEN, args![token]).await?;
    let link = link.ok_or_else(unknown)?;
    let form: Form = app.store.get(sql::FIND, args![link.form_id]).await?;
    let place = Place::of(app, &form.parent_type, form.parent_id, &form.type_id).await?;
    let mut closed = place.closed(app, Some(&form));
    if closed.is_none() && link.closed_at.is_some() {
        closed = Some("rulebook.form.closed");
    }
    if closed.is_none() && link.once && app.store.get::<i64>(sql::COUNT_OF_LINK, args![link.id]).await? > 0 {
        closed = Some("rulebook.form.answered");
    }
    Ok(Visited { link, form, place, closed })
}

/// Returns the digest of a sender's address: it differs each day, and nobody can tell the address from it.
pub async fn sender(app: &App, address: &str) -> Result<String> {
    let day = app.store.now().instant().to_zoned(app.settings.time_zone.clone()).date();
    let digest = app.secrets.hmac(KEY, format!("{day}/{address}").as_bytes()).await?;
    Ok(hex::encode(&digest[..16]))
}

/// Notes a visit; who comes again and again tells nothing new.
pub async fn visit(app: &App, visited: &Visited, sender: &str, agent: Option<&str>) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    let now = tx.now();
    let link = visited.link.id;
    let recent: i64 = tx.get(sql::RECENT_VISITS, args![link, now.plus_ms(-WINDOW_MS), sender]).await?;
    if recent >= VISITS_MAX {
        return Ok(());
    }
    let row = args![Id::new(), visited.form.id, link, now, sender, rules::is_person(agent)];
    tx.exec_one(sql::VISIT, row).await?;
    tx.commit().await
}

/// Makes the mark of a new page.
pub async fn mark(app: &App, link: &Kept) -> Result<String> {
    let signer = app.secrets.signer(KEY).await?;
    let nonce = hex::encode(store::random::bytes::<12>());
    Ok(rules::page_mark(&link.token, app.store.now(), &nonce, |data| signer.sign(data)))
}

/// Refuses more than one address may send.
async fn bounded(app: &App, sender: &str, now: Timestamp) -> Result<()> {
    let recent: i64 = app.store.get(sql::RECENT_ATTEMPTS, args![sender, now.plus_ms(-WINDOW_MS)]).await?;
    if recent >= ATTEMPTS_MAX {
        let seconds = WINDOW_MS / 1_000;
        return Err(Problem::too_many("rulebook.form.too_many").with("retry_after_seconds", seconds));
    }
    Ok(())
}

async fn note(app: &App, sender: &str, outcome: &'static str) -> Result<()> {
    let mut tx = app.store.begin_observation(Observation::Tracking).await?;
    let now = tx.now();
    tx.exec(sql::DROP_ATTEMPTS, args![now.plus_days(-1)]).await?;
    tx.exec_one(sql::ATTEMPT, args![Id::new(), sender, now, outcome]).await?;
    tx.commit().await
}

/// Takes what was sent.
pub async fn take(
    app: &App,
    visited: &Visited,
    posted: &Posted,
    sender: &str,
    language: Language,
) -> Result<Outcome> {
    bounded(app, sender, app.store.now()).await?;
    // What fills in a field that nobody sees is told that all went well.
    if posted.text(TRAP).is_some() {
        note(app, sender, "trapped").await?;
        return Ok(Outcome::Taken);
    }
    let outcome = answer(app, visited, posted, language).await?;
    note(app, sender, if matches!(outcome, Outcome::Taken) { "taken" } else { "refused" }).await?;
    Ok(outcome)
}

async fn answer(app: &App, visited: &Visited, posted: &Posted, language: Language) -> Result<Outcome> {
    let signer = app.secrets.signer(KEY).await?;
    let (mark, now) = (posted.text(MARK).unwrap_or_default(), app.store.now());
    let nonce = rules::page_nonce(mark, &visited.link.token, now, |data| signer.sign(data));
    let Some(nonce) = nonce else {
        return Ok(Outcome::Wrong(vec![(String::new(), "rulebook.form.page_too_old".to_owned())]));
    };
    let place = &visited.place;
    let (mut values, mut wrong) = rules::values(&place.record_type, place.form(), posted);
    let mut rows = Vec::new();
    for question in &visited.form.questions {
        match question.read(posted) {
            Ok(found) => rows.extend(found),
            Err(code) => wrong.push((question.name(), code)),
        }
    }
    if posted.text(CONSENT) != Some("1") {
        wrong.push((CONSENT.to_owned(), "rulebook.form.consent_needed"));
    }
    if !wrong.is_empty() {
        return Ok(Outcome::Wrong(wrong.into_iter().map(|(field, code)| (field, code.to_owned())).collect()));
    }
    if let Some(questions) = &place.form().questions {
        values.insert(questions.answers.clone(), Json::Array(rows));
    }
    for (key, files) in posted.files.iter().filter(|(key, _)| place.form().fields.contains(key)) {
        let mut kept = Vec::new();
        for file in files {
            let hash = app.blobs.put(&file.bytes).await?.to_string();
            let media_type = file.media_type().unwrap_or("application/octet-stream");
            kept.push(
                json!({ "id": hash, "name": file.name, "size": file.bytes.len(), "media_type": media_type }),
            );
        }
        values.insert(key.clone(), Json::Array(kept));
    }
    match keep(app, visited, values, &nonce, language).await {
        // What the type itself says of the values stands beside the fields, too.
        Err(problem) if problem.status == 422 => Ok(Outcome::Wrong(told(app, &problem, language))),
        other => other.map(|()| Outcome::Taken),
    }
}

/// Returns the fields that a refusal names; what it says of no field it says of the whole.
fn told(app: &App, problem: &Problem, language: Language) -> Vec<(String, String)> {
    if problem.fields.is_empty() || problem.code == "rulebook.record.refused" {
        return vec![(String::new(), app.texts.say(language, &problem.code, &problem.args))];
    }
    problem.fields.iter().map(|field| (field.field.clone(), field.code.clone())).collect()
}

/// Makes the record, unless the page or the person was taken before.
async fn keep(
    app: &App,
    visited: &Visited,
    values: Map<String, Json>,
    nonce: &str,
    language: Language,
) -> Result<()> {
    let Visited { link, form, place, .. } = visited;
    let (spec, parent) = (place.form(), &place.parent);
    let person = spec.one_per.as_ref().and_then(|key| values.get(key)).and_then(Json::as_str);
    let person = match person.map(rules::person).filter(|person| !person.is_empty()) {
        Some(person) => {
            Some(hex::encode(app.secrets.hmac(KEY, format!("{}/{person}", form.id).as_bytes()).await?))
        }
        None => None,
    };
    let consent = page::consent(place, language);
    let version = rules::consent_version(&consent);
    let mut tx = app.store.begin(&Caller::system(ACTS_AS)).await?;
    let (id, now) = (Id::new(), tx.now());
    tx.lock("rulebook.form_link", link.id).await?;
    if link.once && tx.get::<i64>(sql::COUNT_OF_LINK, args![link.id]).await? > 0 {
        let same: i64 = tx.get(sql::COUNT_OF_PAGE, args![form.id, nonce]).await?;
        return if same > 0 { Ok(()) } else { Err(Problem::new(410, "rulebook.form.answered")) };
    }
    let taken = args![id, form.id, link.id, nonce, person, &consent, &version, language.as_str(), now];
    if tx.exec(sql::TAKE, taken).await? == 0 {
        return Ok(());
    }
    let known = Map::from_iter([
        ("link".to_owned(), json!(link.name)),
        ("channel".to_owned(), json!(link.channel)),
        ("consent".to_owned(), json!(consent)),
        ("consent_version".to_owned(), json!(version)),
        ("parent".to_owned(), json!(parent.id)),
    ]);
    let mut whole = record::fill(app, &place.record_type, &spec.values, &known, None, now);
    if let (Some(field), Some(channel)) = (&spec.channel, &link.channel) {
        whole.insert(field.clone(), json!(channel));
    }
    whole.insert(spec.parent.clone(), json!(parent.id));
    whole.extend(values);
    whole.retain(|_, value| !value.is_null());
    let draft = Draft {
        values: whole,
        owner_id: parent.owner_id,
        department_id: parent.department_id,
        brand_id: parent.brand_id,
        reason: Some(link.name.clone()),
    };
    let made = record::make(&mut tx, app, &Caller::system(ACTS_AS), &place.record_type, draft).await?;
    tx.exec_one(sql::TAKEN, args![id, made]).await?;
    tx.commit().await
}
