"""What is done every day by one key: canned texts, macros, templates and their kin (C8)."""

from sqlalchemy import text
from sqlmodel import Field, SQLModel


class CannedText(SQLModel, table=True):
    """Words that are inserted by a short name while somebody writes."""

    __tablename__ = "canned_text"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    short: str = ""
    """What is typed after `::`; empty: its name. Several may share it, for other people."""
    words: str = ""
    """With placeholders such as `{first_name}`."""
    language: str = ""
    """Only for people written to in it; empty: for all."""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    """Only for its people; None: for all."""
    active: bool = True
    uses: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How often it was sent; ranks them."""
