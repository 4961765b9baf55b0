//! Says why one person meets a condition or does not, with the facts that decide.

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use kernel::{Language, LocalText, Problem, Result, Timestamp};
use serde::Serialize;
use store::Store;
use utoipa::ToSchema;

use super::describe::{Names, describe, score_text};
use super::evaluate::{self, LeafFacts};
use super::sql::{self, Setting, window_start};
use super::{Condition, describe::amount};
use crate::consent::ConsentState;
use crate::profile::Profile;

/// Days that a sentence names before it only counts.
const DAYS_SHOWN: usize = 10;

/// Explanation (判断依据) of a condition for one person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// Where in the definition, such as `of.1.of`; empty for the whole.
    pub path: String,
    /// The condition in words.
    pub condition: LocalText,
    /// True where it holds.
    pub holds: bool,
    /// The facts that decide; empty where the parts do.
    pub because: LocalText,
    /// Orders, statements or redemptions that decide, the latest ones.
    pub evidence: Vec<Evidence>,
    /// The parts.
    #[schema(no_recursion)]
    pub of: Vec<Explanation>,
}

/// Evidence (依据): one row that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    /// What it is: `order`, `consent`, `redemption`.
    pub kind: &'static str,
    /// Its id, where it is a row of its own.
    pub id: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// What it cost, in minor units, where it did.
    pub total_minor: Option<i64>,
}

/// What explaining needs beside the person.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Definitions and time, as for counting.
    pub setting: Setting<'a>,
    /// Names of what the condition refers to.
    pub names: &'a Names,
    /// The zone in which days are shown.
    pub zone: &'a TimeZone,
    /// False: orders are counted, their days and amounts stay hidden from this caller.
    pub shows_orders: bool,
}

/// Explains a condition for one person.
pub async fn explain(
    store: &Store,
    profile: &Profile,
    tree: &Condition,
    asked: Asked<'_>,
) -> Result<Explanation> {
    node(store, profile, tree, asked, String::new()).await
}

fn node<'a>(
    store: &'a Store,
    profile: &'a Profile,
    tree: &'a Condition,
    asked: Asked<'a>,
    path: String,
) -> BoxFuture<'a, Result<Explanation>> {
    async move {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
        let mut of = Vec::new();
        match tree {
            Condition::All { of: children } | Condition::Any { of: children } => {
                for (place, child) in children.iter().enumerate() {
                    of.push(node(store, profile, child, asked, format!("{prefix}of.{place}")).await?);
                }
            }
            Condition::Not { of: child } => {
                of.push(node(store, profile, child, asked, format!("{prefix}of")).await?)
            }
            Condition::InSegment { segment_id } => {
                let inner = asked.setting.library.get(segment_id);
                let inner = inner.ok_or_else(|| Problem::conflict("customers.segment.unknown_segment"))?;
                of.push(node(store, profile, inner, asked, format!("{prefix}segment")).await?);
            }
            _ => {}
        }
        let condition = describe(tree, asked.names);
        let (holds, because, evidence) = match tree {
            Condition::All { .. } => (of.iter().all(|part| part.holds), LocalText::default(), Vec::new()),
            Condition::Any { .. } => (of.iter().any(|part| part.holds), LocalText::default(), Vec::new()),
            Condition::Not { .. } => (!of[0].holds, LocalText::default(), Vec::new()),
            Condition::InSegment { .. } => (of[0].holds, LocalText::default(), Vec::new()),
            leaf => {
                let facts = load(store, profile, leaf, asked.setting.now).await?;
                let holds = evaluate::holds(leaf, profile, &facts, asked.setting.now);
                let hidden = matches!(facts, LeafFacts::Orders(_)) && !asked.shows_orders;
                let evidence = if hidden { Vec::new() } else { evidence(&facts) };
                (holds, because(leaf, profile, &facts, asked), evidence)
            }
        };
        Ok(Explanation { path, condition, holds, because, evidence, of })
    }
    .boxed()
}

