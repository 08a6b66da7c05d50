"""Words by which a text or a header speaks of one person, of an organisation, or of a birthday; and common given names."""

from __future__ import annotations

import re

# what is told of one patient; a name, an age or an address beside it is theirs
CLINICAL = re.compile(
    r"\b(?:admitted|admission|diagnosed|discharged?|presented (?:with|to)|was referred|referred (?:to|by|for)|underwent|prescribed|complain(?:s|ed|ing) of|suffer(?:s|ed|ing) from"
    r"|history of|was (?:seen|treated|transferred|found|born|operated)|attended|on examination|follow-up (?:visit|appointment)|clinic(?:ally)?|ward|hospital number|medical history"
    r"|biops(?:y|ied)|surgery|(?:tumou?r|cancer|carcinoma|leukaemia|leukemia|diabetes|seizures?|stroke|fracture|pain|fever|overdose)|blood pressure|medication|therapy|chemotherapy"
    r"|patient|proband|deceased|died|next of kin|NHS|GP|HIV|CD4|COPD|hepatitis|dementia|epilepsy|psychosis|schizophrenia|depression|miscarriage|pregnan(?:t|cy)|\w{3,12}ectomy|potassium"
    r"|haemoglobin|hemoglobin|creatinine|(?:started|put) on (?:treatment|dialysis|insulin)|in bed \d{1,3})\b",
    re.IGNORECASE,
)
# what a person has; behind a name it is that person's, and before a word for an office it is a field of work
CONDITION = (
    r"(?:HIV|COPD|T2D|hepatitis|cancer|breast cancer|lung cancer|leuk(?:a?e)mia|lymphoma|melanoma|depress(?:ion|ed)|psychosis|schizophrenia|bipolar|dementia|epilepsy|asthma|diabet(?:es|ic)"
    r"|stroke|miscarriage|pregnan(?:t|cy)|abortion|overdose|heart (?:attack|failure)|sepsis|tuberculosis|chlamydia|syphilis)"
)
EVENT = re.compile(
    r"\b(?:presented|admitted|diagnosed|discharged|underwent|referred|complain(?:s|ed|ing)|was (?:seen|treated|found|transferred|brought|noted|started|given|born)|developed|died|attended|reported|suffered"
    r"|reveal(?:s|ed)|showed|history of|carr(?:ies|ied)|harbou?r(?:s|ed))\b",
    re.IGNORECASE,
)
# a possessive or a heading that makes a contact somebody's own
OWN = re.compile(
    r"(?:\b(?:patient|participant|proband|volunteer|respondent|client|his|her|their|home|personal|next of kin|mother|father|carer|wife|husband)(?:['\u2019]s)?"
    r"(?: (?:home|mobile|personal|e-?mail|contact|current|postal))* (?:address|e-?mail|phone|mobile|tel(?:ephone)?|number|contact|post ?code)|\blives? (?:at|in)|\bresid(?:es|ing|ent) (?:at|in)|\bliving at"
    r"|\bhome address)\W{0,4}(?:\w+\W{1,3}){0,3}$",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:universit\w+|hospitals?|departments?|dept|institut\w*|trust|centre|center|college|school|faculty|laborator\w+|foundation|ltd|limited|inc|plc|company|council|office|society|library|campus|park|building"
    r"|house|correspond\w*|affiliation\w*|authors?|licen[cs]e|copyright|contact|maintainer|publisher|press)\b",
    re.IGNORECASE,
)
ISBN = re.compile(r"\b(?:isbn|issn|doi|orcid|pmid|pmcid|arxiv|isni)\b[^\n]{0,24}$", re.IGNORECASE)
PHONE_WORD = re.compile(r"(?:\b(?:tel|telephone|phone|fax|mobile|mob|call|cell|whatsapp|ext)\b\.?[^\n]{0,12}|\+)$", re.IGNORECASE)
# headers
BIRTH_HEADER = re.compile(
    r"(?:^|_)(?:dob|d_o_b|birth_?(?:date|day|dt|time)|birthday|date_?(?:of_?)?birth|(?:dt|date)_birth|born(?:_on)?|geburtsdatum|date_naissance)(?:$|_)"
)
NHS_HEADER = re.compile(
    r"(?:^|_)(?:nhs_?(?:no|num|number|id)?|chi(?:_?(?:no|num|number))?|hcn|h_?c_?(?:no|num|number)|health_?(?:and_)?care_?(?:no|num|number))(?:$|_)"
)
ISBN_HEADER = re.compile(
    r"(?:^|_)(?:isbn|issn|doi|pmid|orcid|ean|barcode|time|timestamp|unix|epoch|seconds?|start|end|pos|position|bp)\d*(?:$|_)"
)
NINO_HEADER = re.compile(r"(?:^|_)(?:nino|ni_?(?:no|num|number)|national_?insurance(?:_?(?:no|num|number))?)(?:$|_)")
POSTCODE_HEADER = re.compile(r"(?:^|_)(?:post_?codes?|pcds?|pcd\d?|postal_?code|zip_?code)(?:$|_)")
EMAIL_HEADER = re.compile(r"(?:^|_)e?_?mails?(?:_?addr(?:ess(?:es)?)?)?(?:$|_)")
PHONE_HEADER = re.compile(r"(?:^|_)(?:tel(?:ephone)?|phone|mobile|cell|contact_?n(?:o|um|umber)|landline)(?:_?(?:no|num|number))?(?:$|_)")
ADDRESS_HEADER = re.compile(r"(?:^|_)(?:addr(?:ess)?(?:_?(?:line)?_?\d)?|street|house_?(?:no|number|name)|road)(?:$|_)")
IP_HEADER = re.compile(r"(?:^|_)(?:ips?|ip_?addr(?:ess)?|ipv[46]|remote_?addr|client_?ip|host|src|dst|mac(?:_?addr(?:ess)?)?)(?:$|_)")
VERSION_HEADER = re.compile(r"(?:^|_)(?:version|release|build|ver|oid|section)(?:$|_)")
OWN_NAME_HEADER = re.compile(
    r"^(?:patient|participant|subject|proband|person|client|donor|respondent|customer|employee|pupil|student|member|child|mother|father|pt)s?_(?:(?:full|first|last|sur|fore|given|family|middle)_?)?names?$"
)
NAME_HEADER = re.compile(
    r"^(?:(?:full|first|last|given|family|middle|maiden|birth)_?names?|surnames?|forenames?|initials_and_surname|names?_of_(?:patient|participant|person|child))$"
)
BARE_NAME_HEADER = re.compile(r"^(?:names?|person|patient|participant|subject|client|student|employee|individual)$")
ORGANISATION_HEADER = re.compile(
    r"(?:^|_)(?:organi[sz]ation|org|hospital|practice|surgery|school|trust|provider|site|clinic|pharmacy|pharmacies|ods|company|institution|university|institute|department|authors?|maintainers?|publisher|journal|package|repo"
    r"|licen[cs]e|station|store|branch|office|centre|center|venue|care_home|gp|ccg|icb|lsoa|msoa|oa|ward|constituency|local_authority|region|country|county)(?:$|_)"
)

