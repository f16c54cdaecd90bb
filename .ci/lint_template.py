"""Lints template.yaml as CloudFormation will see it.

`sam validate --lint` looks at the template as it is written. CloudFormation deploys what the SAM transform makes of it, so this
script expands the template with the same translator (offline, without credentials), in several ways to set its parameters, runs
cfn-lint on each result, and then checks the promises of docs/OPERATIONS.md that no general linter knows:

- no role grants `*`, neither as an action nor as a resource;
- of AWS's own policies, only the two are attached that stand for rights AWS cannot narrow to a resource;
- every function has a role and a log group of its own, and every log group forgets after a time;
- access logs hold nothing that can contain a query string;
- functions get the settings they know, and none whose name says that it holds a secret's value;
- the table is the one that is tested with, shared/ledger/table.json;
- every binary under functions/ is deployed, and every deployed binary exists.

Usage: python lint_template.py [DIRECTORY FOR THE EXPANDED TEMPLATES]
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = Path(__file__).resolve().parent.parent

# Each is one way to deploy; together they switch every condition of the template both ways.
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
DEPLOYMENTS = {
    "defaults": {"CTraderBaseUrl": "https://ctrader.example.com"},
    "smallest": {"CTraderBaseUrl": "https://ctrader.example.com:443", "StaticEgress": "none", "Architecture": "x86_64", "AssertionKeys": "second"},
    "everything": {
        "CTraderBaseUrl": "https://ctrader.example.com:8443",
        "CTraderRedeemApi": "redeem",
        "DomainName": "screens.example.com",
        "HostedZoneId": "Z0123456789",
        "StaticEgress": "two-zones",
        "ReservedConcurrency": "50",
        "AlarmEmail": "oncall@example.com",
        "CallbackUrl": "https://crm.example.com/events",
        "AssertionKeys": "first-and-second",
    },
    "dns-elsewhere": {
        "CTraderBaseUrl": "https://ctrader.example.com:8443",
        "DomainName": "screens.example.com",
        "CertificateArn": CERTIFICATE,
        "AssertionKeys": "second-and-first",
    },
}

REGIONS = ["eu-west-1", "us-east-1", "ap-southeast-1"]

# Rights that AWS grants on `*` or not at all (their service authorization pages list no resource type): sending traces, and the
# network interfaces of a function in a VPC.
ALLOWED_AWS_POLICIES = {"AWSXRayDaemonWriteAccess", "service-role/AWSLambdaENIManagementAccess"}

SETTINGS = {
    "ASSERTION_KEY_IDS",
    "BACKEND_SECRET_ID",
    "CALLBACK_SECRET_ID",
    "CALLBACK_URL",
    "CTRADER_BASE_URL",
    "CTRADER_REDEEM_API",
    "EVENT_BUS",
    "LEDGER_TABLE",
    "MANAGER_TOKEN_SECRET_ID",
    "PAYMENT_SECRETS_ID",
    "PUBLIC_URL",
    "SESSION_KEY_SECRET_ID",
    "STACK_NAME",
}

# API Gateway's variables that cannot hold a query string, a cookie or an address.
ACCESS_LOG_VARIABLES = {
    "error.message",
    "httpMethod",
    "integrationErrorMessage",
    "integrationLatency",
    "integrationStatus",
    "requestId",
    "requestTime",
    "responseLatency",
    "responseLength",
    "routeKey",
    "status",
}


def expand(source: str, parameters: dict[str, str]) -> dict:
    """The CloudFormation template that the SAM transform makes of `source`, as it will be uploaded by `sam deploy`."""
    template = yaml_parse(source)
    functions = [r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]
    template["Globals"]["Function"].pop("CodeUri")
    for function in functions:
        # `sam deploy` puts the uploaded archive's address here, and the build's own metadata goes.
        function["Properties"]["CodeUri"] = "s3://bucket/archive.zip"
        function.pop("Metadata", None)
    # The template uses no SAM policy templates and no managed policy by its bare name, so the translator needs no map of them.
    session = boto3.session.Session(region_name=REGIONS[0])
    translator = Translator({}, Parser(), boto_session=session)
    expanded = translator.translate(template, dict(parameters))
    translator.metrics.publish()  # to nowhere: the translator's own usage counters complain when left unread
    return expanded


def cfn_lint(files: list[Path]) -> bool:
    """Runs cfn-lint, prints what it finds, and says whether it found nothing."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--non-zero-exit-code", "informational"]
    # Ignored: I3011 asks for a deletion policy on log groups too; going with their stack is what is meant.
    command += ["--include-checks", "I", "--ignore-checks", "I3011", "--regions", *REGIONS, "--"]
    return subprocess.run(command + [str(f) for f in files], check=False).returncode == 0


