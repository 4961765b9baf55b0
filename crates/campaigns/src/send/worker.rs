//! The worker of one campaign: claims, sends and settles, batch after batch.

use std::sync::{Arc, Mutex, PoisonError};

use http_kit::App;
use kernel::ports::{MailOutcome, MailPort};
use kernel::{Id, Problem, Result};
use store::jobs::Lease;
use tokio::task::JoinSet;

use super::claim::{Claimed, claim, connection_rate};
use super::links::Links;
use super::render::{Receiver, Renderer};
use super::settle::{Tried, settle};
use super::sql::{self, Planned};
use crate::campaign::Campaign;

/// Messages that are written and sent at a time; the mail port bounds its connections by itself.
const AT_A_TIME: usize = 32;

/// Sends what is due of one campaign.
pub(super) struct Worker<'a> {
    app: &'a App,
    campaign: Campaign,
    wire: Arc<Wire>,
}

/// What turns a planned message into one on the wire; the same over all batches.
struct Wire {
    links: Links,
    renderer: Renderer,
    mail: Arc<dyn MailPort>,
}

impl<'a> Worker<'a> {
    pub(super) async fn new(app: &'a App, campaign: Campaign) -> Result<Self> {
        let release = campaign.release_id;
        let release = release
            .ok_or_else(|| Problem::internal(format!("campaign {} runs without release", campaign.id)))?;
        let released = app.ports.release.get()?.open(release).await?;
        let numbers = sql::links(&app.store, campaign.id).await?;
        let renderer = Renderer::new(released, &campaign.name, Some(&numbers))?;
        let wire = Wire { links: Links::of(app).await?, renderer, mail: app.ports.mail.get()?.clone() };
        Ok(Self { app, campaign, wire: Arc::new(wire) })
    }

    /// Returns true where the campaign, or the connection, takes no more than so many in a minute.
    pub(super) fn has_rate(&self) -> bool {
        self.campaign.rate_per_minute.is_some() || connection_rate(self.app).is_some()
    }

    /// Sends until nothing is due. While a batch is on the wire, the one before is settled and the next is claimed:
    /// neither the wire nor the database waits for the other. Whatever was claimed is sent.
    pub(super) async fn work(&self, lease: &Lease) -> Result<()> {
        let mut tried = None;
        let mut claimed = self.claim(lease).await?;
        while !claimed.is_idle {
            let Claimed { lease: batch, messages, .. } = claimed;
            let (sent, settled, next) =
                tokio::join!(self.wire.send_all(messages), self.settle(tried.take()), self.claim(lease));
            tried = Some((batch, sent));
            // What is known by now is written down, whatever went wrong beside it.
            claimed = match settled.and(next) {
                Ok(next) => next,
                Err(problem) => {
                    self.settle(tried).await?;
                    return Err(problem);
                }
            };
        }
        self.settle(tried).await
    }

    async fn claim(&self, lease: &Lease) -> Result<Claimed> {
        lease.check().await?;
        claim(self.app, &self.campaign).await
    }

    async fn settle(&self, tried: Option<(Id, Vec<Tried>)>) -> Result<()> {
        match tried {
            Some((batch, tried)) if !tried.is_empty() => {
                settle(self.app, self.campaign.id, batch, tried).await
            }
            _ => Ok(()),
        }
    }
}

impl Wire {
    /// Sends messages over several tasks, so that writing one does not wait for the connection of another.
    async fn send_all(self: &Arc<Self>, messages: Vec<Planned>) -> Vec<Tried> {
        let tasks = messages.len().min(AT_A_TIME);
        let queue = Arc::new(Mutex::new(messages.into_iter()));
        let mut sending = JoinSet::new();
        for _ in 0..tasks {
            let (wire, queue) = (self.clone(), queue.clone());
            sending.spawn(async move {
                let mut tried = Vec::new();
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(message) = next() {
                    let outcome = wire.send(&message).await;
                    tried.push(Tried { message, outcome });
                }
                tried
            });
        }
        sending.join_all().await.into_iter().flatten().collect()
    }

    async fn send(&self, message: &Planned) -> MailOutcome {
        let receiver = Receiver {
            address: message.address.clone().unwrap_or_default(),
            name: message.name.clone().unwrap_or_default(),
            first_name: message.given_name.clone().unwrap_or_default(),
            city: message.city.clone().unwrap_or_default(),
            tier: message.tier.clone().unwrap_or_default(),
        };
        let places = self.links.places(message.id);
        match self.renderer.mail(&receiver, message.language, &places, &message.message_id) {
            Ok(mail) => self.mail.send(&mail).await,
            // A template that fails for one receiver fails for that receiver.
            Err(problem) => MailOutcome::Refused { permanent: true, reply: problem.to_string() },
        }
    }
}
