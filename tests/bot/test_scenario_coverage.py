"""Every message shape of the design and everything that can be pressed, said or sent in Slack has its scenarios.

The tables say which; the tests beside them hold the tables against the code, so that a new button, menu entry, view,
shortcut or command without a scenario is seen. Scenarios run the whole bot on SQLite and on PostgreSQL.
"""

import ast
from pathlib import Path

import pytest

from bot.ingress.commands import WORDS
from bot.ingress.interactions import DECIDING, OPENING
from bot.slack.cards import _MENU
from bot.slack.manifest import manifest
from tests.bot import (
    scenario_tools,
    test_scenarios_buttons,
    test_scenarios_edges,
    test_scenarios_messages,
)
from tests.bot.conftest import ENGINES

SCENARIOS = (test_scenarios_messages, test_scenarios_buttons, test_scenarios_edges)
SLACK = Path(scenario_tools.__file__).parents[2] / "bot" / "slack"

#: Table A3 of the design, row by row.
SHAPES = {
    "no subtype, thread_broadcast, me_message": (
        "test_a_message_with_a_card_number_gets_a_card_that_hides_it",
        "test_a_reply_in_a_thread_is_one_flag_also_when_it_is_shown_in_the_channel",
        "test_a_broadcast_that_slack_tells_of_twice_is_one_flag_and_one_card",
        "test_a_me_message_is_read",
        "test_the_name_of_a_file_is_read",
    ),
    "file_share, check_file_info": (
        "test_a_file_is_read",
        "test_a_file_of_slack_connect_is_asked_for_first",
        "test_a_file_that_is_not_read_is_named_on_the_card_with_the_reason",
        "test_files_are_left_alone_where_policy_says_so",
    ),
    "bot_message": (
        "test_a_post_of_another_bot_is_read",
        "test_a_post_of_another_bot_is_left_alone_where_policy_says_so",
    ),
    "blocks only": (
        "test_a_message_of_blocks_alone_is_read",
        "test_what_stands_in_text_and_blocks_is_found_once",
        "test_a_message_of_attachments_alone_is_read",
    ),
    "message_changed": (
        "test_an_edit_that_changes_no_word_changes_nothing",
        "test_a_value_that_is_edited_in_makes_a_flag",
        "test_a_value_that_is_edited_out_closes_the_flag_and_the_card_says_so",
        "test_another_value_edited_in_takes_over_the_card",
    ),
    "version of a change": (
        "test_of_two_edits_in_the_same_second_the_later_one_counts_in_any_order",
        "test_an_edit_that_does_not_say_when_is_read",
        "test_an_edit_that_overtakes_its_original_wins",
        "test_an_edit_back_opens_the_flag_again",
    ),
    "message_deleted, tombstone": (
        "test_a_deleted_message_closes_its_flag",
        "test_the_deleted_root_of_a_thread_closes_its_flag_and_leaves_its_replies",
        "test_an_original_that_arrives_after_its_deletion_never_alerts",
        "test_a_deletion_purges_the_text_at_once_where_policy_says_so",
    ),
    "unfurls": (
        "test_the_preview_of_a_link_is_not_its_authors_words",
        "test_the_preview_of_a_link_is_read_where_policy_says_so",
    ),
    "channel_topic, channel_purpose, assistant_app_thread": (
        "test_a_topic_is_read_and_slacks_sentence_around_it_is_not",
        "test_a_purpose_and_the_title_of_an_assistants_thread_are_read",
        "test_a_topic_is_left_alone_where_policy_says_so",
    ),
    "joins, leaves, unknown": ("test_joins_and_what_is_not_known_are_answered_and_not_stored",),
    "our own posts, moderator channels": (
        "test_our_own_posts_and_the_moderators_channel_are_never_scanned",
        "test_a_reply_under_a_card_is_a_note_on_its_flag_and_is_never_scanned",
    ),
}  # fmt: skip
BUTTONS = {
    "confirm": "test_confirm_closes_the_flag_and_the_card_names_who_did_it",
    "not_pii": "test_not_pii_closes_the_flag_and_asks_for_the_reason_afterwards",
    "not_pii_reason": "test_not_pii_closes_the_flag_and_asks_for_the_reason_afterwards",
    "undo": "test_undo_brings_the_buttons_back",
    "correct": "test_the_correction_modal_shows_numbered_spans_without_their_values",
    "more": "test_assign_names_the_reviewer_on_the_card",
    "delete_message": "test_an_administrator_deletes_and_the_card_says_who_did_it",
    "reveal": "test_the_privacy_officer_sees_the_value_after_giving_a_reason_and_it_is_written_down",
    "add_span": "test_another_row_can_be_added_and_what_was_typed_stays",
    "review_queue": "test_home_of_a_reviewer_counts_and_opens_the_next_flag",
    "author_open": "test_open_message_leads_to_the_message_and_answers_nothing",
    "author_removed": "test_i_removed_it_is_thanked_for_once_it_is_true",
    "author_not_pii": "test_it_is_not_pii_decides_nothing_and_is_shown_to_the_reviewers",
    "author_needed": "test_needed_because_takes_a_reason_to_the_card",
}
MENU = {
    "notify": "test_notify_asks_the_author_once_and_says_so",
    "assign": "test_assign_names_the_reviewer_on_the_card",
    "snooze": "test_snooze_hides_the_flag_for_a_day_and_then_it_is_back",
    "test_data": "test_test_data_is_not_pii_with_its_reason",
    "why": "test_why_says_what_found_it_and_shows_no_value",
}
#: Views by their callback_id; one that has nothing to submit is opened only.
VIEWS = {
    "correct_flag": "test_a_span_gets_another_label",
    "reveal_reason": "test_the_privacy_officer_sees_the_value_after_giving_a_reason_and_it_is_written_down",
    "report_missed": "test_anybody_can_report_missed_pii_and_a_reviewer_gets_the_card",
    "needed_because": "test_needed_because_takes_a_reason_to_the_card",
    "why": "test_why_says_what_found_it_and_shows_no_value",
    "check_result": "test_check_this_message_shows_labels_and_stores_nothing",
    "notice": "test_an_empty_review_queue_says_so",
}
SHORTCUTS = {
    "report_missed_pii": "test_anybody_can_report_missed_pii_and_a_reviewer_gets_the_card",
    "check_this_message": "test_check_this_message_shows_labels_and_stores_nothing",
    "review_queue": "test_the_review_queue_goes_from_flag_to_flag_and_ends",
}
COMMANDS = {
    "help": "test_help_tells_everybody_what_there_is",
    "check": "test_check_of_a_text_hides_its_values_and_keeps_nothing",
    "queue": "test_queue_lists_what_waits_for_reviewers_only",
    "next": "test_next_opens_the_flag_that_needs_review_most",
    "report": "test_report_counts_the_decisions",
    "watch": "test_watch_joins_a_public_channel_and_says_how_to_be_invited_to_a_private_one",
    "ignore": "test_an_ignored_channel_is_not_read_until_it_is_watched_again",
    "status": "test_status_and_model_say_how_the_bot_is",
    "model": "test_status_and_model_say_how_the_bot_is",
    "mute": "test_a_mute_holds_back_new_cards_and_lets_critical_ones_and_updates_through",
}
HOME = {
    "home": "test_home_tells_everybody_what_happens_and_shows_their_own_flags",
    "messages": "test_the_messages_tab_publishes_nothing",
}


