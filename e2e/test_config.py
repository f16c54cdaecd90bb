"""The JSON Schema of `broker.toml`, which editors use: it accepts valid files, and refuses mistakes in the structure. A Rust test
checks that the schema belongs to the functions' own reader."""

import copy
import json

import jsonschema
import pytest

from conftest import ROOT, tomllib

SCHEMA = json.loads((ROOT / "docs/broker.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def read(path):
    return tomllib.loads((ROOT / path).read_text())


def test_the_schema_is_valid():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", ["broker.toml", "docs/white-labels.toml", "tests/fixtures/demo.toml"])
def test_the_schema_accepts_every_broker_file(path):
    assert [error.message for error in VALIDATOR.iter_errors(read(path))] == []


def mistakes():
    def case(name, change):
        return pytest.param(change, id=name)

    def method(config):
        return config["deposit"]["methods"][0]

    def action(config, name):
        return next(action for action in config["actions"] if action["type"] == name)

    def amount(config):
        return action(config, "withdraw")["fields"][0]

    return [
        case("an unknown key", lambda config: config.update(langages=["en"])),
        case("a missing key", lambda config: config["brokers"][0].pop("legal")),
        case("no language", lambda config: config.update(languages=[])),
        case("a bad colour", lambda config: config["brokers"][0].update(accent="blue")),
        case("an empty text", lambda config: config["brokers"][0].update(legal={"en": " "})),
        case("a bad currency", lambda config: config["deposit"]["currencies"][0].update(code="eur")),
        case("a number without quotes", lambda config: config["deposit"]["currencies"][0].update(min=10)),
        case("too many decimals", lambda config: config["deposit"]["currencies"][0].update(decimals=9)),
        case("a method without a provider", lambda config: method(config).pop("hosted")),
        case("a method with two", lambda config: method(config).update(bank_transfer={"instructions": "x"})),
        case("a provider's key on the method", lambda config: method(config).update(to="https://a.example")),
        case("a form without choices", lambda config: config["kyc"].pop("documents")),
        case("a page and a backend", lambda config: action(config, "bonus").update(redirect={"to": "https://a.example"})),
        case("an amount without a currency", lambda config: amount(config).pop("currency")),
        case("an amount with options", lambda config: amount(config).update(options=[])),
        case("an unknown kind", lambda config: amount(config).update(kind="money")),
    ]


@pytest.mark.parametrize("change", mistakes())
def test_the_schema_refuses(change):
    config = copy.deepcopy(read("tests/fixtures/demo.toml"))
    change(config)
    assert not VALIDATOR.is_valid(config)


def test_a_page_of_the_brokers_own_needs_no_form():
    config = read("tests/fixtures/demo.toml")
    config["kyc"] = {"redirect": {"to": {"demobroker": "https://a.example"}, "framed": False}}
    assert VALIDATOR.is_valid(config)
