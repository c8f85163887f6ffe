"""Draws of look-backs: commands, options, headings, refusals, events, and what a draw is found."""

_COMMANDS: dict[str, tuple[str, str]] = {
    "lookback": ("回头看：抽取、见证、记录、核验", "look-backs: draw, witness, record, verify"),
    "lookback.draw": (
        "抽取回头看：锁定总体和参数，公布承诺值",
        "open a draw: population and parameters are frozen, a secret committed to",
    ),
    "lookback.witness": ("见证人报数，随即抽取", "say the witness's number; then it is drawn"),
    "lookback.void": ("申请抽取作废", "ask that a draw be void"),
    "lookback.decide-void": ("复核作废申请", "agree, or not, that a draw is void"),
    "lookback.record": ("记录抽中问题的回头看结果", "record what was found of a drawn problem"),
    "lookback.list": ("列出抽取，含作废", "list draws, void ones too"),
    "lookback.show": ("查看一次抽取和抽中的问题", "show a draw and the problems it drew"),
    "lookback.verify": ("按留痕重算一次抽取", "compute a draw again from the trail"),
}

_OPTIONS: dict[str, tuple[str, str]] = {
    "draw": ("抽签号，如 2019-BE-001", "number of the draw, such as 2019-BE-001"),
    "lookback.draw.phase": ("阶段序号，默认当前阶段", "phase; by default the present one"),
    "lookback.list.phase": ("阶段序号", "phase"),
    "exclude": ("排除，可重复：问题编号=理由", "left out, may be repeated: PROBLEM=REASON"),
    "number": ("见证人报的数", "the number that the witness says"),
    "lookback.record.batch": ("抽中它的抽签号", "number of the draw that drew it"),
    "lookback.record.passed": ("是否通过", "passed or failed"),
}

DRAW_EXAMPLES: dict[str, str] = {
    "lookback.draw": "duban lookback draw BE-2019 --exclude BE-2019-0003=已进入司法程序 --as SU-1",
    "lookback.witness": "duban lookback witness BE-2019 2019-BE-001 7351 --as SU-2",
    "lookback.void": "duban lookback void BE-2019 2019-BE-001 --reason 总体有误 --as SU-2",
    "lookback.decide-void": (
        "duban lookback decide-void BE-2019 2019-BE-001 --yes --reason 属实 --as OF-1"
    ),
    "lookback.record": (
        "duban lookback record BE-2019-0042 2019-BE-001 calls --failed --called 7 --denied 4 "
        "--finding 4人不知情 --as OF-1"
    ),
    "lookback.list": "duban lookback list --campaign BE-2019",
    "lookback.show": "duban lookback show BE-2019 2019-BE-001",
    "lookback.verify": "duban lookback verify BE-2019 2019-BE-001 --as SU-1",
}

_HEADS: dict[str, tuple[str, str]] = {
    "frozen_on": ("抽取日期", "opened"),
    "sites": ("总体数", "sites"),
    "k": ("抽取数", "drawn"),
    "run_by": ("抽取人", "operator"),
    "witnesses": ("见证人", "witness"),
    "done": ("已回头看", "looked back"),
    "repeats": ("同阶段此前抽取", "earlier draws of the phase"),
    "void_reason": ("作废理由", "void because"),
    "witness_number": ("见证数", "witness's number"),
    "commit": ("承诺值", "commitment"),
    "pop_hash": ("总体校验值", "population's hash"),
    "params_hash": ("参数校验值", "parameters' hash"),
    "secret": ("随机密值", "secret"),
    "seed": ("种子", "seed"),
    "batch": ("抽取批次", "batch"),
    "draw": ("抽签号", "draw"),
    "draw_state": ("抽取状态", "state"),
    "holds": ("重算相符", "comes out again"),
    "draw_faults": ("不符之处", "what does not fit"),
    "void_around": ("同阶段作废", "void ones of the phase"),
    "site": ("对象", "site"),
    "checker": ("复核人", "looked back by"),
    "method": ("方式", "method"),
    "passed": ("结论：通过", "passed"),
}

