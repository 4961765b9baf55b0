//! Links to the public origin (公开链接): each names a send and carries a signature, no personal data.

use http_kit::App;
use kernel::{Id, Problem, Result};
use store::secrets::Signer;

/// Name of the signing key.
const KEY: &str = "campaigns.links";
/// Bytes of the signature that a link carries.
const SIGNATURE_BYTES: usize = 12;
/// Hexadecimal digits of an id.
const ID_DIGITS: usize = 32;

/// Makes and reads links of one installation.
#[derive(Clone)]
pub(crate) struct Links {
    signer: Signer,
    origin: String,
}

/// The places in which a link differs for each receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    pub click: String,
    pub open: String,
    pub unsubscribe: String,
    pub preferences: String,
    pub view: String,
}

impl Links {
    /// Prepares for making links; refused where nobody said under which origin receivers reach us.
    pub(crate) async fn of(app: &App) -> Result<Self> {
        let origin = app.settings.public_url.clone();
        let origin = origin.ok_or_else(|| Problem::unavailable("campaigns.send.public_url_missing"))?;
        Ok(Self { signer: app.secrets.signer(KEY).await?, origin: origin.trim_end_matches('/').to_owned() })
    }

    /// Returns the links of one send.
    pub(crate) fn places(&self, send: Id) -> Places {
        let (origin, token) = (&self.origin, self.token(send));
        Places {
            click: format!("{origin}/t/c/{token}"),
            open: format!("{origin}/t/o/{token}.gif"),
            unsubscribe: format!("{origin}/u/{token}"),
            preferences: format!("{origin}/p/{token}"),
            view: format!("{origin}/v/{token}"),
        }
    }

    /// Returns the token that names a send.
    pub(crate) fn token(&self, send: Id) -> String {
        let id = send.to_string().replace('-', "");
        let signature = self.signer.sign(id.as_bytes());
        format!("{id}{}", hex::encode(&signature[..SIGNATURE_BYTES]))
    }

    /// Returns the send that a token names; a forged or broken one is "not found".
    pub(crate) fn read(&self, token: &str) -> Result<Id> {
        let forged = || Problem::not_found("campaigns.link.invalid");
        let id = token.get(..ID_DIGITS).and_then(|digits| digits.parse::<Id>().ok()).ok_or_else(forged)?;
        // Comparing whole tokens of fixed length by their digests keeps the time independent of the content.
        let (ours, theirs) =
            (self.signer.sign(self.token(id).as_bytes()), self.signer.sign(token.as_bytes()));
        if ours == theirs { Ok(id) } else { Err(forged()) }
    }
}
