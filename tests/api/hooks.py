"""Gives the requests real ids and versions, so that they get past the door, and checks how refusals are worded."""

import json
import os
import random
import re
import urllib.request

import schemathesis

BASE = os.environ["BRANDWRIGHT_API"]
TOKEN = os.environ["BRANDWRIGHT_API_TOKEN"]
LANGUAGES = ["zh-Hans", "zh-Hant", "en"]
CHINESE = re.compile("[\u4e00-\u9fff]")
# Random, and the same every time.
RANDOM = random.Random(20261127)

def ask(path):
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Language": "en"}
    request = urllib.request.Request(BASE + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except Exception:
        return {}


def collect():
    """Returns rows of every list that needs no parameter, by the list's path."""
    rows = {}
    for path, item in ask("/api/openapi.json")["paths"].items():
        if "get" in item and "{" not in path:
            answer = ask(path + "?page_size=20") or ask(path)
            items = answer.get("items", []) if isinstance(answer, dict) else answer
            rows[path] = [row for row in items if isinstance(row, dict) and "id" in row]
    return rows


ROWS = collect()
ME = ask("/api/v1/identity/session").get("user_id")


@schemathesis.hook
def before_call(context, case, kwargs):
    case.headers = case.headers or {}
    if "accept-language" not in {name.lower() for name in case.headers}:
        case.headers["Accept-Language"] = RANDOM.choice(LANGUAGES)
    collection = case.operation.path.split("/{")[0]
    rows = [row for row in ROWS.get(collection, []) if row["id"] != ME]
    if not rows or not isinstance(case.path_parameters, dict) or RANDOM.random() < 0.3:
        return
    row = RANDOM.choice(rows)
    for name in list(case.path_parameters):
        if name in ("id", "key"):
            case.path_parameters[name] = str(row["id"])
    if "If-Match" in case.headers and "version" in row and RANDOM.random() < 0.7:
        case.headers["If-Match"] = f'"{row["version"]}"'


@schemathesis.check
def refusals_are_in_words(ctx, response, case):
    if response.status_code < 400:
        return
    kind = (response.headers.get("content-type") or [""])[0]
    assert kind.startswith("application/problem+json"), f"a refusal is {kind or 'nothing'}"
    problem = json.loads(response.content)
    for field in ("code", "detail", "request_id", "title", "type"):
        assert problem.get(field), f"a refusal without {field}"
    assert problem["detail"] != problem["code"], "a refusal without a sentence"
    language = (response.headers.get("content-language") or [""])[0]
    assert language in LANGUAGES, f"a refusal in {language or 'no language'}"
    wanted = (response.request.headers.get("Accept-Language") or "").split(",")[0]
    if wanted in LANGUAGES:
        assert language == wanted, f"a refusal in {language} for somebody who reads {wanted}"
    if language != "en":
        assert CHINESE.search(problem["detail"]), f"an English sentence for {language}: {problem['detail']}"
