"""Searching, following, counting and exporting the trail: commands, answers, what can be wrong."""

SEARCHING: dict[str, tuple[str, str]] = {
    # Help.
    "cmd.audit.search": (
        "按文字和各项条件检索留痕，新的在前；--all 不限条数导出",
        "find entries by words and fields, newest first; --all writes all of them",
    ),
    "cmd.audit.tail": (
        "查看最新留痕；-f 持续显示新增",
        "show the newest entries; -f goes on with those that come",
    ),
    "cmd.audit.feed": (
        "按日志顺序输出留痕，供其他系统接收（CloudEvents，每行一条）",
        "write entries in the order of the log for other systems (CloudEvents, a line each)",
    ),
    "cmd.audit.stats": (
        "统计留痕条数和占用空间",
        "count entries, and what they take in bytes",
    ),
    "cmd.audit.reindex": (
        "由留痕重建检索与统计",
        "make search and counts again from the entries",
    ),
    "opt.text": (
        "文字；空格分开的各部分须全部出现，全角半角、大小写不限",
        "words; every part between blanks must be there, width and letter case do not matter",
    ),
    "opt.all": ("全部，不分页（csv、jsonl、xlsx）", "all of them, no pages (csv, jsonl, xlsx)"),
    "opt.follow": ("持续显示新增，Ctrl-C 结束", "go on with what comes, until Ctrl-C"),
    "opt.lines": ("从最后多少条开始", "how many of the last to begin with"),
    "opt.audit.search.on_behalf_of": (
        "被代理人编号：代其办理的留痕",
        "whose deputies acted: what was done on behalf of this person",
    ),
    "opt.audit.feed.after": (
        "上次收到的 sequence；从下一条起",
        "the last sequence received; goes on behind it",
    ),
    "opt.audit.feed.limit": ("最多输出的条数", "the most lines to write"),
    "opt.audit.stats.by": (
        "按专项、动作或日期统计",
        "what to count by: campaign, tag or day",
    ),
    **{
        f"opt.audit.{verb}.{name}": words
        for verb in ("list", "show", "search", "tail", "feed", "stats")
        for name, words in {
            "actor": (
                "查阅人编号；默认取 DUBAN_ACTOR。查阅本身也留痕",
                "who reads; DUBAN_ACTOR by default. Reading leaves an entry too",
            ),
            "role": ("以何角色查阅", "in which role he reads"),
        }.items()
    },
    # Answers.
    "audit.unindexed": (
        "另有 {count} 条新留痕尚未编入检索，稍后再查。",
        "{count} new entries are not in the search yet; ask again in a moment.",
    ),
    "list.at_least": (
        (
            "含有这些文字的问题在 {most} 个以上，只统计了其中 {most} 个，各数均为至少数；"
            "可多写几个词，或用 --campaign 指定专项。"
        ),
        (
            "Over {most} problems hold these words; only {most} of them were counted, and each "
            "number may be larger. Say more words, or a --campaign."
        ),
    ),
    "audit.exported": (
        "已导出 {rows} 条，导出本身已留痕。SHA-256：{digest}",
        "{rows} entries written; the export itself is on the trail. SHA-256: {digest}",
    ),
    "audit.stats": (
        (
            "共 {entries} 条留痕；每条正文约 {entry_bytes} 字节，"
            "连同索引和日志约 {bytes_per_entry} 字节。"
        ),
        (
            "{entries} entries; one is about {entry_bytes} bytes, "
            "with indexes and log about {bytes_per_entry}."
        ),
    ),
    "audit.reindexed": ("已重建 {count} 条的检索与统计。", "{count} entries taken in again."),
    "col.counted": ("条数", "counted"),
    "col.table": ("表", "table"),
    "col.table_bytes": ("数据字节", "bytes of data"),
    "col.index_bytes": ("索引字节", "bytes of indexes"),
    # What can be wrong.
    "reading.out_of_scope": (
        "{actor} 只能查阅本专项、本单位的留痕（{own}）。请用 --campaign 和 --unit 写明范围。",
        "{actor} may read only the own entries ({own}). Say so with --campaign and --unit.",
    ),
    "audit.page_too_large": (
        (
            "一页最多 {most} 条，不能是 {limit} 条。用 --after 翻页，"
            "或用 duban audit search --all 全部导出。"
        ),
        (
            "A page holds at most {most} entries, not {limit}. Go on with --after, or write all of "
            "them with duban audit search --all."
        ),
    ),
    "audit.nothing_to_search": (
        "“{text}”中没有可检索的文字。请输入汉字、字母或数字。",
        "There is nothing to look for in “{text}”. Give letters, digits or Chinese characters.",
    ),
}
