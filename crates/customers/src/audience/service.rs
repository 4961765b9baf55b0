use async_trait::async_trait;
use kernel::ports::{Audience, AudiencePort};
use kernel::{Caller, Id, Problem, Result};
use lake::Lake;
use store::{Audit, Store, args};

use super::sql;
use crate::permissions::PROFILE_READ;
use crate::profile::PROFILE_COLUMNS;
use crate::segment::{SegmentState, prepare_segment};

/// Freezes segments for the other domains.
#[derive(Debug, Clone)]
pub struct Audiences {
    store: Store,
    lake: Option<Lake>,
}

impl Audiences {
    /// Keeps audiences in this database; what people did is in the lake.
    pub fn new(store: Store, lake: Option<Lake>) -> Self {
        Self { store, lake }
    }

    async fn find(&self, used_by: Id) -> Result<Option<Audience>> {
        self.store.find(sql::BY_USE, args![used_by]).await
    }

    pub(super) async fn freeze_as(&self, caller: &Caller, wish: &Wish<'_>) -> Result<Audience> {
        let (segment, prepared) =
            prepare_segment(&self.store, self.lake.as_ref(), caller, wish.segment_id).await?;
        if segment.state != SegmentState::Active {
            return Err(Problem::conflict("customers.segment.not_active").with("segment", &segment.name));
        }
        let scope = caller.scope(PROFILE_READ)?;
        let mut tx = self.store.begin(caller).await?;
        tx.lock("customers.audience", wish.used_by).await?;
        if let Some(frozen) = tx.find(sql::BY_USE, args![wish.used_by]).await? {
            return Ok(frozen);
        }
        let (id, now) = (wish.id, tx.now());
        let row = args![
            id,
            segment.id,
            segment.version_id,
            wish.used_by,
            prepared.now,
            now,
            caller.find_user_id(),
            wish.reason,
        ];
        tx.exec(sql::INSERT, row).await?;
        let mut members = sql::insert_members(id);
        members.scope(&scope, PROFILE_COLUMNS);
        prepared.narrow(&mut members)?;
        let count = i64::try_from(tx.exec_query(members).await?).unwrap_or(i64::MAX);
        tx.exec_one(sql::STORE_COUNT, args![id, count]).await?;
        let entry = Audit::new("freeze", "customers.audience", id)
            .within(segment.brand_id, segment.department_id)
            .with(serde_json::json!({ "segment_id": segment.id, "segment_version": segment.version_number,
                "used_by": wish.used_by, "count": count, "reason": wish.reason }));
        tx.audit(entry).await?;
        tx.commit().await?;
        Ok(Audience { id, count, watermark: prepared.now })
    }
}

/// What is to be frozen, and for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub id: Id,
    pub segment_id: Id,
    pub used_by: Id,
    pub reason: Option<&'a str>,
}

#[async_trait]
impl AudiencePort for Audiences {
    async fn freeze(&self, caller: &Caller, segment_id: Id, used_by: Id) -> Result<Audience> {
        match self.find(used_by).await? {
            Some(frozen) => Ok(frozen),
            None => self.freeze_as(caller, &Wish { id: Id::new(), segment_id, used_by, reason: None }).await,
        }
    }
}
