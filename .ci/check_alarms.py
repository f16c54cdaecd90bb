"""Feeds series of metrics to the alarms of template.yaml and stacks/alarms.yaml.

Each scenario must ring exactly its alarms, and each alarm must be rung by a scenario. The scenarios have the metrics that the
functions log (shared/web/src/telemetry.rs and others; `lint_template.py` compares the names) and those of AWS.
"""

import json
import re
import sys
from pathlib import Path

from cloudformation import of_type
from cloudwatch import Alarm, Composite, Metrics, next_state
from lint_template import BASE, CERTIFICATE, ROOT, expand, nested

HOUR = 60
DAY = 24 * HOUR


def key(metric: dict) -> tuple[str, str, str]:
    """Returns the key of a metric, as `Metrics` has it."""
    return metric["Namespace"], metric["MetricName"], json.dumps(metric["Dimensions"][0]["Value"])


def all_alarms() -> dict[str, dict]:
    """Maps the name of each alarm, without that of the stack, to its properties and those of its parts."""
    source = (ROOT / "template.yaml").read_text()
    parameters = BASE | {"DomainName": "a.example.com", "CertificateArn": CERTIFICATE, "CrmWebhookUrl": "https://crm.example.com"}
    template = expand(source, parameters)
    alarms = {}
    for stack in (template, *nested(template).values()):
        plain = of_type(stack, "AWS::CloudWatch::Alarm")
        composite = of_type(stack, "AWS::CloudWatch::CompositeAlarm")
        for name, properties in (plain | composite).items():
            rule = properties.get("AlarmRule", {"Fn::Sub": ""})["Fn::Sub"]
            assert re.fullmatch(r'(ALARM\("\$\{\w+\}"\)( OR )?)*', rule), f"{name}: the evaluator does not know the rule {rule}"
            parts = [plain[part] for part in re.findall(r"\{(\w+)\}", rule)]
            alarms[properties["AlarmName"]["Fn::Sub"].partition("-")[2]] = (properties, parts)
    return alarms


ALARMS = all_alarms()


class Scenario(Metrics):
    """A series of metrics, made of what happens to a broker. Times are in minutes."""

    def log(self, minute: int, **metrics: float):
        """A function logs metrics."""
        for name, value in metrics.items():
            stack = '{"Ref": "Stack"}'
            self.add(minute, ("InApp", name, stack), value)

    def of(self, alarm: str, minute: int, value: float):
        """AWS measures a sample of the metric that an alarm watches, with the alarm's own dimensions."""
        self.add(minute, key(ALARMS[alarm][0]), value)

    def taps(self, minutes, failed=lambda _: False):
        """Traders tap. `failed` says of each whether it fails."""
        for minute in minutes:
            metrics = {"TapsFailed": 1} if failed(minute) else {"TapsFailed": 0, "TokensRefused": 0}
            self.log(minute, Requests=1, **metrics)

    def guesses(self, minutes):
        """cTrader refuses tokens."""
        for minute in minutes:
            self.log(minute, Requests=1, TokensRefused=1)

    def rounds(self, minutes, **counts):
        """Rounds of `reconcile`."""
        for minute in minutes:
            none = dict.fromkeys(("DepositsOpen", "DepositsReview", "DepositsUnknown", "DepositsStuck", "DepositsLeft"), 0)
            self.log(minute, **none | counts)

    def rung(self, length: int = DAY) -> dict[str, int]:
        """Maps each alarm that mails somebody to how often it rings."""
        rung = {}
        for name, (properties, parts) in ALARMS.items():
            own = [Alarm(part, key) for part in parts]
            alarm = Composite(properties, own) if parts else Alarm(properties, key)
            minutes = set().union(*(single.news(self) for single in own or [alarm]))
            for minute in sorted(minute for minute in minutes if minute <= length):
                for part in own:
                    part.evaluate(self, minute)
                before, after = alarm.state, alarm.evaluate(self, minute)
                actions = {"ALARM": "AlarmActions", "INSUFFICIENT_DATA": "InsufficientDataActions", "OK": ""}[after]
                if after != before and properties.get(actions):
                    rung[name] = rung.get(name, 0) + 1
        return rung


def business() -> Scenario:
    """A day of a small broker: nobody taps in the night, twenty tap in each hour of the day."""
    day = Scenario()
    day.taps(range(8 * HOUR, 20 * HOUR, 3))
    return day


SCENARIOS = {}


def scenario(*expected: str):
    """Registers a scenario and the alarms that it must ring."""

    def register(make):
        SCENARIOS[make.__doc__.rstrip(".")] = (make, set(expected))
        return make

    return register


# ---- Nothing to ring for ------------------------------------------------------------------------------------------------------


@scenario()
def _():
    """A quiet day and night."""
    quiet = business()
    quiet.rounds(range(DAY))
    for minute in range(8 * HOUR, 20 * HOUR):
        quiet.log(minute, Requests=1, RequestsFailed=0)
        quiet.of("ScreensSlow", minute, 300)
        quiet.of("RequestsRefused", minute, minute % 2)
    quiet.of("CertificateExpires", 100, 60)
    return quiet


