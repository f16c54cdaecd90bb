"""Lints template.yaml and its nested stacks as CloudFormation sees them.

`sam validate --lint` checks a template as it is written, but CloudFormation deploys what SAM makes of it. So this script expands
the template with the same translator (offline, without credentials), with several sets of parameters, and runs cfn-lint on each
result. Then it checks the rules below, which no general linter knows and which docs/DEPLOYMENT.md and
docs/OPERATIONS.md promise. For every stack:

- no role grants `*`, neither as an action nor as a resource;
- the policy of operators lets them call the function staff and read the table, and nothing else;
- only routes below `/staff/` are authorised by IAM, and all of them are;
- roles attach only two policies of AWS, for rights that AWS cannot restrict to a resource, and the policy for network interfaces
  only together with the policy that denies them to the function's own code;
- every log group has a retention time;
- every alarm is mailed when it rings and when it ends, or is part of one that is; its name begins with the stack's name; it has
  a row in docs/OPERATIONS.md, and its description names a section there; a metric that it watches in the namespace InApp is logged
  by the code, and has the stack as its dimension;
- the rules of lint_trust.py: who may do what, what is encrypted, what survives the stack.

For the main stack:

- every function is one complete block: it has its own role, log group and alarms, named after it, with the same condition;
- functions get only settings that the code knows, and always the name of the stack;
- access logs contain nothing that can contain a query string;
- every route of a function that calls somebody has request limits of its own, and the functions that move money have concurrency
  of their own;
- docs/DEPLOYMENT.md says how long a stack's name may be;
- the rules refuse what must not be deployed, such as half of a network, and nothing else;
- the table equals shared/store/table.json, with which the tests run;
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
from cloudformation import as_list, branches, of_type, own_policy_documents
from lint_trust import TRUST_CHECKS
from parameter_rules import refusals
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs/OPERATIONS.md").read_text()

# Each is one way to deploy. Together they make every condition of the template true and false.
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
BASE = {"CTraderBaseUrl": "https://ctrader.example.com", "AlarmEmail": "oncall@example.com"}
DEPLOYMENTS = {
    "defaults": BASE,
    "smallest": BASE
    | {
        "StaticEgress": "none",
        "Architecture": "x86_64",
        "AssertionKeys": "second",
        "RedirectingScreens": "",
        "PaymentEventsConcurrency": "",
        "ReconcileConcurrency": "",
    },
    "everything": BASE
    | {
        "CTraderBaseUrl": "https://ctrader.example.com:8443/cid",
        "CTraderWebservUrl": "https://webserv.example.com:8444",
        "CTraderRedeemApi": "redeem",
        "CTraderAccountIdIs": "login",
        "CreditManager": "own",
        "DomainName": "screens.example.com",
        "HostedZoneId": "Z0123456789",
        "StaticEgress": "two-zones",
        "ReservedConcurrency": "50",
        "CrmWebhookUrl": "https://crm.example.com/events",
        "AssertionKeys": "first-and-second",
        "RedirectingScreens": "kyc,action,chat",
        "KmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000",
    },
    "dns-elsewhere": BASE
    | {
        "DomainName": "screens.example.com",
        "CertificateArn": CERTIFICATE,
        "AssertionKeys": "second-and-first",
    },
    "existing": {
        "CTraderBaseUrl": "https://ctrader.example.com",
        "AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:oncall",
        "StaticEgress": "existing",
        "SubnetIds": "subnet-0a,subnet-0b",
        "SecurityGroupIds": "sg-0a",
    },
    "own-addresses": BASE
    | {
        "StaticEgress": "two-zones",
        "EgressAllocationIdA": "eipalloc-0a",
        "EgressAllocationIdB": "eipalloc-0b",
    },
}

# Parameters that nothing may be deployed with, each with what CloudFormation has to say.
REFUSED = [
    ({"AlarmEmail": ""}, "Somebody has to hear of alarms."),
    ({"AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:oncall"}, "not both"),
    ({"DomainName": "screens.example.com"}, "DomainName needs"),
    ({"StaticEgress": "existing"}, "needs SubnetIds and SecurityGroupIds"),
    ({"StaticEgress": "existing", "SubnetIds": "subnet-0a"}, "needs SubnetIds and SecurityGroupIds"),
    ({"StaticEgress": "existing", "SecurityGroupIds": "sg-0a"}, "needs SubnetIds and SecurityGroupIds"),
    ({"SubnetIds": "subnet-0a", "SecurityGroupIds": "sg-0a"}, "for StaticEgress existing only"),
    ({"SecurityGroupIds": "sg-0a"}, "for StaticEgress existing only"),
    ({"StaticEgress": "none", "EgressAllocationIdA": "eipalloc-0a"}, "for StaticEgress one-zone and two-zones only"),
    ({"EgressAllocationIdB": "eipalloc-0b"}, "one-zone has one address"),
    ({"StaticEgress": "two-zones", "EgressAllocationIdA": "eipalloc-0a"}, "or neither"),
    ({"StaticEgress": "two-zones", "EgressAllocationIdB": "eipalloc-0b"}, "or neither"),
]

REGIONS = ["eu-west-1", "us-east-1", "ap-southeast-1"]

# Rights that AWS can grant only on `*` (the service authorization pages list no resource type): sending traces, and
# managing the network interfaces of a function in a VPC.
NETWORK_INTERFACES = "service-role/AWSLambdaENIManagementAccess"
ALLOWED_AWS_POLICIES = {"AWSXRayDaemonWriteAccess", NETWORK_INTERFACES}

SETTINGS = {
    "ASSERTION_KEY_IDS",
    "BACKEND_SECRET_ID",
    "CRM_WEBHOOK_SECRET_ID",
    "CRM_WEBHOOK_URL",
    "CREDIT_MANAGER_TOKEN_SECRET_ID",
    "CTRADER_ACCOUNT_ID_IS",
    "CTRADER_BASE_URL",
    "CTRADER_REDEEM_API",
    "CTRADER_WEBSERV_URL",
    "EVENT_BUS",
    "LEDGER_TABLE",
    "MANAGER_TOKEN_SECRET_ID",
    "PAYMENT_SECRETS_ID",
    "PUBLIC_URL",
    "SESSION_KEY_SECRET_ID",
    "STACK_NAME",
}

# API Gateway's variables that cannot contain a query string, a cookie or an address.
ACCESS_LOG_VARIABLES = {
    "error.message",
    "httpMethod",
    "integration.requestId",
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
    """Returns the CloudFormation template that SAM makes of `source`, as `sam deploy` uploads it."""
    template = yaml_parse(source)
    functions = [r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]
    template["Globals"]["Function"].pop("CodeUri")
    for function in functions:
        # As `sam deploy` does: it sets the address of the uploaded archive, and removes the build metadata.
        function["Properties"]["CodeUri"] = "s3://bucket/archive.zip"
        function.pop("Metadata", None)
    # The template uses no SAM policy templates and no bare names of managed policies, so the translator needs no map
    # of these.
    session = boto3.session.Session(region_name=REGIONS[0])
    translator = Translator({}, Parser(), boto_session=session)
    expanded = translator.translate(template, dict(parameters))
    translator.metrics.publish()  # sends nothing; the translator's usage counters warn if they are never published
    return expanded


def nested(template: dict) -> dict[str, dict]:
    """Maps file to template for each nested stack, with YAML aliases resolved as `sam build` does."""
    files = [stack["TemplateURL"] for stack in of_type(template, "AWS::CloudFormation::Stack").values()]
    return {file: yaml_parse((ROOT / file).read_text()) for file in files}


def cfn_lint(files: list[Path]) -> bool:
    """Runs cfn-lint, which prints its findings. Returns whether there are none."""
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--non-zero-exit-code", "informational"]
    # I3011 is ignored: it wants a deletion policy on log groups too, but they are meant to be deleted with their
    # stack. W3002 is ignored: it warns that nested stacks must be uploaded, which `sam deploy` does. W1033: see the
    # metadata of template.yaml.
    command += ["--include-checks", "I", "--ignore-checks", "I3011", "W3002", "W1033", "--regions", *REGIONS, "--"]
    return subprocess.run(command + [str(f) for f in files], check=False).returncode == 0


def aws_policies(role: dict) -> set[str]:
    """Returns the names of the AWS policies that a role attaches under any condition."""
    arns = [arn for arn in branches(role.get("ManagedPolicyArns", [])) if "Ref" not in arn]
    return {arn["Fn::Sub"].partition(":policy/")[2] for arn in arns}


# What operators may do, and on what. The `*` stands for the paths below /staff/.
OPERATOR_RIGHTS = {
    "execute-api:Invoke": r"arn:\$\{AWS::Partition\}:execute-api:\$\{AWS::Region\}:\$\{AWS::AccountId\}:\$\{ScreensApi\}/\$default/POST/staff/\*",
    "dynamodb:GetItem": r"\$\{LedgerTable\.Arn\}(/index/[a-z-]+)?",
    "dynamodb:Query": r"\$\{LedgerTable\.Arn\}(/index/[a-z-]+)?",
    "dynamodb:Scan": r"\$\{LedgerTable\.Arn\}(/index/[a-z-]+)?",
}


def check_staff(template: dict):
    """Yields a problem for each right of operators that is not in the list, and for each route with the wrong authorisation."""
    document = of_type(template, "AWS::IAM::ManagedPolicy")["OperatorPolicy"]["PolicyDocument"]
    for statement in document["Statement"]:
        for action, resource in ((a, r) for a in as_list(statement["Action"]) for r in as_list(statement["Resource"])):
            name = resource.get("Fn::Sub") or "${" + ".".join(resource["Fn::GetAtt"]) + "}"
            if statement["Effect"] != "Allow" or not re.fullmatch(OPERATOR_RIGHTS.get(action, "(?!)"), name):
                yield f"OperatorPolicy: {statement['Effect']}s {action} on {name}"
    api = of_type(template, "AWS::ApiGatewayV2::Api")["ScreensApi"]
    for path, methods in api["Body"]["paths"].items():
        for method in methods.values():
            signed = method.get("security") == [{"AWS_IAM": []}]
            if signed != path.startswith("/staff/"):
                yield f"{path}: {'wants' if signed else 'does not want'} an AWS signature"


def check_policies(template: dict):
    """Yields a problem for each right that a role must not have."""
    documents = {name: [p["PolicyDocument"]] for name, p in of_type(template, "AWS::IAM::ManagedPolicy").items()}
    for name, role in of_type(template, "AWS::IAM::Role").items():
        documents[name] = own_policy_documents(role)
        attached = aws_policies(role)
        for policy in attached - ALLOWED_AWS_POLICIES:
            yield f"{name}: attaches AWS's policy {policy}"
        if NETWORK_INTERFACES in attached and {"Ref": "NoOwnNetworkInterfaces"} not in branches(role["ManagedPolicyArns"]):
            yield f"{name}: lets the function's own code create network interfaces"
    for name, statements in documents.items():
        for statement in (s for document in statements for s in document["Statement"]):
            if {"NotAction", "NotResource"} & statement.keys():
                yield f"{name}: NotAction and NotResource grant unlisted rights"
            if name == "OperatorPolicy":
                continue  # check_staff compares it word by word
            if statement["Effect"] == "Allow" and "*" in json.dumps([statement["Action"], statement["Resource"]]):
                yield f"{name}: allows {statement['Action']} on {statement['Resource']}"


def check_log_groups(template: dict):
    """Yields a problem for each log group without a retention time."""
    for name, group in of_type(template, "AWS::Logs::LogGroup").items():
        if "RetentionInDays" not in group:
            yield f"{name}: keeps its logs forever"


def check_nested(template: dict):
    """Yields a problem for each nested stack that does not get the stack's name, or lacks an output that is used."""
    stacks = nested(template)
    for name, stack in of_type(template, "AWS::CloudFormation::Stack").items():
        if stack["Parameters"].get("Stack") != {"Ref": "AWS::StackName"}:
            yield f"{name}: its parameter Stack is not the name of the stack"
        used = re.findall(rf'"Fn::GetAtt": \["{name}", "Outputs\.(\w+)"\]', json.dumps(template))
        for output in set(used) - set(stacks[stack["TemplateURL"]]["Outputs"]):
            yield f"{name}: has no output {output}"