def calls_of(*names):
    """The calls of these functions in bot/slack, as (name, arguments that are written out there)."""
    for path in sorted(SLACK.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield node.func.id, [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]  # fmt: skip


def test_every_row_and_every_entrance_names_a_scenario_that_runs_on_both_engines():
    rows = [*SHAPES.items(), *BUTTONS.items(), *MENU.items(), *VIEWS.items(), *SHORTCUTS.items(), *COMMANDS.items(), *HOME.items()]  # fmt: skip
    named = {one for _, tests in rows for one in ([tests] if isinstance(tests, str) else tests)}
    found = {name for module in SCENARIOS for name in vars(module) if name.startswith("test_")}

    assert named - found == set()
    assert set(ENGINES) == {"sqlite", "postgresql"}
    for module in SCENARIOS:
        assert module.running_office is scenario_tools.running_office
    marker = scenario_tools.running_office._fixture_function_marker
    assert tuple(marker.params) == ENGINES


def test_every_button_has_a_scenario():
    drawn = {arguments[1] for _, arguments in calls_of("button")} - {None}

    assert drawn | DECIDING | OPENING == set(BUTTONS)
    assert {word for word, _ in _MENU} == set(MENU)


def test_every_view_has_a_scenario():
    drawn = {arguments[1] for _, arguments in calls_of("_view")} - {None}

    # the notice has its name from a default
    assert drawn | {"notice"} == set(VIEWS)


def test_every_shortcut_and_command_has_a_scenario():
    features = manifest("https://pii.example.com")["features"]

    assert {one["callback_id"] for one in features["shortcuts"]} == set(SHORTCUTS)
    assert [one["command"] for one in features["slash_commands"]] == ["/piiguard"]
    assert set(WORDS) == set(COMMANDS)


@pytest.mark.parametrize("table", [SHAPES, BUTTONS, MENU, VIEWS, SHORTCUTS, COMMANDS, HOME])
def test_a_table_has_no_row_without_a_test(table):
    assert all(table.values())
