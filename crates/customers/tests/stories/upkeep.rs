//! Segments on events that follow event by event, without any job.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use customers::audience::{self, NewSnapshot};
use customers::behaviour::{self, upkeep};
use customers::condition::Condition;
use customers::merge::{self, MergeProfile, UndoMerge};
use customers::node::{Key, MatchRule, NodeKind, Resolved, resolve};
use customers::profile::ProfileFilter;
use customers::segment::{self, MemberChange, NewSegment, SegmentHook, SetSegmentHooks, TryCondition};
use http_kit::App;
use kernel::{DAY_MS, Id, PageQuery, Timestamp};
use lake::{Batch, Event, EventKind, EventLake, Lake};
use lake_engine::Engine;
use rulebook::webhook::{self, NewWebhookEndpoint, WebhookFormat};
use serde_json::json;
use store::testing::TestStore;
use store::{Audit, args};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{MIGRATIONS, app, key, member, people, system};

/// A process that takes events and keeps segments.
struct Process {
    stop: CancellationToken,
    work: [JoinHandle<()>; 2],
}

async fn start(app: &Arc<App>) -> Process {
    let stop = CancellationToken::new();
    let engine = app.part::<Arc<Engine>>().expect("an engine").clone();
    let upkeep = upkeep::begin(app.clone(), stop.clone());
    let lake = lake_engine::begin(engine.clone(), stop.clone()).await;
    until("events are taken", async || engine.takes_events()).await;
    Process { stop, work: [upkeep, lake] }
}

impl Process {
    async fn stop(self) {
        self.stop.cancel();
        for work in self.work {
            work.await.expect("the work ends");
        }
    }
}

/// Waits for a condition, looking again every few milliseconds.
async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let looked = async {
        let mut looks = tokio::time::interval(Duration::from_millis(10));
        while !condition().await {
            looks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), looked).await.unwrap_or_else(|_| panic!("never: {what}"));
}

fn user(number: u64) -> Key {
    key(NodeKind::UserId, &format!("u-{number}"))
}

async fn view(app: &App, message: &str, who: &Key, at: Timestamp) {
    let event = Event {
        message_id: message.to_owned(),
        kind: EventKind::Track,
        name: "Product Viewed".into(),
        node: who.older_id(),
        user_id: None,
        anonymous_id: None,
        happened_at: at,
        channel: None,
        properties: "{}".into(),
        context: "{}".into(),
    };
    let batch =
        Batch { source_id: Id::from_digest([3; 16]), received_at: app.store.now(), events: vec![event] };
    app.part::<Lake>().expect("a lake").append(batch).await.expect("kept");
}

