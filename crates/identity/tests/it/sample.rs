//! The sample company and its one-click sign-in.

use axum::http::HeaderValue;
use http_kit::Peer;
use identity::sample::{self, SampleOrg};
use identity::session::{self, Client};
use kernel::Label;

use crate::support::{Browser, CHROME, MIGRATIONS, code, stranger, world, world_with};

const ORG: &str = include_str!("../../../../sample/org.yaml");

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_sample_company_loads_once_and_every_role_signs_in_with_one_click(store: TestStore) {
        let world = world_with(&store, |settings| {
            settings.sample = true;
            settings.admin_url = "http://127.0.0.1:8700".into();
        })
        .await;
        let org = SampleOrg::read(ORG).expect("reads");
        sample::load(&world.app, &org).await.expect("loads");
        sample::load(&world.app, &org).await.expect("loads again");
        let browser = Browser::new(CHROME, "127.0.0.1");
        let users = sample::service::users(&world.app, &browser.client()).await.expect("lists");
        assert_eq!(users.len(), org.people.len());
        assert!(users.iter().all(|user| !user.role_names.is_empty()));
        for user in &users {
            let opened = session::service::sign_in_sample(&world.app, &stranger(), &browser.client(), user.id).await;
            let opened = opened.expect("signs in");
            assert!(!opened.caller.grants.is_empty() && opened.caller.clearance >= Label::Internal, "{}", user.name);
            assert!(opened.cookies[0].starts_with("bw_session="), "plain on this machine");
        }
        let requests: i64 = world.app.store
            .get("SELECT COUNT(*) FROM v_identity_user WHERE approved_request = TRUE", vec![]).await.expect("a count");
        assert_eq!(requests, i64::try_from(org.people.len()).expect("few"), "each came by a request");
        let alone: i64 = world.app.store
            .get("SELECT COUNT(*) FROM v_identity_account_request WHERE same_person = TRUE", vec![]).await.expect("a count");
        assert_eq!(alone, 0);
        let reviewed: i64 = world.app.store
            .get("SELECT COUNT(*) FROM v_identity_user WHERE last_review_at IS NOT NULL", vec![]).await.expect("a count");
        assert_eq!(reviewed, i64::try_from(org.people.len()).expect("few"));
    }

    async fn one_click_sign_in_is_nowhere_else(store: TestStore) {
        let org = SampleOrg::read(ORG).expect("reads");
        let sampled = world_with(&store, |settings| settings.sample = true).await;
        sample::load(&sampled.app, &org).await.expect("loads");
        let id = sample::service::id_of("user", &org.people[0].email);
        let sign_in = |client: Client| { let app = &sampled.app; async move { session::service::sign_in_sample(app, &stranger(), &client, id).await } };
        let local = Browser::new(CHROME, "::1");
        assert_eq!(code(sign_in(Browser::new(CHROME, "10.1.2.3").client()).await), "http.no_such_page");
        let mut headers = local.headers();
        headers.insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
        assert_eq!(code(sign_in(Client::read(&headers, Some(Peer(local.address)))).await), "http.no_such_page", "through a proxy");
        assert_eq!(code(sign_in(Client::read(&local.headers(), None)).await), "http.no_such_page");
        sign_in(local.client()).await.expect("here");
        let other = sampled.user("li@b.example", "market").await;
        let client = local.client();
        assert_eq!(code(session::service::sign_in_sample(&sampled.app, &stranger(), &client, other).await), "access.not_found", "not of the sample");
        let real = world(&store).await;
        assert_eq!(code(session::service::sign_in_sample(&real.app, &stranger(), &client, id).await), "http.no_such_page");
        assert_eq!(code(sample::service::users(&real.app, &client).await), "http.no_such_page");
    }
}
