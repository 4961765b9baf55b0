use http_kit::Routes;

/// Returns the operations of exports.
pub fn routes() -> Routes {
    Routes::new()
}
