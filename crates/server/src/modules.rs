//! Which domains there are, and in which order their schemas are made.

use http_kit::Module;

/// Returns every module; a view that reads another domain's tables comes after it.
pub fn modules() -> Vec<Module> {
    vec![
        rulebook::module(),
        identity::module(),
        tabular::module(),
        catalog::module(),
        sales::module(),
        governance::module(),
        lake_engine::module(),
        customers::module(),
        brand::module(),
        campaigns::module(),
        insight::module(),
        connect::module(),
        backup::module(),
        crate::system::module(),
    ]
}
