-- Who reads orders behind a watermark reads them in the order in which they were written down.
CREATE INDEX sales_order_recorded ON sales_order (recorded_at, id);
