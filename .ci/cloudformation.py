"""Helpers to look into templates, as SAM has expanded them."""


def as_list(value) -> list:
    """Returns the value as a list. IAM allows a single value wherever it allows a list."""
    return value if isinstance(value, list) else [value]


def branches(value) -> list:
    """Returns the items of a list. Each `Fn::If` is replaced by the items of both branches."""
    items = []
    for item in as_list(value):
        if isinstance(item, dict) and "Fn::If" in item:
            items += branches(item["Fn::If"][1]) + branches(item["Fn::If"][2])
        elif item != {"Ref": "AWS::NoValue"}:
            items.append(item)
    return items


def of_type(template: dict, resource_type: str) -> dict[str, dict]:
    """Maps name to properties for the resources of one type."""
    resources = template["Resources"].items()
    return {name: r.get("Properties", {}) for name, r in resources if r["Type"] == resource_type}


def own_policy_documents(role: dict) -> list[dict]:
    """Returns the inline policies of a role."""
    return [policy["PolicyDocument"] for policy in branches(role.get("Policies", []))]


def granted(template: dict) -> dict[str, list[dict]]:
    """Maps the name of each role and managed policy to its own statements that allow something."""
    documents = {name: [policy["PolicyDocument"]] for name, policy in of_type(template, "AWS::IAM::ManagedPolicy").items()}
    documents |= {name: own_policy_documents(role) for name, role in of_type(template, "AWS::IAM::Role").items()}
    return {
        name: [statement for document in own for statement in document["Statement"] if statement["Effect"] == "Allow"]
        for name, own in documents.items()
    }
