//! The content security policy and the permissions policy.

use crate::Site;

/// Features of the browser that no page uses unless its screen names it. Browsers ask the user for most of them. Each
/// is known to all browsers that read the header: an unknown one would be a warning on the console of every page.
const FEATURES: [&str; 10] = [
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
];

/// Additional sources of the content security policy of a screen's pages. Every page may use its own inline style
/// and script and images inside the page, and may call this deployment and submit forms to it.
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
    /// Features of the browser, such as `camera`, that the page and the pages in `frame` may use. A page in a frame also
    /// needs the feature in the attribute `allow` of its `<iframe>`.
    pub features: Vec<&'static str>,
}

impl Sources {
    /// No additional sources.
    pub const NONE: Self = Self {
        connect: Vec::new(),
        script: Vec::new(),
        frame: Vec::new(),
        image: Vec::new(),
        form: Vec::new(),
        features: Vec::new(),
    };

    /// The header `Permissions-Policy`: switches off what the screen does not use.
    pub(crate) fn permissions(&self) -> String {
        let frames: String = self
            .frame
            .iter()
            .filter(|origin| *origin != "'self'")
            .map(|origin| format!(" \"{origin}\""))
            .collect();
        let permission = |feature: &str| {
            if self.features.contains(&feature) {
                format!("{feature}=(self{frames})")
            } else {
                format!("{feature}=()")
            }
        };
        FEATURES.map(permission).join(", ")
    }

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
            allow("connect-src", "'self'", &self.connect);
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
            "default-src 'none'; style-src 'nonce-n'; script-src 'nonce-n'; img-src data:; connect-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors https://app.ctrader.com"
        );
        let sources = Sources {
            connect: vec!["https://bucket.example".into()],
            script: vec!["https://sdk.example".into()],
            frame: vec!["https://sdk.example".into()],
            image: vec!["https://cdn.example".into()],
            form: vec!["https://pay.example".into()],
            features: Vec::new(),
        };
        assert_eq!(
            sources.policy(Some("n"), &site),
            "default-src 'none'; style-src 'nonce-n'; script-src 'nonce-n' https://sdk.example; img-src data: \
             https://cdn.example; connect-src 'self' https://bucket.example; frame-src https://sdk.example; \
             base-uri 'none'; form-action 'self' https://pay.example; frame-ancestors https://app.ctrader.com"
        );
    }

    #[test]
    fn a_page_and_its_frames_may_use_only_the_features_that_the_screen_names() {
        let none = Sources::default().permissions();
        assert!(none.contains("camera=(), ") && none.ends_with("usb=()"), "{none}");
        let sources = Sources {
            frame: vec!["'self'".into(), "https://sdk.example".into()],
            features: vec!["camera"],
            ..Sources::default()
        };
        let camera = "camera=(self \"https://sdk.example\")";
        assert_eq!(sources.permissions(), none.replace("camera=()", camera));
    }

    #[test]
    fn a_response_that_is_no_page_may_load_nothing() {
        let policy = Sources::default().policy(None, &crate::site::test_site());
        assert!(!policy.contains("script-src"), "{policy}");
    }
}
