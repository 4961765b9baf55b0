use std::collections::BTreeMap;

use kernel::{Id, Problem, Result};
use serde::Deserialize;

/// The organisation file, as far as the parts read it.
pub(super) struct Org {
    pub identity: identity::sample::SampleOrg,
    departments: BTreeMap<String, String>,
    rest: Option<String>,
}

#[derive(Deserialize)]
struct File {
    brands: Vec<SampleBrand>,
}

#[derive(Deserialize)]
struct SampleBrand {
    code: String,
    #[serde(default)]
    departments: Vec<String>,
    #[serde(default)]
    rest: bool,
}

impl Org {
    pub(super) fn read(yaml: &str) -> Result<Self> {
        let file: File = serde_yaml_ng::from_str(yaml).map_err(Problem::internal)?;
        let rest = file.brands.iter().find(|b| b.rest).map(|b| b.code.clone());
        let departments = file
            .brands
            .into_iter()
            .flat_map(|brand| brand.departments.into_iter().map(move |name| (name, brand.code.clone())))
            .collect();
        Ok(Self { identity: identity::sample::SampleOrg::read(yaml)?, departments, rest })
    }

    /// Returns which brand a department's products carry, given the brands' ids by code.
    pub(super) fn brands(&self, ids: &[(String, Id)]) -> catalog::sample::Brands {
        let id = |code: &str| ids.iter().find(|(c, _)| c == code).map(|(_, id)| *id);
        catalog::sample::Brands {
            by_department: self
                .departments
                .iter()
                .filter_map(|(name, code)| Some((name.clone(), id(code)?)))
                .collect(),
            rest: self.rest.as_deref().and_then(id),
        }
    }
}
