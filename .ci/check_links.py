"""Checks the links of the documentation.

- Each relative link of a Markdown file leads to a file or folder that is tracked, and its `#anchor` to a heading there.
- The same holds for each path of a Markdown file below docs/ that any other file names, such as a code comment.
- Each path of our source that a Markdown file names in backticks, such as `shared/web/src/form.rs`, is tracked. A path with a
  placeholder in capitals, such as `functions/NAME`, is left alone.

Prints each broken link with its file and line, and exits with 1 if there is one. Does not follow links to other sites.

Usage: python .ci/check_links.py
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
LISTED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
FILES = [name for name in LISTED.split("\0") if (ROOT / name).is_file()]
TRACKED = set(FILES) | {str(folder) for name in FILES for folder in PurePosixPath(name).parents}

FENCED = re.compile(r"^ *(```|~~~).*?^ *\1 *$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"(`+)(?!`)(?:(?!\n\n).)+?(?<!`)\1(?!`)", re.DOTALL)
# The target of `[text](target "title")`, and of `[name]: target`.
LINK = re.compile(r"\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)|^ {0,3}\[[^\]]+\]: *(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.+?)(?: +#+)? *$", re.MULTILINE)
SOURCE_PATH = re.compile(r"`((?:shared|functions|local|cli|e2e|events|stacks|tests|\.ci)/[\w./-]*)`")
PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b")
NAMED_IN_CODE = re.compile(r"(?<![\w/-])(?:\.\.?/)*(docs/[\w./-]+\.md(?:#[\w-]+)?)")


def blank(match: re.Match) -> str:
    """As many lines as the match, without its text."""
    return "\n" * match[0].count("\n")


@cache
def anchors(name: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a Markdown file."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCED.sub(blank, (ROOT / name).read_text())):
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)  # of a link the text alone counts
        slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
        repeats = (f"{slug}-{number}" for number in range(1, 1000))
        found.add(slug if slug not in found else next(other for other in repeats if other not in found))
    return found


def problem(name: str, target: str) -> str | None:
    """What is wrong with a link from a file, if anything."""
    path, _, anchor = unquote(target).partition("#")
    path = normpath(PurePosixPath(name).parent / path) if path else name
    if path not in TRACKED:
        return f"{path} is not a tracked file"
    if anchor and path.endswith(".md") and anchor not in anchors(path):
        return f"{path} has no heading #{anchor}"
    return None


def links(name: str, text: str):
    """Yields each relative link of a file: its line, its target, and the file that the target is relative to."""
    if name.endswith(".md"):
        text = CODE_SPAN.sub(blank, FENCED.sub(blank, text))
        pattern, base = LINK, name
    else:
        pattern, base = NAMED_IN_CODE, "README.md"
    for match in pattern.finditer(text):
        target = next(group for group in match.groups() if group)
        if not re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
            yield 1 + text.count("\n", 0, match.start()), target, base


def source_paths(name: str, text: str):
    """Yields each path of our source that a Markdown file names: its line, and the path."""
    if name.endswith(".md"):
        for match in SOURCE_PATH.finditer(text):
            if not PLACEHOLDER.search(match[1]):
                yield 1 + text.count("\n", 0, match.start()), match[1].rstrip("/")


def main() -> int:
    broken = 0
    for name in FILES:
        try:
            text = (ROOT / name).read_text()
        except UnicodeDecodeError:
            continue  # a picture
        for line, target, base in links(name, text):
            if wrong := problem(base, target):
                print(f"{name}:{line}: {target}: {wrong}")
                broken += 1
        for line, path in source_paths(name, text):
            if path not in TRACKED:
                print(f"{name}:{line}: `{path}` is not a tracked file")
                broken += 1
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
