"""Why the rules say no about inspections (domain.md f), and what to do next."""

INSPECTION_REFUSALS: dict[str, tuple[str, str]] = {
    "inspection.kind": (
        "“{kind}”不单独立项检查。回头看请用 duban lookback。",
        "“{kind}” is no inspection of its own. Look-backs are made with duban lookback.",
    ),
    "inspection.incomplete": (
        "检查令内容不全或自相矛盾，请补正：{missing}。",
        "The order lacks or contradicts: {missing}. Supply all of it, then send it again.",
    ),
    "inspection.scope_tells": (
        "范围仅 {there} 个单位，目标即已泄露，至少应有 {fewest} 个。请扩大，或改为指定。",
        "A scope of {there} tells the target; a draw needs {fewest} units. Widen it or name one.",
    ),
    "inspection.team": (
        "{id} 的检查人员为 {there} 人，应为至少 {fewest} 人（0 为由抽取产生，不得指定）。请更正。",
        "{id} has {there} inspectors; wanted: at least {fewest} (0: they are drawn). Correct it.",
    ),
    "inspection.not_of_the_team": (
        "{actor} 不是 {id} 应办此事的检查人员。请由检查组组长或成员本人办理。",
        "{actor} is not who does this in the team of {id}. Have its leader or inspector act.",
    ),
    "inspection.unannounced": (
        "{id} 不发通知、不打招呼。请勿通知任何单位。",
        "{id} is given notice of to nobody. Do not tell any unit.",
    ),
    "inspection.too_early": (
        "时间 {at} 早于 {id} 允许的时间。请填实际发生的时间。",
        "{at} lies before what it follows in {id}. Give the time at which it happened.",
    ),
    "inspection.out_of_scope": (
        "{unit} 不在 {id} 的授权范围内。请先由授权机关变更授权（amend-scope）。",
        "{unit} is out of the scope of {id}. Have the scope amended first by who authorised it.",
    ),
    "target.not_yet": (
        "{id} 的目标 {release_at} 起方可领取。请届时再办。",
        "The target of {id} may be read from {release_at} on. Ask again then.",
    ),
    "target.not_yours": (
        "{id} 的密封目标只由组长本人领取，其后签发人可以查阅。请由其本人办理。",
        "The sealed target of {id} is for its leader alone, then for its signer. Have them ask.",
    ),
    "target.open": (
        "{id} 已到达现场，目标不再密封。请查看检查记录。",
        "{id} is on site and its target sealed no more. Look at the record instead.",
    ),
    "record.empty": (
        "{id} 还没有记录事项，不能签名。请先记录。",
        "{id} has no item that stands, so there is nothing to sign. Record the facts first.",
    ),
    "record.unsigned": (
        "{id} 的记录只有 {there} 人签名，应有 {fewest} 名检查人员。签名后再听取单位意见。",
        "The record of {id} has {there} of {fewest} signatures. Have it signed first.",
    ),
    "conclusion.items": (
        "{id} 的结论与记录事项不符：{items}。有效事项或采用，或写明不采用的理由。",
        "{id}: items {items} do not match. Uphold each that stands, or leave it out with a reason.",
    ),
    "finding.not_its_source": (
        "{problem} 不是由 {id} 转来的。请登记问题时写明来源 inspection 和编号 {id}。",
        "{problem} is not from {id}. Register the problem with that source reference.",
    ),
    "finding.orphans": (
        "{id} 还有发现未转入台账或列为典型：{findings}。请先办理，再办结。",
        "Nothing came of findings of {id} yet: {findings}. Link or name them, then close.",
    ),
    "review.late": (
        "{id} 尚未反馈或申请复核的期限已过。请核对反馈日期。",
        "{id} was not fed back, or the time to ask is over. Check the day of feedback.",
    ),
    "review.open": (
        "{id} 尚未反馈，或单位在 {until} 前仍可申请复核。请期满后再办结。",
        "{id} was not fed back, or may be reviewed until {until}. Close it after that.",
    ),
}