GIVEN_NAMES = frozenset(
    "aaron abdul abigail adam adrian agnes ahmed aidan aisha alan alastair albert alex alexander alexandra alfie alfred ali alice alison alistair amanda amelia amir amy ana andrea andrew angela angus anita ann anna anne annette"
    " anthony antonio archie arthur ayesha barbara barry beatrice ben benjamin bernard beth bethany brenda brian bridget bruce bryan caitlin callum cameron carl carlos carol caroline catherine cathy charles charlie cheryl"
    " chloe chris christian christina christine christopher claire clare clive colin connor craig cynthia daisy dan daniel danielle darren dave david dawn dean deborah debra denise dennis derek diana diane dominic donald donna"
    " doris dorothy douglas duncan dylan edith edward eileen elaine eleanor elizabeth ella ellen ellie emily emma eric erin ethan eva evelyn farah fatima fiona francesca francis fred freddie frederick freya gareth gary gavin gemma"
    " geoffrey george gerald gillian gladys gordon graham greg hannah hans harold harriet harry hasan heather heidi helen henry hilary holly howard hugh hussein ian ibrahim imran irene iris isaac isabel isabella isla jack"
    " jackie jacob jacqueline jake james jamie jan jane janet janice jasmine jason jean jeffrey jennifer jenny jeremy jessica jill joan joanna joanne joe joel john jonathan jose joseph josephine joshua joyce juan judith julia julian"
    " julie karen karl kate katherine kathleen katie keith kelly ken kenneth kerry kevin khalid kim kirsty kyle lara laura lauren lawrence leah leanne lee leo leon leonard lesley leslie lewis liam lily linda lisa logan lorraine louis louise"
    " lucas lucy luke lynn malcolm margaret maria marie marilyn marion marjorie martha martin mary matthew maureen megan mehmet melanie melissa mia michael michelle mick miguel mike mohamed mohammad mohammed moira muhammad"
    " nadia nancy naomi natalie natasha nathan neil nicholas nicola nicole nigel noah norma norman olga oliver olivia omar oscar owen pamela patricia patrick paul paula pauline pedro peggy penelope peter phil philip phillip phoebe phyllis"
    " poppy priya rachael rachel ralph raymond rebecca reginald rhys richard rita rob robert robin roger ronald rory rosemary ross roy ruby russell ruth ryan sally sam samantha samuel sandra sanjay sara sarah scott sean sebastian shannon"
    " sharon shaun sheila shirley sidney simon sonia sophia sophie stacey stanley stella stephanie stephen steve steven stewart stuart susan suzanne sylvia tamara tanya teresa terence thelma theo theresa thomas tim timothy tina toby"
    " tom tony tracey tracy trevor valerie vanessa vera vicky vincent violet walter wayne wendy wilfred william winifred yasmin yusuf yvonne zachary zainab zoe".split()
)  # fmt: skip
