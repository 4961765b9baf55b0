use kernel::HOUR_MS;
use lake::query::{
    Bounds, Column, EventFilter, Found, Funnel, FunnelRow, Measure, PerPerson, PersonTest, Question,
    STEPS_MAX, Span, Total, TotalRow,
};
use lake::{Batch, EventLake};
use lake_engine::{Engine, Settings};
use proptest::prelude::*;
use store::Store;
use store::testing::START;

use crate::guess;
use crate::oracle::{self, Known};
use crate::world::{World, batch, event, send};

fn total(measure: Measure) -> Total {
    Total { filter: EventFilter::default(), span: Span::default(), measure, by: None, every: None, top: None }
}

/// Sends events in an order of their own, over several lives, each of which leaves files behind.
async fn filled(world: &World, events: &[Known], lives: usize) {
    for life in 0..lives {
        let node = world.start().await;
        for (place, known) in events.iter().enumerate().filter(|(place, _)| place * 7 % lives == life) {
            let received_at = START.plus_ms(place as i64);
            let (source_id, events) = (known.source_id, vec![known.event.clone()]);
            send(&node.engine, [Batch { source_id, received_at, events }]).await;
        }
        node.stop().await;
    }
}

async fn asked(engine: &Engine, questions: &[Question]) -> Vec<Found> {
    let answers = engine.ask(questions).await.expect("they are answered");
    answers.into_iter().map(|answer| answer.found).collect()
}