async fn load(store: &Store, profile: &Profile, leaf: &Condition, now: Timestamp) -> Result<LeafFacts> {
    Ok(match leaf {
        Condition::Ordered { what, within_days, .. } => {
            let query = sql::orders_of(profile.id, what.as_ref(), window_start(now, *within_days), now);
            LeafFacts::Orders(store.list(query).await?)
        }
        Condition::Consent { channel, purpose, brand_id, .. } => LeafFacts::Consents(
            store.list(sql::consents_of(profile.id, *channel, *purpose, *brand_id)).await?,
        ),
        Condition::Redeemed { campaign, within_days } => {
            let from = within_days.map(|days| window_start(now, days));
            let query = sql::redemptions_of(profile.id, campaign.as_deref(), from, now);
            LeafFacts::Redemptions(store.list(query).await?)
        }
        Condition::Score { which, .. } => {
            LeafFacts::Score(store.list(sql::score_of(profile.id, *which)).await?.pop())
        }
        Condition::Persona { persona_id } => {
            let found: Vec<kernel::Id> = store.list(sql::persona_of(profile.id, *persona_id)).await?;
            LeafFacts::Persona(!found.is_empty())
        }
        _ => LeafFacts::Profile,
    })
}

fn because(leaf: &Condition, profile: &Profile, facts: &LeafFacts, asked: Asked<'_>) -> LocalText {
    let days = |times: Vec<Timestamp>, language| shown_days(&times, asked.zone, language);
    match (leaf, facts) {
        (
            Condition::Ordered { at_least, within_days, total_at_least_minor, .. },
            LeafFacts::Orders(orders),
        ) => {
            let total = orders.iter().map(|order| order.total_minor).sum();
            let shown = if asked.shows_orders { orders.as_slice() } else { &[] };
            let sums = total_at_least_minor.filter(|_| asked.shows_orders);
            let sums = sums.map(|least| (amount(total), amount(least)));
            let times: Vec<Timestamp> = shown.iter().map(|order| order.happened_at).collect();
            said(|language| {
                let list = days(times.clone(), language);
                purchases(language, orders.len(), &list, *at_least, *within_days, sums.as_ref())
            })
        }
        (Condition::Redeemed { .. }, LeafFacts::Redemptions(coupons)) => {
            let times: Vec<Timestamp> = coupons.iter().map(|coupon| coupon.redeemed_at).collect();
            said(|language| {
                let (count, list) = (coupons.len(), days(times.clone(), language));
                match language {
                    Language::ZhHans => format!("核销 {count} 次{list}"),
                    Language::ZhHant => format!("使用 {count} 次{list}"),
                    Language::En => format!("{count} redeemed{list}"),
                }
            })
        }
        (Condition::Consent { .. }, LeafFacts::Consents(statements)) => {
            let granted = statements.iter().filter(|c| c.state == ConsentState::Granted).count();
            let withdrawn = statements.len() - granted;
            let times: Vec<Timestamp> = statements.iter().map(|c| c.happened_at).collect();
            said(|language| {
                let list = days(times.clone(), language);
                match language {
                    Language::ZhHans => format!("同意 {granted} 项，撤回 {withdrawn} 项{list}"),
                    Language::ZhHant => format!("同意 {granted} 項，撤回 {withdrawn} 項{list}"),
                    Language::En => format!("{granted} granted, {withdrawn} withdrawn{list}"),
                }
            })
        }
        (Condition::Score { which, .. }, LeafFacts::Score(Some(score))) => {
            let score = score_text(*which, *score);
            text(&score, &score, &score)
        }
        (Condition::Persona { .. }, LeafFacts::Persona(true)) => text("是", "是", "yes"),
        (Condition::Persona { .. }, LeafFacts::Persona(false)) => text("否", "否", "no"),
        _ => value_of(leaf, profile, asked),
    }
}

fn purchases(
    language: Language,
    count: usize,
    list: &str,
    needed: u32,
    within: u32,
    sums: Option<&(String, String)>,
) -> String {
    match language {
        Language::ZhHans => {
            let sum = sums.map(|(has, least)| format!("；合计 {has}，需要 {least}")).unwrap_or_default();
            format!("购买 {count} 次{list}；需要 {within} 天内 {needed} 次{sum}")
        }
        Language::ZhHant => {
            let sum = sums.map(|(has, least)| format!("；合計 {has}，需要 {least}")).unwrap_or_default();
            format!("購買 {count} 次{list}；需要 {within} 天內 {needed} 次{sum}")
        }
        Language::En => {
            let sum = sums.map(|(has, least)| format!("; {has} in all, needed {least}")).unwrap_or_default();
            let word = if count == 1 { "purchase" } else { "purchases" };
            format!("{count} {word}{list}; needed {needed} in {within} days{sum}")
        }
    }
}

