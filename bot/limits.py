"""Discord's limits, each with its source, and the margins that Warmstart keeps.

Sources: [docs] Discord's developer documentation (Message Components, Interactions);
[api] Discord's published OpenAPI description; [seen] behaviour observed by bot authors.
"""

from __future__ import annotations

COMPONENTS = 40  # nested ones count [docs: Components V2]
TEXT = 4000  # characters over all text displays of a message [docs: Components V2]
MODAL_TITLE = 45  # characters [docs]
LABEL = 45  # characters, of a field in a modal [docs]
LABEL_DESCRIPTION = 100  # characters [docs]
PLACEHOLDER = 100  # characters, of a text field [docs]
ALT_TEXT = 256  # characters of a picture's description; discord.py's figure, the API takes more
CUSTOM_ID = 100  # characters [docs]
BUTTON_LABEL = 80  # characters [docs]
SELECT_OPTIONS = 25  # [docs]
ROW_BUTTONS = 5  # buttons in an action row [docs]
COMMAND_NAME = 32  # characters, of a context menu too [docs]
COMMAND_DESCRIPTION = 100  # characters, of an option too [docs]
AUTOCOMPLETE_CHOICES = 25  # [docs]
CHOICE_NAME = 100  # characters, name and value alike [docs; api]
MESSAGE_BYTES = 9000  # a 500 was seen from about 10,170 serialised bytes on [seen]; kept below
LARGEST_ID = (
    2**63 - 1
)  # of 64 bits, the first of which stays 0 until 2084; so databases hold it [docs]
RESPONSE_SECONDS = 3.0  # first answer to an interaction [docs]
DEFER_AFTER_SECONDS = RESPONSE_SECONDS / 2  # the other half is for the network
QUESTION = 4000  # characters of a message that are read; Nitro's limit [docs]
THINKING_SECONDS = 30.0  # of one question; it takes milliseconds, so longer is a fault
