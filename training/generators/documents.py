"""Documents: passports of forty countries and driving licences of the US, the UK and elsewhere."""

from training.generators.draw import Mix, Random, chance, digits, fill, pick, shaped, words

_PASSPORTS = words("""@#{8} A#{8} #{9} [4-6]#{8} C#{8} #{9} 1#{8} 5#{8} @@#{6} @#{6}@@ [GHAP]@#{6}
[CFGHJKLMNPRTVWXYZ]{1}[CFGHJKLMNPRTVWXYZ0-9]{7}# C[0-9CFGHJK]{8} L[0-9CFGHJKLM]{7}# ##[A-Z]{2}#{5}
[A-Z]{3}#{6} [A-Z]{2}#{7} Y[A-C]#{7} [BNCMX][A-Z][0-9A-Z]{6}# P[A-Z]#{7} L[A-Z]#{6} XP?#{7}
E[A-HJ-NP-Z]#{7} E#{8} G#{8} [A-PR-WY]#{7} [A-PR-WY]%␣#{5}% [A-Z]#{7} [J-TVZ]#{7} T[A-Z]#{7} M#{8}
[MR]#{3}[A-Z]#{4} K#{7}[A-Z] H#{8} A#{7} #{8} [A-Z]{2}#{6} [A-Z]{2}␣#{6} ##␣#{7} C[A-Z]#{6}
P#{7}[A-Z] #{2}␣#{7} N#{8} [A-Z]#{8} [A-Z]{2}#{7}""")
_SHORT = ("@#{8}", "#{9}", "#{9}", "@@#{6}", "@@#{7}", "@#{7}")
# Shapes by state, from the published lists of formats
_US = words("""[A-Z]#{7} [A-Z]#{7} [A-Z]#{7} [a-z]#{7} #{8} #{8} #{9} ###␣###␣### [A-Z]#{8} S#{8} #{7}
[A-Z]#{3}-#{3}-#{2}-#{3}-0 [A-Z]#{12} [A-Z]###-####-#### [A-Z]#{11} [A-Z]###␣###␣###␣###
[A-Z]{2}#{6} [A-Z]##-##-#### [A-Z]##-###-### [A-Z]#{4}␣#{5}␣#{5} [A-Z]#{14} ####-##-####
[A-Z]{5}##[A-Z0-9]{5} [A-Z]{3}*[A-Z]{2}###[A-Z]# WDL[A-Z0-9]{9} [A-Z]{7}###[A-Z]# ##-###-####
[A-Z]#{9} [A-Z]{2}#{5} #{10} #{12} [0-9]{2}[A-Z]{3}#{5} [A-Z]{3}-##-#### H#{8} K#{8}
#{3}[A-Z]{2}#{4} V#{8} #{9}V %#{6}A""")
_INTERNATIONAL = words("""[A-Z]#{4}-#{5}-#{5} [A-Z]#{4}#{5}#{5} #{6}-#{3} [A-Z]{5}-#{6}-## [A-Z]#{4}-#{6}-## #{7} #{8}
#{9} [0-9]{3}␣[0-9]{3}␣[0-9]{3} [0-9]{4}[A-Z]{2} #{10} [A-Z]{2}#{6} [A-Z]#{2}[0-9A-Z]{6}[0-9A-Z]#
[A-Z]0#[0-9A-Z]{2}#{4}[0-9X]# #{2}[A-Z]{2}#{5} #{12} #{8}[A-Z] [A-Z]{2}#{7}[A-Z] U1#{7}[A-Z] #{10}
C-#{8} L-#{7} #{3}-#{3}-#{3} #{5}/##/#### #{8}-#{5} [A-Z]{2}#{6} #{4}␣#{6}
<MH|DL|KA|TN|UP|GJ|RJ|KL>##20[01]##{7} <MH|DL|KA|TN>-##␣20[01]##{7} <MH|DL|KA|TN>##-20[01]#-#{7}
##-##-#{6}-## #{12} #{11} [A-Z]#{2}-##-#{6} [A-Z]{3}#{5}[A-Z]{2}## S#{7}[A-Z] #{3}␣#{4}␣#{5}""")


def _passport(rng: Random) -> str:
    number = (
        fill(rng, pick(rng, _SHORT if chance(rng, 0.5) else _PASSPORTS))
        .replace("  ", " ")
        .replace("?", "")
    )
    if chance(rng, 0.08):
        return number.lower()
    if chance(rng, 0.04) and " " not in number:
        return (
            f"{number[:2]} {number[2:]}"
            if number[:2].isalpha()
            else f"{number[:3]} {number[3:6]} {number[6:]}".strip()
        )
    return number


def _dvla(rng: Random) -> str:
    """The 16 characters of Great Britain: five of the surname, the birth date turned about, initials, 9, and three more."""
    surname = fill(rng, "[BCDFGHJKLMNPRSTW][AEIOU][A-Z]{1,3}").ljust(5, "9")[:5]
    month = 1 + int(rng.random() * 12) + (50 if chance(rng, 0.5) else 0)
    born = f"{fill(rng, '[4-9]')}{month:02}{1 + int(rng.random() * 28):02}{digits(rng, 1)}"
    number = (
        surname + born + fill(rng, "[A-Z][A-Z9][29][A-Z]{2}")
        if chance(rng, 0.1)
        else surname + born + fill(rng, "[A-Z][A-Z9]9[A-Z]{2}")
    )
    draw = rng.random()
    if draw < 0.2:
        number = f"{number[:5]} {number[5:11]} {number[11:]}"
    return number.lower() if draw > 0.9 else number


PASSPORTS = Mix({"any": (1, _passport)})
LICENSES = Mix({"us": (60, shaped(*_US)), "uk": (18, _dvla), "intl": (22, shaped(*_INTERNATIONAL))})
