//! Recipient simulator (模拟收件人): opens the kept messages and follows their links, as people and
//! scanners do. Only with the sample company; everything that it does is labelled.

mod api;
mod jobs;
mod rules;

use std::sync::Arc;

use async_trait::async_trait;
use kernel::Result;

pub(crate) use api::routes;
pub(crate) use jobs::register;

/// Places the order of a simulated recipient; implemented by `server` over sales.
#[async_trait]
pub trait Shop: Send + Sync {
    /// Places one order for whoever holds this address.
    async fn order(&self, app: &http_kit::App, address: &str, reference: &str) -> Result<()>;
}

/// The shop, as `server` puts it among the parts.
#[derive(Clone)]
pub struct Shops(pub Arc<dyn Shop>);
