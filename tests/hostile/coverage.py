"""Where each hostile case is held to what it asks for, or why it waits.

Beside these, every case of the collection goes through the commands of `test_tickets` and
`test_commands`, and those aimed at a screen through `test_hostile_screens`.
"""

TICKETS = "tests/hostile/test_tickets.py"
COMMANDS = "tests/hostile/test_commands.py"
SCREENS = "tests/screens/test_hostile_screens.py"
TICKET_SCREEN = "tests/screens/test_ticket.py"
GUIDE_SCREEN = "tests/screens/test_guide.py"
MAILS = "tests/cli/test_mail_hostile.py"
INBOX = "tests/services/test_inbox.py"
STAFF = "tests/services/test_inbox_technicians.py"
MACHINE = "tests/services/test_inbox_machine.py"
SMTP = "tests/mail/test_smtp.py"
OUTBOX = "tests/services/test_outbox.py"
COMPOSE = "tests/mail/test_compose.py"
PARSE = "tests/mail/test_parse.py"
THREAD = "tests/mail/test_thread.py"
IMPORT = "tests/services/test_importing.py"
FILES = "tests/unit/test_files.py"
LINKS = "tests/unit/test_links.py"
TEXT = "tests/unit/test_text.py"

_DRAWN = (
    f"{TICKETS}::test_each_ticket_whole_is_clean_for_eyes_and_exact_for_programs",
    f"{SCREENS}::test_the_board_shows_every_hostile_text_and_nothing_acts",
    f"{SCREENS}::test_the_ticket_shows_every_hostile_text_literally_and_nothing_acts",
    f"{SCREENS}::test_the_intake_shows_every_hostile_caller_literally_and_nothing_acts",
)
_MAIL = (f"{MAILS}::test_a_hostile_mail_acts_nowhere",)
_GUIDE = (
    f"{COMMANDS}::test_hostile_guides_are_linted_shown_and_run_without_effect",
    f"{GUIDE_SCREEN}::test_hostile_guide_texts_are_literal",
)
_NAME = (
    f"{MAILS}::test_a_hostile_file_name_is_safe_once_it_is_written",
    f"{FILES}::test_hostile_names_stay_inside_the_folder",
    f"{FILES}::test_a_link_is_never_followed",
    f"{FILES}::test_nothing_is_overwritten",
)
_CONTENT = (*_MAIL, f"{MAILS}::test_contents_of_files_are_kept_as_they_came_and_never_opened")
_LINK = (
    f"{LINKS}::test_hostile_links_give_nothing_but_web_and_mail",
    f"{TICKET_SCREEN}::test_a_link_shows_where_it_really_leads_and_asks",
)
_CSV = (
    f"{TICKETS}::test_csv_starts_no_formula_and_its_texts_come_back",
    f"{TICKETS}::test_a_csv_that_was_exported_imports_to_the_same_texts",
)
_IMPORT = (
    f"{IMPORT}::test_hostile_fields_are_kept_exact_or_refused",
    f"{COMMANDS}::test_hostile_imports_are_kept_or_refused_in_one_sentence",
)

BY_CLASS: dict[str, tuple[str, ...]] = {
    "textual-markup": _DRAWN,
    "textual-markup-crash": _DRAWN,
    "rich-emoji": _DRAWN,
    "terminal-escape": _DRAWN,
    "unicode": _DRAWN,
    "attachment-name": _NAME,
    "attachment": _CONTENT,
    "link": _LINK,
    "html": _MAIL,
    "csv-formula": _CSV,
    "mail": _MAIL,
    "thread": _MAIL,
    "import": _IMPORT,
    "cmd": (),
}
"""Class before the colon → tests that hold every case of it."""

