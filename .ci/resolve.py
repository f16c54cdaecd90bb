"""Resolves a template for one set of parameters, as CloudFormation does before it makes resources.

Linters that read resources do not evaluate conditions: they would see both branches of an `Fn::If`, and resources that the
set does not deploy.
"""

import re


def resolve(template: dict, parameters: dict[str, str]) -> dict:
    """Returns the resources that are deployed, without conditions and without references to parameters."""
    values = {name: str(p["Default"]) for name, p in template.get("Parameters", {}).items() if "Default" in p}
    # A nested stack may get what another resource is called, which is known only when it is deployed.
    values |= {name: value if isinstance(value, str) else "of-another-resource" for name, value in parameters.items()}
    conditions = template.get("Conditions", {})
    deployed = {}
    for name, resource in template["Resources"].items():
        condition = resource.get("Condition")
        if condition is None or holds({"Condition": condition}, conditions, values):
            kept = {key: value for key, value in resource.items() if key != "Condition"}
            deployed[name] = substituted(kept, conditions, values)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": deployed}


def holds(expression: dict, conditions: dict, values: dict[str, str]) -> bool:
    """Evaluates a condition."""
    ((function, argument),) = expression.items()
    match function:
        case "Condition":
            return holds(conditions[argument], conditions, values)
        case "Fn::Not":
            return not holds(argument[0], conditions, values)
        case "Fn::And":
            return all(holds(part, conditions, values) for part in argument)
        case "Fn::Or":
            return any(holds(part, conditions, values) for part in argument)
        case "Fn::Equals":
            left, right = (substituted(side, conditions, values) for side in argument)
            return left == right
        case _:
            raise ValueError(f"unknown function in a condition: {function}")


NO_VALUE = {"Ref": "AWS::NoValue"}


def substituted(value, conditions: dict, values: dict[str, str]):
    """Replaces references to parameters by their values, and each `Fn::If` by the branch that counts."""
    if isinstance(value, list):
        parts = [substituted(part, conditions, values) for part in value]
        return [part for part in parts if part != NO_VALUE]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return values.get(value["Ref"], value)
    if "Fn::If" in value:
        condition, then, otherwise = value["Fn::If"]
        branch = then if holds({"Condition": condition}, conditions, values) else otherwise
        return substituted(branch, conditions, values)
    if "Fn::Sub" in value:
        return sub(value, conditions, values)
    parts = {key: substituted(part, conditions, values) for key, part in value.items()}
    return evaluated({key: part for key, part in parts.items() if part != NO_VALUE})


def sub(value: dict, conditions: dict, values: dict[str, str]):
    """Evaluates an `Fn::Sub`, or returns it as it is if a name in it is not known before the deployment."""
    text, own = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else (value["Fn::Sub"], {})
    known = values | substituted(own, conditions, values)
    names = re.findall(r"\$\{([^!}]+)\}", text)
    if not all(isinstance(known.get(name), str) for name in names):
        return value
    return re.sub(r"\$\{([^!}]+)\}", lambda name: known[name[1]], text).replace("${!", "${")


def evaluated(value: dict):
    """Evaluates an intrinsic function whose arguments are known."""
    match value:
        case {"Fn::Split": [str(separator), str(text)]}:
            return text.split(separator)
        case {"Fn::Join": [str(separator), [*parts]]} if all(isinstance(part, str) for part in parts):
            return separator.join(parts)
        case {"Fn::Select": [index, [*parts]]} if int(index) < len(parts):
            return parts[int(index)]
    return value
