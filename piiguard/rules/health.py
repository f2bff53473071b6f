"""Numbers of patients and insured people, and named conditions, medicines and treatments of a person."""

import re

from piiguard.rules.rule import Rule
from piiguard.validators import au_medicare, confirm_only, de_kvnr, nhs_number, require, us_mbi


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![a-z])(?:{pattern})(?![a-z])")


# -- numbers -------------------------------------------------------------------------------------------------

_TO = r"[\"']?\s{0,2}(?:(?:\b(?:is|was)\b|[:=#]|(?<=\s)-(?=\s))\s{0,2}){0,2}[\"']?"
_NO = r"(?:\s?(?:numbers?|no\.?|num\.?|nr\.?|#|id\b|identifier|code))"
_CODE = r"(?P<value>(?=[A-Z-]{0,8}\d)[A-Z0-9](?:-?[A-Z0-9]){3,16})(?![\w]|[.:/-]\d)"
_HEALTH = (
    r"health\w*|medical|insur\w+|insured|medicare|medicaid|dental|vision|aetna|cigna|anthem|humana|kaiser|bcbs|blue ?cross"
    r"|blue ?shield|united ?health\w*|uhc|oscar|bupa|axa health|vitality|hmo|ppo|hsa|copay|deductible|rx|pharmacy|clinic"
    r"|doctor|hospital|patient|prescription|hr benefits|benefits|enrol\w+"
)


def _mixed(value: str) -> bool | None:
    """False for what holds too few digits to be a number of somebody, and for years."""
    digits = re.sub(r"\D", "", value)
    return False if len(digits) < 4 or re.fullmatch(r"(?:19|20)\d\d", value) else None


