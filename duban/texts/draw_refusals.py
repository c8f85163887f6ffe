"""Refusals of the lists and terms of a draw of inspections (f.3): what to put right."""

DRAW_REFUSALS: dict[str, tuple[str, str]] = {
    "draw.pool": (
        "检查人员名单中有人重复：{twice}。每人只列一行，关系写在一起。",
        "People stand in the pool twice: {twice}. Give each one row with all ties.",
    ),
    "draw.leader_not_in_pool": (
        "组长不在检查人员名单中：{leaders}。请列入并写明其关系，否则无从核对回避。",
        "Team leaders are not in the pool: {leaders}. Add them with all their ties.",
    ),
    "draw.exclusion_unknown": (
        "要排除的对象不在名单中：{sites}。请核对编号。",
        "What is to be left out is not on the list: {sites}. Check the numbers.",
    ),
    "draw.quotas": (
        "各层名额合计 {said}，检查共 {wanted} 次。请使两者相等。",
        "The quotas add up to {said} and there are {wanted} inspections. Make them equal.",
    ),
}
