use http_kit::App;
use kernel::{Caller, Result};

use crate::persona::{self, NewPersonaSet, PersonaFeature};
use crate::score::{self, ScoreCause};

/// Computes the sample's scores, and groups its customers once by what they buy.
pub async fn load(app: &App) -> Result<()> {
    score::recompute(app, ScoreCause::Import).await?;
    let new = NewPersonaSet {
        name: "购买习惯".to_owned(),
        features: vec![
            PersonaFeature::RecencyDays,
            PersonaFeature::OrderCount,
            PersonaFeature::OrderValue,
            PersonaFeature::Department,
        ],
        group_count: Some(5),
        brand_id: None,
        department_id: None,
    };
    let caller = Caller::system("sample");
    let there = persona::list(app, &caller, &kernel::PageQuery::default()).await?;
    if there.items.is_empty() {
        persona::create(app, &caller, &new).await?;
    }
    persona::recompute_all(app).await.map(drop)
}