ALSO: dict[str, tuple[str, ...]] = {
    "H020": _GUIDE,
    "H021": (f"{TICKETS}::test_names_of_everything_are_clean_in_every_listing",),
    "H031": _GUIDE,
    "H045": _GUIDE,
    "H052": _NAME,
    "H042": (f"{COMMANDS}::test_hostile_file_names_are_attached_by_their_safe_name",),
    "H055": (
        f"{MAILS}::test_an_address_that_mixes_scripts_is_nobody_else",
        f"{TEXT}::test_a_domain_that_mixes_scripts_is_shown_in_punycode",
    ),
    "H057": (f"{TICKETS}::test_subjects_are_kept_as_they_came",),
    "H064": (f"{COMPOSE}::test_a_subject_cannot_add_a_header",),
    "H065": (f"{MAILS}::test_a_line_end_in_a_subject_is_no_header",),
    "H067": (f"{COMPOSE}::test_a_name_cannot_add_a_recipient", *_IMPORT),
    "H068": (f"{COMPOSE}::test_a_recipient_that_is_no_address_is_refused", *_IMPORT),
    "H069": (f"{PARSE}::test_the_sender_is_the_address_alone",),
    "H070": (f"{MAILS}::test_a_sender_with_two_ats_is_quarantined",),
    "H071": (f"{INBOX}::test_a_name_that_is_another_address_is_shown_with_the_real_one",),
    "H075": (f"{PARSE}::test_a_header_of_its_own_worst_case_is_read_in_one_pass",),
    "H077": (f"{COMMANDS}::test_templates_are_never_taken_from_texts",),
    "H079": (
        f"{MAILS}::test_headers_of_other_desks_move_nothing",
        f"{THREAD}::test_headers_of_other_help_desks_are_not_obeyed",
    ),
    "H080": (f"{COMPOSE}::test_a_body_that_looks_like_smtp_stays_a_body",),
    "H083": (f"{INBOX}::test_a_subject_number_from_a_stranger_opens_a_ticket_and_tells_nothing",),
    "H085": (
        f"{INBOX}::test_a_technician_s_address_in_from_makes_no_technician_s_answer",
        f"{STAFF}::test_without_token_and_address_nobody_speaks_as_a_technician",
    ),
    "H086": (
        f"{INBOX}::test_cc_become_watchers_without_lists_robots_and_the_desk",
        f"{MACHINE}::test_whoever_is_in_copy_can_leave",
    ),
    "H089": (
        f"{MAILS}::test_one_sender_is_acknowledged_three_times_an_hour_at_most",
        f"{MACHINE}::test_a_conversation_with_a_machine_that_says_it_is_none_ends",
    ),
    "H090": (
        f"{THREAD}::test_every_sign_but_the_token_needs_a_sender_who_is_on_the_ticket",
        f"{STAFF}::test_an_answer_to_a_letter_about_an_internal_note_is_an_internal_note",
    ),
    "H092": (f"{INBOX}::test_the_claimed_date_decides_nothing",),
    "H093": (f"{INBOX}::test_the_same_message_id_with_other_bytes_is_kept_and_flagged",),
    "H094": (
        f"{MAILS}::test_a_note_quoted_by_nobody_never_leaves",
        f"{STAFF}::test_what_the_desk_wrote_to_a_technician_never_leaves_with_their_answer",
        f"{OUTBOX}::test_nothing_internal_reaches_any_letter",
    ),
    "H114": (
        f"{FILES}::test_what_can_run_is_not_opened",
        f"{TICKET_SCREEN}::test_a_launcher_is_never_opened",
    ),
    "H082": (
        f"{SMTP}::test_what_is_added_behind_starttls_is_never_read",
        f"{SMTP}::test_without_starttls_nothing_is_said_in_plain",
        f"{SMTP}::test_starttls_that_is_refused_is_not_done_without",
    ),
    "H117": (f"{PARSE}::test_two_thousand_nested_parts_stop_at_the_depth_limit",),
    "H129": (f"{LINKS}::test_the_host_comes_first_and_a_sign_in_is_named",),
    "H157": (f"{IMPORT}::test_a_number_with_other_content_is_never_overwritten",),
    "H159": (f"{IMPORT}::test_history_is_told_by_import_and_names_who_did_it_elsewhere",),
    "H160": (f"{IMPORT}::test_times_in_the_future_are_flagged_and_kept",),
    "H164": (f"{COMMANDS}::test_sql_and_wildcards_are_words",),
    "H165": (f"{COMMANDS}::test_sql_and_wildcards_are_words",),
    "H166": (f"{COMMANDS}::test_no_search_syntax_reaches_the_index",),
    "H167": (f"{COMMANDS}::test_sort_keys_come_from_a_fixed_list",),
    "H168": (f"{COMMANDS}::test_no_search_syntax_reaches_the_index",),
    "H169": (f"{COMMANDS}::test_a_text_that_starts_with_a_dash_is_a_text",),
    "H170": (
        f"{COMMANDS}::test_the_editor_gets_an_argument_list_and_a_private_file",
        f"{TICKET_SCREEN}::test_f8_writes_in_the_editor_with_a_private_file",
    ),
    "H171": (f"{COMMANDS}::test_a_pager_starts_no_shell_and_passes_no_control",),
    "H172": (
        f"{COMMANDS}::test_templates_are_never_taken_from_texts",
        f"{OUTBOX}::test_hostile_values_stay_values",
    ),
    "H173": (f"{COMMANDS}::test_one_event_is_one_line",),
    "H175": (f"{TEXT}::test_addresses_of_their_own_worst_case_are_read_at_once",),
    "H176": _DRAWN,
    "H180": (f"{COMMANDS}::test_a_guessed_number_and_no_number_answer_alike",),
}
"""Case → tests that hold what it asks for besides."""

DEFERRED: dict[str, str] = {
    "H095": "no ticket is restricted to some technicians yet: that comes with permissions",
    "H183": "no mailbox and no password is stored yet: they come with `mail fetch`",
}
"""Case → why today's features cannot meet it; it still goes through every command as a text."""
