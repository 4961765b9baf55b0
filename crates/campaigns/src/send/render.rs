//! Fills released content for one receiver: the templates were compiled when the content was approved.

use std::collections::BTreeMap;

use kernel::ports::{OutgoingMail, Released, ReleasedVariant};
use kernel::{Language, Problem, Result};
use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::links::Places;

/// Steps that one template may take for one receiver.
const FUEL: u64 = 100_000;
/// Number of the link that no person sees: whoever follows it is no person.
pub const HONEYPOT: i64 = 0;

/// Facts about a receiver that content may name.
#[derive(Debug, Clone, Default)]
pub struct Receiver {
    /// Address.
    pub address: String,
    /// Full name.
    pub name: String,
    /// Given name.
    pub first_name: String,
    /// City.
    pub city: String,
    /// Tier.
    pub tier: String,
}

/// Released content, ready to be filled for many receivers.
pub struct Renderer {
    environment: Environment<'static>,
    released: Released,
    campaign: String,
}

impl Renderer {
    /// Takes over released content; `links` numbers the targets that are to be counted. Without it nothing is
    /// counted: a test carries neither counted links nor the open pixel.
    pub fn new(released: Released, campaign: &str, links: Option<&BTreeMap<String, i64>>) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        for variant in &released.variants {
            let language = variant.language.as_str();
            let html = match links {
                Some(links) => with_pixel(&with_numbers(&variant.html, links)),
                None => variant.html.clone(),
            };
            for (part, text) in [("subject", &variant.subject), ("html", &html), ("text", &variant.text)] {
                // The templates escape by themselves; the name must not ask for it a second time.
                environment
                    .add_template_owned(format!("{language}/{part}"), text.clone())
                    .map_err(Problem::internal)?;
            }
        }
        Ok(Self { environment, released, campaign: campaign.to_owned() })
    }

    /// Returns the variant for a language, or the first one.
    pub fn variant(&self, language: Option<Language>) -> Result<&ReleasedVariant> {
        let wanted = self.released.variants.iter().find(|v| Some(v.language) == language);
        wanted
            .or(self.released.variants.first())
            .ok_or_else(|| Problem::conflict("campaigns.campaign.content_without_variant"))
    }

    /// Writes the message for one receiver.
    pub fn mail(
        &self,
        receiver: &Receiver,
        language: Option<Language>,
        places: &Places,
        message_id: &str,
    ) -> Result<OutgoingMail> {
        let variant = self.variant(language)?;
        let html = self.fill(variant.language, "html", receiver, places)?;
        Ok(OutgoingMail {
            message_id: message_id.to_owned(),
            from: (variant.sender_address.clone(), variant.sender_name.clone()),
            to: receiver.address.clone(),
            subject: self.fill(variant.language, "subject", receiver, places)?.replace(['\r', '\n'], " "),
            html,
            text: self.fill(variant.language, "text", receiver, places)?,
            headers: headers(places, message_id),
            attachments: Vec::new(),
        })
    }

    /// Fills one part of the variant in `language`.
    pub fn fill(
        &self,
        language: Language,
        part: &str,
        receiver: &Receiver,
        places: &Places,
    ) -> Result<String> {
        let template = self
            .environment
            .get_template(&format!("{}/{part}", language.as_str()))
            .map_err(Problem::internal)?;
        // Our own addresses hold nothing to escape, and stay readable where the template escapes.
        let address = |url: &str| Value::from_safe_string(url.to_owned());
        let values = context! {
            customer => context! {
                name => &receiver.name,
                first_name => &receiver.first_name,
                city => &receiver.city,
                tier => &receiver.tier,
            },
            brand => context! { name => self.released.brand_name.get(language) },
            campaign => context! { name => &self.campaign },
            unsubscribe_url => address(&places.unsubscribe),
            preferences_url => address(&places.preferences),
            view_url => address(&places.view),
            bw_click => address(&places.click),
            bw_open => address(&places.open),
        };
        template.render(values).map_err(|error| {
            Problem::unprocessable("campaigns.send.template_failed").with("detail", error.to_string())
        })
    }
}

