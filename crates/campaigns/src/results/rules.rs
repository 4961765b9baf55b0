//! Puts counts together into figures; knows no database.

use std::collections::BTreeMap;

use kernel::{Id, Language, Timestamp};
use serde::Deserialize;

use super::{Figure, FigureKey, GoalReached, HourResult, LanguageResult};
use crate::campaign::{Campaign, GoalMetric};
use crate::send::SendState;
use crate::tracking::EventKind;

/// Messages of one language in one state.
#[derive(Debug, Clone, Deserialize)]
pub struct InState {
    /// Language of the messages.
    pub language: Option<Language>,
    /// Their state.
    pub state: SendState,
    /// How many.
    pub count: i64,
}

/// What was seen of the messages of one language.
#[derive(Debug, Clone, Deserialize)]
pub struct Seen {
    /// Language of the messages.
    pub language: Option<Language>,
    /// What was seen.
    pub kind: EventKind,
    /// Messages that a person did this with.
    pub people: i64,
    /// Messages that anybody did this with.
    pub messages: i64,
    /// Visits, each counted.
    pub visits: i64,
}

/// Messages that were first seen so in one hour.
#[derive(Debug, Clone, Deserialize)]
pub struct InHour {
    /// What was seen.
    pub kind: EventKind,
    /// Beginning of the hour.
    pub at: Timestamp,
    /// How many.
    pub count: i64,
}

/// Orders of one hour, language and currency.
#[derive(Debug, Clone, Deserialize)]
pub struct Earned {
    /// Language of the messages.
    pub language: Option<Language>,
    /// Currency of the orders.
    pub currency: String,
    /// Beginning of the hour.
    pub at: Timestamp,
    /// How many orders.
    pub orders: i64,
    /// What they come to.
    pub total_minor: i64,
}

/// Everything that was counted of one campaign.
#[derive(Debug)]
pub struct Counted<'a> {
    pub states: &'a [InState],
    pub seen: &'a [Seen],
    /// Messages that came back after they were taken.
    pub returned: i64,
    pub earned: &'a [Earned],
    pub currency: &'a str,
}

