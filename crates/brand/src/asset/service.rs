//! What can be done with assets.

use http_kit::App;
use kernel::{Caller, Id, LocalText, Page, PageQuery, Result, Timestamp};
use store::{Audit, OnDuplicate, Query, ScopeColumns, Tx, args, json};

use super::rules::Picture;
use super::{Asset, AssetFilter, AssetPatch, AssetState, NewAsset, rules, sql};
use crate::permissions::{ASSET_READ, ASSET_WRITE};
use crate::reader::Reader;
use crate::{brand, review};

/// Returns the assets that the caller may see, newest first.
pub async fn list(app: &App, caller: &Caller, page: &PageQuery, filter: &AssetFilter) -> Result<Page<Asset>> {
    let size = page.size()?;
    let mut query = Query::new(sql::LIST, args![]);
    query
        .scope(&caller.scope(ASSET_READ)?, ScopeColumns::USUAL)
        .and_some("brand_id =", filter.brand_id)
        .and_some("state =", filter.state.map(AssetState::as_str))
        .and_some("id <", page.after::<String>()?);
    if let Some(text) = filter.q.as_deref().filter(|q| !q.is_empty()) {
        query.and_contains("title || ' ' || key", text);
    }
    query.push(" ORDER BY id DESC").limit_overfull(size);
    Ok(Page::from_overfull(app.store.list(query).await?, size, |asset: &Asset| asset.id))
}

/// Returns one asset.
pub async fn get(app: &App, caller: &Caller, id: Id) -> Result<Asset> {
    let asset: Asset = app.store.get(sql::FIND, args![id]).await?;
    caller.scope(ASSET_READ)?.require(Some(asset.brand_id), asset.department_id, asset.owner_id)?;
    Ok(asset)
}

/// Returns the bytes of an asset's current file with their type.
pub async fn file(app: &App, caller: &Caller, id: Id) -> Result<(String, Vec<u8>)> {
    let asset = get(app, caller, id).await?;
    let hash = asset.blob_hash.parse().map_err(kernel::Problem::internal)?;
    Ok((asset.content_type, app.blobs.get(&hash).await?))
}

/// Takes a picture into the library.
pub async fn create(app: &App, caller: &Caller, new: NewAsset, bytes: &[u8]) -> Result<Asset> {
    let picture = rules::recognise(bytes)?;
    let mut asset = blank(caller, app.store.now());
    rules::fill(&mut asset, new);
    rules::check(&asset)?;
    let scope = caller.scope(ASSET_WRITE)?;
    scope.require_new(Some(asset.brand_id), asset.department_id, asset.owner_id)?;
    // The bytes go first: a file without a row is swept, a row without its file would be broken.
    let hash = app.blobs.put(bytes).await?;
    take(&mut asset, picture, hash.as_str(), bytes.len());
    let mut tx = app.store.begin(caller).await?;
    brand::service::load_active(&mut Reader::Tx(&mut tx), asset.brand_id).await?;
    insert(&mut tx, &asset).await?;
    insert_version(&mut tx, caller, &asset).await?;
    audit(&mut tx, "create", None, &asset).await?;
    tx.commit().await?;
    Ok(asset)
}

/// Changes the words and rights of an asset.
pub async fn update(app: &App, caller: &Caller, id: Id, version: i64, patch: AssetPatch) -> Result<Asset> {
    let mut tx = app.store.begin(caller).await?;
    let before = load_for_change(&mut tx, caller, id).await?;
    let mut after = before.clone();
    rules::apply(&mut after, patch);
    rules::check(&after)?;
    store_change(&mut tx, version, &mut after).await?;
    audit(&mut tx, "update", Some(&before), &after).await?;
    review::service::void_touched(&mut tx, app, "brand.asset", id).await?;
    tx.commit().await?;
    Ok(after)
}