/// RFC 2369 and RFC 8058: leaving takes one click in the receiver's own mail program.
fn headers(places: &Places, message_id: &str) -> Vec<(String, String)> {
    [
        ("List-Unsubscribe", format!("<{}>", places.unsubscribe)),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ("Feedback-ID", format!("{}:brandwright", message_id.split('@').next().unwrap_or_default())),
        ("Auto-Submitted", "auto-generated".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// Returns the targets of a compiled HTML part that can be counted: those that are the same for everybody.
pub fn targets(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (target, _) in hrefs(html) {
        let target = unescape(target);
        if !found.contains(&target) {
            found.push(target);
        }
    }
    found
}

/// Yields every countable `href` value as it is written, with its place.
fn hrefs(html: &str) -> impl Iterator<Item = (&str, usize)> {
    const MARK: &str = "href=\"";
    html.match_indices(MARK).filter_map(move |(at, _)| {
        let start = at + MARK.len();
        let target = html[start..].split('"').next()?;
        let countable = target.starts_with("http://") || target.starts_with("https://");
        (countable && !target.contains("{{") && !target.contains("{%")).then_some((target, start))
    })
}

fn with_numbers(html: &str, links: &BTreeMap<String, i64>) -> String {
    let (mut out, mut copied) = (String::with_capacity(html.len()), 0);
    for (target, start) in hrefs(html) {
        let Some(number) = links.get(&unescape(target)) else { continue };
        out.push_str(&html[copied..start]);
        out.push_str(&format!("{{{{ bw_click }}}}/{number}"));
        copied = start + target.len();
    }
    out.push_str(&html[copied..]);
    out
}

fn unescape(target: &str) -> String {
    target.replace("&amp;", "&")
}

/// Adds the open pixel and the hidden link at the end of the body.
fn with_pixel(html: &str) -> String {
    let tail = format!(
        "<a href=\"{{{{ bw_click }}}}/{HONEYPOT}\" style=\"display:none\" tabindex=\"-1\" aria-hidden=\"true\"></a>\
         <img src=\"{{{{ bw_open }}}}\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block;border:0\">"
    );
    match html.rfind("</body>") {
        Some(at) => format!("{}{tail}{}", &html[..at], &html[at..]),
        None => format!("{html}{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, LocalText};

    fn places() -> Places {
        Places {
            click: "http://p/t/c/T".into(),
            open: "http://p/t/o/T.gif".into(),
            unsubscribe: "http://p/u/T".into(),
            preferences: "http://p/p/T".into(),
            view: "http://p/v/T".into(),
        }
    }

    fn released(html: &str) -> Released {
        let variant = |language, subject: &str| ReleasedVariant {
            language,
            subject: subject.into(),
            sender_name: "鲜禾".into(),
            sender_address: "news@brand.invalid".into(),
            html: html.into(),
            text: "{{ customer.first_name }}".into(),
        };
        Released {
            release_id: Id::new(),
            content_id: Id::new(),
            version_id: Id::new(),
            closure_hash: String::new(),
            brand_id: Id::new(),
            brand_name: LocalText { zh_hans: "鲜禾".into(), zh_hant: "鮮禾".into(), en: "Fresh".into() },
            variants: vec![
                variant(Language::ZhHans, "你好\n{{ customer.name }}"),
                variant(Language::En, "Hello"),
            ],
        }
    }

    #[test]
    fn links_are_counted_except_those_that_differ_by_receiver() {
        let html = r#"<body><a href="https://a.invalid/?x=1&amp;y=2">A</a><a href="{{ unsubscribe_url }}">U</a></body>"#;
        assert_eq!(targets(html), ["https://a.invalid/?x=1&y=2"]);
        let links = BTreeMap::from([("https://a.invalid/?x=1&y=2".to_owned(), 1)]);
        let renderer = Renderer::new(released(html), "冬日", Some(&links)).expect("sound");
        let mail = renderer.mail(&Receiver::default(), None, &places(), "m@p").expect("filled");
        assert!(mail.html.contains(r#"href="http://p/t/c/T/1""#), "{}", mail.html);
        assert!(mail.html.contains(r#"href="http://p/u/T""#));
        assert!(mail.html.contains("http://p/t/o/T.gif"));
        assert!(mail.html.find("bw_").is_none());
    }

    #[test]
    fn a_subject_stays_one_line_and_the_language_falls_back() {
        let renderer = Renderer::new(released("<body></body>"), "冬日", None).expect("sound");
        let receiver = Receiver { name: "王\r\nBcc: x".into(), ..Receiver::default() };
        let mail = renderer.mail(&receiver, Some(Language::ZhHant), &places(), "m@p").expect("filled");
        assert_eq!(mail.subject, "你好 王  Bcc: x");
        let mail = renderer.mail(&receiver, Some(Language::En), &places(), "m@p").expect("filled");
        assert_eq!(mail.subject, "Hello");
        assert!(!mail.html.contains("/t/"), "a test is not counted");
        assert!(mail.headers.iter().any(|(n, v)| n == "List-Unsubscribe" && v == "<http://p/u/T>"));
    }
}