def metrics_of(alarm: dict) -> list[dict]:
    """Returns the metrics that an alarm watches: a single one, or those of its expression."""
    stats = [metric["MetricStat"]["Metric"] for metric in alarm.get("Metrics", []) if "MetricStat" in metric]
    return stats or [alarm]


def is_mailed(name: str, alarm: dict, parts: set[str]) -> bool:
    """Whether somebody hears of an alarm. A part of a composite alarm rings through that alarm, and has no mail of its own."""
    rings = [actions for key in ("AlarmActions", "InsufficientDataActions") if (actions := alarm.get(key))]
    if name in parts:
        return not rings and not alarm.get("OKActions")
    return bool(rings) and all(actions == alarm.get("OKActions") for actions in rings)


def check_alarms(template: dict, stack: str):
    """Yields the problems of alarms. `stack` is the reference to the main stack's name in this template."""
    code = [file.read_text() for folder in ("shared", "functions") for file in ROOT.glob(f"{folder}/*/src/**/*.rs")]
    composite = of_type(template, "AWS::CloudWatch::CompositeAlarm")
    parts = set(re.findall(r"\$\{(\w+)\}", json.dumps([alarm["AlarmRule"] for alarm in composite.values()])))
    for name, alarm in (of_type(template, "AWS::CloudWatch::Alarm") | composite).items():
        if not is_mailed(name, alarm, parts):
            yield f"{name}: does not send mail when it rings or when it ends"
        prefix, _, alarm_name = alarm["AlarmName"]["Fn::Sub"].partition("-")
        # "FunctionCrashed-deposit" is in the row of "FunctionCrashed-NAME".
        row = re.sub("-.*", "-NAME", alarm_name)
        if prefix != f"${{{stack}}}" or (name not in parts and f"| `{row}` |" not in OPERATIONS):
            yield f"{name}: its name does not begin with the stack's name, or docs/OPERATIONS.md has no row `{row}`"
        section = re.search(r'OPERATIONS\.md, "(.+)"\.$', alarm["AlarmDescription"])
        if not section or f"\n### {section[1]}\n" not in OPERATIONS:
            yield f"{name}: its description names no section of docs/OPERATIONS.md"
        for metric in metrics_of(alarm):
            if metric.get("Namespace") != "InApp":
                continue
            if metric["Dimensions"] != [{"Name": "stack", "Value": {"Ref": stack}}]:
                yield f"{name}: watches {metric['MetricName']} with dimensions other than the stack"
            if not any(f'"{metric["MetricName"]}"' in file for file in code):
                yield f"{name}: watches {metric['MetricName']}, which no function logs"


