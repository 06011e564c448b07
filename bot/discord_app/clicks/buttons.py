"""The buttons of every card, alive after a restart: each reads its state from its custom_id."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import Any

from discord import ui

from bot.advice.reply import Found
from bot.discord_app import ids, respond
from bot.discord_app.cards import Notes, Notice, Others, render
from bot.discord_app.clicks import forms, own_data
from bot.discord_app.clicks.live import Live
from bot.discord_app.clicks.recount import TROUBLE, recount, recounted, settle, suggested
from bot.discord_app.desk import Desk, clicked, guild_of
from bot.discord_app.reading import read
from bot.discord_app.respond import Interaction
from bot.discord_app.shown import unheard
from bot.errors import StoreError
from bot.knowledge.model import Topic
from bot.store.model import RESOURCE_TOPIC

log = logging.getLogger(__name__)


class Button(Live[ui.Button[Any]], template=r"\Z"):
    """A button of a card."""


class TopicButton(Button, template=r"\Z"):
    """A button that names a topic; without that topic it says so."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Look the topic up again: the base may have changed."""
        topic = desk.advisor.topic(self.state["topic"])
        if topic is None:
            await respond.say(interaction, desk.frame_for(interaction)("gone_topic"))
        else:
            await self.act_on(topic, desk, interaction)

    async def act_on(self, topic: Topic, desk: Desk, interaction: Interaction) -> None:
        """Do what the button is for."""
        raise NotImplementedError


class ListingButton(Button, template=r"\Z"):
    """A button that names what `/resources` was asked for, and a page of it."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Look the choice up again: the base may have changed."""
        choice = desk.advisor.choice(self.state["key"])
        if choice is None:
            await respond.say(interaction, desk.frame_for(interaction)("gone_topic"))
        else:
            page, guild = int(self.state["page"]), guild_of(interaction)
            card = await desk.advisor.show(choice, page, guild=guild)
            await self.show(card, desk, interaction)

    async def show(self, card: Found, desk: Desk, interaction: Interaction) -> None:
        """Show what was found."""
        raise NotImplementedError


class Helpful(Button, template=ids.VOTE):
    """Marks a suggestion as helpful, or takes the mark back; the new count is the answer."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Store first, then show what is stored."""
        topic = _voted_topic(desk, self.state["topic"])
        resource = desk.advisor.knowledge.current_id.get(self.state["resource"], "")
        if topic is None or resource not in desk.advisor.knowledge.resources:
            await respond.say(interaction, desk.frame_for(interaction)("gone"))
            return
        voter, guild = desk.voter(interaction.user.id), guild_of(interaction)
        stored: bool | None = None

        async def toggle() -> bool:
            helpful = await desk.store.toggle_helpful(topic, resource, voter, guild)
            desk.work.counts.votes += 1
            return helpful

        async def work(toggled: Awaitable[bool]) -> ui.LayoutView:
            nonlocal stored
            stored = await toggled
            view = self.view if isinstance(self.view, ui.LayoutView) else None
            return await recounted(desk, topic, unheard(view) if view else clicked(interaction))

        try:
            assert interaction.message is not None, "buttons sit on messages"
            with (
                desk.bursts.one(interaction.message.id),
                desk.presses.one((voter, topic, resource), toggle) as toggled,
            ):
                await respond.replace(interaction, work(toggled))
            await settle(desk, interaction, topic)
        except TROUBLE as error:
            if stored is None:
                raise
            # "try again" would take the vote back
            log.warning("A vote was stored, but could not be shown: %s", error)
            await desk.apologise(interaction, "vote_kept" if stored else "vote_taken_back")


class NoneHelped(Button, template=ids.NONE_HELPED):
    """Counts as a not-helpful vote on each suggestion of the card, and asks what was missing."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Open the form, store the votes, show the counts.

        A form must be the first response, in time and without a deferral. So it comes before
        the votes, which count at once, whatever becomes of it.
        """
        topic = _voted_topic(desk, self.state["topic"])
        resources = suggested(desk, interaction)
        if topic is None or not resources:
            await respond.say(interaction, desk.frame_for(interaction)("gone"))
            return
        voter, guild = desk.voter(interaction.user.id), guild_of(interaction)
        form = forms.missing(topic, desk.frame_for(interaction))
        await interaction.response.send_modal(form)
        changed = await desk.store.record_vote(topic, resources, voter, guild, helpful=False)
        desk.work.counts.votes += bool(changed)
        await recount(desk, interaction, topic)


