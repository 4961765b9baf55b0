//! Brands, pictures, partials.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use brand::asset::{self, AssetFilter};
use brand::brand::{BrandFilter, service as brands};
use brand::partial::{self, PartialPatch};
use kernel::{GrantScope, Id, PageQuery};
use store::on_both;
use tower::ServiceExt;

use crate::support::{MIGRATIONS, code, new_brand, new_partial, picture, png, same, somebody, world};

on_both! {
    migrations = MIGRATIONS;

    async fn pictures_are_known_by_their_bytes(store: TestStore) {
        let world = world(&store).await;
        let (app, keeper) = (&world.app, &world.people.keeper);
        assert_eq!((world.hero.width, world.hero.content_type.as_str()), (600, "image/png"));
        assert_eq!(code(picture(app, keeper, world.brand.id, "hero").await), "brand.asset.key_taken");
        let svg = asset::service::replace_file(app, keeper, world.hero.id, 1, b"<svg/>").await;
        assert_eq!(code(svg), "brand.asset.svg_refused");
        let changed = asset::service::replace_file(app, keeper, world.hero.id, 1, &png(800, 100, 2)).await;
        let changed = changed.expect("replaced");
        assert_eq!((changed.number, changed.width, changed.version), (2, 800, 2));
        let (content_type, bytes) = asset::service::file(app, keeper, world.hero.id).await.expect("the file");
        assert_eq!((content_type.as_str(), bytes), ("image/png", png(800, 100, 2)));
        let stale = asset::service::replace_file(app, keeper, world.hero.id, 1, &png(1, 1, 3)).await;
        assert_eq!(code(stale), "store.changed_meanwhile");
    }

    async fn receivers_get_pictures_of_the_library_alone_and_for_ever(store: TestStore) {
        let world = world(&store).await;
        let router = brand::module().public.with_state(world.app.clone());
        let get = async |path: &str, seen: Option<&str>| {
            let mut request = Request::get(path);
            if let Some(etag) = seen {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
        };
        let old = world.hero.blob_hash.clone();
        let keeper = &world.people.keeper;
        asset::service::replace_file(&world.app, keeper, world.hero.id, 1, &png(800, 100, 2)).await.expect("replaced");
        // Mails that left still show the old one.
        let answer = get(&format!("/assets/{old}.png"), None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/png");
        let bytes = axum::body::to_bytes(answer.into_body(), 1_000).await.expect("bytes");
        assert_eq!(bytes, png(600, 200, 1));
        let again = get(&format!("/assets/{old}.png"), Some(&format!("\"{old}\""))).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let private = world.app.blobs.put(b"a private file").await.expect("kept");
        assert_eq!(get(&format!("/assets/{private}"), None).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(get("/assets/..%2f..%2fmaster.key", None).await.status(), StatusCode::NOT_FOUND);
    }

    async fn a_partial_keeps_all_its_versions(store: TestStore) {
        let world = world(&store).await;
        let (app, keeper, id) = (&world.app, &world.people.keeper, world.footer.partial.id);
        let patch = PartialPatch { sources: Some(world.footer.current.sources.clone()), ..Default::default() };
        let same_words = partial::service::update(app, keeper, id, 1, patch).await.expect("kept");
        assert_eq!(same_words.partial.number, 1);
        let patch = PartialPatch { sources: Some(same("<mj-section />")), ..Default::default() };
        let changed = partial::service::update(app, keeper, id, 2, patch).await.expect("changed");
        assert_eq!(changed.partial.number, 2);
        let versions = partial::service::versions(app, keeper, id, &PageQuery::default()).await.expect("versions");
        assert_eq!(versions.items.len(), 2);
        assert_eq!(versions.items[1].sources, world.footer.current.sources);
        let taken = partial::service::create(app, keeper, new_partial(world.brand.id, "footer", "x")).await;
        assert_eq!(code(taken), "brand.partial.key_taken");
    }

    async fn grants_narrow_brands_and_what_is_theirs(store: TestStore) {
        let world = world(&store).await;
        let other = brands::create(&world.app, &world.people.keeper, new_brand("ruohe")).await.expect("a brand");
        picture(&world.app, &world.people.keeper, other.id, "hero").await.expect("a picture");
        let rights = [brand::permissions::BRAND_READ, brand::permissions::ASSET_READ, brand::permissions::ASSET_WRITE];
        let narrow = somebody("单牌", &rights, GrantScope::Brand(other.id));
        let seen = brands::list(&world.app, &narrow, &PageQuery::default(), &BrandFilter::default()).await.expect("brands");
        assert_eq!(seen.items.iter().map(|brand| brand.id).collect::<Vec<_>>(), [other.id]);
        let assets = asset::service::list(&world.app, &narrow, &PageQuery::default(), &AssetFilter::default()).await;
        assert_eq!(assets.expect("assets").items.len(), 1);
        assert_eq!(code(asset::service::get(&world.app, &narrow, world.hero.id).await), "access.not_found");
        let outside = picture(&world.app, &narrow, world.brand.id, "mine").await;
        assert_eq!(code(outside), "access.outside_scope");
        assert_eq!(code(brands::get(&world.app, &narrow, Id::new()).await), "access.not_found");
        let twice = brands::create(&world.app, &world.people.keeper, new_brand("ruohe")).await;
        assert_eq!(code(twice), "brand.brand.key_taken");
    }
}
