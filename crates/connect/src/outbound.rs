use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use kernel::{Problem, Result};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Method, RequestBuilder, Response, Url, redirect};

/// Longest time for one request.
const TIMEOUT: Duration = Duration::from_secs(10);
/// What looks at other people's pages says what it is.
const USER_AGENT: &str = concat!("Brandwright/", env!("CARGO_PKG_VERSION"));
/// Most redirects that are followed.
const REDIRECTS_MAX: usize = 5;

/// The one outbound HTTP client (出站请求), with its egress filter.
///
/// Private, loopback and link-local addresses are refused, also when a public name resolves to
/// them or a redirect leads there, unless the host is allowed by name.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    allowed: Arc<[String]>,
}

impl Outbound {
    /// Makes a client that may also reach these hosts (`name` or `name:port`).
    pub fn new(allowed: Vec<String>) -> Result<Self> {
        let allowed: Arc<[String]> = allowed.into();
        let client = Client::builder()
            .timeout(TIMEOUT)
            .dns_resolver(Arc::new(Filtered { allowed: allowed.clone() }))
            .redirect(followed(allowed.clone()))
            .no_proxy()
            .build()
            .map_err(Problem::internal)?;
        Ok(Self { client, allowed })
    }

    /// Makes a client for which an answer that leads elsewhere is an answer.
    pub fn without_redirects(allowed: Vec<String>) -> Result<Self> {
        let allowed: Arc<[String]> = allowed.into();
        let client = Client::builder()
            .timeout(TIMEOUT)
            .dns_resolver(Arc::new(Filtered { allowed: allowed.clone() }))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(Problem::internal)?;
        Ok(Self { client, allowed })
    }

    /// Makes a client that shows the certificate of the other side, and trusts these beside the usual ones.
    pub fn showing_certificates(allowed: Vec<String>, trusted: &[Vec<u8>]) -> Result<Self> {
        let allowed: Arc<[String]> = allowed.into();
        let mut client = Client::builder()
            .timeout(TIMEOUT)
            .user_agent(USER_AGENT)
            .tls_info(true)
            .dns_resolver(Arc::new(Filtered { allowed: allowed.clone() }))
            .redirect(followed(allowed.clone()))
            .no_proxy();
        for certificate in trusted {
            let certificate = reqwest::Certificate::from_der(certificate).map_err(Problem::internal)?;
            client = client.add_root_certificate(certificate);
        }
        Ok(Self { client: client.build().map_err(Problem::internal)?, allowed })
    }

    /// Prepares a request without a body; an address that may not be called is refused here.
    pub fn looking(&self, method: Method, url: &str) -> Result<RequestBuilder> {
        let url =
            Url::parse(url).map_err(|_| Problem::unprocessable("connect.url_invalid").with("url", url))?;
        check(&url, &self.allowed)?;
        Ok(self.client.request(method, url))
    }

    /// Prepares a request with a JSON body; an address that may not be called is refused here.
    pub fn posting(&self, url: &str, headers: &[(String, String)], body: String) -> Result<RequestBuilder> {
        let url =
            Url::parse(url).map_err(|_| Problem::unprocessable("connect.url_invalid").with("url", url))?;
        check(&url, &self.allowed)?;
        let request = self.client.post(url).header("content-type", "application/json").body(body);
        Ok(headers.iter().fold(request, |request, (name, value)| request.header(name, value)))
    }

    /// Sends one request without a body.
    pub async fn request(&self, method: Method, url: &str, headers: &[(&str, &str)]) -> Result<Response> {
        self.send(method, url, headers, None).await
    }

    /// Sends one request with an optional form body.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: &[(&str, &str)],
        form: Option<&str>,
    ) -> Result<Response> {
        let url =
            Url::parse(url).map_err(|_| Problem::unprocessable("connect.url_invalid").with("url", url))?;
        check(&url, &self.allowed)?;
        let mut request = self.client.request(method, url.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            request =
                request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned());
        }
        request.send().await.map_err(|error| {
            Problem::unavailable("connect.unreachable")
                .with("url", url.as_str())
                .with("reason", error.to_string())
        })
    }
}

/// Follows where an answer leads, as far as it may be called.
fn followed(allowed: Arc<[String]>) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS_MAX {
            attempt.error("too many redirects")
        } else if let Err(problem) = check(attempt.url(), &allowed) {
            attempt.error(problem.to_string())
        } else {
            attempt.follow()
        }
    })
}

fn is_allowed(url: &Url, allowed: &[String]) -> bool {
    let host = url.host_str().unwrap_or_default();
    let with_port = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
    allowed.iter().any(|name| name == host || *name == with_port)
}

/// Refuses other schemes and addresses that are written as numbers; names are checked when resolved.
fn check(url: &Url, allowed: &[String]) -> Result<()> {
    let refused = || Problem::forbidden("connect.egress_refused").with("url", url.as_str());
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused());
    }
    if is_allowed(url, allowed) {
        return Ok(());
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(address) if is_private(address) => Err(refused()),
        _ => Ok(()),
    }
}

#[derive(Debug)]
struct Filtered {
    allowed: Arc<[String]>,
}

impl Resolve for Filtered {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let free = self.allowed.iter().any(|a| a.split(':').next() == Some(host.as_str()));
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let kept: Vec<SocketAddr> = found.into_iter().filter(|a| free || !is_private(a.ip())).collect();
            if kept.is_empty() {
                return Err(format!("{host} has no public address").into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// Returns true for addresses that only this machine or its network can reach (RFC 6890).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => {
            let [first, second, ..] = a.octets();
            a.is_private()
                || a.is_loopback()
                || a.is_link_local()
                || a.is_unspecified()
                || a.is_broadcast()
                || a.is_multicast()
                || a.is_documentation()
                || first == 0
                || (first == 100 && (64..128).contains(&second))
                || (first == 198 && (second == 18 || second == 19))
                || first >= 240
        }
        IpAddr::V6(a) => {
            let head = a.segments()[0];
            a.to_ipv4().is_some_and(|v4| is_private(IpAddr::V4(v4)))
                || a.is_loopback()
                || a.is_unspecified()
                || a.is_multicast()
                || (head & 0xfe00) == 0xfc00
                || (head & 0xffc0) == 0xfe80
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn private_addresses_are_refused_however_they_are_written() {
        let outbound = Outbound::new(vec![]).expect("a client");
        for url in [
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://[::1]/",
            "http://[::ffff:192.168.0.1]/",
            "http://169.254.169.254/latest",
            "http://localhost:1/",
            "http://2130706433/",
            "file:///etc/passwd",
        ] {
            let refused = outbound.request(Method::GET, url, &[]).await;
            assert!(refused.is_err(), "{url} got through");
        }
    }

    #[test]
    fn a_host_can_be_allowed_by_name() {
        let allowed = vec!["127.0.0.1:8701".to_owned()];
        assert!(check(&Url::parse("http://127.0.0.1:8701/t").expect("a URL"), &allowed).is_ok());
        assert!(check(&Url::parse("http://127.0.0.1:8702/t").expect("a URL"), &allowed).is_err());
    }
}