def check_function_blocks(template: dict):
    """Yields a problem for each part of a function's block that is missing or wrong."""
    resources = template["Resources"]
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        binary = function["FunctionName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
        block = "".join(word.capitalize() for word in binary.split("-"))
        dimensions = [{"Name": "FunctionName", "Value": {"Ref": name}}]
        expected = {
            f"{block}Function": {
                "Role": {"Fn::GetAtt": [f"{block}Role", "Arn"]},
                "LoggingConfig": {"LogGroup": {"Ref": f"{block}Logs"}},
            },
            f"{block}Role": {},
            f"{block}Logs": {"LogGroupName": {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{binary}"}},
        }
        for alarm, metric in (("Crashed", "Errors"), ("Throttled", "Throttles")):
            expected[f"{block}{alarm}"] = {
                "AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-Function{alarm}-{binary}"},
                "Namespace": "AWS/Lambda",
                "MetricName": metric,
                "Dimensions": dimensions,
            }
        for part, properties in expected.items():
            resource = resources.get(part)
            if resource is None:
                yield f"{name}: there is no {part}"
                continue
            if resource.get("Condition") != resources[name].get("Condition"):
                yield f"{part}: has another condition than {name}"
            for key, value in properties.items():
                if resource["Properties"].get(key) != value:
                    yield f"{part}: {key} is not {json.dumps(value)}"
        role = resources.get(f"{block}Role", {}).get("Properties", {})
        statements = [s for document in own_policy_documents(role) for s in document["Statement"]]
        log_groups = [s["Resource"] for s in statements if any(a.startswith("logs:") for a in as_list(s["Action"]))]
        if log_groups != [{"Fn::GetAtt": [f"{block}Logs", "Arn"]}]:
            yield f"{block}Role: must write to its own log group, and to no other"
        if ("VpcConfig" in function) != (NETWORK_INTERFACES in aws_policies(role)):
            yield f"{name}: VpcConfig and the policy for network interfaces must be set together"


def check_settings(template: dict):
    """Yields a problem for each function with unknown settings, or without the name of its stack."""
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        variables = function["Environment"]["Variables"]
        unknown = set(variables) - SETTINGS
        if unknown:
            yield f"{name}: unknown settings {sorted(unknown)}"
        if variables.get("STACK_NAME") != {"Ref": "AWS::StackName"}:
            yield f"{name}: lacks STACK_NAME, without which no alarm sees its metrics"


def check_access_logs(template: dict):
    """Yields a problem for each API stage whose access log contains more than it may. Fails if it is not JSON."""
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage").items():
        access_log_format = stage["AccessLogSettings"]["Format"]
        if json.loads(access_log_format).get("request_id") != "$context.requestId":
            yield f"{name}: the access log lacks the request_id that the functions log"
        excess = set(re.findall(r"\$context\.([A-Za-z.]+)", access_log_format)) - ACCESS_LOG_VARIABLES
        if excess or "\n" in access_log_format:
            yield f"{name}: the access log contains {sorted(excess) or 'line breaks'}"


def check_table(template: dict):
    """Yields a problem for each difference between the table and shared/store/table.json."""
    tested = json.loads((ROOT / "shared/store/table.json").read_text())
    tested["StreamSpecification"].pop("StreamEnabled")  # CloudFormation does not have this member
    deployed = of_type(template, "AWS::DynamoDB::Table")["LedgerTable"]
    for name, value in tested.items():
        if deployed.get(name) != value:
            yield f"LedgerTable: {name} is not as in shared/store/table.json"


def check_rules(template: dict):
    """Yields a problem for each set of parameters that the rules of the template treat otherwise than they should."""
    for name, parameters in DEPLOYMENTS.items():
        for refusal in refusals(template, parameters):
            yield f"the rules refuse the deployment {name}: {refusal}"
    for parameters, reason in REFUSED:
        said = refusals(template, BASE | parameters)
        if not any(reason in refusal for refusal in said):
            yield f"the rules do not refuse {parameters}, but say {said}"


def check_isolation(source: str):
    """Yields a problem for each route without limits of its own, and for a money function without concurrency of its own."""
    functions = {n: r["Properties"] for n, r in yaml_parse(source)["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}
    for name, function in functions.items():
        routes = [e["Properties"] for e in function.get("Events", {}).values() if e["Type"] == "HttpApi"]
        # Functions without settings of their own call nobody: a flood of them takes nothing from others.
        calls_somebody = "Environment" in function
        for route in routes:
            if calls_somebody and "RouteSettings" not in route:
                yield f"{name}: its route {route.get('Path')} has no RouteSettings"
    for name in ("PaymentEvents", "Reconcile"):
        own = {"Fn::If": [f"Has{name}Concurrency", {"Ref": f"{name}Concurrency"}, {"Ref": "AWS::NoValue"}]}
        if functions[f"{name}Function"].get("ReservedConcurrentExecutions") != own:
            yield f"{name}Function: has no concurrency of its own"


def check_names(template: dict):
    """Yields a problem if docs/DEPLOYMENT.md does not say how long a stack's name may be. Lambda allows names of 64 characters."""
    names = [f["FunctionName"]["Fn::Sub"].removeprefix("${AWS::StackName}") for f in of_type(template, "AWS::Lambda::Function").values()]
    longest = 64 - max(len(name) for name in names)
    if f"at most {longest} characters" not in (ROOT / "docs/DEPLOYMENT.md").read_text():
        yield f"docs/DEPLOYMENT.md does not say that the stack's name has at most {longest} characters"


def check_binaries(source: str):
    """Yields a problem if the folders of functions/ are not the binaries that the template deploys."""
    resources = yaml_parse(source)["Resources"].values()
    deployed = sorted(r["Metadata"]["BuildProperties"]["Binary"] for r in resources if r["Type"] == "AWS::Serverless::Function")
    present = sorted(manifest.parent.name for manifest in ROOT.glob("functions/*/Cargo.toml"))
    if deployed != present:
        yield f"deploys {deployed}, but functions/ has {present}"


def main() -> int:
    """Lints all templates and returns the exit status."""
    source = (ROOT / "template.yaml").read_text()
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())

    files = []
    problems = {f"template.yaml: {problem}" for check in (check_binaries, check_isolation) for problem in check(source)}
    for name, parameters in DEPLOYMENTS.items():
        template = expand(source, parameters)
        stacks = {"template.yaml": template} | nested(template)
        for file, stack in stacks.items():
            # The same relative path as from template.yaml, so that cfn-lint finds the nested stacks and checks their
            # parameters.
            files.append(directory / name / file)
            files[-1].parent.mkdir(parents=True, exist_ok=True)
            files[-1].write_text(json.dumps(stack, indent=2))
            found = [*check_policies(stack), *check_log_groups(stack)]
            found += check_alarms(stack, "AWS::StackName" if stack is template else "Stack")
            found += [problem for check in TRUST_CHECKS for problem in check(stack)]
            problems.update(f"{file}: {problem}" for problem in found)
        checks = (check_nested, check_function_blocks, check_settings, check_access_logs, check_table, check_names, check_rules, check_staff)
        for check in checks:
            problems.update(f"template.yaml: {problem}" for problem in check(template))

    for problem in sorted(problems):
        print(problem)
    clean = cfn_lint(files) and not problems
    print(f"template.yaml expanded {len(DEPLOYMENTS)} ways, {len(files)} stacks: {'clean' if clean else 'problems, see above'}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
