use std::sync::Arc;

use http_kit::App;
use kernel::{Caller, Id, Page, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use store::{Audit, Tx, args};

use super::questions::Question;
use super::{FormChoice, FormLink, NewFormLinks, RecordForm, rules, sql, tally};
use crate::Rulebook;
use crate::record::{self, Row};
use crate::record_type::public_form::PublicFormSpec;
use crate::record_type::{FieldSpec, RecordType};

const NOUN: &str = "rulebook.form";
/// Most links of one form.
const LINKS_MAX: i64 = 2_000;

/// A form as it is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Form {
    pub id: Id,
    pub type_id: String,
    pub parent_type: String,
    pub parent_id: Id,
    pub questions: Vec<Question>,
    pub published_at: kernel::Timestamp,
    pub withdrawn_at: Option<kernel::Timestamp>,
}

/// A link as it is kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Kept {
    pub id: Id,
    pub form_id: Id,
    pub token: String,
    pub name: String,
    pub channel: Option<String>,
    pub once: bool,
    pub closed_at: Option<kernel::Timestamp>,
}

/// A record, and the type of the records that its form makes.
pub struct Place {
    /// Type of the record.
    pub parent_type: Arc<RecordType>,
    /// Type of what the form makes.
    pub record_type: Arc<RecordType>,
    /// The record.
    pub parent: Row,
    /// What is known of it.
    pub facts: Map<String, Json>,
}

impl Place {
    /// Returns what the type says of its form.
    pub fn form(&self) -> &PublicFormSpec {
        self.record_type.spec.public_form.as_ref().expect("only types with a form have a place")
    }

    /// Finds a record and the form of a type on it.
    pub async fn of(app: &App, parent_type: &str, parent: Id, form_type: &str) -> Result<Self> {
        let nothing = || Problem::not_found("access.not_found");
        let (parents, own) = (record::record_type(app, parent_type)?, record::record_type(app, form_type)?);
        let form = own.spec.public_form.as_ref().ok_or_else(nothing)?;
        let refers = own.field(&form.parent).and_then(|field| field.record.as_deref());
        if refers != Some(parent_type) {
            return Err(nothing());
        }
        let row: Option<Row> = app.store.find(record::FIND, args![parent]).await?;
        let row = row.filter(|row| row.type_id == parent_type).ok_or_else(nothing)?;
        let facts = record::facts_of(app, &parents, &row);
        Ok(Self { parent_type: parents, record_type: own, parent: row, facts })
    }

    /// Why the form takes nothing; nothing where it does.
    pub fn closed(&self, app: &App, form: Option<&Form>) -> Option<&'static str> {
        match form {
            None => return Some("rulebook.form.not_published"),
            Some(form) if form.withdrawn_at.is_some() => return Some("rulebook.form.withdrawn"),
            Some(_) => {}
        }
        if self.parent.archived_at.is_some() {
            return Some("rulebook.form.closed");
        }
        let (zone, now) = (&app.settings.time_zone, app.store.now());
        rules::closed(self.form(), self.record_type.form_when.as_ref(), &self.facts, zone, now)
    }

    /// Returns whether the record is one from which the form can be published.
    fn fits(&self, app: &App) -> bool {
        let (zone, now) = (&app.settings.time_zone, app.store.now());
        let closed = rules::closed(self.form(), self.record_type.form_when.as_ref(), &self.facts, zone, now);
        closed != Some("rulebook.form.not_of_this")
    }

    /// Returns the field that takes the channel.
    pub fn channel(&self) -> Option<&FieldSpec> {
        self.form().channel.as_ref().and_then(|key| self.record_type.field(key))
    }

    /// Reads the questions that stand in the record now.
    fn questions(&self) -> Result<Vec<Question>> {
        let Some(spec) = &self.form().questions else { return Ok(Vec::new()) };
        let found = Question::all(tally::rows(&self.parent.document, &spec.table)).map_err(|wrong| {
            Problem::unprocessable("rulebook.form.questions_invalid").with("codes", wrong.join("、"))
        })?;
        if found.is_empty() {
            return Err(Problem::unprocessable("rulebook.form.no_questions"));
        }
        Ok(found)
    }

    fn require_write(&self, caller: &Caller) -> Result<()> {
        let scope = caller.scope(self.parent_type.write)?;
        scope.require(self.parent.brand_id, self.parent.department_id, self.parent.owner_id)
    }
}

