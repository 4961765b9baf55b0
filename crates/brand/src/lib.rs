//! Floor 3: brands, what they say, who approved it, and the door through which it leaves.
//!
//! Architecture invariants: a version is never changed; a state is moved by the state machine alone;
//! an approval binds one closure and falls with any change of it; nothing leaves but through
//! [`release::door`], which writes every decision down, refusals too.

pub mod approval;
pub mod asset;
pub mod brand;
mod check;
pub mod closure;
pub mod comment;
pub mod content;
mod digest;
pub mod finding;
pub mod partial;
mod patch;
pub mod permissions;
pub mod preflight;
mod reader;
pub mod release;
pub mod render;
pub mod review;
pub mod sample;
mod views;

use http_kit::{AppState, Module, Routes};
use store::Migration;

/// The domain's tables and views.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "brand/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "brand/0002_brand_name", sql: include_str!("../migrations/0002_brand_name.sql") },
    Migration { id: "brand/0003_links", sql: include_str!("../migrations/0003_links.sql") },
];

/// Connects the release door, through which all content leaves.
pub fn connect(app: &AppState) {
    app.ports.release.connect(release::door(app));
}

/// Returns the domain as `server` puts it in.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: Routes::new()
            .merge(brand::api::routes())
            .merge(asset::api::routes())
            .merge(partial::api::routes())
            .merge(content::api::routes())
            .merge(render::api::routes())
            .merge(preflight::api::routes())
            .merge(review::api::routes())
            .merge(comment::api::routes())
            .merge(approval::api::routes())
            .merge(release::api::routes()),
        public: asset::public::router(),
        views: views::VIEWS,
        ..Module::new("brand")
    }
}
