-- Sends batches of a hundred events of 300 bytes, none twice, and prints what was slow in one line.
local key, thread, sent = os.getenv("BENCH_KEY"), 0, 0
local batch, names = 100, { "Product Viewed", "Product Added", "Order Completed", "Page Read" }
local run = os.getenv("BENCH_RUN")

function setup(made)
  thread = thread + 1
  made:set("place", thread)
end

function init()
  math.randomseed(place)
  wrk.headers["content-type"] = "application/json"
  wrk.method, wrk.path = "POST", "/v1/batch"
end

local event = '{"type":"track","event":"%s","messageId":"%s-%d-%d-%08x","userId":"user-%d","timestamp":"2026-11-%02dT%02d:%02d:%02d.000Z",' ..
  '"properties":{"product_id":"sku-%d","revenue":%d.50,"currency":"CNY","quantity":1},"context":{"page":{"path":"/p/%d"},"locale":"zh-CN"}}'

function request()
  local events = {}
  for place_in = 1, batch do
    sent = sent + 1
    local product = math.random(9999)
    events[place_in] = string.format(event, names[math.random(#names)], run, place, sent, math.random(0, 0x7fffffff),
      math.random(1000000), math.random(1, 28), math.random(0, 23), math.random(0, 59), math.random(0, 59), product,
      math.random(500), product)
  end
  local body = '{"writeKey":"' .. key .. '","batch":[' .. table.concat(events, ",") .. "]}"
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.stderr:write(string.format("RESULT %d %d %.3f %.3f %.3f %.3f %d\n", summary.requests, failed,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency.max / 1000, summary.bytes))
end