@scenario()
def _():
    """A first deployment, whose first round comes after ten minutes."""
    first = Scenario()
    first.rounds(range(10, DAY))
    return first


@scenario()
def _():
    """One tap in twenty fails all day."""
    some = Scenario()
    some.taps(range(8 * HOUR, 20 * HOUR, 3), lambda minute: minute % HOUR == 0)
    return some


@scenario()
def _():
    """A single tap in the night fails."""
    one = Scenario()
    one.taps([3 * HOUR], lambda _: True)
    return one


@scenario()
def _():
    """Traders reload pages whose token is spent, among others who tap."""
    reloads = business()
    reloads.guesses([])
    for minute in range(20 * HOUR, 22 * HOUR, 6):
        reloads.taps([minute])
        reloads.guesses([minute])
    return reloads


# ---- Taps ---------------------------------------------------------------------------------------------------------------------


@scenario("TapsFailing")
def _():
    """Three taps in an hour of the night fail."""
    few = Scenario()
    few.taps([180, 200, 220], lambda _: True)
    return few


@scenario("TapsFailing")
def _():
    """cTrader cannot be reached for three hours."""
    down = Scenario()
    down.taps(range(8 * HOUR, 20 * HOUR, 3), lambda minute: 10 * HOUR <= minute < 13 * HOUR)
    return down


