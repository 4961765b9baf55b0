use axum::extract::State;
use http_kit::{AppState, NoContent, Result, Routes, Who, needs, operations};
use kernel::Problem;
use store::Audit;

use super::jobs::Simulate;
use crate::permissions::SIMULATOR_RUN;

pub(crate) fn routes() -> Routes {
    Routes::new().add(operations!(run), needs(SIMULATOR_RUN))
}

/// Lets simulated recipients treat the waiting messages now; only with the sample company.
#[utoipa::path(post, path = "/api/v1/connect/simulator/run", operation_id = "run_recipient_simulator",
    tag = "connect", responses((status = 204, description = "Queued")))]
async fn run(State(app): State<AppState>, Who(caller): Who) -> Result<NoContent> {
    if !app.settings.sample {
        return Err(Problem::not_found("connect.simulator_only_with_sample").into());
    }
    let mut tx = app.store.begin(&caller).await?;
    tx.enqueue_once(&Simulate {}, "connect.simulate_recipients").await?;
    tx.audit(Audit::without_row("run", "connect.simulator")).await?;
    tx.commit().await?;
    Ok(NoContent)
}
