use std::collections::BTreeMap;

use http_kit::App;
use kernel::{Caller, Id, Language, Result};
use serde_json::{Map, Value as Json, json};
use store::{Observation, Tx, args};

use super::{DetectionSpec, sql};
use crate::control::Control;
use crate::record::{self, Draft};
use crate::run::{Run, Verdict};

/// Under which name the product acts.
const ACTS_AS: &str = "detectors";

/// What a detector found.
pub struct Detected<'d> {
    /// Which detector: two finds of one source are one episode.
    pub source: String,
    pub spec: &'d DetectionSpec,
    /// What the values may name.
    pub facts: Map<String, Json>,
    pub reason: String,
}

/// Opens the record of an episode, unless it is open; says whether it did.
pub async fn begin(app: &App, found: &Detected<'_>) -> Result<bool> {
    let mut tx = app.store.begin(&Caller::system(ACTS_AS)).await?;
    tx.lock("rulebook.detection", crate::metric::lock_id(&found.source)).await?;
    if tx.find::<Id>(sql::FIND, args![&found.source]).await?.is_some() {
        return Ok(false);
    }
    let people = record::people(&mut tx, app, &found.facts, &found.spec.owner).await?;
    let opens = (found.spec.record.as_str(), &found.spec.values);
    let owner = people.first().copied();
    let id = open(&mut tx, app, ACTS_AS, opens, &found.facts, (owner, &found.reason)).await?;
    let now = tx.now();
    tx.exec_one(sql::BEGIN, args![&found.source, id, now]).await?;
    tx.commit().await?;
    Ok(true)
}

/// Makes a record on behalf of the product, where `facts` say whose it is.
pub async fn open(
    tx: &mut Tx,
    app: &App,
    acts_as: &'static str,
    (record, values): (&str, &BTreeMap<String, Json>),
    facts: &Map<String, Json>,
    (owner_id, reason): (Option<Id>, &str),
) -> Result<Id> {
    let record_type = record::record_type(app, record)?;
    let now = tx.now();
    let values = record::fill(app, &record_type, values, facts, None, now);
    let id_in = |name: &str| facts.get(name).and_then(Json::as_str).and_then(|id| id.parse().ok());
    let draft = Draft {
        values,
        owner_id,
        department_id: id_in("department_id"),
        brand_id: id_in("brand_id"),
        reason: Some(reason.to_owned()),
    };
    record::make(tx, app, &Caller::system(acts_as), &record_type, draft).await
}

/// Notes that an episode is over.
pub async fn over(app: &App, source: &str) -> Result<()> {
    if app.store.find::<Id>(sql::FIND, args![source]).await?.is_none() {
        return Ok(());
    }
    let mut tx = app.store.begin_observation(Observation::Measurement).await?;
    tx.exec(sql::END, args![source]).await?;
    tx.commit().await
}

/// Reports a control that is broken, where its pack says so; what says nothing changes nothing.
pub async fn of_run(app: &App, control: &Control, run: &Run) -> Result<()> {
    let Some(spec) = &control.spec.opens else { return Ok(()) };
    let source = format!("control/{}", control.spec.id);
    match run.verdict {
        Verdict::Followed => over(app, &source).await,
        Verdict::Broken => {
            let title = control.spec.title.get(Language::default());
            let said = crate::run::said(app, Language::default(), run);
            let facts = json!({ "control": control.spec.id, "title": title, "said": said, "value": run.value,
                "threshold": run.threshold, "at": run.evaluated_at });
            let facts = facts.as_object().cloned().unwrap_or_default();
            let reason = control.spec.id.clone();
            begin(app, &Detected { source, spec, facts, reason }).await.map(drop)
        }
        _ => Ok(()),
    }
}
