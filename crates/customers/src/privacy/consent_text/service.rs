use http_kit::App;
use kernel::{Caller, Id, Labelled, Page, PageQuery, Problem, Result, Timestamp};
use serde_json::json;
use store::{Audit, Tx, args};

use super::{ConsentTextFilter, ConsentTextVersion, NewConsentText, sql};
use crate::consent::{Channel, Purpose, ShownText, text_id};
use crate::permissions::{PRIVACY_MANAGE, PRIVACY_READ};

/// Longest version and sentence, in characters.
const VERSION_MAX: usize = 60;
const TEXT_MAX: usize = 5_000;

/// Returns texts, those that are shown last first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ConsentTextFilter,
) -> Result<Page<ConsentTextVersion>> {
    caller.require(PRIVACY_READ)?;
    let size = page.size()?;
    let mut query = sql::list();
    query
        .and_some("t.purpose =", filter.purpose.map(|purpose| purpose.as_str()))
        .and_some("t.channel =", filter.channel.map(|channel| channel.as_str()))
        .and_some("t.language =", filter.language.map(kernel::Language::as_str));
    if filter.current == Some(true) {
        sql::and_current(&mut query, app.store.now());
    }
    if let Some((at, id)) = page.after::<(Timestamp, Id)>()? {
        query.push(" AND (t.valid_from, t.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    query.push(" ORDER BY t.valid_from DESC, t.id DESC").limit_overfull(size);
    let rows = app.store.list(query).await?;
    Ok(Page::from_overfull(rows, size, |row: &ConsentTextVersion| (row.valid_from, row.id)))
}

/// Publishes a version of a text; it never changes afterwards.
pub async fn create(app: &App, caller: &Caller, new: &NewConsentText) -> Result<ConsentTextVersion> {
    caller.require(PRIVACY_MANAGE)?;
    let fits = |text: &str, max| !text.trim().is_empty() && text.chars().count() <= max;
    if !fits(&new.version, VERSION_MAX) || !fits(&new.text, TEXT_MAX) {
        return Err(Problem::unprocessable("customers.consent.text_invalid"));
    }
    let text = ShownText { version: new.version.trim().to_owned(), body: new.text.trim().to_owned() };
    let id = text_id(&text);
    let mut tx = app.store.begin(caller).await?;
    tx.lock(ConsentTextVersion::NOUN, Id::from_digest([0; 16])).await?;
    let now = tx.now();
    let brand = new.brand_id.map(|id| id.to_string()).unwrap_or_default();
    let (purpose, channel, language) = (new.purpose.as_str(), new.channel.as_str(), new.language.as_str());
    let same = args![purpose, channel, language, &text.version, brand];
    let row = args![
        id,
        &text.version,
        &text.body,
        now,
        new.brand_id,
        purpose,
        channel,
        language,
        new.valid_from.unwrap_or(now),
        caller.find_user_id(),
    ];
    if tx.find::<Id>(sql::SAME_VERSION, same).await?.is_some() || tx.exec(sql::PUBLISH, row).await? == 0 {
        return Err(Problem::conflict("customers.privacy.text_exists").with("version", &text.version));
    }
    let facts = json!({ "purpose": new.purpose, "channel": new.channel, "language": new.language,
        "version": text.version });
    tx.audit(Audit::new("publish", ConsentTextVersion::NOUN, id).with(facts)).await?;
    let mut query = sql::list();
    query.and("t.id =", id);
    let row = tx.list(query).await?.into_iter().next();
    tx.commit().await?;
    row.ok_or_else(|| Problem::not_found("access.not_found"))
}

/// Returns the sentence of a text that was shown at a time, for this purpose and channel.
pub(crate) async fn shown(
    tx: &mut Tx,
    id: Id,
    (purpose, channel, brand): (Purpose, Channel, Id),
    at: Timestamp,
) -> Result<ShownText> {
    let args = args![id, purpose.as_str(), channel.as_str(), at, brand];
    tx.find(sql::SHOWN, args).await?.ok_or_else(|| {
        Problem::unprocessable("customers.consent.text_unknown")
            .with_field("text_id", "customers.consent.text_unknown")
    })
}
