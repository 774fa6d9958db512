"""Migrations form one line, whoever landed at the same time."""

from pathlib import Path

from deskterm.storage import schema

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"


def test_every_schema_has_one_migration_and_follows_the_one_before() -> None:
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    assert [file.name[:4] for file in files] == list(schema.KNOWN)
    assert schema.KNOWN[-1] == schema.HEAD
    for before, file in zip(("", *schema.KNOWN), files, strict=False):
        text = file.read_text(encoding="utf-8")
        assert f'revision = "{file.name[:4]}"' in text
        if before:
            assert f'down_revision = "{before}"' in text
