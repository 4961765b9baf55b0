use std::collections::BTreeMap;

use kernel::View;
use serde_json::Value as Json;

/// Column that says whose a row is.
const OWNER: &str = "owner_id";

/// Returns true where the rows of a view belong to somebody.
pub fn is_owned(view: &View) -> bool {
    view.column(OWNER).is_some()
}

/// Returns the columns that the address of a row needs.
pub fn link_columns(view: &View) -> Vec<&'static str> {
    let mut names: Vec<&'static str> =
        view.link.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    names.push("id");
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns the address of a row in the UI.
pub fn link(view: &View, row: &BTreeMap<String, Json>) -> String {
    row.iter().fold(view.link.to_owned(), |link, (name, value)| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        link.replace(&format!("{{{name}}}"), &shown)
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Column, ColumnKind};

    use super::*;

    #[test]
    fn an_owned_row_has_an_address() {
        const COLUMNS: &[Column] =
            &[Column::new("id", ColumnKind::Text), Column::new("owner_id", ColumnKind::Text)];
        let view = View {
            name: "v_a_b",
            columns: COLUMNS,
            at: "id",
            permission: "a.b.read",
            link: "/contents/{content_id}/v/{id}",
        };
        assert!(is_owned(&view));
        assert_eq!(link_columns(&view), ["content_id", "id"]);
        let row = BTreeMap::from([("content_id".to_owned(), "c".into()), ("id".to_owned(), "i".into())]);
        assert_eq!(link(&view, &row), "/contents/c/v/i");
    }
}
