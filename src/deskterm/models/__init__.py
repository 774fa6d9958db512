"""The schema: SQLModel tables, the one definition for both databases."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from deskterm.models.knowledge import (
    DeskSetting,
    GuideRun,
    GuideVersion,
    SavedView,
    Secret,
    Solution,
    SolutionUse,
)
from deskterm.models.mail import Lease, Letter, Mailbox, MailReceipt, MailReference, Received
from deskterm.models.notices import Notice
from deskterm.models.people import (
    Category,
    Device,
    FieldDefinition,
    Group,
    Membership,
    Organisation,
    Person,
    PersonAddress,
    Service,
    Site,
    Technician,
)
from deskterm.models.problems import Announcement, Problem, ProblemTicket, ProblemTold
from deskterm.models.promised import Absence, CallBack
from deskterm.models.spine import (
    Attachment,
    Blob,
    Counter,
    Draft,
    EntryPlace,
    FieldValue,
    LedgerEntry,
    Link,
    Operation,
    TakenBack,
    Ticket,
    TicketStep,
    Watcher,
)
from deskterm.models.triage import LearnedHead, LearnedTicket, LearnedWord, Rule

metadata: MetaData = SQLModel.metadata

__all__ = [
    "Absence",
    "Announcement",
    "Attachment",
    "Blob",
    "CallBack",
    "Category",
    "Counter",
    "DeskSetting",
    "Device",
    "Draft",
    "EntryPlace",
    "FieldDefinition",
    "FieldValue",
    "Group",
    "GuideRun",
    "GuideVersion",
    "LearnedHead",
    "LearnedTicket",
    "LearnedWord",
    "Lease",
    "LedgerEntry",
    "Letter",
    "Link",
    "MailReceipt",
    "MailReference",
    "Mailbox",
    "Membership",
    "Notice",
    "Operation",
    "Organisation",
    "Person",
    "PersonAddress",
    "Problem",
    "ProblemTicket",
    "ProblemTold",
    "Received",
    "Rule",
    "SavedView",
    "Secret",
    "Service",
    "Site",
    "Solution",
    "SolutionUse",
    "TakenBack",
    "Technician",
    "Ticket",
    "TicketStep",
    "Watcher",
    "metadata",
]
