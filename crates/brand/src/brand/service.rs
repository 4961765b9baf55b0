//! What can be done with brands.

use http_kit::App;
use kernel::{Caller, Id, LocalText, Page, PageQuery, Problem, Result, Timestamp};
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, args, json};

use super::{Brand, BrandFilter, BrandPatch, BrandState, NewBrand, rules, sql};
use crate::permissions::{BRAND_READ, BRAND_WRITE};
use crate::reader::Reader;
use crate::review;

/// A brand's own id is the column by which a grant narrows it.
const SCOPE: ScopeColumns = ScopeColumns { brand: Some("id"), department: None, owner: None };

/// Returns the brands that the caller may see.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &BrandFilter) -> Result<Page<Brand>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(BRAND_READ)?, SCOPE)
        .and_some("state =", filter.state.map(BrandState::as_str))
        .and_some("id >", page.after::<String>()?)
        .push(" ORDER BY id")
        .limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |brand: &Brand| brand.id))
}

/// Returns one brand.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Brand> {
    let brand = load(&mut Reader::Store(&app.store), id).await?;
    caller.scope(BRAND_READ)?.require(Some(brand.id), None, None)?;
    Ok(brand)
}

/// Makes a brand.
pub async fn create(app: &App, caller: &Caller, new: NewBrand) -> Result<Brand> {
    let mut tx = app.store.begin(caller).await?;
    let mut brand = blank(caller, tx.now());
    rules::fill(&mut brand, new);
    rules::check(&brand)?;
    caller.scope(BRAND_WRITE)?.require_new(Some(brand.id), None, None)?;
    let row = args![
        brand.id,
        &brand.key,
        json(&brand.names),
        json(&brand.sender_names),
        &brand.sender_address,
        json(&brand.link_domains),
        brand.state.as_str(),
        brand.created_by,
        brand.created_at,
    ];
    tx.exec(sql::INSERT, row).await.on_duplicate("brand.brand.key_taken")?;
    let entry = Audit::new("create", "brand.brand", brand.id).within(Some(brand.id), None);
    tx.audit(entry.change(None, Some(&brand))).await?;
    tx.commit().await?;
    Ok(brand)
}

/// Changes a brand; approvals of content that names its sender are voided with it.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, patch: BrandPatch) -> Result<Brand> {
    let mut tx = app.store.begin(caller).await?;
    let before = load(&mut Reader::Tx(&mut tx), id).await?;
    caller.scope(BRAND_WRITE)?.require(Some(id), None, None)?;
    let mut after = before.clone();
    rules::apply(&mut after, patch);
    rules::check(&after)?;
    store_change(&mut tx, version, &mut after).await?;
    let entry = Audit::new("update", "brand.brand", id).within(Some(id), None);
    tx.audit(entry.change(Some(&before), Some(&after))).await?;
    review::service::void_touched(&mut tx, app, "brand.brand", id).await?;
    tx.commit().await?;
    Ok(after)
}

async fn store_change(tx: &mut Tx, version: i64, brand: &mut Brand) -> Result<()> {
    brand.updated_at = tx.now();
    brand.version = version + 1;
    let row = args![
        brand.id,
        version,
        json(&brand.names),
        json(&brand.sender_names),
        &brand.sender_address,
        json(&brand.link_domains),
        brand.state.as_str(),
        brand.updated_at,
    ];
    tx.exec_one(sql::UPDATE, row).await
}

/// Returns a brand, whoever asks.
pub(crate) async fn load(reader: &mut Reader<'_>, id: Id) -> Result<Brand> {
    reader.get(sql::FIND, args![id]).await
}

/// Returns a brand in which new things may be made.
pub(crate) async fn load_active(reader: &mut Reader<'_>, id: Id) -> Result<Brand> {
    let brand: Option<Brand> = reader.find(sql::FIND, args![id]).await?;
    match brand {
        Some(brand) if brand.state == BrandState::Active => Ok(brand),
        Some(_) => Err(Problem::conflict("brand.brand.archived")),
        None => {
            Err(Problem::unprocessable("brand.input.invalid").with_field("brand_id", "brand.brand.unknown"))
        }
    }
}

fn blank(caller: &Caller, now: Timestamp) -> Brand {
    Brand {
        id: Id::new(),
        key: String::new(),
        names: LocalText::default(),
        sender_names: LocalText::default(),
        sender_address: String::new(),
        link_domains: Vec::new(),
        state: BrandState::Active,
        created_by: caller.find_user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
