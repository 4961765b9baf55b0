use std::collections::BTreeMap;

use axum::Router;
use kernel::{LocalText, Permission, View};
use store::Migration;
use store::jobs::Registry;

use crate::{App, AppState, Routes};

/// A domain as `server` puts it in: everything that it adds to the product.
pub struct Module {
    /// The crate's name.
    pub name: &'static str,
    /// Its schema, step by step.
    pub migrations: &'static [Migration],
    /// Its texts: YAML of code -> `{zh-Hans, zh-Hant, en}`.
    pub texts: &'static str,
    /// Its operations for staff.
    pub routes: Routes,
    /// Its pages on the public origin (tracking, preferences); they never read staff cookies.
    pub public: Router<AppState>,
    /// Permissions that no single route names (asked for inside, or by other rows).
    pub permissions: &'static [Permission],
    /// Views that it publishes.
    pub views: &'static [View],
    /// Adds its jobs, schedules and subscriptions.
    pub jobs: fn(&mut Registry<App>),
}

impl Module {
    /// Starts a module that adds nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            migrations: &[],
            texts: "",
            routes: Routes::new(),
            public: Router::new(),
            permissions: &[],
            views: &[],
            jobs: |_| (),
        }
    }
}

/// Reads a domain's texts; a sentence that lacks a language is refused with its code.
pub fn read_texts(name: &str, yaml: &str) -> Result<BTreeMap<String, LocalText>, String> {
    if yaml.trim().is_empty() {
        return Ok(BTreeMap::new());
    }
    let texts: BTreeMap<String, LocalText> =
        serde_yaml_ng::from_str(yaml).map_err(|error| format!("texts of {name}: {error}"))?;
    match texts.iter().find(|(_, text)| !text.is_complete()) {
        Some((code, _)) => Err(format!("texts of {name}: {code} lacks a language")),
        None => Ok(texts),
    }
}
