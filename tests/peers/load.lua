-- The load: wrk -s load.lua URL -- FILE. Each line of the file is a token, a tab and a body; the tenants take turns.
-- Owns: the line `RESULT {…}` that measure.mjs reads. Times in it are milliseconds.

local requests, last, count = {}, 0, 0
local threads = 0

-- Threads begin at different tenants.
function setup(thread)
  thread:set("offset", threads * 37)
  threads = threads + 1
end

function init(args)
  for line in io.lines(args[1]) do
    local token, body = line:match("^([^\t]+)\t(.*)$")
    local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json", ["Authorization"] = "Bearer " .. token }
    count = count + 1
    requests[count] = wrk.format("POST", nil, headers, body)
  end
  last = offset
end

function request()
  last = last + 1
  return requests[last % count + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.3f,"bytes":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d,"late":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
