/// Prices that hold at `$1`, put together by brand, department and currency; scope and grouping follow.
pub(super) const LIST: &str =
    "SELECT p.brand_id, p.department, c.currency, CAST(COUNT(*) AS BIGINT) AS products,
        MIN(c.price) AS lowest, MAX(c.price) AS highest, MAX(c.valid_from) AS changed_at
    FROM catalog_product p
    JOIN catalog_price c ON c.id = (SELECT n.id FROM catalog_price n
        WHERE n.product_id = p.id AND n.valid_from <= $1 AND (n.valid_to IS NULL OR n.valid_to > $1)
        ORDER BY n.valid_from DESC LIMIT 1)
    WHERE p.state = 'active'";
/// One row for each list.
pub(super) const GROUPED: &str =
    " GROUP BY p.brand_id, p.department, c.currency ORDER BY p.brand_id, p.department, c.currency LIMIT 500";
