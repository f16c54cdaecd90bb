"""Checks of a page's content, by Spotware's published rules."""

import re

# Words that no page may contain: "cTrader ID", and other platforms.
BANNED = re.compile(r"ctrader.?id\b|ctid|meta.?trader|mt[45]\b|trading.?view|ninja.?trader|match.?trader|dxtrade", re.I)

# The texts and links of a page. A form may open a new window, for a cashier that refuses frames.
CONTENT = """() => ({
  text: [document.title, document.body.innerText, ...[...document.querySelectorAll("[aria-label]")].map((e) => e.ariaLabel)].join("\\n"),
  links: [...document.querySelectorAll("a[href], area[href]")].map((link) => link.getAttribute("href")),
  foreign: [...document.querySelectorAll("nav, iframe, object, embed, video, audio, dialog, [popover], [target]:not(form[method=post])")]
    .map((element) => element.localName),
  legal: document.querySelector("footer").innerText,
})"""


def content_problems(page, stack, broker_toml, lang):
    """Forbidden content of a page, and a missing exit link or legal text."""
    content = page.evaluate(CONTENT)
    problems = [f"says {banned.group()}" for banned in BANNED.finditer(content["text"])]
    problems += [f"has a <{name}>" for name in content["foreign"]]
    # Allowed links: the exit, the page itself to try again, and those of the broker's backend.
    targets = {link.split("?")[0] for link in content["links"] if not link.startswith(f"{stack.sample}/")}
    exits = {broker_toml["success_url"], broker_toml["failure_url"]}
    problems += [f"leads to {link}" for link in sorted(targets - exits - {""})]
    if not targets & exits:
        problems.append("has no exit link")
    if content["legal"] != broker_toml["brokers"][0]["legal"][lang]:
        problems.append(f"has another legal text: {content['legal']}")
    return problems
