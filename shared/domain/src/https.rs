//! Which URLs may carry confidential values.

use url::{Host, Url};

/// Whether a request to this URL cannot be read on its way: `https`, or `http` to this machine.
///
/// ```
/// use domain::is_https_or_loopback;
///
/// assert!(is_https_or_loopback(&"https://crm.broker.example/events".parse()?));
/// assert!(is_https_or_loopback(&"http://localhost:9005".parse()?));
/// assert!(!is_https_or_loopback(&"http://crm.broker.example/events".parse()?));
/// # Ok::<(), url::ParseError>(())
/// ```
pub fn is_https_or_loopback(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether a URL leads to this machine: to `localhost`, or to an address of its loopback interface.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for fine in [
            "https://crm.broker.example/events?key=1",
            "https://10.0.0.1",
            "http://localhost/",
            "http://127.0.0.1:9002",
            "http://127.1.2.3",
            "http://[::1]:8080/x",
        ] {
            assert!(is_https_or_loopback(&fine.parse().unwrap()), "{fine}");
        }
        for bad in [
            "http://crm.broker.example/",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example:9001",
            "http://10.0.0.1",
            "ftp://localhost/",
            "javascript:alert(1)",
        ] {
            assert!(!is_https_or_loopback(&bad.parse().unwrap()), "{bad}");
        }
    }
}
