"""Triage: what is learned from tickets, and what it proposes for them (C2)."""
