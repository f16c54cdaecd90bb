"""Evaluates CloudWatch alarms over series of metrics, as CloudWatch documents it, for `check_alarms.py`.

- CloudWatch evaluates an alarm each minute, over periods that end then ("Evaluating an alarm").
- It retrieves more periods than the alarm evaluates. Where periods have no data it takes older ones that have, and fills up as the
  alarm says only if these are too few ("Configuring how CloudWatch alarms treat missing data").
- An expression of metric math has no value for a period in which one of its metrics has none.
"""

import ast
import bisect
import re
from collections import defaultdict

# How many periods CloudWatch retrieves beyond those that an alarm evaluates. AWS documents it by the example of 5 for 3.
EXTRA_PERIODS = 2

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def percentile(values: list[float], rank: float) -> float:
    """Returns the value that `rank` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * rank / 100))]


STATISTICS = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
    "p95": lambda values: percentile(values, 95),
}


class Metrics:
    """Samples of metrics: namespace, name and dimensions to values, by minute."""

    def __init__(self):
        self.samples = defaultdict(lambda: ([], []))

    def add(self, minute: int, key: tuple[str, str, str], value: float):
        """Adds a sample."""
        minutes, values = self.samples[key]
        at = bisect.bisect_right(minutes, minute)
        minutes.insert(at, minute)
        values.insert(at, value)

    def statistic(self, key: tuple[str, str, str], name: str, begin: int, end: int) -> float | None:
        """Returns a statistic of the samples from minute `begin` on, before minute `end`; `None` if there are none."""
        minutes, values = self.samples.get(key, ([], []))
        window = values[bisect.bisect_left(minutes, begin) : bisect.bisect_left(minutes, end)]
        return STATISTICS[name](window) if window else None


class Expression:
    """An expression of metric math, as far as our alarms use it: comparisons, AND, OR, IF, and SUM(FILL(METRICS(), 0))."""

    def __init__(self, text: str):
        self.tree = ast.parse(re.sub(r"\b(AND|OR)\b", lambda word: word[0].lower(), text), mode="eval").body
        # SUM(FILL(METRICS(), 0)) uses all metrics, and has a value where one of them has.
        self.fills = isinstance(self.tree, ast.Call) and self.tree.func.id == "SUM"
        called = {node.func for node in ast.walk(self.tree) if isinstance(node, ast.Call)}
        self.used = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name) and node not in called}

    def value(self, metrics: dict[str, float | None]) -> float | None:
        """Returns the value for one period. `metrics` maps id to value."""
        present = [value for name, value in metrics.items() if self.fills or name in self.used]
        if all(value is None for value in present) or (not self.fills and None in present):
            return None
        return float(self._of(self.tree, metrics))

    def _of(self, node: ast.AST, metrics: dict[str, float | None]):
        match node:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return metrics[name]
            case ast.BoolOp(ast.And(), operands):
                return all(self._of(operand, metrics) for operand in operands)
            case ast.BoolOp(ast.Or(), operands):
                return any(self._of(operand, metrics) for operand in operands)
            case ast.Compare(left, [operator], [right]):
                left, right = self._of(left, metrics), self._of(right, metrics)
                return {ast.GtE: left >= right, ast.Eq: left == right, ast.Lt: left < right}[type(operator)]
            case ast.Call(ast.Name("IF"), [condition, then, otherwise]):
                return self._of(then if self._of(condition, metrics) else otherwise, metrics)
            case ast.Call(ast.Name("METRICS"), []):
                return list(metrics.values())
            case ast.Call(ast.Name("FILL"), [series, default]):
                return [self._of(default, metrics) if value is None else value for value in self._of(series, metrics)]
            case ast.Call(ast.Name("SUM"), [series]):
                return sum(self._of(series, metrics))
        raise ValueError(f"not part of the metric math that this evaluator knows: {ast.dump(node)}")


class Alarm:
    """An alarm of one or more metrics, and its state."""

    def __init__(self, properties: dict, key):
        """Takes the properties of the template. `key` makes the key of a metric."""
        self.properties = properties
        self.state = "INSUFFICIENT_DATA"
        self.expression = None
        self.stats = {}
        for metric in properties.get("Metrics", []):
            if "Expression" in metric:
                self.expression = Expression(metric["Expression"])
            else:
                stat = metric["MetricStat"]
                self.stats[metric["Id"]] = (key(stat["Metric"]), stat["Stat"])
                self.period = stat["Period"] // 60
        if not self.stats:
            self.stats = {"metric": (key(properties), properties.get("Statistic") or properties["ExtendedStatistic"])}
            self.period = properties["Period"] // 60

    def news(self, metrics: Metrics) -> set[int]:
        """Returns the minutes in which the alarm sees other data than before. Its state can only change in these."""
        periods = range(self.properties["EvaluationPeriods"] + EXTRA_PERIODS + 1)
        samples = {minute for key, _ in self.stats.values() for minute in metrics.samples.get(key, ([], []))[0]}
        return {1} | {minute + 1 + back * self.period for minute in samples for back in periods}

    def evaluate(self, metrics: Metrics, now: int) -> str:
        """Returns the state at the end of the minute before `now`."""
        periods = self.properties["EvaluationPeriods"]
        points = []
        for back in range(periods + EXTRA_PERIODS):
            end = now - back * self.period
            values = {name: metrics.statistic(key, stat, end - self.period, end) for name, (key, stat) in self.stats.items()}
            points.append(self.expression.value(values) if self.expression else values["metric"])
        compare, threshold = COMPARISONS[self.properties["ComparisonOperator"]], self.properties["Threshold"]
        breaches = [compare(point, threshold) for point in points if point is not None][:periods]
        self.state = next_state(
            breaches,
            periods,
            self.properties.get("DatapointsToAlarm", periods),
            self.properties["TreatMissingData"],
            self.state,
        )
        return self.state


def next_state(breaches: list[bool], periods: int, to_alarm: int, treatment: str, state: str) -> str:
    """Returns the state of an alarm whose newest data breach its threshold as `breaches` says, the newest first."""
    missing = periods - len(breaches)
    if missing > 0 and treatment in ("breaching", "notBreaching"):
        breaches = breaches + [treatment == "breaching"] * missing
    elif not breaches:
        return state if treatment == "ignore" else "INSUFFICIENT_DATA"
    elif missing > 0:
        if not all(breaches):
            return "OK"
        return state if treatment == "ignore" else "ALARM"
    return "ALARM" if sum(breaches) >= to_alarm else "OK"


class Composite:
    """An alarm that rings while one of others does."""

    def __init__(self, properties: dict, parts: list[Alarm]):
        self.properties = properties
        self.parts = parts
        self.state = "INSUFFICIENT_DATA"

    def evaluate(self, _metrics: Metrics, _now: int) -> str:
        """Returns the state, after that of the parts."""
        self.state = "ALARM" if any(part.state == "ALARM" for part in self.parts) else "OK"
        return self.state