async fn figures_and_watermark(world: World) {
    let question = Question::Total(total(Measure::Count));
    let ask =
        async || world.engine().ask(std::slice::from_ref(&question)).await.expect("an answer").remove(0);
    let before = ask().await;
    assert_eq!(before.watermark, None);
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0), event("b", 2, 900), event("c", 2, 1_800)])]).await;
    node.stop().await;
    let after = ask().await;
    assert_eq!(after.watermark, Some(START));
    let json = serde_json::to_value(&after).expect("JSON");
    assert_eq!(json["type"], "total");
    assert_eq!(json["rows"], serde_json::json!([{ "period": null, "group": null, "value": 3.0 }]));
    let mut sum = total(Measure::Sum);
    sum.by = Some(Column::OrderId);
    let people = PerPerson {
        filter: EventFilter::default(),
        span: Span::default(),
        test: PersonTest::Sum(Bounds { at_least: Some(4.0), at_most: None }),
        also: Vec::new(),
        not_since: None,
        nodes: Some(5),
    };
    let found = asked(&world.engine(), &[Question::Total(sum), Question::PerPerson(people)]).await;
    let Found::Total { rows } = &found[0] else { panic!("a total is answered by one") };
    let rows: Vec<_> = rows.iter().map(|row| (row.group.as_deref(), row.value)).collect();
    assert_eq!(rows, [(Some("o-2"), Some(4.0)), (Some("o-1"), Some(1.0))]);
    assert_eq!(found[1], Found::PerPerson { people: 1, nodes: Some(vec![crate::world::person(2)]) });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_and_watermark_on_sqlite() {
    figures_and_watermark(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_and_watermark_on_postgres() {
    figures_and_watermark(World::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_is_refused_and_what_takes_too_long_is_ended() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0)])]).await;
    node.stop().await;
    let question = Question::Total(total(Measure::Count));
    let mut nonsense = total(Measure::Count);
    nonsense.top = Some(3);
    let refused =
        world.engine().ask(&[question.clone(), Question::Total(nonsense)]).await.expect_err("it is none");
    assert_eq!((refused.status, refused.fields[0].field.as_str()), (422, "1.top"));
    let mut settings = Settings::new(&world.store.dir().join("lake"), 3_600);
    settings.query_seconds = 0;
    let hurried = Engine::new(Store::clone(&world.store), settings);
    let ended = hurried.ask(&[question]).await.expect_err("no time is too little");
    assert_eq!((ended.status, ended.code.as_ref()), (503, "lake.query.too_slow"));
    assert_eq!(world.engine().ask(&[]).await.expect("nothing was asked"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_groups_than_can_be_held_are_refused() {
    let mut world = World::sqlite().await;
    world.flush_rows = 30_000;
    let node = world.start().await;
    for round in 0..101_u64 {
        let events = (0..1_000).map(|number| event(&format!("{round}-{number}"), round * 1_000 + number, 0));
        send(&node.engine, [batch(events.collect())]).await;
    }
    node.stop().await;
    let mut question = total(Measure::Count);
    question.by = Some(Column::OrderId);
    let refused = world.engine().ask(&[Question::Total(question)]).await.expect_err("they are too many");
    assert_eq!((refused.status, refused.code.as_ref()), (422, "lake.query.too_many_groups"));
    // To tell them apart is another matter.
    let found = asked(&world.engine(), &[Question::Total(total(Measure::Distinct(Column::OrderId)))]).await;
    let Found::Total { rows } = &found[0] else { panic!("a total is answered by one") };
    assert_eq!(rows[0].value, Some(101_000.0));
}

/// Twenty people do something every hour of a thousand: each reaches over several pieces, and over two months.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_whose_events_lie_in_several_pieces_are_whole() {
    let world = World::sqlite().await;
    let node = world.start().await;
    for round in 0..20 {
        let events = (0..1_000).map(|number| round * 1_000 + number);
        let events = events.map(|number| event(&format!("{number}"), number, number as i64 / 20));
        send(&node.engine, [batch(events.collect())]).await;
    }
    node.stop().await;
    let funnel = |hours| {
        let steps = vec![EventFilter::default(); STEPS_MAX];
        Question::Funnel(Funnel { steps, within_ms: hours * HOUR_MS, span: Span::default(), by: None })
    };
    let bounds = Bounds { at_least: Some(1_000), at_most: Some(1_000) };
    let (filter, span) = (EventFilter::default(), Span::default());
    let test = PersonTest::Count(bounds);
    let people = PerPerson { filter, span, test, also: Vec::new(), not_since: None, nodes: None };
    let questions =
        [funnel(19), funnel(18), Question::PerPerson(people), Question::Total(total(Measure::People))];
    let found = asked(&world.engine(), &questions).await;
    let reached = |steps| Found::Funnel { rows: vec![FunnelRow { group: None, steps }] };
    assert_eq!(found[0], reached(vec![20; 20]));
    assert_eq!(found[1], reached([vec![20; 19], vec![0]].concat()));
    assert_eq!(found[2], Found::PerPerson { people: 20, nodes: None });
    let figure = TotalRow { period: None, group: None, value: Some(20.0) };
    assert_eq!(found[3], Found::Total { rows: vec![figure] });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_gone_is_named() {
    let world = World::sqlite().await;
    let node = world.start().await;
    send(&node.engine, [batch(vec![event("a", 1, 0)])]).await;
    node.stop().await;
    let engine = world.engine();
    let file = engine.live_files().await.expect("a manifest").remove(0);
    std::fs::remove_file(engine.settings().files().join(&file.name)).expect("it goes");
    let failed = engine.ask(&[Question::Total(total(Measure::Count))]).await.expect_err("it cannot be read");
    assert_eq!(failed.code, "lake.file_broken");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// One pass says what each question alone says, what the definitions say, and the same after files were merged.
    #[test]
    fn one_pass_answers_as_the_definitions_do(
        events in guess::events(),
        questions in guess::questions(),
        lives in 1..4_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut world = World::sqlite().await;
            world.flush_rows = 16;
            filled(&world, &events, lives).await;
            let engine = world.engine();
            let together = asked(&engine, &questions).await;
            for (question, found) in questions.iter().zip(&together) {
                assert_eq!(found, &oracle::answer(question, &events), "{question:?}");
                let alone = asked(&engine, std::slice::from_ref(question)).await;
                assert_eq!(&alone[0], found, "alone: {question:?}");
            }
            engine.compact(true).await.expect("it merges");
            assert_eq!(asked(&engine, &questions).await, together);
        });
    }
}
