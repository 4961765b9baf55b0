//! Items, versions, lists.

use brand::content::diff::LineChange;
use brand::content::{ContentFilter, ContentState, NewVersion, service, version};
use kernel::{GrantScope, Id, Language, PageQuery};
use store::on_both;

use crate::support::{MIGRATIONS, code, somebody, variant, world};

on_both! {
    migrations = MIGRATIONS;

    async fn the_same_words_are_no_new_version(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let same = world.save(&world.people.author, &made, "天冷了").await.expect("kept");
        assert_eq!((same.content.number, same.content.version), (1, 1));
        let other = world.save(&world.people.author, &made, "天很冷").await.expect("saved");
        assert_eq!(other.content.number, 2);
        let late = world.save(&world.people.second, &made, "天不冷").await;
        assert_eq!(code(late), "store.changed_meanwhile");
    }

    async fn versions_are_compared_line_by_line(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        world.save(&world.people.author, &made, "天很冷").await.expect("saved");
        let id = made.content.id;
        let diff = version::compare(&world.app, &world.people.author, id, 1, 2).await.expect("compared");
        assert_eq!(diff.fields.len(), 1);
        let changed: Vec<_> = diff.fields[0].lines.iter().filter(|line| line.change != LineChange::Same).collect();
        assert_eq!((changed[0].old_line, changed[1].new_line), (Some(5), Some(5)));
        assert!(changed[1].text.contains("天很冷"));
        let none = version::compare(&world.app, &world.people.author, id, 1, 3).await;
        assert_eq!(code(none), "access.not_found");
    }

    async fn versions_are_never_changed(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let saved = world.save(&world.people.author, &made, "天很冷").await.expect("saved");
        let id = made.content.id;
        let (app, author) = (&world.app, &world.people.author);
        let restored = version::restore(app, author, id, saved.content.version, 1).await.expect("restored");
        let page = version::list(app, author, id, &PageQuery { page_size: Some(2), cursor: None }).await.expect("a page");
        assert_eq!(page.items.iter().map(|v| v.number).collect::<Vec<_>>(), [3, 2]);
        let rest = version::list(app, author, id, &PageQuery { page_size: Some(2), cursor: page.next_cursor }).await;
        assert_eq!(rest.expect("a page").items[0].digest, restored.current.digest);
        let current = version::restore(app, author, id, restored.content.version, 3).await;
        assert_eq!(code(current), "brand.content.restore_current");
    }

    async fn lists_show_what_grants_allow_and_filters_ask(store: TestStore) {
        let world = world(&store).await;
        let first = world.content("天冷了").await;
        let english = world.content_by(&world.people.second, vec![variant(Language::En, "cold")]).await.expect("made");
        world.submit(&world.people.author, &first).await.expect("submitted");
        let list = async |caller, filter: ContentFilter| -> Vec<Id> {
            let page = service::list(&world.app, caller, &PageQuery::default(), &filter).await.expect("a list");
            page.items.into_iter().map(|content| content.id).collect()
        };
        let all = ContentFilter::default;
        let author = &world.people.author;
        assert_eq!(list(author, all()).await.len(), 2);
        let filter = ContentFilter { state: Some(ContentState::InReview), ..all() };
        assert_eq!(list(author, filter).await, [first.content.id]);
        let filter = ContentFilter { language: Some(Language::En), ..all() };
        assert_eq!(list(author, filter).await, [english.content.id]);
        assert!(list(author, ContentFilter { q: Some("100%".into()), ..all() }).await.is_empty());
        assert_eq!(list(author, ContentFilter { q: Some("暖锅".into()), ..all() }).await.len(), 2);
        let mut own = somebody("自己", &[brand::permissions::CONTENT_READ], GrantScope::Own);
        own.actor = world.people.second.actor.clone();
        assert_eq!(list(&own, all()).await, [english.content.id]);
        let page = PageQuery { page_size: Some(1), cursor: None };
        let one = service::list(&world.app, author, &page, &all()).await.expect("a page");
        let page = PageQuery { page_size: Some(1), cursor: one.next_cursor };
        let two = service::list(&world.app, author, &page, &all()).await.expect("a page");
        assert_ne!(one.items[0].id, two.items[0].id);
        assert!(two.next_cursor.is_none());
    }

    async fn what_is_archived_stays_away(store: TestStore) {
        let world = world(&store).await;
        let item = world.approved("天冷了").await;
        let token = world.token(item.content.id).await.expect("a token");
        let (id, version) = (item.content.id, item.content.version);
        let gone = service::archive(&world.app, &world.people.author, id, version).await.expect("archived");
        assert_eq!(gone.content.state, ContentState::Archived);
        assert_eq!(code(world.release(id, &token).await), "brand.release.approval_void");
        assert_eq!(code(world.save(&world.people.author, &gone, "再来").await), "brand.content.archived");
    }

    async fn input_out_of_bounds_names_its_field(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let mut bad = variant(Language::ZhHans, "天冷了");
        bad.subject = "a\nBcc: x@y.invalid".into();
        bad.mjml = "x".repeat(100_001);
        let new = NewVersion { variants: vec![bad], note: String::new() };
        let (id, version) = (made.content.id, made.content.version);
        let refused = version::save(&world.app, &world.people.author, id, version, new).await.expect_err("refused");
        let fields: Vec<&str> = refused.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["variants.0.subject", "variants.0.mjml"]);
    }

    async fn every_statement_is_sound(store: TestStore) {
        let app = crate::support::app(&store).await;
        assert_eq!(app.store.check_statements().await, []);
    }
}
