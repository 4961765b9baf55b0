use lake::{Event, EventKind};
use serde::Deserialize;

use super::{Campaign, Channel, channel};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Context {
    page: Page,
    campaign: Marks,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Page {
    url: String,
    referrer: String,
}

/// The campaign as Segment's libraries name its parts.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Marks {
    source: Option<String>,
    medium: Option<String>,
    name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    url: String,
    referrer: String,
}

/// Returns by which channel somebody came to a page; nothing for what is no page, or does not say where it is.
pub fn arrival(event: &Event) -> Option<Channel> {
    if event.kind != EventKind::Page {
        return None;
    }
    // What is no text where a text should be says nothing about the visit.
    let context: Context = serde_json::from_str(&event.context).unwrap_or_default();
    let said: Properties = serde_json::from_str(&event.properties).unwrap_or_default();
    let first = |one: String, other: String| if one.is_empty() { other } else { one };
    let url = first(context.page.url, said.url);
    let referrer = first(context.page.referrer, said.referrer);
    let mut marks = Campaign::of(&url);
    marks.source = marks.source.or(context.campaign.source);
    marks.medium = marks.medium.or(context.campaign.medium);
    marks.name = marks.name.or(context.campaign.name);
    if url.is_empty() && referrer.is_empty() && marks == Campaign::default() {
        return None;
    }
    let own: Vec<String> = host(&url).into_iter().collect();
    Some(channel(Some(&referrer), &own, &marks))
}

fn host(url: &str) -> Option<String> {
    let uri: axum::http::Uri = url.parse().ok()?;
    uri.host().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use kernel::{Id, Timestamp};

    use super::*;

    fn page(properties: &str, context: &str) -> Option<Channel> {
        arrival(&Event {
            message_id: "m".into(),
            kind: EventKind::Page,
            name: String::new(),
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
    fn a_page_says_how_somebody_came() {
        let context =
            |referrer: &str, url: &str| format!(r#"{{"page":{{"referrer":"{referrer}","url":"{url}"}}}}"#);
        let shop = "https://shop.example/a";
        assert_eq!(
            page("{}", &context("https://www.baidu.com/link?url=x", shop)),
            Some(Channel::OrganicSearch)
        );
        assert_eq!(page("{}", &context("https://shop.example/", shop)), Some(Channel::Internal));
        assert_eq!(page("{}", &context("", shop)), Some(Channel::Direct));
        assert_eq!(
            page("{}", &context("", &format!("{shop}?utm_source=edm&utm_medium=email"))),
            Some(Channel::Email)
        );
        // As tag and analytics.js send the campaign.
        let marked =
            r#"{"page":{"url":"https://shop.example/"},"campaign":{"source":"baidu","medium":"cpc"}}"#;
        assert_eq!(page("{}", marked), Some(Channel::PaidSearch));
        assert_eq!(
            page(r#"{"url":"https://shop.example/","referrer":"https://blog.example/"}"#, "{}"),
            Some(Channel::Referral)
        );
    }

    #[test]
    fn what_says_nothing_has_no_channel() {
        assert_eq!(page("{}", "{}"), None);
        assert_eq!(page("{}", r#"{"page":{"url":7}}"#), None);
    }
}
