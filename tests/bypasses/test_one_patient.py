"""Documents of one patient in the standards of hospitals; no list tells that they are records."""

from __future__ import annotations

import pytest

from sdc_airlock.model.decision import Outcome

_CDA = """<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><id extension="1234"/><patient>
<name><given>Dora</given><family>Haddad</family></name><administrativeGenderCode code="F"/><birthTime value="19540302"/>
</patient></patientRole></recordTarget></ClinicalDocument>
"""
_FHIR = """<Patient xmlns="http://hl7.org/fhir"><id value="17"/><name><family value="Haddad"/><given value="Dora"/></name>
<gender value="female"/><birthDate value="1954-03-02"/></Patient>
"""


@pytest.mark.parametrize("document", [_CDA, _FHIR], ids=["CDA", "FHIR"])
def test_the_document_of_one_patient(staged, judge, document: str) -> None:
    """A document of HL7 is the record of a patient even where it stands alone."""
    outcome, spoke = judge(staged(document.encode(), "patient.xml"))
    assert outcome is not Outcome.RELEASE
    assert spoke & {"individual_rows", "direct_identifiers"}