/// Says what the profile has in the field that a leaf asks for.
fn value_of(leaf: &Condition, profile: &Profile, asked: Asked<'_>) -> LocalText {
    let value = match leaf {
        Condition::Text { field, .. } => evaluate::text(profile, *field),
        Condition::Number { field, .. } => evaluate::number(profile, *field).map(|n| n.to_string()),
        Condition::Tier { .. } => profile.tier.map(|tier| tier.as_str().to_owned()),
        Condition::KnownSince { .. } => Some(day(profile.created_at, asked.zone)),
        Condition::Flag { field, .. } => {
            return match evaluate::flag(profile, *field) {
                Some(true) => text("是", "是", "yes"),
                Some(false) => text("否", "否", "no"),
                None => unknown(),
            };
        }
        _ => None,
    };
    let named = |value: String| match asked.names.get(&value) {
        Some(name) => name.clone(),
        None => text(&value, &value, &value),
    };
    value.map_or_else(unknown, named)
}

fn unknown() -> LocalText {
    text("未知", "未知", "not known")
}

fn text(hans: &str, hant: &str, en: &str) -> LocalText {
    LocalText { zh_hans: hans.to_owned(), zh_hant: hant.to_owned(), en: en.to_owned() }
}

fn said(sentence: impl Fn(Language) -> String) -> LocalText {
    LocalText {
        zh_hans: sentence(Language::ZhHans),
        zh_hant: sentence(Language::ZhHant),
        en: sentence(Language::En),
    }
}

/// Lists the latest days after a colon; says how many more there are.
fn shown_days(times: &[Timestamp], zone: &TimeZone, language: Language) -> String {
    if times.is_empty() {
        return String::new();
    }
    let hidden = times.len().saturating_sub(DAYS_SHOWN);
    let days: Vec<String> = times[hidden..].iter().map(|time| day(*time, zone)).collect();
    match (language, hidden) {
        (Language::En, 0) => format!(": {}", days.join(", ")),
        (Language::En, n) => format!(": {} and {n} earlier", days.join(", ")),
        (_, 0) => format!("：{}", days.join("、")),
        (Language::ZhHans, n) => format!("：{}，更早还有 {n} 次", days.join("、")),
        (Language::ZhHant, n) => format!("：{}，更早還有 {n} 次", days.join("、")),
    }
}

fn day(time: Timestamp, zone: &TimeZone) -> String {
    time.instant().to_zoned(zone.clone()).date().to_string()
}

fn evidence(facts: &LeafFacts) -> Vec<Evidence> {
    let mut rows: Vec<Evidence> = match facts {
        LeafFacts::Profile | LeafFacts::Score(_) | LeafFacts::Persona(_) => Vec::new(),
        LeafFacts::Orders(orders) => orders
            .iter()
            .map(|order| Evidence {
                kind: "order",
                id: Some(order.order_id.to_string()),
                at: order.happened_at,
                total_minor: Some(order.total_minor),
            })
            .collect(),
        LeafFacts::Consents(said) => said
            .iter()
            .map(|consent| Evidence { kind: "consent", id: None, at: consent.happened_at, total_minor: None })
            .collect(),
        LeafFacts::Redemptions(coupons) => coupons
            .iter()
            .map(|coupon| Evidence {
                kind: "redemption",
                id: Some(coupon.id.to_string()),
                at: coupon.redeemed_at,
                total_minor: None,
            })
            .collect(),
    };
    let hidden = rows.len().saturating_sub(DAYS_SHOWN);
    rows.drain(..hidden);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purchases_are_told_with_what_was_needed() {
        let zone = TimeZone::get("Asia/Shanghai").expect("a known zone");
        // Late in the evening of the day before, in UTC.
        let times: Vec<Timestamp> = ["2026-10-02T17:00:00Z", "2026-11-12T03:00:00Z"]
            .iter()
            .map(|t| t.parse().expect("a time"))
            .collect();
        let list = shown_days(&times, &zone, Language::En);
        let told = purchases(Language::En, 2, &list, 2, 90, None);
        assert_eq!(told, "2 purchases: 2026-10-03, 2026-11-12; needed 2 in 90 days");
        let list = shown_days(&times, &zone, Language::ZhHans);
        let sums = ("18.50".to_owned(), "100.00".to_owned());
        let told = purchases(Language::ZhHans, 2, &list, 3, 30, Some(&sums));
        assert_eq!(told, "购买 2 次：2026-10-03、2026-11-12；需要 30 天内 3 次；合计 18.50，需要 100.00");
    }

    #[test]
    fn many_days_are_counted() {
        let times: Vec<Timestamp> = (0..13).map(|n| Timestamp::from_ms(0).plus_days(n)).collect();
        let list = shown_days(&times, &TimeZone::UTC, Language::En);
        assert!(list.starts_with(": 1970-01-04") && list.ends_with("1970-01-13 and 3 earlier"), "{list}");
    }
}
