//! Every way around the release door that we could think of ends before it.

use brand::asset::{self, AssetPatch};
use brand::brand::BrandPatch;
use brand::content::{ContentPatch, ContentState, NewVersion, service, version};
use brand::partial::{self, PartialPatch};
use brand::preflight;
use kernel::ports::ReleaseUse;
use kernel::{DAY_MS, GrantScope, Id, Language};
use store::on_both;

use crate::support::{FOOTER, MIGRATIONS, app_with, code, png, same, somebody, variant, world, world_in};

on_both! {
    migrations = MIGRATIONS;

    async fn approved_content_leaves_as_approved(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let released = world.release(item.content.id, &token).await.expect("let out");
        assert_eq!(released.closure_hash, item.closure_hash);
        assert_eq!(released.variants.len(), 1);
        let mail = &released.variants[0];
        assert_eq!((mail.sender_name.as_str(), mail.sender_address.as_str()), ("晨畦鲜食", "hello@chenqi.example"));
        assert!(mail.html.contains("{{ customer.name }}，天冷了"), "{}", mail.html);
        assert!(mail.html.contains(&format!("https://mail.daoting.example/assets/{}.png", world.hero.blob_hash)));
        assert!(mail.html.contains("alt=\"一锅热汤\"") && mail.html.contains("{{ unsubscribe_url }}"));
        assert!(mail.text.contains("看清单 (https://www.chenqi.example/list)"), "{}", mail.text);
        let decisions = world.decisions(item.content.id).await;
        assert_eq!(decisions.len(), 1);
        assert!(decisions[0].allowed && decisions[0].hash_matches && decisions[0].had_preflight);
        let opened = world.app.ports.release.get().expect("connected").open(released.release_id).await.expect("open");
        assert_eq!(opened.variants[0].html, mail.html);
    }

    async fn an_edit_after_the_approval_shuts_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let released = world.release(item.content.id, &token).await.expect("let out");
        let edited = world.save(&world.people.second, &item, "天热了").await.expect("saved");
        assert_eq!(edited.content.state, ContentState::Draft);
        assert_eq!(edited.approval.expect("kept").void_reason.as_deref(), Some("brand.approval.void_edited"));
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.approval_void");
        assert_eq!(code(world.token(item.content.id).await), "brand.release.not_approved");
        let door = world.app.ports.release.get().expect("connected");
        assert_eq!(code(door.open(released.release_id).await), "brand.release.voided_meanwhile");
        let decisions = world.decisions(item.content.id).await;
        assert_eq!(decisions.iter().map(|d| d.allowed).collect::<Vec<_>>(), [false, true]);
        assert_eq!(decisions[0].message, "审核结论已失效（内容在审核之后有修改）。请重新提交审核。");
    }

    async fn restoring_the_approved_words_needs_a_new_approval(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let edited = world.save(&world.people.second, &item, "天热了").await.expect("saved");
        let id = item.content.id;
        let restored = version::restore(&world.app, &world.people.second, id, edited.content.version, 1).await;
        let restored = restored.expect("restored");
        assert_eq!((restored.content.number, restored.current.restored_from), (3, Some(1)));
        assert_eq!(restored.closure_hash, item.closure_hash, "the very words that were approved");
        assert_eq!(code(world.release(id, &token).await), "brand.release.approval_void");
    }

    async fn a_changed_partial_shuts_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let patch = PartialPatch { sources: Some(same(&FOOTER.replace("退订", "退订邮件"))), ..Default::default() };
        let (id, version) = (world.footer.partial.id, world.footer.partial.version);
        assert_eq!(partial::service::get(&world.app, &world.people.keeper, id).await.expect("seen").approved_uses, 1);
        partial::service::update(&world.app, &world.people.keeper, id, version, patch).await.expect("changed");
        let seen = world.again(item.content.id).await;
        assert_eq!(seen.content.state, ContentState::Draft);
        assert_eq!(seen.approval.expect("kept").void_reason.as_deref(), Some("brand.approval.void_partial"));
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.approval_void");
        assert_ne!(seen.closure_hash, item.closure_hash);
    }

    async fn a_change_that_receivers_never_see_keeps_the_approval(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let patch = PartialPatch { title: Some("新页脚名".into()), ..Default::default() };
        let (id, version) = (world.footer.partial.id, world.footer.partial.version);
        partial::service::update(&world.app, &world.people.keeper, id, version, patch).await.expect("changed");
        let patch = AssetPatch { title: Some("新图名".into()), ..Default::default() };
        asset::service::update(&world.app, &world.people.keeper, world.hero.id, 1, patch).await.expect("changed");
        let seen = world.again(item.content.id).await;
        let patch = ContentPatch { title: Some("新标题".into()), ..Default::default() };
        let version = seen.content.version;
        service::update(&world.app, &world.people.author, item.content.id, version, patch).await.expect("changed");
        world.release(item.content.id, &token).await.expect("let out");
    }

    async fn a_changed_picture_shuts_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let bytes = png(600, 200, 2);
        asset::service::replace_file(&world.app, &world.people.keeper, world.hero.id, 1, &bytes).await.expect("changed");
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.approval_void");
    }

    async fn changed_words_of_a_picture_shut_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let patch = AssetPatch { alt_texts: Some(same("全国最佳火锅")), ..Default::default() };
        asset::service::update(&world.app, &world.people.keeper, world.hero.id, 1, patch).await.expect("changed");
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.approval_void");
    }

    async fn a_changed_sender_of_the_brand_shuts_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let patch = BrandPatch { sender_address: Some("other@chenqi.example".into()), ..Default::default() };
        let keeper = &world.people.keeper;
        brand::brand::service::update(&world.app, keeper, world.brand.id, 1, patch).await.expect("changed");
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.approval_void");
    }

    async fn an_added_variant_shuts_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let variants = vec![variant(Language::ZhHans, "天冷了"), variant(Language::En, "it is cold")];
        let new = NewVersion { variants, note: String::new() };
        let (id, seen) = (item.content.id, item.content.version);
        version::save(&world.app, &world.people.second, id, seen, new).await.expect("saved");
        assert_eq!(code(world.release(id, &token).await), "brand.release.approval_void");
    }

    async fn another_order_of_languages_shuts_the_door(store: TestStore) {
        let world = world(&store).await;
        let both = vec![variant(Language::ZhHans, "天冷了"), variant(Language::En, "it is cold")];
        let made = world.content_by(&world.people.author, both).await.expect("an item");
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let item = world.approve(&world.people.reviewer, &submitted).await.expect("approved");
        let token = world.token(item.content.id).await.expect("a token");
        let patch = ContentPatch { languages: Some(vec![Language::En, Language::ZhHans]), ..Default::default() };
        let seen = item.content.version;
        let changed = service::update(&world.app, &world.people.author, item.content.id, seen, patch).await;
        assert_eq!(changed.expect("changed").content.state, ContentState::Draft);
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.approval_void");
    }

    async fn tokens_cannot_be_forged_or_lent(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let other = world.content("天热了").await;
        assert_eq!(code(world.release(other.content.id, &token).await), "brand.release.token_of_another");
        let last = if token.ends_with('A') { "B" } else { "A" };
        let bent = format!("{}{last}", &token[..token.len() - 2]);
        let unknown = format!("bwa1.{}.{}", Id::new(), token.rsplit('.').next().expect("a signature"));
        for forged in ["", "x", "bwa1..", "bwa1.x.y", &bent, &unknown, &format!("{token}.x"), &token.replace("bwa1", "bwa2")] {
            assert_eq!(code(world.release(item.content.id, forged).await), "brand.release.token_invalid", "{forged}");
        }
        assert_eq!(world.decisions(item.content.id).await.len(), 8, "every refusal is written down");
        world.release(item.content.id, &token).await.expect("the true one still opens");
    }

    async fn a_hash_bent_in_the_database_makes_the_token_worthless(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let other = world.content("全国最佳").await;
        // Somebody with the database to himself makes the approval bind other words.
        store.tamper(&format!("UPDATE content SET version_id = '{}'", other.content.version_id)).await;
        let bent = world.again(item.content.id).await;
        store.tamper(&format!("UPDATE content_approval SET closure_hash = '{}'", bent.closure_hash)).await;
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.token_invalid");
    }

    async fn words_bent_in_the_database_are_found_at_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        store.tamper("UPDATE content_version SET variants = REPLACE(variants, '天冷了', '天热了')").await;
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.changed_since");
        let seen = world.again(item.content.id).await;
        assert_eq!(seen.approval.expect("kept").void_reason.as_deref(), Some("brand.approval.void_found"));
        assert!(!world.decisions(item.content.id).await[0].hash_matches);
    }

    async fn a_state_set_past_the_machine_opens_nothing(store: TestStore) {
        let world = world(&store).await;
        let item = world.content("天冷了").await;
        store.tamper("UPDATE content SET state = 'approved'").await;
        assert_eq!(code(world.token(item.content.id).await), "brand.release.not_approved");
        assert_eq!(code(world.release(item.content.id, "bwa1.x.y").await), "brand.release.token_invalid");
        let patch: Result<ContentPatch, _> = serde_json::from_str(r#"{"state": "approved"}"#);
        assert!(patch.is_err(), "the API takes no state");
    }

    async fn checks_grow_old_and_are_renewed_without_a_review(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        store.clock.advance_ms(31 * DAY_MS);
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.preflight_stale");
        preflight::service::run(&world.app, &world.people.author, item.content.id).await.expect("checked");
        world.release(item.content.id, &token).await.expect("let out");
    }

    async fn rights_that_end_after_the_approval_shut_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let until = world.app.store.now().plus_days(10);
        let patch = AssetPatch { rights_until: Some(Some(until)), ..Default::default() };
        asset::service::update(&world.app, &world.people.keeper, world.hero.id, 1, patch).await.expect("changed");
        world.release(item.content.id, &token).await.expect("let out while they hold");
        store.clock.advance_ms(11 * DAY_MS);
        let refused = world.release(item.content.id, &token).await.expect_err("ended");
        assert_eq!(refused.code, "brand.release.rights_expired");
        assert_eq!(refused.args["assets"], "hero");
    }

    async fn strangers_do_not_even_see_the_door(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let rights = [brand::permissions::CONTENT_RELEASE];
        let stranger = somebody("外人", &rights, GrantScope::Brand(Id::new()));
        let door = world.app.ports.release.get().expect("connected");
        let usage = || ReleaseUse { kind: "campaign", used_by: Id::new() };
        assert_eq!(code(door.release(&stranger, item.content.id, &token, usage()).await), "access.not_found");
        let nobody = somebody("无权", &[], GrantScope::Company);
        assert_eq!(code(door.release(&nobody, item.content.id, &token, usage()).await), "access.missing_permission");
        assert_eq!(code(door.release(&world.people.author, Id::new(), &token, usage()).await), "access.not_found");
        assert_eq!(code(door.open(Id::new()).await), "access.not_found");
    }

    async fn nothing_leaves_without_a_public_origin_or_an_active_brand(store: TestStore) {
        let world = world_in(app_with(&store, None).await).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.no_public_url");
        let patch = BrandPatch { state: Some(brand::brand::BrandState::Archived), ..Default::default() };
        let keeper = &world.people.keeper;
        brand::brand::service::update(&world.app, keeper, world.brand.id, 1, patch).await.expect("archived");
        assert_eq!(code(world.release(item.content.id, &token).await), "brand.release.brand_archived");
    }

    async fn a_refused_release_leaves_no_way_to_open_it(store: TestStore) {
        let world = world(&store).await;
        let item = world.content("天冷了").await;
        assert_eq!(code(world.release(item.content.id, "x").await), "brand.release.token_invalid");
        let refused = world.decisions(item.content.id).await.remove(0);
        assert!(!refused.allowed);
        let door = world.app.ports.release.get().expect("connected");
        assert_eq!(code(door.open(refused.id).await), "access.not_found");
    }
}
