import common
from rudderstack.analytics.client import Client

common.run(
    "rudder-python",
    Client(common.KEY, host=common.URL, on_error=common.gave_up, timeout=1, upload_size=10, upload_interval=0.2),
)
