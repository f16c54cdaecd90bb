//! The address of the cTrader backend.

use domain::is_https_or_loopback;
use reqwest::Url;

/// The base URL of a cTrader backend: `https://HOST:PORT`, without a trailing slash.
///
/// A path is allowed, because Spotware documents no base path for `/ctid2/`. Plain `http` is allowed on
/// loopback only, because every URL contains the manager token.
///
/// ```
/// use ctrader::BaseUrl;
///
/// assert!("https://broker.example:8443".parse::<BaseUrl>().is_ok());
/// assert!("http://127.0.0.1:9002".parse::<BaseUrl>().is_ok());
/// assert!("http://broker.example".parse::<BaseUrl>().is_err());
/// ```
#[derive(Clone, Debug)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The URL of `path` (which starts with a slash) with the given query.
    pub(crate) fn with(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url.query_pairs_mut().extend_pairs(query);
        url
    }
}

/// The base URLs of one cTrader backend. No document says that they are the same.
#[derive(Clone, Debug)]
pub struct BaseUrls {
    /// That of `/ctid2/...`: the redemption.
    pub ctid2: BaseUrl,
    /// That of `/v2/webserv/...`: trading accounts and balances.
    pub webserv: BaseUrl,
}

/// One base URL for all calls.
impl From<BaseUrl> for BaseUrls {
    fn from(base: BaseUrl) -> Self {
        Self {
            ctid2: base.clone(),
            webserv: base,
        }
    }
}

impl std::str::FromStr for BaseUrl {
    type Err = BadBaseUrl;

    fn from_str(text: &str) -> Result<Self, BadBaseUrl> {
        let url = Url::parse(text).map_err(|_| BadBaseUrl::NotAUrl)?;
        if text.ends_with('/') {
            return Err(BadBaseUrl::TrailingSlash);
        }
        if url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(BadBaseUrl::Extra);
        }
        if is_https_or_loopback(&url) {
            Ok(Self(url))
        } else {
            Err(BadBaseUrl::NotHttps)
        }
    }
}

/// Why a text is not a base URL.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBaseUrl {
    /// It does not parse as an absolute URL.
    #[error("is no URL; expected https://HOST:PORT")]
    NotAUrl,
    /// It ends with a slash, and every path begins with one.
    #[error("must not end with a slash")]
    TrailingSlash,
    /// It has a query, a fragment or user information.
    #[error("must be https://HOST:PORT without user, query or fragment")]
    Extra,
    /// Its scheme is not `https`, and it is not `http` on loopback.
    #[error("must be https (http is allowed for loopback only)")]
    NotHttps,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_base_url_says_what_is_wrong() {
        for (text, why) in [
            ("broker.example", BadBaseUrl::NotAUrl),
            ("https://broker.example/", BadBaseUrl::TrailingSlash),
            ("https://u:p@broker.example", BadBaseUrl::Extra),
            ("https://broker.example?x=1", BadBaseUrl::Extra),
            ("http://broker.example", BadBaseUrl::NotHttps),
            ("http://10.0.0.1", BadBaseUrl::NotHttps),
            ("ftp://localhost", BadBaseUrl::NotHttps),
        ] {
            assert_eq!(text.parse::<BaseUrl>().unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn paths_are_appended_and_queries_encoded() {
        let base: BaseUrl = "http://[::1]:8080/prefix".parse().unwrap();
        let url = base.with("/ctid2/x", &[("token", "a+b/c=&d")]);
        assert_eq!(
            url.as_str(),
            "http://[::1]:8080/prefix/ctid2/x?token=a%2Bb%2Fc%3D%26d"
        );
    }
}
