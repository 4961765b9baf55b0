//! Floor 3: the one customer database: who people are, what they agreed to, how much they are worth
//! to the company, and which of them somebody means.
//!
//! Architecture invariants: facts (orders, consents, sends) refer to identifier nodes, never to
//! profiles; nodes, match edges, consent events and segment versions are only ever added; what a
//! person agreed to is decided by the latest statement, not by the latest to arrive.

mod access;
pub mod audience;
pub mod behaviour;
pub mod condition;
pub mod consent;
pub mod event;
pub mod import;
pub mod insight;
pub mod insight_report;
pub mod matching;
pub mod merge;
pub mod need;
pub mod node;
pub mod permissions;
pub mod persona;
pub mod plan;
pub mod privacy;
pub mod profile;
pub mod quarantine;
pub mod redemption;
pub mod sample;
pub mod score;
pub mod sealing;
pub mod segment;
pub mod source;
pub mod suppression;
pub mod tier;
pub mod timeline;
mod views;
pub mod worklist;

use std::sync::Arc;

use http_kit::{App, Module, Routes};
use store::Migration;
use store::jobs::{Every, Registry};

/// The schema, step by step.
pub const MIGRATIONS: &[Migration] = &[
    Migration { id: "customers/0001_init", sql: include_str!("../migrations/0001_init.sql") },
    Migration { id: "customers/0002_sources", sql: include_str!("../migrations/0002_sources.sql") },
    Migration { id: "customers/0004_matching", sql: include_str!("../migrations/0004_matching.sql") },
    Migration { id: "customers/0005_plan", sql: include_str!("../migrations/0005_plan.sql") },
    Migration { id: "customers/0006_scores", sql: include_str!("../migrations/0006_scores.sql") },
    Migration { id: "customers/0007_privacy", sql: include_str!("../migrations/0007_privacy.sql") },
    Migration { id: "customers/0008_behaviour", sql: include_str!("../migrations/0008_behaviour.sql") },
    Migration { id: "customers/0009_worklist", sql: include_str!("../migrations/0009_worklist.sql") },
    Migration { id: "customers/0010_upkeep", sql: include_str!("../migrations/0010_upkeep.sql") },
    Migration { id: "customers/0011_sealed", sql: include_str!("../migrations/0011_sealed.sql") },
    Migration { id: "customers/0012_insights", sql: include_str!("../migrations/0012_insights.sql") },
];

/// Everything that this domain adds to the product.
pub fn module() -> Module {
    Module {
        migrations: MIGRATIONS,
        texts: include_str!("../texts.yaml"),
        routes: routes(),
        public: source::public(),
        permissions: &[permissions::PROFILE_IMPORT],
        views: views::VIEWS,
        jobs,
        ..Module::new("customers")
    }
}

/// Connects what other domains need of this one.
pub fn connect(app: &Arc<App>) {
    app.nodes.connect(Arc::new(node::Nodes));
    app.consents.connect(Arc::new(consent::Consents));
    app.ports.audience.connect(Arc::new(audience::Audiences::new(
        app.store.clone(),
        app.part::<lake::Lake>().ok().cloned(),
    )));
}

fn routes() -> Routes {
    Routes::new()
        .merge(profile::routes())
        .merge(timeline::routes())
        .merge(consent::routes())
        .merge(suppression::routes())
        .merge(segment::routes())
        .merge(tier::routes())
        .merge(source::routes())
        .merge(quarantine::routes())
        .merge(event::routes())
        .merge(plan::routes())
        .merge(worklist::routes())
        .merge(merge::routes())
        .merge(matching::routes())
        .merge(score::routes())
        .merge(persona::routes())
        .merge(privacy::routes())
        .merge(insight::routes())
        .merge(need::routes())
        .merge(insight_report::routes())
}

fn jobs(registry: &mut Registry<App>) {
    privacy::jobs(registry);
    registry
        .job::<suppression::LiftExpired>()
        .job::<tier::Recompute>()
        .job::<segment::Recount>()
        .job::<source::Project>()
        .job::<source::Retire>()
        .job::<worklist::Find>()
        .job::<sealing::Seal>()
        .job::<source::JudgeVolume>()
        .job::<behaviour::Identify>()
        .job::<behaviour::Recompute>()
        .job::<plan::FlushTally>()
        .job::<matching::Find>()
        .job::<score::Recompute>()
        .job::<persona::Recompute>()
        .job::<insight::Measure>()
        .job::<need::Recompute>()
        .job::<insight_report::Write>()
        .on("customers.match.import", matching::after_import)
        .on("customers.tier.import", tier::after_import)
        .on("customers.score.import", score::after_import)
        .schedule("customers.suppression.expiry", Every::minutes(5), || suppression::LiftExpired {})
        .schedule("customers.event.retention", Every::daily_at(2, company_zone()), || source::Retire {})
        .schedule("customers.event.tally", Every::minutes(1), || plan::FlushTally {})
        .schedule(behaviour::IDENTIFY_SCHEDULE, Every::minutes(1), || behaviour::Identify {})
        .schedule("customers.behaviour.recompute", Every::minutes(5), || behaviour::Recompute {})
        .schedule("customers.worklist.nightly", Every::daily_at(1, company_zone()), || worklist::Find {})
        .schedule("customers.sealing", Every::minutes(1), || sealing::Seal {})
        .schedule("customers.source.volume", Every::minutes(60), || source::JudgeVolume {})
        .schedule("customers.event.projection", Every::minutes(5), || source::Project {})
        // Before the working day begins in the zone of most companies that run this.
        .schedule("customers.tier.nightly", Every::daily_at(3, company_zone()), tier::Recompute::nightly)
        .schedule("customers.score.nightly", Every::daily_at(3, company_zone()), score::Recompute::nightly)
        .schedule("customers.insight.daily", Every::daily_at(5, company_zone()), || insight::Measure {})
        .schedule("customers.need.weekly", mondays(), need::Recompute::weekly)
        .schedule("customers.insight_report.daily", Every::daily_at(6, company_zone()), || {
            insight_report::Write {}
        })
        .schedule("customers.match.nightly", Every::daily_at(1, company_zone()), || matching::Find {})
        .schedule("customers.segment.nightly", Every::daily_at(4, company_zone()), || segment::Recount {});
}

/// Mondays before work, so that last week is there when people plan the next.
fn mondays() -> Every {
    Every::weekly_at(jiff::civil::Weekday::Monday, 2, company_zone())
}

/// Schedules are made before the settings are read; nights of this zone are nights for most.
pub(crate) fn company_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Asia/Shanghai").unwrap_or(jiff::tz::TimeZone::UTC)
}
