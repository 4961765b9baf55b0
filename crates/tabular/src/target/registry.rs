use std::sync::Arc;

use http_kit::App;
use kernel::{Problem, Result};

use super::Target;

/// Nouns that are known only while the product runs (动态导入目标), such as the record types of packs.
pub trait TargetSource: Send + Sync {
    /// Returns the target of a noun, where it is one of these.
    fn find(&self, app: &App, noun: &str) -> Option<Arc<dyn Target>>;

    /// Returns all of them.
    fn all(&self, app: &App) -> Vec<Arc<dyn Target>>;
}

/// Every noun that can be imported (导入目标登记表); lives in `app.parts`.
#[derive(Clone, Default)]
pub struct Targets {
    fixed: Arc<Vec<Arc<dyn Target>>>,
    sources: Arc<Vec<Arc<dyn TargetSource>>>,
}

impl std::fmt::Debug for Targets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.fixed.iter().map(|target| target.noun())).finish()
    }
}

impl Targets {
    /// Collects the targets; two of one noun are an error in the program.
    pub fn new(targets: Vec<Arc<dyn Target>>) -> Self {
        for (place, target) in targets.iter().enumerate() {
            let noun = target.noun();
            assert!(targets[..place].iter().all(|t| t.noun() != noun), "import target {noun} is there twice");
        }
        Self { fixed: Arc::new(targets), sources: Arc::default() }
    }

    /// Adds nouns that are known only while the product runs.
    #[must_use]
    pub fn with_sources(self, sources: Vec<Arc<dyn TargetSource>>) -> Self {
        Self { sources: Arc::new(sources), ..self }
    }

    /// Returns every target.
    pub fn all(&self, app: &App) -> Vec<Arc<dyn Target>> {
        let found = self.sources.iter().flat_map(|source| source.all(app));
        self.fixed.iter().cloned().chain(found).collect()
    }

    /// Returns the target of a noun, or a refusal that names those that are always there.
    pub fn get(&self, app: &App, noun: &str) -> Result<Arc<dyn Target>> {
        let fixed = self.fixed.iter().find(|target| target.noun() == noun).cloned();
        let found = fixed.or_else(|| self.sources.iter().find_map(|source| source.find(app, noun)));
        found.ok_or_else(|| {
            let known: Vec<&str> = self.fixed.iter().map(|target| target.noun()).collect();
            Problem::unprocessable("tabular.noun.unknown").with("noun", noun).with("known", known.join(", "))
        })
    }
}

/// Returns the target of a noun.
pub(crate) fn target(app: &App, noun: &str) -> Result<Arc<dyn Target>> {
    app.part::<Targets>()?.get(app, noun)
}
