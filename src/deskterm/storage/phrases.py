"""SQL that several statements share: what counts as undone, and whose address is the main one."""

NOT_UNDONE = "NOT EXISTS (SELECT 1 FROM taken_back back WHERE back.operation_id = l.operation_id)"
"""For ledger entries `l`: what they tell of was not taken back, or is there again."""

MAIN_ADDRESS = "person_address a ON a.person_id = p.id AND a.position = 0"
"""Joined to people `p`: `a` is their main address, at position 0, to which letters go."""

FIRST_ADDRESS = (
    "(SELECT a.address FROM person_address a WHERE a.person_id = p.id "
    "ORDER BY a.position, a.address LIMIT 1)"
)
"""For people `p`: the main address, else whichever they have."""

CALLED = f"COALESCE(NULLIF(p.name, ''), {FIRST_ADDRESS}, '')"
"""For people `p`, who may be nobody: how they are called: by name, else by address."""

OF_TICKET = (
    "coalesce(t.organisation_id, "
    "(SELECT whose.organisation_id FROM person whose WHERE whose.id = t.requester_id))"
)
"""For tickets `t`: the organisation they belong to."""
