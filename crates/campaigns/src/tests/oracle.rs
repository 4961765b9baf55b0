//! Results against an independent count: plain loops over random rows, by the definitions that the answer states.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{HOUR_MS, Id, Timestamp};
use serde_json::Value as Json;
use store::on_both;

use super::support::{MIGRATIONS, World};

const DAY: i64 = 24 * HOUR_MS;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

#[derive(Debug, Clone)]
struct Send {
    id: Id,
    campaign: usize,
    person: usize,
    language: &'static str,
    state: &'static str,
    sent_at: i64,
}

#[derive(Debug, Clone)]
struct Event {
    id: Id,
    send: usize,
    kind: &'static str,
    likelihood: &'static str,
    at: i64,
    link: Option<i64>,
}

#[derive(Debug, Clone)]
struct Order {
    id: Id,
    person: Option<usize>,
    at: i64,
    minor: i64,
    currency: &'static str,
    kind: &'static str,
}

/// Everything that happened, as plain rows.
struct Rows {
    campaigns: [Id; 2],
    /// Contact points of each person; facts stand on any of them.
    nodes: Vec<Vec<Id>>,
    sends: Vec<Send>,
    events: Vec<Event>,
    orders: Vec<Order>,
    launched: i64,
    period_to: i64,
}

fn random(dice: &mut Dice, now: i64) -> Rows {
    let nodes: Vec<Vec<Id>> = (0..15).map(|_| (0..=dice.below(2)).map(|_| Id::new()).collect()).collect();
    let mut sends = Vec::new();
    for person in 0..nodes.len() {
        for campaign in 0..2 {
            if dice.below(10) < 9 {
                let state = dice.one_of(&[
                    "sent",
                    "sent",
                    "sent",
                    "sent",
                    "failed",
                    "unknown",
                    "suppressed",
                    "intent",
                    "attempting",
                ]);
                let sent_at = now + dice.below(3 * HOUR_MS as u64) as i64;
                let language = dice.one_of(&["zh-Hans", "zh-Hant", "en"]);
                sends.push(Send { id: Id::new(), campaign, person, language, state, sent_at });
            }
        }
    }
    let events = (0..150)
        .map(|_| {
            let send = dice.below(sends.len() as u64) as usize;
            let kind = dice.one_of(&[
                "opened",
                "opened",
                "clicked",
                "clicked",
                "unsubscribed",
                "bounced",
                "complained",
            ]);
            let likelihood = match kind {
                "opened" | "clicked" => dice.one_of(&["human", "human", "scanner", "unknown"]),
                "unsubscribed" => "human",
                _ => "system",
            };
            // Whole hours make moments coincide.
            let at = now + dice.below(12 * 24) as i64 * HOUR_MS;
            let link = (kind == "clicked").then(|| dice.below(4) as i64);
            Event { id: Id::new(), send, kind, likelihood, at, link }
        })
        .collect();
    let orders = (0..80)
        .map(|_| Order {
            id: Id::new(),
            person: (dice.below(10) > 0).then(|| dice.below(nodes.len() as u64) as usize),
            at: now - DAY + dice.below(20 * 24) as i64 * HOUR_MS,
            minor: dice.below(10_000) as i64,
            currency: dice.one_of(&["CNY", "CNY", "CNY", "USD"]),
            kind: dice.one_of(&["sale", "sale", "sale", "cancellation"]),
        })
        .collect();
    Rows {
        campaigns: [Id::new(), Id::new()],
        nodes,
        sends,
        events,
        orders,
        launched: now,
        period_to: now + 14 * DAY,
    }
}

