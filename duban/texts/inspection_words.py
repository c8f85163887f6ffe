"""Headings of inspections and their draws, what is said of them, and what was typed wrongly."""

_HEADS: dict[str, tuple[str, str]] = {
    "inspection_kind": ("检查种类", "kind"),
    "choice": ("对象选定", "target"),
    "object_class": ("对象类别", "class of object"),
    "plan_ref": ("督查计划", "on the plan as"),
    "criteria": ("选定依据", "criteria"),
    "authorising_doc": ("授权文号", "authorised by document"),
    "designation_doc": ("指定文号", "designation"),
    "ordered_by": ("提出人", "ordered by"),
    "authorised_by": ("授权人", "authorised by"),
    "leader": ("组长", "leader"),
    "signer": ("签发人", "signer"),
    "starts_on": ("开始日期", "from"),
    "ends_on": ("截止日期", "to"),
    "notice": ("预先通知", "notice"),
    "amended": ("授权变更", "amended by"),
    "release_at": ("可领取时间", "may be read from"),
    "old_draws": ("作废的抽取", "void draws"),
    "target_readers": ("到场前知悉目标的人", "who read the target"),
    "site_name": ("站点名称", "site name"),
    "address": ("地址", "address"),
    "inspectors": ("检查人员", "inspectors"),
    "arrived_at": ("到达时间", "arrived"),
    "place": ("地点", "place"),
    "first_location": ("首达之处", "went first to"),
    "broken": ("违反暗访要求", "invariants broken"),
    "tied": ("应回避的人", "tied to the unit"),
    "forms_asked": ("要的表格", "forms asked for"),
    "leak": ("疑似泄密", "leak suspected"),
    "mismatch": ("与承诺不符", "not what was committed to"),
    "ended": ("终止原因", "ended because"),
    "signatures": ("签名", "signed by"),
    "opinion": ("单位意见", "the unit's opinion"),
    "purpose": ("用途", "for"),
    "used": ("已使用", "used"),
    "seen": ("已查单位", "units seen"),
    "seen_percent": ("已查占比（%）", "share seen (%)"),
    "density": ("每单位至少次数", "least for each unit"),
    "least": ("最少单位的次数", "of the unit least seen"),
    "below": ("未达到的单位数", "units short of it"),
    "effect_checked": ("已问效单位", "effect checked"),
    "effect_percent": ("问效占比（%）", "share of that (%)"),
    "checks": ("检查数", "checks"),
    "month": ("月份", "month"),
    "contacts": ("接触次数", "contacts"),
    "approved": ("批准文号", "approved by"),
    "per_check": ("每次发现数", "findings a check"),
    "findings": ("发现数", "findings"),
    "held": ("销号站住", "sign-off held"),
    "held_percent": ("站住占比（%）", "share that held (%)"),
    "leaked": ("泄密终止", "leaks"),
    "expired": ("逾期未到", "nobody went in time"),
}

_SAID: dict[str, tuple[str, str]] = {
    "tag.trail:inspections:read": ("查阅检查", "inspections read"),
    "draw_purpose.look_back": ("回头看", "look-backs"),
    "draw_purpose.inspection": ("督查检查", "inspections"),
    "draw.committed": (
        "抽取 {no} 已锁定 {sites} 个站点；承诺值 {commit}。请另一人见证：duban draw witness。",
        "The draw {no} is frozen over {sites} sites; commitment {commit}. Another witnesses it.",
    ),
    "draw.lists_wrong": (
        "名单有 {count} 处错误，未封存也未抽取。有误的行已写入 {paths}，改正后重来。",
        (
            "The lists have {count} faults; nothing was sealed or drawn. The wrong rows are in "
            "{paths}: correct them and try again."
        ),
    ),
    "draw.no_answer": (
        "抽取 {no} 已编号，名单尚未锁定。稍后用 duban draw list 查看。",
        "The draw {no} has its number; its lists are not frozen yet. See duban draw list later.",
    ),
    "inspection.ordered": (
        "抽查令已下达（{no}#{seq}），检查编号：{numbers}",
        "ordered ({no}#{seq}); inspections: {numbers}",
    ),
    "inspection.no_answer": (
        "抽查令已发送到 {no}，尚无结果。稍后用 --request-id {id} 重发即可查明，不会重复立项。",
        "Sent to {no}, no answer yet. Send it again with --request-id {id}: it opens none twice.",
    ),
    "inspection.released": (
        "{no} 的目标只显示这一次，不存盘。本次查阅已留痕并告知签发人。",
        "The target of {no} is shown this once and kept nowhere; its signer was told.",
    ),
    "inspection.box": (
        "{no} 的目标打不开：交来的密封件不是为本次领取的。请重新领取，并报告监督组。",
        "The target of {no} does not open with this key. Ask again, and tell the supervisors.",
    ),
    "inspection.not_found": (
        "没有检查 {no}，或不在您的知悉范围。请核对编号，或用 --as 写明查阅人。",
        "There is no inspection {no}, or not for you. Check it, or say who reads with --as.",
    ),
    "inspection.reader": ("{person}（{at} 起，{n} 次）", "{person} ({n} times since {at})"),
    "inspection.refused": ("拒绝表示意见", "it refused to say"),
    "inspection.conclusion": ("结论（{doc}）：{summary}", "conclusion ({doc}): {summary}"),
    "inspection.left_out": (
        "不采用 {item}：{reason}（{by}）",
        "left out {item}: {reason} ({by})",
    ),
    "inspection.dropped": ("复核后不再成立", "fell on review"),
    "inspection.orphan": ("尚未转入台账", "nothing came of it yet"),
    "inspection.review": ("复核（{by} 申请）：{outcome}", "review (asked by {by}): {outcome}"),
    "inspection.void_share": ("抽取作废 {share}%", "void draws: {share}%"),
}

_TYPED: dict[str, tuple[str, str]] = {
    "usage.leaders": (
        "抽查令须用 --leader 写明组长。只登记不立项的，用 duban spot-check order。",
        "Name who leads: --leader. duban spot-check order puts an order on record alone.",
    ),
    "usage.attendee": (
        "“{text}”应写成 职务、职务:单位 或 职务:单位:编号。",
        "Write “{text}” as POST, POST:UNIT or POST:UNIT:PERSON.",
    ),
    "usage.service": (
        "“{text}”应写成 制度=passed 或 制度=failed。",
        "Write “{text}” as RULE=passed or RULE=failed.",
    ),
    "usage.pledge": (
        "“{text}”应写成 承诺|kept|测法 或 承诺|broken|测法。",
        "Write “{text}” as PLEDGE|kept|HOW or PLEDGE|broken|HOW.",
    ),
    "usage.quota": ("“{text}”应写成 层=数。", "Write “{text}” as STRATUM=N."),
    "usage.upheld": (
        "“{text}”应写成 problem:标题:R01,R02 或 exemplar:标题:R01。",
        "Write “{text}” as problem:TITLE:R01,R02 or exemplar:TITLE:R01.",
    ),
    "usage.left_out": ("“{text}”应写成 R03=理由。", "Write “{text}” as R03=REASON."),
}

INSPECTION_WORDS: dict[str, tuple[str, str]] = {
    **{f"col.{key}": words for key, words in _HEADS.items()},
    **_SAID,
    **_TYPED,
}