_RECORDS = (
    Rule("mrn", "MEDICAL_RECORD",
         re.compile(rf"(?i)(?<![a-z])(?:mrn|m\.r\.n\.|medical record|med rec|hospital number|chart)(?![-\w])(?:{_NO}){{0,2}}{_TO}{_CODE}"),
         0.9, "HL7 v2 PID-3", check=_mixed),
    Rule("mrn_prefixed", "MEDICAL_RECORD", re.compile(r"(?<![\w./-])(?i:mrn|bupa)-?\d{5,10}(?![\w-])"), 0.9, "HL7 v2 PID-3"),
    Rule("patient_id", "MEDICAL_RECORD", re.compile(rf"(?i)(?<![a-z])(?:patient|pt){_NO}{_TO}{_CODE}"), 0.85, "HL7 v2 PID-3",
         check=_mixed),
    Rule("patient_number", "MEDICAL_RECORD", re.compile(r"(?i)(?<![a-z])patient[ #:]{1,3}(?P<value>[A-Z]{0,3}-?\d{5,10})(?!\w|[.:/-]\d)"),
         0.8, "HL7 v2 PID-3"),
    Rule("nhs_grouped", "MEDICAL_RECORD", re.compile(r"(?<![\w/.+()-])(?<!\d )\d{3}(?P<s>[ -])\d{3}(?P=s)\d{4}(?![\w/]|[ .-]?\d)"),
         0.85, "NHS Data Dictionary, NHS number", check=nhs_number, near=_words(r"nhs|gp|surgery|patient|hospital")),
    Rule("nhs", "MEDICAL_RECORD",
         re.compile(rf"(?i)(?<![a-z])nhs{_NO}?{_TO}(?P<value>\d{{3}}[ -]?\d{{3}}[ -]?\d{{4}})(?!\w|[.-]?\d)"),
         0.9, "NHS Data Dictionary, NHS number", check=confirm_only(nhs_number)),
    Rule("medicare_mbi", "MEDICAL_RECORD",
         re.compile(r"(?<![A-Za-z0-9-])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d(?P<s>-?)[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d(?P=s)[AC-HJKMNP-RT-Y]{2}\d\d(?![A-Za-z0-9-])"),
         0.9, "CMS, Medicare Beneficiary Identifier", check=us_mbi),
    Rule("medicare", "MEDICAL_RECORD",
         re.compile(rf"(?i)(?<![a-z])(?:medicare|mbi)(?: card)?{_NO}?{_TO}(?P<value>[2-6]\d{{3}} ?\d{{5}} ?\d(?:[ /-]?\d)?)(?!\w|[.-]?\d)"),
         0.9, "Services Australia, Medicare card", check=confirm_only(au_medicare)),
    Rule("medicare_grouped", "MEDICAL_RECORD", re.compile(r"(?<![\w/.+()-])(?<!\d )[2-6]\d{3} \d{5} \d(?![\w/]|[ .-]?\d{2})"),
         0.85, "Services Australia, Medicare card", check=require(au_medicare)),
    Rule("medicare_named", "MEDICAL_RECORD", re.compile(rf"(?i)(?<![a-z])(?:medicare|medicaid|mbi|hicn)(?![-\w])(?: card)?{_NO}?{_TO}{_CODE}"),
         0.85, "CMS", check=_mixed),
    Rule("de_kvnr", "MEDICAL_RECORD", re.compile(r"(?i)(?<![\w./-])[A-Z][ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?![\w]|[./-]\d)"), 0.85, "§ 290 SGB V",
         check=confirm_only(de_kvnr),
         near=_words(r"kvnr|kv-?(?:nummer|nr\.?)|krankenversicher\w+|versicherten-?(?:nummer|nr\.?|id)|egk|gesundheitskarte|krankenkasse\w*|health (?:insurance|card)|aok|barmer|techniker")),
    Rule("insurance_member", "MEDICAL_RECORD",
         re.compile(rf"(?i)(?<![a-z])(?:(?:health(?:care)? |medical |dental |insurance )(?:insurance |plan )?(?:member(?:ship)?|subscriber|policy|plan|card|insurance)?"
                    rf"|subscriber|enrollee|beneficiary|insured){_NO}{{1,2}}{_TO}{_CODE}"),
         0.85, "X12 271, NM109", check=_mixed),
    Rule("member_near_health", "MEDICAL_RECORD",
         re.compile(rf"(?i)(?<![a-z])(?:(?:member(?:ship)?|policy){_NO}{{1,2}}|member(?= (?-i:[A-Z]{{0,4}}-?\d{{6}}))){_TO}{_CODE}"), 0.85, "X12 271, NM109",
         check=_mixed, near=_words(_HEALTH)),
    Rule("insurer_member", "MEDICAL_RECORD",
         re.compile(rf"(?i)(?<![a-z])(?<!group number with )(?<!group no\. with )(?<!group number at )(?:aetna|cigna|anthem|humana|kaiser(?: permanente)?|bcbs|blue ?cross|united ?healthcare|uhc|bupa)(?![-\w])"
                    rf"(?: member)?{_NO}{{0,2}}{_TO}(?P<value>[A-Z]{{0,4}}-?\d{{7,12}}(?:-\d{{2}})?)(?!\w|[.-]\d)"),
         0.85, "X12 271, NM109"),
    Rule("bcbs_form", "MEDICAL_RECORD", re.compile(r"(?i)(?<![a-z])member(?:ship)? ?(?:id|no\.?|number|#)\s{0,2}(?:(?:is|[:=#])\s{0,2}){0,2}(?P<value>[A-Z]{3}\d{9})(?!\w|[.-]\d)"),
         0.8, "BCBS Association, prefix of three letters"),
)  # fmt: skip

# -- conditions, medicines, treatments -----------------------------------------------------------------------

