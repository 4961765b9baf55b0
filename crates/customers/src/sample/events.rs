//! What people do on the sample company's site and in its app: visits of two months, as SDKs would send them, with the
//! mistakes that real ones make.

use http_kit::App;
use kernel::{Caller, DAY_MS, MINUTE_MS, Result, Timestamp};
use serde_json::{Value as Json, json};
use store::args;

use super::{plan, sql};
use crate::plan::{DataKind, PlanMode};
use crate::source::wire::segment::{self, Call};
use crate::source::{KnownKey, NewSource, SourceKind, count_bots, create, keep};

/// Days of visits.
const DAYS: i64 = 60;
/// People who are known to site and app.
const PEOPLE: u64 = 600;
/// Events that are sent at a time.
const BATCH: usize = 200;

const HOST: &str = "https://www.chenqi.example";
/// Where visitors come from; the more often, the more of them.
const REFERRERS: [&str; 10] = [
    "https://www.baidu.com/link?url=x",
    "https://www.baidu.com/link?url=y",
    "https://www.sogou.com/web?query=x",
    "https://www.bing.com/search?q=x",
    "https://mp.weixin.qq.com/s/x",
    "https://www.xiaohongshu.com/explore/x",
    "https://www.zhihu.com/question/1",
    "",
    "",
    "",
];
/// What links that the company itself placed say.
const MARKS: [&str; 4] = [
    "?utm_source=edm&utm_medium=email&utm_campaign=weekly",
    "?utm_source=baidu&utm_medium=cpc&utm_campaign=hotpot",
    "?utm_source=weibo&utm_medium=paid_social&utm_campaign=newyear",
    "?utm_source=sms&utm_medium=sms&utm_campaign=weekend",
];

/// What people search for, and how often against each other; the last ones only lately.
const SEARCHES: [(&str, u64); 16] = [
    ("纯牛奶", 9),
    ("酸奶", 8),
    ("无糖酸奶", 7),
    ("低糖酸奶", 4),
    ("吐司", 5),
    ("全麦面包", 5),
    ("猫砂", 4),
    ("狗粮", 4),
    ("儿童牙膏", 3),
    ("洗衣液", 4),
    ("火锅底料", 6),
    ("火锅丸子", 4),
    ("现磨咖啡", 5),
    ("挂耳咖啡", 4),
    ("空气炸锅纸", 6),
    ("预制菜", 6),
];
/// Days for which the last four of them have been wanted.
const NEW_WANT_DAYS: i64 = 26;
/// What people say about what they bought.
const REVIEWS: [&str; 9] = [
    "酸奶盖子很难撕，一撕就洒",
    "酸奶盖子撕不开，洒了一包",
    "酸奶封口漏，袋子里都是",
    "蔬菜很新鲜，送来还带水珠",
    "蔬菜新鲜，价格也合适",
    "送货晚了一个小时",
    "送货太晚，牛奶都不凉了",
    "面包快到期了，希望日期新一点",
    "面包日期不新，第二天就过期",
];

const SHELVES: [&str; 6] = ["produce", "dairy", "bakery", "meat", "drinks", "snacks"];

