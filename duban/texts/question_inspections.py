"""The headings and values of answers about inspections and their draws."""

_HEADS: dict[str, tuple[str, str]] = {
    "added": ("新增单位", "units added"),
    "authority": ("权限情况", "authority"),
    "budget": ("每月限额", "budget of a month"),
    "checked_in_at": ("到达现场时间", "checked in at"),
    "drawn": ("抽中对象", "drawn"),
    "exclusion": ("排除依据", "left out by"),
    "exemplars": ("正面典型", "exemplars"),
    "finding": ("记录项或发现", "item or finding"),
    "known_by": ("关联从何得知", "tie known by"),
    "leads": ("组长", "leads"),
    "minutes_before": ("到达前分钟", "minutes before check-in"),
    "orphans": ("尚无着落的发现", "findings without result"),
    "over_budget": ("超出限额的月份", "months over budget"),
    "removed": ("怎样去掉", "removed by"),
    "signed": ("在记录上签名", "signed the record"),
    "signed_off": ("已销号", "signed off"),
    "signer_told": ("已告知签令人", "signer told"),
    "ties": ("关联", "ties"),
    "times_drawn": ("本阶段抽中次数", "times drawn this phase"),
    "upheld_before": ("此前曾认定", "upheld before"),
    "what": ("内容", "what"),
}

_VALUES: dict[str, dict[str, tuple[str, str]]] = {
    "authority": {
        "document": ("没有授权文件", "no authorising document"),
        "designation": ("部门未经指定", "a department that is not designated"),
        "widened": ("变更或超出范围", "scope changed or exceeded"),
    },
    "exclusion": {
        "not_front_line": ("不是一线场所", "no front line"),
        "out_of_scope": ("不在范围", "out of scope"),
        "leader_tied": ("组长应回避", "the leader is tied to it"),
        "over_budget": ("超出当月限额", "over the month's budget"),
        "same_theme": ("近期同一主题", "same theme not long ago"),
        "named": ("抽签人指明", "named by the operator"),
    },
    "known_by": {
        "register": ("到达时的人员名册", "the register at check-in"),
        "declared": ("抽签时申报", "declared for the draw"),
    },
    "removed": {
        "withdrawn": ("从记录撤回", "withdrawn from the record"),
        "left_out": ("结论未采用", "left out of the conclusion"),
        "review": ("复核撤去", "taken back by the review"),
    },
}

ABOUT_INSPECTIONS: dict[str, tuple[str, str]] = {
    **{f"col.{name}": words for name, words in _HEADS.items()},
    **{
        f"{prefix}.{value}": words
        for prefix, values in _VALUES.items()
        for value, words in values.items()
    },
}
