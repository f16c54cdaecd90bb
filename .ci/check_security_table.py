"""Checks the tables of docs/SECURITY.md.

- Each test that the page names exists. It is named by the end of its file's path and its own name, which only one test has:
  `it/submit.rs::the_traders_input_is_shown_as_text`.
- Each threat has a test, or names a check of .ci/run.
- The table of ASVS has each requirement of levels 1 and 2 (asvs.txt) exactly once, and no other. Its state decides what
  the row must have: *shown* a test, *documented* a link, and the others a reason.

Needs only Python. Usage: python3 .ci/check_security_table.py
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/SECURITY.md"
NUMBERS = ROOT / ".ci/asvs.txt"

# The shortest reason that says something, in characters.
SHORTEST_REASON = 8

FILES = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")

RUST_TEST = re.compile(r"#\[(?:tokio::)?test\b[^\]]*\](?:\s*#\[[^\]]*\])*\s*(?:pub )?(?:async )?fn (\w+)")
PYTHON_TEST = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)

# What is no test and still runs in .ci/run, and fails.
CHECKS = {f".ci/{file.name}" for file in (ROOT / ".ci").glob("*.py")}


@cache
def tests(file: str) -> set[str]:
    """Returns the names of the tests in a file."""
    text = (ROOT / file).read_text()
    return set((PYTHON_TEST if file.endswith(".py") else RUST_TEST).findall(text))


def problem_of(reference: str) -> str | None:
    """Returns what is wrong with the name of a test, if anything."""
    file, _, name = reference.partition("::")
    files = [path for path in FILES if path == file or path.endswith(f"/{file}")]
    found = [path for path in files if name in tests(path)]
    if not files:
        return f"`{reference}`: there is no such file"
    if len(found) != 1:
        return f"`{reference}`: {len(found)} files have a test of this name"
    return None


def references(text: str) -> list[str]:
    """Returns the tests that a text names."""
    return re.findall(r"`([\w./-]+\.(?:rs|py)::\w+)`", text)


def rows(page: str, heading: str) -> list[list[str]]:
    """Returns the rows of the table whose first column has this heading."""
    lines = iter(page.split("\n"))
    for line in lines:
        if line.startswith(f"| {heading} |"):
            next(lines)
            break
    table = []
    for line in lines:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return table


def check_references(page: str):
    """Yields a problem for each test that does not exist."""
    for reference in sorted(set(references(page))):
        if problem := problem_of(reference):
            yield problem


def check_threats(page: str):
    """Yields a problem for each threat that nothing is shown for."""
    threats = rows(page, "threat")
    if not threats:
        yield "there is no table of threats"
    for row in threats:
        if len(row) != 3 or not (references(row[2]) or any(f"`{check}`" in row[2] for check in CHECKS)):
            yield f"the threat {row[0]!r} names no test"


def check_asvs(page: str):
    """Yields the problems of the table of ASVS."""
    wanted = [number for line in NUMBERS.read_text().split("\n") if not line.startswith("#") for number in line.split()]
    seen = set()
    for row in rows(page, "ASVS"):
        if len(row) != 3:
            yield f"the row {row[0]} has {len(row)} columns"
            continue
        numbers, state, reason = row[0].split(), row[1], row[2]
        for number in numbers:
            if number not in wanted:
                yield f"{number} is no requirement of levels 1 and 2"
            if number in seen:
                yield f"{number} is there twice"
            seen.add(number)
        if state not in {"shown", "documented", "argued", "open", "not applicable"}:
            yield f"{row[0]}: unknown state {state!r}"
        if state == "shown" and not references(reason) and not any(f"`{check}`" in reason for check in CHECKS):
            yield f"{row[0]}: names no test"
        if state == "documented" and "](" not in reason:
            yield f"{row[0]}: links to no documentation"
        if len(reason) < SHORTEST_REASON:
            yield f"{row[0]}: gives no reason"
    for number in wanted:
        if number not in seen:
            yield f"{number} is missing"


def main() -> int:
    """Checks the page, and returns the exit status."""
    page = PAGE.read_text()
    problems = [*check_references(page), *check_threats(page), *check_asvs(page)]
    for problem in problems:
        print(f"docs/SECURITY.md: {problem}")
    count = len(set(references(page)))
    print(f"docs/SECURITY.md names {count} tests:", "problems, see above" if problems else "all exist")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
