//! Content negotiation: HTML or JSON, gzip or not.

/// Whether the `Accept` header prefers `application/json` to `text/html`. If both have the same quality, a header
/// that names JSON and not HTML prefers JSON: some HTTP clients send `application/json, text/plain, */*`.
pub(crate) fn prefers_json(accept: &str) -> bool {
    let json = quality(accept, &["application/json", "application/*"]);
    let html = quality(accept, &["text/html", "text/*"]);
    let names = |range: &str| accept.to_ascii_lowercase().contains(range);
    json > html || (json == html && json > 0 && names("application/json") && !names("text/html"))
}

/// Whether the `Accept-Encoding` header allows gzip.
pub(crate) fn allows_gzip(accept_encoding: &str) -> bool {
    quality(accept_encoding, &["gzip"]) > 0
}

/// The quality, in thousandths, that the header gives to the first of `names` that it contains, else to `*/*` or `*`
/// (RFC 9110, 12.5.1). 0 if it contains none.
fn quality(header: &str, names: &[&str]) -> u32 {
    names
        .iter()
        .chain(&["*/*", "*"])
        .find_map(|name| {
            header.split(',').find_map(|entry| {
                let mut parts = entry.split(';').map(str::trim);
                parts.next().filter(|range| range.eq_ignore_ascii_case(name))?;
                Some(parts.find_map(thousandths).unwrap_or(1_000))
            })
        })
        .unwrap_or(0)
}

/// The value of a parameter such as `q=0.5`, in thousandths. An unreadable value counts as 0.
fn thousandths(parameter: &str) -> Option<u32> {
    let value = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="))?;
    let quality: f32 = value.trim().parse().unwrap_or(0.0);
    Some((quality.clamp(0.0, 1.0) * 1_000.0) as u32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_is_chosen_only_if_it_is_preferred() {
        for accept in [
            "",
            "*/*",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html, application/json",
            "application/json;q=0.5, text/html;q=0.6",
            "application/json;q=0",
            "nonsense",
        ] {
            assert!(!prefers_json(accept), "{accept}");
        }
        for accept in [
            "application/json",
            "application/json, text/html;q=0.9",
            "application/json, text/plain, */*",
            "application/json, */*;q=0.1",
            "Application/JSON; q=0.8, text/*;q=0.2",
        ] {
            assert!(prefers_json(accept), "{accept}");
        }
    }

    #[test]
    fn gzip_is_used_only_if_it_is_allowed() {
        assert!(allows_gzip("gzip, deflate, br"));
        assert!(allows_gzip("*"));
        assert!(!allows_gzip("br, gzip;q=0"));
        assert!(!allows_gzip(""));
    }

    proptest! {
        #[test]
        fn any_header_is_read_without_panic(header in "\\PC{0,80}") {
            let _ = (prefers_json(&header), allows_gzip(&header));
        }
    }
}
