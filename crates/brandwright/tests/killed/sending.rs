//! A campaign on its way through SMTP while its server is killed: no message twice, and none unaccounted for.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::product::{self, Product, text, version};
use super::sink::{NOBODY, Sink};
use super::{Dice, kills, until};

/// Messages that a worker claims at a time (`campaigns::send::claim`): what a kill can leave unknown. They are
/// claimed, sent and settled batch by batch, one worker a campaign, so no more than one batch is between the two
/// transactions at any moment.
const BATCH: u64 = 400;
/// Everybody with this remainder by ten never agreed to be written to.
const DISAGREES: u64 = 7;
/// Everybody with this remainder by fifty has a mailbox that does not exist.
const IS_GONE: u64 = 3;

const MJML: &str = "<mjml><mj-body><mj-section><mj-column>
    <mj-text>{{ customer.name }}，天冷了，锅热了。</mj-text>
    <mj-text><a href=\"{{ unsubscribe_url }}\">退订</a></mj-text>
    </mj-column></mj-section></mj-body></mjml>";

/// Everything that the story works on.
struct World {
    product: Product,
    author: String,
    reviewer: String,
    brand: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_survives_kill_9() {
    let (kills, mut dice) = (kills(), Dice::new());
    let people = 600 * kills + 1_200;
    let dir = tempfile::tempdir().expect("a directory");
    let sink = Sink::start(&dir.path().join("taken")).await;
    let data = dir.path().join("data");
    configure(&data, sink.port);
    let author = product::administrator(&data, "author@kill.invalid").await;
    let reviewer = product::administrator(&data, "reviewer@kill.invalid").await;
    let product = Product::start(&data).await;
    let mut world = World { product, author, reviewer, brand: String::new() };
    world.brand = world.brand().await;
    world.customers(people).await;
    let campaign = world.launched().await;

    // As many messages as certainly reach the sink: each kill takes one batch at the most.
    let reachable = people * 8 / 10 - BATCH * kills;
    let mut moments: Vec<u64> = (0..kills).map(|_| dice.below(reachable)).collect();
    moments.sort_unstable();
    for moment in moments {
        sink.has_taken(usize::try_from(moment).expect("small")).await;
        world.product.kill().await;
        world.product = Product::start(&data).await;
    }
    let open = format!("{campaign}/sends?open=true&page_size=1");
    until("everything planned and settled", async || {
        let planned = !world.product.get(&world.author, &campaign).await["expanded_at"].is_null();
        let left = world.product.get(&world.author, &open).await;
        (planned && left["items"].as_array().expect("rows").is_empty()).then_some(())
    })
    .await;
    check(&world, &campaign, &sink, people, kills).await;
    world.product.kill().await;
    product::output(&data, &["audit", "verify"]).await;
}

/// Sets the mail server; the rest is as a first start has it.
fn configure(data: &Path, port: u16) {
    std::fs::create_dir_all(data).expect("a directory");
    let mail =
        format!("[mail]\nkind = 'smtp'\nsmtp = {{ host = '127.0.0.1', port = {port}, tls = 'none' }}\n");
    std::fs::write(data.join("brandwright.toml"), mail).expect("written");
}

/// Compares the ledger with what the mail server has on its disk.
async fn check(world: &World, campaign: &str, sink: &Sink, people: u64, kills: u64) {
    let taken = sink.taken();
    let twice: Vec<_> = taken.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "taken more than once: {twice:?}");
    let rows = world.product.all(&world.author, &format!("{campaign}/sends")).await;
    assert_eq!(rows.len() as u64, people, "everybody is in the ledger once");
    let ledger: BTreeMap<&str, &str> =
        rows.iter().map(|row| (text(row, "message_id"), text(row, "state"))).collect();
    assert_eq!(ledger.len(), rows.len(), "a Message-ID each");
    let absent: HashSet<&str> =
        ledger.iter().filter(|(id, _)| !taken.contains_key(**id)).map(|(_, s)| *s).collect();
    let allowed = HashSet::from(["intent", "failed", "suppressed", "unknown"]);
    assert!(absent.is_subset(&allowed), "not at the sink, and yet {absent:?}");
    for id in taken.keys() {
        let state =
            ledger.get(id.as_str()).unwrap_or_else(|| panic!("{id} is at the sink and not in the ledger"));
        assert!(matches!(*state, "sent" | "unknown"), "{id} is at the sink and {state}");
    }
    let count = |state: &str| ledger.values().filter(|s| **s == state).count() as u64;
    println!(
        "of {people}: {} sent, {} unknown, {} failed, {} suppressed; {} at the sink",
        count("sent"),
        count("unknown"),
        count("failed"),
        count("suppressed"),
        taken.len()
    );
    assert!(count("unknown") <= BATCH * kills, "{} are unknown after {kills} kills", count("unknown"));
    let disagree = (0..people).filter(|n| n % 10 == DISAGREES).count() as u64;
    assert_eq!(count("suppressed"), disagree, "nobody is written to who does not agree");
    assert!(count("failed") > 0 && count("sent") > 0, "the story tells of both");
}

