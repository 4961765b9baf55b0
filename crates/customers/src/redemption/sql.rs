use kernel::Id;
use store::{Query, args};

pub const INSERT: &str = "INSERT INTO loyalty_redemption
    (id, customer_node_id, coupon_upc, campaign_code, redeemed_at, recorded_at, source) VALUES";
pub const KEEP: &str = "ON CONFLICT DO NOTHING";

pub fn known(ids: &[Id]) -> Query {
    let mut query = Query::new("SELECT id FROM loyalty_redemption WHERE TRUE", args![]);
    query.and_in("id", ids);
    query
}
