//! The sample company's customers, as `make run` loads them.

use std::path::Path;

use customers::sample::{self, Files, Loaded};
use kernel::{Id, Language};
use store::args;

use crate::support::{MIGRATIONS, app};

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn the_sample_loads_whole_and_only_once(store: TestStore) {
        let app = app(&store).await;
        let (households, redemptions) = (file("households.csv.gz"), file("redemptions.csv.gz"));
        let names = String::from_utf8(file("names.yaml")).expect("text");
        let files = Files { households: &households, redemptions: &redemptions, names: &names };
        let brands = [Id::from_digest([1; 16]), Id::from_digest([2; 16])];
        let loaded = sample::load(&app, files, &brands, 516).await.expect("loaded");
        assert_eq!((loaded.households, loaded.redemptions), (2_469, 2_102));
        let again = sample::load(&app, files, &brands, 516).await.expect("loaded again");
        assert_eq!(again, Loaded { households: 2_469, redemptions: 0, consents: 0 });

        let count = |text: &'static str| {
            let store = app.store.clone();
            async move { store.get::<i64>(text, args![]).await.expect("a count") }
        };
        assert_eq!(count("SELECT CAST(COUNT(*) AS BIGINT) FROM v_customers_profile").await, 2_469);
        assert_eq!(count("SELECT CAST(COUNT(*) AS BIGINT) FROM identifier_node").await, 3 * 2_469);
        let reachable = count("SELECT CAST(COUNT(*) AS BIGINT) FROM v_customers_contactable WHERE allowed").await;
        assert!((3_800..4_100).contains(&reachable), "{reachable} of 4938");
        let languages: Vec<(Language, i64)> = app
            .store
            .all("SELECT language, CAST(COUNT(*) AS BIGINT) FROM v_customers_profile GROUP BY language ORDER BY 2", args![])
            .await
            .expect("languages");
        assert_eq!(languages.iter().map(|(l, _)| *l).collect::<Vec<_>>(), [Language::En, Language::ZhHant, Language::ZhHans]);
        let labelled = "SELECT CAST(COUNT(*) AS BIGINT) FROM profile WHERE attributes LIKE '%\"generated\":true%'";
        assert_eq!(count(labelled).await, 2_469);
        let known = count("SELECT CAST(COUNT(*) AS BIGINT) FROM v_customers_profile WHERE age_band IS NOT NULL").await;
        assert_eq!(known, 801);
    }
}
