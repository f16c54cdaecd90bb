"""Checks that all that we build with is pinned, and that nothing is installed or built past the pins.

- each list of Python packages (*.txt beside a *.in) has what is wanted, in that version, and hashes for every package;
- `pip install` takes nothing without a hash, and `npm` runs no scripts of packages;
- what we ship or test is built with `--locked`: by our scripts and programs, by the aliases of cargo, and by `sam build`.

`cargo dev` alone may write Cargo.lock: whoever adds a dependency starts it next. Needs only Python.

Usage: python3 .ci/check_supply_chain.py
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The commands of cargo that build or test.
BUILDS = "bench|build|check|clippy|doc|install|run|test"


def tracked(*patterns: str) -> list[Path]:
    """Returns the files of the repository that fit one of the patterns."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    return [ROOT / file for file in listed.stdout.split("\n") if file]


def requirements(text: str) -> dict[str, str]:
    """Maps each package to its requirement: version, conditions and hashes, in one line."""
    lines = [line for line in text.replace("\\\n", " ").split("\n") if line.strip() and not line.lstrip().startswith("#")]
    return {re.split(r"[\[=;\s]", line)[0].lower(): " ".join(line.split()) for line in lines}


def version(requirement: str) -> str:
    """Returns the exact version that a requirement wants. Empty if it wants none."""
    found = re.search(r"==([^\s;]+)", requirement)
    return found[1] if found else ""


def check_python_lists():
    """Yields a problem for each list of packages that is not complete."""
    wanted = tracked("*.in")
    if not wanted:
        yield "there is no list of Python packages"
    for file in wanted:
        name, lock = file.relative_to(ROOT), file.with_suffix(".txt")
        if not lock.exists():
            yield f"{name}: has no {lock.name}. Run .ci/lock_python"
            continue
        locked = requirements(lock.read_text())
        for package, requirement in requirements(file.read_text()).items():
            if not version(requirement) or version(locked.get(package, "")) != version(requirement):
                yield f"{name}: {package} has no version, or another one in {lock.name}. Run .ci/lock_python"
        for package, requirement in locked.items():
            if not version(requirement) or "--hash=sha256:" not in requirement:
                yield f"{lock.relative_to(ROOT)}: {package} has no version or no hash"
    for file in tracked("*requirements*.txt"):
        if not file.with_suffix(".in").exists():
            yield f"{file.relative_to(ROOT)}: has no .in beside it, which .ci/lock_python writes it from"


def check_installations():
    """Yields a problem for each call of pip or npm that would install what is not pinned."""
    for file in tracked(".ci/*", "*.rs", "*.py", "*.sh", "*.md", "*.mjs"):
        if file == Path(__file__).resolve():
            continue
        text = file.read_text()
        # Up to the end of a command, of a list of arguments, or of a sentence.
        for call in re.findall(r'\bpip3?"?,?\s+"?install\b(?:"[^\]]*|[^`;|\n]*)', text):
            if "--require-hashes" not in call:
                yield f"{file.relative_to(ROOT)}: pip without --require-hashes: {' '.join(call.split())[:80]}"
        for call in re.findall(r'\bnpm (?:ci|install)\b[^`;|\n]*|"ci",[^\]]*', text):
            if "--ignore-scripts" not in call:
                yield f"{file.relative_to(ROOT)}: npm without --ignore-scripts: {' '.join(call.split())[:80]}"


def check_builds():
    """Yields a problem for each build that could use other dependencies than Cargo.lock lists."""
    for file in tracked("*.rs"):
        text = file.read_text()
        starts_programs = "Command::new" in text or "cargo::run" in text
        # A list of arguments in a call of cargo.
        for call in re.findall(r'\[\s*"(?:build|run|test)"(?:,\s[^\]]*)?\]', text) if starts_programs else []:
            if '"--locked"' not in call:
                yield f"{file.relative_to(ROOT)}: cargo without --locked: {' '.join(call.split())[:80]}"
    for file in tracked(".ci/*"):
        if file.suffix == ".py":
            continue
        for line in file.read_text().split("\n"):
            call = re.search(rf"\bcargo ({BUILDS})\b.*", line.partition("#")[0])
            if call and "--locked" not in call[0] and "--version" not in call[0]:
                yield f"{file.relative_to(ROOT)}: cargo without --locked: {call[0]}"
    aliases = (ROOT / ".cargo/config.toml").read_text()
    for name, command in re.findall(r'^(\w+) = "(.+)"$', aliases, re.M):
        if re.match(BUILDS, command) and name != "dev" and "--locked" not in command:
            yield f".cargo/config.toml: the alias {name} lacks --locked"
    manifest = (ROOT / "Cargo.toml").read_text()
    if "[workspace.metadata.lambda.build]\nlocked = true\n" not in manifest:
        yield "Cargo.toml: `sam build` does not pass --locked ([workspace.metadata.lambda.build])"
    release = manifest.partition("[profile.release]\n")[2].partition("\n[")[0]
    if 'panic = "unwind"' not in release:
        yield "Cargo.toml: `cargo lambda build` would set panic to abort, and no panic would become an error page"


def main() -> int:
    """Checks everything, and returns the exit status."""
    problems = [*check_python_lists(), *check_installations(), *check_builds()]
    for problem in problems:
        print(problem)
    print("supply chain:", "problems, see above" if problems else "pinned")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
