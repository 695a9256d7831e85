"""The foot of 收件 at every step: what still stands in the way, and the next act."""

from __future__ import annotations

from ui.screens.intake import checklist
from ui.screens.intake.state import ChoiceGroup, IntakeState, Phase
from ui.shown import Act, ActionBar, Mark


def bar_of(state: IntakeState, groups: tuple[ChoiceGroup, ...]) -> ActionBar:
    """The action bar for a state."""
    match state.phase:
        case Phase.PROJECT:
            return _project_bar(groups)
        case Phase.SITUATION:
            return _situation_bar(state, groups)
        case Phase.MATERIALS:
            return _materials_bar(state)
        case Phase.REGISTERED:
            return _registered_bar(state)
        case Phase.STOPPED:
            return ActionBar(
                Mark.PARK,
                "涉密项目、涉密事项不在本系统办理",
                "本机没有留下任何记录；请申请人按保密规定到主管部门办理",
                (Act("anew", "Enter", "接下一位", primary=True),),
            )


def _project_bar(groups: tuple[ChoiceGroup, ...]) -> ActionBar:
    open_question = next((group for group in groups if not group.picked), None)
    acts = (
        Act("back", "F4", "上一问"),
        Act("go_on", "Enter", "选情形", primary=True, enabled=open_question is None, why=_unanswered(open_question)),
    )
    if open_question is None:
        return ActionBar(Mark.OK, "项目、阶段和类型已定", "按 Enter 选情形；申请人信息在核对材料时填写", acts)
    return ActionBar(Mark.NOW, open_question.title, _how_to_answer(open_question), acts)


def _situation_bar(state: IntakeState, groups: tuple[ChoiceGroup, ...]) -> ActionBar:
    open_question = next((group for group in groups if not group.picked), None)
    matters = len(state.prepared.matters) if state.prepared else 0
    ready = open_question is None and matters > 0
    why = _unanswered(open_question) or "这些情形下没有要办的事项"
    acts = (
        Act("back", "F4", "上一问"),
        Act("go_on", "Enter", "核对材料", primary=True, enabled=ready, why=why),
    )
    if ready and state.draft is not None:
        owed = len(checklist.owed(state.draft))
        words = f"{matters} 个事项，须交 {owed} 项材料，共享取得 {len(state.draft.lines) - owed} 项"
        return ActionBar(Mark.OK, "情形已定", words, acts)
    if open_question is not None:
        return ActionBar(Mark.NOW, open_question.title, _how_to_answer(open_question), acts)
    return ActionBar(Mark.WARN, why, "按 F4 改前面的回答", acts)


def _how_to_answer(group: ChoiceGroup) -> str:
    keys = "，".join(f"{at} {choice.label}" for at, choice in enumerate(group.choices[:4], 1))
    return f"按数字键：{keys}" + (" …" if len(group.choices) > 4 else "")


def _unanswered(group: ChoiceGroup | None) -> str:
    return f"还没有回答：{group.title}" if group else ""


def _materials_bar(state: IntakeState) -> ActionBar:
    missing, draft = state.obstacles, state.draft
    if draft is None:
        return ActionBar()
    words = checklist.in_words(missing, draft)
    line = draft.line(state.line)
    shared = line is not None and checklist.is_shared(line)
    why = "共享取得的材料不用核对，也不得收纸件" if shared else "先选一项材料"
    on_line = line is not None and not shared
    acts = [
        Act("import", "F5", "导入", enabled=on_line, why=why),
        Act("ok", "F6", "合格", enabled=on_line, why=why),
        Act("defective", "F7", "不合格", enabled=on_line, why=why),
        Act("missing", "F8", "缺件", enabled=on_line, why=why),
    ]
    following = Act("next", "F3", "下一缺项", primary=bool(missing), enabled=bool(missing), why="没有缺项")
    ready = not missing and not state.sending
    reason = "正在登记" if state.sending else f"还差 {len(missing)} 项：{words}"
    register = Act("register", "F9", "登记出单", primary=not missing, enabled=ready, why=reason)
    acts += [register, following] if missing else [following, register]
    if missing:
        return ActionBar(Mark.MISSING, f"还差 {len(missing)} 项才能登记", words, tuple(acts))
    return ActionBar(Mark.OK, "可以登记", _lacking(state), tuple(acts))


def _lacking(state: IntakeState) -> str:
    draft = state.draft
    names = [checklist.short_code(line.material) for line in draft.lines if line.is_lacking] if draft else []
    if not names:
        return "材料齐全；登记后凭单打出，收件时间以凭单为准"
    return f"{'、'.join(names[:5])} 缺件或不合格，写入凭单，由部门审查决定"


def _registered_bar(state: IntakeState) -> ActionBar:
    registered = state.registered
    if registered is None:
        return ActionBar()
    acts = (Act("print", "F6", "再打凭单"), Act("anew", "Enter", "接下一位", primary=True))
    head = f"已登记 {registered.registration_no}" + ("（此前已登记，未重复）" if registered.repeated else "")
    return ActionBar(Mark.OK, head, registered.printed or "凭单请申请人签字，一联交申请人", acts)


STEPS = (Phase.PROJECT, Phase.SITUATION, Phase.MATERIALS, Phase.REGISTERED)
STEP_NAMES = {
    Phase.PROJECT: "定项目",
    Phase.SITUATION: "选情形",
    Phase.MATERIALS: "核对材料",
    Phase.REGISTERED: "登记出单",
}
