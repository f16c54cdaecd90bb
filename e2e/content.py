"""What may stand on a page, by Spotware's published rules."""

import re

# What no page may say: "cTrader ID", and other platforms.
BANNED = re.compile(r"ctrader.?id\b|ctid|meta.?trader|mt[45]\b|trading.?view|ninja.?trader|match.?trader|dxtrade", re.I)

# What stands on a page, and where its links lead. What refuses frames opens beside the screen, at the trader's tap.
CONTENT = """() => ({
  text: [document.title, document.body.innerText, ...[...document.querySelectorAll("[aria-label]")].map((e) => e.ariaLabel)].join("\\n"),
  links: [...document.querySelectorAll("a[href], area[href]")].map((link) => link.getAttribute("href")),
  foreign: [...document.querySelectorAll("nav, iframe, object, embed, video, audio, dialog, [popover], [target]:not(form[method=post])")]
    .map((element) => element.localName),
  legal: document.querySelector("footer").innerText,
})"""


def misplaced(page, stack, broker_toml, lang):
    """What stands on a page that does not belong there, and what is missing: a way out, the legal text."""
    content = page.evaluate(CONTENT)
    problems = [f"says {banned.group()}" for banned in BANNED.finditer(content["text"])]
    problems += [f"has a <{name}>" for name in content["foreign"]]
    # The way out; of a page that can be tried again its own address; and where the broker's backend sends the trader.
    leads = {link.split("?")[0] for link in content["links"] if not link.startswith(f"{stack.sample}/")}
    ends = {broker_toml["success_url"], broker_toml["failure_url"]}
    problems += [f"leads to {link}" for link in sorted(leads - ends - {""})]
    if not leads & ends:
        problems.append("has no way out")
    if content["legal"] != broker_toml["brokers"][0]["legal"][lang]:
        problems.append(f"has another legal text: {content['legal']}")
    return problems
