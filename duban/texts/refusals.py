"""What the rules say when they say no: one sentence per refusal code, with the next step."""

REFUSALS: dict[str, tuple[str, str]] = {
    "actor.unknown": (
        "人员名册中没有在任的 {actor}。用 duban person list 查对人员编号。",
        "{actor} is not on the register of people. Look the id up with duban person list.",
    ),
    "actor.role_not_held": (
        "{actor} 没有担任“{role}”，名册上的角色是：{held}。请用 --role 另选角色。",
        "{actor} does not hold the role {role}; held: {held}. Choose another one with --role.",
    ),
    "role.not_permitted": (
        "“{role}”无权办理此事（{action}），应由以下角色办理：{held}。",
        "The role {role} may not do this ({action}). It is for: {held}.",
    ),
    "role.out_of_scope": (
        "{actor} 不能代表 {unit} 办理。请由该单位的人员办理。",
        "{actor} cannot act for {unit}. Let somebody of that unit do it.",
    ),
    "delegation.invalid": (
        "{actor} 现在没有代 {principal} 办理此事的有效授权。先用 duban campaign delegate 登记。",
        (
            "{actor} holds no valid delegation from {principal} for this. "
            "Record one with duban campaign delegate."
        ),
    ),
    "duty.not_separated": (
        "违反职责分离规则 {rule}，{actor} 须回避。请由与此事无关的人员办理。",
        "{actor} would break the separation rule {rule}. Somebody without a part in it must act.",
    ),
    "system.may_not_decide": (
        "系统只能提醒、计算和起草，不能作出此决定（{action}）。请由人员办理。",
        "The system may remind, compute and draft, but not decide this ({action}). A person must.",
    ),
    "command.malformed": (
        "所填内容不完整或不合格式：{missing}。补正后重新提交。",
        "What was handed in is incomplete or wrong: {missing}. Correct it and send it again.",
    ),
    "signal.malformed": (
        "随机抽查令的内容不合格式：{fields}。补正后重新下达。",
        "The spot-check order is not well formed: {fields}. Correct it and send it again.",
    ),
    "request.reused": (
        "请求号 {request_id} 已用于另一件事。不带 --request-id 重新提交。",
        "The request id {request_id} was used for something else. Leave --request-id out.",
    ),
    "object.not_found": (
        "没有编号为 {id} 的{kind}，或已办结。用相应的 list 命令查对编号。",
        "There is no {kind} {id}, or it is over. Look it up with the matching list command.",
    ),
    "unit.unknown": (
        "本专项没有单位 {unit}。用 duban unit list 查对单位编号。",
        "The campaign has no unit {unit}. Look the code up with duban unit list.",
    ),
    "basis.missing": (
        "专项 {campaign} 没有立项依据。在方案文件“立项依据”一栏补齐后重新启动。",
        "Campaign {campaign} has no basis document. Fill it in in the plan file and start again.",
    ),
    "reason.missing": (
        "须写明：{field}。补齐后重新提交。",
        "This must be stated: {field}. Add it and send it again.",
    ),
    "document.missing": (
        "缺少文件或其要素：{missing}。补齐后重新归档。",
        "A document or a part of its record is missing: {missing}. Add it and file it again.",
    ),
    "plan.invalid": (
        "方案不完整或有错误：{missing}。用 duban plan check 逐项查看并改正。",
        "The plan is incomplete or wrong: {missing}. See every item with duban plan check.",
    ),
    "plan.in_past": (
        (
            "方案的启动日期 {launch_on} 早于今天（{today}），正式库不能启动。"
            "可用 duban plan shift 按工作日间隔整体改期。"
        ),
        (
            "The launch date {launch_on} lies before today ({today}); a live database refuses it. "
            "Move the whole plan, working days kept, with duban plan shift."
        ),
    ),
    "plan.too_large": (
        "方案超过规模上限：{missing}。请拆分为两个专项。",
        "The plan is larger than the policy allows: {missing}. Make two campaigns of it.",
    ),
    "clock.offset_on_live": (
        "正式库的时钟不得偏移，推演请用 duban campaign rehearse。",
        "The clock of a live database is never shifted; rehearse with duban campaign rehearse.",
    ),
    "stage.order": (
        "专项现处“{stage}”，此事不在本阶段办理，可办阶段：{heard}。",
        "The campaign is in {stage}; this is done in: {heard}.",
    ),
    "stage.order.gate": (
        "专项现处“{stage}”，当前关口是 {gate}，不能签署其他关口。",
        "The campaign is in {stage} and the gate ahead is {gate}; no other can be signed.",
    ),
    "stage.not_live": (
        "专项现处“{stage}”，不在进行中，不能办理。",
        "The campaign is in {stage} and not under way; this cannot be done.",
    ),
    "gate.unmet": (
        "关口 {gate} 条件未满足：{unmet}。用 duban campaign gate 逐条查看，补齐后再签。",
        "Gate {gate} is not met: {unmet}. See each condition with duban campaign gate.",
    ),
    "state.order": (
        "{id} 现为“{state}”，不能转为“{wanted}”。先办结前一步。",
        "{id} is {state} and cannot become {wanted}. Finish the step before it first.",
    ),
    "calendar.out_of_range": (
        "{on} 不在工作日历范围内（{first_on} 至 {last_on}）。先导入并发布该年度日历。",
        "{on} lies outside the calendar ({first_on} to {last_on}). Import and publish that year.",
    ),
    "calendar.not_newer": (
        "日历版本 {version} 不比现用版本 {known} 新，无需采用。",
        "Calendar version {version} is not newer than version {known} in use.",
    ),
    "span.not_understood": (
        "看不懂时限“{text}”。请写成 5wd（工作日）、15d（日）、3m（个月）或 2019-06-28。",
        "The limit “{text}” is not clear. Write 5wd (working days), 15d, 3m or 2019-06-28.",
    ),
    "deadline.on_rest_day": (
        "{on} 是休息日。可改为前一工作日 {previous} 或后一工作日 {next}。",
        "{on} is a rest day. Take the working day before ({previous}) or after it ({next}).",
    ),
    "deadline.in_past": (
        "{on} 已过。请另定今天以后的日期。",
        "{on} is over. Choose a date after today.",
    ),
    "deadline.not_open": (
        "时限 {id} 未在计时（已办结、取消、停计或待核验）。用 duban deadline show 查看。",
        (
            "The clock of {id} is not running (met, cancelled, stopped or under verification). "
            "See it with duban deadline show."
        ),
    ),
    "deadline.over_cap": (
        "时限 {amount} 个工作日超过上限 {cap} 个工作日。请缩短时限。",
        "{amount} working days are more than the cap of {cap}. Shorten the limit.",
    ),
    "clock_stop.ground": (
        "“{ground}”不是可停计的事由，或没有证明。须为规定的停计事由并附证明。",
        (
            "“{ground}” is no ground for stopping a clock, or it has no proof. "
            "Name a listed ground and its proof."
        ),
    ),
    "extension.after_expiry": (
        "{id} 已于 {due_on} 到期，逾期不得申请延期。可由办公室另定补救时限。",
        (
            "{id} was due on {due_on}; nothing is extended after expiry. "
            "The office may set a remedial date."
        ),
    ),
    "extension.too_late": (
        "申请延期至少提前 {ahead} 个工作日，{id} 只剩 {left} 个工作日。请按期完成。",
        (
            "An extension is asked for {ahead} working days ahead; {id} has {left} left. "
            "Meet the date."
        ),
    ),
    "extension.incomplete": (
        "{id} 的延期申请缺少：{missing}（已做工作的佐证、主要领导签字）。补齐后再报。",
        (
            "The request to extend {id} lacks: {missing} (proof of the work done, the principal "
            "leader's signature). Complete it and ask again."
        ),
    ),
    "extension.too_many": (
        "{id} 延期已达 {max} 次上限，不得再延。",
        "{id} has been extended {max} times, which is the most there is.",
    ),
    "extension.too_long": (
        "{id} 累计延期 {total} 个工作日，超过上限 {max} 个工作日。请缩短。",
        "{id} would be extended by {total} working days in all; the most is {max}. Ask for less.",
    ),
    "extension.not_later": (
        "{id} 的新日期 {on} 不晚于现定日期。请另定更晚的日期。",
        "The new date {on} of {id} is not later than the present one. Name a later one.",
    ),
    "extension.wrong_decider": (
        "延期申请 {id} 应由“{decider}”决定。",
        "The request {id} is decided by: {decider}.",
    ),
    "extension.unequal_treatment": (
        "同类情况曾作相反决定：{cases}。一把尺子量到底，另作决定须用 --distinction 写明区别。",
        (
            "Like cases were decided the other way: {cases}. "
            "Say with --distinction why this one differs."
        ),
    ),
    "extension.pending": (
        "{id} 已有待决的延期申请 {extension}。先等决定。",
        "{id} has an undecided request already, {extension}. Wait for the decision.",
    ),
    "evidence.insufficient": (
        "{id} 没有{needed}（已交：{given}）。解释不等于解决，请补交成效佐证。",
        "{id} has no {needed} (given: {given}). An explanation is no result; add proof of it.",
    ),
    "goal.below_target": (
        "{id} 填报值 {value} 未达目标 {target}，不能申报完成。可先记录进展。",
        (
            "{id} stands at {value} and its target is {target}; it cannot be claimed. "
            "Record the progress instead."
        ),
    ),
    "value.not_a_number": (
        "“{value}”不是数值。请填数字，不带单位。",
        "“{value}” is not a number. Write digits, without a unit.",
    ),
    "spot_check.not_authorised": (
        "抽查“{theme}”没有授权文件，不得实施。请写明授权文号。",
        "The spot check “{theme}” has no authorising document. Name its number.",
    ),
    "spot_check.body_not_designated": (
        "{body} 未经政府指定，不得开展督查。请附指定文号（--designation-doc）。",
        "{body} is not designated to inspect. Name the designation with --designation-doc.",
    ),
}