_TERMS: dict[str, tuple[str, str]] = {
    "kind.draw": ("抽取", "draw"),
    "draw_state.frozen": ("总体已锁定", "frozen"),
    "draw_state.committed": ("已承诺，待见证", "committed, awaits its witness"),
    "draw_state.witnessed": ("已见证", "witnessed"),
    "draw_state.drawn": ("有效", "drawn"),
    "draw_state.voided": ("作废", "void"),
    "draw_mark.complaint": ("群众反映", "complaint"),
    "draw_mark.unseen": ("未到现场核验", "verified at the desk"),
    "draw_mark.false_rectification": ("曾虚假整改", "false rectification before"),
    "draw_fault.unreadable": ("记录读不出一次抽取", "the record cannot be read as a draw"),
    "draw_fault.order": ("先后次序不符", "the steps are out of order"),
    "draw_fault.changed": ("已定内容又被改写", "something fixed was said again otherwise"),
    "draw_fault.number": ("抽签号不连续", "the numbers of the draws have a gap"),
    "draw_fault.population": ("总体与校验值不符", "the population is not what was hashed"),
    "draw_fault.parameters": ("参数与校验值不符", "the parameters are not what was hashed"),
    "draw_fault.quotas": ("抽取数与政策不符", "the quotas are not the policy's"),
    "draw_fault.same_person": ("抽取人与见证人未分开", "operator and witness are not two people"),
    "draw_fault.commitment": ("密值与承诺值不符", "the secret is not what was committed to"),
    "draw_fault.seed": ("种子重算不符", "the seed comes out otherwise"),
    "draw_fault.picks": ("抽取结果重算不符", "what is drawn comes out otherwise"),
}

_TAGS: dict[str, tuple[str, str]] = {
    "campaign:draw:frozen": ("锁定抽取总体和参数", "draw opened: population frozen"),
    "campaign:draw:committed": ("公布承诺值", "secret committed to"),
    "campaign:draw:witnessed": ("见证人报数", "witness's number said"),
    "campaign:draw:drawn": ("抽取并公开", "drawn and revealed"),
    "campaign:draw:void_asked": ("申请抽取作废", "void asked for"),
    "campaign:draw:voided": ("抽取作废", "draw void"),
    "campaign:draw:void_refused": ("不同意作废", "void refused"),
}

_SAID: dict[str, tuple[str, str]] = {
    "draw.population": (
        "没有可供抽取的对象，或对象重复：{twice}。请核对阶段和排除名单。",
        "There is nothing to draw from, or it is named twice: {twice}. Check phase and exclusions.",
    ),
    "draw.too_few": (
        "要抽 {wanted} 个，只有 {there} 个（回避后）。请减少抽取数，或补充名单。",
        "{wanted} are to be drawn and there are {there}, ties apart. Draw fewer, or list more.",
    ),
    "draw.too_large": (
        "总体 {size} 个，超过上限 {max}。请按阶段分次抽取。",
        "The population has {size} members, more than {max}. Draw phase by phase.",
    ),
    "draw.secret_lost": (
        "抽取 {draw} 的密值打不开（密钥 {key}）。请为工作进程配回封存时的密钥，或申请作废。",
        "The secret of {draw} does not open. Give the workers the key {key}, or ask for a void.",
    ),
    "draw.not_found": (
        "没有抽取 {no}。用 duban lookback list 查看。",
        "There is no draw {no}. duban lookback list shows what there is.",
    ),
    "draw.not_in_batch": (
        "抽取 {no} 没有抽中 {problem}，或未有效抽取。用 duban lookback show 核对。",
        "The draw {no} did not draw {problem}, or is none. duban lookback show says what it drew.",
    ),
    "draw.not_made": (
        "抽取 {no} 尚无结果可重算（{state}）；已有部分相符。见证并抽取后再核验。",
        "The draw {no} has no result yet ({state}); what is there holds. Verify it once drawn.",
    ),
    "draw.holds": (
        "抽取 {no} 重算相符：{picks}（种子 {seed}）",
        "the draw {no} holds: {picks} (seed {seed})",
    ),
    "draw.broken": (
        "抽取 {no} 与留痕不符。请保留原状并报告监督组。",
        "The draw {no} is not as it says. Leave all as it is and call the supervisors.",
    ),
    "draw.fault": ("不符：{fault}", "not so: {fault}"),
    "draw.void_share": (
        "共 {all} 次，作废 {void} 次（{share}%）",
        "{all} draws, {void} of them void ({share}%)",
    ),
    "receipt.drawn_before": (
        "同一阶段此前已抽取：{no}",
        "drawn before for the same phase: {no}",
    ),
    "usage.exclusion": ("“{text}”应写成 问题编号=理由。", "Write “{text}” as PROBLEM=REASON."),
}

DRAWS: dict[str, tuple[str, str]] = {
    **{f"cmd.{path}": words for path, words in _COMMANDS.items()},
    **{f"opt.{name}": words for name, words in _OPTIONS.items()},
    **{f"col.{key}": words for key, words in _HEADS.items()},
    **{f"tag.{tag}": words for tag, words in _TAGS.items()},
    **_TERMS,
    **_SAID,
}
