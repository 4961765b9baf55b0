use kernel::{DAY_MS, Id, Timestamp};
use lake::{Event, EventKind};
use lake_engine::Row;

use crate::random::Random;
use crate::world::{Person, World};

const CHANNELS: [&str; 5] = ["direct", "search", "mail", "weixin", "ads"];
const PRODUCTS: u64 = 5_000;
/// Events of a visit are so many on average.
const VISIT: f64 = 4.0;

/// What people do (事件类型), twelve kinds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Done {
    Page,
    Viewed,
    Searched,
    Added,
    Removed,
    Cart,
    Coupon,
    Checkout,
    Bought,
    Opened,
    Clicked,
    SignedIn,
}

impl Done {
    fn name(self) -> &'static str {
        match self {
            Self::Page => "Home",
            Self::Viewed => "Product Viewed",
            Self::Searched => "Products Searched",
            Self::Added => "Product Added",
            Self::Removed => "Product Removed",
            Self::Cart => "Cart Viewed",
            Self::Coupon => "Coupon Applied",
            Self::Checkout => "Checkout Started",
            Self::Bought => "Order Completed",
            Self::Opened => "Email Opened",
            Self::Clicked => "Email Link Clicked",
            Self::SignedIn => "Signed In",
        }
    }

    fn first(random: &mut Random) -> Self {
        match random.below(100) {
            0..25 => Self::Opened,
            25..35 => Self::SignedIn,
            35..65 => Self::Page,
            _ => Self::Viewed,
        }
    }

    fn next(self, random: &mut Random) -> Self {
        let chance = random.below(100);
        match (self, chance) {
            (Self::Opened, 0..40) => Self::Clicked,
            (Self::Viewed, 0..25) => Self::Added,
            (Self::Added, 0..15) => Self::Cart,
            (Self::Added, 15..20) => Self::Removed,
            (Self::Added | Self::Cart, 20..60) => Self::Checkout,
            (Self::Checkout, 0..10) => Self::Coupon,
            (Self::Checkout | Self::Coupon, 10..70) => Self::Bought,
            (_, 60..75) => Self::Page,
            (_, 75..85) => Self::Searched,
            _ => Self::Viewed,
        }
    }
}

/// Returns the events of one month, in the order of people and time.
pub fn of_month(world: &World, month: usize) -> impl Iterator<Item = Row> {
    let (from, to) = World::month(month);
    let per_month = world.per_day * ((to - from) / DAY_MS) as f64;
    world.people.iter().flat_map(move |person| {
        let mut random = Random::of(world.seed, &[2, person.number, month as u64]);
        let visits = (f64::from(person.weight) * per_month / VISIT + random.unit()) as u64;
        let mut all = Vec::new();
        for _ in 0..visits {
            visit(from, to, &mut random, &mut all);
        }
        all.sort_by_key(|(at, _)| *at);
        let rows = (0_usize..).zip(all);
        rows.map(|(place, (at, done))| row(person, month, place, at, done, &mut random)).collect::<Vec<_>>()
    })
}

fn visit(from: i64, to: i64, random: &mut Random, all: &mut Vec<(i64, Done)>) {
    let mut at = from + random.below((to - from) as u64) as i64;
    let mut done = Done::first(random);
    for _ in 0..=random.below(2 * VISIT as u64 - 1) {
        if at >= to {
            return;
        }
        all.push((at, done));
        at += 3_000 + random.skewed(3_600_000) as i64;
        done = done.next(random);
    }
}

fn row(person: &Person, month: usize, place: usize, at: i64, done: Done, random: &mut Random) -> Row {
    let number = person.number;
    let product = random.skewed(PRODUCTS);
    // Halves, so that sums are the same in whichever order one adds.
    let value = (20 + random.skewed(4_000)) as f64 / 2.0;
    let properties = match done {
        Done::Bought => format!(
            r#"{{"order_id":"o-{month}-{number}-{place}","revenue":{value},"currency":"CNY","product_id":"p-{product}"}}"#
        ),
        Done::Viewed | Done::Added | Done::Removed => format!(r#"{{"product_id":"p-{product}"}}"#),
        _ => "{}".to_owned(),
    };
    let is_page = done == Done::Page;
    let context =
        if is_page { format!(r#"{{"page":{{"path":"/c/{}"}}}}"#, product % 50) } else { "{}".to_owned() };
    let channel = is_page.then(|| CHANNELS[random.skewed(5) as usize].to_owned());
    let is_known = number % 5 < 3;
    let event = Event {
        message_id: format!("{month}-{number}-{place}"),
        kind: if is_page { EventKind::Page } else { EventKind::Track },
        name: done.name().to_owned(),
        node: person.node,
        user_id: is_known.then(|| format!("u-{number}")),
        anonymous_id: (!is_known).then(|| format!("a-{number}")),
        happened_at: Timestamp::from_ms(at),
        channel,
        properties,
        context,
    };
    let received_at = Timestamp::from_ms(at + random.below(2_000) as i64);
    Row { event, source_id: Id::from_digest([(number % 3) as u8; 16]), received_at }
}
