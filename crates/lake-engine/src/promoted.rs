use lake::Event;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Properties that have columns of their own (提升字段), because nearly every question about events asks for them.
///
/// Names are those of the Segment e-commerce specification: `revenue`, else `total`, else `value`, else `price` times
/// `quantity`; `currency`; `product_id`, else `sku`; `order_id`; and the path of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promoted {
    pub value: Option<f64>,
    pub currency: Option<String>,
    pub product_id: Option<String>,
    pub order_id: Option<String>,
    pub path: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties<'a> {
    #[serde(borrow)]
    revenue: Option<&'a RawValue>,
    #[serde(borrow)]
    total: Option<&'a RawValue>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    price: Option<&'a RawValue>,
    #[serde(borrow)]
    quantity: Option<&'a RawValue>,
    #[serde(borrow)]
    currency: Option<&'a RawValue>,
    #[serde(borrow)]
    product_id: Option<&'a RawValue>,
    #[serde(borrow)]
    sku: Option<&'a RawValue>,
    #[serde(borrow)]
    order_id: Option<&'a RawValue>,
    #[serde(borrow)]
    path: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Context<'a> {
    #[serde(borrow)]
    page: Option<Page<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page<'a> {
    #[serde(borrow)]
    path: Option<&'a RawValue>,
}

/// Longest text of such a column, in characters; longer ones are in the properties only.
const TEXT_MAX: usize = 500;

impl Promoted {
    /// Reads what an event has of them; what has another type than it should is left out.
    pub fn of(event: &Event) -> Self {
        let mut promoted = Self::default();
        // Two of three events bring none of them, and looking for a name costs less than reading JSON.
        if event.properties.len() > 2
            && let Ok(said) = serde_json::from_str::<Properties<'_>>(&event.properties)
        {
            promoted.value = number(said.revenue)
                .or_else(|| number(said.total))
                .or_else(|| number(said.value))
                .or_else(|| Some(number(said.price)? * number(said.quantity).unwrap_or(1.0)));
            promoted.currency = text(said.currency);
            promoted.product_id = text(said.product_id).or_else(|| text(said.sku));
            promoted.order_id = text(said.order_id);
            promoted.path = text(said.path);
        }
        if promoted.path.is_none()
            && event.context.contains("\"page\"")
            && let Ok(said) = serde_json::from_str::<Context<'_>>(&event.context)
        {
            promoted.path = said.page.and_then(|page| text(page.path));
        }
        promoted
    }
}

/// A number, also one that is written as text.
fn number(raw: Option<&RawValue>) -> Option<f64> {
    let raw = raw?.get();
    let bare = raw.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(raw);
    bare.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A text; numbers count as such, because sources spell ids both ways.
fn text(raw: Option<&RawValue>) -> Option<String> {
    let raw = raw?.get();
    let text: Cow<'_, str> = match raw.as_bytes().first()? {
        b'"' => Cow::Owned(serde_json::from_str(raw).ok()?),
        b'0'..=b'9' | b'-' => Cow::Borrowed(raw),
        _ => return None,
    };
    let sound = !text.is_empty() && text.chars().count() <= TEXT_MAX;
    sound.then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};
    use lake::EventKind;

    use super::*;

    fn of(properties: &str, context: &str) -> Promoted {
        Promoted::of(&Event {
            message_id: "m".into(),
            kind: EventKind::Track,
            name: "n".into(),
            node: Id::from_digest([1; 16]),
            user_id: None,
            anonymous_id: None,
            happened_at: Timestamp::from_ms(0),
            channel: None,
            properties: properties.into(),
            context: context.into(),
        })
    }

    #[test]
    fn the_names_of_the_specification_get_columns() {
        let order = of(
            r#"{"order_id":"A-1","revenue":12.5,"total":14,"currency":"CNY","products":[{"price":1}]}"#,
            "{}",
        );
        assert_eq!(
            (order.value, order.order_id.as_deref(), order.currency.as_deref()),
            (Some(12.5), Some("A-1"), Some("CNY"))
        );
        let added = of(r#"{"sku":778,"price":"3.5","quantity":2}"#, r#"{"page":{"path":"/p/778"}}"#);
        assert_eq!(
            (added.value, added.product_id.as_deref(), added.path.as_deref()),
            (Some(7.0), Some("778"), Some("/p/778"))
        );
    }

    #[test]
    fn other_types_are_left_where_they_are() {
        assert_eq!(
            of(r#"{"revenue":"much","product_id":{"a":1},"order_id":null,"path":""}"#, r#"{"page":7}"#),
            Promoted::default()
        );
        assert_eq!(of("{}", "{}"), Promoted::default());
    }
}