async fn write(world: &World, rows: &Rows, dice: &mut Dice) {
    let mut sql = String::new();
    for (place, id) in rows.campaigns.iter().enumerate() {
        let (brand, at, to) = (world.brand, rows.launched, rows.period_to);
        sql += &format!("INSERT INTO campaign (id, brand_id, name, purpose, goal_metric, goal_target, period_from, period_to,
            instance_id, state, launched_at, created_at, updated_at) VALUES ('{id}', '{brand}', 'c{place}', 'marketing',
            'revenue', 70000, {at}, {to}, '{}', 'running', {at}, {at}, {at});", Id::new());
        for number in 1..4 {
            sql += &format!(
                "INSERT INTO tracked_link (id, campaign_id, number, url)
                VALUES ('{}', '{id}', {number}, 'https://shop.invalid/{number}');",
                Id::new()
            );
        }
    }
    for (person, nodes) in rows.nodes.iter().enumerate() {
        for node in nodes {
            sql += &format!(
                "INSERT INTO v_customers_profile_node (node_id, profile_id) VALUES ('{node}', 'p{person}');"
            );
        }
    }
    for Send { id, campaign, person, language, state, sent_at } in &rows.sends {
        let (campaign, node, brand) = (rows.campaigns[*campaign], rows.nodes[*person][0], world.brand);
        let sent_at = if *state == "sent" { sent_at.to_string() } else { "NULL".into() };
        // The profile at planning time was another one for some: what holds is where the node belongs now.
        let profile = Id::new();
        sql += &format!("INSERT INTO send (id, campaign_id, release_id, profile_id, node_id, brand_id, channel, purpose,
            dedupe_key, message_id, language, state, not_before, sent_at, created_at) VALUES ('{id}', '{campaign}', 'r',
            '{profile}', '{node}', '{brand}', 'email', 'marketing', '{id}', '{id}', '{language}', '{state}', 0, {sent_at}, 0);");
    }
    for Event { id, send, kind, likelihood, at, link } in &rows.events {
        let (send, profile) = (&rows.sends[*send], Id::new());
        let (send_id, campaign) = (send.id, rows.campaigns[send.campaign]);
        let link = link.map_or("NULL".to_owned(), |link| link.to_string());
        sql += &format!("INSERT INTO delivery_event (id, send_id, campaign_id, profile_id, kind, at, link_number, likelihood)
            VALUES ('{id}', '{send_id}', '{campaign}', '{profile}', '{kind}', {at}, {link}, '{likelihood}');");
    }
    for Order { id, person, at, minor, currency, kind } in &rows.orders {
        let node =
            person.map_or("NULL".to_owned(), |person| format!("'{}'", dice.one_of(&rows.nodes[person])));
        sql += &format!(
            "INSERT INTO v_sales_order (id, customer_node_id, happened_at, total_minor, currency, kind)
            VALUES ('{id}', {node}, {at}, {minor}, '{currency}', '{kind}');"
        );
    }
    world.sql(&sql).await;
}

/// Returns the orders of a campaign, each with its send: the last human click within seven days before
/// it, over all campaigns, otherwise the last human open.
fn attributed(rows: &Rows, campaign: usize) -> Vec<(&Order, &Send)> {
    let mut found = Vec::new();
    for order in &rows.orders {
        if order.kind != "sale" || order.at < rows.launched || order.at >= rows.period_to {
            continue;
        }
        let Some(person) = order.person else { continue };
        let mut best: Option<(bool, i64, Id, &Send)> = None;
        for event in &rows.events {
            let send = &rows.sends[event.send];
            let is_touch = matches!(event.kind, "opened" | "clicked") && event.likelihood == "human";
            let is_near = event.at <= order.at && event.at > order.at - 7 * DAY;
            if !is_touch || !is_near || send.person != person {
                continue;
            }
            let key = (event.kind == "clicked", event.at, event.id, send);
            if best.as_ref().is_none_or(|b| (key.0, key.1, key.2) > (b.0, b.1, b.2)) {
                best = Some(key);
            }
        }
        if let Some((_, _, _, send)) = best
            && send.campaign == campaign
        {
            found.push((order, send));
        }
    }
    found
}

fn messages(rows: &Rows, campaign: usize, wanted: impl Fn(&Event, &Send) -> bool) -> i64 {
    let of = rows
        .events
        .iter()
        .filter(|e| rows.sends[e.send].campaign == campaign && wanted(e, &rows.sends[e.send]));
    of.map(|event| event.send).collect::<BTreeSet<_>>().len() as i64
}

async fn compare(world: &World, rows: &Rows, campaign: usize) {
    let base = format!("/campaigns/{}", rows.campaigns[campaign]);
    let results = world.get(&format!("{base}/results")).await;
    let sends: Vec<&Send> = rows.sends.iter().filter(|s| s.campaign == campaign).collect();
    let in_state = |states: &[&str]| sends.iter().filter(|s| states.contains(&s.state)).count() as i64;
    let human =
        |kind: &'static str| messages(rows, campaign, |e, _| e.kind == kind && e.likelihood == "human");
    let anybody = |kind: &'static str| messages(rows, campaign, |e, _| e.kind == kind);
    let orders = attributed(rows, campaign);
    let revenue: i64 = orders.iter().filter(|(o, _)| o.currency == "CNY").map(|(o, _)| o.minor).sum();
    let expected = BTreeMap::from([
        ("planned", sends.len() as i64),
        ("waiting", in_state(&["intent", "attempting"])),
        ("suppressed", in_state(&["suppressed"])),
        ("failed", in_state(&["failed"])),
        ("unknown", in_state(&["unknown"])),
        ("sent", in_state(&["sent"])),
        (
            "delivered",
            in_state(&["sent"]) - messages(rows, campaign, |e, s| e.kind == "bounced" && s.state == "sent"),
        ),
        ("bounced", anybody("bounced")),
        ("opened", human("opened")),
        ("clicked", human("clicked")),
        ("unsubscribed", anybody("unsubscribed")),
        ("complained", anybody("complained")),
        ("orders", orders.len() as i64),
        ("revenue", revenue),
    ]);
    let figures = results["figures"].as_array().expect("figures");
    assert_eq!(figures.len(), expected.len());
    for figure in figures {
        let key = figure["key"].as_str().expect("a key");
        assert_eq!(figure["value"], expected[key], "{key}");
        if let Some(raw) = figure["raw"].as_i64() {
            let kind = if key == "opened" { "opened" } else { "clicked" };
            assert_eq!(raw, anybody(kind), "{key}, raw");
        }
        // What a figure counts is what its list shows.
        if key != "revenue" {
            let path =
                figure["rows"].as_str().expect("a path").strip_prefix("/api/v1/campaigns").expect("ours");
            let joint = if path.contains('?') { "&" } else { "?" };
            let list = world.get(&format!("{path}{joint}page_size=200")).await;
            assert_eq!(list["items"].as_array().expect("rows").len() as i64, expected[key], "{path}");
        }
    }
    assert_eq!(results["goal"]["reached"], revenue);
    assert_eq!(results["attribution"]["window_days"], 7);
    compare_orders(world, &base, &orders).await;
    compare_hours(world, &base, rows, campaign, &orders).await;
    compare_links(world, &base, rows, campaign).await;
    compare_languages(world, &base, rows, campaign, &orders).await;
}

async fn list(world: &World, path: &str) -> Vec<Json> {
    world.get(path).await["items"].as_array().expect("rows").clone()
}

async fn compare_orders(world: &World, base: &str, orders: &[(&Order, &Send)]) {
    let mut expected: Vec<(i64, Id, Id)> = orders.iter().map(|(o, s)| (o.at, o.id, s.id)).collect();
    expected.sort_by_key(|(at, id, _)| std::cmp::Reverse((*at, *id)));
    // By pages of three, so that the cursor is tested as well.
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("{base}/orders?page_size=3{cursor}")).await;
        for row in page["items"].as_array().expect("rows") {
            let read = |name: &str| row[name].as_str().expect("text").to_owned();
            let at: Timestamp = read("happened_at").parse().expect("a time");
            found.push((
                at.ms(),
                read("id").parse().expect("an id"),
                read("send_id").parse().expect("an id"),
            ));
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, expected);
}