_CONDITIONS = r"""type (?:1|2|one|two|i|ii) diabetes|gestational diabetes|diabetes|pre-?diabetes|asthma|copd|emphysema
|epilepsy|multiple sclerosis|parkinson(?:'s|’s|s)?(?: disease)?|alzheimer(?:'s|’s|s)?(?: disease)?|dementia|adhd|autism|asperger(?:'s|’s|s)?
|ocd|ptsd|bipolar(?: (?:disorder|ii|i|1|2))?|schizophrenia|(?:postpartum |post-natal |postnatal |clinical |major |severe )?depression
|(?:generali[sz]ed |social )?anxiety(?: disorder)?|panic (?:disorder|attacks)|bulimia|anorexia|eating disorder|borderline personality disorder
|(?:stage (?:[1-4]|i{1,3}|iv|one|two|three|four) )?(?:breast|lung|prostate|colon|skin|thyroid|ovarian|pancreatic|cervical|bladder|kidney|brain|bowel|testicular|liver|bone|blood) cancer
|cancer|leuka?emia|(?:non-)?(?:hodgkin(?:'s|’s|s)? )?lymphoma|melanoma|myeloma|brain tumou?r|hiv(?: positive|\+)?|aids|hepatitis [abc]|tuberculosis|lyme disease|long covid
|lupus|rheumatoid arthritis|(?:psoriatic )?arthritis|osteoporosis|fibromyalgia|endometriosis|pcos|crohn(?:'s|’s|s)?(?: disease)?|ulcerative colitis|ibs|coeliac disease|celiac disease
|kidney failure|(?:chronic )?kidney disease|kidney stones|cirrhosis|pancreatitis|heart failure|heart disease|heart attack|angina|arrhythmia|atrial fibrillation|afib
|hypertension|high blood pressure|hypothyroidism|hyperthyroidism|hashimoto(?:'s|’s|s)?|graves(?:'|’)? disease|addison(?:'s|’s)? disease|cushing(?:'s|’s)?(?: syndrome)?
|sickle cell(?: disease| an[a]?emia)?|an[a]?emia|ha?emophilia|deep vein thrombosis|pulmonary embolism|dvt|stroke|aneurysm|concussion|cerebral palsy|cystic fibrosis|muscular dystrophy|als
|down syndrome|down's syndrome|spina bifida|scoliosis|sciatica|herniated disc|slipped disc|glaucoma|macular degeneration|psoriasis|eczema|shingles|herpes|chlamydia|gonorrh(?:o)?ea|syphilis
|sleep apn(?:o)?ea|narcolepsy|insomnia|chronic fatigue(?: syndrome)?|chronic migraines?|migraines|tourette(?:'s|’s|s)?(?: syndrome)?|dyslexia|miscarriage|pre-?eclampsia|ectopic pregnancy|appendicitis
|sepsis|meningitis|pneumonia|gout|diverticulitis|gallstones|malaria|dengue(?: fever)?|gerd|thalassa?emia|strep b|retinitis pigmentosa|(?:nut|peanut|latex|penicillin) allergy|alcoholism|opioid addiction|substance abuse"""
_MEDICINES = r"""metformin|insulin|ozempic|wegovy|mounjaro|jardiance|lantus|humalog|lisinopril|losartan|amlodipine|metoprolol|atenolol|propranolol|warfarin|eliquis|xarelto|plavix
|atorvastatin|lipitor|simvastatin|rosuvastatin|levothyroxine|synthroid|prednisone|prednisolone|methotrexate|humira|enbrel|remicade|stelara|cosentyx|dupixent|hydroxychloroquine|plaquenil
|sertraline|zoloft|prozac|fluoxetine|lexapro|escitalopram|citalopram|celexa|paxil|paroxetine|venlafaxine|effexor|cymbalta|duloxetine|wellbutrin|bupropion|trazodone|mirtazapine|lithium(?! ?-?(?:ion|batter|cell))
|lamotrigine|lamictal|quetiapine|seroquel|olanzapine|zyprexa|risperidone|abilify|aripiprazole|clozapine|xanax|alprazolam|lorazepam|ativan|clonazepam|klonopin|diazepam|valium|buspirone
|adderall|ritalin|methylphenidate|vyvanse|concerta|strattera|atomoxetine|gabapentin|pregabalin|lyrica|keppra|levetiracetam|topamax|topiramate|depakote|carbamazepine|sumatriptan
|oxycodone|oxycontin|hydrocodone|vicodin|tramadol|morphine|suboxone|methadone|naltrexone|tamoxifen|letrozole|keytruda|herceptin|truvada|biktarvy|descovy|clomid|omeprazole|albuterol|ventolin|epi-?pen|insulin pump"""
_TREATMENTS = r"""chemo(?:therapy)?|radiation therapy|radiotherapy|immunotherapy|dialysis|ivf|hysterectomy|mastectomy|vasectomy|c-section|bypass surgery|hip replacement|knee replacement
|open heart surgery|heart surgery|brain surgery|kidney transplant|liver transplant|bone marrow transplant|blood transfusion|psychotherapy|rehab|electroconvulsive therapy|colostomy|biopsy"""


_ADJECTIVES = r"""(?:\d{1,2} (?:weeks|months) )?pregnant|diabetic|asthmatic|epileptic|autistic|bipolar|dyslexic|schizophrenic|deaf|legally blind|disabled|paraplegic|hiv[- ]positive|immunocompromised"""

_NAMES = "|".join((_CONDITIONS, _MEDICINES, _TREATMENTS)).replace("\n", "")
# what makes a product, a topic or a figure of speech of it
_NOT_BEFORE = (
    r"(?!\w|-\w|['’]?s? (?:apps?|teams?|projects?|product|dataset|data|models?|study|studies|research|awareness|charity"
    r"|clinic|platform|feature|client|api|campaign|walk|fundraiser|cent(?:er|re)|society|foundation|trials?|market"
    r"|startup|industry|line|drug|repo|service|pipeline|prediction|page|article|talk|screening|of|about|over|kicks?"
    r"|when|looking|seeing|reading|every time|open|installed|collection|workspace|can['’]?t|won['’]?t)\b)"
)
_VALUE = rf"(?<![\w/#@-])(?P<value>(?:(?:chronic|early-onset) )?(?:{_NAMES})){_NOT_BEFORE}"

