"""Every sentence of the contract names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?!sentence|---)(.+?) \| (.+) \|$", re.MULTILINE)
NAME = re.compile(r"`([\w/.]+)::(\w+)`")
ROWS = ROW.findall((ROOT / "docs" / "contract.md").read_text("utf-8"))


def names_in(path):
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("sentence", "tests"), ROWS, ids=[sentence for sentence, _ in ROWS])
def test_a_sentence_is_held_by_tests_that_exist(sentence, tests):
    named = NAME.findall(tests)
    assert named
    assert tests == ", ".join(f"`{where}::{name}`" for where, name in named)
    for where, name in named:
        path = ROOT / where if "/" in where else ROOT / "tests" / "contract" / f"{where}.py"
        assert name in names_in(path), f"{path} has no {name}"


def test_the_table_was_read():
    assert len(ROWS) > 90