/// Finds the form of a place, published or not.
pub async fn form_of(app: &App, place: &Place) -> Result<Option<Form>> {
    app.store.find(sql::OF_PARENT, args![place.parent.id, &place.record_type.spec.id]).await
}

/// Returns the types whose form is published from records of a type.
pub fn types_of(app: &App, parent_type: &str) -> Result<Vec<String>> {
    let book = app.part::<Rulebook>()?;
    let of = |found: &Arc<RecordType>| {
        let form = found.spec.public_form.as_ref()?;
        let refers = found.field(&form.parent)?.record.as_deref() == Some(parent_type);
        refers.then(|| found.spec.id.clone())
    };
    Ok(book.record_types().filter_map(of).collect())
}

/// Returns the forms that a record has or can have.
pub async fn list(app: &App, caller: &Caller, parent_type: &str, parent: Id) -> Result<Page<RecordForm>> {
    record::find(app, caller, parent_type, parent).await?;
    let mut found = Vec::new();
    for form_type in types_of(app, parent_type)? {
        let place = Place::of(app, parent_type, parent, &form_type).await?;
        if place.fits(app) {
            found.push(shown(app, caller, &place).await?);
        }
    }
    Ok(Page::whole(found))
}

/// Returns a form with its links as its record's reader sees it.
pub async fn links(
    app: &App,
    caller: &Caller,
    parent_type: &str,
    parent: Id,
    form_type: &str,
) -> Result<RecordForm> {
    record::find(app, caller, parent_type, parent).await?;
    shown(app, caller, &Place::of(app, parent_type, parent, form_type).await?).await
}

async fn shown(app: &App, caller: &Caller, place: &Place) -> Result<RecordForm> {
    let form = form_of(app, place).await?;
    let closed = place.closed(app, form.as_ref());
    let can_publish = place.require_write(caller).is_ok() && place.parent.archived_at.is_none();
    let options = place.channel().map(|field| field.options.as_slice()).unwrap_or_default();
    let links = match &form {
        Some(form) => links_of(app, form, can_publish).await?,
        None => Vec::new(),
    };
    Ok(RecordForm {
        form_type: place.record_type.spec.id.clone(),
        title: place.record_type.spec.title.get(caller.language).to_owned(),
        published_at: form.as_ref().map(|form| form.published_at),
        withdrawn_at: form.as_ref().and_then(|form| form.withdrawn_at),
        open: closed.is_none(),
        closed_because: closed.map(|code| app.texts.say(caller.language, code, &Default::default())),
        can_publish,
        channels: options
            .iter()
            .map(|option| FormChoice {
                id: option.id.clone(),
                title: option.title.get(caller.language).to_owned(),
            })
            .collect(),
        questions: form.map_or(0, |form| i64::try_from(form.questions.len()).unwrap_or(i64::MAX)),
        links,
    })
}

/// Returns the links of a form; addresses that take one answer are for those who hand them out.
pub async fn links_of(app: &App, form: &Form, hands_out: bool) -> Result<Vec<FormLink>> {
    let mut found: Vec<FormLink> = app.store.all(sql::LINKS, args![form.id]).await?;
    let origin = app.settings.public_url.as_deref().map(|url| url.trim_end_matches('/'));
    for link in &mut found {
        link.url =
            origin.filter(|_| hands_out || !link.once).map(|origin| format!("{origin}/f/{}", link.token));
    }
    Ok(found)
}

