"""Infrastructure: files, hosts, private addresses, versions and hashes, none of which is personal."""

from uuid import UUID

from training.generators.draw import Random, chance, fill, pick, shaped, words
from training.generators.emails import domain as company_domain
from training.generators.names import CULTURES

_FOLDERS = words("""src app lib services api config deploy infra scripts tests internal pkg data reports exports
backups logs users home var etc opt docs migrations""")
_STEMS = words("""main index payroll_2024 report users customers export config settings handler worker auth login
deploy schema invoice_march onboarding notes README budget offer_letter roadmap resume_final
schedule census backup contacts""")
_ENDINGS = words("""py ts tsx js go rb java yaml yml json toml csv xlsx pdf docx txt md sql sh log env pptx png zip
parquet tf""")
_HOSTS = words("""web api db cache worker queue auth proxy build ci staging prod edge mail backup grafana kafka
node bastion runner search vault""")
commit = shaped(
    "[0-9a-f]{7}",
    "[0-9a-f]{7}",
    "[0-9a-f]{7}",
    "[0-9a-f]{8}",
    "[0-9a-f]{10}",
    "[0-9a-f]{40}",
    "[0-9a-f]{40}",
    "[0-9a-f]{12}",
)
hash = shaped(
    *words("""[0-9a-f]{32} [0-9a-f]{40} [0-9a-f]{64} [0-9a-f]{64} sha256:[0-9a-f]{64} sha256:[0-9a-f]{12}
0x[0-9a-f]{64} md5:[0-9a-f]{32} sha512-[A-Za-z0-9+/]{86}== [0-9A-F]{32} SHA256:[A-Za-z0-9+/]{43}
$2b$12$[A-Za-z0-9./]{53} [0-9a-f]{16}""")
)
build = shaped(
    *words("""%### %#{4} 202#0[1-9][0-2]%.% \\#%### b%### %.%#.#-%## build-%#{4} rc% 2#[A-Z]%## %#{6} 202#.#.%#
nightly-202#0[1-9]1# %##.0.#{4}.## 1#.#.#-SNAPSHOT""")
)
semver = shaped(
    *words("""%.#.# %.%#.# 0.%#.%# %.#.#-rc.% %.#.#-beta.% %#.0.# %.#.#+build.%# %#.#.# 2#.04.%""")
)
version = shaped(
    *words("""%.#.# %.#.# %.# %#.#.# %#.#.#.%## 2#.04 202#.% 1%.%.%.% %#.% %.0 3.1% %.#.#-hotfix 10.%.1.%
%#.0.%###.%## 127.0.6533.%##""")
)


def file(rng: Random) -> str:
    """A file name, some of a sensitive kind of file."""
    return (
        pick(rng, _STEMS)
        + fill(rng, "<|||_v%|-final|_202#-0%|.bak|.prod>")
        + "."
        + pick(rng, _ENDINGS)
    )


def uuid(rng: Random) -> str:
    """The id of an object."""
    text = str(UUID(int=rng.getrandbits(128), version=4))
    return text.upper() if chance(rng, 0.08) else text


def path(rng: Random) -> str:
    """A file with the folders above it."""
    folders = "/".join(pick(rng, _FOLDERS) for _ in range(1 + int(rng.random() * 3)))
    draw = rng.random()
    if draw < 0.1:
        return f"s3://{pick(rng, _HOSTS)}-{pick(rng, _FOLDERS)}/{folders}/{file(rng)}"
    if draw < 0.18:
        return "C:\\" + folders.replace("/", "\\") + "\\" + file(rng)
    return pick(rng, ("/", "", "./", "~/")) + folders + "/" + file(rng)


def server(rng: Random) -> str:
    """The name of a machine; one in five has a name that people have too."""
    if chance(rng, 0.2):
        return pick(rng, pick(rng, CULTURES).given).lower() + fill(rng, "<|||-0%|%>")
    host = pick(rng, _HOSTS)
    return fill(
        rng,
        pick(
            rng,
            (
                "{h}-0%",
                "{h}%",
                "{h}-<prod|stg|dev>-0%",
                "ip-10-#-%#-%#",
                "{h}-<eu|us>-%[a-c]",
                "<fra|nyc|lon|sin>%-{h}%",
                "{h}.internal",
                "{h}-%.<prod|stg>.local",
                "{h}-[a-z0-9]{5}",
                "<zeus|thor|gandalf|marvin|hal|frodo>%",
            ),
        ).replace("{h}", host),
    )


def url(rng: Random) -> str:
    """An address without a secret in it."""
    host = company_domain(rng)
    return fill(
        rng,
        pick(
            rng,
            (
                "https://{d}",
                "https://{d}/<docs|blog|pricing|careers|login>",
                "https://<docs|wiki|app|status|dash>.{d}/[a-z]{4,8}/%##",
                "https://{d}/<orders|users|t>/%#{4}",
                "https://github.com/[a-z]{4,8}/[a-z]{4,9}/pull/%##",
                "http://localhost:<3000|8080|5173>/[a-z]{3,7}",
                "https://<wiki|jira>.{d}/browse/OPS-%##",
                "https://{d}/p/[a-z0-9]{8}?utm_source=slack",
                "https://docs.google.com/document/d/1[A-Za-z0-9_-]{32}/edit",
                "https://us02web.zoom.us/j/8#{10}",
            ),
        ).replace("{d}", host),
    )


def private_ip(rng: Random) -> str:
    """One that no host of the internet has."""
    a, b, c = (int(rng.random() * 254) + 1 for _ in range(3))
    sixteen = 16 + int(rng.random() * 16)
    return pick(
        rng,
        (
            f"10.{a}.{b}.{c}",
            f"10.0.{a % 20}.{b}",
            f"192.168.{a % 11}.{b}",
            "192.168.1." + str(c),
            f"172.{sixteen}.{b}.{c}",
            "127.0.0.1",
            "0.0.0.0",  # noqa: S104
            f"169.254.{a}.{b}",
            "::1",
            fill(rng, "fe80::[0-9a-f]{1,4}:[0-9a-f]{1,4}"),
            f"fd00::{a:x}:{b:x}",
        ),
    )


def cidr(rng: Random) -> str:
    """A block of addresses."""
    a, b = int(rng.random() * 256), int(rng.random() * 256)
    return pick(
        rng,
        (
            f"10.{a}.0.0/16",
            "10.0.0.0/8",
            f"192.168.{b}.0/24",
            "172.16.0.0/12",
            "0.0.0.0/0",
            f"203.0.113.{b & 0xF0}/28",
            f"{1 + a % 223}.{b}.0.0/16",
            f"198.51.100.0/2{a % 9}",
            f"2001:db8:{a:x}::/48",
            f"10.{a}.{b}.0/24",
        ),
    )


def domain(rng: Random) -> str:
    """With or without a subdomain."""
    return (
        fill(rng, "<www|app|api|docs|mail|status>.") + company_domain(rng)
        if chance(rng, 0.25)
        else company_domain(rng)
    )
