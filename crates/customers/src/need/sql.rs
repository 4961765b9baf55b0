use kernel::Id;
use serde::Deserialize;
use store::{Query, args, sql};

pub const INSERT_CLUSTERS: &str =
    "INSERT INTO need_cluster (id, run_id, kind, words, examples, texts, count, people,
    previous_count, trend, unanswered, unmet) VALUES";
pub const INSERT_PATTERNS: &str = "INSERT INTO basket_pattern (id, run_id, first_product_id, first_name, first_category,
    first_baskets, second_product_id, second_name, second_category, second_baskets, baskets, people, support, confidence,
    reverse_confidence, lift) VALUES";

sql! {
    pub INSERT_RUN = "INSERT INTO need_run (id, cause, happened_at, period_from, period_until, baskets_from,
        baskets_until, searches, terms, feedback, baskets, clusters, unmet, patterns)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

    pub LATEST_RUN = "SELECT id FROM need_run ORDER BY happened_at DESC, id DESC LIMIT 1";

    pub OLD_RUNS = "SELECT id FROM need_run ORDER BY happened_at DESC, id DESC LIMIT 1000 OFFSET $1";
    pub DROP_CLUSTERS = "DELETE FROM need_cluster WHERE run_id = $1";
    pub DROP_PATTERNS = "DELETE FROM basket_pattern WHERE run_id = $1";
    pub DROP_RUN = "DELETE FROM need_run WHERE id = $1";

    pub OWNERS = "SELECT node_id, profile_id FROM profile_node WHERE until IS NULL";

    /// Nodes of those who may not be looked at, and of decoys.
    pub HIDDEN_NODES = "SELECT m.node_id FROM profile p JOIN profile_node m ON m.profile_id = p.id AND m.until IS NULL
        WHERE p.restricted_since IS NOT NULL OR p.no_automated_since IS NOT NULL OR p.is_decoy";

    pub LATEST_ORDER = "SELECT MAX(happened_at) FROM v_sales_order WHERE happened_at <= $1 AND kind = 'sale'";

    /// What was bought in a time, by order. Index sales_order_time; CROSS JOIN has SQLite begin with the orders.
    pub LINES = "SELECT l.order_id, o.customer_node_id, l.product_id FROM v_sales_order o CROSS JOIN v_sales_order_line l
        WHERE l.order_id = o.id AND o.kind = 'sale' AND o.happened_at > $1 AND o.happened_at <= $2
          AND l.kind = 'sale' AND l.product_id IS NOT NULL
        ORDER BY l.order_id, l.product_id";
}

/// A line of an order.
#[derive(Debug, Deserialize)]
pub struct Line {
    pub order_id: Id,
    pub customer_node_id: Option<Id>,
    pub product_id: Id,
}

/// A product as searches are held against it.
#[derive(Debug, Deserialize)]
pub struct Product {
    pub id: Id,
    /// Its number and its names in every language.
    pub search_text: Option<String>,
    pub category: Option<String>,
    pub department: Option<String>,
    pub product_type: Option<String>,
}

/// What a product is called.
#[derive(Debug, Deserialize)]
pub struct Named {
    pub id: Id,
    pub name: Option<String>,
    pub category: Option<String>,
}

/// Products that are sold, by id after a place.
pub fn products(after: Option<Id>, limit: i64) -> Query {
    let mut query = Query::new(
        "SELECT c.id, c.search_text, c.category, c.department, c.product_type FROM v_catalog_product c
         WHERE c.state = 'active'",
        args![],
    );
    query.and_some("c.id >", after).push(" ORDER BY c.id LIMIT ").bind(limit);
    query
}

/// What products are called.
pub fn named(ids: &[Id]) -> Query {
    let mut query =
        Query::new("SELECT c.id, c.name, c.category FROM v_catalog_product c WHERE TRUE", args![]);
    query.and_in("c.id", ids);
    query
}

/// Index need_run_newest.
pub fn runs() -> Query {
    Query::new(
        "SELECT r.id, r.cause, r.happened_at, r.period_from, r.period_until, r.baskets_from, r.baskets_until, r.searches,
            r.terms, r.feedback, r.baskets, r.clusters, r.unmet, r.patterns
         FROM need_run r WHERE TRUE",
        args![],
    )
}

/// Index need_cluster_run.
pub fn clusters() -> Query {
    Query::new(
        "SELECT c.id, c.run_id, c.kind, c.words, c.examples, c.texts, c.count, c.people, c.previous_count, c.trend,
            c.unanswered, c.unmet, r.happened_at AS computed_at
         FROM need_cluster c JOIN need_run r ON r.id = c.run_id WHERE TRUE",
        args![],
    )
}

/// Index basket_pattern_run.
pub fn patterns() -> Query {
    Query::new(
        "SELECT b.id, b.run_id, b.first_product_id, b.first_name, b.first_category, b.first_baskets,
            b.second_product_id, b.second_name, b.second_category, b.second_baskets, b.baskets, b.people, b.support,
            b.confidence, b.reverse_confidence, b.lift, r.happened_at AS computed_at
         FROM basket_pattern b JOIN need_run r ON r.id = b.run_id WHERE TRUE",
        args![],
    )
}
