/** Questions to begin with, each about another table. */
export const EXAMPLES = [
  {
    id: 'events',
    sql: `SELECT CAST(happened_at AS DATE) AS day, COUNT(*) AS events
FROM events
WHERE happened_at >= now() - INTERVAL '30 days'
GROUP BY day
ORDER BY day`,
  },
  {
    id: 'orders',
    sql: `SELECT CAST(date_trunc('month', happened_at) AS DATE) AS month, COUNT(*) AS orders
FROM orders
WHERE kind = 'sale'
GROUP BY month
ORDER BY month`,
  },
  {
    id: 'profiles',
    sql: `SELECT city, COUNT(*) AS people
FROM profiles
GROUP BY city
ORDER BY people DESC
LIMIT 20`,
  },
] as const;
