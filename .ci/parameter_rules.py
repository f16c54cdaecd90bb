"""Evaluates the section `Rules` of a template, as CloudFormation does before it creates anything."""


def value(expression, parameters: dict[str, str]):
    """Returns the value of an expression of a rule."""
    if not isinstance(expression, dict):
        return expression
    [(name, operand)] = expression.items()
    match name:
        case "Ref":
            return parameters[operand]
        case "Fn::Equals":
            left, right = (value(side, parameters) for side in operand)
            return left == right
        case "Fn::Not":
            return not value(operand[0], parameters)
        case "Fn::And":
            return all(value(item, parameters) for item in operand)
        case "Fn::Or":
            return any(value(item, parameters) for item in operand)
    raise ValueError(f"not an intrinsic function of rules that this evaluator knows: {name}")


def refusals(template: dict, parameters: dict[str, str]) -> list[str]:
    """Returns what CloudFormation says against these parameters, in the order of the rules."""
    defaults = {name: parameter["Default"] for name, parameter in template["Parameters"].items() if "Default" in parameter}
    given = defaults | parameters
    return [
        assertion["AssertDescription"]
        for rule in template["Rules"].values()
        if value(rule.get("RuleCondition", True), given)
        for assertion in rule["Assertions"]
        if not value(assertion["Assert"], given)
    ]
