"""The company of the demo: Fernhill Coffee, its people, its channels, and what they wrote before the bot came.

Everything here is invented. What looks like personal data is a published test value, so the demo's policy switches off
the lists that would ignore those.
"""

from bot.simulator.simulator import Simulator

NAME = "Fernhill Coffee"
REVIEW_CHANNEL = "pii-review"
DAY_S = 86_400.0

#: name, real name, title, what the switcher says of them
PEOPLE = (
    ("ana", "Ana Okafor", "Sales", "Writes messages, like everybody"),
    ("dana", "Dana Whitfield", "Privacy officer", "Moderator: decides, and may see values"),
    ("lee", "Lee Marchetti", "People ops", "Moderator: decides"),
    ("sam", "Sam Ruiz", "IT", "Admin: may delete anybody's messages"),
    ("kim", "Kim Tran", "Head of roasting", ""),
    ("priya", "Priya Nandakumar", "Customer support", ""),
    ("tom", "Tom Hallberg", "Sales", ""),
    ("jonas", "Jonas Weidner", "Engineer", ""),
    ("mei", "Mei Castellano", "Marketing", ""),
    ("omar", "Omar Haddadin", "Logistics", ""),
    ("ruth", "Ruth Abernathy", "Finance", ""),
    ("vic", "Vic Petrosyan", "Engineer", ""),
)

#: name, topic, members ("" is everybody), private, with the bot
CHANNELS = (
    ("general", "For everybody. Tasting on Fridays at 10", "", False, True),
    ("sales", "Deals, leads, and who is on the phone", "ana tom mei dana sam omar", False, True),
    ("support", "Customers who wait for an answer", "priya ana omar lee sam jonas", False, True),
    ("engineering", "Shop, tills, and the roaster's sensors", "jonas vic sam kim", False, True),
    ("hr", "People questions. Members only", "lee ana dana ruth sam", True, True),
    ("finance", "Invoices, and the end of the month", "ruth ana sam omar tom", False, True),
    ("random", "Not about coffee. piiguard is not here", "", False, False),
    (REVIEW_CHANNEL, "What piiguard flagged. Moderators decide here", "dana lee sam", True, True),
)

#: channel, days ago, minute of the day, author, text; a text that starts with "> " answers the message before it
HISTORY = (
    ("general", 6, 545, "kim", "new Guatemala lot is in: *washed*, 84 points, smells of plums :coffee:"),
    ("general", 6, 548, "mei", "> can I get 200 g for the photo?"),
    ("general", 6, 551, "kim", "> they are on your desk"),
    ("general", 3, 560, "sam", "wifi in the tasting room changes tonight. The new password is on the board, not in here"),
    ("general", 1, 600, "kim", "tasting tomorrow at 10, bring a clean cup and an opinion"),
    ("general", 1, 604, "vic", "I have seven opinions and no cup"),
    ("sales", 5, 620, "tom", "Harrow Hotels want 40 kg a month from March. Price list v12, no discount under 50"),
    ("sales", 5, 622, "ana", "> they asked for the same discount as Brightwell, I said no nicely"),
    ("sales", 4, 700, "ana", "who speaks to the fair? @mei has the booth plan: https://fernhill.example/fair?hall=4&row=b"),
    ("sales", 4, 705, "mei", "booth 4-117. The banner says Fernhil. We have a pen"),
    ("sales", 2, 660, "omar", "pallet for Harrow left at 09:20, two boxes short, the rest tomorrow"),
    ("support", 5, 580, "priya", "ticket 4471: grinder makes a noise \"like my uncle\". Asked for a video"),
    ("support", 4, 590, "jonas", "> that is the burr, model B2. Send a new one, it is cheaper than the video"),
    ("support", 2, 640, "priya", "order 1088213 arrived twice, customer offers to keep both"),
    ("support", 2, 644, "omar", "> let her. Shipping it back costs more"),
    ("engineering", 6, 615, "jonas", "till sync failed at 02:10, `ECONNRESET`, retried, fine since"),
    ("engineering", 5, 630, "vic", "roaster 2 reads 214 for one second each hour. ```t=02:00:01 214.0\nt=02:00:02 203.1```"),
    ("engineering", 5, 640, "kim", "> that is me opening the door"),
    ("engineering", 1, 690, "jonas", "deploy 2.41 is out, commit 9f31c7e, nothing to see"),
    ("hr", 6, 660, "lee", "holiday plan for December is open, please say by Friday"),
    ("hr", 2, 670, "ruth", "payroll closes on the 24th this month"),
    ("finance", 5, 610, "ruth", "invoice 2024-311 to Harrow is paid, 2,140.00"),
    ("finance", 3, 620, "omar", "carrier raises the fuel part to 11 % from the 1st"),
    ("finance", 1, 630, "tom", "> can we pass that on?"),
    ("random", 4, 720, "vic", "the duck in the car park is back. It has brought a friend"),
    ("random", 2, 725, "priya", "the friend is called Invoice now"),
)  # fmt: skip

#: What is written just after the bot has started, so that its review channel is not empty.
OPENING = (
    ("support", "priya", "the customer sent her card by mail again: 4242 4242 4242 4242, name on it is Marta Lindqvist"),
    ("engineering", "vic", "staging is up, log in as shop with password: Walnut+Ferry28 and please do not pin this"),
    ("sales", "tom", "lunch moved to 12:30, same place"),
    ("finance", "ruth", "supplier changed banks, the new one is DE89 3704 0044 0532 0130 00"),
)  # fmt: skip


def found(sim: Simulator) -> None:
    """Put people, channels and history into an empty workspace."""
    workspace = sim.workspace
    for name, real_name, title, persona in PEOPLE:
        address = f"{real_name.lower().replace(' ', '.')}@fernhill.example"
        workspace.add_user(
            name, real_name, title=title, persona=persona, email=address, is_admin=name == "sam"
        )
    for name, topic, members, is_private, has_bot in CHANNELS:
        names = members.split() or [person[0] for person in PEOPLE]
        users = [*names, sim.app.bot_user_id] if has_bot else names
        workspace.add_channel(
            name, users, topic=topic, is_private=is_private, is_general=name == "general"
        )
    _write_history(sim)
    for user in workspace.users.values():
        for channel in workspace.channels.values():
            workspace.seen[user.id, channel.id] = workspace.new_ts()


def _write_history(sim: Simulator) -> None:
    today = sim.workspace.now() // DAY_S * DAY_S
    roots: dict[str, str] = {}
    for number, (channel, days_ago, minute, author, text) in enumerate(HISTORY):
        at = today - days_ago * DAY_S + minute * 60 + number * 0.001
        answers = text.startswith("> ")
        ts = sim.post(
            author,
            channel,
            text.removeprefix("> "),
            thread_ts=roots[channel] if answers else "",
            at=at,
            quiet=True,
        )
        if not answers:
            roots[channel] = ts


def open_the_day(sim: Simulator) -> None:
    """Write a few messages that the bot sees."""
    for channel, author, text in OPENING:
        sim.post(author, channel, text)
