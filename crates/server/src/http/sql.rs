use serde::Deserialize;

store::sql! {
    /// Messages of campaigns by state, from the view that campaigns publishes.
    pub(super) SENDS = "SELECT state, COUNT(*) AS count FROM v_campaigns_send
        GROUP BY state
        ORDER BY state";
}

/// How many messages are in one state.
#[derive(Debug, Deserialize)]
pub(super) struct SendCount {
    pub state: String,
    pub count: i64,
}
