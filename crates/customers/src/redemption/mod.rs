//! Redemption (优惠券核销): a coupon that a customer handed in at the till.

pub(crate) mod sql;

use kernel::{Id, Result, Timestamp};
use sha2::{Digest, Sha256};
use store::{Tx, args};

/// A redemption on its way in.
#[derive(Clone, Debug)]
pub struct NewRedemption {
    /// Who.
    pub customer_node_id: Id,
    /// Which coupon.
    pub coupon_upc: String,
    /// Of which campaign.
    pub campaign_code: String,
    /// When.
    pub redeemed_at: Timestamp,
}

/// Stores redemptions that are new, inside the caller's transaction; returns how many. The audit row is the caller's.
pub async fn store_new(tx: &mut Tx, redemptions: &[NewRedemption], source: &str) -> Result<u64> {
    let ids: Vec<Id> = redemptions.iter().map(|redemption| id(redemption, source)).collect();
    let known: std::collections::BTreeSet<Id> = tx.list::<Id>(sql::known(&ids)).await?.into_iter().collect();
    let now = tx.now();
    let new = redemptions.iter().zip(&ids).filter(|(_, id)| !known.contains(id));
    let rows = new
        .map(|(redemption, id)| {
            args![
                *id,
                redemption.customer_node_id,
                &redemption.coupon_upc,
                &redemption.campaign_code,
                redemption.redeemed_at,
                now,
                source,
            ]
        })
        .collect();
    tx.insert_many(sql::INSERT, rows, sql::KEEP).await
}

/// The same redemption gets the same id, so that telling it twice changes nothing.
fn id(redemption: &NewRedemption, source: &str) -> Id {
    let mut hash = Sha256::new();
    let node = redemption.customer_node_id.to_string();
    for part in [source, &node, &redemption.coupon_upc, &redemption.campaign_code] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(redemption.redeemed_at.ms().to_be_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Id::from_digest(bytes)
}
