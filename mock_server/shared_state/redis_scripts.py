"""The scripts that a Redis runs for the state: each is one call of it, whole in itself.

All keys begin with `KEYS[1]`, the session is `ARGV[1]`, and time is Redis's own, in microseconds.
A session is a member of `sessions`, scored by its last use, and keeps one key for each of `PARTS`:
`meta` (settings, and what counts its journal), `journal` (requests by their place), `ended` (which
ended when), `captchas` (by the time of issue), `uses`, `tokens`, and `times` (how often rules are
still to be met). To keep something more: its part here, its script, and a call in `redis_state.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from mock_server.state import memory

KEPT = 7 * 24 * 3600
"""How many seconds a session is kept that nobody uses."""

MARGIN = 1 << 15
"""How many numbers a process leaves out that takes the place of another, which told nobody of its
last ones."""

_BEGINNING = """
local prefix, session = KEYS[1], ARGV[1]
local moment = redis.call('TIME')
local now = moment[1] * 1000000 + moment[2]
local sessions, sizes = prefix .. 'sessions', prefix .. 'sizes'
local PARTS = {'meta', 'journal', 'ended', 'captchas', 'uses', 'tokens', 'times'}
local function at(part, name) return prefix .. part .. ':' .. (name or session) end

local function drop(name)
  for _, part in ipairs(PARTS) do redis.call('DEL', at(part, name)) end
  redis.call('ZREM', sessions, name)
  local size = redis.call('HGET', sizes, name)
  if size then
    redis.call('HINCRBY', sizes, '', -size)
    redis.call('HDEL', sizes, name)
  end
end

local function oldest() return redis.call('ZRANGE', sessions, 0, 0, 'WITHSCORES') end

local function grow(size)
  redis.call('HINCRBY', sizes, session, size)
  local whole = redis.call('HINCRBY', sizes, '', size)
  while whole > WHOLE_SIZE and redis.call('ZCARD', sessions) > 1 do
    drop(oldest()[1])
    whole = tonumber(redis.call('HGET', sizes, ''))
  end
end

local function touch()
  local new = redis.call('ZADD', sessions, now, session) == 1
  if not new and redis.call('EXISTS', at('meta')) == 0 then  -- Redis has evicted it
    drop(session)
    redis.call('ZADD', sessions, now, session)
    new = true
  end
  if new then
    redis.call('HSET', at('meta'), 'born', now, 'place', 0, 'base', 0, 'first', 1, 'size', 0)
    grow(OF_A_SESSION)
    local last = oldest()
    while redis.call('ZCARD', sessions) > SESSIONS or last[2] + KEPT * 1000000 < now do
      drop(last[1])
      last = oldest()
    end
  end
end

local function kept(value)
  for _, part in ipairs(PARTS) do redis.call('EXPIRE', at(part), KEPT + 3600) end
  for _, key in ipairs({sessions, sizes, prefix .. 'ends'}) do
    redis.call('EXPIRE', key, KEPT + 7200)
  end
  return value
end

local function trim(first, last, size)
  local journal = at('journal')
  while last - first >= JOURNAL_LENGTH or (size > JOURNAL_SIZE and first < last) do
    local length = redis.call('HSTRLEN', journal, first)
    if length > 0 then
      size = size - length - OF_AN_ENTRY
      redis.call('HDEL', journal, first)
      redis.call('ZREM', at('ended'), first)
    end
    first = first + 1
  end
  return first, size
end

local function bounded(part, most, size)
  if redis.call('ZCARD', at(part)) > most then
    local dropped = redis.call('ZPOPMIN', at(part))
    if part == 'captchas' then redis.call('HDEL', at('uses'), dropped[1]) end
    grow(-size)
  end
end
"""

_SETTINGS = """
return {redis.call('HGET', at('meta'), 'settings'), redis.call('HGETALL', at('times'))}
"""

_CHANGE = """
touch()
redis.call('HSET', at('meta'), 'settings', ARGV[2])
redis.call('DEL', at('times'))
for each = 3, #ARGV, 2 do redis.call('HSET', at('times'), ARGV[each], ARGV[each + 1]) end
return kept(0)
"""

_MEET = """
touch()
local left = redis.call('HGET', at('times'), ARGV[2])
if left == '1' then
  redis.call('HDEL', at('times'), ARGV[2])
elseif left and left ~= '' then
  redis.call('HINCRBY', at('times'), ARGV[2], -1)
end
return kept(left and 1 or 0)
"""

_BEGIN = """
touch()
local meta, journal, entry = at('meta'), at('journal'), ARGV[2]
local place = redis.call('HINCRBY', meta, 'place', 1)
local base, first, before, born = unpack(
  redis.call('HMGET', meta, 'base', 'first', 'size', 'born'))