@scenario("TapsFailing")
def _():
    """Every second tap fails for two hours."""
    half = Scenario()
    half.taps(range(8 * HOUR, 20 * HOUR, 3), lambda minute: minute // HOUR in (10, 11) and minute % 2)
    return half


@scenario("TapsFailing")
def _():
    """Of three hundred taps in an hour a fifth fails."""
    many = Scenario()
    for minute in range(10 * HOUR, 11 * HOUR):
        many.taps([minute] * 5)
        many.taps([minute], lambda _: True)
    return many


@scenario("TapsFailing", "NoTokenAccepted")
def _():
    """cTrader cannot be reached in the night, and a stranger's refused tokens do not hide it."""
    hidden = Scenario()
    for minute in range(180, 240):
        hidden.guesses([minute] * 20)
        hidden.taps([minute] if minute % 20 == 0 else [], lambda _: True)
    return hidden


@scenario("NoTokenAccepted")
def _():
    """The revision of the token call is wrong: no token is accepted."""
    wrong = Scenario()
    wrong.guesses(range(8 * HOUR, 20 * HOUR, 3))
    return wrong


@scenario("NoTokenAccepted")
def _():
    """A stranger invents tokens in the night."""
    stranger = business()
    stranger.guesses(range(20 * HOUR, 24 * HOUR, 2))
    return stranger


@scenario("TokensGuessed", "NoTokenAccepted")
def _():
    """A stranger tries thousands of tokens in the night, and the breaker holds most of them back."""
    guessing = business()
    for minute in range(22 * HOUR, 23 * HOUR):
        guessing.guesses([minute] * 20)
        for _ in range(100):
            guessing.log(minute, Requests=1, TokensGuessed=1, RequestsFailed=0)
    return guessing


# ---- Settings, other requests -------------------------------------------------------------------------------------------------


def logged(metric: str, minutes=(600,), **others: float):
    """Makes a scenario in which a function logs a metric on an ordinary day."""

    def make():
        made = business()
        for minute in minutes:
            made.log(minute, **{metric: 1} | others)
        return made

    make.__doc__ = f"{metric} is logged {len(minutes)} times."
    return make


for alarm, metric, minutes in (
    ("ManagerTokenRefused", "ManagerTokenRefused", range(600, 720, 3)),
    ("BaseUrlWrong", "BaseUrlWrong", (600,)),
    ("BrokerUnknown", "BrokerUnknown", (600,)),
    ("AccountsUnreadable", "AccountsUnreadable", (600,)),
    ("PaymentsMisconfigured", "PaymentsMisconfigured", (600,)),
    ("OutcomeUnknown", "UnknownOutcomes", (600,)),
    ("NotificationsDoubted", "NotificationsDoubted", (600,)),
    ("PaymentEventsNotKept", "PaymentEventsNotKept", (600,)),
    ("NotificationsRefused", "NotificationsRefused", (600,)),
    ("NotificationsFailing", "NotificationsFailed", (600, 610)),
    ("DepositUnknown", "DepositUnknown", (600,)),
    ("EventsLost", "Unreadable", (600,)),
):
    scenario(alarm)(logged(metric, minutes))

scenario()(logged("NotificationsFailed"))


@scenario("ScreensFailing")
def _():
    """KMS does not sign: the few submits fail, and the pages of deposits go on asking."""
    failing = business()
    for minute in range(600, 660):
        failing.log(minute, Requests=1, RequestsFailed=0)
        if minute % 10 == 0:
            failing.log(minute, Requests=1, RequestsFailed=1)
    return failing


@scenario("NotificationsUnsigned", "RequestsRefused")
def _():
    """A stranger switches between attacks and pauses, each of half an hour."""
    toggling = business()
    for minute in range(DAY):
        if minute // 30 % 2 == 0:
            toggling.log(minute, NotificationsUnsigned=1)
            toggling.of("RequestsRefused", minute, 30)
    return toggling


def measured(alarm: str, *samples: tuple[int, float]):
    """Makes a scenario in which AWS measures the metric that an alarm watches, on an ordinary day."""

    def make():
        made = business()
        for minute, value in samples:
            made.of(alarm, minute, value)
        return made

    make.__doc__ = f"AWS measures what {alarm} watches."
    return make


SLOW = [(minute, 2_500) for minute in range(600, 630)]
scenario("ScreensSlow")(measured("ScreensSlow", *SLOW))
scenario("CertificateExpires")(measured("CertificateExpires", (100, 21), (820, 20.5)))
scenario("EventsLate")(measured("EventsLate", (600, 310_000)))
scenario("CrmWebhookLate")(measured("CrmWebhookLate", (600, 1_000)))
for alarm in ("CrmWebhookLost", "MailLost"):
    scenario(alarm)(measured(alarm, (599, 0), (600, 1)))
for alarm in sorted(ALARMS):
    if alarm.startswith("Function"):
        scenario(alarm)(measured(alarm, (599, 0), (600, 1)))


# ---- Deposits -----------------------------------------------------------------------------------------------------------------


@scenario("DepositsUnattended")
def _():
    """Rounds stop for an hour."""
    stopped = Scenario()
    stopped.rounds([*range(600), *range(660, DAY)])
    return stopped


@scenario()
def _():
    """A round is missed."""
    missed = Scenario()
    missed.rounds([*range(600), *range(602, DAY)])
    return missed


def counted(**counts: int):
    """Makes a scenario in which rounds count deposits for an hour."""

    def make():
        made = Scenario()
        made.rounds(range(600))
        made.rounds(range(600, 660), **counts)
        made.rounds(range(660, DAY))
        return made

    make.__doc__ = f"Rounds count {counts}."
    return make


scenario("DepositReview")(counted(DepositsReview=1))
scenario("DepositUnknown")(counted(DepositsUnknown=2))
scenario("DepositStuck")(counted(DepositsStuck=1))
scenario("DepositsLeft")(counted(DepositsLeft=5))


# ---- The checks ---------------------------------------------------------------------------------------------------------------

# The tables of AWS's documentation about missing data: what CloudWatch retrieved for an alarm of 3 periods, the oldest first
# (0 is fine, X breaches, - is missing); how many must breach; and the state by treatment.
DOCUMENTED = [
    ("0-X-X", 3, {"missing": "OK", "ignore": "OK", "breaching": "OK", "notBreaching": "OK"}),
    ("----0", 3, {"missing": "OK", "ignore": "OK", "breaching": "OK", "notBreaching": "OK"}),
    ("-----", 3, {"missing": "INSUFFICIENT_DATA", "ignore": "RETAINED", "breaching": "ALARM", "notBreaching": "OK"}),
    ("0XX-X", 3, {"missing": "ALARM", "ignore": "ALARM", "breaching": "ALARM", "notBreaching": "ALARM"}),
    ("--X--", 3, {"missing": "ALARM", "ignore": "RETAINED", "breaching": "ALARM", "notBreaching": "OK"}),
    ("0-X-X", 2, {"missing": "ALARM", "ignore": "ALARM", "breaching": "ALARM", "notBreaching": "ALARM"}),
    ("0-X--", 2, {"missing": "OK", "ignore": "OK", "breaching": "ALARM", "notBreaching": "OK"}),
]


def problems():
    """Yields what is wrong with the evaluator, and with the alarms."""
    for points, to_alarm, states in DOCUMENTED:
        breaches = [point == "X" for point in reversed(points) if point != "-"][:3]
        for treatment, expected in states.items():
            state = next_state(breaches, 3, to_alarm, treatment, "RETAINED")
            if state != expected:
                yield f"the evaluator: {points}, {to_alarm} of 3, {treatment}: {state} in place of {expected}"
    heard = set()
    for name, (make, expected) in SCENARIOS.items():
        rung = make().rung()
        heard |= expected
        if set(rung) != expected:
            yield f"{name}: rings {sorted(rung) or 'nothing'} in place of {sorted(expected) or 'nothing'}"
        if (most := max(rung.values(), default=0)) > 24:
            yield f"{name}: rings an alarm {most} times in a day"
    parts = {part["AlarmName"]["Fn::Sub"].partition("-")[2] for _, parts in ALARMS.values() for part in parts}
    for name in ALARMS.keys() - heard - parts:
        yield f"no scenario rings {name}"


def main() -> int:
    """Checks all scenarios and returns the exit status."""
    found = list(problems())
    for problem in found:
        print(problem)
    print(f"{len(SCENARIOS)} scenarios, {len(ALARMS)} alarms: {'as expected' if not found else 'problems, see above'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
