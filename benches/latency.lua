-- Asks for the paths of a file in turn, as one of many readers, and prints what was slow in one line.
local paths, at = {}, 0
local token = os.getenv("BENCH_TOKEN")

function init(args)
  for path in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = path end
  wrk.headers["authorization"] = "Bearer " .. token
  wrk.headers["accept-encoding"] = "gzip"
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.stderr:write(string.format("RESULT %d %d %.3f %.3f %.3f %.3f\n", summary.requests, failed,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency.max / 1000))
end
