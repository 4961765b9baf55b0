"""Writes YAML that YAML 1.1 and 1.2 parsers read alike: block style, UTF-8, doubtful scalars quoted."""

import io
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

WIDTH = 110


def plain(text: str) -> bool:
    """Says whether a text can stand unquoted under both versions of YAML."""
    probe = YAML(typ="safe", pure=True)
    for version in [(1, 1), (1, 2)]:
        probe.version = version
        try:
            if probe.load(f"- {text}\n") != [text] or probe.load(f"{text}: x\n") != {text: "x"}:
                return False
        except Exception:  # whatever a parser stumbles over is a reason to quote
            return False
    return "," not in text and '"' not in text and "'" not in text and not text[0].isspace() and text[0].isalnum()


def styled(value):
    """Returns the value with every text marked as plain or quoted."""
    if isinstance(value, dict):
        return {styled(k): styled(v) for k, v in value.items()}
    if isinstance(value, list):
        return [styled(v) for v in value]
    if isinstance(value, str):
        return PlainScalarString(value) if value and _plain_cached(value) else DoubleQuotedScalarString(value)
    return value


_seen: dict[str, bool] = {}


def _plain_cached(text: str) -> bool:
    # Words of letters only are plain unless YAML 1.1 reads them as something else.
    if text not in _seen:
        _seen[text] = plain(text)
    return _seen[text]


def dump(value, path: Path, head: str) -> None:
    """Writes one document with a remark at its head."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(styled(value), out)
    path.parent.mkdir(parents=True, exist_ok=True)
    remark = "".join(f"# {line}".rstrip() + "\n" for line in head.strip().splitlines())
    path.write_text(remark + out.getvalue(), encoding="utf-8")