local size = tonumber(before)
if redis.call('HLEN', journal) == 0 then first, size = place, 0 end
redis.call('HSET', journal, place, entry)
first, size = trim(tonumber(first), place, size + #entry + OF_AN_ENTRY)
redis.call('HSET', meta, 'first', first, 'size', size)
grow(size - before)
return kept({place - base, born .. ':' .. string.format('%.0f', place)})
"""

_END = """
local born, place = string.match(ARGV[2], '^(.*):(%d+)$')
local meta, journal = at('meta'), at('journal')
local known, first, last, before = unpack(
  redis.call('HMGET', meta, 'born', 'first', 'place', 'size'))
local begun = redis.call('HGET', journal, place)
if known ~= born or not begun then return 0 end
local entry = begun .. '\\n' .. ARGV[3]
local count = redis.call('INCR', prefix .. 'ends')
redis.call('HSET', journal, place, entry)
redis.call('ZADD', at('ended'), count, place)
local size
first, size = trim(tonumber(first), tonumber(last), before + #entry - #begun)
redis.call('HSET', meta, 'first', first, 'size', size)
redis.call('PUBLISH', at('ends'), count)
kept(0)
grow(size - before)
return count
"""

_JOURNAL = """
return {redis.call('HGET', at('meta'), 'base'), redis.call('HGETALL', at('journal')),
        redis.call('ZRANGE', at('ended'), 0, -1, 'WITHSCORES')}
"""

_ENDED = """
local ended = redis.call('ZRANGEBYSCORE', at('ended'), '(' .. ARGV[2], '+inf', 'WITHSCORES')
local entries = {}
for each = 1, #ended, 2 do
  entries[each] = ended[each]
  entries[each + 1] = redis.call('HGET', at('journal'), ended[each])
end
return {redis.call('HGET', at('meta'), 'base'), entries, ended}
"""

_TOTAL = """
local place, base = unpack(redis.call('HMGET', at('meta'), 'place', 'base'))
return place and place - base or 0
"""

_FORGET = """
local place, before = unpack(redis.call('HMGET', at('meta'), 'place', 'size'))
if place then
  redis.call('DEL', at('journal'), at('ended'))
  redis.call('HSET', at('meta'), 'base', place, 'first', place + 1, 'size', 0)
  grow(-before)
end
return 0
"""

_ISSUE = """
touch()
redis.call('HDEL', at('uses'), ARGV[2])
if redis.call('ZADD', at('captchas'), now, ARGV[2]) == 1 then grow(OF_A_CAPTCHA) end
bounded('captchas', CAPTCHAS, OF_A_CAPTCHA)
return kept(0)
"""

_ATTEMPT = """
if redis.call('GET', prefix .. 'epoch') ~= ARGV[5] then return 'lost' end
local issued = redis.call('ZSCORE', at('captchas'), ARGV[2])
if not issued then return 'unknown' end
local used = redis.call('HINCRBY', at('uses'), ARGV[2], 1)
kept(0)
if used > tonumber(ARGV[4]) then return 'used' end
return now - issued > ARGV[3] * 1000000 and 'expired' or 'accepted'
"""

_CAPTCHAS = """
local found = {}
local function add(number, issued)
  if issued then
    local uses = redis.call('HGET', at('uses'), number) or 0
    found[#found + 1] = {number, string.format('%.0f', now - issued), tonumber(uses)}
  end
end
if ARGV[3] then
  add(ARGV[3], redis.call('ZSCORE', at('captchas'), ARGV[3]))
else
  local newest = redis.call('ZREVRANGE', at('captchas'), 0, ARGV[2] - 1, 'WITHSCORES')
  for each = 1, #newest, 2 do add(newest[each], newest[each + 1]) end
end
return found
"""

_CAPTCHAS_KEPT = """
return redis.call('ZCARD', at('captchas'))
"""

_REMEMBER = """
touch()
if redis.call('ZADD', at('tokens'), now, ARGV[2]) == 1 then grow(OF_A_TOKEN) end
bounded('tokens', TOKENS, OF_A_TOKEN)
return kept(0)
"""

_REMEMBERS = """
return redis.call('ZSCORE', at('tokens'), ARGV[2]) and 1 or 0
"""

_RESTORE = """
touch()
for each = 2, #ARGV, 3 do
  local kind, text, issued = ARGV[each], ARGV[each + 1], now - ARGV[each + 2] * 1000000
  if kind == 'use' then
    redis.call('HINCRBY', at('uses'), text, 1)
  elseif kind == 'captcha' then
    if redis.call('ZADD', at('captchas'), 'NX', issued, text) == 1 then grow(OF_A_CAPTCHA) end
    bounded('captchas', CAPTCHAS, OF_A_CAPTCHA)
  else
    if redis.call('ZADD', at('tokens'), 'NX', issued, text) == 1 then grow(OF_A_TOKEN) end
    bounded('tokens', TOKENS, OF_A_TOKEN)
  end
end
return kept(0)
"""

_SESSIONS = """
return redis.call('ZREVRANGEBYSCORE', sessions, '+inf', now - KEPT * 1000000)
"""

_RESET = """
local dropped = {session}
if session == '' then dropped = redis.call('ZRANGE', sessions, 0, -1) end
for _, each in ipairs(dropped) do drop(each) end
return 0
"""

_BEAT = """
local server, wanted, fixed, patience = ARGV[1], ARGV[2], ARGV[3] == '1', ARGV[4]
local worker, before, issued = ARGV[5], ARGV[6], ARGV[7]
local function lease(number) return prefix .. 'instance:' .. number end
local function owner(number) return redis.call('GET', lease(number)) end

local mine, rival = nil, 0
if fixed then
  local other = owner(wanted)
  if other and other ~= server and string.sub(other, 1, 6) == 'fixed:' then rival = 1 end
  mine = wanted
else
  local held = redis.call('GET', prefix .. 'server:' .. server)
  if held and owner(held) == server then
    mine = held
  elseif wanted ~= '' and not owner(wanted) then
    mine = wanted
  else
    for number = 0, INSTANCES - 1 do
      if not owner(number) then mine = tostring(number) break end
    end
  end
end
if not mine then return {-1, 0, 0, ''} end
if rival == 0 then
  redis.call('SET', lease(mine), server, 'PX', patience)
  redis.call('SET', prefix .. 'server:' .. server, mine, 'PX', patience)
end
redis.call('SET', prefix .. 'epoch', now, 'NX')
redis.call('EXPIRE', prefix .. 'epoch', 30 * 24 * 3600)

local counts, count = prefix .. 'counts', nil
if worker ~= '' then
  local field = mine .. ':' .. worker
  local marked = redis.call('HGET', counts, field)
  if before == mine then
    count = math.max(tonumber(marked or 0), tonumber(issued))
    redis.call('HSET', counts, field, count)
    count = tonumber(issued)
  else
    count = marked and marked + MARGIN or 0
    redis.call('HSET', counts, field, count)
  end
  redis.call('EXPIRE', counts, 30 * 24 * 3600)
end
return {tonumber(mine), count or 0, rival, redis.call('GET', prefix .. 'epoch')}
"""

_RELEASE = """
local server = ARGV[1]
local held = redis.call('GET', prefix .. 'server:' .. server)
if held then
  local lease = prefix .. 'instance:' .. held
  if redis.call('GET', lease) == server then redis.call('DEL', lease) end
  redis.call('DEL', prefix .. 'server:' .. server)
end
return 0
"""

_SCRIPTS = {
    "settings": _SETTINGS,
    "change": _CHANGE,
    "meet": _MEET,
    "begin": _BEGIN,
    "end": _END,
    "journal": _JOURNAL,
    "ended": _ENDED,
    "total": _TOTAL,
    "forget": _FORGET,
    "issue": _ISSUE,
    "captchas_kept": _CAPTCHAS_KEPT,
    "attempt": _ATTEMPT,
    "captchas": _CAPTCHAS,
    "remember": _REMEMBER,
    "remembers": _REMEMBERS,
    "restore": _RESTORE,
    "sessions": _SESSIONS,
    "reset": _RESET,
    "beat": _BEAT,
    "release": _RELEASE,
}


def scripts(instances: int) -> Mapping[str, str]:
    """Give every script by its name, within the bounds of `memory.py`.

    Args:
        instances: how many servers may share a seed.
    """
    bounds = {
        "SESSIONS": memory.SESSIONS,
        "JOURNAL_LENGTH": memory.JOURNAL_LENGTH,
        "JOURNAL_SIZE": memory.JOURNAL_SIZE,
        "CAPTCHAS": memory.CAPTCHAS,
        "TOKENS": memory.TOKENS,
        "WHOLE_SIZE": memory.WHOLE_SIZE,
        "OF_A_SESSION": memory.OF_A_SESSION,
        "OF_A_CAPTCHA": memory.OF_A_CAPTCHA,
        "OF_A_TOKEN": memory.OF_A_TOKEN,
        "OF_AN_ENTRY": memory.OF_AN_ENTRY,
        "INSTANCES": instances,
        "KEPT": KEPT,
        "MARGIN": MARGIN,
    }
    head = "".join(f"local {name} = {value}\n" for name, value in bounds.items()) + _BEGINNING
    return {name: head + body for name, body in _SCRIPTS.items()}
