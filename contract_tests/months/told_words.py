"""Words for what a history tells, in both languages, as every format shows them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from contract_tests.comparing.run_reports import WORST_FIRST
from contract_tests.months.episodes import Episode, Wavering
from contract_tests.months.months import Months
from contract_tests.reports.report_values import TRUTHS

UNSTABLE = ("unstable claims", "不稳定的断言")
"""The heading of claims that waver."""
ALWAYS = "since the first run, or earlier 自首次运行或更早"
"""What is said of an episode without a beginning."""

_FEW_NAMES = 3
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def summary(told: Months) -> str:
    """Sum a history up in one line."""
    act = sum(each.acts for each in told.episodes)
    now = sum(each.in_force for each in told.episodes) - act
    past = len(told.episodes) - act - now
    counts = [f"{act} to act on 须处理"] if act else []
    counts += [f"{now} in force 持续中"] if now else []
    counts += [f"{past} past 已结束"] if past else []
    counts += [f"{len(told.waverings)} unstable 不稳定"] if told.waverings else []
    return ", ".join(counts) or "nothing changed 无变化"


def span(told: Months) -> str:
    """Say how many runs there are, where, and from when to when."""
    runs = told.history.runs
    environments = ", ".join(dict.fromkeys(each.environment for each in runs))
    ends = " … ".join(dict.fromkeys(day(runs[at].moment) for at in (0, -1)))
    count = f"{len(runs):,} run{'s' * (len(runs) != 1)} 次运行"
    return f"{count} · {environments} · {ends}"


def verdicts(told: Months) -> list[str]:
    """Say how many runs came to which verdict, environment by environment."""
    counted: dict[str, Counter[str]] = {}
    for each in told.history.runs:
        counted.setdefault(each.environment, Counter())[each.verdict] += 1
    return [
        f"{environment}: "
        + ", ".join(
            f"{' '.join(reversed(TRUTHS[word]))} {counts[word]:,}"
            for word in WORST_FIRST
            if counts[word]
        )
        for environment, counts in counted.items()
    ]


def remarks(told: Months) -> list[str]:
    """Say what a reader must know besides: what was left out, and where runs are missing."""
    history = told.history
    said = []
    for each in history.left_out:
        files = f"{each.count:,} file{'s' * (each.count != 1)} 个文件"
        why = f": {each.why}" if each.why else ""
        kind = f"{each.kind[0]} {each.kind[1]}"
        said.append(f"left out 未使用: {files}, {kind}, such as 例如 {each.example}{why}")
    if history.older:
        said.append(
            f"{history.older:,} reports of before version 1.2 say nothing about members "
            f"{history.older:,} 份 1.2 以前版本的报告没有字段信息"
        )
    if len(history.strictness) > 1:
        levels = ", ".join(history.strictness)
        said.append(f"the runs judged by different strictness 各次运行的严格程度不同: {levels}")
    for gap in told.gaps:
        one, other = (history.runs[at].moment for at in gap)
        said.append(
            f"no run in between 其间没有运行: {minute(one)} … {minute(other)}, {days(other - one)}"
        )
    return said


def day(moment: datetime) -> str:
    """Write the day of a moment."""
    return moment.date().isoformat()


def minute(moment: datetime) -> str:
    """Write a moment to its minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def days(length: timedelta) -> str:
    """Say how long something lasted."""
    if length >= _DAY:
        count = round(length / _DAY)
        return f"{count:,} day{'s' * (count != 1)} 天"
    if length >= _HOUR:
        count = round(length / _HOUR)
        return f"{count} hour{'s' * (count != 1)} 小时"
    count = max(1, round(length.total_seconds() / 60))
    return f"{count} minute{'s' * (count != 1)} 分钟"


def since(told: Months, episode: Episode) -> str:
    """Say when an episode began, and between which runs that was."""
    runs = told.history.runs
    first = minute(runs[episode.first].moment)
    if episode.before is None:
        return f"{first}, {ALWAYS}"
    return first


def until(told: Months, episode: Episode) -> str:
    """Say when an episode ended, or that it has not."""
    runs = told.history.runs
    if episode.after is None:
        return "in force 持续中"
    end = minute(runs[episode.after].moment)
    return end if episode.came_back else f"{end}, not as before 未恢复原状"


def lasted(told: Months, episode: Episode) -> str:
    """Say how long an episode lasted, or has lasted so far, and in how many runs."""
    runs = told.history.runs
    end = episode.after if episode.after is not None else len(runs) - 1
    length = runs[end].moment - runs[episode.first].moment
    count = f"{episode.runs:,} run{'s' * (episode.runs != 1)} 次运行"
    return f"{days(length)}, {count}"


def whose(episode: Episode) -> str:
    """Name the operations of an episode."""
    names = list(episode.operations[:_FEW_NAMES])
    more = len(episode.operations) - len(names)
    return ", ".join([*names, *([f"… ({more} more 其他)"] if more else [])])


def wavers(told: Months, wavering: Wavering) -> str:
    """Say how often a claim was broken and how often it flipped, and from when to when."""
    runs = told.history.runs
    ends = " … ".join(minute(runs[at].moment) for at in (wavering.first, wavering.last))
    share = f"{wavering.broken:,}/{wavering.judged:,}"
    return f"{share} runs 次运行, {wavering.flips:,} flips 次变化, {ends}"


def named(wavering: Wavering) -> str:
    """Name what wavers."""
    return wavering.claim or "can be judged or not 时可判定时不可"
