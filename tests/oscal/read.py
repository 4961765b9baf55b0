"""Reads the three OSCAL files of a folder with compliance-trestle's models; any fault ends it with a message."""

import sys
import zipfile
from pathlib import Path

from trestle.oscal.assessment_results import Model as Results
from trestle.oscal.catalog import Model as CatalogFile
from trestle.oscal.component import Model as ComponentFile

CLAUSES = 406


def clauses(groups):
    """Returns the controls of all groups, however deep."""
    for group in groups or []:
        yield from group.controls or []
        yield from clauses(group.groups)


def main(folder: Path) -> None:
    catalog = CatalogFile.oscal_read(folder / "catalog.json").catalog
    known = {control.id for control in clauses(catalog.groups)}
    assert len(known) == CLAUSES, f"{len(known)} clauses"
    component = ComponentFile.oscal_read(folder / "component.json").component_definition
    required = component.components[0].control_implementations[0].implemented_requirements
    assert required and all(one.control_id in known for one in required), "a requirement of no clause"
    results = Results.oscal_read(folder / "results.json").assessment_results
    result = results.results[0]
    observed = {one.uuid for one in result.observations or []}
    for finding in result.findings or []:
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
