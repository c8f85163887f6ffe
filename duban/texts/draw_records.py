"""Revealed draws of inspections: commands, headings, what is found of one."""

_COMMANDS: dict[str, tuple[str, str]] = {
    "draw": (
        "抽取：封存名单、见证、公开、核验、导出",
        "draws: seal the lists, witness, reveal, verify, export",
    ),
    "draw.show": ("查看一次公开的抽取", "show a revealed draw"),
    "draw.verify": (
        "按公开的记录和留痕重算一次抽取",
        "compute a draw again from its record and the trail",
    ),
    "draw.export": (
        "导出抽取记录和核验文件，供外部重算",
        "write the record and the file by which a stranger computes it again",
    ),
}

_OPTIONS: dict[str, tuple[str, str]] = {
    "draw.show.campaign": ("专项编号，默认由抽签号得出", "campaign; by default as the number says"),
    "draw.verify.campaign": (
        "专项编号，默认由抽签号得出",
        "campaign; by default as the number says",
    ),
    "draw.export.campaign": (
        "专项编号，默认由抽签号得出",
        "campaign; by default as the number says",
    ),
    "draw.export.to": ("写入的文件夹，默认当前目录", "folder to write to; here by default"),
}

RECORD_EXAMPLES: dict[str, str] = {
    "draw.show": "duban draw show 2019-BE-002 --as SU-1",
    "draw.verify": "duban draw verify 2019-BE-002 --as SU-1",
    "draw.export": "duban draw export 2019-BE-002 --to 抽取 --as SU-1",
}

_HEADS: dict[str, tuple[str, str]] = {
    "team": ("检查人员", "inspectors"),
    "covered": ("抽自未抽单位", "from units not yet drawn"),
    "commitment": ("对象承诺值", "commitment"),
    "burned": ("已销毁", "burned"),
    "why_excluded": ("排除原因", "left out because"),
    "inspection": ("检查", "inspection"),
}

_TERMS: dict[str, tuple[str, str]] = {
    "draw_fault.void_reason": ("作废的抽取没有理由", "a void draw has no reason"),
    "draw_fault.basis": (
        "名单或条件不合规则，本不应抽取",
        "lists or terms from which no draw may be made",
    ),
    "draw_fault.sites": ("总体多列或漏列对象", "the population has a site too much, or lacks one"),
    "draw_fault.weights": ("权重与事实不符", "weights are not what the facts give"),
    "draw_fault.exclusions": (
        "排除名单与规则不符",
        "what is left out is not what the rules leave out",
    ),
    "draw_fault.targets": ("对象与封存时的承诺不符", "a target is not what was committed to"),
    "draw_fault.team": ("检查人员不足", "too few people inspect"),
    "draw_fault.ties": (
        "检查人员应回避、是组长或不在名单",
        "somebody inspects who is tied to the unit, leads a team, or is not in the pool",
    ),
    "draw_fault.differs": ("与当时的留痕不符", "the trail said otherwise at the time"),
    "draw_fault.policy": ("数值不是专项的政策", "the numbers are not the campaign's policy"),
    "draw_fault.hidden": (
        "留痕中的其他抽取未列出，或作废与否不符",
        "a draw of the trail is not listed, or is void there and not here",
    ),
    "draw_doubt.not_revealed": ("密值尚未公开，无法重算", "the secret is not revealed"),
    "draw_doubt.burned": (
        "有对象已销毁，密值不公开，无法重算",
        "a target was burned, so the secret stays sealed and nothing can be computed",
    ),
    "draw_exclusion.not_front_line": ("非一线场所", "no front line"),
    "draw_exclusion.out_of_scope": ("不在检查范围", "out of scope"),
    "draw_exclusion.leader_tied": ("组长应回避", "a team leader is tied to the unit"),
    "draw_exclusion.over_budget": ("当月接触已满", "the month's contacts are used up"),
    "draw_exclusion.same_theme": ("近期同主题已查", "the same theme was there lately"),
    "draw_exclusion.named": ("抽取人排除", "left out by the operator"),
    "tie.own_unit": ("本单位", "own unit"),
    "tie.former_unit": ("曾任职单位", "former unit"),
    "tie.relative": ("近亲属", "close relative"),
    "tie.interest": ("利益关系", "business interest"),
}

_SAID: dict[str, tuple[str, str]] = {
    "draw.not_revealed": (
        "抽取 {no} 尚未公开，或不在专项 {campaign}。检查结束后公开；用 duban draw reveal 办理。",
        "{campaign} has not revealed {no}. Once its inspections are over: duban draw reveal.",
    ),
    "draw.of_look_backs": (
        "抽取 {no} 是回头看的抽取。用 duban lookback show 和 verify；重算程序见 docs/draws.md。",
        "{no} is a draw of look-backs. Use duban lookback show and verify; docs/draws.md has more.",
    ),
    "draw.doubt": (
        "抽取 {no} 无法重算：{doubts}。已有部分相符。",
        "The draw {no} cannot be computed again: {doubts}. What is there holds.",
    ),
    "draw.record_holds": (
        "抽取 {no} 重算相符，并与留痕相符：{picks}（种子 {seed}）",
        "the draw {no} holds, by itself and by the trail: {picks} (seed {seed})",
    ),
    "draw.exported": (
        "已写入 {record} 和 {program}。核验：python3 -I {program} {record}",
        "wrote {record} and {program}; check it with python3 -I {program} {record}",
    ),
    "draw.folder": (
        "无法写入 {path}：{reason}。请另选文件夹。",
        "{path} cannot be written: {reason}. Choose another folder.",
    ),
}

DRAW_RECORDS: dict[str, tuple[str, str]] = {
    **{f"cmd.{path}": words for path, words in _COMMANDS.items()},
    **{f"opt.{name}": words for name, words in _OPTIONS.items()},
    **{f"col.{key}": words for key, words in _HEADS.items()},
    **_TERMS,
    **_SAID,
}