/// Publishes the form of a record: it gets an address, and one for each channel that the record names.
pub async fn publish(
    app: &App,
    caller: &Caller,
    parent_type: &str,
    parent: Id,
    form_type: &str,
) -> Result<RecordForm> {
    record::find(app, caller, parent_type, parent).await?;
    let place = Place::of(app, parent_type, parent, form_type).await?;
    place.require_write(caller)?;
    let questions = place.questions()?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock(NOUN, parent).await?;
    let before: Option<Form> = tx.find(sql::OF_PARENT, args![parent, form_type]).await?;
    let now = tx.now();
    let (zone, when) = (&app.settings.time_zone, place.record_type.form_when.as_ref());
    let archived = place.parent.archived_at.map(|_| "rulebook.form.closed");
    if let Some(why) = archived.or_else(|| rules::closed(place.form(), when, &place.facts, zone, now)) {
        return Err(Problem::conflict(why));
    }
    if let Some(before) = &before {
        let answers: i64 = tx.get(sql::COUNT_ANSWERS, args![before.id]).await?;
        if answers > 0 && before.questions != questions {
            return Err(Problem::conflict("rulebook.form.questions_answered").with("answers", answers));
        }
    }
    let id = before.as_ref().map_or_else(Id::new, |form| form.id);
    let kept = store::json(&json!(questions));
    tx.exec_one(sql::PUBLISH, args![id, form_type, parent_type, parent, kept, now, caller.find_user_id()])
        .await?;
    if before.is_none() {
        first_links(&mut tx, app, &place, id, caller).await?;
    }
    let facts = json!({ "form": form_type, "questions": questions.len() });
    let audit = Audit::new("publish_form", place.parent_type.noun, parent);
    tx.audit(audit.within(place.parent.brand_id, place.parent.department_id).with(facts)).await?;
    if let Some(field) =
        place.form().published.as_ref().filter(|field| !place.parent.document.contains_key(*field))
    {
        let values = Map::from_iter([(field.clone(), json!(now))]);
        record::note(&mut tx, app, &place.parent_type, parent, values, "publish_form").await?;
    }
    tx.commit().await?;
    links(app, caller, parent_type, parent, form_type).await
}

/// Makes the first links: one for everybody, and one for each channel that the record pays for or names.
async fn first_links(tx: &mut Tx, app: &App, place: &Place, form: Id, caller: &Caller) -> Result<()> {
    let mut links =
        vec![(app.texts.say(caller.language, "rulebook.form.direct_link", &Default::default()), None)];
    if let (Some(cost), Some(field)) = (&place.form().cost, place.channel()) {
        for row in tally::rows(&place.parent.document, &cost.table) {
            let channel = row.get(&cost.channel).and_then(Json::as_str);
            let option = field.options.iter().find(|option| Some(option.id.as_str()) == channel);
            let new =
                option.filter(|option| !links.iter().any(|(_, known)| known.as_ref() == Some(&option.id)));
            links.extend(new.map(|new| (new.title.get(caller.language).to_owned(), Some(new.id.clone()))));
        }
    }
    for (name, channel) in links {
        insert_link(tx, form, &name, channel.as_deref(), false, 0).await?;
    }
    Ok(())
}

async fn insert_link(
    tx: &mut Tx,
    form: Id,
    name: &str,
    channel: Option<&str>,
    once: bool,
    invited: i64,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.caller().find_user_id());
    let row = args![Id::new(), form, store::random::token(), name, channel, once, invited, now, by];
    tx.exec_one(sql::INSERT_LINK, row).await
}

/// The form of a record that the caller may change.
async fn held(
    app: &App,
    caller: &Caller,
    parent_type: &str,
    parent: Id,
    form_type: &str,
) -> Result<(Place, Form)> {
    record::find(app, caller, parent_type, parent).await?;
    let place = Place::of(app, parent_type, parent, form_type).await?;
    place.require_write(caller)?;
    let form = form_of(app, &place).await?;
    Ok((place, form.ok_or_else(|| Problem::conflict("rulebook.form.not_published"))?))
}

