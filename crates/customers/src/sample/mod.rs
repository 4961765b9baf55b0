//! The sample company's customers (示例客户): real households of a public data set, with made-up names.

mod events;
mod households;
mod insights;
mod names;
mod plan;
mod scores;
mod sql;

use std::io::Read;

use flate2::read::GzDecoder;
use http_kit::App;
use kernel::{Caller, DAY_MS, Id, Problem, Result, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use store::{Audit, Tx};

pub use self::events::load as events;
use self::households::Household;
pub use self::insights::{InsightPeople, load as insights};
use self::names::{Answer, Names, answer, draw, language};
pub use self::scores::load as scores;
use crate::consent::{self, Channel, ConsentState, GivenBy, NewConsent, Purpose, ShownText};
use crate::node::{self, Key, MatchRule, NodeKind, Resolved};
use crate::profile::facts::{self, About, Origin};
use crate::redemption::{self, NewRedemption};

/// Where all this came from, as profiles and consents say it.
const SOURCE: &str = "sample";
/// Households in one transaction.
const CHUNK: usize = 500;
/// Largest file after unpacking: the sample's are far below.
const BYTES_MAX: u64 = 16 << 20;

/// What was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Households in the file.
    pub households: usize,
    /// Redemptions that were new.
    pub redemptions: u64,
    /// Statements about being contacted that were new.
    pub consents: usize,
}

/// The files of the sample, as they stand in the repository.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `households.csv.gz`.
    pub households: &'a [u8],
    /// `redemptions.csv.gz`.
    pub redemptions: &'a [u8],
    /// `names.yaml`.
    pub names: &'a str,
}

/// Loads the sample's customers: what is there already stays as it is.
///
/// `brands` are those whose e-mail they were asked about; `shift_weeks` moves the source's days to
/// the present.
pub async fn load(app: &App, files: Files<'_>, brands: &[Id], shift_weeks: i64) -> Result<Loaded> {
    let names = Names::read(files.names)?;
    let households: Vec<Household> = read_csv(files.households)?;
    let mut loaded = Loaded { households: households.len(), ..Loaded::default() };
    for chunk in households.chunks(CHUNK) {
        let mut tx = app.store.begin(&Caller::system("sample")).await?;
        let changed = store_households(&mut tx, chunk, &names).await?;
        let consents = new_consents(&mut tx, chunk, &names, brands).await?;
        consent::record(&mut tx, &consents).await?;
        if changed > 0 {
            let entry = Audit::without_row("load_sample", "customers.profile").covering(changed as u64);
            tx.audit(entry).await?;
        }
        tx.commit().await?;
        loaded.consents += consents.len();
    }
    loaded.redemptions = load_redemptions(app, files.redemptions, shift_weeks).await?;
    Ok(loaded)
}

/// Stores a chunk's people; returns how many were new or different.
async fn store_households(tx: &mut Tx, chunk: &[Household], names: &Names) -> Result<usize> {
    let mut records = Vec::with_capacity(chunk.len());
    let mut told = Vec::with_capacity(chunk.len());
    for household in chunk {
        let person = names.person(household.id, language(household.id));
        records.push(vec![
            member(household.id)?,
            key(NodeKind::Email, &person.email)?,
            key(NodeKind::Mobile, &person.mobile)?,
        ]);
        let mut facts = household.facts()?;
        facts.name = Some(person.name);
        facts.given_name = Some(person.given_name);
        facts.address = Some(person.address);
        facts.city = Some(person.city);
        facts.district = Some(person.district);
        facts.language = Some(language(household.id));
        facts.attributes.insert("generated".to_owned(), json!(true));
        told.push(facts);
    }
    let resolved = node::resolve(tx, &records, SOURCE, MatchRule::SameRecord).await?;
    let mut facts: Vec<About> = Vec::with_capacity(told.len());
    let mut learned = vec![false; told.len()];
    for (place, (found, told)) in resolved.iter().zip(told).enumerate() {
        match found {
            Resolved::Profile { id, changed, .. } => {
                facts.push(About { profile: *id, node: records[place][0].older_id(), facts: told });
                learned[place] = *changed;
            }
            Resolved::SharedIdentifier | Resolved::Erased => {
                return Err(Problem::conflict("customers.node.shared").with("household", chunk[place].id));
            }
        }
    }
    let news = facts::apply(tx, &facts, Origin { source: SOURCE, import_id: None }).await?;
    Ok(news.iter().zip(learned).filter(|(news, learned)| **news || *learned).count())
}