def as_list(value) -> list:
    """IAM allows a lone value wherever it allows a list."""
    return value if isinstance(value, list) else [value]


def branches(value) -> list:
    """The items of a list, with both branches of each `Fn::If` in the item's place."""
    items = []
    for item in as_list(value):
        if isinstance(item, dict) and "Fn::If" in item:
            items += branches(item["Fn::If"][1]) + branches(item["Fn::If"][2])
        elif item != {"Ref": "AWS::NoValue"}:
            items.append(item)
    return items


def of_type(template: dict, resource_type: str) -> dict[str, dict]:
    """Name -> properties of the resources of one type."""
    resources = template["Resources"].items()
    return {name: r.get("Properties", {}) for name, r in resources if r["Type"] == resource_type}


def check_policies(template: dict):
    """Yields each way in which a role has more rights than it may."""
    documents = {name: [p["PolicyDocument"]] for name, p in of_type(template, "AWS::IAM::ManagedPolicy").items()}
    for name, role in of_type(template, "AWS::IAM::Role").items():
        documents[name] = [policy["PolicyDocument"] for policy in branches(role.get("Policies", []))]
        for arn in branches(role.get("ManagedPolicyArns", [])):
            if "Ref" in arn:
                continue
            policy = arn["Fn::Sub"].partition(":policy/")[2]
            if policy not in ALLOWED_AWS_POLICIES:
                yield f"{name}: attaches AWS's policy {policy}"
    for name, statements in documents.items():
        for statement in (s for document in statements for s in document["Statement"]):
            if {"NotAction", "NotResource"} & statement.keys():
                yield f"{name}: NotAction and NotResource grant what nobody has listed"
            if statement["Effect"] == "Allow" and "*" in json.dumps([statement["Action"], statement["Resource"]]):
                yield f"{name}: allows {statement['Action']} on {statement['Resource']}"


def check_functions(template: dict):
    """Yields each function without its own role or logs, or with settings that it does not know."""
    functions = of_type(template, "AWS::Lambda::Function")
    for attribute in ("Role", "LoggingConfig"):
        if len({json.dumps(f.get(attribute)) for f in functions.values() if f.get(attribute)}) != len(functions):
            yield f"functions do not each have a {attribute} of their own"
    for name, function in functions.items():
        unknown = set(function["Environment"]["Variables"]) - SETTINGS
        if unknown:
            yield f"{name}: unknown settings {sorted(unknown)}"
    for name, group in of_type(template, "AWS::Logs::LogGroup").items():
        if "RetentionInDays" not in group:
            yield f"{name}: keeps its logs for ever"


def check_access_logs(template: dict):
    """Yields each API stage whose access log is not JSON or holds more than it may."""
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage").items():
        access_log_format = stage["AccessLogSettings"]["Format"]
        json.loads(access_log_format)
        excess = set(re.findall(r"\$context\.([A-Za-z.]+)", access_log_format)) - ACCESS_LOG_VARIABLES
        if excess or "\n" in access_log_format:
            yield f"{name}: the access log holds {sorted(excess) or 'line breaks'}"


def check_table(template: dict):
    """Yields each way in which the table differs from shared/ledger/table.json."""
    tested = json.loads((ROOT / "shared/ledger/table.json").read_text())
    tested["StreamSpecification"].pop("StreamEnabled")  # which in CloudFormation goes without saying
    deployed = of_type(template, "AWS::DynamoDB::Table")["LedgerTable"]
    for name, value in tested.items():
        if deployed.get(name) != value:
            yield f"LedgerTable: {name} is not as in shared/ledger/table.json"


def check_binaries(source: str):
    """Yields each difference between the folders of functions/ and the binaries that the template deploys."""
    resources = yaml_parse(source)["Resources"].values()
    deployed = sorted(r["Metadata"]["BuildProperties"]["Binary"] for r in resources if r["Type"] == "AWS::Serverless::Function")
    present = sorted(manifest.parent.name for manifest in ROOT.glob("functions/*/Cargo.toml"))
    if deployed != present:
        yield f"template.yaml deploys {deployed}, functions/ holds {present}"


def main() -> int:
    """Returns the exit status."""
    source = (ROOT / "template.yaml").read_text()
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    directory.mkdir(parents=True, exist_ok=True)

    files = []
    problems = set(check_binaries(source))
    for name, parameters in DEPLOYMENTS.items():
        template = expand(source, parameters)
        for check in (check_policies, check_functions, check_access_logs, check_table):
            problems.update(check(template))
        files.append(directory / f"{name}.json")
        files[-1].write_text(json.dumps(template, indent=2))

    for problem in sorted(problems):
        print(f"template.yaml: {problem}")
    clean = cfn_lint(files) and not problems
    print(f"template.yaml expanded {len(files)} ways: {'clean' if clean else 'problems, see above'}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
