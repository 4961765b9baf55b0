//! Floor 2: what every HTTP operation of the product shares.
//!
//! Architecture invariants: a route without an [`Access`] does not compile; a response leaves
//! through [`Reply`], whose one projection masks what the caller may not see; a refusal leaves as
//! problem+json (RFC 9457) in the caller's language.

mod app;
mod extract;
mod idempotent;
mod important;
mod json;
mod module;
mod money;
pub mod pages;
mod people;
mod refusal;
mod reply;
mod routes;
mod unfit;

pub use app::{
    App, AppState, Authenticate, ConsentChange, ConsentPort, Identifier, NodePort, Peer, RequestId, Settings,
};
pub use extract::{Body, IfMatch, Params, PathOf, Who};
pub use idempotent::once;
pub use important::{ChangePreview, ImportantChange, ImportantChanges};
pub use json::read_json;
pub use module::{Module, read_texts};
pub use money::{MoneyPort, MoneyRefusal, Reserved, Settlement, Spend};
pub use people::{
    GuestAccount, GuestMade, PeoplePort, Person, SecondFactor, SecondFactorPort, StaffMove, StandIn, Unit,
};
pub use refusal::{ProblemBody, Refusal, Result, render_problems};
pub use reply::{NoContent, Reply};
pub use routes::{Access, Routes, guests_too, needs, public, signed_in};
pub use utoipa_axum::routes as operations;

/// The sentences of this crate.
pub const TEXTS: &str = include_str!("../texts.yaml");
