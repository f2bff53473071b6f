"""Organisations: companies, products, teams, projects and places, some of which look like people."""

from training.generators.draw import Random, chance, fill, pick, words
from training.generators.names import CULTURES, WORD_FAMILY
from training.generators.people import invented

_HEADS = words("""Acme Northwind Contoso Globex Initech Umbrella Hooli Vandelay Bluewater Brightside Stonebridge
Harborview Cedarline Quantica Vertexa Lumenly Orbitra Atlasware Heliodor Zephyrix Summitry
Granitec Falconry Cobaltix Emberline Driftwood Wanderly Mosaico Prismatic Tandemly Rippleworks
Fjordline Maplewood Saffronic Willowbrook Anchorage_Bay Beaconfield Copperleaf Deltaform
Echolane Forgepoint Glacierly Hollowbrook Indigolab Juniper_Ridge Kestrelio Lanternworks
Meridian Nimbusly Onyxa Pioneerly Quarrystone Ridgeback Sierrata Thistledown Umbrava
Vantagepoint Weftly Yonderful Zenithal""")
_TAILS = words("""Inc Inc. Ltd LLC GmbH Group Labs Software Systems Logistics Health Foods Bank Capital Partners
Media Retail Airlines Insurance Energy Motors Studios Consulting Pharma Robotics""")
_KNOWN = words("""Salesforce Stripe Wells_Fargo Morgan_Stanley JPMorgan Johnson_&_Johnson Goldman_Sachs
Ernst_&_Young Deloitte Walmart Tesla Siemens Bosch Ford Mercedes Philips Lloyds Barclays
Marks_&_Spencer John_Lewis Ben_&_Jerry's Harley-Davidson Warner_Bros McDonald's Wendy's
Papa_John's Trader_Joe's Macy's Charles_Schwab Edward_Jones Kaiser Aetna Cigna UnitedHealth
Boeing Airbus Maersk DHL Lidl Aldi IKEA H&M Zara Gucci Prada Dyson Baker_McKenzie
Williams-Sonoma Abercrombie Hermès Louis_Vuitton Calvin_Klein Tommy_Hilfiger Ralph_Lauren Dell
Hewlett-Packard Levi's Kellogg's Mars Nestlé Heinz Merck Eli_Lilly Novartis Bayer""")
_SHOPS = words("""Bar Diner Deli Pizza Coffee Garage Kitchen Books Flowers Barbers Place""")
_TRADES = words("""Logistik Freight Spedition Transporte Immobilien Bau Versicherung Trasporti Assicurazioni
Construction Plumbing Catering Realty Recruiting Staffing Hotels Trucking Properties Advisory Winery
Cosmetics Fashion Publishing Records Airways Steel Brewery""")
_PRODUCTS = words("""Jira Jenkins Alexa Siri Cortana Watson Claude Gemini Copilot Figma Notion Datadog Grafana
Prometheus Kafka Cassandra Redis Postgres Hadoop Spark Airflow Kubernetes Docker Terraform
Ansible Vault Consul Ray Dask Julia Ruby Python Rust Swift Perl Pascal Ada Haskell Scala Kotlin
Zoom Teams Slack Okta Workday Zendesk Freshdesk HubSpot Marketo Tableau Looker Snowflake
Databricks Bamboo Confluence Trello Asana Linear Sentry PagerDuty Twilio Segment Mixpanel
Amplitude Jasper Bixby Einstein Marvin Wally Hudson Travis Gerrit Bazel Maven Gradle Apollo
Hermes Athena Artemis Zeus Odin Thor Iris Clara Sherlock Moby Clippy Ubuntu_Jammy
Debian_Bookworm Windows_11 macOS_Ventura Android Pixel iPhone Galaxy Surface Tesla_Model_3 Dyson
Roomba Sonos Kindle Alexa_Dot Lucene Solr Jupyter Fermi Pascal_GPU Hopper Ampere Turing""")
_CITIES = words("""London Paris Berlin Madrid Rome Vienna Dublin Lisbon Amsterdam Brussels Zurich Oslo Stockholm
Helsinki Copenhagen Warsaw Prague Budapest Athens Istanbul Cairo Lagos Nairobi Accra
Johannesburg Cape_Town Dubai Riyadh Tel_Aviv Mumbai Delhi Bangalore Chennai Hyderabad Karachi
Dhaka Colombo Bangkok Singapore Jakarta Manila Hanoi Hong_Kong Taipei Seoul Tokyo Osaka Beijing
Shanghai Shenzhen Sydney Melbourne Brisbane Perth Auckland New_York Boston Chicago Austin Dallas
Houston Denver Phoenix Seattle Portland San_Francisco San_Jose San_Diego Los_Angeles Las_Vegas
Miami Atlanta Charlotte Raleigh Nashville Jackson Lincoln Madison Columbus St._Louis St_Paul
Jefferson_City Cleveland Pittsburgh Philadelphia Baltimore Toronto Montreal Vancouver Calgary
Ottawa Victoria Florence Adelaide Santiago San_Salvador Lima Bogotá Medellín Quito Buenos_Aires
Montevideo São_Paulo Rio Mexico_City Guadalajara Monterrey Santo_Domingo Manchester Leeds
Bristol Birmingham Edinburgh Glasgow Cardiff Belfast Munich Hamburg Cologne Frankfurt Stuttgart
Lyon Marseille Milan Turin Naples Valencia Porto Kyiv Bucharest Sofia Tbilisi""")
_COUNTRIES = words("""France Germany Spain Italy Portugal Ireland Poland Sweden Norway Denmark Finland Austria
Switzerland Belgium Greece Turkey Ukraine Romania Georgia Jordan Chad India Pakistan China Japan
Korea Vietnam Thailand Indonesia Malaysia Singapore Australia New_Zealand Canada Mexico Brazil
Argentina Chile Peru Colombia Cuba Israel Lebanon Egypt Morocco Nigeria Ghana Kenya Ethiopia
Rwanda South_Africa the_UK the_US the_Netherlands UAE Saudi_Arabia Sri_Lanka Nepal Dominica
Mauritius""")
_TEAMS = words("""platform payments growth infra data search mobile checkout identity billing security compliance
design marketing sales support ops finance legal people-ops recruiting SRE devops frontend
backend QA analytics ML onboarding partnerships logistics procurement facilities IT
customer-success trust-and-safety release docs core web Atlas Phoenix Falcon Avengers Tigers
Rangers Apollo Kraken""")
_PROJECTS = words("""Phoenix Apollo Titan Mercury Orion Atlas Falcon Kraken Nightingale Bluebird Redwood Everest
Aurora Polaris Gemini Juno Luna Hydra Sphinx Merlin Gandalf Galileo Darwin Curie Tesla Newton
Franklin Lincoln Victoria Ruby Sapphire Bandit Maverick Goose Condor Osprey Hummingbird Mango
Pineapple Waffle Lighthouse Keystone Cornerstone Horizon Bridge Runway Northstar Moonshot
Sunrise Evergreen""")
_FOODS = words("""pizza tacos ramen sushi bagels donuts burritos pho curry falafel dumplings sandwiches salad
bibimbap pancakes waffles croissants Caesar_salad eggs_Benedict beef_Wellington peach_Melba
margherita_pizza pad_thai poutine nachos lasagna gumbo coffee cookies brownies cake bánh_mì""")
_JOBS = words("""engineer designer product_manager data_scientist SRE recruiter accountant nurse teacher
consultant analyst team_lead engineering_manager CTO CFO CEO VP_of_sales account_executive
customer_success_manager QA_engineer backend_developer frontend_dev intern contractor
office_manager paralegal pharmacist warehouse_lead driver chef barista copywriter
project_manager scrum_master DBA security_analyst architect HR_partner payroll_specialist
controller SDR""")


