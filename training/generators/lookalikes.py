"""Look-alikes: numbers of things, firms and places that a careless eye takes for somebody's."""

from training.generators.draw import Random, fill, pick, shaped, words

#: Object ids of payment and ticket systems: none of these names a customer, and none is a secret.
object_id = shaped(
    *words("""evt_[A-Za-z0-9]{14} evt_[A-Za-z0-9]{24} re_[A-Za-z0-9]{24} ch_[A-Za-z0-9]{24} in_[A-Za-z0-9]{14} po_[A-Za-z0-9]{14}
pi_[A-Za-z0-9]{24} txn_[A-Za-z0-9]{14} req_[A-Za-z0-9]{14} prod_[A-Za-z0-9]{14} price_[A-Za-z0-9]{14} job_[a-z0-9]{10} run_[a-z0-9]{16}
msg_[a-f0-9]{12} dp_[A-Za-z0-9]{14} si_[A-Za-z0-9]{14} tr_[A-Za-z0-9]{14} [0-9a-f]{24} 01[0-9A-HJKMNP-TV-Z]{24} build_%#{5} dep-[a-z0-9]{20}
i-0[0-9a-f]{16} vol-0[0-9a-f]{16} ami-0[0-9a-f]{16} sg-0[0-9a-f]{16} usage_[A-Za-z0-9]{10}""")
)

#: Budgets, cost centres and ledger accounts.
cost_centre = shaped(
    *words("""CC-%### CC%#{4} CC␣%### %###-%## %#{3}-%#{3}-%#{4} KST␣%#{4} GL␣%#{4} GL-%#{5} BUD-2#-%## B2#-#{4} FY2#-%## %#{5}-%0 OPEX-%##
CAPEX-%## WBS␣[A-Z].%##.## 10#{4} 7#{3}-00#{2} [A-Z]{2}%##-%# PRJ-%#{4}-% IO-%#{6} %0%0-%###""")
)

#: Where a stand is, and rooms.
booth = shaped(
    *words("""booth␣%## booth␣[A-H]%# booth␣\\#%### Hall␣%␣Stand␣[A-H]%# Hall␣%.% hall␣%,␣booth␣%## Stand␣[A-H]%## stand␣%[A-D]%# Halle␣%
[A-H]-%## [A-H]%##-[A-H]%## Level␣%,␣Room␣%## room␣%.%# table␣%# Gate␣[A-E]%# pavilion␣% row␣[A-Z]␣seat␣%# dock␣%# bay␣%# rack␣[A-F]%#""")
)

#: What an insurer or a pharmacy calls an employer or a plan.
group_number = shaped(
    *words("""#{6} #{7} 00#{6} #{5}-%## GRP␣#{5} GRP#{6} [A-Z]{2}#{4} #{6}-0% [A-Z]{4}RX RX[A-Z]{2}#{2} [A-Z]#{5} #{3}-#{4} %0#{4} PLAN-#{3}
BIN␣0#{5} PCN␣[A-Z]{3} H#{4}-00%""")
)

#: What a state or a guild calls a firm: SRA, VAT, GSTIN, EIN, Companies House, ABN, SIRET, KvK, HRB, CIN, D-U-N-S.
company_number = shaped(
    *words("""SRA␣#{6} SRA␣no.␣6#{5} GB␣#{3}␣#{4}␣## GB#{9} DE#{9} FR#{11} NL#{9}B0% IE#{7}[A-W]H ATU#{8} IT#{11} ES[AB]#{8} PL#{10} BE0#{9}
<27|29|07|33>[A-Z]{5}#{4}[A-Z]%Z[0-9A-Z] <19|24|36>[A-Z]{5}#{4}[A-Z]1Z% %#-#{7} %#-#{7} <0#|1[0-4]>#{6} SC#{6} NI0#{5} ##␣###␣###␣### #{3}␣#{3}␣#{3}␣#{5}
HRB␣%#{4} HRB␣%#{5} KvK␣#{8} CHE-#{3}.#{3}.#{3} [LU]#{5}[A-Z]{2}20[01]#P[LT]C#{6} FCA␣#{6} FRN␣#{6} NMLS␣#{6} CIK␣000#{7} ##-###-#### J40/%###/20#{2}
#{2}.#{3}.#{3}/0001-## 5[56]#{4}-#{4} [0-9]{3}-[0-9]{2}-[0-9]{5}␣(사업자) LEI␣[0-9]{4}00[A-Z0-9]{12}## Charity␣no.␣1#{6}""")
)

#: Labels on laptops, printers and chairs.
asset_tag = shaped(
    *words("""AT-#{5} AST-#{5} ASSET-#{5} LT-#{4} LAP-#{4} MBP-#{4} IT-#{6} [A-Z]{2}-LT-#{3} [A-Z]{3}-#{5} MON-#{4} PRN-#{3} C02[A-Z0-9]{9} 5CG#{4}[A-Z0-9]{3}
[A-Z0-9]{7} PF[0-9A-Z]{6} #{6} 00#{5} TAG␣#{5} FURN-#{4} [A-Z]{3}#{4} WS-%##""")
)


def epoch(rng: Random) -> str:
    """A Unix time of the last few years, in seconds, milliseconds or with a fraction (as Slack's ``ts``)."""
    seconds = fill(rng, "1[67]#{8}")
    return pick(rng, (seconds, seconds, seconds + fill(rng, "###"), seconds + fill(rng, ".#{6}")))


def zip_range(rng: Random) -> str:
    """Postcodes from one to another, as carriers and campaigns use them."""
    head = fill(rng, "%##")
    low, high = sorted((fill(rng, "##"), fill(rng, "##")))
    area = pick(rng, ("SW", "LS", "EH", "BS", "M"))
    joint = pick(rng, ("-", " - ", "–", " to ", " thru "))
    return pick(
        rng,
        (
            f"{head}{low}{joint}{head}{high}",
            f"{head}xx",
            f"{head}{low[0]}*",
            f"{head}{joint}{int(head) + 1 + int(rng.random() * 9)}",
            f"{area}{fill(rng, '%')}{joint}{area}{fill(rng, '1#')}",
        ),
    )
