"""Takes each promise of `lint_trust.py` out of the expanded template, to see that the lint notices.

A lint that finds nothing may have looked at nothing. It may also have looked at resources that are not deployed: the conditions
that `resolve.py` evaluates are tried too.
"""

import json
import sys

from cloudformation import of_type
from lint_template import BASE, DEPLOYMENTS, ROOT, expand, nested
from lint_trust import TRUST_CHECKS
from resolve import resolve

# What is taken out of the JSON of the template, what comes in its place, and what the lint has to say.
MUTATIONS = [
    (', "Null": {"dynamodb:LeadingKeys": "false"}', "", "are allowed without a key"),
    ('"dynamodb:LeadingKeys": ["deposit#*"]', '"dynamodb:LeadingKeys": ["*"]', "are not bound to kinds of keys"),
    ('"dynamodb:LeadingKeys": ["request#*"]', '"dynamodb:LeadingKeys": ["deposit#*"]', "ScreenPolicy: may write"),
    ('"dynamodb:Attributes": ["pk", "sk", "version", "due_at"]', '"dynamodb:Attributes": []', "is not bound to the attributes"),
    ('"Action": "dynamodb:Query"', '"Action": "kms:Sign"', "may sign"),
    ('{"Fn::GetAtt": ["ChatRole", "Arn"]}', '{"Fn::GetAtt": ["KeysRole", "Arn"]}', "lets others sign"),
    ('"Action": "kms:CreateGrant"', '"Action": "kms:ListGrants"', "can be granted to others"),
    ('{"aws:PrincipalArn": {"Fn::GetAtt": ["PublishRole", "Arn"]}}', "{}", "others than publish can put events"),
    ('"aws:SecureTransport": "false"', '"aws:SecureTransport": "true"', "takes messages without TLS"),
    ('"KmsKeyId": {"Fn::If"', '"Key": {"Fn::If"', "KmsKeyId is not KmsKeyArn"),
    ('"KmsKeyIdentifier": {"Fn::If"', '"Key": {"Fn::If"', "KmsKeyIdentifier is not KmsKeyArn"),
    ('"SSESpecification"', '"Unencrypted"', "LedgerTable: does not use KmsKeyArn"),
    ('{"Ref": "UseKmsKey"}', '{"Ref": "AWS::NoValue"}', "cannot use KmsKeyArn"),
    ('"DeletionPolicy": "Retain"', '"DeletionPolicy": "Delete"', "is deleted with the stack"),
    ('"UpdateReplacePolicy": "Retain"', '"UpdateReplacePolicy": "Delete"', "is deleted with the stack"),
    ('{"Ref": "LedgerTableArn"}', '"*"', "leads to other tables"),
]

# Values of RedirectingScreens, and the roles that may sign with each.
SIGNERS = {
    "": ["DepositRole"],
    "chat": ["DepositRole", "ChatRole"],
    "kyc,action": ["DepositRole", "KycRole", "ActionRole"],
}


def wrong_conditions():
    """Yields each value of a parameter that `resolve.py` makes other resources of than CloudFormation."""
    source = (ROOT / "template.yaml").read_text()
    for screens, expected in SIGNERS.items():
        parameters = BASE | {"RedirectingScreens": screens}
        policies = of_type(resolve(expand(source, parameters), parameters), "AWS::IAM::ManagedPolicy")
        signers = [role["Ref"] for role in policies["SignAssertions"]["Roles"]]
        if signers != expected:
            yield f"RedirectingScreens {screens!r}: {signers} may sign, not {expected}"


def unnoticed():
    """Yields each mutation that the lint does not notice."""
    template = expand((ROOT / "template.yaml").read_text(), DEPLOYMENTS["everything"])
    stacks = [json.dumps(stack) for stack in (template, *nested(template).values())]
    for promise, replacement, expected in MUTATIONS:
        mutated = [stack.replace(promise, replacement) for stack in stacks if promise in stack]
        found = [problem for stack in mutated for check in TRUST_CHECKS for problem in check(json.loads(stack))]
        if not any(expected in problem for problem in found):
            yield f"{promise}: without it the lint says {found or 'nothing'}, not {expected!r}"


def main() -> int:
    """Tries all mutations and returns the exit status."""
    found = [*unnoticed(), *wrong_conditions()]
    print("\n".join(found) or f"{len(MUTATIONS)} promises, each missed by the lint when it is taken out; {len(SIGNERS)} conditions")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
