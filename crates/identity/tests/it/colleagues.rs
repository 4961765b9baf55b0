//! Who works here is everybody's business; their addresses are not.

use http_kit::PeoplePort;
use identity::colleague::{self, ColleagueFilter};
use kernel::PageQuery;

use crate::support::{Browser, CHROME, MIGRATIONS, stranger, world};

const HOME: &str = "10.1.2.3";

store::on_both! {
    migrations = MIGRATIONS;

    async fn whoever_is_signed_in_can_choose_people(store: TestStore) {
        let world = world(&store).await;
        let admin = world.administrator(&mut Browser::new(CHROME, HOME)).await;
        let market = world.department(&admin, "market", None).await;
        let below = world.department(&admin, "market_web", Some(market)).await;
        let web = world.member(&admin, "web@b.example", Some(below)).await;
        let market_one = world.member(&admin, "one@b.example", Some(market)).await;
        // No role at all is enough.
        let member = world.sign_in(&mut Browser::new(CHROME, HOME), "web@b.example").await;
        let list = async |filter: &ColleagueFilter| {
            colleague::list(&world.app, &member, &PageQuery::default(), filter).await.expect("lists").items
        };
        let all = list(&ColleagueFilter::default()).await;
        assert!(all.iter().any(|one| one.id == web) && all.len() >= 3, "{all:?}");
        assert!(!serde_json::to_string(&all).expect("json").contains("@b.example"), "no address");
        let some = list(&ColleagueFilter { department_id: Some(market), ..ColleagueFilter::default() }).await;
        assert_eq!(some.iter().map(|one| one.id).collect::<Vec<_>>(), [market_one]);
        let refused = colleague::list(&world.app, &stranger(), &PageQuery::default(), &ColleagueFilter::default()).await;
        assert_eq!(refused.expect_err("a stranger").status, 401);

        // The product asks for them by department with those below it, by address, and as what they may do.
        let mut tx = world.app.store.begin(&admin).await.expect("begins");
        let people = identity::people::Staff;
        assert_eq!(people.staff(&mut tx, Some(market)).await.expect("lists").len(), 2);
        let words = ["WEB@b.example".to_owned(), "nobody".to_owned()];
        let found = people.look_up(&mut tx, &words).await.expect("finds");
        assert_eq!(found.iter().map(|person| person.id).collect::<Vec<_>>(), [web]);
        drop(tx);
        let caller = people.caller(&world.app, web, &stranger()).await.expect("asks").expect("may act");
        assert_eq!(caller.find_user_id(), Some(web));
    }
}
