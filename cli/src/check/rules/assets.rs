//! No assets from third parties: each costs a connection, and tells the third party who the trader is.

use reqwest::Url;

use crate::check::{
    page::Page,
    probe::ProbeResults,
    report::{Group, Problem, Rule},
};

/// Elements and attributes that make a browser load something.
const LOADING_ATTRIBUTES: [(&str, &str); 4] = [
    (
        "script[src], img[src], iframe[src], embed[src], audio[src], video[src], source[src], track[src], input[src]",
        "src",
    ),
    ("img[srcset], source[srcset]", "srcset"),
    ("video[poster]", "poster"),
    ("object[data]", "data"),
];

/// Kinds of `<link>` that make a browser load something. Others, such as `canonical`, do not.
const LOADING_LINKS: [&str; 9] = [
    "stylesheet",
    "icon",
    "apple-touch-icon",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "manifest",
];

/// Checks all rules of this group.
pub fn check(results: &ProbeResults<'_>) -> Group {
    let target = results.target;
    let is_allowed = |url: &Url| {
        let is_same = |allowed: &Url| allowed.origin() == url.origin();
        !url.has_host() || target.owns(url) || target.asset_origins.iter().any(is_same)
    };
    let problems = results.pages().flat_map(|(probe, page)| {
        let mut origins: Vec<String> = loaded_addresses(page)
            .iter()
            .filter_map(|address| target.url.join(address).ok())
            .filter(|url| !is_allowed(url))
            .map(|url| url.origin().ascii_serialization())
            .collect();
        origins.sort();
        origins.dedup();
        let problems = origins
            .into_iter()
            .map(|origin| Problem::fail(probe, format!("from {origin}")));
        problems.collect::<Vec<_>>()
    });
    let rule = Rule {
        id: "assets.own",
        text: "No page loads anything from a third party",
        advice: "Serve it from the deployment, or inline it. A configured chat or KYC widget is allowed with --allow-asset ORIGIN.",
    };
    Group::new("Assets", [rule.judge(problems)])
}

/// The addresses that the page makes a browser load.
fn loaded_addresses(page: &Page) -> Vec<String> {
    let mut addresses = Vec::new();
    for (selector, attribute) in LOADING_ATTRIBUTES {
        for element in page.find(selector) {
            let value = element.attr(attribute).unwrap_or_default();
            if attribute == "srcset" {
                addresses.extend(in_srcset(value));
            } else {
                addresses.push(value.to_owned());
            }
        }
    }
    // SVG uses `href` or the older `xlink:href`; the parser names both `href`.
    for element in page.find("image, use, feImage") {
        let attributes = element.value().attrs();
        let hrefs = attributes.filter(|(name, _)| *name == "href");
        addresses.extend(hrefs.map(|(_, value)| value.to_owned()));
    }
    for link in page.find("link[href]") {
        let kinds = link.attr("rel").unwrap_or_default().to_ascii_lowercase();
        if kinds.split_whitespace().any(|kind| LOADING_LINKS.contains(&kind)) {
            addresses.extend(link.attr("href").map(str::to_owned));
        }
    }
    for style in page.styles() {
        addresses.extend(in_style(&style));
    }
    addresses
}

/// The addresses in a `srcset`. A comma ends an address only if white space follows it.
fn in_srcset(srcset: &str) -> Vec<String> {
    let mut addresses = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, descriptors) = rest.split_at(end);
        if address.is_empty() {
            return addresses;
        }
        addresses.push(address.trim_end_matches(',').to_owned());
        rest = if address.ends_with(',') {
            descriptors
        } else {
            descriptors.split_once(',').map_or("", |(_, rest)| rest)
        };
    }
}

/// The addresses in `url(...)` and `@import "..."` of a style sheet.
fn in_style(style: &str) -> Vec<String> {
    // Lower case is enough: only the origins are used, and they are not case-sensitive.
    let style = style.to_ascii_lowercase();
    let urls = style
        .split("url(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let imports = style
        .split("@import")
        .skip(1)
        .filter_map(|rest| rest.split(';').next())
        .filter(|import| !import.contains("url("));
    urls.chain(imports)
        .map(|address| address.trim().trim_matches(['"', '\'']).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_browser_loads_is_found() {
        let page = Page::parse(
            r#"<script src="1"></script><img src="2" srcset="3 1x,4 2x"><link rel="Stylesheet" href="5">
            <link rel="canonical" href="not"><a href="not"></a><style>@import "6"; b{background:url('7')}</style>
            <p style="background:url(8)"><video poster="9"></video><svg><use href="10"/><image xlink:href="11"/></svg>
            <img srcset="12, 13 2x"><b style="background:URL(14)">"#,
        );
        let mut found = loaded_addresses(&page);
        found.sort_by_key(|address| address.parse::<u32>().unwrap());
        assert_eq!(
            found,
            [
                "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"
            ]
        );
    }
}
