"""Reads the three OSCAL files of a folder with compliance-trestle's models; any fault ends it with a message."""

import sys
import zipfile
from pathlib import Path

from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog
from trestle.oscal.component import ComponentDefinition

CLAUSES = 406


def clauses(groups):
    """Returns the controls of all groups, however deep."""
    for group in groups or []:
        yield from getattr(group, "controls", None) or []
        yield from clauses(getattr(group, "groups", None))


def main(folder: Path) -> None:
    catalog = Catalog.oscal_read(folder / "catalog.json")
    known = {control.id for control in clauses(catalog.groups)}
    assert len(known) == CLAUSES, f"{len(known)} clauses"
    component = ComponentDefinition.oscal_read(folder / "component.json")
    required = component.components[0].control_implementations[0].implemented_requirements
    assert required and all(one.control_id in known for one in required), "a requirement of no clause"
    results = AssessmentResults.oscal_read(folder / "results.json")
    result = results.results[0]
    observed = {one.uuid for one in result.observations or []}
    assert result.findings, "nothing was found"
    for finding in result.findings:
        assert finding.target.target_id.removesuffix("_smt") in known, finding.target.target_id
        for related in finding.related_observations or []:
            assert related.observation_uuid in observed, related.observation_uuid
    workbook = zipfile.ZipFile(folder / "xlsx").namelist()
    assert sum(name.startswith("xl/worksheets/sheet") for name in workbook) == 4, workbook


if __name__ == "__main__":
    source = Path(sys.argv[1])
    for name in ("catalog", "component", "results"):
        (source / f"{name}.json").write_bytes((source / f"oscal_{name}").read_bytes())
    main(source)
