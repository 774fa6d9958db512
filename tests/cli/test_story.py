"""The whole story on the command line: from a call to a published solution that is found again."""

import json

from tests.cli.conftest import Cli


def test_call_guide_escalation_solution_and_the_next_ticket(cli: Cli) -> None:
    ticket = int(
        cli(
            *("ticket", "new", "--from", "Mia Ortiz <mia@example.org>", "--channel", "phone"),
            *("--subject", "Printer offline", "--body", "The printer on floor 3 shows offline."),
            *("--category", "printing"),
        ).out
    )
    assert cli("ticket", "take", ticket).code == 0

    answers = ["Nothing comes out", "No, nobody can print", "P-31"]
    answers += ["Replies come back", "A job with an error, and others waiting", "It hangs again"]
    ran = cli("guide", "run", "printing", "--ticket", ticket, "--answers", json.dumps(answers))
    assert ran.code == 0, ran.err
    escalated = cli("ticket", "show", ticket, "-o", "json").json
    assert (escalated["level"] > 1, escalated["assignee"]) == (True, None)
    summary = next(e for e in escalated["timeline"] if e["event"] == "escalated")
    assert "P-31" in summary["text"]
    assert summary["data"]["actions"]
    assert not summary["public"]

    found = "The driver on the print server was broken."
    fixed = "Replaced the driver on the print server."
    assert cli("ticket", "hand-back", ticket, "--body", found).code == 0
    assert cli("ticket", "solve", ticket, "--resolution", fixed).code == 0
    assert cli("ticket", "close", ticket, "--as", "solved").code == 5
    for by in ("craft", "customer"):
        assert cli("ticket", "verify", ticket, "--by", by, "--result", "ok").code == 0
    assert cli("ticket", "close", ticket, "--as", "solved").code == 0

    solution = cli("solution", "new", "--ticket", ticket, "-o", "json").json["id"]
    assert cli("solution", "publish", solution, "--audience", "technicians").code == 0

    again = int(
        cli(
            *("ticket", "new", "--from", "bo@example.org"),
            *("--subject", "Printer on floor 3 offline again", "--category", "printing"),
        ).out
    )
    suggested = cli("triage", "suggest", again, "-o", "json").json
    assert suggested["solutions"][0]["id"] == solution
    assert suggested["solutions"][0]["reason"]
    assert suggested["guides"][0]["id"] == "printing"
    used = ("ticket", "solve", again, "--resolution", "As before.", "--solution", f"S{solution}")
    assert cli(*used).code == 0

    view = cli("ticket", "show", ticket, "-o", "json").json
    done = {step["step"]: step["status"] for step in view["steps"]}
    for step in ("greet", "classify", "carry-out", "verify", "confirm"):
        assert done[step] == "done", step
    told = [row["template"] for row in cli("mail", "queue", "-o", "json").json]
    assert {"opened", "escalated", "solved", "closed"} <= set(told)
