use std::cmp::Ordering;

use lake::query::{Column, Condition, EventFilter, Operator, Value};

use crate::EventView;

/// Returns true where an event fits everything that a filter says, as the lake's questions understand it.
pub fn matches(filter: &EventFilter, event: &EventView<'_>) -> bool {
    (filter.names.is_empty() || filter.names.iter().any(|name| name == event.name))
        && (filter.kinds.is_empty() || filter.kinds.contains(&event.kind))
        && (filter.source_ids.is_empty() || filter.source_ids.contains(&event.source_id))
        && filter.where_.iter().all(|condition| holds(condition, event))
}

fn holds(condition: &Condition, event: &EventView<'_>) -> bool {
    let Condition { column, op, value } = condition;
    let with = match value {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let text = match column {
        Column::Value => {
            let with = if let Some(Value::Number(number)) = value { *number } else { 0.0 };
            return compares(*op, event.value.map(|value| value.partial_cmp(&with)));
        }
        Column::SourceId => return text_holds(*op, Some(&event.source_id.to_string()), with),
        Column::Name => Some(event.name),
        Column::Kind => Some(event.kind.as_str()),
        Column::Channel => event.channel,
        Column::Path => event.path,
        Column::ProductId => event.product_id,
        Column::OrderId => event.order_id,
        Column::Currency => event.currency,
    };
    text_holds(*op, text, with)
}

fn text_holds(op: Operator, text: Option<&str>, with: &str) -> bool {
    match op {
        Operator::Contains => text.is_some_and(|text| text.contains(with)),
        op => compares(op, text.map(|text| Some(text.cmp(with)))),
    }
}

/// Decides by how a value compares with the one in the condition; `None` where there is no value.
fn compares(op: Operator, order: Option<Option<Ordering>>) -> bool {
    let Some(order) = order else { return op == Operator::IsNull };
    order.is_some_and(|order| match op {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::NotNull => true,
        Operator::Contains | Operator::IsNull => false,
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};
    use lake::EventKind;

    use super::*;

    fn event<'a>(path: Option<&'a str>, value: Option<f64>) -> EventView<'a> {
        EventView {
            name: "buy",
            kind: EventKind::Track,
            source_id: Id::from_bytes([7; 16]),
            channel: None,
            path,
            product_id: None,
            order_id: None,
            currency: None,
            value,
            at: Timestamp::from_ms(1),
        }
    }

    fn fitting(column: Column, with: Value, event: &EventView<'_>) -> Vec<&'static str> {
        let filter = |op| EventFilter {
            where_: vec![Condition { column, op, value: Some(with.clone()) }],
            ..EventFilter::default()
        };
        Operator::ALL.iter().filter(|op| matches(&filter(**op), event)).map(|op| op.as_str()).collect()
    }

    #[test]
    fn what_is_not_there_fits_is_null_alone() {
        let path = |path| fitting(Column::Path, Value::Text("/b".into()), &event(path, None));
        assert_eq!(path(None), ["is_null"]);
        assert_eq!(path(Some("/a")), ["ne", "lt", "le", "not_null"]);
        assert_eq!(path(Some("/b")), ["eq", "le", "ge", "contains", "not_null"]);
        assert_eq!(path(Some("/b/c")), ["ne", "gt", "ge", "contains", "not_null"]);
        let value = |value| fitting(Column::Value, Value::Number(10.0), &event(None, value));
        assert_eq!(value(None), ["is_null"]);
        assert_eq!(value(Some(9.5)), ["ne", "lt", "le", "not_null"]);
        assert_eq!(value(Some(10.0)), ["eq", "le", "ge", "not_null"]);
    }

    #[test]
    fn lists_that_are_empty_ask_for_nothing() {
        let seen = event(None, None);
        assert!(matches(&EventFilter::default(), &seen));
        let names = |names: &[&str]| EventFilter {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..EventFilter::default()
        };
        assert!(matches(&names(&["see", "buy"]), &seen) && !matches(&names(&["see", "Buy"]), &seen));
        let kinds = |kind| EventFilter { kinds: vec![kind], ..EventFilter::default() };
        assert!(matches(&kinds(EventKind::Track), &seen) && !matches(&kinds(EventKind::Page), &seen));
        let from =
            |byte| EventFilter { source_ids: vec![Id::from_bytes([byte; 16])], ..EventFilter::default() };
        assert!(matches(&from(7), &seen) && !matches(&from(8), &seen));
        let source = Value::Text(Id::from_bytes([7; 16]).to_string());
        assert!(fitting(Column::SourceId, source, &seen).contains(&"eq"));
    }
}
