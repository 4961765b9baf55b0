//! What an order earned by brand and department (订单分部金额): sums of its lines, kept where the lines are written.

use kernel::{Id, Result};
use store::{Query, Tx, args};

use super::sql;

/// Orders in one statement.
const AT_ONCE: usize = 1_000;

/// Adds the lines of some orders up anew; whoever writes or takes back lines calls it in the same transaction.
pub(super) async fn recount(tx: &mut Tx, orders: &[Id]) -> Result<()> {
    for some in orders.chunks(AT_ONCE) {
        let mut forget = Query::new(sql::FORGET_PARTS, args![]);
        forget.and_in("order_id", some);
        tx.exec_query(forget).await?;
        let mut count = Query::new(sql::ADD_PARTS, args![]);
        count.and_in("o.id", some).push(sql::BY_PART);
        tx.exec_query(count).await?;
    }
    Ok(())
}