/// Makes the sources and sends two months of visits that end at `until`; returns how many events.
pub async fn load(app: &App, until: Timestamp) -> Result<usize> {
    plan::load(app).await?;
    let behaviour = [DataKind::Traffic, DataKind::Behaviour];
    let site = source(app, "官方商城", SourceKind::Website, "了解访客如何找到并选购商品", &behaviour).await?;
    let on_phone = [DataKind::Traffic, DataKind::Behaviour, DataKind::Identity];
    let phone = source(app, "会员小程序", SourceKind::App, "改进会员服务与推荐", &on_phone).await?;
    let accounts = accounts(app).await?;
    // Dice of their own: what fell before searches were told falls as it did.
    let (mut dice, mut words, mut sent) = (Dice(0x5eed), Dice(0x5ea7c4), accounts.len());
    send(app, phone, &accounts, until.plus_ms(-DAYS * DAY_MS)).await?;
    for back in (0..DAYS).rev() {
        let day = until.plus_ms(-back * DAY_MS);
        // The week has its own rhythm: more at its end.
        let visits = 40 + dice.below(20) + if back % 7 < 2 { 25 } else { 0 };
        let on_site: Vec<Json> = (0..visits).flat_map(|_| visit(&mut dice, day)).collect();
        let on_phone: Vec<Json> = (0..visits / 2).flat_map(|_| session(&mut dice, day)).collect();
        let told = told(&mut words, day, back);
        sent += told.len();
        send(app, phone, &told, day).await?;
        sent += on_site.len() + on_phone.len();
        send(app, site, &on_site, day).await?;
        send(app, phone, &on_phone, day).await?;
        count_bots(app, site, dice.below(30) as usize + 5, day).await?;
    }
    Ok(sent)
}

/// Members who signed in once say who they are.
async fn accounts(app: &App) -> Result<Vec<Json>> {
    let members: Vec<String> = app.store.all(sql::MEMBERS, args![PEOPLE as i64]).await?;
    let account = |(number, member): (usize, String)| {
        json!({ "type": "identify", "userId": format!("member-{number}"), "messageId": format!("sample-account-{number}"),
            "traits": { "member_number": member } })
    };
    Ok(members.into_iter().enumerate().map(account).collect())
}

async fn source(
    app: &App,
    name: &str,
    kind: SourceKind,
    purpose: &str,
    expected: &[DataKind],
) -> Result<KnownKey> {
    let new = NewSource {
        name: name.to_owned(),
        kind,
        purpose: purpose.to_owned(),
        brand_id: None,
        active: true,
        silent_after_hours: Some(48),
        plan: PlanMode::Observe,
        expected: expected.to_vec(),
    };
    let made = create(app, &Caller::system("sample"), &new).await?;
    Ok(KnownKey { id: made.id, kind, active: true, plan: made.plan })
}

async fn send(app: &App, source: KnownKey, events: &[Json], at: Timestamp) -> Result<()> {
    for batch in events.chunks(BATCH) {
        let body = json!({ "batch": batch }).to_string();
        let said = segment::read(body.as_bytes(), Call::Batch, at);
        let said = said.map_err(|why| kernel::Problem::internal(format!("the sample is {why:?}")))?;
        keep(app, source, said.reading, at).await?;
    }
    Ok(())
}

/// Somebody reads pages, and perhaps puts something into the basket.
fn visit(dice: &mut Dice, day: Timestamp) -> Vec<Json> {
    let mut at = day.plus_ms(-(dice.below(15 * 60) as i64) * MINUTE_MS);
    let person = who(dice);
    let marked = dice.below(4) == 0;
    let landing = if marked { format!("{HOST}/{}", dice.one(&MARKS)) } else { format!("{HOST}/") };
    let referrer = if marked { "" } else { dice.one(&REFERRERS) };
    let mut events = vec![page(dice, &person, at, "首页", &landing, referrer)];
    for _ in 0..=dice.below(3) {
        at = at.plus_ms(MINUTE_MS);
        let (shelf, sku) = (dice.one(&SHELVES), format!("sku-{}", dice.below(400)));
        let url = format!("{HOST}/{shelf}/{sku}");
        events.push(page(dice, &person, at, "商品页", &url, &format!("{HOST}/")));
        events.push(track(
            dice,
            &person,
            at,
            "Product Viewed",
            json!({ "product_id": sku, "category": shelf }),
        ));
        if dice.below(4) == 0 {
            let price = json!((300 + dice.below(9_000)) as f64 / 100.0);
            // One page of the shop still sends its prices as text.
            let price = if shelf == "bakery" { json!(price.to_string()) } else { price };
            let said = json!({ "product_id": sku, "category": shelf, "price": price, "quantity": 1 + dice.below(3), "currency": "CNY" });
            events.push(track(dice, &person, at.plus_ms(20_000), "Product Added", said));
        }
    }
    events
}

