//! Keeps other websites away from the servers that `cargo dev` starts on this machine.
//!
//! A browser lets any website send requests to `localhost`, and lets it read what answers with CORS. A website whose name
//! leads to 127.0.0.1 (DNS rebinding) may read everything, but its requests carry that name in `Host`. [`guarded`] protects
//! a server of ours, [`Front`] a program of others.

mod front;

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};

pub use front::Front;

/// Which pages of a browser may send requests to a server. Programs always may: they send neither `Origin` nor
/// `Sec-Fetch-Site`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Only pages of the server itself.
    Itself,
    /// Each page may link to the server; only its own pages may send it something.
    Links,
    /// Each page of this machine may send it something, and so may frames without an origin. The server decides by itself
    /// whom it answers, as in production.
    Pages,
}

/// What a request says about its sender.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sender<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) host: Option<&'a str>,
    pub(crate) origin: Option<&'a str>,
    /// `Sec-Fetch-Site`
    pub(crate) site: Option<&'a str>,
}

impl Callers {
    /// Why the request is refused. `None` if it is not.
    pub(crate) fn refusal(self, sender: Sender<'_>) -> Option<&'static str> {
        if sender.host.is_some_and(|host| !is_loopback(host)) {
            return Some("Host must be localhost, 127.0.0.1 or [::1]");
        }
        let is_own = sender.is_own();
        let is_safe = ["GET", "HEAD"].contains(&sender.method);
        let allowed = match self {
            Self::Itself => is_own,
            Self::Links => is_own || is_safe && sender.origin.is_none(),
            // `cargo lambda watch` takes invocations there, which no page sends.
            Self::Pages if sender.path.starts_with("/2") => is_own,
            Self::Pages => sender.origin.is_none_or(|origin| {
                let host = origin
                    .strip_prefix("http://")
                    .or_else(|| origin.strip_prefix("https://"));
                origin == "null" || host.is_some_and(is_loopback)
            }),
        };
        (!allowed).then_some("This server takes no requests of other websites")
    }
}

impl Sender<'_> {
    /// Whether a page of the server itself sent the request, or a program. A page under `no-referrer` has the origin `null`, so
    /// `Sec-Fetch-Site` decides where a browser sends it.
    fn is_own(self) -> bool {
        match (self.site, self.origin) {
            (Some(site), _) => ["same-origin", "none"].contains(&site),
            (None, Some(origin)) => self.host.is_some() && origin.strip_prefix("http://") == self.host,
            (None, None) => true,
        }
    }
}

/// Whether `host`, which may have a port, is this machine by one of its own names.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

/// The routes, for these callers.
pub fn guarded<S: Clone + Send + Sync + 'static>(routes: Router<S>, callers: Callers) -> Router<S> {
    routes.layer(from_fn(move |request, next| check(callers, request, next)))
}

async fn check(callers: Callers, request: Request, next: Next) -> Response {
    match callers.refusal(sender(&request)) {
        Some(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
        None => next.run(request).await,
    }
}

fn sender(request: &Request) -> Sender<'_> {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap_or("?"))
    };
    Sender {
        method: request.method().as_str(),
        path: request.uri().path(),
        host: header("host"),
        origin: header("origin"),
        site: header("sec-fetch-site"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "127.0.0.1:9004";

    fn allows(callers: Callers, method: &'static str, origin: Option<&str>, site: Option<&str>) -> bool {
        let (path, host) = ("/x", Some(OWN));
        let sender = Sender {
            method,
            path,
            host,
            origin,
            site,
        };
        callers.refusal(sender).is_none()
    }

    #[test]
    fn only_names_of_this_machine_are_hosts() {
        for (host, allowed) in [
            ("localhost", true),
            ("localhost:9001", true),
            ("127.0.0.1:9000", true),
            ("[::1]:9000", true),
            ("[::1]", true),
            ("evil.example", false),
            ("evil.example:9001", false),
            ("localhost.evil.example:9001", false),
            ("127.0.0.1.evil.example", false),
            ("evil.example:80:localhost", false),
            ("", false),
            ("?", false),
        ] {
            for callers in [Callers::Itself, Callers::Links, Callers::Pages] {
                let sender = Sender {
                    method: "GET",
                    path: "/",
                    host: Some(host),
                    ..Sender::default()
                };
                assert_eq!(callers.refusal(sender).is_none(), allowed, "{host}");
            }
        }
    }

    #[test]
    fn programs_and_own_pages_may_all() {
        for callers in [Callers::Itself, Callers::Links, Callers::Pages] {
            for method in ["GET", "POST", "PUT", "DELETE"] {
                assert!(allows(callers, method, None, None));
                assert!(allows(callers, method, Some("http://127.0.0.1:9004"), None));
                assert!(allows(callers, method, Some("null"), Some("same-origin")));
                assert!(allows(callers, method, None, Some("none")));
            }
        }
    }

    #[test]
    fn other_websites_may_link_at_most() {
        for origin in [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://evil.example:9004",
        ] {
            for callers in [Callers::Itself, Callers::Links, Callers::Pages] {
                for method in ["GET", "POST", "OPTIONS", "PUT"] {
                    assert!(!allows(callers, method, Some(origin), None), "{origin}");
                    assert!(
                        !allows(callers, method, Some(origin), Some("cross-site")),
                        "{origin}"
                    );
                }
            }
        }
        assert!(!allows(Callers::Itself, "GET", None, Some("cross-site")));
        assert!(!allows(Callers::Links, "POST", None, Some("cross-site")));
        assert!(!allows(Callers::Links, "POST", Some("null"), Some("cross-site")));
        assert!(!allows(
            Callers::Links,
            "POST",
            Some("http://localhost:3000"),
            Some("same-site")
        ));
        assert!(allows(Callers::Links, "GET", None, Some("cross-site")));
    }

    #[test]
    fn frames_of_this_machine_send_forms_but_no_invocations() {
        let origins = ["null", "http://localhost:9005"];
        for origin in origins {
            assert!(allows(Callers::Pages, "POST", Some(origin), Some("cross-site")));
            let invocation = Sender {
                method: "POST",
                path: "/2015-03-31/functions/deposit/invocations",
                host: Some(OWN),
                origin: Some(origin),
                site: Some("cross-site"),
            };
            assert!(Callers::Pages.refusal(invocation).is_some());
        }
    }
}
