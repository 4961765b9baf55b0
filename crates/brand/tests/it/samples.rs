//! The sample's brands and mails pass the same doors.

use std::time::Instant;

use brand::content::{ContentFilter, ContentState, service};
use brand::finding::Severity;
use brand::preflight::PreflightVerdict;
use brand::render::api::PreviewRequest;
use brand::render::service::preview;
use kernel::{Caller, Id, Language, PageQuery};
use store::on_both;
use store::testing::TestStore;

use crate::support::{MIGRATIONS, app};

const ORG: &str = "
brands:
  - {code: chenqi, name: {zh-Hans: 晨畦, zh-Hant: 晨畦, en: Chenqi}}
  - {code: ruohe, name: {zh-Hans: 箬禾, zh-Hant: 箬禾, en: Ruohe}}
people:
  - {email: a@sample.invalid, position: campaign-specialist}
  - {email: b@sample.invalid, position: content-reviewer}
  - {email: c@sample.invalid, position: brand-director}
";

async fn people(store: &TestStore) {
    for name in ["a", "b", "c"] {
        let (id, department) = (Id::new(), Id::new());
        store
            .tamper(&format!(
                "INSERT INTO test_person VALUES ('{id}', '{name}@sample.invalid', '{name}', '{department}')"
            ))
            .await;
    }
}

on_both! {
    migrations = MIGRATIONS;

    async fn three_mails_one_approved_one_under_review_one_with_a_fault(store: TestStore) {
        let app = app(&store).await;
        people(&store).await;
        let brands = brand::sample::load(&app, ORG).await.expect("loaded");
        assert_eq!(brands.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), ["chenqi", "ruohe"]);
        assert_eq!(brand::sample::load(&app, ORG).await.expect("again"), brands, "what is there stays");
        let caller = Caller::system("test");
        let page = service::list(&app, &caller, &PageQuery::default(), &ContentFilter::default()).await;
        let items = page.expect("items").items;
        assert_eq!(items.len(), 3);
        for item in items {
            let seen = service::get(&app, &caller, item.id).await.expect("an item");
            let run = seen.preflight.expect("checked");
            let counts = (run.serious_count, run.warning_count);
            let listed: Vec<_> = run.findings.iter().map(|f| (&f.code, f.language, &f.place, &f.message)).collect();
            match item.state {
                ContentState::Approved => assert_eq!((run.verdict, counts), (PreflightVerdict::Passed, (0, 0)), "{listed:#?}"),
                ContentState::InReview => assert_eq!((run.verdict, counts), (PreflightVerdict::Warned, (0, 1)), "{listed:#?}"),
                ContentState::Draft => {
                    assert_eq!(run.verdict, PreflightVerdict::Blocked, "{listed:#?}");
                    let serious = run.findings.iter().filter(|f| f.severity == Severity::Serious);
                    assert!(serious.clone().count() >= 1 && serious.clone().all(|f| f.code.ends_with("ad_term")), "{listed:#?}");
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(item.languages, Language::ALL);
        }
    }

    async fn previews_are_quick(store: TestStore) {
        let app = app(&store).await;
        people(&store).await;
        brand::sample::load(&app, ORG).await.expect("loaded");
        let caller = Caller::system("test");
        let page = service::list(&app, &caller, &PageQuery::default(), &ContentFilter::default()).await;
        for item in page.expect("items").items {
            let seen = service::get(&app, &caller, item.id).await.expect("an item");
            for variant in seen.current.variants {
                let language = variant.language;
                let request = PreviewRequest { brand_id: item.brand_id, department_id: None, variant, persona: None };
                let begun = Instant::now();
                let shown = preview(&app, &caller, request).await.expect("a preview");
                let took = begun.elapsed().as_millis();
                assert!(took < 1_000, "{took} ms");
                println!("{} {language:?}: {took} ms", item.title);
                assert!(shown.html.is_some() && shown.text.is_some());
            }
        }
    }
}
