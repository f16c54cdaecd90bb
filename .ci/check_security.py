"""Runs checkov and cfn-guard, with AWS Control Tower's rules, on the resources that each way to deploy makes.

What they find must be mended, or be excepted in security_exceptions.yaml with a reason. An exception that excepts nothing
fails too, so the file cannot outlive its reasons. The rules that we made up ourselves are in lint_template.py.

Usage: python check_security.py (in the environment of lint_template.py, after .ci/run has installed both programs)
"""

import fnmatch
import json
import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from cloudformation import of_type
from lint_template import DEPLOYMENTS, ROOT, expand, nested
from resolve import resolve

EXCEPTIONS = ROOT / ".ci/security_exceptions.yaml"
INSTALLED = ROOT / ".local/ci"

# The way to deploy, the rule and the resource of a finding.
Finding = tuple[str, str, str]


def deployed(source: str, parameters: dict[str, str]) -> dict[str, dict]:
    """Maps name to template for the main stack and its nested stacks, with their conditions resolved."""
    template = expand(source, parameters)
    stacks = {"template": resolve(template, parameters)}
    for file, stack in nested(template).items():
        for properties in of_type(stacks["template"], "AWS::CloudFormation::Stack").values():
            if properties["TemplateURL"] == file:
                stacks[Path(file).stem] = resolve(stack, properties.get("Parameters", {}))
    return stacks


def run(*command) -> str:
    """Runs a checker that answers in JSON. It exits with 0 or, if it found something, another status."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        sys.exit(f"{command[0]} answered nothing:\n{done.stderr}")
    return done.stdout


def checkov(directory: Path) -> set[Finding]:
    """Returns the findings of checkov."""
    program = INSTALLED / "checkov/bin/checkov"
    options = ["--framework", "cloudformation", "--output", "json", "--quiet", "--compact", "--skip-download"]
    report = json.loads(run(program, "--directory", directory, *options))
    if report["summary"]["parsing_errors"]:
        sys.exit(f"checkov cannot read: {report['results']['parsing_errors']}")
    found = report["results"]["failed_checks"]
    return {(Path(f["file_path"]).parent.name, f["check_id"], f["resource"].partition(".")[2]) for f in found}


def cfn_guard_directory() -> Path:
    """Returns the directory with cfn-guard and the rules, which come as an archive in a Python package."""
    directory = INSTALLED / "guard/unpacked"
    if not directory.exists():
        (archive,) = INSTALLED.glob("guard/lib/*/site-packages/cdklabs/cdk_validator_cfnguard/_jsii/*.tgz")
        with tempfile.TemporaryDirectory(dir=INSTALLED) as unpacked, tarfile.open(archive) as tar:
            tar.extractall(unpacked, filter="data")
            os.rename(f"{unpacked}/package", directory)
    return directory


def cfn_guard(directory: Path) -> set[Finding]:
    """Returns the findings of cfn-guard."""
    package = cfn_guard_directory()
    system = "macos" if sys.platform == "darwin" else "ubuntu"
    machine = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
    program = package / "bin" / system / machine / "cfn-guard"
    options = ["--output-format", "json", "--structured", "--show-summary", "none"]
    reports = json.loads(run(program, "validate", "--rules", package / "rules/control-tower/cfn-guard", "--data", directory, *options))
    if len(reports) != sum(1 for _ in directory.rglob("*.json")):
        sys.exit("cfn-guard did not read every template")
    findings = set()
    for report in reports:
        for failed in map(json.dumps, report["not_compliant"]):
            rules = set(re.findall(r"\[(CT\.[A-Z0-9]+\.PR\.\d+)\]", failed))
            resources = set(re.findall(r"/Resources/(\w+)", failed))
            if not rules or not resources:
                sys.exit(f"cannot tell what cfn-guard found: {failed}")
            findings |= {(Path(report["name"]).parent.name, rule, name) for rule in rules for name in resources}
    return findings


def fits(exception: dict, finding: Finding) -> bool:
    """Returns whether the exception is for the finding."""
    deployment, rule, resource = finding
    if exception.get("unless") in DEPLOYMENTS[deployment]:
        return False
    return rule in exception["rules"] and any(fnmatch.fnmatchcase(resource, name) for name in exception["resources"])


def judge(findings: set[Finding], exceptions: list[dict]):
    """Yields the findings that no exception is for, and the parts of exceptions that are for no finding."""
    for finding in sorted(findings):
        if not any(fits(exception, finding) for exception in exceptions):
            yield "{}: {} fails for {}".format(*finding)
    for exception in exceptions:
        if not exception.get("reason"):
            yield f"the exception from {exception['rules']} has no reason"
        for rule in exception["rules"]:
            for resource in exception["resources"]:
                part = exception | {"rules": [rule], "resources": [resource]}
                if not any(fits(part, finding) for finding in findings):
                    yield f"the exception from {rule} for {resource} excepts nothing"


def main() -> int:
    """Checks all ways to deploy, and returns the exit status."""
    source = (ROOT / "template.yaml").read_text()
    exceptions = yaml.safe_load(EXCEPTIONS.read_text())
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor() as pool:
        directory = Path(name)
        for deployment, parameters in DEPLOYMENTS.items():
            for stack, template in deployed(source, parameters).items():
                file = directory / deployment / f"{stack}.json"
                file.parent.mkdir(exist_ok=True)
                file.write_text(json.dumps(template, indent=1))
        found = set().union(*pool.map(lambda check: check(directory), (checkov, cfn_guard)))
    problems = list(judge(found, exceptions))
    for problem in problems:
        print(problem)
    print(f"{len(found)} findings over {len(DEPLOYMENTS)} ways to deploy, {len(exceptions)} exceptions: {'problems, see above' if problems else 'clean'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
