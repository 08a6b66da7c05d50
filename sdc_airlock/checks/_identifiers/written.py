"""How identifiers of people are written, and where a closer look for them begins."""

from __future__ import annotations

from collections.abc import Mapping

from sdc_airlock.checks._identifiers.secrets import KINDS
from sdc_airlock.checks._identifiers.words import CONDITION

AREAS = (
    "AB|AL|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|B|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|E|FK|FY|GL|GU|GY|G|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|L|ME|MK|ML|M"
    "|NE|NG|NN|NP|NR|NW|N|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|S|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|W|YO|ZE"
)
POSTCODE = rf"(?:{AREAS})\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{{2}}"
_ROAD = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Gardens|Terrace|Grove|Mews|Way|Court|Square|Walk|Row|Rise|View|Boulevard|Blvd)"
STREET = rf"\d{{1,4}}[A-Za-z]?,? (?:[A-Z][a-z'\u2019]{{1,20}} ){{1,3}}{_ROAD}\b"
EMAIL = r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}"
PHONE = r"\+\d{1,3}[ .\-]?(?:\(0?\d{0,4}\)[ .\-]?)?\d{1,4}(?:[ .\-]?\d{2,4}){2,4}|(?:\(0\d{2,4}\)|0(?:7\d{3}|1\d{2,4}|2\d|3\d{2}))[ \-]?\d{3,4}[ \-]?\d{3,4}"
NINO = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d{2} \d{2} \d{2} ?|\d{6} ?)[A-D]"
IPV4 = r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
IPV6 = r"(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}"
MAC = r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}"
# where a closer look begins; patterns of RE2, case matters unless they say otherwise
TRIGGERS: Mapping[str, str] = {
    "nhs_number": r"[^0-9.][0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}[^0-9]",
    "national_insurance": r"[A-CEGHJ-PR-TW-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
    "date_of_birth": r"(?i:\bd\.?o\.?b\b|birth|\bborn\b)",
    "postcode": r"[A-Z][0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}",
    "email": r"@[A-Za-z0-9-]+\.[A-Za-z]",
    "phone": r"\+[0-9]{1,3}[ .(-]?[0-9(]|[^0-9.]\(?0[1237][0-9]{1,4}\)?[ -]?[0-9]{3}",
    "titled": r"\b(?:Mr|Mrs|Ms|Miss|Master|Baby)\.? [A-Z]",
    "named_age": r"[A-Z][a-z'-]+ (?:[A-Z]\.? )?[A-Z][^ 0-9,(]+(?:, | \()(?:an? |aged? )?(?:[0-9]{1,3}[ ,)-]|D|d\.)",
    "named_event": r"[A-Z][a-z'-]+ (?:was (?:admitted|diagnosed|discharged|referred)|presented (?:with|to)|underwent)",
    "labelled_name": r"(?i:patient(?:'s)?(?: full)?[ _]name|name of (?:the )?patient|next of kin|surname|forename|first name|last name|full name|patient\W)",
    "named_condition": rf"[A-Z][a-z'-]+ (?:[A-Z]\.? )?[A-Z][a-z'-]+(?: (?:is|has|had|was|with)|[:,;\t]| -) ?(?:an? )?{CONDITION}",
    "vignette": r"(?i:[0-9][- ]years?[- ]old|[0-9] ?y/?o\b)|[A-Z][a-z'-]+ \([0-9]{1,3}, ?[A-Za-z]",
    "address": r"[0-9][A-Za-z]?,? [A-Z][a-z'-]+ (?:[A-Z][a-z'-]+ )*(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Crescent|Gardens|Terrace|Grove|Mews|Way|Court|Square|Walk|Row|Rise|View|Boulevard|Blvd)\b",
    "network_address": r"[0-9]\.[0-9]+\.[0-9]+\.[0-9]|[0-9A-Fa-f]:[0-9A-Fa-f]*:[0-9A-Fa-f]*:|[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-",
    **{f"secret: {kind}": trigger for kind, (trigger, _) in KINDS.items()},
}  # fmt: skip
