use http_kit::App;
use kernel::{Caller, Result};
use store::{Query, ScopeColumns, args};

use super::{PriceList, PriceListFilter, sql};
use crate::permissions::PRODUCT_READ;

const SCOPE: ScopeColumns = ScopeColumns { brand: Some("p.brand_id"), department: None, owner: None };

/// Returns the price lists that hold now, as far as the caller may see the goods.
///
/// Clause: OC-5.1.1
pub(super) async fn list(app: &App, caller: &Caller, filter: &PriceListFilter) -> Result<Vec<PriceList>> {
    let mut query = Query::new(sql::LIST, args![app.store.now()]);
    query
        .and_some("p.brand_id =", filter.brand_id)
        .scope(&caller.scope(PRODUCT_READ)?, SCOPE)
        .push(sql::GROUPED);
    app.store.list(query).await
}
