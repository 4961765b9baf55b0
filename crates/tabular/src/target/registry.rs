use std::sync::Arc;

use kernel::{Problem, Result};

use super::Target;

/// Every noun that can be imported (导入目标登记表); lives in `app.parts`.
#[derive(Clone, Default)]
pub struct Targets(Arc<Vec<Arc<dyn Target>>>);

impl std::fmt::Debug for Targets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|target| target.noun())).finish()
    }
}

impl Targets {
    /// Collects the targets; two of one noun are an error in the program.
    pub fn new(targets: Vec<Arc<dyn Target>>) -> Self {
        for (place, target) in targets.iter().enumerate() {
            let noun = target.noun();
            assert!(targets[..place].iter().all(|t| t.noun() != noun), "import target {noun} is there twice");
        }
        Self(Arc::new(targets))
    }

    /// Returns every target.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Target>> {
        self.0.iter()
    }

    /// Returns the target of a noun, or a refusal that names those there are.
    pub fn get(&self, noun: &str) -> Result<&Arc<dyn Target>> {
        self.0.iter().find(|target| target.noun() == noun).ok_or_else(|| {
            let known: Vec<&str> = self.0.iter().map(|target| target.noun()).collect();
            Problem::unprocessable("tabular.noun.unknown").with("noun", noun).with("known", known.join(", "))
        })
    }
}