_KIN = (
    r"(?:mom|mum|mother|dad|father|wife|husband|partner|spouse|son|daughter|kid|child|baby|brother|sister|gran(?:d?ma|d?pa|dad|dmother|dfather)?"
    r"|nan|aunt|uncle|cousin|fianc[eé]e?|girlfriend|boyfriend|friend|roommate|boss|manager|colleague|coworker|teammate)"
)
_NAME = r"(?-i:\b(?!The|This|That|It|App|What|Our|Your|Prod|Jenkins|Chrome|Slack|Hodgkin|Parkinson|Crohn|Alzheimer|Hashimoto|Today|Yesterday|Monday|Tuesday|Wednesday|Thursday|Friday)[A-Z][a-z]{2,15})"
_WHO = rf"(?:\b(?:i|we|she|he|they|who)|\b(?:my|his|her|their|your) {_KIN}|{_NAME})"
_IS = rf"(?:\b(?:i['’]?m|i am|i was|she['’]?s|she is|she was|he['’]?s|he is|he was|they['’]?re|we['’]?re)|(?:\b(?:my|his|her|their|your) {_KIN}|{_NAME})(?: is| was|['’]s))"
_FILL = (
    r"(?:(?:a|an|the|some|really|very|pretty|severe|mild|chronic|bad|early|late|early-onset|onset|advanced|recurring"
    r"|daily|weekly|new|old|acute|both|just|another|last|next|first|second|third|round of|stage \d|dose of|\d{1,3} ?mg(?: of)?) ){0,3}"
)

_FRAMES = {
    "has": rf"{_WHO}(?:['’]?(?:ve|s|d)? ?(?:also |just |always |actually )?(?: has| have| had|(?: has| have)? got| been battling| been living with"
    rf"| been dealing with| suffers from| lives with| live with| struggles with| struggle with| developed| beat| survived| is living with| is battling"
    rf"| is fighting| is dealing with| is recovering from| died of| was born with)) {_FILL}",
    "diagnosed": r"\b(?:diagnosed (?:\w{2,10} )?(?:with|as)|diagnosis (?:is|was|came back as)|tested positive for|treated for|suffering from"
    rf"|hospitali[sz]ed (?:for|with)|(?:my|his|her|their) (?:leave|surgery|appointment) (?:for|is for)) {_FILL}",
    "on": rf"{_IS} (?:back |now |still |currently |also )?(?:on|off|taking|starting|having|getting|undergoing|going through|in|doing|through|prescribed|due for"
    rf"|scheduled for|booked for|in for|weaning off|recovering from|put on|started on|allergic to) {_FILL}",
    "takes": rf"{_WHO} (?:also |just |still |now )?(?:takes?|took|started|starts|stopped|went through|undergoes|underwent|finished|finishes|begins|began|needs?) {_FILL}",
    "whose": rf"\b(?:my|his|her|their) {_FILL}(?:{_KIN}(?:['’]s)? {_FILL})?",
    "kin_whose": rf"(?:{_NAME}|\b{_KIN})['’]s {_FILL}",
}


def _condition(name: str, pattern: str) -> Rule:
    source = "ICD-11 and WHO ATC; the choice of names is ours"
    return Rule(name, "MEDICAL_CONDITION", re.compile(f"(?i){pattern}"), 0.6, source)


RULES: tuple[Rule, ...] = (
    *_RECORDS,
    *(_condition(f"condition_{name}", frame + _VALUE) for name, frame in _FRAMES.items()),
    _condition(
        "condition_adjective",
        rf"{_IS} (?:(?:now|also|really|severely|partially|clinically|actually|a|heavily) ){{0,2}}(?P<value>{_ADJECTIVES})(?!\w|-\w| (?:to|about|on|for now|today|until|in (?:prod|staging)))",
    ),
    _condition(
        "pregnancy",
        rf"{_IS} (?:\d{{1,2}} (?:weeks|months) (?:along|into (?:my|her) ))?(?P<value>pregnancy|expecting (?:a baby|twins|our (?:first|second)))(?!\w)",
    ),
)