/// Makes the statements that are not in the history yet.
async fn new_consents(
    tx: &mut Tx,
    chunk: &[Household],
    names: &Names,
    brands: &[Id],
) -> Result<Vec<NewConsent>> {
    let now = tx.now();
    let mut consents = Vec::new();
    let mails: Vec<Key> = chunk
        .iter()
        .map(|household| key(NodeKind::Email, &names.email(household.id)))
        .collect::<Result<_>>()?;
    let ids = node::identify(tx, mails.iter()).await?;
    let nodes: Vec<Id> = mails.iter().map(|mail| ids.of(mail)).collect();
    let known = consent::known_keys(tx, &nodes).await?;
    for (household, node) in chunk.iter().zip(&nodes) {
        for (place, brand) in brands.iter().enumerate() {
            let answer = answer(household.id, place);
            if answer == Answer::Never || known.contains(&(*node, *brand)) {
                continue;
            }
            // Some time in the year before last, so that the whole history of the sample comes after it.
            let days = 380 + (draw("consent_day", household.id) % 300) as i64;
            let granted_at = now.plus_days(-days);
            consents.push(statement(*node, *brand, ConsentState::Granted, granted_at));
            if answer == Answer::Withdrawn {
                let days = 5 + (draw("withdrawal_day", household.id) % 300) as i64;
                consents.push(statement(*node, *brand, ConsentState::Withdrawn, now.plus_days(-days)));
            }
        }
    }
    Ok(consents)
}

fn statement(node_id: Id, brand_id: Id, state: ConsentState, happened_at: Timestamp) -> NewConsent {
    NewConsent {
        node_id,
        brand_id,
        purpose: Purpose::Marketing,
        channel: Channel::Email,
        state,
        happened_at,
        given_by: GivenBy::System,
        source: SOURCE.to_owned(),
        text: (state == ConsentState::Granted).then(|| ShownText {
            version: "sample".to_owned(),
            body: "示例：我同意通过电子邮件接收该品牌的优惠与活动信息，并可随时退订。".to_owned(),
        }),
        ip_hash: None,
        reason: None,
        import_id: None,
    }
}

#[derive(Debug, Deserialize)]
struct RedemptionRow {
    household_id: u32,
    coupon_upc: String,
    campaign_id: String,
    redemption_date: jiff::civil::Date,
}

async fn load_redemptions(app: &App, file: &[u8], shift_weeks: i64) -> Result<u64> {
    let rows: Vec<RedemptionRow> = read_csv(file)?;
    let redemptions: Vec<NewRedemption> =
        rows.into_iter().map(|row| redemption_of(app, row, shift_weeks)).collect::<Result<_>>()?;
    let mut tx = app.store.begin(&Caller::system("sample")).await?;
    let stored = redemption::store_new(&mut tx, &redemptions, SOURCE).await?;
    if stored > 0 {
        tx.audit(Audit::without_row("load_sample", "customers.redemption").covering(stored)).await?;
    }
    tx.commit().await?;
    Ok(stored)
}

/// The source knows the day only: noon stands for it.
fn redemption_of(app: &App, row: RedemptionRow, shift_weeks: i64) -> Result<NewRedemption> {
    let noon =
        row.redemption_date.at(12, 0, 0, 0).to_zoned(app.settings.time_zone.clone()).map_err(unreadable)?;
    Ok(NewRedemption {
        customer_node_id: member(row.household_id)?.older_id(),
        coupon_upc: row.coupon_upc,
        campaign_code: row.campaign_id,
        redeemed_at: Timestamp::from(noon.timestamp()).plus_ms(shift_weeks * 7 * DAY_MS),
    })
}

fn member(household: u32) -> Result<Key> {
    key(NodeKind::MemberNumber, &household.to_string())
}

fn key(kind: NodeKind, text: &str) -> Result<Key> {
    Key::new(kind, text).map_err(Problem::unprocessable)
}

fn read_csv<T: DeserializeOwned>(gzip: &[u8]) -> Result<Vec<T>> {
    let mut reader = csv::Reader::from_reader(GzDecoder::new(gzip).take(BYTES_MAX));
    reader.deserialize().collect::<Result<_, _>>().map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> Problem {
    Problem::unprocessable("customers.sample.unreadable").with("reason", error.to_string())
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use super::*;

    #[test]
    fn made_up_people_are_those_that_the_lists_promise() {
        let names = Names::read(include_str!("../../../../sample/names.yaml")).expect("the lists are sound");
        let person = names.person(1, Language::ZhHans);
        assert_eq!(person.name, "任泽宇");
        assert_eq!(person.address, "澜杉市杉湾新区小满路274号栖云府15栋1504室");
        assert_eq!(person.mobile, "+8612800000001");
        let english = names.person(900, Language::En);
        assert_eq!(english.name, "Yongjian Yu");
        assert!(english.address.starts_with("Room 904, Building 14, Lanshan Gardens"));
        assert_eq!(english.email, "h900@household.sample.invalid");
        assert_eq!(english.city, "澜杉市");
    }

    #[test]
    fn languages_and_answers_have_the_promised_shares() {
        let share = |n: usize| n as f64 / 2_469.0;
        let hans = (1..=2_469).filter(|h| language(*h) == Language::ZhHans).count();
        let granted = (1..=2_469).filter(|h| answer(*h, 0) == Answer::Granted).count();
        let withdrawn = (1..=2_469).filter(|h| answer(*h, 0) == Answer::Withdrawn).count();
        assert!((share(hans) - 0.85).abs() < 0.03, "{hans}");
        assert!((share(granted) - 0.80).abs() < 0.03, "{granted}");
        assert!((share(withdrawn) - 0.05).abs() < 0.02, "{withdrawn}");
    }
}
