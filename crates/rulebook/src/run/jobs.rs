use async_trait::async_trait;
use http_kit::App;
use kernel::Result;
use serde::{Deserialize, Serialize};
use store::{Every, Job, JobError, JobKind, Lease, Registry, Tx};

use super::service;
use crate::Rulebook;
use crate::control::Control;

/// How often every control is evaluated.
const EVERY_MINUTES: u32 = 5;

/// Evaluates controls: all of them, or those that read one of the views.
#[derive(Debug, Serialize, Deserialize)]
pub struct EvaluateControls {
    /// The views whose rows changed; absent: all controls.
    pub views: Option<Vec<String>>,
}

impl JobKind for EvaluateControls {
    const KIND: &'static str = "rulebook.controls.evaluate";
    // The next one comes by itself.
    const MAX_ATTEMPTS: i64 = 3;
    const PRIORITY: i64 = -1;
}

#[async_trait]
impl Job<App> for EvaluateControls {
    async fn run(&self, app: &App, _lease: &Lease) -> Result<(), JobError> {
        let count = service::evaluate_all(app, self.views.as_deref()).await?;
        tracing::debug!(count, "evaluated {count} controls");
        Ok(())
    }
}

/// Has the controls that read these views evaluated again, once this change commits.
pub async fn after_change(tx: &mut Tx, views: &[&str]) -> Result<()> {
    let job = EvaluateControls { views: Some(views.iter().map(|view| (*view).to_owned()).collect()) };
    tx.enqueue_once(&job, &format!("rulebook.controls.evaluate/{}", views.join("+"))).await.map(drop)
}

/// Has every control evaluated, once a change of the packs commits.
pub(crate) async fn after_new_edition(tx: &mut Tx) -> Result<()> {
    let job = EvaluateControls { views: None };
    tx.enqueue_once(&job, "rulebook.controls.evaluate/all").await.map(drop)
}

/// Has the controls that read a policy parameter evaluated again, once this change commits.
pub(crate) async fn after_parameter_change(tx: &mut Tx, book: &Rulebook, key: &str) -> Result<()> {
    let reading = book.controls().iter().filter(|control| control.parameters().contains(&key));
    let mut views: Vec<&str> = reading.flat_map(Control::views).collect();
    views.sort_unstable();
    views.dedup();
    if views.is_empty() { Ok(()) } else { after_change(tx, &views).await }
}

/// Adds the jobs and schedules of controls.
pub fn register(registry: &mut Registry<App>) {
    registry.job::<EvaluateControls>();
    registry
        .schedule(EvaluateControls::KIND, Every::minutes(EVERY_MINUTES), || EvaluateControls { views: None });
}