class NotAsked(Button, template=ids.OTHERS):
    """Shows the runner-ups: in place for the asker, privately for others."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Offer the topics that still exist."""
        topics = desk.advisor.topics_of(self.state["others"].split("."))
        card = Others(topics, read(self.state, desk.advisor))
        await desk.show_to(interaction, card, self.state["asker"])


class Back(Button, template=ids.BACK):
    """Shows the former answer again: in place for the asker, privately for others."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Answer as before, with the counts of now."""
        reading = read(self.state, desk.advisor)
        if reading is None:
            await respond.say(interaction, desk.frame_for(interaction)("gone_topic"))
            return
        topic = desk.advisor.knowledge.topics[reading.topic]
        answer = await desk.advisor.answer(topic, reading, guild=guild_of(interaction))
        await desk.show_to(interaction, answer, self.state["asker"])


class Pick(TopicButton, template=ids.PICK):
    """Answers with the chosen topic: in place for the asker, privately for others."""

    async def act_on(self, topic: Topic, desk: Desk, interaction: Interaction) -> None:
        """Answer, and remember which topic was meant."""
        gap, asker = int(self.state["gap"]), self.state["asker"]
        answer = await desk.advisor.answer(topic, guild=guild_of(interaction))
        await desk.show_to(interaction, answer, asker)
        if gap and asker == desk.tag(interaction.user.id):
            try:
                await desk.store.record_pick(gap, topic.id)
            except StoreError as error:  # the person is answered; only the hint is lost
                log.warning("A pick could not be kept: %s", error)


class Open(TopicButton, template=ids.OPEN):
    """Shows another topic's card privately, beside the present one."""

    async def act_on(self, topic: Topic, desk: Desk, interaction: Interaction) -> None:
        """Answer privately."""
        answer = await desk.advisor.answer(topic, guild=guild_of(interaction))
        await desk.show_privately(interaction, answer)


class More(TopicButton, template=ids.MORE):
    """Shows the longer advice privately."""

    async def act_on(self, topic: Topic, desk: Desk, interaction: Interaction) -> None:
        """Answer privately."""
        await desk.show_privately(interaction, desk.advisor.more(topic))


class AllNotes(Button, template=ids.NOTES):
    """Shows all that is worth knowing about a resource, privately."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Look the resource up again: the base may have changed."""
        known = desk.advisor.knowledge
        resource = known.resources.get(known.current_id.get(self.state["resource"], ""))
        if resource is None:
            await respond.say(interaction, desk.frame_for(interaction)("gone_topic"))
        else:
            await desk.show_privately(interaction, Notes(resource))


class AskOn(Button, template=ids.ASK_ON):
    """Opens a form for a follow-up, where people cannot reply to the card."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Open the form; it carries what the button does."""
        frame = desk.frame_for(interaction)
        form = forms.ask_on(self.state["topic"], self.state["resource"], frame)
        await interaction.response.send_modal(form)


class Show(ListingButton, template=ids.SHOW):
    """Shows what `/resources` finds for a choice, privately."""

    async def show(self, card: Found, desk: Desk, interaction: Interaction) -> None:
        """Answer privately."""
        await desk.show_privately(interaction, card)


class Turn(ListingButton, template=ids.TURN):
    """Turns a listing to another page, in place."""

    async def show(self, card: Found, desk: Desk, interaction: Interaction) -> None:
        """Replace the page."""
        await desk.show_in_place(interaction, card)


class Tell(Button, template=ids.TELL):
    """Tells the maintainers about a question without a good answer."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Mark the kept question."""

        async def work() -> ui.LayoutView:
            kept = await desk.store.confirm_gap(int(self.state["gap"]))
            told = desk.frame_for(interaction)("told" if kept else "gone_gap")
            return render(Notice(told), desk.pen_for(interaction))

        await respond.send(interaction, work(), private=True)


class OwnData(Button, template=ids.OWN_DATA):
    """A button of `/privacy`: whatever its id says, it concerns who clicks, nobody else."""

    async def act(self, desk: Desk, interaction: Interaction) -> None:
        """Show, delete, keep, switch off or on."""
        if self.state["act"] == "show":
            await own_data.show(desk, interaction)
        else:
            await respond.replace(
                interaction, own_data.changed(desk, interaction, self.state["act"])
            )


ALL: tuple[type[Button], ...] = (
    Helpful,
    NoneHelped,
    NotAsked,
    Back,
    Pick,
    Open,
    More,
    AllNotes,
    AskOn,
    Show,
    Turn,
    Tell,
    OwnData,
)


def _voted_topic(desk: Desk, id: str) -> str | None:
    if id == RESOURCE_TOPIC:
        return id
    topic = desk.advisor.topic(id)
    return topic.id if topic else None
