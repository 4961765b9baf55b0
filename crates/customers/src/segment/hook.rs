//! Hooks (成员变化推送): which programs are told who enters and leaves a segment.

use http_kit::App;
use kernel::{Caller, Id, Labelled, Problem, Result};
use rulebook::task::Sentence;
use rulebook::webhook::{self, EndpointName, Push};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Audit, Tx, args};
use utoipa::ToSchema;

use super::{MemberChange, service, sql};
use crate::permissions::SEGMENT_EDIT;

/// Hook (推送) of a segment: a webhook endpoint that is told who enters or leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SegmentHook {
    /// Who is told.
    pub endpoint_id: Id,
    /// Told of those who enter.
    pub on_enter: bool,
    /// Told of those who leave.
    pub on_leave: bool,
}

/// Hooks of a segment, and whom it could have for one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SegmentHooks {
    /// The segment.
    pub segment_id: Id,
    /// Its hooks.
    pub hooks: Vec<SegmentHook>,
    /// The endpoints that there are.
    pub endpoints: Vec<EndpointName>,
    /// Version of the segment; for `If-Match`.
    pub version: i64,
}

impl Labelled for SegmentHooks {
    const NOUN: &'static str = "customers.segment_hooks";
}

/// The hooks that a segment has from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSegmentHooks {
    /// All of them; an endpoint that is not among them is told nothing any more.
    #[schema(max_items = 20)]
    pub hooks: Vec<SegmentHook>,
}

/// Returns the hooks of a segment that the caller may see.
pub async fn hooks(app: &App, caller: &Caller, id: Id) -> Result<SegmentHooks> {
    let segment = service::require(&app.store, caller, id).await?;
    Ok(SegmentHooks {
        segment_id: id,
        hooks: app.store.all(sql::HOOKS, args![id]).await?,
        endpoints: webhook::endpoints(&app.store).await?,
        version: segment.version,
    })
}

/// Sets who is told from now on.
pub async fn set_hooks(
    app: &App,
    caller: &Caller,
    id: Id,
    version: i64,
    wish: &SetSegmentHooks,
) -> Result<SegmentHooks> {
    check(&webhook::endpoints(&app.store).await?, wish)?;
    let mut tx = app.store.begin(caller).await?;
    let segment = service::load_in(&mut tx, id).await?;
    caller.scope(SEGMENT_EDIT)?.require(segment.brand_id, segment.department_id, segment.owner_id)?;
    let now = tx.now();
    tx.exec_one(sql::TOUCH, args![id, version, now]).await?;
    tx.exec(sql::FORGET_HOOKS, args![id]).await?;
    for hook in &wish.hooks {
        tx.exec_one(sql::INSERT_HOOK, args![id, hook.endpoint_id, hook.on_enter, hook.on_leave]).await?;
    }
    let entry = Audit::new("set_hooks", "customers.segment", id)
        .within(segment.brand_id, segment.department_id)
        .with(json!({ "hooks": wish.hooks }));
    tx.audit(entry).await?;
    tx.commit().await?;
    hooks(app, caller, id).await
}

fn check(known: &[EndpointName], wish: &SetSegmentHooks) -> Result<()> {
    for (place, hook) in wish.hooks.iter().enumerate() {
        let code = if !known.iter().any(|endpoint| endpoint.id == hook.endpoint_id) {
            "customers.segment.hook_unknown"
        } else if wish.hooks[..place].iter().any(|before| before.endpoint_id == hook.endpoint_id) {
            "customers.segment.hook_twice"
        } else if !hook.on_enter && !hook.on_leave {
            "customers.segment.hook_of_nothing"
        } else {
            continue;
        };
        return Err(Problem::unprocessable(code));
    }
    Ok(())
}

/// Tells the programs that listen who entered or left, with the transaction that wrote it.
pub(crate) async fn tell(tx: &mut Tx, id: Id, change: MemberChange, people: &[Id]) -> Result<()> {
    let listening: Vec<SegmentHook> = tx.all(sql::HOOKS, args![id]).await?;
    let (event_type, code) = match change {
        MemberChange::Entered => ("customers.segment.entered", "customers.segment.told_entered"),
        MemberChange::Left => ("customers.segment.left", "customers.segment.told_left"),
    };
    let wants = |hook: &SegmentHook| match change {
        MemberChange::Entered => hook.on_enter,
        MemberChange::Left => hook.on_leave,
    };
    let listening: Vec<SegmentHook> = listening.into_iter().filter(wants).collect();
    if listening.is_empty() {
        return Ok(());
    }
    let name: String = tx.get(sql::NAME, args![id]).await?;
    let data = json!({ "segment_id": id, "segment": name, "profile_ids": people });
    for hook in listening {
        let title = Sentence::new(code).with("segment", name.as_str()).with("count", people.len());
        let link = format!("/customers/segments/{id}");
        webhook::push(tx, &Push { endpoint_id: hook.endpoint_id, event_type, data: &data, title, link })
            .await?;
    }
    Ok(())
}
