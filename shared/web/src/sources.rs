//! The content security policy.

use crate::Site;

/// Additional sources of the content security policy of a screen's pages. Every page may use its own inline style
/// and script and images inside the page, and may submit forms to this deployment.
///
/// Each entry is an origin such as `https://bucket.s3.eu-west-1.amazonaws.com`, or `'self'`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `connect-src`: origins that the script may call or upload to.
    pub connect: Vec<String>,
    /// `script-src`: origins of third-party scripts.
    pub script: Vec<String>,
    /// `frame-src`: origins of pages that may be framed in the page.
    pub frame: Vec<String>,
    /// `img-src`: origins of images.
    pub image: Vec<String>,
    /// `form-action`: origins that a form may lead to. They include the targets of redirects, because Chromium
    /// checks the redirect that follows a form too.
    pub form: Vec<String>,
}

impl Sources {
    /// No additional sources.
    pub const NONE: Self = Self {
        connect: Vec::new(),
        script: Vec::new(),
        frame: Vec::new(),
        image: Vec::new(),
        form: Vec::new(),
    };

    /// The header for a page with this nonce. Without a nonce, the header for a response that is no page.
    pub(crate) fn policy(&self, nonce: Option<&str>, site: &Site) -> String {
        let mut policy = vec!["default-src 'none'".to_owned()];
        let mut allow = |directive: &str, own: &str, sources: &[String]| {
            let words: Vec<&str> = [directive, own]
                .into_iter()
                .chain(sources.iter().map(String::as_str))
                .filter(|word| !word.is_empty())
                .collect();
            if words.len() > 1 {
                policy.push(words.join(" "));
            }
        };
        if let Some(nonce) = nonce {
            let nonce = format!("'nonce-{nonce}'");
            allow("style-src", &nonce, &[]);
            allow("script-src", &nonce, &self.script);
            allow("img-src", "data:", &self.image);
            allow("connect-src", "", &self.connect);
            allow("frame-src", "", &self.frame);
        }
        allow("base-uri", "'none'", &[]);
        allow("form-action", "'self'", &self.form);
        let ancestors: Vec<String> = site
            .config
            .frame_ancestors
            .iter()
            .map(|origin| origin.to_string())
            .collect();
        let none = if ancestors.is_empty() { "'none'" } else { "" };
        allow("frame-ancestors", none, &ancestors);
        policy.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_load_only_what_its_screen_names() {
        let site = crate::site::test_site();
        let plain = Sources::default().policy(Some("n"), &site);
        assert_eq!(
            plain,
            "default-src 'none'; style-src 'nonce-n'; script-src 'nonce-n'; img-src data:; base-uri 'none'; \
             form-action 'self'; frame-ancestors https://app.ctrader.com"
        );
        let sources = Sources {
            connect: vec!["'self'".into(), "https://bucket.example".into()],
            script: vec!["https://sdk.example".into()],
            frame: vec!["https://sdk.example".into()],
            image: vec!["https://cdn.example".into()],
            form: vec!["https://pay.example".into()],
        };
        assert_eq!(
            sources.policy(Some("n"), &site),
            "default-src 'none'; style-src 'nonce-n'; script-src 'nonce-n' https://sdk.example; img-src data: \
             https://cdn.example; connect-src 'self' https://bucket.example; frame-src https://sdk.example; \
             base-uri 'none'; form-action 'self' https://pay.example; frame-ancestors https://app.ctrader.com"
        );
    }

    #[test]
    fn a_response_that_is_no_page_may_load_nothing() {
        let policy = Sources::default().policy(None, &crate::site::test_site());
        assert!(!policy.contains("script-src"), "{policy}");
    }
}