impl World {
    async fn brand(&self) -> String {
        let names = json!({ "zh-Hans": "晨畦", "zh-Hant": "晨畦", "en": "Chenqi" });
        let brand = json!({ "key": "chenqi", "names": names, "sender_names": names, "sender_address": "hello@chenqi.invalid" });
        let brand = self.product.post(&self.author, "/api/v1/brand/brands", None, brand).await;
        text(&brand, "id").to_owned()
    }

    /// Imports people for whom it is noon now, so that no quiet hours hold their messages until the morning.
    async fn customers(&self, people: u64) {
        let mut csv = "member_number,email,name,language,time_zone,consent_email,consent_at,consent_source,consent_text,consent_version\n".to_owned();
        let zone = noon();
        for n in 0..people {
            let box_name = if n % 50 == IS_GONE { NOBODY } else { "h" };
            let agrees = if n % 10 == DISAGREES { "no" } else { "yes" };
            csv += &format!(
                "{n},{box_name}{n}@household.invalid,顾客{n},zh-Hans,{zone},{agrees},2026-01-25 10:00,till,我同意接收邮件,v1\n"
            );
        }
        let path =
            format!("/api/v1/tabular/imports?noun=customers&file_name=people.csv&brand_id={}", self.brand);
        let import = self.product.send(&self.author, Method::POST, &path, None, Some(csv.into_bytes())).await;
        let path = format!("/api/v1/tabular/imports/{}", text(&import, "id"));
        self.product.call(&self.author, Method::POST, &format!("{path}/start"), version(&import), None).await;
        let done = until("the import", async || {
            let import = self.product.get(&self.author, &path).await;
            (text(&import, "state") == "done").then_some(import)
        })
        .await;
        assert_eq!(done["stored_count"], people, "{done}");
    }

    /// Makes content, has it approved, makes a segment and a campaign, tests and launches it; returns its path.
    async fn launched(&self) -> String {
        let Self { product, author, brand, .. } = self;
        let content = self.approved().await;
        let token = product.get(author, &format!("/api/v1/brand/contents/{content}/approval")).await;
        let definition = json!({ "type": "flag", "field": "has_email", "is": true });
        let segment = json!({ "name": "有邮箱的", "active": true, "definition": definition });
        let segment = product.post(author, "/api/v1/customers/segments", None, segment).await;
        // Strategies are another story; here nobody asks for one.
        let rule = "/api/v1/rulebook/parameters/campaign.links_required";
        let seen = product.get(author, rule).await;
        let off = json!({ "value": false, "reason": "这里只看发送" });
        product.call(author, Method::PUT, rule, version(&seen), Some(off)).await;
        let campaign = json!({ "campaign": {
            "brand_id": brand, "name": "冬日暖锅", "goal_metric": "orders", "goal_target": 10,
            "period_from": "2026-01-01T00:00:00Z", "period_to": "2036-01-01T00:00:00Z",
            "segment_id": text(&segment, "id"), "content_id": content, "approval": text(&token, "token"),
        }});
        let made = product.post(author, "/api/v1/campaigns/campaigns", None, campaign).await;
        let path = format!("/api/v1/campaigns/campaigns/{}", text(&made, "id"));
        self.act(&path, "prepare", Json::Null).await;
        product.call(author, Method::POST, &format!("{path}/test"), None, None).await;
        self.act(&path, "launch", Json::Null).await;
        path
    }

    async fn approved(&self) -> String {
        let variant =
            json!({ "language": "zh-Hans", "subject": "天冷了", "preheader": "锅热了", "mjml": MJML });
        let new = json!({ "brand_id": self.brand, "kind": "email", "title": "冬日暖锅", "languages": ["zh-Hans"],
            "variants": [variant] });
        let made = self.product.post(&self.author, "/api/v1/brand/contents", None, new).await;
        let path = format!("/api/v1/brand/contents/{}", text(&made, "id"));
        self.act(&path, "submit", json!({})).await;
        let item = self.product.get(&self.reviewer, &path).await;
        self.product.post(&self.reviewer, &format!("{path}/approve"), version(&item), json!({})).await;
        text(&made, "id").to_owned()
    }

    /// Does something to a thing as it stands now.
    async fn act(&self, path: &str, verb: &str, body: Json) {
        let now = self.product.get(&self.author, path).await;
        let body = (!body.is_null()).then_some(body);
        self.product.call(&self.author, Method::POST, &format!("{path}/{verb}"), version(&now), body).await;
    }
}

/// Returns a time zone in which it is noon.
fn noon() -> String {
    use kernel::Clock;
    let hour = kernel::SystemClock.now().ms().div_euclid(kernel::HOUR_MS).rem_euclid(24);
    // Signs are reversed in these names: Etc/GMT-8 is eight hours ahead.
    match 12 - hour {
        0 => "Etc/GMT".to_owned(),
        ahead if ahead > 0 => format!("Etc/GMT-{ahead}"),
        behind => format!("Etc/GMT+{}", -behind),
    }
}
