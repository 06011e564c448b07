"""The cards of `/start`: the questions, the plan, and a plan that was kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TypeAlias

import discord
from discord import ui

from bot import limits, wording
from bot.advice.base import short_key
from bot.advice.plan import Kind, Step, Why
from bot.advice.reply import Guidance
from bot.advice.wishes import HOURS, Standing, fields, ways
from bot.discord_app import ids
from bot.discord_app.cards.kinds import Guide, KeptPlan
from bot.discord_app.cards.parts import to_vote_on
from bot.discord_app.cards.pen import Budget, Pen
from bot.discord_app.cards.pieces import (
    Item,
    button,
    cut,
    heading_text,
    link,
    row,
    small,
    text,
)
from bot.store.model import RESOURCE_TOPIC

NOT_SURE = "0" * 8  # in the place of a facet's short key
TOGGLES = 8  # sections with a toggle; with four weeks of three steps, more pass 40 components
LINKED_ROWS = 6  # a budget with fewer rows is for a base whose addresses would fill the card
Options: TypeAlias = Sequence[tuple[str, str, str]]  # value, label, description


def written(said: Guide) -> str:
    """Return what was said in at most 46 characters, as the ids of the card carry it."""
    way = "" if said.way is None else short_key(said.way) if said.way else NOT_SURE
    field = short_key(said.field) if said.field else ""
    hours, standing = said.hours or "", said.standing or ""
    return f"{way}:{hours}:{standing}:{said.pays:d}:{field}:{said.more:d}"


def guide(card: Guide, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw the questions; whatever was said can be changed until the plan is made."""
    frame, knowledge = pen.frame, pen.knowledge
    yield heading_text(frame("start_heading"), budget.line)
    yield text(frame("start_text"), budget.body)
    chosen = [(short_key(one.id), one.label, one.description or "") for one in ways(knowledge)]
    unsure = (NOT_SURE, frame("start_unsure"), frame("start_unsure_hint"))
    way = None if card.way is None else short_key(card.way) if card.way else NOT_SURE
    yield _select("way", [*chosen, unsure], way, card, pen)
    hours = [(str(n), frame("hours", count=n), "") for n in HOURS]
    yield _select("hours", hours, str(card.hours), card, pen)
    standings = [(one.value, frame(f"standing_{one}"), "") for one in Standing]
    yield _select("standing", standings, card.standing, card, pen)
    if card.more:
        paying = [("0", frame("start_costs_nothing"), ""), ("1", frame("start_may_cost"), "")]
        yield _select("pays", paying, f"{card.pays:d}", card, pen)
        subjects = [(short_key(one.id), one.label, "") for one in fields(knowledge)]
        any_field = (NOT_SURE, knowledge.facets.fields[0].label, "")
        field = short_key(card.field) if card.field else NOT_SURE
        yield _select("field", [any_field, *subjects], field, card, pen)
    make = button(frame("start_make"), ids.guide("make", written(card)))
    make.style, make.disabled = discord.ButtonStyle.primary, card.wishes is None
    if card.more:
        yield row(make)
    else:
        yield row(make, button(frame("start_more"), ids.guide("more", written(card))))
    yield small(frame("start_kept"), budget.line)


def kept_plan(card: KeptPlan, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Offer a plan that was made before."""
    yield heading_text(pen.frame("plan_kept_heading"), budget.line)
    yield text(wording.wishes_line(card.wishes, pen.knowledge, pen.frame), budget.body)
    yield text(pen.frame("plan_kept_text", week=card.week), budget.body)
    said = written(_guide(card.wishes))
    go_on = button(pen.frame("plan_go_on"), ids.guide("keep", said))
    go_on.style = discord.ButtonStyle.primary
    yield row(go_on, button(pen.frame("plan_again"), ids.guide("again", said)))


def guidance(card: Guidance, pen: Pen, budget: Budget) -> Iterator[Item]:
    """Draw a plan week by week. A resource has its Helpful toggle where it comes first, from the
    week on in which it is met: nobody knows earlier, and a phone shows more of the plan.
    """
    frame, plan = pen.frame, card.plan
    yield heading_text(frame("plan_heading"), budget.line)
    yield small(wording.wishes_line(plan.wishes, pen.knowledge, frame), budget.line)
    if not plan.steps:
        yield text(frame("plan_empty"), budget.body)
    now, toggles = card.week or 1, 0
    for week, steps in groupby(plan.steps, key=lambda step: step.week):
        begun = frame("plan_this_week" if week == card.week else "plan_week", week=week) + " "
        for step in steps:
            told, resource = begun + _step(step, card, pen, budget), step.resource
            met = resource and step.kind is Kind.FIRST and week <= now
            if resource and met and toggles < TOGGLES:
                toggles += 1
                helpful = card.helpful.get(resource.id, 0)
                yield to_vote_on(told, RESOURCE_TOPIC, resource.id, helpful, pen)
            else:
                yield ui.TextDisplay(told)
            begun = ""
    if pen.asker:
        said = written(_guide(plan.wishes))
        show = button(frame("plan_show"), ids.guide("tell", said))
        show.disabled = not plan.steps
        yield row(show, button(frame("plan_again"), ids.guide("again", said)))
    month = frame.month(pen.knowledge.about.checked)
    yield small(frame("footer_resource", date=month), budget.line)


def _step(step: Step, card: Guidance, pen: Pen, budget: Budget) -> str:
    """Return what to do; of a week that has gone by, in one line."""
    frame, resource = pen.frame, step.resource
    spent = wording.hours(step.hours, frame)
    if resource is None:
        key = "step_chosen" if step.kind is Kind.CHOSEN else "step_chosen_on"
        return cut(frame(key, hours=spent), budget.line)
    if budget.rows >= LINKED_ROWS:
        name = link(resource, budget.line, short=True)
    else:
        name = f"**{cut(resource.short or resource.title, budget.line)}**"
    if step.kind is not Kind.FIRST:
        return frame(f"step_{step.kind}", hours=spent, name=name)
    line = f"{name} · {frame('step_hours', hours=spent)}"
    if step.week < (card.week or 1):
        return line
    told = wording.reasons(step, card.plan.wishes, pen.knowledge, frame)
    first = cut(resource.first_step or resource.why, budget.line)
    if Why.PRACTICE not in step.reasons and step.hours > 2 * (resource.first_hours or 1):
        first = f"{first} {frame('step_then')}"
    return "\n".join((line, first, f"-# {cut(told, budget.line)}"))


def _guide(wishes: Any) -> Guide:
    return Guide(wishes.way, wishes.hours, wishes.standing, wishes.pays, wishes.field)


def _select(act: str, options: Options, chosen: str | None, card: Guide, pen: Pen) -> Item:
    """Return a select of at most 25 options that shows what was chosen."""
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=ids.guide(act, written(card)),
        placeholder=cut(pen.frame(f"start_{act}"), limits.PLACEHOLDER),
    )
    for value, label, description in options[: limits.SELECT_OPTIONS]:
        select.add_option(
            label=cut(wording.capitalised(label), limits.CHOICE_NAME),
            value=value,
            description=cut(description, limits.CHOICE_NAME) or None,
            default=value == chosen,
        )
    return ui.ActionRow(select)
