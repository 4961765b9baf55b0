//! What the access door does in the background.

use async_trait::async_trait;
use http_kit::App;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry};

use crate::access_review::jobs::OpenReviews;
use crate::device::jobs::TestEncryption;
use crate::link::jobs::{MailLink, MailReset};
use crate::user::jobs::{CloseLeavers, FlagIdle};
use crate::{attempt, four_eyes, link, session};

/// Forgets what no longer counts; every hour.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

impl JobKind for Sweep {
    const KIND: &'static str = "identity.sweep";
}

#[async_trait]
impl Job<App> for Sweep {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        attempt::service::sweep(app).await?;
        link::service::sweep(app).await?;
        session::service::expire(app).await?;
        four_eyes::service::sweep(app).await?;
        Ok(())
    }
}

/// Adds the jobs and their times.
pub fn register(registry: &mut Registry<App>) {
    registry
        .job::<MailLink>()
        .job::<MailReset>()
        .job::<CloseLeavers>()
        .job::<FlagIdle>()
        .job::<TestEncryption>()
        .job::<OpenReviews>()
        .job::<Sweep>()
        .schedule(CloseLeavers::KIND, Every::minutes(1), || CloseLeavers {})
        .schedule(FlagIdle::KIND, Every::hours(24), || FlagIdle {})
        .schedule(TestEncryption::KIND, Every::hours(24), || TestEncryption {})
        .schedule(OpenReviews::KIND, Every::hours(1), || OpenReviews {})
        .schedule(Sweep::KIND, Every::hours(1), || Sweep {});
}