async fn compare_hours(world: &World, base: &str, rows: &Rows, campaign: usize, orders: &[(&Order, &Send)]) {
    let mut expected: BTreeMap<i64, [i64; 6]> = BTreeMap::new();
    let mut add = |at: i64, column: usize, count: i64| {
        expected.entry(at / HOUR_MS * HOUR_MS).or_default()[column] += count;
    };
    for (place, send) in rows.sends.iter().enumerate().filter(|(_, s)| s.campaign == campaign) {
        if send.state == "sent" {
            add(send.sent_at, 0, 1);
        }
        for (column, kind) in [(1, "opened"), (2, "clicked"), (3, "unsubscribed")] {
            let own =
                rows.events.iter().filter(|e| e.send == place && e.kind == kind && e.likelihood == "human");
            if let Some(first) = own.map(|e| e.at).min() {
                add(first, column, 1);
            }
        }
    }
    for (order, _) in orders {
        add(order.at, 4, 1);
        add(order.at, 5, if order.currency == "CNY" { order.minor } else { 0 });
    }
    let names = ["sent", "opened", "clicked", "unsubscribed", "orders", "revenue_minor"];
    let found: BTreeMap<i64, [i64; 6]> = list(world, &format!("{base}/results/hours"))
        .await
        .iter()
        .map(|row| {
            let at: Timestamp = row["at"].as_str().expect("text").parse().expect("a time");
            (at.ms(), names.map(|name| row[name].as_i64().expect("a number")))
        })
        .collect();
    assert_eq!(found, expected);
}