fn viewed(bounds: &str) -> Condition {
    let json =
        format!(r#"{{"type": "did", "what": {{"names": ["Product Viewed"]}}, {bounds}, "within_days": 30}}"#);
    serde_json::from_str(&json).expect("a condition")
}

async fn new_segment(app: &App, name: &str, definition: Condition) -> Id {
    let new = NewSegment {
        name: name.into(),
        description: String::new(),
        definition,
        active: true,
        brand_id: None,
        department_id: None,
    };
    segment::create(app, &system(), &new).await.expect("made").segment.id
}

async fn members(app: &App, segment: Id) -> BTreeSet<Id> {
    let all: Vec<Id> = app
        .store
        .all("SELECT profile_id FROM segment_member WHERE segment_id = $1", args![segment])
        .await
        .expect("members");
    all.into_iter().collect()
}

async fn until_members(app: &App, segment: Id, expected: &[Id]) {
    let expected: BTreeSet<Id> = expected.iter().copied().collect();
    until(&format!("{expected:?} are in"), async || members(app, segment).await == expected).await;
}

async fn until_live(app: &App, segment: Id) {
    let live = async || segment::get(app, &system(), segment).await.expect("a segment").live_until.is_some();
    until("the segment is live", live).await;
}

async fn join(app: &App, one: Id, other: Id) -> Id {
    let version = customers::profile::get(app, &system(), one).await.expect("a profile").profile.version;
    let wish = MergeProfile { with: other, reason: "同一位顾客".into() };
    merge::merge(app, &system(), one, version, &wish).await.expect("merged").id
}

async fn part(app: &App, profile: Id) -> bool {
    let merges = merge::of_profile(app, &system(), profile).await.expect("merges").items;
    let Some(last) = merges.iter().find(|merge| merge.undone_at.is_none()) else { return false };
    let why = UndoMerge { reason: "不是同一位顾客".into() };
    merge::undo(app, &system(), last.id, last.version, &why).await.is_ok()
}

store::on_both! {
    migrations = MIGRATIONS;

    async fn who_is_in_follows_each_event_time_and_identity(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![member(1)], vec![member(2)]]).await;
        let often = new_segment(&app, "often", viewed(r#""at_least": 2"#)).await;
        let quiet = new_segment(&app, "quiet", viewed(r#""at_most": 0"#)).await;
        let process = start(&app).await;
        until_live(&app, often).await;
        until_members(&app, quiet, &ids).await;

        // What is sent twice counts once, and what is in no file yet counts.
        for message in ["a", "a", "b"] {
            view(&app, message, &member(1), app.store.now()).await;
        }
        until_members(&app, often, &ids[..1]).await;
        until_members(&app, quiet, &ids[1..]).await;

        // An account that was nobody's turns out to be somebody's: what it did before counts for them.
        view(&app, "c", &user(1), app.store.now()).await;
        view(&app, "d", &user(1), app.store.now()).await;
        people(&app, &[vec![member(2), user(1)]]).await;
        until_members(&app, often, &ids).await;

        // A segment that asks for more needs history that is there.
        let once = new_segment(&app, "once", viewed(r#""at_least": 1"#)).await;
        until_members(&app, once, &ids).await;

        // Time passes: every event leaves the window.
        store.clock.advance_ms(31 * DAY_MS);
        until_members(&app, often, &[]).await;
        until_members(&app, quiet, &ids).await;
        let history = segment::history(&app, &system(), often).await.expect("a history");
        let changes: Vec<(Id, MemberChange)> =
            history.changes.iter().map(|change| (change.profile_id, change.change)).collect();
        assert_eq!(changes.len(), 4, "{changes:?}");
        assert!(changes[..2].iter().all(|(_, change)| *change == MemberChange::Left));
        assert_eq!(changes[2..], [(ids[1], MemberChange::Entered), (ids[0], MemberChange::Entered)]);
        let sizes: Vec<i64> = history.sizes.iter().map(|size| size.members).collect();
        assert_eq!(sizes, [0, 2], "the size at the end of each of both days");

        // Two who did it once each are one who did it twice, until they are parted again.
        view(&app, "e", &member(1), app.store.now()).await;
        view(&app, "f", &member(2), app.store.now()).await;
        until_members(&app, once, &ids).await;
        let kept = join(&app, ids[0], ids[1]).await;
        until_members(&app, often, &[kept]).await;
        until_members(&app, once, &[kept]).await;
        assert!(part(&app, kept).await);
        until_members(&app, once, &ids).await;
        until_members(&app, often, &[]).await;
        process.stop().await;
    }

    async fn a_job_leaves_alone_what_is_kept_and_takes_over_afterwards(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![member(1)]]).await;
        let condition = viewed(r#""at_least": 1"#);
        let segment = new_segment(&app, "once", condition.clone()).await;
        let process = start(&app).await;
        until_live(&app, segment).await;
        view(&app, "a", &member(1), app.store.now()).await;
        until_members(&app, segment, &ids).await;
        // In files there is nothing yet: from them alone nobody would be in.
        let wanted = BTreeMap::from([(behaviour::key(&condition), &condition)]);
        let lake = app.part::<Lake>().expect("a lake").clone();
        behaviour::recompute(&app.store, Some(&lake), &wanted).await.expect("left alone");
        assert_eq!(segment::count(&app, &system(), segment).await.expect("counted").member_count, Some(1));
        process.stop().await;
        assert_eq!(segment::get(&app, &system(), segment).await.expect("a segment").live_until, None);
        store.clock.advance_ms(31 * DAY_MS);
        behaviour::recompute(&app.store, Some(&lake), &wanted).await.expect("decided");
        assert_eq!(segment::count(&app, &system(), segment).await.expect("counted").member_count, Some(0));
    }

    async fn programs_are_told_and_what_is_not_about_events_is_kept_too(store: TestStore) {
        let app = app(&store).await;
        let ids = people(&app, &[vec![member(1)], vec![member(2)]]).await;
        let often = new_segment(&app, "often", viewed(r#""at_least": 1"#)).await;
        let elsewhere = r#"{"type": "not", "of": {"type": "text", "field": "city", "one_of": ["上海"]}}"#;
        let elsewhere = serde_json::from_str(elsewhere).expect("a condition");
        let elsewhere = new_segment(&app, "elsewhere", elsewhere).await;
        let endpoint = NewWebhookEndpoint {
            name: "旅程".into(),
            url: "https://journeys.example/hook".into(),
            format: WebhookFormat::Json,
            kinds: Vec::new(),
            record_id: None,
            language: kernel::Language::ZhHans,
        };
        let endpoint = webhook::create(&app, &system(), &endpoint).await.expect("made").id;
        let hook = SegmentHook { endpoint_id: endpoint, on_enter: true, on_leave: false };
        for (wish, code) in [
            (vec![SegmentHook { endpoint_id: often, ..hook.clone() }], "customers.segment.hook_unknown"),
            (vec![hook.clone(), hook.clone()], "customers.segment.hook_twice"),
            (vec![SegmentHook { on_enter: false, ..hook.clone() }], "customers.segment.hook_of_nothing"),
        ] {
            let wish = SetSegmentHooks { hooks: wish };
            let refused = segment::set_hooks(&app, &system(), often, 1, &wish).await.expect_err(code);
            assert_eq!(refused.code, code);
        }
        for id in [often, elsewhere] {
            let wish = SetSegmentHooks { hooks: vec![hook.clone()] };
            let set = segment::set_hooks(&app, &system(), id, 1, &wish).await.expect("set");
            assert_eq!((set.hooks, set.version), (vec![hook.clone()], 2));
        }
        let process = start(&app).await;
        until_members(&app, elsewhere, &ids).await;
        until_live(&app, often).await;
        let told = async || -> Vec<(String, serde_json::Value)> {
            let sql = "SELECT event_type, event_data FROM rulebook_notification_delivery ORDER BY id";
            app.store.all(sql, args![]).await.expect("deliveries")
        };
        assert_eq!(told().await, [], "whoever was in when it began did not enter");

        view(&app, "a", &member(1), app.store.now()).await;
        until_members(&app, often, &ids[..1]).await;
        let third = people(&app, &[vec![member(3)]]).await[0];
        until_members(&app, elsewhere, &[ids[0], ids[1], third]).await;
        let snapshot = NewSnapshot { reason: "双十一名单".into() };
        let frozen = audience::freeze_by_hand(&app, &system(), often, &snapshot).await.expect("frozen");
        store.clock.advance_ms(31 * DAY_MS);
        until_members(&app, often, &[]).await;

        let told = told().await;
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["customers.segment.entered", "customers.segment.entered"], "leaving is nobody's news");
        let expected = json!({ "segment_id": often, "segment": "often", "profile_ids": [ids[0]] });
        assert_eq!(told[0].1, expected);
        assert_eq!(told[1].1["profile_ids"], json!([third]));
        let history = segment::history(&app, &system(), elsewhere).await.expect("a history");
        assert_eq!((history.live_until, history.evaluated_at.is_some()), (None, true));

        // Who was frozen stays, whoever is in the segment since.
        let page = PageQuery::default();
        let snapshots = audience::list(&app, &system(), often, &page).await.expect("snapshots").items;
        assert_eq!((snapshots.len(), snapshots[0].id, snapshots[0].count), (1, frozen.id, 1));
        let filter = ProfileFilter { snapshot_id: Some(frozen.id), ..ProfileFilter::default() };
        let listed = customers::profile::list(&app, &system(), &page, &filter).await.expect("profiles").items;
        assert_eq!(listed.iter().map(|profile| profile.id).collect::<Vec<_>>(), ids[..1]);
        process.stop().await;
    }

    async fn whatever_happened_members_are_those_of_a_full_computation(store: TestStore) {
        any_history(&store, 1).await;
    }

    async fn so_they_are_after_another_history(store: TestStore) {
        any_history(&store, 2).await;
    }
}

/// Tells that identifiers are one person's, where nothing speaks against it.
async fn tell(app: &App, record: Vec<Key>) -> Resolved {
    let mut tx = app.store.begin(&system()).await.expect("a transaction");
    let told = resolve(&mut tx, &[record], "test", MatchRule::SameRecord).await.expect("resolved");
    tx.audit(Audit::without_row("import", "customers.profile")).await.expect("an audit row");
    tx.commit().await.expect("committed");
    told[0]
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

async fn any_history(store: &TestStore, seed: u64) {
    let app = app(store).await;
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let account = |number: u64| user(seed * 1_000 + number);
    people(&app, &(0..6).map(|number| vec![account(number)]).collect::<Vec<_>>()).await;
    let asked = [
        viewed(r#""at_least": 2"#),
        viewed(r#""at_most": 0"#),
        serde_json::from_str(
            r#"{"type": "did_in_order", "steps": [{"names": ["Product Viewed"]}, {"names": ["Product Viewed"]}],
                "within_hours": 30, "within_days": 7}"#,
        )
        .expect("a condition"),
    ];
    let mut segments = Vec::new();
    for (place, condition) in asked.iter().enumerate() {
        segments.push(new_segment(&app, &format!("{seed}-{place}"), condition.clone()).await);
    }
    let mut process = start(&app).await;
    for step in 1..=120_u64 {
        match dice.roll(20) {
            0..=11 => {
                let at = app.store.now().plus_ms(-(dice.roll(10 * DAY_MS as u64) as i64));
                // Some are sent again.
                let message = format!("{seed}-{}", step - u64::from(dice.roll(4) == 0));
                view(&app, &message, &account(dice.roll(10)), at).await;
            }
            12..=14 => {
                tell(&app, vec![account(dice.roll(10)), account(dice.roll(10))]).await;
            }
            15..=16 => {
                if let Resolved::Profile { id, .. } = tell(&app, vec![account(dice.roll(10))]).await {
                    part(&app, id).await;
                }
            }
            17..=18 => store.clock.advance_ms(DAY_MS / 2),
            _ => {
                process.stop().await;
                process = start(&app).await;
            }
        }
    }
    // Events are counted in order, and people are looked at before: once this one is in, everything before counted.
    until_live(&app, segments[0]).await;
    let mark = account(99);
    view(&app, &format!("{seed}-x"), &mark, app.store.now()).await;
    view(&app, &format!("{seed}-y"), &mark, app.store.now()).await;
    let marked = people(&app, &[vec![mark]]).await[0];
    until("the last one is in", async || members(&app, segments[0]).await.contains(&marked)).await;
    let mut kept = Vec::new();
    for segment in &segments {
        kept.push(members(&app, *segment).await);
    }
    process.stop().await;
    let wanted: BTreeMap<String, &Condition> =
        asked.iter().map(|condition| (behaviour::key(condition), condition)).collect();
    let lake = app.part::<Lake>().expect("a lake").clone();
    behaviour::recompute(&app.store, Some(&lake), &wanted).await.expect("decided");
    for ((segment, condition), kept) in segments.iter().zip(asked).zip(kept) {
        let tried = TryCondition { definition: condition, segment_id: Some(*segment) };
        let computed = segment::sample(&app, &system(), tried).await.expect("people").items;
        let computed: BTreeSet<Id> = computed.into_iter().map(|profile| profile.id).collect();
        assert_eq!(kept, computed, "segment {segment} of history {seed}");
    }
}
