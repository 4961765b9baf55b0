//! The half-yearly access review.

use identity::access_review::{self, Decision, ReviewDecision, ReviewFilter};
use identity::department::{self, DepartmentChange};
use identity::grant::{self, ScopeKind};
use identity::user::{self, UserState};
use kernel::{Actor, DAY_MS, PageQuery};

use crate::support::{Browser, CHROME, MIGRATIONS, code, world};

const HOME: &str = "10.1.2.3";

fn decision(decision: Decision, reason: Option<&str>) -> ReviewDecision {
    ReviewDecision { decision, reason: reason.map(str::to_owned) }
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn each_department_is_reviewed_once_a_half_year_and_removal_works_at_once(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let market = world.department(&admin, "market", None).await;
        world.department(&admin, "empty", None).await;
        let head_id = world.member(&admin, "head@b.example", Some(market)).await;
        world.give(&admin, head_id, "head", ScopeKind::Department, Some(market)).await;
        let names = kernel::LocalText { zh_hans: "市场部".into(), ..Default::default() };
        let change = DepartmentChange { names, parent_id: None, head_id: Some(head_id), in_scope: None };
        department::service::update(&world.app, &admin, market, 1, &change).await.expect("a head");
        let stays = world.member(&admin, "stays@b.example", Some(market)).await;
        let goes = world.member(&admin, "goes@b.example", Some(market)).await;
        world.give(&admin, goes, "market", ScopeKind::Company, None).await;
        let mut leaver = Browser::new(CHROME, HOME);
        world.sign_in(&mut leaver, "goes@b.example").await;

        world.clock.advance_ms(kernel::HOUR_MS);
        world.work().await;
        let head = world.sign_in(&mut Browser::new(CHROME, HOME), "head@b.example").await;
        assert!(world.tasks(&head).await.contains(&"identity.access_review".to_owned()));
        let reviews = access_review::service::list(&world.app, &head, &PageQuery::default(), &ReviewFilter::default()).await;
        let reviews = reviews.expect("lists").items;
        assert_eq!(reviews.len(), 1, "no review of an empty department");
        assert_eq!((reviews[0].period.as_str(), reviews[0].item_count), ("2026-07", 3));
        world.clock.advance_ms(kernel::HOUR_MS);
        world.work().await;
        let again = access_review::service::list(&world.app, &admin, &PageQuery::default(), &ReviewFilter::default()).await;
        assert_eq!(again.expect("lists").items.len(), 1, "once");

        let review = access_review::service::get(&world.app, &head, reviews[0].id).await.expect("reads");
        let item = |id| review.items.iter().find(|item| item.user_id == id).expect("an item");
        assert_eq!(item(goes).grants[0].role_code, "market");
        let decide = |caller, id, input| {
            let (world, review) = (&world, &review);
            let item_id = item(id).id;
            async move { access_review::service::decide(&world.app, caller, review.id, item_id, &input).await }
        };
        assert_eq!(code(decide(&head, head_id, decision(Decision::Keep, None)).await), "identity.access_review.own");
        assert_eq!(code(decide(&head, goes, decision(Decision::Remove, None)).await), "identity.input_invalid");
        decide(&head, goes, decision(Decision::Remove, Some("已转岗"))).await.expect("removes");
        assert_eq!(world.who(&leaver).await.actor, Actor::Anonymous, "at once");
        assert!(grant::service::list(&world.app, &admin, goes).await.expect("lists").is_empty());
        assert_eq!(user::service::get(&world.app, &admin, goes).await.expect("reads").state, UserState::Disabled);
        assert_eq!(code(decide(&head, goes, decision(Decision::Keep, None)).await), "identity.access_review.decided");
        decide(&head, stays, decision(Decision::Keep, None)).await.expect("keeps");
        let kept = user::service::get(&world.app, &admin, stays).await.expect("reads");
        assert!(kept.last_review_at.is_some());
        assert!(world.tasks(&head).await.contains(&"identity.access_review".to_owned()), "one is left");
        decide(&admin, head_id, decision(Decision::Keep, None)).await.expect("somebody else decides on the head");
        assert!(!world.tasks(&head).await.contains(&"identity.access_review".to_owned()));
        let review = access_review::service::get(&world.app, &head, review.id).await.expect("reads");
        assert!(review.closed_at.is_some() && review.decided_count == 3);

        world.clock.advance_ms(45 * DAY_MS);
        world.work().await;
        let open = ReviewFilter { open: Some(true), ..Default::default() };
        let mut browser = Browser::new(CHROME, HOME);
        let admin = world.sign_in(&mut browser, "root@b.example").await;
        let next = access_review::service::list(&world.app, &admin, &PageQuery::default(), &open).await.expect("lists");
        assert_eq!(next.items.iter().map(|r| r.period.as_str()).collect::<Vec<_>>(), ["2027-01"]);
    }

    async fn other_departments_reviews_are_none_of_a_heads_business(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let (market, sales) = (world.department(&admin, "market", None).await, world.department(&admin, "sales", None).await);
        let head = world.member(&admin, "head@b.example", Some(market)).await;
        world.give(&admin, head, "head", ScopeKind::Department, Some(market)).await;
        world.member(&admin, "zhao@b.example", Some(sales)).await;
        let review = access_review::service::open(&world.app, &admin, sales).await.expect("out of turn");
        assert_eq!(code(access_review::service::open(&world.app, &admin, sales).await), "identity.access_review.open_today");
        let head = world.sign_in(&mut Browser::new(CHROME, HOME), "head@b.example").await;
        assert_eq!(code(access_review::service::get(&world.app, &head, review.id).await), "access.not_found");
        let keep = decision(Decision::Keep, None);
        let tried = access_review::service::decide(&world.app, &head, review.id, review.items[0].id, &keep).await;
        assert_eq!(code(tried), "access.not_found");
    }
}