/// Takes a form back: its addresses show that it is closed.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    parent_type: &str,
    parent: Id,
    form_type: &str,
) -> Result<RecordForm> {
    let (place, form) = held(app, caller, parent_type, parent, form_type).await?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    tx.exec_one(sql::WITHDRAW, args![form.id, now]).await?;
    let audit = Audit::new("withdraw_form", place.parent_type.noun, parent);
    let facts = json!({ "form": form_type });
    tx.audit(audit.within(place.parent.brand_id, place.parent.department_id).with(facts)).await?;
    tx.commit().await?;
    links(app, caller, parent_type, parent, form_type).await
}

/// Makes links, one or many of the same kind.
pub async fn add_links(
    app: &App,
    caller: &Caller,
    (parent_type, parent, form_type): (&str, Id, &str),
    new: &NewFormLinks,
) -> Result<RecordForm> {
    let (place, form) = held(app, caller, parent_type, parent, form_type).await?;
    let mut problem = Problem::unprocessable("rulebook.form.link_invalid");
    if new.name.trim().is_empty() || new.name.chars().count() > 80 {
        problem = problem.with_field("name", "rulebook.webhook.name_length");
    }
    let options = place.channel().map(|field| field.options.as_slice()).unwrap_or_default();
    if new.channel.as_ref().is_some_and(|channel| options.iter().all(|option| option.id != *channel)) {
        problem = problem.with_field("channel", "rulebook.record.no_such_option");
    }
    if !(1..=500).contains(&new.count) {
        problem = problem.with_field("count", "rulebook.form.count_invalid");
    }
    if !(0..=10_000_000).contains(&new.invited) {
        problem = problem.with_field("invited", "rulebook.record.too_great");
    }
    if !problem.fields.is_empty() {
        return Err(problem);
    }
    let mut tx = app.store.begin(caller).await?;
    tx.lock(NOUN, parent).await?;
    let there: i64 = tx.get(sql::COUNT_LINKS, args![form.id]).await?;
    if there + new.count > LINKS_MAX {
        return Err(Problem::unprocessable("rulebook.form.too_many_links").with("max", LINKS_MAX));
    }
    for place in 1..=new.count {
        let name =
            if new.count == 1 { new.name.trim().to_owned() } else { format!("{} {place}", new.name.trim()) };
        let invited = if new.once { 1 } else { new.invited };
        insert_link(&mut tx, form.id, &name, new.channel.as_deref(), new.once, invited).await?;
    }
    let facts = json!({ "form": form_type, "name": new.name, "channel": new.channel, "once": new.once, "count": new.count });
    let audit = Audit::new("make_form_links", place.parent_type.noun, parent);
    tx.audit(audit.within(place.parent.brand_id, place.parent.department_id).with(facts)).await?;
    tx.commit().await?;
    links(app, caller, parent_type, parent, form_type).await
}

/// Closes a link: it takes nothing more.
pub async fn close_link(
    app: &App,
    caller: &Caller,
    (parent_type, parent, form_type): (&str, Id, &str),
    link: Id,
) -> Result<RecordForm> {
    let (place, form) = held(app, caller, parent_type, parent, form_type).await?;
    let mut tx = app.store.begin(caller).await?;
    let now = tx.now();
    if tx.exec(sql::CLOSE_LINK, args![link, form.id, now]).await? == 0 {
        return Err(Problem::not_found("access.not_found"));
    }
    let audit = Audit::new("close_form_link", place.parent_type.noun, parent);
    let facts = json!({ "form": form_type, "link": link });
    tx.audit(audit.within(place.parent.brand_id, place.parent.department_id).with(facts)).await?;
    tx.commit().await?;
    links(app, caller, parent_type, parent, form_type).await
}
