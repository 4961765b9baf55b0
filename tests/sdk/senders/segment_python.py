import common
from segment.analytics.client import Client

common.run(
    "segment-python",
    Client(common.KEY, host=common.URL, on_error=common.gave_up, gzip=True, timeout=1, upload_size=10, upload_interval=0.2),
)