/// Puts another file in the place of the present one; approvals of content that shows it are voided.
pub async fn replace_file(app: &App, caller: &Caller, id: Id, version: i64, bytes: &[u8]) -> Result<Asset> {
    let picture = rules::recognise(bytes)?;
    // Refuse strangers before their bytes are kept.
    let seen: Asset = app.store.get(sql::FIND, args![id]).await?;
    caller.scope(ASSET_WRITE)?.require(Some(seen.brand_id), seen.department_id, seen.owner_id)?;
    let hash = app.blobs.put(bytes).await?;
    let mut tx = app.store.begin(caller).await?;
    let before = load_for_change(&mut tx, caller, id).await?;
    let mut after = before.clone();
    take(&mut after, picture, hash.as_str(), bytes.len());
    after.number = before.number + 1;
    store_change(&mut tx, version, &mut after).await?;
    insert_version(&mut tx, caller, &after).await?;
    audit(&mut tx, "replace_file", Some(&before), &after).await?;
    review::service::void_touched(&mut tx, app, "brand.asset", id).await?;
    tx.commit().await?;
    Ok(after)
}

/// Returns every asset that content of a brand can name.
pub(crate) async fn of_brand(reader: &mut Reader<'_>, brand_id: Id) -> Result<Vec<Asset>> {
    reader.all(sql::OF_BRAND, args![brand_id]).await
}

async fn load_for_change(tx: &mut Tx, caller: &Caller, id: Id) -> Result<Asset> {
    let asset: Asset = tx.get(sql::FIND, args![id]).await?;
    caller.scope(ASSET_WRITE)?.require(Some(asset.brand_id), asset.department_id, asset.owner_id)?;
    Ok(asset)
}

fn take(asset: &mut Asset, picture: Picture, hash: &str, bytes: usize) {
    asset.blob_hash = hash.to_owned();
    asset.content_type = picture.content_type.to_owned();
    asset.width = picture.width;
    asset.height = picture.height;
    asset.byte_size = i64::try_from(bytes).expect("a file was found to be small");
}

async fn insert(tx: &mut Tx, asset: &Asset) -> Result<()> {
    let row = args![
        asset.id,
        asset.brand_id,
        asset.department_id,
        asset.owner_id,
        &asset.key,
        &asset.title,
        json(&asset.alt_texts),
        asset.rights_until,
        &asset.rights_note,
        asset.state.as_str(),
        asset.number,
        &asset.blob_hash,
        &asset.content_type,
        asset.width,
        asset.height,
        asset.byte_size,
        asset.created_by,
        asset.created_at,
    ];
    tx.exec(sql::INSERT, row).await.on_duplicate("brand.asset.key_taken")?;
    Ok(())
}

async fn store_change(tx: &mut Tx, version: i64, asset: &mut Asset) -> Result<()> {
    asset.updated_at = tx.now();
    asset.version = version + 1;
    let row = args![
        asset.id,
        version,
        &asset.title,
        json(&asset.alt_texts),
        asset.rights_until,
        &asset.rights_note,
        asset.state.as_str(),
        asset.number,
        &asset.blob_hash,
        &asset.content_type,
        asset.width,
        asset.height,
        asset.byte_size,
        asset.updated_at,
    ];
    tx.exec_one(sql::UPDATE, row).await
}

async fn insert_version(tx: &mut Tx, caller: &Caller, asset: &Asset) -> Result<()> {
    let row = args![
        Id::new(),
        asset.id,
        asset.number,
        &asset.blob_hash,
        &asset.content_type,
        asset.width,
        asset.height,
        asset.byte_size,
        caller.find_user_id(),
        tx.now(),
    ];
    tx.exec(sql::INSERT_VERSION, row).await?;
    Ok(())
}

async fn audit(tx: &mut Tx, action: &'static str, before: Option<&Asset>, after: &Asset) -> Result<()> {
    let entry = Audit::new(action, "brand.asset", after.id).within(Some(after.brand_id), after.department_id);
    tx.audit(entry.change(before, Some(after))).await
}

fn blank(caller: &Caller, now: Timestamp) -> Asset {
    let id = Id::new();
    Asset {
        id,
        brand_id: id,
        department_id: None,
        owner_id: caller.find_user_id(),
        key: String::new(),
        title: String::new(),
        alt_texts: LocalText::default(),
        rights_until: None,
        rights_note: String::new(),
        state: AssetState::Active,
        number: 1,
        blob_hash: String::new(),
        content_type: String::new(),
        width: 0,
        height: 0,
        byte_size: 0,
        created_by: caller.find_user_id(),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
