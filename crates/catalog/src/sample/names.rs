use std::collections::HashMap;

use kernel::{LocalText, Problem, Result};
use serde::Deserialize;

/// Names in three languages for the source's departments, categories and types.
#[derive(Deserialize)]
pub(super) struct Names {
    departments: HashMap<String, LocalText>,
    categories: HashMap<String, LocalText>,
    types: HashMap<String, HashMap<String, LocalText>>,
}

impl Names {
    pub(super) fn read(yaml: &str) -> Result<Self> {
        serde_yaml_ng::from_str(yaml).map_err(Problem::internal)
    }

    /// Returns what a product is called: its type's name, else its category's, else its department's, else its number.
    pub(super) fn of(&self, department: &str, category: &str, kind: &str, number: &str) -> LocalText {
        let by_type = self.types.get(category).and_then(|types| types.get(kind));
        let named =
            by_type.or_else(|| self.categories.get(category)).or_else(|| self.departments.get(department));
        named.cloned().unwrap_or_else(|| LocalText {
            zh_hans: format!("商品 {number}"),
            zh_hant: format!("商品 {number}"),
            en: format!("Product {number}"),
        })
    }
}
