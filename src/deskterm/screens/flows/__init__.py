"""What actions do, as free functions with an owner: the screen whose key was pressed.

Each module's FLOWS says action → function; a screen's FLOWS is put together from them. What a flow
may ask of its owner stands in `owner.py`. A dialog is imported when it is opened.
"""
