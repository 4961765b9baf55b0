//! What mails of ours are made with.

use http_kit::App;

/// Returns the host name of the product's address, for senders and message ids.
pub(crate) fn host(app: &App) -> String {
    let address = app.settings.admin_url.as_str();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().filter(|host| !host.is_empty());
    host.unwrap_or("localhost").to_owned()
}

/// Takes the meaning of markup out of a text.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
