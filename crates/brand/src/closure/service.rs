//! Loads a closure from the database, as committed or as a change sees it.

use http_kit::App;
use kernel::{Id, Result};
use store::args;

use super::{Closure, rules};
use crate::brand::{self, Brand};
use crate::content::{Content, ContentVersion, Variant};
use crate::reader::Reader;
use crate::render::{AssetPart, Library, PartialPart};
use crate::{asset, content, partial};

/// An item with everything that it is made of.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Its brand.
    pub brand: Brand,
    /// The item.
    pub content: Content,
    /// Its current version.
    pub version: ContentVersion,
    /// Its variants in the item's order, with the brand's sender filled in.
    pub variants: Vec<Variant>,
    /// What it may name.
    pub library: Library,
    /// The closure.
    pub closure: Closure,
    /// Its name.
    pub hash: String,
}

/// Loads an item and its closure.
pub async fn load(reader: &mut Reader<'_>, app: &App, content_id: Id) -> Result<Loaded> {
    let content: Content = reader.get(content::sql::FIND, args![content_id]).await?;
    let version: ContentVersion = reader.get(content::sql::VERSION, args![content.version_id]).await?;
    let brand = brand::service::load(reader, content.brand_id).await?;
    let library = library(reader, app, content.brand_id).await?;
    let variants = rules::senders_filled(&brand, &content.languages, &version.variants);
    let closure = rules::closure(&content, &variants, &library);
    let hash = rules::hash(&closure);
    Ok(Loaded { brand, content, version, variants, library, closure, hash })
}

/// Loads what content of a brand may name.
pub async fn library(reader: &mut Reader<'_>, app: &App, brand_id: Id) -> Result<Library> {
    let partials = partial::service::of_brand(reader, brand_id).await?;
    let assets = asset::service::of_brand(reader, brand_id).await?;
    // Without a public origin nothing can be released; a preview puts the bytes themselves in.
    let public_url = app.settings.public_url.as_deref().unwrap_or_default();
    Ok(Library {
        partials: partials
            .into_iter()
            .map(|found| {
                let part = PartialPart {
                    id: found.id,
                    version_id: found.version_id,
                    active: found.state == partial::PartialState::Active,
                    digest: found.digest,
                    sources: found.sources,
                };
                (found.key, part)
            })
            .collect(),
        assets: assets
            .into_iter()
            .map(|found| {
                let part = AssetPart {
                    id: found.id,
                    active: found.state == asset::AssetState::Active,
                    address: asset::public::address(public_url, &found.blob_hash, &found.content_type),
                    blob_hash: found.blob_hash,
                    content_type: found.content_type,
                    byte_size: found.byte_size,
                    width: found.width,
                    alt_texts: found.alt_texts,
                    rights_until: found.rights_until,
                };
                (found.key, part)
            })
            .collect(),
    })
}
