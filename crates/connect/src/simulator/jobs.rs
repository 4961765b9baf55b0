use async_trait::async_trait;
use http_kit::App;
use kernel::{Problem, Result};
use reqwest::Method;
use scraper::{Html, Selector};
use serde::{Deserialize, Serialize};
use store::Observation;
use store::jobs::{Job, JobError, JobKind, Lease, Registry};

use super::Shops;
use super::rules::{Behaviour, behaviour, followed};
use crate::Outbound;
use crate::mail_drop::{DroppedMail, Opened, mark_simulated, open, waiting};

/// How long a message lies before anybody looks: whoever comes sooner is no person.
const PAUSE_MS: i64 = 4_000;
/// Messages treated in one run of the job.
const BATCH: i64 = 500;
const PERSON: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 BrandwrightSimulator/1";
const SCANNER: &str = "Mozilla/5.0 (compatible; MailGatewayScanner/2.0; BrandwrightSimulator/1)";

/// Lets simulated recipients treat the messages that wait.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Simulate {}

impl JobKind for Simulate {
    const KIND: &'static str = "connect.simulate_recipients";
}

#[async_trait]
impl Job<App> for Simulate {
    async fn run(&self, app: &App, lease: &Lease) -> Result<(), JobError> {
        run(app, lease).await.map(drop).map_err(JobError::from)
    }
}

pub(crate) fn register(registry: &mut Registry<App>) {
    registry.job::<Simulate>();
    registry.schedule(Simulate::KIND, store::jobs::Every::seconds(5), || Simulate {});
}

/// Treats what waits and returns how many messages that were.
async fn run(app: &App, lease: &Lease) -> Result<usize> {
    let (true, Some(public_url)) = (app.settings.sample, &app.settings.public_url) else { return Ok(0) };
    let origin = public_url.split("://").nth(1).unwrap_or_default().trim_end_matches('/');
    let outbound = Outbound::new(vec![origin.to_owned()])?;
    let mut count = 0;
    let until = app.store.now().plus_ms(-PAUSE_MS);
    for mail in waiting(&app.store, BATCH, until).await? {
        lease.check().await?;
        let did = treat(app, &outbound, public_url, &mail).await?;
        let mut tx = app.store.begin_observation(Observation::Tracking).await?;
        mark_simulated(&mut tx, mail.id, app.store.now(), &did.words()).await?;
        tx.commit().await?;
        count += 1;
    }
    Ok(count)
}

async fn treat(app: &App, outbound: &Outbound, public_url: &str, mail: &DroppedMail) -> Result<Behaviour> {
    let opened = open(&app.settings.data_dir, mail).await?;
    let links = Links::of(&opened, public_url);
    // A message without tracking (a test, an invitation) is left alone.
    if links.images.is_empty() && links.hidden.is_empty() {
        return Ok(Behaviour::default());
    }
    let did = behaviour(&mail.recipient, &mail.message_id);
    if did.scanned {
        for link in links.anchors.iter().chain(&links.hidden).chain(&links.images) {
            visit(outbound, Method::GET, link, SCANNER, None).await?;
        }
    }
    if did.opens {
        for image in &links.images {
            visit(outbound, Method::GET, image, PERSON, None).await?;
        }
    }
    if did.clicks && !links.anchors.is_empty() {
        let link = &links.anchors[followed(&mail.recipient, links.anchors.len())];
        visit(outbound, Method::GET, link, PERSON, None).await?;
    }
    if did.buys {
        app.part::<Shops>()?.0.order(app, &mail.recipient, &mail.message_id).await?;
    }
    if let (true, Some(link)) = (did.unsubscribes, &links.one_click) {
        visit(outbound, Method::POST, link, PERSON, Some("List-Unsubscribe=One-Click")).await?;
    }
    Ok(did)
}

/// A target outside our origin is not followed further: the redirect itself was the visit.
async fn visit(
    outbound: &Outbound,
    method: Method,
    url: &str,
    agent: &str,
    form: Option<&str>,
) -> Result<()> {
    match outbound.send(method, url, &[("user-agent", agent)], form).await {
        Ok(response) if response.status().is_server_error() => {
            Err(Problem::unavailable("connect.unreachable")
                .with("url", url)
                .with("reason", response.status().as_str()))
        }
        Ok(_) => Ok(()),
        Err(problem) => {
            tracing::debug!(url, "the simulated recipient got no page: {problem}");
            Ok(())
        }
    }
}

/// The links of a message, by what a recipient does with them.
#[derive(Debug, Default)]
struct Links {
    anchors: Vec<String>,
    /// Links that no person sees.
    hidden: Vec<String>,
    images: Vec<String>,
    one_click: Option<String>,
}

impl Links {
    fn of(mail: &Opened, public_url: &str) -> Self {
        let document = Html::parse_document(&mail.html);
        let mut links = Self::default();
        let select = |css| Selector::parse(css).expect("a fixed selector");
        for anchor in document.select(&select("a[href]")) {
            let href = anchor.attr("href").unwrap_or_default();
            let style = anchor.attr("style").unwrap_or_default().replace(' ', "");
            match () {
                () if !href.starts_with(public_url) || !href.contains("/t/c/") => {}
                () if style.contains("display:none") => links.hidden.push(href.to_owned()),
                () => links.anchors.push(href.to_owned()),
            }
        }
        for image in document.select(&select("img[src]")) {
            let src = image.attr("src").unwrap_or_default();
            if src.starts_with(public_url) && src.contains("/t/o/") {
                links.images.push(src.to_owned());
            }
        }
        let header = mail.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("List-Unsubscribe"));
        links.one_click = header.and_then(|(_, value)| {
            let value: String = value.split_whitespace().collect();
            value
                .split(',')
                .map(|part| part.trim_matches(['<', '>']))
                .find(|u| u.starts_with("http"))
                .map(str::to_owned)
        });
        links
    }
}
