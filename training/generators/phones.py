"""Phone numbers: plausible numbers of some sixty regions in the spellings of chat."""

from training.generators.draw import Mix, Random, chance, fill, pick, words

# Country code | trunk prefix of national calls | groups of national numbers, ITU and national numbering plans
_PLANS = """
44|0|20 7[3-9]## ####;20 8[1-9]## ####;7[4578]## ######;7[4578]## ### ###;161 [2-9]## ####;121 [2-7]## ####;1273 [2-9]#####;131 [2-6]## ####;1865 [2-9]#####
33|0|[1-5] [2-9]# ## ## ##;6 [1-9]# ## ## ##;7 [5-8]# ## ## ##
49|0|30 [2-9]#######;89 [2-9]######;151 [1-7]#######;170 [2-9]######;176 [2-9]#######;40 [3-8]######;221 [2-9]######
39||3[2-4]# ### ####;06 [3-8]### ####;02 [3-8]### ####
34||6[0-6]# ## ## ##;6## ### ###;91 [2-7]## ## ##;93 [2-4]## ## ##
31|0|6 [1-58]#######;20 [2-7]## ####;10 [2-4]## ####
32|0|47# ## ## ##;2 [5-7]## ## ##;49# ## ## ##
41|0|7[6-9] [2-9]## ## ##;44 [2-8]## ## ##;22 [3-7]## ## ##
43|0|664 [2-9]######;676 [2-9]######;1 [3-9]######
353|0|8[5-7] [1-9]## ####;1 [2-8]## ####;21 [24]## ####
351||91# ### ###;96# ### ###;21# ### ###
45||[2-3]# ## ## ##;[4-5]# ## ## ##;2### ####
46|0|7[0236] ### ## ##;8 [5-6]## ### ##;31 [1-9]# ## ##
47||4[0-8]# ## ###;9[0-8]# ## ###;2[1-3] ## ## ##
358|0|4[0-5] ### ####;50 ### ####
354||6[6-9]# ####;8[2-4]# ####
48||5[0137]# ### ###;6[069]# ### ###;22 [3-8]## ## ##
420||60[1-8] ### ###;7[2-7]# ### ###;2[2-5]# ### ###
421|0|9[0145]# ### ###
36|06|20 [2-9]## ####;30 [2-9]## ####;1 [2-4]## ####
40|0|7[2-6]# ### ###;21 [2-4]## ####
359|0|8[789]# ### ###
30||69[3-9] ### ####;21# ### ####
385|0|9[1589] [2-9]## ####
381|0|6[0-6] [2-9]######
386|0|[347]1 [2-9]## ###
380|0|67 ### ## ##;50 ### ## ##;44 [2-5]## ## ##
7|8|9[0-36]# ### ## ##;495 [2-9]## ## ##
90|0|53# ### ## ##;54# ### ## ##;212 [2-7]## ## ##
972|0|5[0-4] [2-9]## ####;3 [5-7]## ####
971|0|5[0-68] [1-9]## ####;4 [2-4]## ####
966|0|5[0-69] ### ####
20|0|1[0-2]# ### ####
212|0|6[1-7]# ### ###
234|0|80[2-9] [2-9]## ####;81[0-8] [2-9]## ####
254|0|7[0-24]# ### ###
233|0|24 ### ####;20 ### ####
27|0|8[2-4] ### ####;7[1-46] ### ####;11 [2-8]## ####
251|0|9[1-4] ### ####
91|0|9[0-9]### #####;8[0-9]### #####;7[0-9]### #####;22 [2-6]### ####;9### ### ###;80 [2-6]### ####
92|0|3[0-4]# #######;3[0-4]# ### ####
880|0|17## ######;19## ######
94|0|7[0-25-8] ### ####
977|0|98[4-6] ### ####
86|0|13[5-9] #### ####;18[6-9] #### ####;10 [6-8]### ####
852||[569]### ####;2[2-8]## ####
886|0|9[1-3]# ### ###;2 [2-8]### ####
81|0|90 [2-9]### ####;80 [2-9]### ####;3 [3-6]### ####
82|0|10 [2-9]### ####;2 [3-7]## ####
65||[89][1-7]## ####;6[2-8]## ####
60|0|1[2-4679] [2-9]## ####;3 [2-8]### ####
62|0|81[1-3] #### ####;812 ### ####;21 [5-7]## ####
63|0|91[5-9] ### ####;92# ### ####
66|0|8[1-9] ### ####;2 [2-7]## ####
84|0|9[0-46-8] ### ## ##;3[2-9] ### ## ##
61|0|4[0-4]# ### ###;2 [89]### ####;3 [89]### ####;8 [6-9]### ####
64|0|21 ### ###;27 ### ####;9 [3-6]## ####
55||11 9[4-9]### ####;21 9[6-9]### ####;31 [2-3]### ####
52||55 [1-8]### ####;33 [1-3]### ####;81 [1-3]### ####
54|0|11 [4-6]### ####;351 [4-5]## ####
56||9 [5-9]### ####
57||30[0-5] ### ####;31[0-8] ### ####
51|0|9[4-9]# ### ###
593|0|9[89] ### ####
506||8[3-9]## ####
"""
_AREAS = words("""201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 301 302 303 304 305 307 309 310
312 313 314 315 316 317 401 402 404 405 406 407 408 409 410 412 413 414 415 416 417 418 419 501
502 503 504 505 507 508 509 510 512 513 514 515 516 518 601 602 603 604 605 606 607 608 609 610
612 613 614 615 616 617 618 619 623 626 630 646 650 701 702 703 704 706 707 708 712 713 714 715
716 717 718 719 720 724 727 732 734 740 757 760 763 765 770 773 774 775 781 785 786 801 802 803
804 805 806 808 810 812 813 814 815 816 817 818 828 830 831 832 843 845 847 850 857 858 859 860
862 863 864 865 901 903 904 906 907 908 909 910 912 913 914 915 916 917 918 919 920 925 928 936
937 940 941 949 951 952 954 970 971 972 973 978 979 780 403 250 905 647 778 902 506""")
_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_US_SHAPES: tuple[str, ...] = (
    "{}-{}-{}",
    "{}-{}-{}",
    "({}) {}-{}",
    "({}) {}-{}",
    "{}.{}.{}",
    "{} {} {}",
    "{}{}{}",
    "{}{}{}",
    "({}){}-{}",
)
_US_SHAPES += (
    "+1 {} {} {}",
    "+1{}{}{}",
    "+1-{}-{}-{}",
    "1-{}-{}-{}",
    "+1 ({}) {}-{}",
    "1 {} {} {}",
    "{} {}-{}",
    "+1.{}.{}.{}",
    "{}/{}-{}",
)


