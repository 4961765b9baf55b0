//! Requests that are sent twice.

use kernel::{DAY_MS, MINUTE_MS};
use store::idempotency::{self, Answer, Begun};
use store::{args, on_both};

fn answer() -> Answer {
    Answer { status: 201, response: r#"{"id":"1"}"#.to_owned() }
}

on_both! {
    async fn the_second_try_gets_the_first_answer(store: TestStore) {
        assert_eq!(idempotency::begin(&store, "ann", "key", "hash").await.unwrap(), Begun::New);
        let early = idempotency::begin(&store, "ann", "key", "hash").await.unwrap_err();
        assert_eq!((early.status, &*early.code), (409, "idempotency.in_flight"));
        idempotency::finish(&store, "ann", "key", &answer()).await.unwrap();
        assert_eq!(idempotency::begin(&store, "ann", "key", "hash").await.unwrap(), Begun::Done(answer()));
        let other = idempotency::begin(&store, "ann", "key", "another").await.unwrap_err();
        assert_eq!((other.status, &*other.code), (409, "idempotency.key_reused"));
        // Keys of one person say nothing to another.
        assert_eq!(idempotency::begin(&store, "bob", "key", "another").await.unwrap(), Begun::New);
    }

    async fn a_try_that_changed_nothing_may_be_made_again(store: TestStore) {
        idempotency::begin(&store, "ann", "key", "hash").await.unwrap();
        idempotency::forget(&store, "ann", "key").await.unwrap();
        assert_eq!(idempotency::begin(&store, "ann", "key", "hash").await.unwrap(), Begun::New);
        idempotency::finish(&store, "ann", "key", &answer()).await.unwrap();
        idempotency::forget(&store, "ann", "key").await.unwrap();
        assert_eq!(idempotency::begin(&store, "ann", "key", "hash").await.unwrap(), Begun::Done(answer()));
    }

    async fn a_try_whose_end_nobody_saw_is_not_repeated(store: TestStore) {
        idempotency::begin(&store, "ann", "key", "hash").await.unwrap();
        store.clock.advance_ms(6 * MINUTE_MS);
        let refused = idempotency::begin(&store, "ann", "key", "hash").await.unwrap_err();
        assert_eq!((refused.status, &*refused.code), (409, "idempotency.outcome_unknown"));
    }

    async fn of_many_at_once_one_is_first(store: TestStore) {
        let tries = (0..8).map(|_| idempotency::begin(&store, "ann", "key", "hash"));
        let tries = futures::future::join_all(tries).await;
        assert_eq!(tries.iter().filter(|begun| matches!(begun, Ok(Begun::New))).count(), 1);
        assert!(tries.iter().flatten().all(|begun| *begun == Begun::New));
    }

    async fn a_key_is_kept_for_a_day(store: TestStore) {
        idempotency::begin(&store, "ann", "key", "hash").await.unwrap();
        idempotency::finish(&store, "ann", "key", &answer()).await.unwrap();
        store.clock.advance_ms(DAY_MS);
        assert!(matches!(idempotency::begin(&store, "ann", "key", "hash").await.unwrap(), Begun::Done(_)));
        store.clock.advance_ms(1);
        assert_eq!(idempotency::begin(&store, "ann", "key", "another").await.unwrap(), Begun::New);
        store.clock.advance_ms(2 * DAY_MS);
        let runner = store::Runner::new((*store).clone(), std::sync::Arc::new(()), store::Registry::new(), 1);
        assert_eq!(runner.run_due().await, 0);
        store.clock.advance_ms(DAY_MS);
        assert_eq!(runner.run_due().await, 1);
        assert_eq!(store.get::<i64>("SELECT COUNT(*) FROM idempotency_key", args![]).await.unwrap(), 0);
    }

    async fn nonsense_is_no_key(store: TestStore) {
        for key in [String::new(), "x".repeat(256)] {
            let refused = idempotency::begin(&store, "ann", &key, "hash").await.unwrap_err();
            assert_eq!((refused.status, &*refused.code), (400, "idempotency.key_invalid"));
        }
    }
}
