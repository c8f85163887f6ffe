"""Orders of inspections and their draws (domain.md f.1 to f.3): refusals, events, words."""

_REFUSALS: dict[str, tuple[str, str]] = {
    "inspection.leaders": (
        "检查 {sites} 处，组长 {leaders} 名。请指定一名组长，或每处一名。",
        "There are {sites} sites and {leaders} leaders. Name one leader for all, or one for each.",
    ),
    "inspection.over_budget": (
        "{unit} 在 {month} 已有 {contacts} 次检查，限额 {budget} 次。超出须附领导小组批准文号。",
        "{unit} has {contacts} checks in {month} of {budget}. Give the leading group's approval.",
    ),
    "inspection.repeated": (
        "{unit} 与“{theme}”同一主题的检查在 {on}，相距不到 {days} 天。确需再查请写明理由。",
        "{unit} is checked on “{theme}” on {on}, less than {days} days apart. Give the reason.",
    ),
    "draw.unfinished": (
        "抽取 {draw} 尚有检查未到现场：{waiting}。到现场或终止后才能公开。",
        "Of the draw {draw} nobody was yet at: {waiting}. Reveal it once they were made or ended.",
    ),
    "draw.lists": (
        "封存的名单 {package} 不存在或已被调换。请重新封存名单后再抽取。",
        "The sealed lists {package} are not there, or are others. Seal them anew and draw again.",
    ),
    "draw.box_lost": (
        "封存内容打不开或不存在：{kind} {of}（密钥 {key}）。请为工作进程配回原密钥，或申请作废。",
        "{kind} {of} is lost or does not open. Give the workers the key {key}, or ask for a void.",
    ),
    "draw.box_burned": (
        "已销毁，不可恢复：{kind} {of}。如仍需检查，请另行下令。",
        "It was burned for good: {kind} {of}. Order another inspection if one is still wanted.",
    ),
    "gate.K46": (
        "本阶段各成员单位均已定期问效（只提示，不阻断）",
        "each member unit was asked for its effect in this phase (shown, never blocks)",
    ),
}

_TERMS: dict[str, tuple[str, str]] = {
    "kind.inspection_line": ("检查登记", "numbered inspection"),
    "kind.draw_record": ("公开的抽取", "revealed draw"),
    "draw_state.asked": ("名单已封存，待锁定", "lists handed in sealed"),
    "draw_state.revealed": ("已公开", "revealed"),
}

_TAGS: dict[str, tuple[str, str]] = {
    "campaign:inspection:planned": ("列入督查计划", "inspection planned"),
    "campaign:inspection:noted": ("获知检查进展", "standing of an inspection noted"),
    "campaign:draw:asked": ("申请抽取检查对象", "draw of inspections asked for"),
    "campaign:draw:failed": ("名单不可抽取，抽取作废", "lists cannot be drawn from; draw void"),
    "campaign:draw:reveal_asked": ("申请公开抽取", "revealing asked for"),
    "campaign:draw:revealed": ("抽取公开", "draw revealed"),
}

INSPECTION_ORDERS: dict[str, tuple[str, str]] = {
    **_REFUSALS,
    **{f"tag.{tag}": words for tag, words in _TAGS.items()},
    **_TERMS,
}
