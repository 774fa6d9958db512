"""Mermaid flowcharts: read as Mermaid's own parser reads them, written so that they read back."""
