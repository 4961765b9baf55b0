-- Moves records to and fro between two states, each in its turn, and prints what was slow in one line.
local ids, versions, moved, at = {}, {}, {}, 0
local token = os.getenv("BENCH_TOKEN")

function init(args)
  for id in io.lines(os.getenv("BENCH_PATHS")) do
    ids[#ids + 1] = id
    versions[#ids], moved[#ids] = 1, false
  end
  wrk.headers["authorization"] = "Bearer " .. token
  wrk.headers["content-type"] = "application/json"
end

function request()
  at = at % #ids + 1
  local action = moved[at] and "rest" or "begin"
  local version = versions[at]
  moved[at], versions[at] = not moved[at], version + 1
  wrk.headers["if-match"] = '"' .. version .. '"'
  return wrk.format("POST", "/api/v1/records/bench_ticket/" .. ids[at] .. "/actions/" .. action, nil, "{}")
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.stderr:write(string.format("RESULT %d %d %.3f %.3f %.3f %.3f\n", summary.requests, failed,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency.max / 1000))
end
