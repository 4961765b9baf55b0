use std::collections::BTreeSet;

use kernel::Id;
use store::{Query, args, sql};

pub const INSERT_NODE_TERMS: &str = "INSERT INTO node_term (term, node_id) VALUES";
pub const INSERT_PROFILE_TERMS: &str = "INSERT INTO profile_term (term, profile_id) VALUES";
/// The same term twice is one.
pub const KEEP: &str = "ON CONFLICT DO NOTHING";

sql! {
    pub FORGET_NODE = "DELETE FROM node_term WHERE node_id = $1";
    pub FORGET_PROFILE = "DELETE FROM profile_term WHERE profile_id = $1";

    /// People whom an import made and who were put away with it, before what it told is forgotten.
    pub FORGET_IMPORT = "DELETE FROM profile_term WHERE profile_id IN (
        SELECT p.id FROM profile_record r JOIN profile_node m ON m.node_id = r.node_id AND m.until IS NULL
        JOIN profile p ON p.id = m.profile_id WHERE r.import_id = $1 AND p.archived_at = $2)";

    /// How many people a term finds, counted no further than needed.
    pub COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 AS one FROM profile_term WHERE term = $1 LIMIT $2) c";

    /// Whether everything is sealed and can be found by its terms.
    pub SEALED = "SELECT table_name FROM sealing WHERE table_name IN ('profile', 'email', 'mobile', 'member_number')
        AND finished_at IS NOT NULL";
}

/// Forgets what people can be found by.
pub fn forget(profiles: &[Id]) -> Query {
    let mut query = Query::new("DELETE FROM profile_term WHERE TRUE", args![]);
    query.and_in("profile_id", profiles);
    query
}

/// What is looked for, as digests.
#[derive(Debug, Default)]
pub struct Terms {
    /// All of these in a name.
    pub name: BTreeSet<i64>,
    /// One in the names of so many people that a page is full soon.
    pub common: Option<i64>,
    /// Any of these in an address or a mobile number.
    pub nodes: BTreeSet<i64>,
    /// All of these in the number of a card.
    pub card: BTreeSet<i64>,
    /// True where every card's number has to be looked at.
    pub any_card: bool,
    /// True where rows from before values were sealed have no terms yet.
    pub plain_too: bool,
}

/// Narrows a list of people to those that a text finds, by the indexes of the terms' tables.
pub fn and_matches(query: &mut Query, text: &str, terms: &Terms) {
    query.push(" AND (p.id IN (SELECT p.id FROM profile p WHERE FALSE");
    push_card(query, &terms.card, text);
    push_name(query, &terms.name);
    push_nodes(query, &terms.nodes);
    if terms.plain_too {
        push_plain(query, text);
    }
    query.push(")");
    if terms.any_card {
        // So short a text is in so many numbers that a page is full soon.
        query.push(" OR (TRUE").and_contains("cn.value", text).push(")");
    }
    if let Some(term) = terms.common {
        query.push(" OR EXISTS (SELECT 1 FROM profile_term t WHERE t.profile_id = p.id AND t.term = ");
        query.bind(term).push(")");
    }
    query.push(")");
}

fn push_card(query: &mut Query, terms: &BTreeSet<i64>, text: &str) {
    let mut terms = terms.iter();
    let Some(first) = terms.next() else { return };
    query.push(
        " UNION SELECT m.profile_id FROM node_term t
        JOIN identifier_node n ON n.id = t.node_id AND n.kind = 'member_number'
        JOIN profile_node m ON m.node_id = t.node_id AND m.until IS NULL WHERE t.term = ",
    );
    query.bind(*first);
    for term in terms {
        query.push(" AND EXISTS (SELECT 1 FROM node_term o WHERE o.node_id = t.node_id AND o.term = ");
        query.bind(*term).push(")");
    }
    query.and_contains("n.value", text);
}

fn push_name(query: &mut Query, terms: &BTreeSet<i64>) {
    let mut terms = terms.iter();
    let Some(first) = terms.next() else { return };
    query.push(" UNION SELECT t.profile_id FROM profile_term t WHERE t.term = ").bind(*first);
    for term in terms {
        query.push(
            " AND EXISTS (SELECT 1 FROM profile_term o WHERE o.profile_id = t.profile_id AND o.term = ",
        );
        query.bind(*term).push(")");
    }
}

fn push_nodes(query: &mut Query, terms: &BTreeSet<i64>) {
    if terms.is_empty() {
        return;
    }
    query.push(
        " UNION SELECT m.profile_id FROM node_term t
        JOIN profile_node m ON m.node_id = t.node_id AND m.until IS NULL WHERE ",
    );
    query.any_of("t.term", terms.iter().copied());
}

fn push_plain(query: &mut Query, text: &str) {
    query.push(" UNION SELECT p.id FROM profile p WHERE p.name NOT LIKE 'sealed:v1:%'");
    query.and_contains("p.name", text).push(
        " UNION SELECT m.profile_id FROM identifier_node n
        JOIN profile_node m ON m.node_id = n.id AND m.until IS NULL
        WHERE n.kind IN ('member_number', 'email', 'mobile') AND n.value NOT LIKE 'sealed:v1:%'",
    );
    query.and_contains("n.value", text);
}