async fn compare_links(world: &World, base: &str, rows: &Rows, campaign: usize) {
    let found = list(world, &format!("{base}/results/links")).await;
    assert_eq!(found.len(), 3);
    for (row, number) in found.iter().zip(1..) {
        let clicked = |e: &Event| e.kind == "clicked" && e.link == Some(number);
        assert_eq!(row["number"], number);
        assert_eq!(row["clicked"], messages(rows, campaign, |e, _| clicked(e) && e.likelihood == "human"));
        assert_eq!(row["clicked_raw"], messages(rows, campaign, |e, _| clicked(e)));
        let visits =
            rows.events.iter().filter(|e| rows.sends[e.send].campaign == campaign && clicked(e)).count();
        assert_eq!(row["visits"], visits);
    }
}

async fn compare_languages(
    world: &World,
    base: &str,
    rows: &Rows,
    campaign: usize,
    orders: &[(&Order, &Send)],
) {
    let found = list(world, &format!("{base}/results/languages")).await;
    for row in &found {
        let language = row["language"].as_str().expect("a language");
        let human = |kind: &'static str| {
            messages(rows, campaign, |e, s| {
                s.language == language && e.kind == kind && e.likelihood == "human"
            })
        };
        let sent = rows
            .sends
            .iter()
            .filter(|s| s.campaign == campaign && s.language == language && s.state == "sent");
        let own = orders.iter().filter(|(_, send)| send.language == language);
        assert_eq!(row["sent"], sent.count());
        assert_eq!(
            (row["opened"].as_i64(), row["clicked"].as_i64()),
            (Some(human("opened")), Some(human("clicked")))
        );
        assert_eq!(row["orders"], own.clone().count());
        let revenue: i64 = own.filter(|(o, _)| o.currency == "CNY").map(|(o, _)| o.minor).sum();
        assert_eq!(row["revenue_minor"], revenue);
    }
    let languages: BTreeSet<&str> =
        rows.sends.iter().filter(|s| s.campaign == campaign).map(|s| s.language).collect();
    assert_eq!(found.len(), languages.len());
}

on_both! {
    migrations = MIGRATIONS;

    async fn figures_equal_a_plain_count_over_random_rows(store: TestStore) {
        let world = World::new(store).await;
        let mut total = 0;
        for seed in 1..=6_u64 {
            let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let rows = random(&mut dice, world.store.now().ms());
            world.sql("DELETE FROM delivery_event; DELETE FROM send; DELETE FROM tracked_link; DELETE FROM campaign;
                DELETE FROM v_customers_profile_node; DELETE FROM v_sales_order").await;
            write(&world, &rows, &mut dice).await;
            for campaign in 0..2 {
                compare(&world, &rows, campaign).await;
                total += attributed(&rows, campaign).len();
            }
        }
        assert!(total > 50, "only {total} orders were attributed: the test says too little");
    }
}