impl Counted<'_> {
    fn in_state(&self, states: &[SendState]) -> i64 {
        self.states.iter().filter(|row| states.contains(&row.state)).map(|row| row.count).sum()
    }

    fn seen(&self, kind: EventKind, of: impl Fn(&Seen) -> i64) -> i64 {
        self.seen.iter().filter(|row| row.kind == kind).map(of).sum()
    }

    fn orders(&self) -> i64 {
        self.earned.iter().map(|row| row.orders).sum()
    }

    fn revenue(&self) -> i64 {
        self.earned.iter().filter(|row| row.currency == self.currency).map(|row| row.total_minor).sum()
    }

    /// Returns the figures in the order of the page, each with the list that opens its rows.
    pub fn figures(&self, campaign: Id) -> Vec<Figure> {
        use FigureKey as Key;
        let base = format!("/api/v1/campaigns/campaigns/{campaign}");
        let plain = |key, value, rows: &str| Figure {
            key,
            value,
            raw: None,
            visits: None,
            rows: format!("{base}{rows}"),
        };
        let in_state =
            |key, state: SendState| plain(key, self.in_state(&[state]), &format!("/sends?state={state}"));
        let seen = |key, kind: EventKind| Figure {
            raw: Some(self.seen(kind, |row| row.messages)),
            visits: Some(self.seen(kind, |row| row.visits)),
            ..plain(key, self.seen(kind, |row| row.people), &format!("/sends?seen={kind}"))
        };
        // A server speaks for itself: there is no person behind a bounce or a complaint to be told apart.
        let told = |key, kind: EventKind| {
            plain(key, self.seen(kind, |row| row.messages), &format!("/sends?seen={kind}&raw=true"))
        };
        let sent = self.in_state(&[SendState::Sent]);
        let waiting = self.in_state(&[SendState::Intent, SendState::Attempting]);
        vec![
            plain(Key::Planned, self.states.iter().map(|row| row.count).sum(), "/sends"),
            plain(Key::Waiting, waiting, "/sends?open=true"),
            in_state(Key::Suppressed, SendState::Suppressed),
            in_state(Key::Failed, SendState::Failed),
            in_state(Key::Unknown, SendState::Unknown),
            in_state(Key::Sent, SendState::Sent),
            plain(Key::Delivered, sent - self.returned, "/sends?delivered=true"),
            told(Key::Bounced, EventKind::Bounced),
            seen(Key::Opened, EventKind::Opened),
            seen(Key::Clicked, EventKind::Clicked),
            told(Key::Unsubscribed, EventKind::Unsubscribed),
            told(Key::Complained, EventKind::Complained),
            plain(Key::Orders, self.orders(), "/orders"),
            plain(Key::Revenue, self.revenue(), "/orders"),
        ]
    }

    /// Returns how far the goal is reached.
    pub fn goal(&self, campaign: &Campaign) -> Option<GoalReached> {
        let (metric, target) = (campaign.goal_metric?, campaign.goal_target.filter(|target| *target > 0)?);
        let reached = match metric {
            GoalMetric::Revenue => self.revenue(),
            GoalMetric::Orders => self.orders(),
            GoalMetric::Clicks => self.seen(EventKind::Clicked, |row| row.people),
            GoalMetric::Opens => self.seen(EventKind::Opened, |row| row.people),
        };
        // Tenths of a percent: nobody decides by less.
        let percent = (reached as f64 / target as f64 * 1_000.0).round() / 10.0;
        Some(GoalReached { metric, target, reached, percent })
    }

    /// Returns the results per language, the most sent first.
    pub fn languages(&self) -> Vec<LanguageResult> {
        let mut known: Vec<Option<Language>> = Vec::new();
        let rows =
            self.states.iter().map(|row| row.language).chain(self.earned.iter().map(|row| row.language));
        for language in rows {
            if !known.contains(&language) {
                known.push(language);
            }
        }
        let mut results: Vec<LanguageResult> =
            known.into_iter().map(|language| self.language(language)).collect();
        results.sort_by_key(|row| (-row.sent, row.language));
        results
    }

    fn language(&self, language: Option<Language>) -> LanguageResult {
        let states: Vec<InState> =
            self.states.iter().filter(|row| row.language == language).cloned().collect();
        let seen: Vec<Seen> = self.seen.iter().filter(|row| row.language == language).cloned().collect();
        let earned: Vec<Earned> =
            self.earned.iter().filter(|row| row.language == language).cloned().collect();
        let own =
            Counted { states: &states, seen: &seen, returned: 0, earned: &earned, currency: self.currency };
        LanguageResult {
            language,
            sent: own.in_state(&[SendState::Sent]),
            opened: own.seen(EventKind::Opened, |row| row.people),
            clicked: own.seen(EventKind::Clicked, |row| row.people),
            unsubscribed: own.seen(EventKind::Unsubscribed, |row| row.messages),
            orders: own.orders(),
            revenue_minor: own.revenue(),
        }
    }
}

/// Puts the hours together, in order; hours in which nothing happened are left out.
pub fn hours(seen: &[InHour], earned: &[Earned], currency: &str) -> Vec<HourResult> {
    let mut hours: BTreeMap<Timestamp, HourResult> = BTreeMap::new();
    for row in seen {
        let hour = hours.entry(row.at).or_default();
        match row.kind {
            EventKind::Accepted => hour.sent += row.count,
            EventKind::Opened => hour.opened += row.count,
            EventKind::Clicked => hour.clicked += row.count,
            EventKind::Unsubscribed => hour.unsubscribed += row.count,
            EventKind::Bounced | EventKind::Complained => {}
        }
    }
    for row in earned {
        let hour = hours.entry(row.at).or_default();
        hour.orders += row.orders;
        if row.currency == currency {
            hour.revenue_minor += row.total_minor;
        }
    }
    hours.into_iter().map(|(at, hour)| HourResult { at, ..hour }).collect()
}
