//! What a caller may see of other domains' rows.

use http_kit::App;
use kernel::{Caller, Permission, Scope};

/// Returns the rows of a published view that the caller may see; nothing where the view is not
/// connected or the permission for it is missing.
pub(crate) fn scope_of_view(app: &App, caller: &Caller, view: &str) -> Option<Scope> {
    let code = app.view(view)?.permission;
    caller.scope(app.permission(code).unwrap_or(Permission::company(code))).ok()
}
