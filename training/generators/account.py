"""Account ids: the codes that organisations give to people, in many shapes."""

from training.generators.draw import Maker, Mix, Random, chance, fill, pick, words

#: Shapes that employers, shops, insurers and clinics share: the words around them alone say whose number it is.
SHARED = words("""#{4} #{5} #{5} #{6} #{6} #{7} #{8} #{9} %#{9} @#{5} @#{6} @@#{6} @@-#{5} #{3}-#{3} #{4}-#{4}
#{3}-#{4}-#{2} @@@-#{6} @#{3}-#{4} [A-Z0-9]{8} [A-Z0-9]{6} #{2}-#{6} [A-Z]#[A-Z]#{4} #{6}[A-Z]
#{4}[A-Z]{2} W#{9} W#{9} @#{8} @#{9} @#{7} @@#{7} @@@#{6} @@@#{7} @@@#{9} @@@@#{6} W#{3}␣#{3}␣#{3} @␣#{8} @@␣#{6} @@@␣#{3}␣#{3}
#{3}␣#{4}␣#{2} #{3}-#{3}-#{4} #{3}␣#{3}␣#{3} #{3}-#{2}-#{3} #{4}␣#{4} #{4}␣#{3}␣#{2} #{2}-#{4}-#{3} #{2}␣#{3}␣#{3} #{5}-#{4} #{5}␣#{5}
#{2}-#{7} #{3}-#{6} #{3}.#{3}.#{3} #{6}-#{3} #{6}/#{2} @-#{3}-#{3} @-#{4}-#{4} @@-#{3}-#{3} @@-#{4}-#{2} @@@-#{2}-#{4} @@@-#{3}-#{4} @@@@-#{4} #{2}@#{5} #{3}@#{4}
#{2}-@@-#{4} @#@#{6} @#{2}-#{5} @#{2}␣#{3}␣#{3} #{8}-@ #{7}@@ #{9}@ @@@#{3}@@ 000-#{6} 00#{7} [A-Z]{4}-[0-9]{4}-[A-Z0-9]{2}
[A-Z]{3}/#{6} [A-Z]{2}/#{4}/#{2} [a-z]{2}#{6} [a-z]{3}-#{5} #{11} #{12} #{4}-#{4}-#{4} #{4}␣#{4}␣#{4}""")
_KINDS: dict[str, str] = {
    "employee": """E#{4} E#{5} E#{6} EMP#{4} EMP#{5} EMP-#{4} EMP-#{5} EMP-#{6} emp_#{5} e#{6} W#{6} P#{5} EID-#{5} EID#{6} HR-#{5} U#{6} i#{6} c#{6} WD-#{6}
        #{5} #{6} #{4} #{7} 000#{5} %#{5} EE#{5} EE-#{4} STF-#{4} staff-#{4} PN#{6} EMP/20[12]#/#{3} 10#{6} N#{5} [A-Z]{3}#{4} BADGE-#{5}""",
    "customer": """C-#{5} C#{6} CUST-#{5} CUST-#{6} CUST#{5} cus-#{6} CU-#{6} CID-#{6} CID#{7} #{6} #{7} #{8} #{9} %#{9} K-#{6} KD#{6} AC-#{6} ACCT-#{6} A#{7} #{4}-#{6} #{3}-#{3}-#{3}
        #{4}-#{4}-#{2} CLI-#{5} CL#{6} cust_[a-z0-9]{8} cus_[A-Za-z0-9]{14} SUB-#{6} U-#{7} uid#{7} #{2}-#{7} 1-%#{8} CRM-#{6} ACC#{8} #{10} #{12}""",
    "member": "M#{6} M#{7} MBR-#{5} MBR#{6} MEM-#{6} MEM#{5} #{6} #{7} #{8} #{9} M-#{5} MN-#{6} MID-#{6} GYM-#{4} U#{6} L#{6}-#{2} #{4}-#{4}-#{4} AM#{6} MB-#{4}-#{4} ID#{6} LIB-#{7} 2#{13}",
    "student": "S#{7} S#{8} s#{7} s#{8} #{7} #{8} #{9} U#{8} A#{8} N#{8} 20[12]##{5} 20[12]#-#{5} STU-#{5} STU#{6} ST#{6} G0#{7} @#{8} B00#{6} 9#{8} #{3}-#{2}-#{4}9 UG/20[12]#/#{4} [a-z]{3}#{3} z#{7} k#{8} 1#{7}",
    "loyalty": "#{9} #{10} #{3}␣#{3}␣#{3} #{4}␣#{4}␣#{4} 6#{15} [A-Z]{2}#{7} [A-Z]{3}#{5} FF#{8} FF-#{7} LY-#{8} MP#{7} 98#{8} #{4}-#{4}-#{4} R#{8} BA#{8} #{11} 308#{13} LOY#{6} RW-#{6} GOLD-#{6} PT#{7} [A-Z0-9]{7} 2#{8} AAdv#{5}",
    "policy": "POL-#{6} POL-#{7} POL#{8} P-#{8} PN-#{7} HO-#{6} AU-#{7} #{3}-#{4}-#{3} #{2}-@@-#{4}-# PLC/#{4}/#{5} TP#{8} L#{9} @@@#{7} #{10} #{3}␣#{4}␣#{3} VN-#{6}-#{2} HOM#{7} MTR-#{7} Q#{8} ABX/#{7} GL-#{6} LIFE-#{6} W#{2}-#{6}-#{2} 5#{6}-#{3}",
    "claim": "CLM-#{6} CLM-#{5} CLM#{7} CL-#{7} CLM-20[12]#-#{5} #{2}-#{6} #{3}-#{6}-#{2} C#{8} WC-#{6} WC20[12]##{4} #{4}-#{5}-#{2} 0#{8} D#{8} CL/20[12]#/#{4} A#{2}-#{6} #{9} #{10} RX#{7} H#{7}-01 clm_#{6} 20[12]##{7} UKC#{6}",
    "case": "CASE-#{5} CASE-#{6} CS-#{6} CS#{7} #{8} 0#{7} #{2}-cv-#{5} #:2#-cv-0#{4} 2#CV#{5} HRC-#{4} ER-#{4} HR-20[12]#-#{3} LV-#{5} FMLA-#{4} EAP-#{5} IOE09#{8} WAC2#{9} EAC2#{9} MSC#{10} C/#{4}/#{2} SAR-20[12]#-#{3} DSAR-#{4} CP-#{6} case_#{5} K#{2}/#{4}",
}
_WEIGHTS = {
    "employee": 28,
    "customer": 28,
    "member": 14,
    "student": 6,
    "loyalty": 6,
    "policy": 8,
    "claim": 6,
    "case": 4,
}


def _maker(body: str) -> Maker:
    patterns = words(body)

    def make(rng: Random) -> str:
        draw = rng.random()
        code = fill(rng, pick(rng, SHARED if draw < 0.25 else patterns))
        if chance(rng, 0.06):
            return code.lower()
        return code.replace("-", " ") if "-" in code and chance(rng, 0.03) else code

    return make


ACCOUNTS = Mix({kind: (_WEIGHTS[kind], _maker(body)) for kind, body in _KINDS.items()})
