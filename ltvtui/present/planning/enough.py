"""Whether a goal can be brought: what can move its figure at all, and how far all measures together go."""

from __future__ import annotations

from ltvtui.present.headline import Clauses
from ltvtui.present.numbers import count, counted
from ltvtui.present.planning.words import needed_words, short_words, stuck_words, whole, window_words
from ltvtui.user_state.plan_answer import PlanAnswer


def stuck_clauses(found: PlanAnswer) -> Clauses:
    """Why no order of today's customers moves the goal's figure; nothing where some do."""
    return (stuck_words(found.query.horizon),) if found.goal.is_stuck else ()


def window_clauses(found: PlanAnswer) -> Clauses:
    """Whose orders move the figure, where it is not everybody's."""
    windows, customers = found.goal.windows, found.snapshot.customers.height
    if not windows and not found.goal.is_stuck:
        over = f"{counted(found.query.horizon, 'month')} that LTV looks at are over for every customer"
        return (f"“raise LTV” is no goal here: the {over}",) if "goal" in found.goal.assumed else ()
    if not windows or windows >= customers or found.goal.goal.key != "raise-ltv":
        return ()
    return (window_words(windows, customers, found.query.horizon),)


def enough_clauses(found: PlanAnswer, sign: str = "") -> Clauses:
    """What the goal needs, and how far all measures together go; nothing where that is not known."""
    step, goal = found.goal, found.goal.goal
    if step.is_stuck or step.target is None or step.now.value is None:
        return ()
    everybody, brought = found.snapshot.customers.height, at_most(found)
    if goal.key == "raise-ltv":
        words = needed_words(goal, step.now, step.target, brought, everybody, sign)
        if not words and step.now.customers != everybody and step.target > step.now.value:
            own = f"LTV is of {counted(step.now.customers or 0, 'customer')} proven new"
            return (f"how far measures reach cannot be said: {own}, the measures of all {count(everybody)}",)
        return (f"{words}{_of_all(found, brought, sign)}",) if words else ()
    needed = step.target - (step.now.value if goal.key == "grow-vips" else 0)
    if goal.unit != "count" or needed <= 0:
        return ()
    brought = at_most(found, "total" if goal.key == "grow-vips" else "customers")
    who = counted(round(needed), "customer" if goal.key == "win-back" else "VIP")
    if brought >= needed:
        more = "" if goal.key == "win-back" else " more"
        return (f"the goal needs {who}{more}; the measures reach {whole(brought)} at most: enough",)
    return (short_words(whole(brought), who, whole(needed - brought)),)


def _of_all(found: PlanAnswer, brought: float, sign: str) -> str:
    """What measures on every segment would reach, where that is more than those chosen do."""
    every, segments = float(found.effects.rows["total"].fill_null(0).sum()), len(found.segments.trails)
    if not found.segments.by or every <= brought or not found.measures:
        return ""
    return f" (on all {counted(segments, 'segment')} {whole(every, sign)})"


def at_most(found: PlanAnswer, of: str = "total") -> float:
    """What the measures can bring together; several of one segment do not bring more than one."""
    figures = {measure.trail: measure.effect[of] for measure in found.measures if measure.effect is not None}
    return float(sum(figure for figure in figures.values() if figure is not None))
