use kernel::{DAY_MS, Id, Result, Timestamp};
use lake::sql::{PEOPLE, SqlLake, Table, Told};
use lake_engine::Engine;
use serde_json::{Value as Json, json};

use crate::random::Random;
use crate::table::PROFILES;
use crate::world::{FROM, Person, World};

const CITIES: u64 = 60;
const PIECE: usize = 10_000;

/// Copies who is who and a row of twenty columns for each person, as the product copies its records.
pub async fn write(world: &World, engine: &Engine) -> Result<()> {
    let mut making = engine.begin_copies(Id::new())?;
    // Each person is their own node.
    for people in world.people.chunks(PIECE) {
        let nodes: Vec<Vec<Json>> =
            people.iter().map(|person| vec![json!(person.node), json!(person.node)]).collect();
        making.add(&PEOPLE, &nodes)?;
        let rows: Vec<Vec<Json>> = people.iter().map(|person| row(world.seed, person)).collect();
        making.add(&PROFILES, &rows)?;
    }
    let told = |table: Table| {
        let watermark = Timestamp::from_ms(FROM + 365 * DAY_MS);
        Told { table, watermark, fingerprint: String::new(), kept: false }
    };
    making.finish(&[told(PEOPLE), told(PROFILES)]).await
}

fn row(seed: u64, person: &Person) -> Vec<Json> {
    let of = |column: u64| Random::of(seed, &[3, person.number, column]);
    let text = |column, word: &str, many| json!(format!("{word} {}", of(column).skewed(many)));
    let number = |column, least: u64, many| json!(least + of(column).below(many));
    let yes = |column, chance| json!(of(column).chance(chance));
    let time = |column| json!(FROM - of(column).below(1_500 * DAY_MS as u64) as i64);
    let score = |column| json!(of(column).unit());
    vec![
        json!(person.node),
        text(1, "city", CITIES),
        text(2, "province", 30),
        text(3, "gender", 3),
        text(4, "level", 5),
        text(5, "channel", 8),
        text(6, "store", 800),
        text(7, "language", 4),
        number(8, 16, 60),
        number(9, 1, 12),
        number(10, 0, 20_000),
        number(11, 0, 40),
        number(12, 300, 600),
        yes(13, 0.6),
        yes(14, 0.4),
        yes(15, 0.3),
        time(16),
        time(17),
        score(18),
        score(19),
    ]
}
