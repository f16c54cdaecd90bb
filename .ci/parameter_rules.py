"""Evaluates the section `Rules` of a template, as CloudFormation does before it creates anything."""

from resolve import holds


def refusals(template: dict, parameters: dict[str, str]) -> list[str]:
    """Returns what CloudFormation says against these parameters, in the order of the rules."""
    defaults = {name: parameter["Default"] for name, parameter in template["Parameters"].items() if "Default" in parameter}
    given = defaults | parameters
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if "RuleCondition" not in rule or holds(rule["RuleCondition"], {}, given)
        for assertion in rule["Assertions"]
        if not holds(assertion["Assert"], {}, given)
    ]
