//! Events (行为事件): what people did, asked about as a whole. What one person did stands on their own page.

mod api;

use kernel::{Caller, Page, Result};
use lake::{Answer, Lake, Question};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::permissions::PROFILE_READ;

pub use api::routes;

/// Questions that are answered together (事件查询), in one pass over the events.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskEvents {
    /// The questions.
    #[schema(min_items = 1, max_items = 100)]
    pub questions: Vec<Question>,
}

/// Answers questions about events. Who asks for people by name must be allowed to see people.
pub async fn ask(app: &http_kit::App, caller: &Caller, asked: &AskEvents) -> Result<Page<Answer>> {
    let names_people =
        |question: &Question| matches!(question, Question::PerPerson(of) if of.nodes.is_some());
    if asked.questions.iter().any(names_people) {
        caller.require(PROFILE_READ)?;
    }
    Ok(Page::whole(app.part::<Lake>()?.ask(&asked.questions).await?))
}
