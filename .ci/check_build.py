"""Runs the real `sam build` with stand-ins for cargo, to see for which processor it would build.

`sam deploy --guided` saves its answers for `deploy` only. So what `sam build` reads is tried out, not assumed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CARGO = """#!/bin/sh
if [ "$1" = metadata ]; then echo '{"target_directory": "'$PWD'/target", "packages": []}'; exit; fi
while [ $# -gt 0 ]; do [ "$1" = --bin ] && name=$2; shift; done
mkdir -p "target/lambda/$name" && touch "target/lambda/$name/bootstrap"
"""

X86 = 'parameter_overrides = ["Architecture=x86_64"]'
ARM = 'parameter_overrides = ["Architecture=arm64"]'


def architectures(samconfig: str) -> set[str]:
    """Returns the processors for which `sam build` builds with this samconfig.toml."""
    with tempfile.TemporaryDirectory() as directory:
        project, tools = Path(directory, "project"), Path(directory, "tools")
        shutil.copytree(ROOT / "stacks", project / "stacks")
        shutil.copy(ROOT / "template.yaml", project)
        shutil.copy(ROOT / "Cargo.toml", project)
        (project / "samconfig.toml").write_text(samconfig)
        tools.mkdir()
        for name in ("cargo", "cargo-lambda"):
            (tools / name).write_text(CARGO)
            (tools / name).chmod(0o755)
        environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "SAM_CLI_TELEMETRY": "0"}
        sam = Path(sys.executable).with_name("sam")
        build = subprocess.run([sam, "build"], cwd=project, env=environment, capture_output=True, text=True, check=False)
        if build.returncode:
            print(build.stdout, build.stderr)
        return set(re.findall(r"architecture: (\w+)", build.stderr + build.stdout))


def main() -> int:
    """Checks what is built, and returns the exit status."""
    shipped = (ROOT / "samconfig.toml").read_text()
    assert shipped.count(ARM) == 1, "samconfig.toml has no place for the Architecture"
    cases = [
        ("as shipped", shipped, {"arm64"}),
        ("x86_64 for both commands", shipped.replace(ARM, X86), {"x86_64"}),
        # The trap that the build script of shared/web stops at (shared/config/src/architecture.rs).
        ("x86_64 for deploy only", f"{shipped}{X86}\n", {"arm64"}),
    ]
    problems = [f"{name}: builds for {built}" for name, config, expected in cases if (built := architectures(config)) != expected]
    print("\n".join(problems) or f"{len(cases)} ways to save an Architecture: as expected")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
