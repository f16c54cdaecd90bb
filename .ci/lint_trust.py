"""The rules of `lint_template.py` about who may do what, what is encrypted, and what survives the stack.

These proofs are static: they read the policies as AWS documents them. No emulator enforces `dynamodb:LeadingKeys`, key policies or
bus policies, so nothing here is tried out.
"""

import json

from cloudformation import as_list, branches, granted, of_type

# The kinds of records that each role or policy may write: the beginning of their partition keys. All else only reads.
WRITES = {
    "ScreenPolicy": {"request", "quota"},
    "DepositRole": {"deposit"},
    "ActionRole": {"request"},
    "PaymentEventsRole": {"deposit", "doubt", "payment"},
    "ReconcileRole": {"deposit"},
    "PublishRole": {"deposit"},
    "StaffRole": {"deposit", "request", "erasure", "payment"},
}

WRITING = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}

# The key is `KmsKeyArn`, if there is one.
KEY = {"Fn::If": ["HasKmsKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}

# The property that names the key of each kind of resource that stores data.
KEY_PROPERTIES = {
    "AWS::Events::EventBus": "KmsKeyIdentifier",
    "AWS::Logs::LogGroup": "KmsKeyId",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
}

# Generated, and useless without the stack.
EPHEMERAL_SECRETS = {"SessionKeySecret"}

WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def check_table_rights(template: dict):
    """Yields a problem for each right on the table that is not bound to kinds of keys, or to more than its role needs."""
    for name, statements in granted(template).items():
        if name == "OperatorPolicy":
            continue  # reads whole tables; lint_template.py compares it word by word
        written = set()
        for statement in statements:
            actions = {a for a in as_list(statement["Action"]) if a.startswith("dynamodb:")}
            if not actions or statement["Resource"] == {"Fn::GetAtt": ["LedgerTable", "StreamArn"]}:
                continue
            condition = statement.get("Condition", {})
            keys = condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
            if not keys or any(key.startswith("*") for key in keys):
                yield f"{name}: {sorted(actions)} are not bound to kinds of keys by dynamodb:LeadingKeys"
            if condition.get("Null", {}).get("dynamodb:LeadingKeys") != "false":
                yield f"{name}: {sorted(actions)} are allowed without a key, because ForAllValues passes without one"
            if actions & WRITING:
                written |= {key.partition("#")[0] for key in keys}
        if written - WRITES.get(name, set()):
            yield f"{name}: may write {sorted(written)}, which .ci/lint_trust.py does not list for it"
    for statement in granted(template).get("PublishRole", []):
        if "dynamodb:UpdateItem" in as_list(statement["Action"]):
            condition = statement["Condition"]
            attributes = condition.get("ForAllValues:StringEquals", {}).get("dynamodb:Attributes")
            if not attributes or condition["Null"].get("dynamodb:Attributes") != "false":
                yield "PublishRole: dynamodb:UpdateItem is not bound to the attributes that it writes"


def role_names(items: list) -> list[tuple[str, str]]:
    """Returns the roles that a list refers to, each with its condition, which may be empty."""
    names = []
    for item in items:
        condition, role = (item["Fn::If"][0], item["Fn::If"][1]) if "Fn::If" in item else ("", item)
        names.append((condition, role["Ref"] if "Ref" in role else role["Fn::GetAtt"][0]))
    return names


def check_signing(template: dict):
    """Yields a problem if another role than those of the key policies may sign, or if a key can be granted to others."""
    for name, statements in granted(template).items():
        if name != "SignAssertions" and any("kms:Sign" in as_list(s["Action"]) for s in statements):
            yield f"{name}: may sign; only SignAssertions grants that"
    roles = of_type(template, "AWS::IAM::ManagedPolicy").get("SignAssertions", {}).get("Roles", [])
    for name, key in of_type(template, "AWS::KMS::Key").items():
        denied = {as_list(s["Action"])[0]: s for s in key["KeyPolicy"]["Statement"] if s["Effect"] == "Deny"}
        signers = denied.get("kms:Sign", {}).get("Condition", {}).get("ArnNotEquals", {}).get("aws:PrincipalArn", [])
        if not signers or role_names(signers) != role_names(roles):
            yield f"{name}: its policy lets others sign than the roles of SignAssertions"
        others = {"kms:GrantIsForAWSResource": "false", "aws:PrincipalIsAWSService": "false"}
        if denied.get("kms:CreateGrant", {}).get("Condition") != {"BoolIfExists": others}:
            yield f"{name}: its use can be granted to others than services of AWS"


def check_resource_policies(template: dict):
    """Yields a problem for each topic and queue that takes messages without TLS, and for a bus that takes others' events."""
    for kind, policy, member in (("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"), ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues")):
        safe = [
            resource["Ref"]
            for properties in of_type(template, policy).values()
            for resource in properties[member]
            if any(s["Effect"] == "Deny" and s.get("Condition") == WITHOUT_TLS for s in properties["PolicyDocument"]["Statement"])
        ]
        for name in of_type(template, kind):
            if name not in safe:
                yield f"{name}: takes messages without TLS"
    for name in of_type(template, "AWS::Events::EventBus"):
        policies = [p for p in of_type(template, "AWS::Events::EventBusPolicy").values() if p["EventBusName"] == {"Ref": name}]
        only = {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["PublishRole", "Arn"]}}}
        denies = [p["Statement"] for p in policies if p["Statement"]["Effect"] == "Deny"]
        if not any(s["Action"] == "events:PutEvents" and s["Principal"] == "*" and s["Condition"] == only for s in denies):
            yield f"{name}: others than publish can put events on it"


def check_encryption(template: dict):
    """Yields a problem for each resource that stores data and does not use KmsKeyArn."""
    for kind, key in KEY_PROPERTIES.items():
        for name, properties in of_type(template, kind).items():
            if properties.get(key) != KEY:
                yield f"{name}: {key} is not KmsKeyArn"
    for name, table in of_type(template, "AWS::DynamoDB::Table").items():
        if "KmsKeyArn" not in json.dumps(table.get("SSESpecification")):
            yield f"{name}: does not use KmsKeyArn"
    for name, role in of_type(template, "AWS::IAM::Role").items():
        actions = {a.split(":")[0] for s in granted(template)[name] for a in as_list(s["Action"])}
        attached = branches(role.get("ManagedPolicyArns", []))
        uses_data = actions & {"dynamodb", "secretsmanager", "sqs", "events"} or {"Ref": "ScreenPolicy"} in attached
        if uses_data and {"Ref": "UseKmsKey"} not in attached:
            yield f"{name}: cannot use KmsKeyArn, with which its data are encrypted"


def check_survivors(template: dict):
    """Yields a problem for each secret, address, key and table that would be deleted with the stack."""
    survivors = {"AWS::DynamoDB::Table", "AWS::EC2::EIP", "AWS::KMS::Key", "AWS::SecretsManager::Secret"}
    for name, resource in template["Resources"].items():
        if resource["Type"] in survivors and name not in EPHEMERAL_SECRETS:
            if {resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")} != {"Retain"}:
                yield f"{name}: is deleted with the stack"


def check_endpoints(template: dict):
    """Yields a problem for each VPC endpoint through which another account's data can be reached."""
    for name, endpoint in of_type(template, "AWS::EC2::VPCEndpoint").items():
        statements = endpoint.get("PolicyDocument", {}).get("Statement", [])
        resources = [resource for s in statements for resource in as_list(s["Resource"])]
        if not resources or "LedgerTableArn" not in json.dumps(resources) or "*" in resources:
            yield f"{name}: leads to other tables than ours"


TRUST_CHECKS = (check_table_rights, check_signing, check_resource_policies, check_encryption, check_survivors, check_endpoints)
