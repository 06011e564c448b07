"""What the buttons' custom_ids carry: state that survives restarts, at most 100 characters.

Each kind has a prefix, a function that writes it and a template that reads it. Old ids keep
working: a kind is never given another meaning.
"""

from __future__ import annotations

_ID = r"[a-z0-9_-]{1,40}"

VOTE = rf"ws:v:(?P<topic>{_ID}):(?P<resource>{_ID})\Z"
NONE_HELPED = rf"ws:n:(?P<topic>{_ID})\Z"
# a question as it was read, in short keys; "Not what you asked?" had only `others` once
_ANSWER = (
    r"(?P<topic>[0-9a-f]{8}):(?P<second>[0-9a-f]{0,8})"
    r":(?P<named>[0-9a-f.]{0,18}):(?P<aspects>[a-z]{0,6})"
)
_OTHERS = r"(?P<asker>[0-9a-f]{0,8}):(?P<others>[0-9a-f.]{0,60})"
OTHERS = rf"ws:o:{_OTHERS}(:{_ANSWER})?\Z"
BACK = rf"ws:b:{_OTHERS}:{_ANSWER}\Z"
PICK = rf"ws:t:(?P<topic>{_ID}):(?P<asker>[0-9a-f]{{0,8}}):(?P<gap>[0-9]{{1,18}})\Z"
OPEN = rf"ws:s:(?P<topic>{_ID})\Z"
MORE = rf"ws:x:(?P<topic>{_ID})\Z"
NOTES = rf"ws:c:(?P<resource>{_ID})\Z"
SHOW = r"ws:r:(?P<page>[0-9]{1,4}):(?P<key>[a-z0-9+_-]{1,80})\Z"
TURN = r"ws:p:(?P<page>[0-9]{1,4}):(?P<key>[a-z0-9+_-]{1,80})\Z"
OWN_DATA = r"ws:d:(?P<act>show|delete|erase|keep|off|on)\Z"
TELL = r"ws:m:(?P<gap>[0-9]{1,18})\Z"  # below 2⁶³, as the database counts
ASK_ON = r"ws:q:(?P<topic>[a-z0-9-]{0,40}):(?P<resource>[a-z0-9-]{0,40})\Z"
_SAID = (  # facets in short keys; zeros are "not sure", nothing is not said yet
    r"(?P<way>[0-9a-f]{8}|):(?P<hours>[0-9]{0,2}):(?P<standing>[a-z]{0,12})"
    r":(?P<pays>[01]):(?P<field>[0-9a-f]{8}|):(?P<more>[01])"
)
SAY = rf"ws:g:(?P<act>way|hours|standing|pays|field):{_SAID}\Z"
GUIDE = rf"ws:g:(?P<act>make|more|again|keep|tell):{_SAID}\Z"
MISSING = rf"ws:f:(?P<topic>{_ID})\Z"
SET_DUTY = r"ws:a:duty:(?P<duty>question|watch|suggest|shadow|silent):(?P<mark>[0-9]{1,10})\Z"
SET_COOLDOWN = r"ws:a:cooldown\Z"
SET_PAUSE = r"ws:a:pause\Z"
SET_LINK = r"ws:a:link\Z"
LINK_FORM = "ws:a:linked"  # a form, not a button
DISMISS = r"ws:z:(?P<asker>[0-9a-f]{0,8}):(?P<helper>[0-9]{1,20})\Z"
NOT_FOR_ME = r"ws:y:(?P<asker>[0-9a-f]{0,8})\Z"
FOR_ME = r"ws:b\Z"
TELL_MINE = r"ws:w:(?P<asker>[0-9a-f]{0,8})\Z"
BRING = rf"ws:h:(?P<topic>{_ID}):(?P<message>[0-9]{{1,20}}):(?P<asker>[0-9a-f]{{0,8}})\Z"


def vote(topic: str, resource: str) -> str:
    """Mark a resource under a topic as helpful, or take it back."""
    return f"ws:v:{topic}:{resource}"


def none_helped(topic: str) -> str:
    """Say that none of the suggestions on this card helped."""
    return f"ws:n:{topic}"


def others(asker: str, answer: str) -> str:
    """Show the runner-ups of an answer, which is given as `reading.written` writes it."""
    return f"ws:o:{asker}:{answer}"


def back(asker: str, answer: str) -> str:
    """Show the answer again whose runner-ups are shown."""
    return f"ws:b:{asker}:{answer}"


def ask_on(topic: str = "", resource: str = "") -> str:
    """Ask on in a form, about this topic or resource and what else the card shows."""
    return f"ws:q:{topic}:{resource}"


def pick(topic: str, asker: str, gap: int) -> str:
    """Answer with this topic, in place for the asker."""
    return f"ws:t:{topic}:{asker}:{gap}"


def open_topic(topic: str) -> str:
    """Show a topic's card privately, beside the present one."""
    return f"ws:s:{topic}"


def more(topic: str) -> str:
    """Show the longer advice privately."""
    return f"ws:x:{topic}"


def notes(resource: str) -> str:
    """Show all that is worth knowing about a resource, privately."""
    return f"ws:c:{resource}"


def show(key: str, page: int = 0) -> str:
    """Show what `/resources` finds for a choice, as a new private card."""
    return f"ws:r:{page}:{key}"


def turn(key: str, page: int) -> str:
    """Turn a listing to a page, in place."""
    return f"ws:p:{page}:{key}"


def own_data(act: str) -> str:
    """Show, delete or keep what is stored of who clicks, or switch answers to them off or on."""
    return f"ws:d:{act}"


def tell(gap: int) -> str:
    """Tell the maintainers about a kept question."""
    return f"ws:m:{gap}"


def missing(topic: str) -> str:
    """Say what a topic's suggestions lacked: a form, not a button."""
    return f"ws:f:{topic}"


def guide(act: str, said: str) -> str:
    """Take an answer of `/start`, or act on what was said, which `guide.written` writes."""
    return f"ws:g:{act}:{said}"


def dismiss(asker: str, helper: int) -> str:
    """Remove a card that the asker did not ask for; `helper` brought it, 0 is the bot itself."""
    return f"ws:z:{asker}:{helper}"


def not_for_me(asker: str) -> str:
    """Have no more unasked answers."""
    return f"ws:y:{asker}"


def for_me() -> str:
    """Have unasked answers again."""
    return "ws:b"


def tell_mine(asker: str) -> str:
    """Tell the maintainers about the message that a card answers; for its author only."""
    return f"ws:w:{asker}"


def bring(topic: str, message: int, asker: str) -> str:
    """Answer somebody's message with this topic, in a helper's name."""
    return f"ws:h:{topic}:{message}:{asker}"


def set_duty(duty: str, mark: int) -> str:
    """Choose the channels that have a duty; `mark` changes with those that have it now."""
    return f"ws:a:duty:{duty}:{mark}"


def set_cooldown() -> str:
    """Choose how often one person is answered unasked."""
    return "ws:a:cooldown"


def set_pause() -> str:
    """Pause what nobody asks for, or go on."""
    return "ws:a:pause"


def set_link() -> str:
    """Open the form for the server's own link."""
    return "ws:a:link"