/// Members search in the app, and some say what they think of what they bought.
fn told(dice: &mut Dice, day: Timestamp, back: i64) -> Vec<Json> {
    let wanted = if back < NEW_WANT_DAYS { &SEARCHES[..] } else { &SEARCHES[..SEARCHES.len() - 4] };
    let all: u64 = wanted.iter().map(|(_, weight)| weight).sum();
    let mut events = Vec::new();
    for _ in 0..8 + dice.below(8) {
        let mut place = dice.below(all);
        let term = wanted.iter().find(|(_, weight)| {
            let here = place < *weight;
            place = place.saturating_sub(*weight);
            here
        });
        let term = term.map_or(wanted[0].0, |(term, _)| term);
        let at = day.plus_ms(-(dice.below(15 * 60) as i64) * MINUTE_MS);
        let person = json!({ "userId": format!("member-{}", dice.below(PEOPLE)) });
        events.push(track(dice, &person, at, "Products Searched", json!({ "query": term })));
    }
    if dice.below(2) == 0 {
        let person = json!({ "userId": format!("member-{}", dice.below(PEOPLE)) });
        let said =
            json!({ "product_id": format!("sku-{}", dice.below(400)), "review_body": dice.one(&REVIEWS) });
        events.push(track(dice, &person, day, "Product Reviewed", said));
    }
    events
}

/// Somebody opens the app; an old version of it forgets the name of an event now and then.
fn session(dice: &mut Dice, day: Timestamp) -> Vec<Json> {
    let at = day.plus_ms(-(dice.below(15 * 60) as i64) * MINUTE_MS);
    let person = json!({ "userId": format!("member-{}", dice.below(PEOPLE)) });
    let seen = json!({ "coupon": format!("C-{}", dice.below(20)) });
    let screen = json!({ "type": "screen", "name": "会员中心", "messageId": dice.id(), "timestamp": at });
    let mut events =
        vec![merged(&person, screen), track(dice, &person, at.plus_ms(30_000), "Coupon Viewed", seen)];
    if dice.below(160) == 0 {
        let nameless = json!({ "type": "track", "messageId": dice.id(), "timestamp": at, "properties": { "screen": "签到" } });
        events.push(merged(&person, nameless));
    }
    events
}

fn who(dice: &mut Dice) -> Json {
    let number = dice.below(PEOPLE);
    let anonymous = format!("visitor-{}", dice.below(PEOPLE * 4));
    if dice.below(3) == 0 {
        json!({ "anonymousId": anonymous })
    } else {
        json!({ "userId": format!("member-{number}") })
    }
}

fn page(dice: &mut Dice, person: &Json, at: Timestamp, name: &str, url: &str, referrer: &str) -> Json {
    let path = url.trim_start_matches(HOST).split('?').next().unwrap_or("/");
    let context = json!({ "page": { "url": url, "path": path, "referrer": referrer }, "locale": "zh-CN" });
    let said =
        json!({ "type": "page", "name": name, "messageId": dice.id(), "timestamp": at, "context": context });
    merged(person, said)
}

fn track(dice: &mut Dice, person: &Json, at: Timestamp, name: &str, properties: Json) -> Json {
    let said = json!({ "type": "track", "event": name, "messageId": dice.id(), "timestamp": at, "properties": properties });
    merged(person, said)
}

fn merged(person: &Json, mut event: Json) -> Json {
    if let (Some(event), Some(person)) = (event.as_object_mut(), person.as_object()) {
        event.extend(person.clone());
    }
    event
}

/// Falls the same way every time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, sides: u64) -> u64 {
        (self.next() >> 11) % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn id(&mut self) -> String {
        format!("sample-{:016x}", self.next())
    }
}
