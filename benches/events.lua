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

local event = '{"type":"track","event":"%s","userId":"user-%d","timestamp":"2026-11-%02dT%02d:%02d:%02d.000Z",' ..
  '"properties":{"product_id":"sku-%d","revenue":%d.50,"currency":"CNY","quantity":1},"context":{"page":{"path":"/p/%d"},"locale":"zh-CN"},"messageId":"'

-- The load shares the machine with what is measured: bodies are made of pieces that stand ready, but for the part of the
-- message ids that is new with each request.
local bodies, at = {}, 0

local function prepared()
  local pieces = { '{"writeKey":"' .. key .. '","batch":[' }
  for n = 1, batch do
    local product = math.random(9999)
    pieces[#pieces + 1] = string.format(event, names[math.random(#names)], math.random(1000000), math.random(1, 28),
      math.random(0, 23), math.random(0, 59), math.random(0, 59), product, math.random(500), product)
    pieces[#pieces + 1] = ""
    pieces[#pieces + 1] = string.format('-%d"}', n) .. (n < batch and "," or "]}")
  end
  return pieces
end

function request()
  if #bodies == 0 then
    for n = 1, 500 do bodies[n] = prepared() end
  end
  at, sent = at % #bodies + 1, sent + 1
  local pieces = bodies[at]
  -- A new id's digits differ at its beginning, as those of real ones do.
  local new = string.format("%08x-%s-%d-%d", (sent * 2654435761) % 4294967296, run, place, sent)
  for n = 3, #pieces, 3 do pieces[n] = new end
  return wrk.format(nil, nil, nil, table.concat(pieces))
end

function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.stderr:write(string.format("RESULT %d %d %.3f %.3f %.3f %.3f %d\n", summary.requests, failed,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency.max / 1000, summary.bytes))
end