def _plans() -> list[tuple[str, str, list[str]]]:
    rows = (row.split("|") for row in _PLANS.strip().split("\n"))
    return [(code, trunk, patterns.split(";")) for code, trunk, patterns in rows]


PLANS = _plans()


def _us_parts(rng: Random) -> tuple[str, str, str]:
    if chance(rng, 0.2):  # the range kept for fiction
        return pick(rng, _AREAS), "555", fill(rng, "01##")
    return pick(rng, _AREAS), fill(rng, "[2-9][02-9]#"), fill(rng, "####")


def _us(rng: Random) -> str:
    return pick(rng, _US_SHAPES).format(*_us_parts(rng))


def _regroup(rng: Random, number: str) -> str:
    """The groups of ``number`` joined the way somebody types them."""
    draw = rng.random()
    if draw < 0.45:
        return number
    if draw < 0.70:
        return number.replace(" ", "")
    return number.replace(" ", "-" if draw < 0.85 else "." if draw < 0.94 else " ")


def _international(rng: Random, plan: tuple[str, str, list[str]]) -> str:
    code, trunk, patterns = plan
    number, draw = fill(rng, pick(rng, patterns)), rng.random()
    if draw < 0.06 and trunk:
        return f"+{code} ({trunk}){number}"
    if draw < 0.12:
        return f"00{code} {number}" if chance(rng, 0.5) else f"00{code}{number.replace(' ', '')}"
    if draw < 0.16:
        return f"+{code}-{number.replace(' ', '-')}"
    if draw < 0.20:
        return f"({'+' if chance(rng, 0.8) else ''}{code}) {number}"
    number = _regroup(rng, number)
    joint = "" if number.isdigit() and chance(rng, 0.8) else " "
    return f"+{code}{joint}{number}"


def _national(rng: Random, plan: tuple[str, str, list[str]]) -> str:
    _, trunk, patterns = plan
    number = fill(rng, pick(rng, patterns))
    head, _, tail = number.partition(" ")
    if trunk and tail and chance(rng, 0.15):
        return f"({trunk}{head}) {tail}"
    if trunk and tail and chance(rng, 0.12):
        return f"{trunk}{head}{pick(rng, '/-')}{tail.replace(' ', '')}"
    return trunk + _regroup(rng, number)


def _uk(rng: Random) -> str:
    make = _international if chance(rng, 0.45) else _national
    return make(rng, PLANS[0])


def _local(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.25:  # seven digits, as neighbours say them
        return fill(rng, "<555-01##|[2-9]##-####|[2-9]## ####|[2-9]##.####>")
    if draw < 0.5:
        return fill(rng, pick(rng, ("{}{}{}", "{}-{}-{}")).format(*_us_parts(rng)))
    return _national(rng, pick(rng, PLANS))


def _extension(rng: Random) -> str:
    base = _us(rng) if chance(rng, 0.7) else _international(rng, pick(rng, PLANS))
    return base + fill(
        rng, "< ext. | ext | x| x|, ext. | Ext. |x| extension | ext.><#{2}|#{3}|#{4}|#{5}>"
    )


def _spelled(rng: Random) -> str:
    """Digits as words, "oh" for zero now and then; sometimes words and digits mixed."""
    zero = pick(rng, ("zero", "zero", "oh", "o"))
    words = [zero, *_WORDS[1:]]
    groups = (
        _us_parts(rng)
        if chance(rng, 0.75)
        else tuple(fill(rng, pick(rng, pick(rng, PLANS)[2])).split())
    )
    spoken = [" ".join(words[int(digit)] for digit in group) for group in groups]
    if chance(rng, 0.15):
        spoken[0] = groups[0]
    return pick(rng, (" ", " ", ", ", "-", " - ")).join(spoken)


PHONES = Mix(
    {
        "us": (46, _us),
        "uk": (10, _uk),
        "intl": (26, lambda rng: _international(rng, pick(rng, PLANS))),
        "local": (13, _local),
        "ext": (4, _extension),
        "spelled": (1, _spelled),
    }
)
