//! The release door itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use async_trait::async_trait;
use http_kit::{App, AppState};
use kernel::ports::{ReleasePort, ReleaseUse, Released, ReleasedVariant};
use kernel::{Caller, Id, Page, PageQuery, Problem, Result, Timestamp};
use serde_json::Value;
use store::{Audit, Query, ScopeColumns, Tx, args, json};

use super::rules::{self, Facts, Refusal, Token};
use super::{ReleaseDecision, ReleaseFilter, sql};
use crate::approval::{self, Approval, token};
use crate::asset::rules::rights_expired;
use crate::brand::BrandState;
use crate::closure::service::Loaded;
use crate::content::service::require;
use crate::content::{self, Content};
use crate::permissions::{CONTENT_RELEASE, RELEASE_READ};
use crate::preflight::PreflightVerdict;
use crate::reader::Reader;
use crate::{closure, preflight, render, review};

/// The door, as other domains hold it. It does not keep the product alive that it is part of.
#[derive(Debug)]
pub struct Door(Weak<App>);

/// Returns the release door for `app.ports.release`.
pub fn door(app: &AppState) -> Arc<dyn ReleasePort> {
    Arc::new(Door(Arc::downgrade(app)))
}

#[async_trait]
impl ReleasePort for Door {
    async fn release(
        &self,
        caller: &Caller,
        content_id: Id,
        approval: &str,
        usage: ReleaseUse,
    ) -> Result<Released> {
        release(&*self.app()?, caller, content_id, approval, &usage).await
    }

    async fn open(&self, release_id: Id) -> Result<Released> {
        open(&*self.app()?, release_id).await
    }
}

impl Door {
    fn app(&self) -> Result<AppState> {
        self.0.upgrade().ok_or_else(|| Problem::unavailable("port.not_connected").with("port", "release"))
    }
}

/// Decides whether content may leave now, and writes the decision down before anybody acts on it.
pub async fn release(
    app: &App,
    caller: &Caller,
    content_id: Id,
    token: &str,
    usage: &ReleaseUse,
) -> Result<Released> {
    let signer = app.secrets.signer(token::KEY).await?;
    let mut tx = app.store.begin(caller).await?;
    tx.lock("brand.content", content_id).await?;
    let content: Content = tx.get(content::sql::FIND, args![content_id]).await?;
    require(caller, &content, CONTENT_RELEASE)?;
    let loaded = closure::service::load(&mut Reader::Tx(&mut tx), app, content_id).await?;
    let approval = match token::named(token) {
        Some(id) => tx.find::<Approval>(approval::sql::FIND, args![id]).await?,
        None => None,
    };
    let proven = approval.as_ref().filter(|approval| token::proves(&signer, token, approval));
    let run = preflight::service::latest(&mut Reader::Tx(&mut tx), content_id, &loaded.hash).await?;
    let preflight = run.map(|run| (run.verdict, preflight::service::is_fresh(&run, tx.now())));
    let asked = Asked { caller, usage, loaded: &loaded, approval: proven, preflight, now: tx.now() };
    let refusal = rules::decide(&facts(app, &asked));
    let decision = decision(&asked, refusal.as_ref().err());
    keep(&mut tx, &decision).await?;
    let Err(refusal) = refusal else {
        let released = compile(&loaded, &decision)?;
        tx.commit().await?;
        return Ok(released);
    };
    // A closure that no longer is the approved one ends the approval, also where nobody noticed before.
    review::service::void_where_changed(&mut tx, app, content_id, "brand.approval.void_found").await?;
    tx.commit().await?;
    Err(problem(app, caller, refusal))
}

/// Opens a release that was let out before, unless its approval fell since.
pub async fn open(app: &App, release_id: Id) -> Result<Released> {
    let reader = &mut Reader::Store(&app.store);
    let decision: ReleaseDecision = reader.get(sql::FIND, args![release_id]).await?;
    let approval: Option<Approval> = match (decision.allowed, decision.approval_id) {
        (true, Some(id)) => reader.find(approval::sql::FIND, args![id]).await?,
        _ => None,
    };
    let approval = approval.ok_or_else(|| Problem::not_found("access.not_found"))?;
    let loaded = closure::service::load(reader, app, decision.content_id).await?;
    if !approval.is_valid() || approval.closure_hash != loaded.hash {
        return Err(Problem::conflict("brand.release.voided_meanwhile"));
    }
    compile(&loaded, &decision)
}

/// Returns the decisions that the caller may see, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    page: &PageQuery,
    filter: &ReleaseFilter,
) -> Result<Page<ReleaseDecision>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(RELEASE_READ)?, ScopeColumns::USUAL)
        .and_some("content_id =", filter.content_id)
        .and_some("brand_id =", filter.brand_id)
        .and_some("allowed =", filter.allowed)
        .and_some("used_by =", filter.used_by)
        .and_some("id <", page.after::<String>()?)
        .push(" ORDER BY id DESC")
        .limit_overfull(size);
    let mut rows: Vec<ReleaseDecision> = app.store.list(query).await?;
    for row in &mut rows {
        if let Some(code) = &row.reason {
            let args = said_args(app, caller, &row.args);
            row.message = app.texts.say(caller.language, code, &args);
        }
    }
    Ok(Page::from_overfull(rows, size, |row| row.id))
}