def company(rng: Random) -> str:
    """Made up for the most part; named after people in a third of all cases."""
    draw = rng.random()
    if draw < 0.4:
        head = pick(rng, _HEADS).replace("_", " ")
        return f"{head} {pick(rng, _TAILS)}" if chance(rng, 0.55) else head
    if draw < 0.55:
        return pick(rng, _KNOWN).replace("_", " ")
    if draw < 0.7:
        return invented(rng) + fill(rng, "<| Labs|.io|.ai| Inc|ly| Technologies| Health| Pay>")
    culture = pick(rng, CULTURES)
    families = culture.family
    given = pick(rng, culture.given)
    one, other = pick(rng, families), pick(rng, WORD_FAMILY if chance(rng, 0.4) else families)
    shapes = (
        f"{one} & {other}",
        f"{one} {other} LLP",
        f"{one} & Sons",
        f"{one} Bros",
        f"{one} Partners",
        f"{one} and {other}",
        f"{one} Group",
        f"{one}, {other} & Co",
        f"{one} Foundation",
        f"{one} Motors",
        f"{one}'s Bakery",
        one,
        f"{given} {one}",
        f"{given}'s {pick(rng, _SHOPS)}",
        f"{one} {pick(rng, _TAILS)}",
        f"{one} {pick(rng, _TRADES)}",
    )
    return pick(rng, shapes)


def product(rng: Random) -> str:
    """Tools and devices, many of them called after somebody."""
    draw = rng.random()
    if draw < 0.72:
        return pick(rng, _PRODUCTS).replace("_", " ")
    if draw < 0.86:
        return invented(rng) + fill(rng, "<|DB|ML|Kit|Flow|Desk| Pro| Cloud|.js|Hub>")
    return pick(rng, _HEADS).split("_")[0] + fill(
        rng, "< Pro| One| Cloud| Go| Connect| Mini| X#| Studio>"
    )


def city(rng: Random) -> str:
    """A place that people live in; several double as names."""
    return pick(rng, _CITIES).replace("_", " ")


def country(rng: Random) -> str:
    """Some double as names: Georgia, Jordan, Chad."""
    return pick(rng, _COUNTRIES).replace("_", " ")


def team(rng: Random) -> str:
    """Without the word team."""
    return pick(rng, _TEAMS)


def project(rng: Random) -> str:
    """A code name."""
    name = pick(rng, _PROJECTS) if chance(rng, 0.7) else _human(rng)
    return name.lower() if chance(rng, 0.15) else name


def _human(rng: Random) -> str:
    culture = pick(rng, CULTURES)
    return invented(rng) if chance(rng, 0.4) else pick(rng, culture.given)


def job(rng: Random) -> str:
    """What somebody works as."""
    return pick(rng, _JOBS).replace("_", " ")


def food(rng: Random) -> str:
    """Something for lunch."""
    return pick(rng, _FOODS).replace("_", " ")
