//! The content security policy.

use crate::Site;

/// What the pages of a screen may load, and where their forms may lead, beside what all pages may: their own inline style
/// and script, and pictures that are in the page.
///
/// Each entry is a source of a content security policy: an origin such as `https://bucket.s3.eu-west-1.amazonaws.com`, or
/// `'self'`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `connect-src`: what the script may ask, or send a file to.
    pub connect: Vec<String>,
    /// `script-src`: scripts of somebody else.
    pub script: Vec<String>,
    /// `frame-src`: pages that may be shown in the page.
    pub frame: Vec<String>,
    /// `img-src`
    pub image: Vec<String>,
    /// `form-action`: origins that a form may end at, by way of a redirect too. Chromium holds the redirect that answers a
    /// form to them.
    pub form: Vec<String>,
}

impl Sources {
    /// Nothing more than all pages may.
    pub const NONE: Self = Self {
        connect: Vec::new(),
        script: Vec::new(),
        frame: Vec::new(),
        image: Vec::new(),
        form: Vec::new(),
    };

    /// The header for a page with that nonce, or for what is no page.
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
        let ancestors = site.config.frame_ancestors.iter();
        let ancestors: Vec<String> = ancestors.map(|origin| origin.to_string()).collect();
        let nobody = if ancestors.is_empty() { "'none'" } else { "" };
        allow("frame-ancestors", nobody, &ancestors);
        policy.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_load_only_what_its_screen_names() {
        let site = crate::site::of_the_tests();
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
    fn what_is_no_page_loads_nothing() {
        let policy = Sources::default().policy(None, &crate::site::of_the_tests());
        assert!(!policy.contains("script-src"), "{policy}");
    }
}
