// The visits that dev/shoot.mjs makes: a path, and what is done there before the picture is taken.
export const pages = {
  login: { path: '/login', out: true },
  'login-refused': {
    path: '/login',
    out: true,
    act: async (page) => {
      await page.fill('input[type=email]', 'a@example.invalid');
      await page.fill('input[type=password]', 'wrong');
      await page.keyboard.press('Enter');
    },
  },
  'login-code': {
    path: '/login',
    out: true,
    act: async (page) => {
      await page.fill('input[type=email]', 'a@example.invalid');
      await page.fill('input[type=password]', 'totp');
      await page.keyboard.press('Enter');
      await page.waitForSelector('input[autocomplete=one-time-code]');
    },
  },
  reset: { path: '/reset', out: true },
  'first-admin': { path: '/first-admin#abc', out: true },
  activate: { path: '/activate#abc', out: true },
  'not-me': { path: '/not-me#abc', out: true },
  home: { path: '/', full: true },
  'home-reject': { path: '/', act: (page) => page.locator('.task-acts button').nth(1).click() },
  'home-slim': { path: '/system/users', act: async (page) => { const fold = page.locator('.side-fold button'); if (await fold.isVisible()) { await fold.click(); await page.locator('.side .nav-area').nth(2).hover(); } } },
  drawer: { path: '/', act: async (page) => { const more = page.locator('.bottom-bar button'); if (await more.isVisible()) await more.click(); } },
  'me-menu': { path: '/', act: (page) => page.locator('.top-me').click() },
  filter: { path: '/system/users?state=active', act: async (page) => page.locator('.chips .ant-btn').click() },
  palette: { path: '/', act: (page) => page.keyboard.press('Control+k') },
  account: { path: '/account', full: true },
  totp: { path: '/account', full: true, act: (page) => page.locator('#totp').locator('xpath=../..').locator('button').click() },
  users: { path: '/system/users' },
  'users-peek': { path: '/system/users?peek=u6&state=active' },
  'users-new': { path: '/system/users?new=1' },
  user: { path: '/system/users/u4' },
  roles: { path: '/system/roles' },
  audit: { path: '/system/audit' },
  'audit-peek': { path: '/system/audit?peek=1' },
  'audit-fail': { path: '/system/audit?from=2026-01-01T00:00:00Z', act: (page) => page.waitForSelector('.state[role=alert]') },
  'user-edit': { path: '/system/users/u4', act: (page) => page.locator('.page-head-actions button').nth(0).click() },
  'role-edit': { path: '/system/roles', act: async (page) => { const role = page.locator('.role-name.link').first(); if (await role.isVisible()) await role.click(); } },
  departments: { path: '/people/departments' },
  positions: { path: '/people/positions' },
  'sql-tables': { path: '/insight/sql?table=profiles', full: true, act: async (page) => { const folded = page.locator('details.sql-tables:not([open]) summary'); if (await folded.isVisible()) await folded.click(); } },
  'sql-wrong': {
    path: '/insight/sql',
    full: true,
    act: async (page) => {
      await page.fill('.sql-field textarea', 'SELECT\n       citty, COUNT(*)\nFROM profiles');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.problem-note');
    },
  },
  'sql-rows': {
    path: '/insight/sql',
    full: true,
    act: async (page) => {
      await page.fill('.sql-field textarea', 'SELECT city, COUNT(*) AS people FROM profiles GROUP BY city');
      await page.keyboard.press('Control+Enter');
      await page.waitForSelector('.sql-rows');
    },
  },
  'sql-chart': { path: '/insight/sql?query=q1&run=1&show=chart', full: true, act: (page) => page.waitForSelector('.chart-box canvas') },
  'sql-bars': { path: '/insight/sql?query=q2&run=1&show=chart', full: true, act: (page) => page.waitForSelector('.chart-box canvas') },
  'sql-keep': { path: '/insight/sql?query=q1', act: (page) => page.getByRole('button', { name: '名称与共享' }).click() },
  'sql-export': { path: '/insight/sql?query=q2&run=1', act: async (page) => { await page.waitForSelector('.sql-rows'); await page.getByRole('button', { name: '导出结果' }).click(); } },
  queries: { path: '/insight/queries' },
  'queries-peek': { path: '/insight/queries?peek=q1' },
  gone: { path: '/nowhere' },
};
