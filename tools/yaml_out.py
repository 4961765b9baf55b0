"""Writes YAML that YAML 1.1 and 1.2 parsers read alike: block style, UTF-8, doubtful scalars quoted."""

import functools
import io
import textwrap
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

WIDTH = 110
VERSIONS = [(1, 1), (1, 2)]


@functools.cache
def plain(text: str) -> bool:
    """Says whether a text can stand unquoted under both versions of YAML."""
    probe = YAML(typ="safe", pure=True)
    for version in VERSIONS:
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
        return PlainScalarString(value) if value and plain(value) else DoubleQuotedScalarString(value)
    return value


def dump(value, path: Path, head: str) -> None:
    """Writes one document with a remark at its head, after reading it back."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(styled(value), out)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = out.getvalue()
    if isinstance(value, list):
        text = textwrap.dedent(text)
    for version in VERSIONS:
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        if reader.load(text) != value:
            raise SystemExit(f"{path}: reads differently under YAML {version}")
    remark = "".join(f"# {line}".rstrip() + "\n" for line in head.strip().splitlines())
    path.write_text(remark + text, encoding="utf-8")
