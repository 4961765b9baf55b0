//! What becomes of events by the plan, before they are kept.

use http_kit::App;
use kernel::{Id, Problem, Result};
use lake::{Event, EventKind};
use serde_json::{Map, Value, json};
use store::args;

use super::tally::Noted;
use super::{EventPlan, PlanMode, sql};
use crate::quarantine::Aside;
use crate::source::wire::Fault;

/// Events by what becomes of them.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Those that count.
    pub kept: Vec<Event>,
    /// Those that go to quarantine.
    pub aside: Vec<Aside>,
    /// What was noticed about all of them.
    pub noted: Noted,
}

/// Sorts the events of a source by the plan.
pub async fn sort(app: &App, source: Id, mode: PlanMode, events: Vec<Event>) -> Result<Sorted> {
    let mut sorted = Sorted { noted: Noted::seen(&events), ..Sorted::default() };
    if mode == PlanMode::Off {
        sorted.kept = events;
        return Ok(sorted);
    }
    let plan = app.part::<EventPlan>()?.current(&app.store).await?;
    for event in events {
        let verdict = plan.judge(source, &event);
        sorted.noted.judged(&event, &verdict);
        match verdict.violations.into_iter().next().filter(|_| mode == PlanMode::Enforce) {
            Some(first) => sorted.aside.push(Aside {
                identity: format!("plan/{}", event.message_id),
                body: body(&event),
                message_id: Some(event.message_id),
                fault: Fault::Plan,
                field: Some(first.field),
                detail: Some(first.reason),
                expected: first.expected,
                found: first.found,
            }),
            None => sorted.kept.push(event),
        }
    }
    Ok(sorted)
}

/// Refuses an event that breaks the plan, where its source is held to it.
pub async fn require(app: &App, source: Id, event: &Event) -> Result<()> {
    let mode: PlanMode = app.store.get(sql::MODE, args![source]).await?;
    if mode != PlanMode::Enforce {
        return Ok(());
    }
    let verdict = app.part::<EventPlan>()?.current(&app.store).await?.judge(source, event);
    let Some(first) = verdict.violations.into_iter().next() else { return Ok(()) };
    let refusal = Problem::unprocessable("customers.quarantine.still_faulty")
        .with("fault", Fault::Plan)
        .with("field", first.field)
        .with("detail", first.reason)
        .with("expected", first.expected)
        .with("found", first.found);
    Err(refusal.with_field("body", format!("customers.breach.{}", first.reason)))
}

/// Writes an event as the Segment API would take it: whatever format it came in, it can be repaired and sent again.
fn body(event: &Event) -> String {
    let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let named = |name: &str| Some(Value::from(name)).filter(|_| !event.name.is_empty());
    let (said, name) = match event.kind {
        EventKind::Identify | EventKind::Group => ("traits", None),
        EventKind::Track => ("properties", named(&event.name).map(|name| ("event", name))),
        _ => ("properties", named(&event.name).map(|name| ("name", name))),
    };
    let mut body = json!({
        "type": event.kind,
        "messageId": event.message_id,
        "timestamp": event.happened_at,
        "context": object(&event.context),
    });
    body[said] = Value::Object(object(&event.properties));
    for (key, value) in [("userId", &event.user_id), ("anonymousId", &event.anonymous_id)] {
        if let Some(value) = value {
            body[key] = Value::from(value.as_str());
        }
    }
    if let Some((key, value)) = name {
        body[key] = value;
    }
    body.to_string()
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::source::wire::segment::{self, Call};

    #[test]
    fn what_is_put_aside_reads_as_the_same_event() {
        let now = Timestamp::from_ms(1_795_910_400_000);
        let sent = br#"{"batch":[
            {"type":"track","userId":"u","event":"Order Completed","messageId":"1","properties":{"revenue":"12"}},
            {"type":"identify","userId":"u","anonymousId":"a","messageId":"2","traits":{"plan":"gold"}},
            {"type":"page","anonymousId":"a","name":"Home","messageId":"3","context":{"page":{"url":"https://a.example/"}}}
        ]}"#;
        let events = segment::read(sent, Call::Batch, now).expect("a batch").reading.events;
        assert_eq!(events.len(), 3);
        for event in events {
            assert_eq!(segment::read_one(&body(&event), now.plus_days(1)), Ok(event));
        }
    }
}