/// Everything that a decision is made from and says.
struct Asked<'a> {
    caller: &'a Caller,
    usage: &'a ReleaseUse,
    loaded: &'a Loaded,
    /// The approval that the token proves.
    approval: Option<&'a Approval>,
    preflight: Option<(PreflightVerdict, bool)>,
    now: Timestamp,
}

fn facts<'a>(app: &App, asked: &Asked<'a>) -> Facts<'a> {
    Facts {
        token: match asked.approval {
            Some(approval) if approval.content_id == asked.loaded.content.id => Token::Proven,
            Some(_) => Token::OfAnother,
            None => Token::Invalid,
        },
        approval: asked.approval,
        hash: &asked.loaded.hash,
        state: asked.loaded.content.state,
        preflight: asked.preflight,
        rights_expired: expired(asked.loaded, asked.now),
        brand_active: asked.loaded.brand.state == BrandState::Active,
        public_origin: app.settings.public_url.is_some(),
    }
}

fn expired(loaded: &Loaded, now: Timestamp) -> Vec<String> {
    let used = loaded.closure.variants.iter().flat_map(|variant| &variant.assets).map(|(key, ..)| key);
    let gone = |key: &&String| {
        loaded.library.assets.get(*key).is_some_and(|asset| rights_expired(asset.rights_until, now))
    };
    let mut keys: Vec<String> = used.filter(gone).cloned().collect();
    keys.sort();
    keys.dedup();
    keys
}

fn decision(asked: &Asked<'_>, refusal: Option<&Refusal>) -> ReleaseDecision {
    let Loaded { content, version, hash, .. } = asked.loaded;
    ReleaseDecision {
        id: Id::new(),
        content_id: content.id,
        brand_id: Some(content.brand_id),
        department_id: content.department_id,
        owner_id: content.owner_id,
        version_id: Some(version.id),
        approval_id: asked.approval.map(|approval| approval.id),
        closure_hash: Some(hash.clone()),
        allowed: refusal.is_none(),
        reason: refusal.map(|refusal| refusal.code.to_owned()),
        args: refusal.map(|refusal| refusal.args.clone()).unwrap_or_default(),
        message: String::new(),
        hash_matches: asked.approval.is_some_and(|approval| approval.closure_hash == *hash),
        had_preflight: matches!(
            asked.preflight,
            Some((PreflightVerdict::Passed | PreflightVerdict::Warned, true))
        ),
        used_by_kind: asked.usage.kind.to_owned(),
        used_by: asked.usage.used_by,
        decided_by: asked.caller.find_user_id(),
        decided_by_name: asked.caller.name().to_owned(),
        decided_at: asked.now,
    }
}

async fn keep(tx: &mut Tx, decision: &ReleaseDecision) -> Result<()> {
    let row = args![
        decision.id,
        decision.content_id,
        decision.brand_id,
        decision.department_id,
        decision.owner_id,
        decision.version_id,
        decision.approval_id,
        decision.closure_hash.clone(),
        decision.allowed,
        decision.reason.clone(),
        json(&decision.args),
        decision.hash_matches,
        decision.had_preflight,
        &decision.used_by_kind,
        decision.used_by,
        decision.decided_by,
        &decision.decided_by_name,
        decision.decided_at,
    ];
    tx.exec(sql::INSERT, row).await?;
    let action = if decision.allowed { "release" } else { "refuse_release" };
    let facts = serde_json::json!({
        "release_id": decision.id, "reason": decision.reason, "closure_hash": decision.closure_hash,
        "used_by_kind": decision.used_by_kind, "used_by": decision.used_by,
    });
    let entry = Audit::new(action, "brand.content", decision.content_id);
    tx.audit(entry.within(decision.brand_id, decision.department_id).with(facts)).await
}

/// Compiles what was approved; a source that does not compile cannot have been approved.
fn compile(loaded: &Loaded, decision: &ReleaseDecision) -> Result<Released> {
    let mut variants = Vec::new();
    for variant in &loaded.variants {
        let words = closure::rules::words(variant);
        let compiled = render::compiled(&words, &loaded.library).map_err(|faults| {
            let codes: Vec<String> = faults.into_iter().map(|fault| fault.code).collect();
            Problem::internal(format!("approved content does not compile: {}", codes.join(", ")))
        })?;
        variants.push(ReleasedVariant {
            language: variant.language,
            subject: compiled.subject.clone(),
            sender_name: variant.sender_name.clone(),
            sender_address: variant.sender_address.clone(),
            html: compiled.html.clone(),
            text: compiled.text.clone(),
        });
    }
    Ok(Released {
        release_id: decision.id,
        content_id: loaded.content.id,
        version_id: loaded.version.id,
        closure_hash: loaded.hash.clone(),
        brand_id: loaded.content.brand_id,
        brand_name: loaded.brand.names.clone(),
        variants,
    })
}

/// A refusal as callers see it.
fn problem(app: &App, caller: &Caller, refusal: Refusal) -> Problem {
    let status = match refusal.code {
        "brand.release.token_invalid" | "brand.release.token_of_another" => 403,
        _ => 409,
    };
    let mut problem = Problem::new(status, refusal.code);
    problem.args = said_args(app, caller, &refusal.args);
    problem
}

/// What voided an approval is kept as a code and said in the caller's language.
fn said_args(app: &App, caller: &Caller, args: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut args = args.clone();
    if let Some(Value::String(code)) = args.get("why") {
        let said = app.texts.say(caller.language, code, &BTreeMap::new());
        args.insert("why".to_owned(), said.into());
    }
    args
}
