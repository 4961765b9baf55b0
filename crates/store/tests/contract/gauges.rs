//! What the store says of itself: what waits, and which database it is.

use kernel::{Caller, DomainEvent};
use serde::{Deserialize, Serialize};
use store::jobs::JobKind;
use store::{Audit, Migration};

#[derive(Debug, Serialize, Deserialize)]
struct Noted {}

impl JobKind for Noted {
    const KIND: &'static str = "test.note";
}

#[derive(Debug, Serialize, Deserialize)]
struct Happened {}

impl DomainEvent for Happened {
    const KIND: &'static str = "test.thing.happened";
}

store::on_both! {
    async fn what_waits_is_counted_and_how_long(store: TestStore) {
        let nothing = store.gauges().await.unwrap();
        assert_eq!((nothing.jobs.len(), nothing.outbox.count, nothing.unsealed.count), (0, 0, 0));
        assert_eq!(nothing.outbox.lag_seconds(store.now()), 0.0);
        let mut tx = store.begin(&Caller::system("test")).await.unwrap();
        tx.enqueue(&Noted {}).await.unwrap();
        tx.enqueue(&Noted {}).await.unwrap();
        tx.emit(&Happened {}).await.unwrap();
        tx.audit(Audit::new("note", "test.thing", 1)).await.unwrap();
        tx.commit().await.unwrap();
        store.clock.advance_ms(90_000);
        let gauges = store.gauges().await.unwrap();
        let jobs: Vec<_> = gauges.jobs.iter().map(|job| (job.kind.as_str(), job.state.as_str(), job.count)).collect();
        assert_eq!(jobs, [("test.note", "waiting", 2)]);
        assert_eq!((gauges.outbox.count, gauges.outbox.lag_seconds(store.now())), (1, 90.0));
        assert_eq!((gauges.unsealed.count, gauges.unsealed.lag_seconds(store.now())), (1, 90.0));
        assert!(gauges.connections >= 1 && gauges.connections_idle <= gauges.connections, "{gauges:?}");
    }

    async fn the_database_names_itself_and_what_it_lacks(store: TestStore) {
        const LATER: &[Migration] = &[Migration { id: "test/0001_later", sql: "CREATE TABLE later (id TEXT)" }];
        let about = store.about().await.unwrap();
        assert!(about.version.starts_with("SQLite 3.") || about.version.starts_with("PostgreSQL 15"), "{about:?}");
        // By the machine's clock, which is later than the day on which this was written.
        assert!(about.now.ms() > 1_760_000_000_000, "{about:?}");
        assert_eq!(store.missing_migrations(LATER).await.unwrap(), ["test/0001_later"]);
        store.migrate(LATER).await.unwrap();
        assert!(store.missing_migrations(LATER).await.unwrap().is_empty());
    }
}
