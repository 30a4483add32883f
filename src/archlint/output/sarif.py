"""SARIF 2.1.0, shaped for code scanning: relative URIs, stable fingerprints, call chains as code flows."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote

from archlint import __version__
from archlint.core.diagnostic import Diagnostic, Fix, Impact, Location
from archlint.output.context import Context, RuleInfo
from archlint.output.fingerprint import fingerprints

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "SRCROOT"
_LEVELS = {Impact.HIGH: "error", Impact.MEDIUM: "warning", Impact.LOW: "note"}
_PROBLEMS = {Impact.HIGH: "error", Impact.MEDIUM: "warning", Impact.LOW: "recommendation"}
#: Scores that code scanning shows as high, medium and low.
_SCORES = {Impact.HIGH: "8.0", Impact.MEDIUM: "5.5", Impact.LOW: "3.0"}
_FAMILIES = {
    "1": "api-design",
    "2": "data",
    "3": "security",
    "4": "performance",
    "5": "organization",
    "6": "testing",
    "7": "resilience",
    "8": "observability",
    "9": "deployment",
}

Value = dict[str, object]


def render(diagnostics: Sequence[Diagnostic], context: Context) -> str:
    """The report."""
    rules = _rules(diagnostics, context)
    order = {rule["id"]: index for index, rule in enumerate(rules)}
    identities = fingerprints(diagnostics, context)
    results = [
        _result(diagnostic, identity, order[diagnostic.code], context)
        for diagnostic, identity in zip(diagnostics, identities, strict=True)
    ]
    run: Value = {
        "tool": {"driver": {"name": "archlint", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The directory that was linted from"}}},
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rules(diagnostics: Sequence[Diagnostic], context: Context) -> list[Value]:
    """The descriptors of the rules that reported, by code."""
    first = {diagnostic.code: diagnostic for diagnostic in reversed(diagnostics)}
    return [_rule(first[code], context) for code in sorted(first)]


def _rule(diagnostic: Diagnostic, context: Context) -> Value:
    code = diagnostic.code
    info = context.rule(code) or RuleInfo(code, diagnostic.name or code, diagnostic.name or code)
    tags = ["architecture"]
    if code.startswith("ARC") and code[3:4] in _FAMILIES:
        tags.append(_FAMILIES[code[3]])
    properties: Value = {
        "tags": tags,
        "precision": "high",
        "problem.severity": _PROBLEMS[info.impact],
    }
    if "security" in tags:
        properties["security-severity"] = _SCORES[info.impact]
    rule: Value = {
        "id": code,
        "name": info.name,
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": info.summary},
        "help": {"text": info.explanation or info.summary, "markdown": info.explanation or info.summary},
        "defaultConfiguration": {"enabled": info.default, "level": _LEVELS[info.impact]},
        "properties": properties,
    }
    return rule | ({"helpUri": info.url} if info.url else {})


def _result(diagnostic: Diagnostic, identity: str, rule_index: int, context: Context) -> Value:
    result: Value = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.impact],
        "message": {"text": diagnostic.message},
        "locations": [_place(diagnostic.location, context, symbol=diagnostic.symbol)],
        "partialFingerprints": {"archlint/v1": identity, "primaryLocationLineHash": f"{identity}:1"},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_place(related.location, context, message=related.message)}
            for number, related in enumerate(diagnostic.related, 1)
        ]
        result["codeFlows"] = [{"threadFlows": [{"locations": _flow(diagnostic, context)}]}]
    if diagnostic.fix is not None and diagnostic.fix.edits:
        result["fixes"] = [_fix(diagnostic.fix, context)]
    return result


def _flow(diagnostic: Diagnostic, context: Context) -> list[Value]:
    """The finding and then each hop, in the order in which the calls happen."""
    hops = [(diagnostic.location, diagnostic.message)]
    hops += [(related.location, related.message) for related in diagnostic.related]
    return [{"location": _place(location, context, message=message)} for location, message in hops]


def _place(location: Location, context: Context, *, message: str = "", symbol: str = "") -> Value:
    place: Value = {
        "physicalLocation": {
            "artifactLocation": _artifact(location.path, context),
            "region": _region(location),
        }
    }
    if message:
        place["message"] = {"text": message}
    if symbol:
        place["logicalLocations"] = [{"fullyQualifiedName": symbol}]
    return place


def _artifact(path: str, context: Context) -> Value:
    relative = PurePath(context.relative(path))
    if relative.is_absolute():
        return {"uri": relative.as_uri()}
    return {"uri": quote(os.fsencode(relative.as_posix())), "uriBaseId": _BASE}


def _region(location: Location) -> Value:
    return {
        "startLine": location.line,
        "startColumn": location.column + 1,
        "endLine": location.end_line,
        "endColumn": location.end_column + 1,
    }


def _fix(fix: Fix, context: Context) -> Value:
    paths = dict.fromkeys(edit.location.path for edit in fix.edits)
    return {
        "description": {"text": fix.message},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path, context),
                "replacements": [
                    {"deletedRegion": _region(edit.location), "insertedContent": {"text": edit.content}}
                    for edit in fix.edits
                    if edit.location.path == path
                ],
            }
            for path in paths
        ],
    }
