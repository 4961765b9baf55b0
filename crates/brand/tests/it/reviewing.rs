//! Who may decide about what, and what becomes of a review when something changes.

use brand::comment::{self, CommentField, NewComment};
use brand::content::{ContentState, service};
use brand::partial::{self, PartialPatch};
use brand::review::{self, Returning, ReviewDecision, Withdrawing};
use kernel::{GrantScope, Id, Language, PageQuery};
use rulebook::task::{self, TaskFilter};
use store::on_both;

use crate::support::{MIGRATIONS, code, same, somebody, world};

on_both! {
    migrations = MIGRATIONS;

    async fn nobody_approves_their_own_work_whatever_their_roles(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        assert_eq!(submitted.content.state, ContentState::InReview);
        assert_eq!(code(world.approve(&world.people.author, &submitted).await), "brand.review.own_work");
        let mine = submitted.actions.iter().find(|action| action.action == "approve").expect("shown");
        assert_eq!((mine.allowed, mine.reason), (false, Some("brand.review.own_work")));
        let approved = world.approve(&world.people.reviewer, &submitted).await.expect("approved");
        assert_eq!(approved.content.state, ContentState::Approved);
        assert_eq!(approved.review.expect("kept").decision, Some(ReviewDecision::Approved));
    }

    async fn whoever_wrote_a_version_since_the_last_approval_is_an_author(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        // The reviewer mends a word: from now on it is their work, too.
        let mended = world.save(&world.people.reviewer, &made, "天很冷").await.expect("saved");
        let submitted = world.submit(&world.people.author, &mended).await.expect("submitted");
        assert_eq!(code(world.approve(&world.people.reviewer, &submitted).await), "brand.review.own_work");
        let returning = Returning { reason: "换个词".into(), comments: vec![] };
        let (id, version) = (submitted.content.id, submitted.content.version);
        let own = review::service::return_to_author(&world.app, &world.people.reviewer, id, version, returning).await;
        assert_eq!(code(own), "rulebook.machine.separated");
    }

    async fn serious_findings_block_the_submission(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("全国最佳牛肉片").await;
        let refused = world.submit(&world.people.author, &made).await.expect_err("blocked");
        assert_eq!((refused.code.as_ref(), &refused.args["count"]), ("brand.review.preflight_blocked", &1.into()));
        let seen = world.again(made.content.id).await;
        assert_eq!(seen.content.state, ContentState::Draft);
        assert_eq!(seen.preflight.expect("kept").serious_count, 1);
    }

    async fn a_return_carries_its_reason_and_its_remarks(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let remark = NewComment {
            language: Some(Language::ZhHans),
            field: Some(CommentField::Mjml),
            line: Some(5),
            body: "称呼后面少了问候".into(),
        };
        let (id, version) = (submitted.content.id, submitted.content.version);
        let give = |reason: &str| {
            let returning = Returning { reason: reason.into(), comments: vec![remark.clone()] };
            review::service::return_to_author(&world.app, &world.people.reviewer, id, version, returning)
        };
        assert_eq!(code(give(" ").await), "brand.input.invalid");
        let returned = give("请补问候语").await.expect("returned");
        assert_eq!(returned.content.state, ContentState::Returned);
        let remarks = comment::service::list(&world.app, &world.people.author, id, &PageQuery::default()).await;
        let remarks = remarks.expect("remarks").items;
        assert_eq!((remarks[0].line, remarks[0].created_by_name.as_str()), (Some(5), "周品"));
        let settled = comment::service::resolve(&world.app, &world.people.author, remarks[0].id).await;
        assert!(settled.expect("settled").resolved_at.is_some());
        // Mended and submitted again: a second round.
        let mended = world.save(&world.people.author, &returned, "您好，天冷了").await.expect("saved");
        let again = world.submit(&world.people.author, &mended).await.expect("submitted");
        world.approve(&world.people.reviewer, &again).await.expect("approved");
        let rounds = review::service::list(&world.app, &world.people.author, id, &PageQuery::default()).await;
        let rounds: Vec<_> = rounds.expect("rounds").items.into_iter().map(|r| r.decision).collect();
        assert_eq!(rounds, [Some(ReviewDecision::Approved), Some(ReviewDecision::Returned)]);
    }

    async fn an_edit_ends_the_open_review(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let edited = world.save(&world.people.author, &submitted, "天更冷了").await.expect("saved");
        assert_eq!(edited.content.state, ContentState::Draft);
        assert_eq!(edited.review.as_ref().expect("kept").decision, Some(ReviewDecision::Superseded));
        let stale = world.approve(&world.people.reviewer, &submitted).await;
        assert_eq!(code(stale), "store.changed_meanwhile");
        assert_eq!(code(world.approve(&world.people.reviewer, &edited).await), "brand.review.none_open");
    }

    async fn a_partial_changed_under_review_sends_the_item_back(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let footer = &world.footer;
        let sources = same(&footer.current.sources.zh_hans.replace("退订", "不再接收"));
        let patch = PartialPatch { sources: Some(sources), ..Default::default() };
        let (id, version) = (footer.partial.id, footer.partial.version);
        partial::service::update(&world.app, &world.people.keeper, id, version, patch).await.expect("changed");
        assert_eq!(code(world.approve(&world.people.reviewer, &submitted).await), "store.changed_meanwhile");
        let seen = world.again(made.content.id).await;
        assert_eq!(seen.content.state, ContentState::Draft);
        // Whoever keeps the footer did not write the mail: they are nobody's author.
        let again = world.submit(&world.people.author, &seen).await.expect("submitted");
        world.approve(&world.people.reviewer, &again).await.expect("approved");
    }

    async fn words_bent_under_review_cannot_be_approved(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        store.tamper("UPDATE content_version SET variants = REPLACE(variants, '天冷了', '天热了')").await;
        assert_eq!(code(world.approve(&world.people.reviewer, &submitted).await), "brand.review.changed_since");
    }

    async fn what_is_withdrawn_is_a_draft_again(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let (id, version) = (submitted.content.id, submitted.content.version);
        let back = review::service::withdraw(&world.app, &world.people.author, id, version, Withdrawing::default()).await;
        let back = back.expect("withdrawn");
        assert_eq!(back.content.state, ContentState::Draft);
        assert_eq!(code(world.approve(&world.people.reviewer, &back).await), "brand.review.none_open");
        assert_eq!(code(world.submit(&world.people.author, &submitted).await), "store.changed_meanwhile");
    }

    async fn a_review_is_a_task_for_everybody_but_its_authors(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let tasks = async |caller| {
            let page = task::list(&world.app, caller, &PageQuery::default(), &TaskFilter::default()).await;
            page.expect("tasks").items
        };
        assert!(tasks(&world.people.author).await.is_empty());
        let open = tasks(&world.people.reviewer).await;
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].title, "审核《冬日暖锅节》第 1 版（林悦 提交）");
        assert_eq!(open[0].actions[0].if_match, Some(submitted.content.version));
        assert_eq!(open[0].due_at.expect("due").ms() - open[0].created_at.ms(), 48 * kernel::HOUR_MS);
        world.approve(&world.people.reviewer, &submitted).await.expect("approved");
        assert!(tasks(&world.people.reviewer).await.is_empty());
    }

    async fn reviewers_of_other_brands_see_nothing(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        let rights = [brand::permissions::CONTENT_READ, brand::permissions::CONTENT_APPROVE];
        let other = somebody("别家", &rights, GrantScope::Brand(Id::new()));
        assert_eq!(code(service::get(&world.app, &other, made.content.id).await), "access.not_found");
        assert_eq!(code(world.approve(&other, &submitted).await), "access.not_found");
        let reader = somebody("只读", &rights[..1], GrantScope::Company);
        assert_eq!(code(world.approve(&reader, &submitted).await), "access.missing_permission");
        let ours = somebody("本牌", &rights, GrantScope::Brand(world.brand.id));
        world.approve(&ours, &submitted).await.expect("approved");
    }

    async fn the_views_tell_what_controls_ask(store: TestStore) {
        let world = world(&store).await;
        let made = world.content("天冷了").await;
        let submitted = world.submit(&world.people.author, &made).await.expect("submitted");
        store.clock.advance_ms(90 * kernel::MINUTE_MS);
        world.approve(&world.people.reviewer, &submitted).await.expect("approved");
        let row: (i64, bool, String) = world
            .app
            .store
            .get("SELECT minutes, same_person, decision FROM v_brand_review", vec![])
            .await
            .expect("a row");
        assert_eq!(row, (90, false, "approved".to_owned()));
        // Derived from who wrote, not from what the decision said: bending the decision shows.
        let author = world.people.author.user_id().expect("a user");
        store.tamper(&format!("UPDATE content_review SET decided_by = '{author}'")).await;
        let same: bool = world.app.store.get("SELECT same_person FROM v_brand_review", vec![]).await.expect("a row");
        assert!(same);
    }
}
