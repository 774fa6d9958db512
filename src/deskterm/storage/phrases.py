"""SQL that several statements share: what counts as undone, and whose address is the main one."""

NOT_UNDONE = "NOT EXISTS (SELECT 1 FROM taken_back back WHERE back.operation_id = l.operation_id)"
"""For ledger entries `l`: what they tell of was not taken back, or is there again."""
